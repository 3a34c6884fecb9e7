"""The file formats of a summary: PDF, text, JSON, and FHIR R4B (a QuestionnaireResponse that contains its Questionnaire)."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from bot.summaries.file import File
from bot.summaries.paper import as_pdf
from bot.summaries.typesetting import settable
from dialogs.core.script import Wording
from dialogs.summary.referral import view_line
from dialogs.summary.summary import Summary, SummaryLine, SummaryOption, SummaryPart, as_written
from dialogs.summary.text import action_about, as_text, log_lines, reason_given
from seraf.form.second_view import Says

SCHEMA = "seraf-summary"
VERSION = 2  # the version of the JSON schema; a program has to refuse a version that it does not know

Values = dict[str, Any]

FORM = "form"  # the id of the Questionnaire in the QuestionnaireResponse
POINTS = "http://hl7.org/fhir/StructureDefinition/ordinalValue"  # the FHIR extension with the points of an answer
AUTHOR = "author"  # the id of the PractitionerRole of who holds the case
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
NUMBERS = ("total", "highest", "category", "highest_category", "answered", "of")  # the score's integers for FHIR


def made(form: str, summary: Summary, *, wording: Wording) -> File:
    """Return the summary as a file of the format `form`. Raise `KeyError` if that is not in `MAKING`."""
    ending, make = MAKING[form]
    return File(name_of(summary.reference, ending), make(summary, wording))


def name_of(reference: str, ending: str) -> str:
    """Return the file name of a document about the case of this reference."""
    return f"{'-'.join(('seraf', *reference.lower().split()))}.{ending}"


def as_json(summary: Summary) -> bytes:
    """Return the summary as JSON."""
    return _json({"schema": SCHEMA, "version": VERSION, **as_written(summary)})


def as_first_json(summary: Summary) -> bytes:
    """Return the summary as JSON of version 1, which does not say whose the case is and how others see it."""
    values = as_written(summary)
    held = {name: value for name, value in values.items() if name not in as_written(summary.people)}
    return _json({"schema": SCHEMA, "version": 1, **held})


def as_fhir(summary: Summary, wording: Wording) -> bytes:
    """Return the summary as one FHIR resource in JSON. Empty elements are omitted, as FHIR demands."""
    groups = {
        "actions": [
            # The title, by when, whom to ring, and what was done.
            _text(
                f"action.{action.line}",
                f"{action.title}, {action.by_words}." if action.by else f"{action.title}.",
                action_about(action),
                *log_lines(action, summary, wording=wording),
            )
            for action in summary.advice.actions
        ],
        "facts": [
            _chosen(f"fact.{fact.id}", fact.answer, fact.choices) for fact in summary.answers.facts if fact.answer
        ],
        **{
            f"part.{part.id}": [_answered(line, part, wording) for line in part.lines if line.response]
            for part in summary.answers.parts
        },
        "number": [
            *(_answer(f"number.{name}", valueInteger=getattr(summary.result.count, name)) for name in NUMBERS),
            _text("number.words", summary.result.count.words, summary.result.count.low),
        ],
        "views": [_text(f"view.{at}", view_line(view, wording)) for at, view in enumerate(summary.people.views, 1)],
        "record": [_text(f"record.{heading.id}", heading.note) for heading in summary.headings if heading.note],
        "log": [
            {"linkId": link, "answer": [{"valueString": text} for text in texts]}
            for link, texts in (
                ("log.done", [entry.words for entry in summary.log]),
                ("log.open", [action.open_words for action in summary.advice.actions if action.open_words]),
            )
            if texts
        ],
    }
    # Nothing in the text for people is read as markup.
    text = escape(settable(as_text(summary, wording)), quote=False)
    ticked = (line for line in summary.lines if line.is_ticked)
    is_complete = all(line.note for line in ticked) and all(heading.note for heading in summary.headings)
    identified = {"identifier": {"value": summary.reference}} if summary.reference else {}
    return _json(
        {
            "resourceType": "QuestionnaireResponse",
            "language": "en-GB",
            "text": {
                "status": "generated",
                "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{text}</pre></div>',
            },
            "contained": [_questionnaire(summary, wording), *_signed(summary)],
            **identified,
            **({"author": {"reference": f"#{AUTHOR}"}} if summary.people.first.label else {}),
            "questionnaire": f"#{FORM}",
            "status": "completed" if is_complete else "in-progress",
            "authored": summary.dates.made,
            "item": [{"linkId": name, "item": items} for name, items in groups.items() if items],
        }
    )


MAKING: Mapping[str, tuple[str, Callable[[Summary, Wording], bytes]]] = {
    "pdf": ("pdf", as_pdf),
    "text": ("txt", lambda summary, wording: as_text(summary, wording).encode()),
    "json": ("json", lambda summary, _: as_json(summary)),
    "json-1": ("v1.json", lambda summary, _: as_first_json(summary)),
    "fhir": ("fhir.json", as_fhir),
}
"""For each file format, the ending of the file name and the function that makes the content."""


def _signed(summary: Summary) -> Iterator[Values]:
    """Yield who holds the case, as a role, and for each view its writer and a provenance: an attester, or for “less” a verifier.

    A label is what the organisation called them, and need not be a name.
    """
    people = summary.people
    if people.first.label:
        yield _role(AUTHOR, people.first.label, people.first.role)
    for at, view in enumerate(people.views, 1):
        yield _role(f"viewer-{at}", view.label, view.role)
        kind = "verifier" if view.says == Says.LESS else "attester"
        agent = {"type": {"coding": [{"system": PARTICIPANT, "code": kind}]}, "who": {"reference": f"#viewer-{at}"}}
        target = [{"reference": "#"}]
        yield {
            "resourceType": "Provenance",
            "id": f"view-{at}",
            "target": target,
            "recorded": view.at,
            "agent": [agent],
        }


def _role(name: str, label: str, role: str) -> Values:
    code = {"code": [{"text": role}]} if role else {}
    return {"resourceType": "PractitionerRole", "id": name, "practitioner": {"display": label}, **code}


def _json(values: Values) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def _answer(link: str, **value: Any) -> Values:
    return {"linkId": link, "answer": [value]}


def _text(link: str, *sentences: str) -> Values:
    return _answer(link, valueString=" ".join(filter(None, sentences)))


def _chosen(link: str, answer: str | None, choices: Sequence[SummaryOption], **more: Any) -> Values:
    choice = next(choice for choice in choices if choice.id == answer)
    return _answer(link, valueCoding=_coding(choice), **more)


def _answered(line: SummaryLine, part: SummaryPart, wording: Wording) -> Values:
    reason = reason_given(line, wording)
    more = {"item": [_text(f"item.{line.id}.reason", reason)]} if reason else {}
    return _chosen(f"item.{line.id}", line.response, part.choices, **more)


def _questionnaire(summary: Summary, wording: Wording) -> Values:
    form, say, fixed = summary.form, wording.say, {"readOnly": True}
    numbers = (*((name, "integer") for name in NUMBERS), ("words", "string"))
    facts = [
        _field(
            f"fact.{fact.id}", fact.label, "choice", answerOption=[{"valueCoding": _coding(it)} for it in fact.choices]
        )
        for fact in summary.answers.facts
    ]
    groups = (
        ("warnings", say("result.mind"), [_field("warnings.text", " ".join(summary.warnings), "display")]),
        (
            "actions",
            say("summary.part.do"),
            [_field(f"action.{action.line}", action.title, "string", **fixed) for action in summary.advice.actions],
        ),
        ("facts", say("summary.part.about"), facts),
        *(
            (f"part.{part.id}", part.title, [_item(line, part, wording) for line in part.lines])
            for part in summary.answers.parts
        ),
        (
            "number",
            say("summary.part.number"),
            [_field(f"number.{name}", name.replace("_", " "), kind, **fixed) for name, kind in numbers],
        ),
        (
            "views",
            say("summary.part.seen"),
            [_field(f"view.{at}", view.label, "string", **fixed) for at, view in enumerate(summary.people.views, 1)],
        ),
        (
            "record",
            say("summary.part.record"),
            [_field(f"record.{head.id}", f"{head.title}. {head.ask}", "text") for head in summary.headings],
        ),
        (
            "log",
            say("summary.part.log"),
            [_field(f"log.{name}", name, "string", **fixed, repeats=True) for name in ("done", "open")],
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


def _field(link: str, text: str, kind: str, **more: Any) -> Values:
    return {"linkId": link, "text": text, "type": kind, **more}


def _item(line: SummaryLine, part: SummaryPart, wording: Wording) -> Values:
    """Return an item of the questionnaire, and with it a question for the reason, which is enabled while the item is ticked."""
    link = f"item.{line.id}"
    is_ticked = [
        {"question": link, "operator": "=", "answerCoding": {"code": choice.id}}
        for choice in part.choices
        if choice.is_tick
    ]
    reason = _field(
        f"{link}.reason", wording.say("summary.column.reason"), "text", enableWhen=is_ticked, enableBehavior="any"
    )
    options = [
        {"valueCoding": {"extension": [{"url": POINTS, "valueDecimal": choice.points}], **_coding(choice)}}
        for choice in part.choices
    ]
    return {
        "linkId": link,
        "prefix": str(line.number),
        "text": line.label,
        "type": "choice",
        "answerOption": options,
        "item": [reason],
    }


def _coding(choice: SummaryOption) -> Values:
    return {"code": choice.id, "display": choice.label}
