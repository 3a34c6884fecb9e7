"""The action card: what to do, by when, whom to call, on one page that fits a phone."""

from collections.abc import Iterable, Sequence

from dialogs.call.case_script import CASE_SCRIPT
from dialogs.core.acts import Open, Page
from dialogs.core.keys import MORE, Key, Rows, in_rows
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.paging import height_of
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import category_words, low_words
from dialogs.phrases.outstanding import outstanding_line, reviewed
from dialogs.phrases.whom_to_call import front_numbers
from dialogs.result.action_line import is_outcome_asked, is_to_ring, last_done, line_numbers
from dialogs.result.actions import CaseLine, lead_of, lines_of
from dialogs.result.by_when import clock, due_words
from dialogs.result.callees import is_rung_now
from dialogs.result.standing import closed_line, lead_as_done
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.contacts import LocalTime
from seraf.advice.guidance import Lead
from seraf.case_view import CaseView
from seraf.form.vocabulary import DECIDER
from seraf.score.scoring import Score

MOST_LINES = 23
"""Lines of the card, with its empty ones: with its buttons it then fits a phone."""

BEHIND = {line: Open(Overlay(Kind.ACTION, str(line))) for line in CardLine}
"""The way to each line by itself."""

RUNG = (CardLine.CARE, CardLine.NEXT, CardLine.POLICE)
"""Lines that have a number on the card."""

SHORTER = (CardLine.NEXT, CardLine.CARE)
"""Lines of which less is said where the card is full: first what waits for the morning, last whom to ring now."""

LEAST = (
    *(CardLine.EMERGENCY, CardLine.POLICE, CardLine.CHILD, CardLine.CARE, CardLine.PARENTS),
    *(CardLine.MANAGER, CardLine.NEXT, CardLine.RECORD, CardLine.PLAN, CardLine.REVIEW),
)
"""Lines by what is under their titles: what may cost a life or spoil evidence is left off last."""

MOST_GAPS = 3
"""Items that are not known and named on the card; more are a tap away."""

MOST_CHARACTERS = 900
"""Characters of the card, without what a rehearsal puts above it."""


