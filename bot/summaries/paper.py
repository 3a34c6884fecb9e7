"""What stands where on the paper form of a summary, as plain values for the template; every text such that it can be set."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.summaries.signs import settable
from dialogs.summary import Line, Summary
from dialogs.summary_text import beside, points_line, stamp
from dialogs.wording import Wording

SCALE = 24
"""Points across the bar at least."""

MARKED = 0.05
"""The share of the bar from which a part has room for its mark."""

COLUMNS = ("number", "item", "response", "reason")
RECORD = ("what", "note")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for the form, as the bytes of a PNG, and its text equivalent."""

    png: bytes = field(repr=False)
    alt: str


def on_paper(summary: Summary, wording: Wording, picture: Picture | None = None) -> dict[str, Any]:
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
        "do": _do(summary, wording),
        "number": _number(summary, wording),
        "bar": _bar(summary, wording),
        "picture": {"png": list(picture.png), "alt": picture.alt} if picture else None,
        "steps": {"title": say("summary.part.steps"), "groups": _steps(summary)},
        "responses": _responses(summary, wording),
        "record": _record(summary, wording),
        "contacts": {"title": say("summary.part.contacts"), "lines": summary.contacts[1:]},
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


def _do(summary: Summary, wording: Wording) -> dict[str, Any]:
    leads = [{"title": each.title, "text": each.text, "source": each.source} for each in summary.leads]
    return {"title": wording.say("summary.part.do"), "leads": leads, "call": summary.contacts[0]}


def _number(summary: Summary, wording: Wording) -> dict[str, Any]:
    count = summary.count
    return {
        "title": wording.say("summary.part.number"),
        "words": count.words,
        "lines": count.lines,
        "beside": beside(summary),
        "mind": wording.say("result.mind"),
        "cautions": summary.cautions,
    }


def _bar(summary: Summary, wording: Wording) -> dict[str, Any]:
    say, count = wording.say, summary.count
    made = [(f"{part.title[:1]} {part.points}", part.points) for part in summary.parts]
    made += [(f"+{each.points}", each.points) for each in summary.additions]
    scale = max(SCALE, count.total)
    parts = [{"mark": mark if points / scale >= MARKED else "", "points": points} for mark, points in made]
    lines = [*(points_line(part, wording) for part in summary.parts)]
    lines += [f"{each.label}: {each.points}" for each in summary.additions if each.points]
    text = "; ".join((*lines, say("summary.total", total=count.total))) + "."
    begins = ", ".join(
        say("summary.begins", category=say("summary.band", category=band.category), lowest=band.lowest)
        for band in summary.form.bands
    )
    opened = f" {say('summary.bar-open', highest=count.highest)}" if count.highest > count.total else ""
    return {
        "scale": scale,
        "parts": parts,
        "open": min(count.highest, scale) - count.total,
        "bands": [
            {"lowest": band.lowest, "label": say("summary.band", category=band.category)} for band in summary.form.bands
        ],
        "text": text,
        "alt": say("summary.bar", parts=text, bands=begins) + opened,
    }


def _steps(summary: Summary) -> list[dict[str, Any]]:
    return [
        {
            "title": by,
            "steps": [{"who": each.who, "text": each.text, "source": each.source} for each in steps],
        }
        for by, steps in groupby(summary.steps, key=lambda step: step.by)
    ]


def _responses(summary: Summary, wording: Wording) -> dict[str, Any]:
    say = wording.say
    return {
        "title": say("summary.part.responses"),
        "facts": [f"{fact.label}: {fact.words}" for fact in summary.facts],
        "head": [say(f"summary.column.{each}") for each in COLUMNS],
        "parts": [
            {"title": points_line(part, wording), "items": [_item(line, wording) for line in part.lines]}
            for part in summary.parts
        ],
    }


def _item(line: Line, wording: Wording) -> dict[str, Any]:
    reason = wording.say("summary.reason", text=line.note) if line.is_ticked or line.note else ""
    return {
        "number": str(line.number),
        "label": line.label,
        "answer": line.answer,
        "ticked": line.is_ticked,
        "reason": reason,
    }


def _record(summary: Summary, wording: Wording) -> dict[str, Any]:
    say = wording.say
    return {
        "title": say("summary.part.record"),
        "head": [say(f"summary.column.{each}") for each in RECORD],
        "lines": [
            {"title": each.title, "ask": each.ask, "source": each.source, "note": each.note}
            for each in summary.headings
        ],
    }
