"""A transition table as data, the shared machine built from it, and its diagram. It stores no conversation."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from transitions import EventData, Machine

Facts = TypeVar("Facts", bound=Hashable)

MOST = 2_000
"""The most cached answers of a table's machine: phases, triggers and facts for the guards, nothing else."""


@dataclass(frozen=True, slots=True)
class Edge(Generic[Facts]):
    """One transition: from a phase, by a trigger, to a phase, if the guard (if any) is true of the facts."""

    source: StrEnum
    trigger: StrEnum
    dest: StrEnum
    guard: Callable[[Facts], bool] | None = None


class Table(Generic[Facts]):
    """Transitions in order of precedence: the first that fits is taken."""

    def __init__(self, edges: tuple[Edge[Facts], ...]) -> None:
        self.edges = edges
        phases = dict.fromkeys(phase for edge in edges for phase in (edge.source, edge.dest))
        # No model, or the library would move the shared machine itself; and no automatic transitions, which the table
        # does not have (ADR 0001).
        self._machine = Machine(
            model=None, states=[str(phase) for phase in phases], initial=None, auto_transitions=False, send_event=True
        )
        for edge in edges:
            self._machine.add_transition(
                str(edge.trigger), str(edge.source), str(edge.dest), conditions=_as_condition(edge.guard)
            )
        self._cached = lru_cache(maxsize=MOST)(self._advance)

    def advance(self, phase: StrEnum, trigger: StrEnum, *, facts: Facts) -> str | None:
        """Return the phase that the trigger leads to, or None if it is not allowed in this phase."""
        return self._cached(phase, trigger, facts)

    def _advance(self, phase: StrEnum, trigger: StrEnum, facts: Facts, /) -> str | None:
        # The library raises for a trigger that a phase does not have, which is normal here, such as after an old button.
        if not any(edge.source == phase and edge.trigger == trigger for edge in self.edges):
            return None
        cursor = _Cursor(str(phase))
        moved = self._machine.events[str(trigger)].trigger(cursor, facts=facts)
        return cursor.state if moved else None


class _Cursor:
    """The object that the shared machine moves during one turn, instead of a registered model."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _as_condition(guard: Callable[[Facts], bool] | None) -> list[str | Callable[..., bool | None]]:
    if guard is None:
        return []

    def holds(event: EventData) -> bool:
        return guard(event.kwargs["facts"])

    return [holds]


def mermaid(table: Table[Facts]) -> str:
    """Return the table as Mermaid text: one arrow for each pair of phases, labelled with every trigger that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in table.edges:
        labels = arrows.setdefault((edge.source, edge.dest), [])
        if edge.trigger not in labels:
            labels.append(edge.trigger)
    lines = [f"    {source} --> {dest}: {', '.join(labels)}" for (source, dest), labels in arrows.items()]
    return "\n".join(("stateDiagram-v2", *lines)) + "\n"
