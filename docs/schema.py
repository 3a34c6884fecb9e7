"""Generates the JSON Schema of a summary from the dataclasses, so that it always matches them."""

import json
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import dialogs.summary.summary
from bot.summaries.forms import SCHEMA, VERSION
from dialogs.summary.summary import GROUPS, Summary
from seraf.advice.action_log import WHAT
from seraf.advice.action_plan import WORDS
from seraf.advice.action_plan import CardLine as ActionLine
from seraf.form.responses import KNOWN, SAYS

Values = dict[str, Any]

SAID: dict[str, str] = {
    "Summary.reference": "The bot's own reference of the case, empty where it was made from a review code.",
    "Summary.made": "When it was made, UTC, ISO 8601.",
    "Summary.finished": "The local day of the judgement (YYYY-MM-DD); only its month (YYYY-MM) where made from a code.",
    "Summary.review": "The day by which the next SERAF is due (YYYY-MM-DD).",
    "Summary.facts": "Every question around the items, also those that were not asked; the judgement last.",
    "Summary.discussion": "Whether the guidance asks for a talk with the team manager although the category is low.",
    "Summary.discussion_words": "The same in words, empty where it is no.",
    "Summary.other_harm": "Ids of the ticked items that show harm of another kind.",
    "Summary.harm_words": "The same in words, empty where there are none.",
    "Summary.judgement": "The professional's own judgement, given before the number was shown.",
    "Summary.leads": "What leads, first the reason that leads, then what else holds; none where it was made from an older code.",
    "Summary.actions": "The lines of the action card; none where it was made from an older code.",
    "Summary.log": "What was tapped at them, in order; empty where it was made from a code. It proves nothing.",
    "Summary.steps": "More steps, in order, none of them a call; none where it was made from an older code.",
    "Summary.contacts": "Whom to call: first in one line, then one by one.",
    "Summary.mix": "What the mix of points says, and where judgement and number part.",
    "Summary.cautions": "What a reader of the number has to bear in mind.",
    "Summary.warnings": "What has to be read with it, whatever the form.",
    "Summary.gaps": "What a review code does not hold; empty where it was made from the assessment itself.",
    "Summary.code": "The review code, empty where there is none.",
    "SummaryForm.fingerprint": "SHA-256 (hex) of all that is asked and scored.",
    "SummaryForm.is_verified": "Whether every item was checked against the board's own form.",
    "SummaryLine.number": "The place on the form, from 1.",
    "SummaryLine.response": "The id of the option; empty where nothing was answered, which is never zero.",
    "SummaryLine.note": "Own words about the tick, empty where they are still to be written.",
    "SummaryLine.says": "Who says so, empty where it was not said.",
    "SummaryLine.known": "Since when it is known, empty where it was not said.",
    "SummaryView.note": "Why, in their own words; empty where they typed none.",
    "Fact.answer": "The id of the answer, empty where it was not asked.",
    "SummaryAction.source": "What it rests on, in short; `basis` has it in full.",
    "Basis.says": "A sentence of the guidance, word for word; empty where none says it.",
    "Basis.heading": "The heading that it stands under.",
    "Basis.law": "A statute or national guidance, to be checked by the board.",
    "Basis.ours": "Our own reason.",
    "SummaryAction.by": "By when, local time with its offset (ISO 8601); empty where it was made from a code.",
    "SummaryAction.whom": "Whom to ring, with the numbers.",
    "SummaryAction.state": "Whether an outcome that closes it was tapped; not known where it was made from a code.",
    "SummaryAction.is_on_card": "False for a line that was due, is not on the card any more, and has no outcome.",
    "SummaryAction.open_words": "That it is still open, as the log says it; empty where it is not.",
    "Did.what": "What was tapped.",
    "Count.low": "What a low number never stands without; empty where it is high.",
    "SummaryHeading.note": "What was noted, empty where it is still to be written.",
    "Count.highest": "Points that it could come to, once what is not known is known.",
}
"""The descriptions of fields whose names do not explain them."""

LOCAL = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"
LOCAL_OR_NONE = rf"^$|{LOCAL}"

LIMITS: dict[str, Values] = {
    "Summary.made": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$"},
    "Summary.finished": {"pattern": r"^\d{4}-\d\d(-\d\d)?$"},
    "Summary.review": {"pattern": r"^\d{4}-\d\d-\d\d$"},
    "Summary.discussion": {"enum": ["yes", "no", "possible"]},
    "Summary.judgement": {"enum": ["yes", "not-sure", "no", "not-asked"]},
    "SummaryForm.fingerprint": {"pattern": "^[0-9a-f]{64}$"},
    "SummaryReason.urgency": {"enum": list(WORDS)},
    "SummaryAction.line": {"enum": [str(each) for each in ActionLine]},
    "SummaryAction.by": {"pattern": LOCAL_OR_NONE},
    "SummaryAction.state": {"enum": ["open", "closed", "not-known"]},
    "Did.line": {"enum": [str(each) for each in ActionLine]},
    "Did.at": {"pattern": LOCAL},
    "Did.what": {"enum": list(WHAT)},
    "SummaryLine.says": {"enum": ["", *SAYS]},
    "SummaryLine.known": {"enum": ["", *KNOWN]},
    **{key: {"minimum": 1, "maximum": 4} for key in ("Count.category", "Count.highest_category", "Begins.category")},
}
"""Limits on the values of fields, in addition to those that the types state."""

PLAIN = {str: "string", bool: "boolean", int: "integer"}


def summary_schema() -> str:
    """Return the text of docs/summary.schema.json. Raise ValueError if `SAID` or `LIMITS` names an unknown field."""
    head: Values = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:seraf:summary:{VERSION}",
        "title": f"SERAF summary, version {VERSION}",
    }
    marks: Values = {"schema": {"const": SCHEMA}, "version": {"const": VERSION}}
    values = [each for each in vars(dialogs.summary.summary).values() if isinstance(each, type)]
    kinds: list[type] = [each for each in values if is_dataclass(each) and each not in (Summary, *GROUPS)]
    shared = {kind.__name__: _object(kind, {}) for kind in kinds}
    places = {f"{kind.__name__}.{name}" for kind in (Summary, *kinds) for name, _ in _fields(kind)}
    if unknown := (SAID | LIMITS).keys() - places:
        raise ValueError(f"No summary has these places: {sorted(unknown)}")
    return json.dumps({**head, **_object(Summary, marks), "$defs": shared}, indent=2, ensure_ascii=False) + "\n"


def _object(kind: type, marks: Values) -> Values:
    places = marks | {name: _place(f"{kind.__name__}.{name}", held) for name, held in _fields(kind)}
    return {
        "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
        "type": "object",
        "properties": places,
        "required": list(places),
        "additionalProperties": False,
    }


def _fields(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and type of each field as it is in JSON. A group is replaced by its own fields."""
    hints = typing.get_type_hints(kind)
    for field in fields(kind):
        held = hints[field.name]
        yield from _fields(held) if held in GROUPS else ((field.name, held),)


def _place(name: str, kind: Any) -> Values:
    said = {"description": SAID[name]} if name in SAID else {}
    return {**said, **_kind(kind), **LIMITS.get(name, {})}


def _kind(kind: Any) -> Values:
    if isinstance(kind, types.GenericAlias):
        return {"type": "array", "items": _kind(typing.get_args(kind)[0])}
    return {"type": PLAIN[kind]} if kind in PLAIN else {"$ref": f"#/$defs/{kind.__name__}"}
