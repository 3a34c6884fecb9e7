"""A summary as a FHIR R4B QuestionnaireResponse that carries its Questionnaire. It has no subject: it is about nobody by name."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from bot.summaries.typesetting import settable
from dialogs.core.script import Wording
from dialogs.summary.summary import (
    Fact,
    Summary,
    SummaryAction,
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
            [_noted(f"action.{each.line}", _action(each, summary, wording=wording)) for each in summary.advice.actions],
        ),
        _group(
            "facts",
            [_chosen(f"fact.{each.id}", each.answer, each.choices) for each in summary.answers.facts if each.answer],
        ),
        *(
            _group(f"part.{part.id}", [_item(line, part, wording=wording) for line in part.lines if line.response])
            for part in summary.answers.parts
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
        "authored": summary.dates.made,
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


def _chosen(link: str, answer: str | None, choices: Sequence[SummaryOption], **more: Any) -> Values:
    choice = next(each for each in choices if each.id == answer)
    return {"linkId": link, "answer": [{"valueCoding": coding(choice), **more}]}


def _item(line: SummaryLine, part: SummaryPart, *, wording: Wording) -> Values:
    given = reason_given(line, wording)
    reason = {"item": [_noted(reason_id(line), given)]} if given else {}
    return _chosen(item_id(line), line.response, part.choices, **reason)


def _numbers(summary: Summary) -> list[Values]:
    count = summary.result.count
    worked = [(name, {"valueInteger": getattr(count, name)}) for name in NUMBERS]
    said = [("words", {"valueString": " ".join(filter(None, (count.words, count.low)))})]
    return [{"linkId": f"number.{name}", "answer": [value]} for name, value in (*worked, *said)]


def _action(action: SummaryAction, summary: Summary, *, wording: Wording) -> str:
    """Return a line of the card: what to do, by when, whom to ring, and what was done."""
    title = f"{action.title}, {action.by_words}." if action.by else f"{action.title}."
    return " ".join(filter(None, (title, action_about(action), *log_lines(action, summary, wording=wording))))


def _log(summary: Summary) -> list[Values]:
    """Return what was done, an answer each; and what is still open."""
    said = {
        "log.done": [each.words for each in summary.log],
        "log.open": [each.open_words for each in summary.advice.actions if each.open_words],
    }
    return [
        {"linkId": link, "answer": [{"valueString": each} for each in words]} for link, words in said.items() if words
    ]


def _noted(link: str, note: str) -> Values:
    return {"linkId": link, "answer": [{"valueString": note}]}


def questionnaire(summary: Summary, wording: Wording) -> Values:
    """Return the Questionnaire of the form that a summary was made with."""
    form = summary.form
    say, fixed = wording.say, {"readOnly": True}
    heads = ((each, "integer") for each in NUMBERS)
    groups = (
        ("warnings", say("result.mind"), [_field("warnings.text", " ".join(summary.warnings), "display")]),
        (
            "actions",
            say("summary.part.do"),
            [_field(f"action.{each.line}", each.title, "string", **fixed) for each in summary.advice.actions],
        ),
        ("facts", say("summary.part.about"), [_fact(each) for each in summary.answers.facts]),
        *(
            (f"part.{part.id}", part.title, [_form_item(line, part, wording) for line in part.lines])
            for part in summary.answers.parts
        ),
        (
            "number",
            say("summary.part.number"),
            [
                _field(f"number.{name}", name.replace("_", " "), kind, **fixed)
                for name, kind in (*heads, ("words", "string"))
            ],
        ),
        (
            "record",
            say("summary.part.record"),
            [_field(f"record.{each.id}", f"{each.title}. {each.ask}", "text") for each in summary.headings],
        ),
        (
            "log",
            say("summary.part.log"),
            [_field(f"log.{each}", each, "string", **fixed, repeats=True) for each in ("done", "open")],
        ),
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
        "item": [_field(name, text, "group", item=items) for name, text, items in groups if items],
    }


def item_id(line: SummaryLine) -> str:
    """Return the link id of an item of the form."""
    return f"item.{line.id}"


def reason_id(line: SummaryLine) -> str:
    """Return the link id of the reason for its tick."""
    return f"item.{line.id}.reason"


def _field(link: str, text: str, kind: str, **more: Any) -> Values:
    return {"linkId": link, "text": text, "type": kind, **more}


def _fact(fact: Fact) -> Values:
    options = [{"valueCoding": coding(choice)} for choice in fact.choices]
    return _field(f"fact.{fact.id}", fact.label, "choice", answerOption=options)


def _form_item(line: SummaryLine, part: SummaryPart, wording: Wording) -> Values:
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
    options = [
        {"valueCoding": {"extension": [{"url": POINTS, "valueDecimal": choice.points}], **coding(choice)}}
        for choice in part.choices
    ]
    return {
        "linkId": item_id(line),
        "prefix": str(line.number),
        "text": line.label,
        "type": "choice",
        "answerOption": options,
        "item": [reason],
    }


def coding(choice: SummaryOption) -> Values:
    """Return an answer as FHIR writes it."""
    return {"code": choice.id, "display": choice.label}
