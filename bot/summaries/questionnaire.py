"""The form as a FHIR R4B Questionnaire: every possible answer, by the link ids that the response names."""

from typing import Any

from dialogs.core.wording import Wording
from dialogs.summary.summary import (
    Fact,
    Summary,
    SummaryAction,
    SummaryHeading,
    SummaryLine,
    SummaryOption,
    SummaryPart,
)

Values = dict[str, Any]

FORM = "form"
"""The id of the Questionnaire within its response."""

POINTS = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
"""How FHIR says the points of an answer."""

NUMBERS = ("total", "highest", "category", "highest_category", "answered", "of")
"""What the number is made of, each a whole number and worked out, never typed."""


def questionnaire(summary: Summary, wording: Wording) -> Values:
    """The Questionnaire of the form that a summary was made with."""
    form = summary.form
    groups = (
        _group("warnings", wording.say("result.mind"), items=[_display(summary)]),
        _group("actions", wording.say("summary.part.do"), items=[_action(each) for each in summary.actions]),
        _group("facts", wording.say("summary.part.about"), items=[_fact(each) for each in summary.facts]),
        *(_part(part, wording) for part in summary.parts),
        _group(
            "number", wording.say("summary.part.number"), items=[*map(_number, NUMBERS), _worked("words", "string")]
        ),
        _group("record", wording.say("summary.part.record"), items=[_heading(each) for each in summary.headings]),
        _group("log", wording.say("summary.part.log"), items=[_entries(each) for each in ("done", "open")]),
    )
    return {
        "resourceType": "Questionnaire",
        "id": FORM,
        "language": "en-GB",
        "identifier": [{"value": form.fingerprint}],
        "version": form.edition,
        "title": f"{form.name}, {form.board}",
        "status": "active" if form.is_verified else "draft",
        "description": " ".join(summary.warnings),
        "item": [group for group in groups if group["item"]],
    }


def item_id(line: SummaryLine) -> str:
    """The link id of an item of the form."""
    return f"item.{line.id}"


def reason_id(line: SummaryLine) -> str:
    """The link id of the reason for its tick."""
    return f"item.{line.id}.reason"


def _group(name: str, text: str, *, items: list[Values]) -> Values:
    return {"linkId": name, "text": text, "type": "group", "item": items}


def _display(summary: Summary) -> Values:
    return {"linkId": "warnings.text", "text": " ".join(summary.warnings), "type": "display"}


def _action(action: SummaryAction) -> Values:
    return {"linkId": f"action.{action.line}", "text": action.title, "type": "string", "readOnly": True}


def _entries(kind: str) -> Values:
    return {"linkId": f"log.{kind}", "text": kind, "type": "string", "readOnly": True, "repeats": True}


def _fact(fact: Fact) -> Values:
    return {
        "linkId": f"fact.{fact.id}",
        "text": fact.label,
        "type": "choice",
        "answerOption": [{"valueCoding": coding(choice)} for choice in fact.choices],
    }


def _part(part: SummaryPart, wording: Wording) -> Values:
    return _group(f"part.{part.id}", part.title, items=[_item(line, part, wording=wording) for line in part.lines])


def _item(line: SummaryLine, part: SummaryPart, *, wording: Wording) -> Values:
    ticks = [choice for choice in part.choices if choice.is_tick]
    reason = {
        "linkId": reason_id(line),
        "text": wording.say("summary.column.reason"),
        "type": "text",
        "enableWhen": [
            {"question": item_id(line), "operator": "=", "answerCoding": {"code": each.id}} for each in ticks
        ],
        "enableBehavior": "any",
    }
    return {
        "linkId": item_id(line),
        "prefix": str(line.number),
        "text": line.label,
        "type": "choice",
        "answerOption": [{"valueCoding": _pointed(choice)} for choice in part.choices],
        "item": [reason],
    }


def coding(choice: SummaryOption) -> Values:
    """An answer as FHIR writes it."""
    return {"code": choice.id, "display": choice.label}


def _pointed(choice: SummaryOption) -> Values:
    return {"extension": [{"url": POINTS, "valueDecimal": choice.points}], **coding(choice)}


def _number(name: str) -> Values:
    return _worked(name, "integer")


def _worked(name: str, kind: str) -> Values:
    return {"linkId": f"number.{name}", "text": name.replace("_", " "), "type": kind, "readOnly": True}


def _heading(heading: SummaryHeading) -> Values:
    return {"linkId": f"record.{heading.id}", "text": f"{heading.title}. {heading.ask}", "type": "text"}
