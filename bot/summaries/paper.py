"""A summary as an accessible PDF (PDF/UA-1), typeset from values by a template. Characters that fonts lack are replaced."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.summaries.typesetting import compiled, settable_values
from dialogs.core.script import Wording
from dialogs.summary.referral import CallPart, call_parts, seen_part, title_of, who_part
from dialogs.summary.summary import Summary, SummaryLine
from dialogs.summary.text import (
    action_about,
    answerer,
    beside_the_number,
    log_lines,
    own_words,
    points_line,
    request_line,
    stamp,
    tapped_reason,
    why_line,
)

TEMPLATE = Path(__file__).with_name("summary.typ")

SIZES = (9.5, 9.0, 8.5)  # font sizes in points; the largest with which the first part fits on a page is used
LONG = 9.0  # the font size if the first part has too many ticked items for one page, and so continues on the next


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for the PDF: the content of a PNG file, and a description for people who cannot see it."""

    png: bytes = field(repr=False)
    alt: str


def as_pdf(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> bytes:
    """Return the summary as a PDF. The same summary always gives the same bytes."""
    sheet = Sheet(summary, wording, picture)
    size = sheet.size()
    # If the first part fits on a page, a new page begins after it.
    return sheet.pdf(LONG, "whole") if size is None else sheet.pdf(size, "parted")


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF that was made here has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


class Sheet:
    """A summary prepared for typesetting, so that several font sizes can be tried."""

    def __init__(self, summary: Summary, wording: Wording, picture: Picture | None = None) -> None:
        values = json.dumps(on_paper(summary, wording, picture=picture)).encode()
        self._files = {"main.typ": TEMPLATE.read_bytes(), "summary.json": values}
        self._made = datetime.fromisoformat(summary.dates.made)

    def size(self) -> float | None:
        """Return the largest of `SIZES` in which card, score and ticked items fit on the first page, or None if none does."""
        return next((size for size in SIZES if pages(self.pdf(size, "first")) == 1), None)

    def pdf(self, size: float, part: str) -> bytes:
        """Return the PDF. `part` is `whole`, `parted` (a new page after the first part) or `first` (only the first part)."""
        inputs, made = {"size": str(size), "what": part}, int(self._made.timestamp())
        return compiled(self._files, sys_inputs=inputs, timestamp=made, format="pdf", pdf_standards="ua-1")


HALF_LINE = 56  # roughly how many characters a line has if the page has two columns
SCALE = 24  # the minimum length of the score bar's scale, in points of the score
MARKED = 0.05  # a segment of the score bar has a label if it is at least this share of the bar


def on_paper(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> dict[str, Any]:
    """Return everything that the template shows, as plain values with printable text."""
    say = wording.say
    steps = halved(
        [{"text": step.text, "source": step.source} for step in summary.advice.steps],
        lambda step: len(step["text"]) + len(step["source"]) * 6 // 7,
    )
    facts = halved(
        [{"label": fact.label, "words": fact.words} for fact in summary.answers.facts],
        lambda fact: len(fact["label"]) + len(fact["words"]),
    )
    footer = say(
        "summary.footer",
        reference=summary.reference or say("summary.title"),
        date=f"{datetime.fromisoformat(summary.dates.made):%Y-%m-%d %H:%M}",
        fingerprint=summary.form.fingerprint[:12],
    )
    values: dict[str, Any] = {
        "title": title_of(summary, wording),
        "keywords": [summary.form.fingerprint, summary.dates.made],
        "page": say("summary.page", page="{page}", pages="{pages}"),
        "footer": footer,
        "warnings": summary.warnings,
        "stamp": stamp(summary, wording),
        "do": _do(summary, wording),
        "number": {
            "title": say("summary.part.number"),
            "words": summary.result.count.words,
            "lines": summary.result.count.lines,
            "beside": beside_the_number(summary),
            "mind": say("result.mind"),
            "cautions": summary.cautions,
        },
        "bar": _bar(summary, wording),
        "picture": {"png": list(picture.png), "alt": picture.alt} if picture else None,
        "who": _part(who_part(summary, wording), summary, wording=wording),
        "asked": _asked(summary, wording),
        "parts": [_part(part, summary, wording=wording) for part in call_parts(summary, wording)],
        "seen": _part(seen_part(summary, wording), summary, wording=wording),
        "made": say("summary.part.made"),
        "steps": {"title": say("summary.part.steps"), "columns": steps},
        "facts": {"title": say("summary.part.about"), "columns": facts},
        "responses": _responses(summary, wording),
        "record": {
            "title": say("summary.part.record"),
            "head": _heads(("what", "note"), wording),
            "lines": [
                {"title": heading.title, "ask": heading.ask, "source": heading.source, "note": heading.note}
                for heading in summary.headings
            ],
        },
        "contacts": {"title": say("summary.part.contacts"), "lines": summary.advice.contacts[1:]},
        "log": _log(summary, wording),
    }
    return {name: settable_values(value) for name, value in values.items()}


def halved(rows: list[dict[str, str]], length: Callable[[dict[str, str]], int]) -> list[list[dict[str, str]]]:
    """Return the rows in two columns, in order, that have about the same number of lines. `length` counts a row's characters."""
    lines = [max(1, -(-length(row) // HALF_LINE)) for row in rows]
    cut = min(range(len(rows) + 1), key=lambda at: abs(sum(lines[:at]) - sum(lines[at:])))
    return [rows[:cut], rows[cut:]]


def _do(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return the actions as values, each with what was done."""
    say = wording.say
    return {
        "title": say("summary.part.do") if summary.advice.actions else "",
        "head": _heads(("number", "action", "by", "done"), wording),
        "lines": [
            {
                "number": str(number),
                "title": action.title,
                "about": action_about(action),
                "why": why_line(action, wording),
                "by": action.by_words,
                "done": log_lines(action, summary, wording=wording),
                "open": action.state != "closed",
            }
            for number, action in enumerate(summary.advice.actions, 1)
        ],
    }


def _log(summary: Summary, wording: Wording) -> dict[str, Any]:
    # Each call in the log has room for a name and a reference.
    by_hand = wording.say("summary.by-hand", name="{blank}", reference="{blank}").split("{blank}")
    return {
        "title": wording.say("summary.part.log"),
        "lines": [{"words": entry.words, "spoken": entry.is_spoken} for entry in summary.log],
        "hand": [part.strip() for part in by_hand if part],
        "open": [action.open_words for action in summary.advice.actions if action.open_words],
    }


def _asked(summary: Summary, wording: Wording) -> dict[str, Any]:
    """Return what is asked as values: the most urgent reason in full, the titles of the rest, the first action, and whom to call."""
    say = wording.say
    first, *others = summary.advice.leads or (None,)
    return {
        "title": say("summary.part.asked"),
        "lead": {"title": first.title, "text": first.text, "source": first.source} if first else None,
        "also": say("summary.also", titles=" ".join(lead.title for lead in others)) if others else "",
        "line": request_line(summary, wording),
        "call": summary.advice.contacts[0],
    }


def _part(part: CallPart, summary: Summary, *, wording: Wording) -> dict[str, Any]:
    """Return a part of the call as values: its sentences, and its ticked items with their reasons."""
    return {
        "title": part.title,
        "text": " · ".join(part.lines).replace(". · ", ". "),
        "head": _heads(("number", "item", "reason"), wording),
        "items": [
            {
                "number": str(line.number),
                "label": line.label,
                "answer": f"{line.answer}{answerer(line, summary)}",
                "tapped": tapped_reason(line, wording),
                "words": own_words(line, wording, text=line.note),
                "blank": not line.note,
            }
            for line in part.items
        ],
    }


def _bar(summary: Summary, wording: Wording) -> dict[str, Any]:
    say, count, bands = wording.say, summary.result.count, summary.form.bands
    scale = max(SCALE, count.total)
    segments = [(f"{part.title[:1]} {part.points}", part.points) for part in summary.answers.parts]
    segments += [(f"+{addition.points}", addition.points) for addition in summary.result.additions]
    lines = [points_line(part, wording) for part in summary.answers.parts]
    lines += [f"{addition.label}: {addition.points}" for addition in summary.result.additions if addition.points]
    text = "; ".join((*lines, say("summary.total", total=count.total))) + "."
    labels = [say("summary.band", category=band.category) for band in bands]
    begins = ", ".join(
        say("summary.begins", category=label, lowest=band.lowest) for label, band in zip(labels, bands, strict=True)
    )
    open_end = f" {say('summary.bar-open', highest=count.highest)}" if count.highest > count.total else ""
    return {
        "scale": scale,
        "parts": [{"mark": mark if points / scale >= MARKED else "", "points": points} for mark, points in segments],
        "open": min(count.highest, scale) - count.total,
        "bands": [{"lowest": band.lowest, "label": label} for label, band in zip(labels, bands, strict=True)],
        "text": text,
        "alt": say("summary.bar", parts=text, bands=begins) + open_end,
    }


def _responses(summary: Summary, wording: Wording) -> dict[str, Any]:
    def row(line: SummaryLine) -> dict[str, Any]:
        note = "" if line.is_ticked else line.note
        number, is_ticked = str(line.number), line.is_ticked
        return {"number": number, "label": line.label, "answer": line.answer, "ticked": is_ticked, "note": note}

    return {
        "title": wording.say("summary.part.responses"),
        "head": _heads(("number", "item", "response"), wording),
        "parts": [
            {"title": points_line(part, wording), "items": list(map(row, part.lines))} for part in summary.answers.parts
        ],
    }


def _heads(columns: tuple[str, ...], wording: Wording) -> list[str]:
    return [wording.say(f"summary.column.{column}") for column in columns]
