"""A score, its advice, and the items of an instrument as plain values, for programs that use JSON."""

from collections.abc import Iterable
from dataclasses import asdict

from seraf.advice.action_plan import Planned
from seraf.advice.contacts import Contact
from seraf.advice.guidance import Lead, Step
from seraf.form.circumstances import Basis
from seraf.form.instrument import Instrument
from seraf.score.scoring import Findings


def lead_as_values(lead: Lead) -> dict[str, str]:
    """Return a lead (a reason to act) as plain values: its id, urgency, title, text and basis."""
    return {
        "id": lead.id,
        "urgency": lead.urgency.word,
        "title": lead.title,
        "text": lead.text,
        **basis_as_values(lead.basis),
    }


def leads_as_values(leads: Iterable[Lead]) -> list[dict[str, str]]:
    """Return the id, urgency and title of every lead, in the order given."""
    return [{"id": lead.id, "urgency": lead.urgency.word, "title": lead.title} for lead in leads]


def basis_as_values(basis: Basis) -> dict[str, str]:
    """Return the basis of a rule. `source` is a heading of the guidance, “law” or “ours”; missing values are empty."""
    return {"source": basis.source, "says": basis.says, "law": basis.law, "ours": basis.ours}


def actions_as_values(planned: Iterable[Planned]) -> list[dict[str, object]]:
    """Return the lines of the action card. `by` is the id of a deadline instead of a time: no clock is used here."""
    return [
        {
            "line": str(line.action.line),
            "title": line.title,
            "by": line.deadline.id,
            "details": list(line.details),
            "why": line.action.why,
            **basis_as_values(line.action.basis),
        }
        for line in planned
    ]


def contacts_as_values(contacts: Iterable[Contact]) -> list[dict[str, object]]:
    """Return the contacts in the order given. The `value` of one whose number the board has not set is empty."""
    return [
        {
            "id": contact.id,
            "name": contact.name,
            "value": contact.value,
            "when": contact.when,
            "confirmed": contact.confirmed,
        }
        for contact in contacts
    ]


def score_as_values(found: Findings) -> dict[str, object]:
    """Return the score as `seraf-bot score` prints it: points, categories (1 to 4), and ids in pack order."""
    score = found.score
    return {
        "total": score.total,
        "category": score.category,
        "subtotals": dict(score.subtotals),
        "additions": dict(score.additions),
        "answered": score.answered,
        "of": score.of,
        "unknown": list(score.unknown),
        "lowest": asdict(score.lowest),
        "highest": asdict(score.highest),
        "manager_discussion": str(found.manager_discussion),
        "other_harm": list(found.other_harm),
        "cautions": [str(caution) for caution in found.cautions],
    }


def steps_as_values(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return the next steps in the order in which they are shown, each with its basis."""
    return [{"id": step.id, "text": step.text, **basis_as_values(step.basis)} for step in steps]


def items_as_values(instrument: Instrument) -> dict[str, object]:
    """Return the edition and the items of the instrument as `seraf-bot items --json` prints them."""
    return {
        "pack": {
            "name": f"{instrument.edition.name}, {instrument.edition.board}",
            "edition": instrument.edition.label,
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
