"""A score as plain values, for people and programs that ask for one without a conversation."""

from collections.abc import Iterable

from seraf.findings import Findings
from seraf.guidance import Step
from seraf.instrument import Instrument
from seraf.scoring import Extent


def score_as_values(found: Findings) -> dict[str, object]:
    """What `seraf-bot score` prints: points, categories 1 to 4, ids in pack order."""
    score = found.score
    return {
        "total": score.total,
        "category": score.category,
        "subtotals": dict(score.subtotals),
        "additions": dict(score.additions),
        "answered": score.answered,
        "of": score.of,
        "unknown": list(score.unknown),
        "lowest": _extent(score.lowest),
        "highest": _extent(score.highest),
        "manager_discussion": str(found.manager_discussion),
        "other_harm": list(found.other_harm),
        "cautions": [str(caution) for caution in found.cautions],
    }


def steps_as_values(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Next steps in the order in which they are shown; `source` is a heading of the guidance, or “ours”."""
    return [
        {"id": step.id, "when": str(step.when), "who": step.who, "text": step.text, "source": step.source}
        for step in steps
    ]


def items_as_values(instrument: Instrument) -> dict[str, object]:
    """What `seraf-bot items --json` prints."""
    return {
        "pack": {
            "name": f"{instrument.name}, {instrument.board}",
            "edition": instrument.edition,
            "fingerprint": instrument.fingerprint,
        },
        "items": [
            {
                "id": item.id,
                "section": item.section.id,
                "label": item.label,
                "options": [option.id for option in item.section.options],
                "verified": item.verified,
            }
            for item in instrument.items
        ],
    }


def _extent(extent: Extent) -> dict[str, int]:
    return {"total": extent.total, "category": extent.category}