def action_paragraphs(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    """The words of the card under its head. Of what belongs to a line there is as much as fits; the rest is a tap away."""
    every = lines_of(session, script, now=now)
    lines = tuple([each for each in every if not each.is_closed])
    view = reviewed(session, script, now=now)
    lead = tuple(_lead(lead_of(view, script), every, session, script=script, now=now))
    number = (
        *_closed(every, session, script=script, now=now),
        *_in_fear(every, session, script=script, now=now),
        Paragraph(_number(view, script)),
    )
    titles = [_title(each, script, now=now) for each in lines]
    always = [_always(each, session, script=script, now=now) for each in lines]
    details = [each.planned.details for each in lines]
    under = [_under((*said, *more)) for said, more in zip(always, details, strict=True)]
    around, taken = _taken((*lead, *titles, *number)), [_taken(each) for each in under]
    shorter = list(SHORTER)
    while not _fit((around, *taken)):
        at = _fullest(details, lines)
        if shorter and (shorter[0] is CardLine.NEXT or not any(details)):
            line = shorter.pop(0)
            at = next((at for at, each in enumerate(lines) if each.line is line), at)
            always[at] = _always(lines[at], session, script=script, now=now, is_full=True)
        elif not any(details):
            break
        else:
            details[at] = details[at][:-1]
        under[at] = _under((*always[at], *details[at]))
        taken[at] = _taken(under[at])
    return (*lead, *[each for title, below in zip(titles, under, strict=True) for each in (title, *below)], *number)


def _closed(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[Paragraph]:
    """What is done, where something is."""
    if said := closed_line(lines, session, script=script, now=now):
        yield Paragraph(said, is_close=True)


def _taken(paragraphs: tuple[Paragraph, ...]) -> tuple[int, int]:
    """The characters and the lines that these take of a card."""
    characters = sum([len(each.text) + (1 if each.is_close else 2) for each in paragraphs])
    return characters, sum(map(height_of, paragraphs))


def _fit(taken: Sequence[tuple[int, int]]) -> bool:
    lines = sum([heights for _, heights in taken]) + 1
    return lines <= MOST_LINES and sum([characters for characters, _ in taken]) <= MOST_CHARACTERS


def action_rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """A key for each line and for more steps, then whom to call, the number and more. In a rehearsal no key invites to a call."""
    say, kind = script.wording.say, "key-rehearsed" if script.is_rehearsal else "key"
    keys = [
        Key(
            BEHIND[each.line],
            text=say(f"action.{kind}", number=each.number, short=each.planned.action.short),
            is_chosen=each.is_closed,
        )
        for each in lines_of(session, script, now=now)
    ]
    steps, number = _page_keys(pages)
    call = CASE_SCRIPT if not script.is_rehearsal else CASE_SCRIPT._replace(word="script")
    return (*in_rows((*keys, steps)), (call, number, MORE))


def _page_keys(pages: tuple[str, ...]) -> tuple[Key, ...]:
    """The ways to two other pages."""
    return tuple(Key(Page(pages.index(kind) + 1), f"page.{kind}") for kind in ("steps", "number"))


def _lead(
    lead: Lead, lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime
) -> Iterable[Paragraph]:
    """Yield what leads: what was done last and what comes next, once anything was; and what is overdue, but never above 999.

    At a review also what stands from before.
    """
    said = [lead_as_done(lead, lines, session, script=script, now=now)]
    if session.result.due and lead.urgency >= Urgency.MANAGER:
        at = int(any(each.line is CardLine.EMERGENCY and not each.is_closed for each in lines))
        said[at:at] = _late(lines, session, script=script, now=now)
    yield from (Paragraph(each, is_strong=True, is_close=bool(at)) for at, each in enumerate(said))
    if stands := outstanding_line(session, script, now=now):
        yield Paragraph(stands, is_close=True)


def _late(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[str]:
    """Yield what is overdue, the first by name; and, as long as nobody has said what came of it, that a call has no outcome yet."""
    say, late = script.wording.say, [each for each in lines if each.is_late(now)]
    # A call that was made is no longer overdue; but nothing is settled before its outcome, so it is never left out.
    called = [each for each in late if is_outcome_asked(each, session)]
    due = sorted((each for each in late if each not in called), key=lambda each: each.due)
    if due:
        key = "action.overdue" if len(due) == 1 else "action.overdue-more"
        # By now another office may answer than the one that was to be called, so none is named.
        is_care = due[0].line is CardLine.CARE and due[0].planned.action.calls
        whom = say("action.the-call") if is_care else due[0].planned.whom or due[0].planned.action.short
        yield say(key, whom=whom, time=clock(due[0].due, now), count=len(due) - 1)
    if called:
        yield say("action.called", called=len(called))


def _in_fear(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[Paragraph]:
    """Whom to call all the same, where no line says so for now."""
    if not any(is_rung_now(each, script, now=now) for each in lines) and session.answers.get("profession") != DECIDER:
        told = front_numbers(script, now, answers=session.answers.around, is_short=True)
        yield Paragraph(script.wording.say("action.fear", numbers=told), is_close=True)


def _fullest(details: Sequence[tuple[str, ...]], lines: Sequence[CaseLine]) -> int:
    """Return the line that says most under its title; of those that say as much the one whose words can best wait for a tap."""
    return max([(len(each), LEAST.index(lines[at].line), at) for at, each in enumerate(details)], default=(0, 0, 0))[2]


def _title(line: CaseLine, script: Script, *, now: LocalTime) -> Paragraph:
    """What to do, and by when."""
    due = due_words(line, now, script=script)
    title = script.wording.say("action.line", number=line.number, title=line.planned.title, by=due)
    return Paragraph(title, is_strong=True, is_close=line.number > 1)


def _under(sentences: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """What stands under a title: what is said in any case, and as many details as there is room for."""
    words = " ".join(filter(None, sentences))
    return (Paragraph(words, is_close=True),) if words else ()


def _always(
    line: CaseLine, session: Session, *, script: Script, now: LocalTime, is_full: bool = False
) -> tuple[str, ...]:
    """What was done last, and whom to ring. On a full card the number of a call that waits for an office is a tap away."""
    done = last_done(line, session, script=script, now=now)
    waits = line.line is CardLine.CARE and not is_rung_now(line, script, now=now)
    is_put_off = is_full and (waits or line.line is CardLine.NEXT)
    is_rung = line.line in RUNG and not is_put_off and (not done or is_to_ring(line, session))
    rung = line_numbers(line, session, script=script, now=now, is_short=True, is_full=is_full) if is_rung else ""
    return (*done, rung) if rung else done


def _number(view: CaseView, script: Script) -> str:
    """The category, the total and the judgement, in one sentence each."""
    say, found = script.wording.say, view.score
    key = "action.so-far" if found.highest.total > found.total else "action.total"
    total = say(key, total=found.total, answered=found.answered, of=found.of)
    number = say("action.number", category=category_words(found, script), total=total)
    judgement = say(f"action.judgement.{view.case.answers.get('judgement') or 'not-asked'}")
    return " ".join((number, *_gaps(found, script), *low_words(found, script), judgement))


def _gaps(found: Score, script: Script) -> tuple[str, ...]:
    """Return what is not known, by number and name, where it is little enough to be named."""
    if not 1 <= len(found.unknown) <= MOST_GAPS:
        return ()
    instrument = script.pack.instrument
    named = [
        f"{instrument.number(each)} {instrument.item(each).short or instrument.item(each).label}"
        for each in found.unknown
    ]
    return (script.wording.say("action.gaps", items=", ".join(named)),)
