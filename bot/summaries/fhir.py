"""A summary as a FHIR R4B QuestionnaireResponse that carries its Questionnaire. It has no subject: it is about nobody by name."""

import json
from html import escape
from typing import Any

from bot.summaries.typesetting import settable
from dialogs.core.script import Wording
from dialogs.summary.summary import (
    Fact,
    Summary,
    SummaryAction,
    SummaryHeading,
    SummaryLine,
    SummaryOption,
    SummaryPart,
)
from dialogs.summary.text import action_about, as_text, log_lines, reason_given

Values = dict[str, Any]

FORM = "form"
"""The id of the Questionnaire within its response."""

POINTS = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
"""How FHIR says the points of an answer."""

NUMBERS = ("total", "highest", "category", "highest_category", "answered", "of")
"""What the number is made of, each a whole number and worked out, never typed."""


def as_fhir(summary: Summary, wording: Wording) -> bytes:
    """Return the summary as the bytes of one resource in JSON."""
    return (json.dumps(response(summary, wording), ensure_ascii=False, indent=2) + "\n").encode()


def response(summary: Summary, wording: Wording) -> Values:
    """Return the QuestionnaireResponse. What is empty is left out, as FHIR wants it."""
    identified = {"identifier": {"value": summary.reference}} if summary.reference else {}
    groups = [
        _group(
            "actions",
            [_noted(f"action.{each.line}", _action(each, summary, wording=wording)) for each in summary.actions],
        ),
        _group("facts", [_answered(f"fact.{each.id}", _given(each)) for each in summary.facts if each.answer]),
        *(
            _group(f"part.{part.id}", [_item(line, part, wording=wording) for line in part.lines if line.response])
            for part in summary.parts
        ),
        _group("number", _numbers(summary)),
        _group("record", [_noted(f"record.{each.id}", each.note) for each in summary.headings if each.note]),
        _group("log", _log(summary)),
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "language": "en-GB",
        "text": {"status": "generated", "div": narrative(as_text(summary, wording))},
        "contained": [questionnaire(summary, wording)],
        **identified,
        "questionnaire": f"#{FORM}",
        "status": "completed" if is_complete(summary) else "in-progress",
        "authored": summary.made,
        "item": [group for group in groups if group["item"]],
    }


def is_complete(summary: Summary) -> bool:
    """Return True if it is a complete SERAF: the reason for every tick, and something under every heading, was noted."""
    ticked = (line for line in summary.lines if line.is_ticked)
    return all(line.note for line in ticked) and all(each.note for each in summary.headings)


def narrative(text: str) -> str:
    """Return the text for people, as the XHTML that FHIR carries; nothing in it is read as markup."""
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{escape(settable(text), quote=False)}</pre></div>'


def _group(name: str, items: list[Values]) -> Values:
    return {"linkId": name, "item": items}


def _given(fact: Fact) -> SummaryOption:
    return next(choice for choice in fact.choices if choice.id == fact.answer)


def _answered(link: str, choice: SummaryOption) -> Values:
    return {"linkId": link, "answer": [{"valueCoding": coding(choice)}]}


def _item(line: SummaryLine, part: SummaryPart, *, wording: Wording) -> Values:
    choice = next(each for each in part.choices if each.id == line.response)
    given = reason_given(line, wording)
    reason: dict[str, Any] = {"item": [_noted(reason_id(line), given)]} if given else {}
    return {"linkId": item_id(line), "answer": [{"valueCoding": coding(choice), **reason}]}


def _numbers(summary: Summary) -> list[Values]:
    worked = [(name, {"valueInteger": getattr(summary.count, name)}) for name in NUMBERS]
    said = [("words", {"valueString": " ".join(filter(None, (summary.count.words, summary.count.low)))})]
    return [{"linkId": f"number.{name}", "answer": [value]} for name, value in (*worked, *said)]


def _action(action: SummaryAction, summary: Summary, *, wording: Wording) -> str:
    """Return a line of the card: what to do, by when, whom to ring, and what was done."""
    title = f"{action.title}, {action.by_words}." if action.by else f"{action.title}."
    return " ".join(filter(None, (title, action_about(action), *log_lines(action, summary, wording=wording))))


def _log(summary: Summary) -> list[Values]:
    """Return what was done, an answer each; and what is still open."""
    said = {
        "log.done": [each.words for each in summary.log],
        "log.open": [each.open_words for each in summary.actions if each.open_words],
    }
    return [
        {"linkId": link, "answer": [{"valueString": each} for each in words]} for link, words in said.items() if words
    ]


def _noted(link: str, note: str) -> Values:
    return {"linkId": link, "answer": [{"valueString": note}]}


def questionnaire(summary: Summary, wording: Wording) -> Values:
    """Return the Questionnaire of the form that a summary was made with."""
    form = summary.form
    groups = (
        _form_group("warnings", wording.say("result.mind"), items=[_display(summary)]),
        _form_group("actions", wording.say("summary.part.do"), items=[_form_action(each) for each in summary.actions]),
        _form_group("facts", wording.say("summary.part.about"), items=[_fact(each) for each in summary.facts]),
        *(_part(part, wording) for part in summary.parts),
        _form_group(
            "number", wording.say("summary.part.number"), items=[*map(_number, NUMBERS), _worked("words", "string")]
        ),
        _form_group("record", wording.say("summary.part.record"), items=[_heading(each) for each in summary.headings]),
        _form_group("log", wording.say("summary.part.log"), items=[_entries(each) for each in ("done", "open")]),
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
    """Return the link id of an item of the form."""
    return f"item.{line.id}"


def reason_id(line: SummaryLine) -> str:
    """Return the link id of the reason for its tick."""
    return f"item.{line.id}.reason"


def _form_group(name: str, text: str, *, items: list[Values]) -> Values:
    return {"linkId": name, "text": text, "type": "group", "item": items}


def _display(summary: Summary) -> Values:
    return {"linkId": "warnings.text", "text": " ".join(summary.warnings), "type": "display"}


def _form_action(action: SummaryAction) -> Values:
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
    return _form_group(
        f"part.{part.id}", part.title, items=[_form_item(line, part, wording=wording) for line in part.lines]
    )


def _form_item(line: SummaryLine, part: SummaryPart, *, wording: Wording) -> Values:
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
    """Return an answer as FHIR writes it."""
    return {"code": choice.id, "display": choice.label}


def _pointed(choice: SummaryOption) -> Values:
    return {"extension": [{"url": POINTS, "valueDecimal": choice.points}], **coding(choice)}


def _number(name: str) -> Values:
    return _worked(name, "integer")


def _worked(name: str, kind: str) -> Values:
    return {"linkId": f"number.{name}", "text": name.replace("_", " "), "type": kind, "readOnly": True}


def _heading(heading: SummaryHeading) -> Values:
    return {"linkId": f"record.{heading.id}", "text": f"{heading.title}. {heading.ask}", "type": "text"}
