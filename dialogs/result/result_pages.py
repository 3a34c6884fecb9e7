"""The pages of the result, and the question whether it is in the case record, which each case is asked once."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.core.acts import Kind, Open, Overlay, Say
from dialogs.core.keys import GO_ON, URGENT, Key, OverlayCard, Paragraphs, Rows, View
from dialogs.core.replies import Paragraph, lines_on_a_phone
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import reviewed
from dialogs.phrases.number import categories, caution_lines, finished_on, in_words, review_on, source_line
from dialogs.result.action_card import action_paragraphs
from seraf.advice.contacts import LocalTime
from seraf.score.scoring import Caution, Findings, Score

ASKED = "recorded"  # the question whether the result is in the case record, to be answered `yes` or `not-yet`
TO_RECORD = Key(Open(Overlay(Kind.TO_RECORD)), "to-record")


def say_recorded(session: Session, answer: str) -> Session:
    """Return the session with this answer to `ASKED`. If it is “not yet”, the overlay lists what to record."""
    overlay = None if answer == "yes" else Overlay(Kind.TO_RECORD)
    return replace(session, answers=session.answers.give(ASKED, answer), overlay=overlay)


def recorded_rows(session: Session, pages: tuple[str, ...]) -> Rows:
    """Return the buttons that answer `ASKED`. They are on the last page of the result until one is pressed."""
    if session.answers.get(ASKED) or int(session.place) < len(pages):
        return ()
    return (tuple(Key(Say(each), f"answer.recorded.{each}") for each in ("yes", "not-yet")),)


def _words(view: View) -> Paragraphs:
    say, script = view.script.wording.say, view.script
    headings = script.pack.recording.headings
    lines = [say("to-record.heading", title=each.title, source=source_line(each.source, script)) for each in headings]
    return (
        Paragraph(say("to-record.title"), is_strong=True),
        Paragraph("\n".join((say("to-record.reasons"), *lines))),
        Paragraph(say("to-record.text")),
    )


TO_RECORD_CARD = OverlayCard(_words, lambda _: ((GO_ON, URGENT),))
FIRST_STEPS = 5  # number of steps on the first of the two pages of steps, in the pack's order of importance
MOST_LINES = 22  # maximum number of lines of steps that fit on a phone
PAGES = ("do", "number", "steps", "all-steps", "close")  # the names of the pages, in order


def result_page(number: int, session: Session, *, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the result's page with this number. The first page is 1."""
    page = PAGES[number - 1]
    if page == "do":
        return action_paragraphs(session, script, now=now)
    found = reviewed(session, script, now=now).find(today=now.today)
    say = script.wording.say
    match page:
        case "number":
            advice, score = script.pack.guidance.advise(found.facts), found.score
            cautions = [f"• {caution}" for caution in cautions_of(found, script)]
            lines = [how_it_adds_up(score, script)]
            for name, points, ticked, items in subtotals(found, script):
                key = "result.addition" if not items else "result.subtotal-one" if points == 1 else "result.subtotal"
                lines.append(say(key, label=name, name=name, points=points, ticked=ticked, items=items))
            total = say("result.total", total=score.total)
            if score.highest.total > score.total:
                total = say("result.total-so-far", total=score.total, highest=score.highest.total)
            return (
                Paragraph("\n".join((*lines, total))),
                *(Paragraph(mix.text) for mix in advice.mixes),
                *(Paragraph(note.text, is_close=True) for note in advice.notes),
                *((Paragraph("\n".join((say("result.mind"), *cautions))),) if cautions else ()),
            )
        case "steps":
            return _more_steps(found, script, most=FIRST_STEPS)
        case "all-steps":
            return _more_steps(found, script, after=FIRST_STEPS)
        case _:
            again, *closing = closing_texts(found, session, script, now=now)
            asked = () if session.answers.get(ASKED) else (Paragraph(say("recorded.ask"), is_strong=True),)
            return (Paragraph(again, is_strong=True), *map(Paragraph, closing), *asked)


def how_it_adds_up(score: Score, script: Script) -> str:
    """Return the heading above the points."""
    key = "result.number-range" if score.is_range else "result.number"
    return script.wording.say(key, categories=categories(score, script))


def subtotals(found: Findings, script: Script) -> Iterator[tuple[str, int, int, int]]:
    """Yield the title of each section, its points, and how many of its items are ticked, of how many. What is added for
    other answers has no items.
    """
    instrument, score = script.pack.instrument, found.score
    for section, (_, points) in zip(instrument.sections, score.subtotals, strict=True):
        items = instrument.of_section(section.id)
        yield section.title, points, sum(item.id in found.facts["present"] for item in items), len(items)
    for addition, (_, points) in zip(instrument.additions, score.additions, strict=True):
        if points:
            yield addition.label, points, 0, 0


def cautions_of(found: Findings, script: Script) -> tuple[str, ...]:
    """Return the cautions about the points, except that items are not known, which the plan itself says."""
    known = replace(found, cautions=tuple(each for each in found.cautions if each is not Caution.NOT_KNOWN))
    return caution_lines(known, script)


def closing_texts(found: Findings, session: Session, script: Script, *, now: LocalTime) -> tuple[str, ...]:
    """Return by when to do the assessment again, what the result is not, when it is complete, and its edition."""
    say, instrument = script.wording.say, script.pack.instrument
    key = "close.gaps" if found.score.is_range else "close.review"
    edition = say(
        "close.edition",
        board=instrument.edition.board,
        edition=instrument.edition.label,
        fingerprint=instrument.fingerprint[:12],
    )
    again = say(key, date=in_words(review_on(finished_on(session, now), script)))
    return (again, say("close.referral"), say("close.complete"), edition)


def _more_steps(found: Findings, script: Script, *, after: int = 0, most: int | None = None) -> tuple[Paragraph, ...]:
    """Return up to `most` steps, one in each line, without the first `after`. No step is a call."""
    say, steps = script.wording.say, script.pack.guidance.advise(found.facts).steps
    lines = [say("result.step", text=step.text) for step in steps[after:]][:most]
    # As many steps as fit the card of a phone; the summary has all of them.
    counts = range(len(lines), -1, -1)
    shown = next(count for count in counts if sum(map(lines_on_a_phone, lines[:count])) <= MOST_LINES)
    left = [say("result.more", count=len(lines) - shown)] if shown < len(lines) else []
    told = "\n".join((*lines[:shown], *left)) or say("result.no-more-steps" if after else "result.no-steps")
    return (Paragraph(say("page.steps"), is_strong=True), Paragraph(told))
