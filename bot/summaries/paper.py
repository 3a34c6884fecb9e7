"""A summary as an accessible PDF (PDF/UA-1): what stands where, as plain values for the template. Every text is made printable."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.summaries.typesetting import compiled, settable_values
from dialogs.core.script import Wording
from dialogs.summary.summary import Summary, SummaryAction, SummaryLine
from dialogs.summary.text import (
    action_about,
    beside_the_number,
    log_lines,
    own_words,
    points_line,
    stamp,
    tapped_reason,
    why_line,
)

TEMPLATE = Path(__file__).with_name("summary.typ")

SIZES = (9.5, 9.0, 8.5)
"""Sizes of the letters (points): the largest with which the first page holds all that belongs on it is taken."""

LONG = 9.0
"""The size where so much is ticked that no size would do: then what is ticked goes on over the next pages."""

PAGE = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for the form, as the bytes of a PNG, and its text equivalent."""

    png: bytes = field(repr=False)
    alt: str


def as_pdf(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> bytes:
    """Return the summary as the bytes of a PDF; the same summary gives the same bytes."""
    sheet = Sheet(summary, wording, picture)
    size = sheet.size()
    return sheet.pdf(size or LONG, is_parted=size is not None)


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF made here has."""
    return len(PAGE.findall(pdf))


class Sheet:
    """One summary, ready to be set in any size."""

    def __init__(self, summary: Summary, wording: Wording, picture: Picture | None = None) -> None:
        told = json.dumps(on_paper(summary, wording, picture=picture)).encode()
        self._files = {"main.typ": TEMPLATE.read_bytes(), "summary.json": told}
        self._made = datetime.fromisoformat(summary.dates.made)

    def size(self) -> float | None:
        """Return the largest size with which the first page holds the card, the number and what is ticked, or None if there is none."""
        return next((each for each in SIZES if pages(self.first_page(each)) == 1), None)

    def pdf(self, size: float, *, is_parted: bool) -> bytes:
        """Return the PDF in letters of so many points; `is_parted` puts all else on pages of its own."""
        return self._set(size, "parted" if is_parted else "whole")

    def first_page(self, size: float) -> bytes:
        """Return only what belongs on the first page, which may be more than fits there."""
        return self._set(size, "first")

    def _set(self, size: float, what: str) -> bytes:
        sizes, made = {"size": str(size), "what": what}, int(self._made.timestamp())
        return compiled(self._files, sys_inputs=sizes, timestamp=made, format="pdf", pdf_standards="ua-1")


COLUMNS = ("number", "item", "response")
RECORD = ("what", "note")

HALF_LINE = 56
"""Roughly how many characters fit on a line of one of two columns."""


def on_paper(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> dict[str, Any]:
    """Return everything that the template shows."""
    say = wording.say
    title = f"{say('summary.title')} {summary.reference}".strip()
    steps = halved(
        [{"text": each.text, "source": each.source} for each in summary.advice.steps],
        lambda step: len(step["text"]) + len(step["source"]) * 6 // 7,
    )
    facts = halved(
        [{"label": each.label, "words": each.words} for each in summary.answers.facts],
        lambda fact: len(fact["label"]) + len(fact["words"]),
    )
    told: dict[str, Any] = {
        "title": title,
        "keywords": [summary.form.fingerprint, summary.dates.made],
        "page": say("summary.page", page="{page}", pages="{pages}"),
        "footer": _footer(summary, wording),
        "warnings": summary.warnings,
        "stamp": stamp(summary, wording),
        "do": do(summary, wording),
        "number": number_part(summary, wording),
        "bar": bar(summary, wording),
        "picture": {"png": list(picture.png), "alt": picture.alt} if picture else None,
        "ticked": ticked_part(summary, wording),
        "steps": {"title": say("summary.part.steps"), "columns": steps},
        "facts": {"title": say("summary.part.about"), "columns": facts},
        "responses": _responses(summary, wording),
        "record": _record(summary, wording),
        "contacts": {"title": say("summary.part.contacts"), "lines": summary.advice.contacts[1:]},
        "log": _log(summary, wording),
    }
    return {name: settable_values(value) for name, value in told.items()}


def _footer(summary: Summary, wording: Wording) -> str:
    made = f"{datetime.fromisoformat(summary.dates.made):%Y-%m-%d %H:%M}"
    return wording.say(
        "summary.footer",
        reference=summary.reference or wording.say("summary.title"),
        date=made,
        fingerprint=summary.form.fingerprint[:12],
    )


def halved(each: list[dict[str, str]], length: Callable[[dict[str, str]], int]) -> list[list[dict[str, str]]]:
    """Return two columns, in order, of lengths as nearly equal as can be."""
    lines = [max(1, -(-length(one) // HALF_LINE)) for one in each]
    cut = min(range(len(each) + 1), key=lambda at: abs(sum(lines[:at]) - sum(lines[at:])))
    return [each[:cut], each[cut:]]


def _responses(summary: Summary, wording: Wording) -> dict[str, Any]:
    return {
        "title": wording.say("summary.part.responses"),
        "head": head(COLUMNS, wording),
        "parts": [
            {"title": points_line(part, wording), "items": [_item(line) for line in part.lines]}
            for part in summary.answers.parts
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
    """Return what was done, each call with room for a name and a reference; then what is still open."""
    by_hand = wording.say("summary.by-hand", name="{blank}", reference="{blank}").split("{blank}")
    return {
        "title": wording.say("summary.part.log"),
        "lines": [{"words": each.words, "spoken": each.is_spoken} for each in summary.log],
        "hand": [each.strip() for each in by_hand if each],
        "open": [each.open_words for each in summary.advice.actions if each.open_words],
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


SCALE = 24
"""The smallest scale of the bar, in points."""

MARKED = 0.05
"""The smallest share of the bar that has room for a label."""

ACTIONS = ("number", "action", "by", "done")
TICKED = ("number", "item", "reason")


def do(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return the lead in full, the other reasons by their titles, and the lines of the card with what was done."""
    say = wording.say
    first, *others = summary.advice.leads or (None,)
    return {
        "title": say("summary.part.do") if first else "",
        "lead": {"title": first.title, "text": first.text, "source": first.source} if first else None,
        "also": say("summary.also", titles=" ".join(each.title for each in others)) if others else "",
        "head": head(ACTIONS, wording),
        "lines": [
            _action(number_part, each, summary=summary, wording=wording)
            for number_part, each in enumerate(summary.advice.actions, 1)
        ],
        "call": summary.advice.contacts[0],
    }


def _action(number_part: int, action: SummaryAction, *, summary: Summary, wording: Wording) -> dict[str, Any]:
    return {
        "number": str(number_part),
        "title": action.title,
        "about": action_about(action),
        "why": why_line(action, wording),
        "by": action.by_words,
        "done": log_lines(action, summary, wording=wording),
        "open": action.state != "closed",
    }


def number_part(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return the number in words, with the notes that belong to it."""
    count = summary.result.count
    return {
        "title": wording.say("summary.part.number"),
        "words": count.words,
        "lines": count.lines,
        "beside": beside_the_number(summary),
        "mind": wording.say("result.mind"),
        "cautions": summary.cautions,
    }


def bar(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return the points as a bar, and the same in words."""
    say, count = wording.say, summary.result.count
    made = [(f"{part.title[:1]} {part.points}", part.points) for part in summary.answers.parts]
    made += [(f"+{each.points}", each.points) for each in summary.result.additions]
    scale = max(SCALE, count.total)
    parts = [{"mark": mark if points / scale >= MARKED else "", "points": points} for mark, points in made]
    lines = [*(points_line(part, wording) for part in summary.answers.parts)]
    lines += [f"{each.label}: {each.points}" for each in summary.result.additions if each.points]
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


def ticked_part(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return what is ticked, each with its reason, or room to write one."""
    lines = [line for line in summary.lines if line.is_ticked]
    return {
        "title": wording.say("summary.part.ticked"),
        "none": wording.say("summary.ticked-none", low=summary.result.count.low),
        "head": head(TICKED, wording),
        "lines": [
            {
                "number": str(line.number),
                "label": line.label,
                "answer": line.answer,
                "tapped": tapped_reason(line, wording),
                "words": own_words(line, wording, text=line.note),
                "blank": not line.note,
            }
            for line in lines
        ],
    }


def head(columns: tuple[str, ...], wording: Wording) -> list[str]:
    """Return the heads of the columns of a table."""
    return [wording.say(f"summary.column.{each}") for each in columns]
