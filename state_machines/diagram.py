"""A table drawn as a Mermaid state diagram. What is drawn is the table itself, so it can never be out of date."""

from state_machines.table import Facts, Table


def mermaid(table: Table[Facts]) -> str:
    """The table as Mermaid text: one arrow for each pair of phases, labelled with every trigger that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in table.edges:
        labels = arrows.setdefault((edge.source, edge.dest), [])
        if edge.trigger not in labels:
            labels.append(edge.trigger)
    lines = [f"    {source} --> {dest}: {', '.join(labels)}" for (source, dest), labels in arrows.items()]
    return "\n".join(("stateDiagram-v2", *lines)) + "\n"
