"""The action card: what to do, by when, whom to call, and what was done, on one page that fits on a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dialogs.call import CASE_SCRIPT
from dialogs.core.acts import Kind, Open, Overlay, Page
from dialogs.core.keys import MORE, Key, Rows, in_rows
from dialogs.core.replies import Paragraph, height_of
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import outstanding_line, reviewed
from dialogs.phrases.number import LOW, categories, finished_on, in_words, review_on
from dialogs.phrases.whom_to_call import front_numbers
from dialogs.result.action_line import is_outcome_asked, is_to_ring, is_tonight, last_done, line_numbers
from dialogs.result.actions import CaseLine, called, clock, due_words, is_rung_now, lead_of, lines_of
from seraf.advice.action_log import REFERRED, RINGS_BACK, WORSE, Logged, again_at, hear_at, last_of
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.contacts import EMERGENCY, LocalTime
from seraf.advice.guidance import Lead
from seraf.case_view import CaseView
from seraf.form.second_view import NOTHING_OWED, raised_to, raiser
from seraf.form.vocabulary import DECIDER, NOT_ASKED
from seraf.score.scoring import Score


def lead_as_done(lead: Lead, lines: Sequence[CaseLine], session: Session, *, script: Script, now: LocalTime) -> str:
    """Return the card's first sentence: the most urgent advice, or the last action and the next step, or that all is done."""
    still = [line for line in lines if not line.is_closed and line.line is not CardLine.REVIEW]
    waits = [line for line in still if not line.planned.deadline.from_now]
    last = next((each for each in reversed(session.result.log) if any(line.line == each.line for line in lines)), None)
    is_open_999 = any(each.line is CardLine.EMERGENCY for each in waits)
    if last is None or last.what == WORSE or is_open_999:
        return lead.title
    say = script.wording.say
    if not waits:
        referred = next((each for each in reversed(session.result.log) if each.what == REFERRED), None)
        hearing = "standing-of.hear-tonight" if is_tonight(session) else "standing-of.hear"
        hear = [say(hearing, hear=clock(hear_at(referred), now))] if referred else []
        review = say("standing-of.again", date=in_words(review_on(finished_on(session, now), script)))
        return " ".join((say("standing-of.all-done", time=clock(last.time, now)), *hear, review))
    line = next(each for each in lines if each.line == last.line)
    again = again_at(last, line.due)
    is_back = last.what in RINGS_BACK
    key = last.what if not is_back else "back-late" if now.at > again else "back"
    word, name = _word(script, f"standing-of.{key}", of=line.line), _name(last, line, script=script)
    done = say(word, time=clock(last.time, now), name=name, again=clock(again, now))
    # If the same line is to be rung again, it says so; a next step would distract from it.
    if not line.is_closed and line.number == 1:
        return done if last.what in ("no-answer", "called") or is_back else f"{done} {_next(line, script, now=now)}"
    return f"{done} {_next(waits[0], script, now=now)}"


def closed_line(lines: Sequence[CaseLine], session: Session, *, script: Script, now: LocalTime) -> str:
    """Return what is settled, and by when the person should hear back, as one text. It is empty if no action is closed."""
    said = []
    for line in lines:
        last = last_of(session.result.log, line.line)
        if line.is_closed and last is not None:
            values = {"time": clock(last.time, now), "hear": clock(hear_at(last), now)}
            # If tonight is not safe, nobody waits a day to hear.
            waits_no_day = last.what == REFERRED and is_tonight(session)
            general = _word(script, f"settled.{last.what}", of=CardLine(last.line))
            key = "settled.referral-tonight" if waits_no_day else general
            said.append(script.wording.say(key, name=_name(last, line, script=script), **values))
    return " ".join(said)


def _word(script: Script, key: str, *, of: CardLine) -> str:
    """Return the wording key for an entry of the log. If there is one for this kind of action, that is preferred."""
    special = f"{key}-{of}"
    return special if special in script.wording else key


def _name(said: Logged, line: CaseLine, *, script: Script) -> str:
    """Return the name of the contact who was rung. For an action that is no call, return the action's short label."""
    if said.to == EMERGENCY:
        return script.pack.contacts[EMERGENCY].value
    return called(said, line, script=script) or line.planned.action.wording.short


def _next(line: CaseLine, script: Script, *, now: LocalTime) -> str:
    """Return the sentence with the next step. For a call on a later day it says by when, since nobody answers earlier."""
    title = line.planned.title
    begins = title[:2]
    lower = title if begins.isupper() or begins[1:].isupper() else title[:1].lower() + title[1:]
    if not line.planned.action.calls or line.due.astimezone(now.at.tzinfo).date() <= now.today:
        return script.wording.say("standing-of.next", title=lower)
    return script.wording.say("standing-of.next-day", title=lower, by=due_words(line, now, script=script))


