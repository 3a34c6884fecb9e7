"""What stands where on the paper form of a summary, as plain values for the template. Every text is made printable."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.summaries.first_page import bar, do, head, number_part, ticked_part
from bot.summaries.signs import settable
from dialogs.core.wording import Wording
from dialogs.summary.summary import Summary, SummaryLine
from dialogs.summary.text import points_line, stamp

COLUMNS = ("number", "item", "response")
RECORD = ("what", "note")

HALF_LINE = 56
"""Roughly how many characters fit on a line of one of two columns."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for the form, as the bytes of a PNG, and its text equivalent."""

    png: bytes = field(repr=False)
    alt: str


def on_paper(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> dict[str, Any]:
    """Everything that the template shows."""
    say = wording.say
    title = f"{say('summary.title')} {summary.reference}".strip()
    told: dict[str, Any] = {
        "title": title,
        "keywords": [summary.form.fingerprint, summary.made],
        "page": say("summary.page", page="{page}", pages="{pages}"),
        "footer": _footer(summary, wording),
        "warnings": summary.warnings,
        "stamp": stamp(summary, wording),
        "do": do(summary, wording),
        "number": number_part(summary, wording),
        "bar": bar(summary, wording),
        "picture": {"png": list(picture.png), "alt": picture.alt} if picture else None,
        "ticked": ticked_part(summary, wording),
        "steps": {"title": say("summary.part.steps"), "columns": _steps(summary)},
        "facts": {"title": say("summary.part.about"), "columns": _facts(summary)},
        "responses": _responses(summary, wording),
        "record": _record(summary, wording),
        "contacts": {"title": say("summary.part.contacts"), "lines": summary.contacts[1:]},
        "log": _log(summary, wording),
    }
    return {name: _set(value) for name, value in told.items()}


def _set(value: Any) -> Any:
    match value:
        case str():
            return settable(value)
        case dict():
            return {name: _set(each) for name, each in value.items()}
        case list() | tuple():
            return [_set(each) for each in value]
        case _:
            return value


def _footer(summary: Summary, wording: Wording) -> str:
    made = f"{datetime.fromisoformat(summary.made):%Y-%m-%d %H:%M}"
    return wording.say(
        "summary.footer",
        reference=summary.reference or wording.say("summary.title"),
        date=made,
        fingerprint=summary.form.fingerprint[:12],
    )


def _steps(summary: Summary) -> list[list[dict[str, str]]]:
    steps = [{"text": each.text, "source": each.source} for each in summary.steps]
    return halved(steps, lambda step: len(step["text"]) + len(step["source"]) * 6 // 7)


def _facts(summary: Summary) -> list[list[dict[str, str]]]:
    facts = [{"label": each.label, "words": each.words} for each in summary.facts]
    return halved(facts, lambda fact: len(fact["label"]) + len(fact["words"]))


def halved(each: list[dict[str, str]], length: Callable[[dict[str, str]], int]) -> list[list[dict[str, str]]]:
    """What stands in each of two columns, in order, such that they are as nearly of a length as can be."""
    lines = [max(1, -(-length(one) // HALF_LINE)) for one in each]
    cut = min(range(len(each) + 1), key=lambda at: abs(sum(lines[:at]) - sum(lines[at:])))
    return [each[:cut], each[cut:]]


def _responses(summary: Summary, wording: Wording) -> dict[str, Any]:
    return {
        "title": wording.say("summary.part.responses"),
        "head": head(COLUMNS, wording),
        "parts": [
            {"title": points_line(part, wording), "items": [_item(line) for line in part.lines]}
            for part in summary.parts
        ],
    }


def _item(line: SummaryLine) -> dict[str, Any]:
    return {
        "number": str(line.number),
        "label": line.label,
        "answer": line.answer,
        "ticked": line.is_ticked,
        "note": "" if line.is_ticked else line.note,
    }


def _log(summary: Summary, wording: Wording) -> dict[str, Any]:
    """What was done, each call with room for a name and a reference; then what is still open."""
    by_hand = wording.say("summary.by-hand", name="{blank}", reference="{blank}").split("{blank}")
    return {
        "title": wording.say("summary.part.log"),
        "lines": [{"words": each.words, "spoken": each.is_spoken} for each in summary.log],
        "hand": [each.strip() for each in by_hand if each],
        "open": [each.open_words for each in summary.actions if each.open_words],
    }


def _record(summary: Summary, wording: Wording) -> dict[str, Any]:
    say = wording.say
    return {
        "title": say("summary.part.record"),
        "head": head(RECORD, wording),
        "lines": [
            {"title": each.title, "ask": each.ask, "source": each.source, "note": each.note}
            for each in summary.headings
        ],
    }
