"""A summary as plain text to paste into a case system, in the order of the instrument, in short lines without tables."""

import textwrap
from collections.abc import Iterator
from datetime import date, datetime

from dialogs.core.script import Wording
from dialogs.phrases.number import in_words
from dialogs.summary.referral import BLANK, call_parts, seen_part, title_of, who_part
from dialogs.summary.summary import Summary, SummaryAction, SummaryLine, SummaryPart

WIDTH = 76  # maximum number of characters of a line, so that case systems do not wrap it

PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—‐‑", "-"),
        **{"…": "...", "•": "*", "·": "|", "\N{NO-BREAK SPACE}": " ", "✓": "*"},
    }
)
"""The plain characters that replace typographic ones, because older systems damage these."""


def as_text(summary: Summary, wording: Wording) -> str:
    """Return the whole summary as text. It ends in a line break."""
    say = wording.say
    who, seen = who_part(summary, wording), seen_part(summary, wording)
    blocks = (
        _block(title_of(summary, wording).upper(), summary.warnings, rule="="),
        _block(who.title, who.lines),
        _block(say("summary.part.asked"), _asked(summary, wording)),
        *(
            _block(part.title, (*part.lines, *_items(part.items, summary, wording=wording)))
            for part in call_parts(summary, wording)
        ),
        _block(say("summary.part.number"), _number(summary, wording)),
        _block(seen.title, seen.lines),
        _block(say("summary.part.record"), _record(summary)),
        _block(say("summary.part.do"), _do(summary, wording)),
        _block(say("summary.part.log"), _log(summary, wording)),
        _block(say("summary.part.about"), (f"{fact.label}: {fact.words}" for fact in summary.answers.facts)),
        *(_block(points_line(part, wording), _answers(part.lines, wording)) for part in summary.answers.parts),
        _block(say("summary.part.steps"), _steps(summary, wording)),
        _block(say("summary.part.contacts"), summary.advice.contacts),
        _block(say("summary.part.made"), stamp(summary, wording)),
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def stamp(summary: Summary, wording: Wording) -> tuple[str, ...]:
    """Return when and with which instrument the summary was made, what it lacks, its code, and when the next one is due."""
    say = wording.say
    made, form = f"{datetime.fromisoformat(summary.dates.made):%Y-%m-%d %H:%M}", summary.form
    close = "close.gaps" if summary.result.count.is_range else "close.review"
    return (
        say("summary.made", date=made, day=summary.dates.finished),
        say("summary.list", board=form.board, edition=form.edition, fingerprint=form.fingerprint),
        *([say("summary.gaps", titles="; ".join(summary.gaps))] if summary.gaps else []),
        *([say("summary.code", code=summary.code)] if summary.code else []),
        say(close, date=in_words(date.fromisoformat(summary.dates.review))),
    )


def beside_the_number(summary: Summary) -> tuple[str, ...]:
    """Return the sentences shown with the score: about a manager, and this combination of points."""
    result = summary.result
    return tuple(filter(None, (result.discussion_words, *summary.advice.mix)))


def points_line(part: SummaryPart, wording: Wording) -> str:
    """Return the title of a section, with how many of its items are ticked, and its points."""
    key = "result.subtotal-one" if part.points == 1 else "result.subtotal"
    return wording.say(key, name=part.title, ticked=part.ticked, items=len(part.lines), points=part.points)


def action_line(number: int, action: SummaryAction, *, wording: Wording) -> str:
    """Return an action's title with its number, and with the time by which it is due if the summary has one."""
    key = "summary.action" if action.by else "summary.action-planned"
    return wording.say(key, number=number, title=action.title, by=action.by_words)


def action_about(action: SummaryAction) -> str:
    """Return whom to ring about an action, and its details."""
    return " ".join(each for each in (action.whom, *action.details) if each)


def why_line(action: SummaryAction, wording: Wording) -> str:
    """Return why the card has this action, with the source of that."""
    return wording.say("summary.why", why=action.why, source=action.source)


def log_lines(action: SummaryAction, summary: Summary, *, wording: Wording) -> tuple[str, ...]:
    """Return what was done about an action and, if it is open, a sentence that says so. A summary made from a code has neither."""
    done = tuple(each.words for each in summary.log if each.line == action.line)
    return (*done, *([wording.say("summary.open-line")] if action.state == "open" else []))


def reason_line(line: SummaryLine, wording: Wording) -> str:
    """Return the reason for a tick: who reported it, since when it is known, and the person's note or space for one."""
    return " ".join(filter(None, (tapped_reason(line, wording), own_words(line, wording, text=line.note or BLANK))))


def reason_given(line: SummaryLine, wording: Wording) -> str:
    """Return the reason for a tick, as far as the person gave one, or an empty text."""
    tapped = tapped_reason(line, wording)
    if not tapped:
        return line.note
    return f"{tapped} {own_words(line, wording, text=line.note)}" if line.note else tapped


def answerer(line: SummaryLine, summary: Summary) -> str:
    """Return, if the case has changed hands, the label of who answered an item, in brackets, or else an empty text."""
    people = summary.people
    whose = next((each.label for each in (*people.hands, people.first) if line.id in each.items), "")
    return f" ({whose})" if people.hands and whose else ""


def tapped_reason(line: SummaryLine, wording: Wording) -> str:
    """Return who reported an item, and since when it is known, as far as the person chose answers to that."""
    say = wording.say
    says = say("summary.says", who=line.tapped.says_words) if line.tapped.says else ""
    known = say("summary.known", since=line.tapped.known_words) if line.tapped.known else ""
    return " ".join(filter(None, (says, known)))


def own_words(line: SummaryLine, wording: Wording, *, text: str) -> str:
    """Return `text`, labelled as the person's own words if they also chose answers, or else as the reason."""
    return wording.say("summary.own-words" if line.tapped.says or line.tapped.known else "summary.reason", text=text)


def _asked(summary: Summary, wording: Wording) -> Iterator[str]:
    for lead in summary.advice.leads:
        yield f"{lead.title} {lead.text} ({lead.source})"
    yield request_line(summary, wording)
    yield summary.advice.contacts[0]


def request_line(summary: Summary, wording: Wording) -> str:
    """Return the first action and by when it is due, and the category in words. An older code has no action."""
    first = [action_line(1, each, wording=wording).removeprefix("1 ") for each in summary.advice.actions[:1]]
    return " ".join((*(f"{each}." for each in first), summary.result.count.words))


def _do(summary: Summary, wording: Wording) -> Iterator[str]:
    for number, action in enumerate(summary.advice.actions, 1):
        yield action_line(number, action, wording=wording)
        told = (action_about(action), why_line(action, wording), *log_lines(action, summary, wording=wording))
        yield from (f"    {each}" for each in told if each)


def _number(summary: Summary, wording: Wording) -> Iterator[str]:
    count = summary.result.count
    yield count.words
    yield from count.lines
    yield from (points_line(part, wording) for part in summary.answers.parts)
    yield from (f"{each.label}: {each.points}" for each in summary.result.additions if each.points)
    yield wording.say("result.total", total=count.total)
    yield from beside_the_number(summary)
    if summary.cautions:
        yield wording.say("result.mind")
    yield from (f"* {each}" for each in summary.cautions)


def _items(lines: tuple[SummaryLine, ...], summary: Summary, *, wording: Wording) -> Iterator[str]:
    """Yield ticked items, each with its reason, and with who answered it if the case has changed hands."""
    for line in lines:
        yield _item(line, wording)
        yield f"    {reason_line(line, wording)}{answerer(line, summary)}"


def _answers(lines: tuple[SummaryLine, ...], wording: Wording) -> Iterator[str]:
    """Yield all items with their answers. The reason for a tick stands where it is said."""
    for line in lines:
        yield _item(line, wording)
        if line.note and not line.is_ticked:
            yield f"    {reason_line(line, wording)}"


def _item(line: SummaryLine, wording: Wording) -> str:
    label = wording.say("summary.item", number=line.number, label=line.label)
    return f"{label}: {line.answer}"


def _record(summary: Summary) -> Iterator[str]:
    for each in summary.headings:
        yield f"{each.title} ({each.source}): {each.note or BLANK}"


def _steps(summary: Summary, wording: Wording) -> Iterator[str]:
    for step in summary.advice.steps:
        yield f"{wording.say('result.step', text=step.text)} ({step.source})"


def _log(summary: Summary, wording: Wording) -> Iterator[str]:
    """Yield the entries of the log, each conversation with space for a name and a reference, then the open actions."""
    for each in summary.log:
        yield each.words
        if each.is_spoken:
            yield "    " + wording.say("summary.by-hand", name=BLANK, reference=BLANK)
    yield from (each.open_words for each in summary.advice.actions if each.open_words)


def _block(title: str, paragraphs: Iterator[str] | tuple[str, ...], *, rule: str = "-") -> str:
    """Return a heading and its paragraphs as wrapped text, or an empty text if there are no paragraphs."""
    lines = [line for each in paragraphs for line in _wrapped(each)]
    heading = _wrapped(title)
    return "\n".join((*heading, rule * min(len(title), WIDTH), *lines)) if lines else ""


def _wrapped(paragraph: str) -> list[str]:
    """Return a paragraph in lines of at most `WIDTH` characters. All but the first are indented, to look like one entry."""
    inner = " " * (len(paragraph) - len(paragraph.lstrip(" "))) or "  "
    lines: list[str] = []
    for text in paragraph.translate(PLAIN).splitlines():
        lead = inner if lines else ""
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=lead, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False
        )
    return lines