MOST_LINES = 23  # maximum number of lines of text, including empty ones, so that card and buttons fit on a phone
OF_REHEARSAL = 5  # how many lines fewer there are in a rehearsal, which adds a line and up to two rows of buttons
OF_NOTES = 2  # how many lines fewer there are where notes are taken, which adds a row with their button
NARROW = 41  # number of characters of a line with many capitals and figures; counted so, a line more is allowed
BEHIND = {line: Open(Overlay(Kind.ACTION, str(line))) for line in CardLine}  # opens the card of an action
RUNG = (CardLine.CARE, CardLine.NEXT, CardLine.POLICE)  # actions for which the card shows a telephone number

# The actions that are shortened, in this order, if the card is full: the call in the morning, then the call to make now.
SHORTER = (CardLine.NEXT, CardLine.CARE)
LEAST = (
    *(CardLine.EMERGENCY, CardLine.POLICE, CardLine.CHILD, CardLine.CARE, CardLine.PARENTS),
    *(CardLine.MANAGER, CardLine.NEXT, CardLine.RECORD, CardLine.PLAN, CardLine.REVIEW),
)
"""All kinds of action, in the order in which they keep their details: those that save lives or protect evidence first."""

MOST_GAPS = 3  # maximum number of unknown items that the card names; if there are more, it names none
MOST_CHARACTERS = 900  # maximum number of characters of the card, without what a rehearsal adds above it


