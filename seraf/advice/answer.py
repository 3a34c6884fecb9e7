"""A score as plain values, for people and programs that ask for one without a conversation."""

from collections.abc import Iterable

from seraf.advice.action_plan import Planned
from seraf.advice.contacts import Contact
from seraf.advice.guidance import Lead, Step
from seraf.form.circumstances import Basis
from seraf.form.instrument import Instrument
from seraf.score.scoring import Extent, Findings


def lead_as_values(lead: Lead) -> dict[str, str]:
    """What stands first on a result, how soon, and the reason, with what it rests on."""
    return {
        "id": lead.id,
        "urgency": lead.urgency.word,
        "title": lead.title,
        "text": lead.text,
        **basis_as_values(lead.basis),
    }


def leads_as_values(leads: Iterable[Lead]) -> list[dict[str, str]]:
    """Return every lead that holds, in the order given: which it is, and how soon somebody has to act."""
    return [{"id": lead.id, "urgency": lead.urgency.word, "title": lead.title} for lead in leads]


def basis_as_values(basis: Basis) -> dict[str, str]:
    """What a rule rests on: `source` is a heading of the guidance, “law” or “ours”; a voice that is not there is empty."""
    return {"source": basis.source, "says": basis.says, "law": basis.law, "ours": basis.ours}


def actions_as_values(planned: Iterable[Planned]) -> list[dict[str, object]]:
    """The lines of the action card; `by` is the id of a deadline of the pack, for a program has no clock of its own."""
    return [
        {
            "line": str(each.action.line),
            "title": each.title,
            "by": each.deadline.id,
            "details": list(each.details),
            "why": each.action.why,
            **basis_as_values(each.action.basis),
        }
        for each in planned
    ]


def contacts_as_values(contacts: Iterable[Contact]) -> list[dict[str, object]]:
    """Whom to call, in the order given; a `value` that the board has not set is empty."""
    return [
        {"id": each.id, "name": each.name, "value": each.value, "when": each.when, "confirmed": each.confirmed}
        for each in contacts
    ]


def score_as_values(found: Findings) -> dict[str, object]:
    """The numbers that `seraf-bot score` prints: points, categories 1 to 4, ids in pack order."""
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
    """Next steps in the order in which they are shown, each with what it rests on."""
    return [{"id": step.id, "text": step.text, **basis_as_values(step.basis)} for step in steps]


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
