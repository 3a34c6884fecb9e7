"""A summary as plain text in the order of the form, for pasting into a case system: short lines, plain signs, no tables."""

import textwrap
from collections.abc import Iterator
from datetime import date, datetime

from dialogs.number import in_words
from dialogs.summary import Line, Part, Summary
from dialogs.wording import Wording

WIDTH = 76
"""Characters of a line, so that no system breaks it again."""

BLANK = "." * 24
"""What stands where something is still to be written."""

PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—‐‑", "-"),
        **{"…": "...", "•": "*", "·": "|", "\N{NO-BREAK SPACE}": " ", "✓": "*"},
    }
)
"""Typographic signs and what stands for them, since older systems turn them into others."""


def as_text(summary: Summary, wording: Wording) -> str:
    """The whole summary, ending in a line break."""
    say = wording.say
    title = f"{say('summary.title')} {summary.reference}".strip()
    blocks = (
        _block(title.upper(), (*summary.warnings, *stamp(summary, wording)), rule="="),
        _block(say("summary.part.do"), _do(summary)),
        _block(say("summary.part.number"), _number(summary, wording)),
        _block(say("summary.part.about"), (f"{fact.label}: {fact.words}" for fact in summary.facts)),
        *(_block(points_line(part, wording), _items(part.lines, wording)) for part in summary.parts),
        _block(say("summary.part.record"), _record(summary)),
        _block(say("summary.part.steps"), _steps(summary, wording)),
        _block(say("summary.part.contacts"), summary.contacts),
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def stamp(summary: Summary, wording: Wording) -> tuple[str, ...]:
    """When it was made and with which list, what a code could not tell, the code, and when the next is due."""
    say = wording.say
    made = f"{datetime.fromisoformat(summary.made):%Y-%m-%d %H:%M}"
    return (
        say("summary.made", date=made, day=summary.finished),
        say(
            "summary.list",
            board=summary.form.board,
            edition=summary.form.edition,
            fingerprint=summary.form.fingerprint,
        ),
        *([say("summary.gaps", titles=", ".join(summary.gaps))] if summary.gaps else []),
        *([say("summary.code", code=summary.code)] if summary.code else []),
        say("close.review", date=in_words(date.fromisoformat(summary.review))),
    )


def beside(summary: Summary) -> tuple[str, ...]:
    """What stands beside the number: the rule that goes above a low one, harm of another kind, what the mix says."""
    return tuple(each for each in (summary.discussion_words, summary.harm_words, *summary.mix) if each)


def points_line(part: Part, wording: Wording) -> str:
    """A section with its points."""
    return wording.say("summary.points", title=part.title, points=part.points, most=part.most)


def _do(summary: Summary) -> Iterator[str]:
    for lead in summary.leads:
        yield f"{lead.title} {lead.text} ({lead.source})"


def _number(summary: Summary, wording: Wording) -> Iterator[str]:
    yield summary.count.words
    yield from summary.count.lines
    yield from (points_line(part, wording) for part in summary.parts)
    yield from (f"{each.label}: {each.points}" for each in summary.additions if each.points)
    yield wording.say("result.total", total=summary.count.total)
    yield from beside(summary)
    if summary.cautions:
        yield wording.say("result.mind")
    yield from (f"* {each}" for each in summary.cautions)


def _items(lines: tuple[Line, ...], wording: Wording) -> Iterator[str]:
    for line in lines:
        label = wording.say("summary.item", number=line.number, label=line.label)
        yield f"{label}: {line.answer}"
        if line.is_ticked or line.note:
            yield "    " + wording.say("summary.reason", text=line.note or BLANK)


def _record(summary: Summary) -> Iterator[str]:
    for each in summary.headings:
        yield f"{each.title} ({each.source}): {each.note or BLANK}"


def _steps(summary: Summary, wording: Wording) -> Iterator[str]:
    latest = ""
    for step in summary.steps:
        if step.by != latest:
            yield f"-- {step.by} --"
            latest = step.by
        yield wording.say("result.step", who=step.who, text=step.text, source=step.source)


def _block(title: str, paragraphs: Iterator[str] | tuple[str, ...], *, rule: str = "-") -> str:
    """A heading and its paragraphs, wrapped; empty where there are none."""
    lines = [line for each in paragraphs for line in _wrapped(each)]
    heading = _wrapped(title)
    return "\n".join((*heading, rule * min(len(title), WIDTH), *lines)) if lines else ""


def _wrapped(paragraph: str) -> list[str]:
    """Lines of at most WIDTH signs, all but the first indented, so that no text can pass for a line of the form."""
    inner = " " * (len(paragraph) - len(paragraph.lstrip(" "))) or "  "
    lines: list[str] = []
    for text in paragraph.translate(PLAIN).splitlines():
        lead = inner if lines else ""
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=lead, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False
        )
    return lines