def action_paragraphs(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the card. Each action has as many details as fit; a tap on its button shows the others."""
    every = lines_of(session, script, now=now)
    lines = tuple([each for each in every if not each.is_closed])
    view = reviewed(session, script, now=now)
    lead = tuple(leading(every, session, script=script, now=now))
    numbers, *rest = in_short(view, script, before=session.result.judged_before)
    closed = closed_line(every, session, script=script, now=now)
    number = (
        *((Paragraph(closed, is_close=True),) if closed else ()),
        *_in_fear(every, session, script=script, now=now),
        Paragraph(" ".join((numbers, *_gaps(view.score, script), *rest))),
    )
    titles = [_title(each, script, now=now) for each in lines]
    always = [_always(each, session, script=script, now=now) for each in lines]
    details = [each.planned.details for each in lines]
    under = [_under((*said, *more)) for said, more in zip(always, details, strict=True)]
    # The time of the message may need a line of its own below the last one.
    timed = number[-1]._replace(text=f"{number[-1].text} 00:00")
    characters, height, wide = _taken((*lead, *titles, *number))
    around = characters, height, wide + height_of(timed, NARROW) - height_of(number[-1], NARROW)
    taken = [_taken(each) for each in under]
    shorter = list(SHORTER)
    most = MOST_LINES - (OF_REHEARSAL if script.is_rehearsal else OF_NOTES if script.notes else 0)
    while not _fit((around, *taken), most):
        # The line with most details loses one; of equal ones, the line whose details can best wait for a tap.
        fullness = [(len(each), LEAST.index(lines[at].line), at) for at, each in enumerate(details)]
        at = max(fullness)[2] if fullness else 0
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


def in_short(view: CaseView, script: Script, *, before: str = "", whole: bool = False) -> tuple[str, ...]:
    """Return the category and total in one line, for a low one that it does not mean safe, and the person's judgement.

    `before` is the judgement of a former holder, if there was one. With `whole`, which needs more room, these are whole sentences.
    """
    say, found = script.wording.say, view.score

    def said(name: str, **values: str | int) -> str:
        return say(f"leaf.score.{name}", **values) if whole else say(f"action.{name}", **values)

    unknown = len(found.unknown)
    # Up to `MOST_GAPS` are named beside this line, so that their number is not said as well.
    so_far = "so-far" if unknown > MOST_GAPS else "so-far-named"
    key = so_far if found.highest.total > found.total else "total"
    values = {"total": found.total, "answered": found.answered, "of": found.of, "unknown": unknown}
    total = said(key, **values)
    category = say("action.range" if found.is_range else "action.category", categories=categories(found, script))
    low = (said("low"),) if found.category <= LOW else ()
    judged = view.case.answers.get("judgement") or NOT_ASKED
    is_anothers = judged == before
    judgement = say(f"action.judgement-before.{judged}" if is_anothers else f"action.judgement.{judged}")
    return (said("number", category=category, total=total), *low, judgement)


def _taken(paragraphs: tuple[Paragraph, ...]) -> tuple[int, int, int]:
    """Return the characters and the lines that paragraphs take, and the lines if many letters are wide."""
    characters = sum([len(each.text) + (1 if each.is_close else 2) for each in paragraphs])
    return characters, sum(map(height_of, paragraphs)), sum([height_of(each, NARROW) for each in paragraphs])


def _fit(taken: Sequence[tuple[int, int, int]], most: int) -> bool:
    characters, lines, wide = map(sum, zip(*taken, strict=True))
    return lines < most and wide <= most and characters <= MOST_CHARACTERS


def action_rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """Return a button for each action and for more steps, then buttons for whom to call, for the score, and More."""
    say, kind = script.wording.say, "key-rehearsed" if script.is_rehearsal else "key"
    keys = [
        Key(
            BEHIND[each.line],
            text=say(f"action.{kind}", number=each.number, short=each.planned.action.wording.short),
            is_chosen=each.is_closed,
        )
        for each in lines_of(session, script, now=now)
    ]
    steps, number = tuple(Key(Page(pages.index(kind) + 1), f"page.{kind}") for kind in ("steps", "number"))
    call = CASE_SCRIPT if not script.is_rehearsal else CASE_SCRIPT._replace(word="script")
    return (*in_rows((*keys, steps)), (call, number, MORE))


def leading(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[Paragraph]:
    """Yield the card's first sentence, and before it what is overdue, unless 999 is still to be called. At a review, also
    yield what still applies from before.
    """
    lead = lead_of(reviewed(session, script, now=now), script)
    said = [lead_as_done(lead, lines, session, script=script, now=now)]
    if session.result.due and lead.urgency >= Urgency.MANAGER:
        at = int(any(each.line is CardLine.EMERGENCY and not each.is_closed for each in lines))
        said[at:at] = _late(lines, session, script=script, now=now)
    # A rehearsal says above that no child is real, so that there is no room for an empty line.
    yield from (Paragraph(each, True, is_close=bool(at) or script.is_rehearsal) for at, each in enumerate(said))
    yield from _raised(lines, session, script=script, now=now)
    if stands := outstanding_line(session, script, now=now):
        yield Paragraph(stands, is_close=True)


def _raised(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[Paragraph]:
    """Yield who made the case more urgent by a second view, while something is open that would not lead without it."""
    view = raiser(session.result.views)
    if view is None or all(each.is_closed or each.planned.deadline.from_now for each in lines):
        return
    alone = replace(session, result=replace(session.result, views=(), owed=NOTHING_OWED))
    before, lead = (lead_of(reviewed(each, script, now=now), script).urgency for each in (alone, session))
    if before < lead and lead.word == raised_to((view,)):
        role = script.wording.say(f"role.{view.role}") if view.role else ""
        key = "action.raised-more" if view.level == lead.word else "action.raised-grounds"
        yield Paragraph(script.wording.say(key, who=", ".join(filter(None, (view.label, role)))), is_close=True)


def _late(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[str]:
    """Yield that actions are overdue, of which the first is named, and that calls were made but have no outcome yet."""
    say, late = script.wording.say, [each for each in lines if each.is_late(now)]
    # A call that was made is not overdue, but nothing is settled before its outcome, so it is always mentioned.
    called = [each for each in late if is_outcome_asked(each, session)]
    due = sorted((each for each in late if each not in called), key=lambda each: each.due)
    if due:
        key = "action.overdue" if len(due) == 1 else "action.overdue-more"
        # By now a different office may answer, so none is named.
        is_care = due[0].line is CardLine.CARE and due[0].planned.action.calls
        whom = say("action.the-call") if is_care else due[0].planned.whom or due[0].planned.action.wording.short
        yield say(key, whom=whom, time=clock(due[0].due, now), count=len(due) - 1)
    if called:
        yield say("action.called", called=len(called))


def is_fear_said(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> bool:
    """Return True if no action is a call to social care now, so that the card says whom to ring if the person fears harm."""
    is_rung = any(is_rung_now(each, script, now=now) for each in lines)
    return not is_rung and session.answers.get("profession") != DECIDER


def _in_fear(lines: tuple[CaseLine, ...], session: Session, *, script: Script, now: LocalTime) -> Iterable[Paragraph]:
    if is_fear_said(lines, session, script=script, now=now):
        told = front_numbers(script, now, answers=session.answers.around, is_short=True)
        yield Paragraph(script.wording.say("action.fear", numbers=told), is_close=True)


def _title(line: CaseLine, script: Script, *, now: LocalTime) -> Paragraph:
    due = due_words(line, now, script=script)
    title = script.wording.say("action.line", number=line.number, title=line.planned.title, by=due)
    return Paragraph(title, is_strong=True, is_close=line.number > 1)


def _under(sentences: tuple[str, ...]) -> tuple[Paragraph, ...]:
    words = " ".join(filter(None, sentences))
    return (Paragraph(words, is_close=True),) if words else ()


def _always(
    line: CaseLine, session: Session, *, script: Script, now: LocalTime, is_full: bool = False
) -> tuple[str, ...]:
    """Return what was done last, and whom to ring. A full card leaves out the telephone number of a call that can wait."""
    done = last_done(line, session, script=script, now=now)
    waits = line.line is CardLine.CARE and not is_rung_now(line, script, now=now)
    is_put_off = is_full and (waits or line.line is CardLine.NEXT)
    is_rung = line.line in RUNG and not is_put_off and (not done or is_to_ring(line, session))
    rung = line_numbers(line, session, script=script, now=now, is_short=True, is_full=is_full) if is_rung else ""
    return (*done, rung) if rung else done


def _gaps(found: Score, script: Script) -> tuple[str, ...]:
    if not 1 <= len(found.unknown) <= MOST_GAPS:
        return ()
    items = [(script.pack.instrument.number(each), script.pack.instrument.item(each)) for each in found.unknown]
    named = [f"{number} {item.short or item.label}" for number, item in items]
    return (script.wording.say("action.gaps", items=", ".join(named)),)
