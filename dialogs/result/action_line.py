"""The card of one action of the action card: telephone numbers, reason, log, possible entries, and what follows from them."""

from collections.abc import Iterable
from typing import assert_never

from dialogs.call import CASE_SCRIPT, HEAD
from dialogs.core.acts import Log, Share, ShareDeed
from dialogs.core.keys import CLOSE, URGENT, Key, OverlayCard, Paragraphs, Rows, View, in_rows
from dialogs.core.page import Call
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session, is_of_an_adult
from dialogs.phrases.number import basis_in_short, basis_lines
from dialogs.phrases.whom_to_call import call_about, care_calls, care_numbers, front_numbers
from dialogs.result.actions import (
    TRIES,
    CaseLine,
    called,
    callees,
    clock,
    due_words,
    line_of,
    ringing_time,
    then_ring,
    to_ring,
    tried,
    without_number,
)
from seraf.advice import action_log
from seraf.advice.action_log import WORSE, Logged, again_at, asks_of, last_of, of_line
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import EMERGENCY, LocalTime
from seraf.form.vocabulary import DECIDER, NOT_KNOWN

WHOM_TO_ASK = Key(Share(ShareDeed.WHOM), "share-whom")

# Entries after which the telephone number is shown again. The text of “no answer” itself says whom to ring.
RUNG_AGAIN = frozenset({"cannot", "refused", "agency-unsure", "ring-back", *action_log.RINGS_BACK, WORSE})
MOST_WITH_LOG = 900  # maximum number of characters of card and log; beyond it, the earliest entries are omitted
MOST_WHOLE = 700  # maximum number of characters with all sources, which can be read on a phone without scrolling


def _line_words(view: View) -> Paragraphs:
    session, script, now = view.session, view.script, view.now
    say, found = script.wording.say, line_of(view.about, session, script=script, now=now)
    head = Paragraph(say("place.action", reference=session.reference))
    if found is None:
        return (head, Paragraph(say("action.gone")))
    found = without_number(found, session, script, now=now)
    action = found.planned.action
    said = (line_numbers(found, session, script=script, now=now, is_short=False), *found.planned.details)
    by = due_words(found, now, script=script)
    title = Paragraph(say("action.title", title=found.planned.title, by=by), is_strong=True)
    first = (head, title, *(Paragraph(text) for text in (" ".join(filter(None, said)),) if text))
    done = [Paragraph(text) for text in done_lines(found, session, script=script, now=now)]
    why = Paragraph(say("action.why", why=action.why))
    while len(done) > 1 and sum(len(each.text) + 2 for each in (*first, *done, why)) > MOST_WITH_LOG:
        del done[0]  # the summary has them all
    words = (*first, *done, why)
    voices = basis_lines(action.basis, script, is_judged=session.is_judged)
    whole = tuple(Paragraph(voice, is_close=True) for voice in voices)
    room = MOST_WHOLE - (HEAD if script.is_rehearsal else 0)
    fits = sum(len(each.text) + 2 for each in (*words, *whole)) <= room
    short = Paragraph(basis_in_short(action.basis, script, is_judged=session.is_judged), is_close=True)
    return (*words, *(whole if fits else (short,)))


def _line_rows(view: View) -> Rows:
    """Return the buttons of an action: what can be logged, and what can be done about the last entry."""
    session, script = view.session, view.script
    found = line_of(view.about, session, script=script, now=view.now)
    if found is None or script.is_rehearsal:
        return ((CLOSE, URGENT),)
    words, about_last = log_entries(found, session, script)
    entries, last = ([Key(Log(found.line, each), word_of(each)) for each in names] for names in (words, about_last))
    script_key = (CASE_SCRIPT,) if found.line is CardLine.CARE else ()
    rows = ((*entries, *script_key),) if words == action_log.FIRST else in_rows(entries, 2)
    # Asking is not talking: it closes no line.
    ask = ((WHOM_TO_ASK,),) if found.line is CardLine.MANAGER and script.shares and not found.is_closed else ()
    return (*rows, *((tuple(last),) if last else ()), *ask, (CLOSE, URGENT))


def word_of(entry: str) -> str:
    """Return the key of the label of an entry in the log."""
    return entry if entry == action_log.REMIND else f"logged.{entry}"


def log_entries(
    line: CaseLine, session: Session, script: Script, *, first: tuple[str, ...] = action_log.FIRST
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what can be logged about an action, and what can be done about its last entry: a reminder, and undoing it.

    `first` is what can be logged of a call that was not made. In a rehearsal there is nothing, because nothing is done.
    """
    if script.is_rehearsal:
        return (), ()
    last = last_of(session.result.log, line.line)
    undo = (action_log.UNDO,) if last and last.what != WORSE else ()
    # A reminder needs a real case, on a channel that survives its window.
    may_remind = last is not None and action_log.remind_at(last) is not None and script.channel.keeps
    remind = (action_log.REMIND,) if may_remind else ()
    if line.is_closed:
        return (), (*remind, *undo)
    if not line.planned.action.calls:
        return (action_log.AGREED if line.planned.deadline.from_now else "done",), ()
    if asks := asks_of(last.what, line.line) if last else ():
        return asks, undo
    return first, (*remind, *undo) if undo else ()


def _outcome_words(view: View) -> Paragraphs:
    session, script, now = view.session, view.script, view.now
    say, found = script.wording.say, line_of(view.about, session, script=script, now=now)
    last = last_of(session.result.log, CardLine(view.about))
    head = Paragraph(say("place.action", reference=session.reference))
    if found is None or last is None:
        return (head, Paragraph(say("action.gone")))
    asked = outcome_asked(last, found, script, now=now)
    return (head, Paragraph(found.planned.title, is_strong=True), Paragraph(asked))


def outcome_asked(last: Logged, line: CaseLine, script: Script, *, now: LocalTime) -> str:
    """Return the question that follows from the last entry about an action."""
    name = called(last, line, script=script)
    whom = f"{name[:1].upper()}{name[1:]}"
    key = "called-whom" if whom and last.what == "called" else last.what
    return script.wording.say(f"outcome.{key}", time=clock(last.time, now), whom=whom)


def _outcome_rows(view: View) -> Rows:
    """Return a button for each possible outcome of the call, and one that undoes the entry of the call."""
    line = CardLine(view.about)
    found, last = line_of(line, view.session, script=view.script, now=view.now), last_of(view.session.result.log, line)
    if found is None or last is None:
        return ((CLOSE, URGENT),)
    asks = asks_of(last.what, line)
    keys = (*(Key(Log(line, each), f"logged.{each}") for each in asks), Key(Log(line, "undo"), "logged.undo"))
    return (*in_rows(keys, 2), (CLOSE, URGENT))


def line_numbers(
    line: CaseLine, session: Session, *, script: Script, now: LocalTime, is_short: bool, is_full: bool = False
) -> str:
    """Return whom to ring with telephone numbers, or an empty text without a call. `is_full`: leave out whoever answers out of hours."""
    say, contacts = script.wording.say, script.pack.contacts
    match line.line:
        case CardLine.CARE if line.planned.action.calls and session.answers.get("profession") != "social-care":
            at, answers = ringing_time(line, script, now=now), session.answers.around
            if is_of_an_adult(answers) and not line.planned.whom:
                return front_numbers(script, at, answers=answers, is_short=is_short)
            return care_numbers(script, at, answers=answers, is_short=is_short)
        case CardLine.NEXT if session.answers.get("allocated") != "yes":
            return say("action.next", name=contacts["art"].name, value=contacts["art"].value)
        case CardLine.POLICE if session.answers.get("profession") != "police":
            return say("action.police", police=contacts.police.value, emergency=contacts["emergency"].value)
        case (
            CardLine.CARE
            | CardLine.NEXT
            | CardLine.POLICE
            | CardLine.EMERGENCY
            | CardLine.PARENTS
            | CardLine.MANAGER
            | CardLine.CHILD
            | CardLine.PLAN
            | CardLine.RECORD
            | CardLine.REVIEW
        ):
            return ""
    assert_never(line.line)


def line_calls(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> tuple[Call, ...]:
    """Return whom to ring about an action, in the order in which to try now. Offices that did not answer twice come last."""
    contacts, answers = script.pack.contacts, session.answers.around
    profession, taps = answers.get("profession"), of_line(session.result.log, line.line)
    match line.line:
        case CardLine.EMERGENCY if line.planned.action.calls:
            return (call_about(contacts[EMERGENCY], script, now=now),)
        case CardLine.NEXT if session.answers.get("allocated") != "yes":
            return (call_about(contacts["art"], script, contacts["art"].when, now=now),)
        case CardLine.POLICE if profession != "police":
            in_danger = script.wording.say("leaf.in-danger-ring", emergency=contacts[EMERGENCY].value)
            return (call_about(contacts.police, script, in_danger, now=now),)
        case CardLine.CARE if line.planned.action.calls and profession != DECIDER:
            at = ringing_time(line, script, now=now)
            has_team = bool(line.planned.whom) or not is_of_an_adult(answers)
            calls = care_calls(script, now, answers=answers, at=at, has_team=has_team)
            say, silent = script.wording.say, {each.id for each in calls if tried(each.id, taps, now=now) >= TRIES}
            others = [each for each in calls if each.id not in silent]
            if silent and others and others[0].id == contacts.police.id:
                others[0] = others[0]._replace(note=say("leaf.ring-now"))
            return (*others, *(each._replace(note=say("leaf.ring-on")) for each in calls if each.id in silent))
        case CardLine.CARE if line.planned.action.calls:
            # A social worker has the numbers of those they work with, but asks the police, and at night may hand over.
            stands_in = [each.id for each in callees(line, session, script=script, now=now) if each.value]
            note = script.wording.say("leaf.hand-over")
            also = (call_about(contacts[each], script, note, now=now) for each in stands_in)
            return (call_about(contacts.police, script, now=now), *also)
        case (
            CardLine.CARE
            | CardLine.NEXT
            | CardLine.POLICE
            | CardLine.EMERGENCY
            | CardLine.PARENTS
            | CardLine.MANAGER
            | CardLine.CHILD
            | CardLine.PLAN
            | CardLine.RECORD
            | CardLine.REVIEW
        ):
            return ()
    assert_never(line.line)


def done_lines(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> Iterable[str]:
    """Yield what was logged about an action, and what follows. Of repeated entries only the last is listed, except “no answer”."""
    times = of_line(session.result.log, line.line)
    # Each entry says what to do next, and only the latest of a kind still holds; unanswered calls are all listed.
    latest = {each.what: at for at, each in enumerate(times)}
    for at, each in enumerate(times[:-1]):
        if each.what == "no-answer":
            yield _unanswered(each, line, script=script, now=now)
        elif latest[each.what] == at and not action_log.WHAT[each.what].asks:
            yield _did(each, line, session, script=script, now=now)
    yield from last_done(line, session, script=script, now=now)


def last_done(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> tuple[str, ...]:
    """Return the last entry about an action and what follows from it, or an empty tuple if there is no entry."""
    last = last_of(session.result.log, line.line)
    if last is None:
        return ()
    if last.what == "no-answer":
        return (_no_answer(last, line, session=session, script=script, now=now),)
    return (_did(last, line, session, script=script, now=now),)


def is_tonight(session: Session) -> bool:
    """Return True if it is not certain that the child is safe tonight, so that nobody may wait a day for social care."""
    return session.answers.get("safe") in ("not-tonight", NOT_KNOWN)


def _did(said: Logged, line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> str:
    if said.what == action_log.REFERRED and is_tonight(session):
        return script.wording.say("did.referral-tonight", time=clock(said.time, now))
    times = {"again": clock(again_at(said, line.due), now), "hear": clock(action_log.hear_at(said), now)}
    return script.wording.say(f"did.{said.what}", time=clock(said.time, now), **times)


def is_to_ring(line: CaseLine, session: Session) -> bool:
    """Return True if, after the last entry, somebody still has to call, or to call again."""
    last = last_of(session.result.log, line.line)
    return last is not None and last.what in RUNG_AGAIN


def is_outcome_asked(line: CaseLine, session: Session) -> bool:
    """Return True if a call was logged for this action and its outcome is not logged yet."""
    last = last_of(session.result.log, line.line)
    return last is not None and last.what == "called"


def _unanswered(said: Logged, line: CaseLine, *, script: Script, now: LocalTime) -> str:
    say, whom = script.wording.say, called(said, line, script=script)
    key = "did.unanswered-whom" if whom else "did.unanswered"
    return say(key, time=clock(said.time, now), whom=whom)


def _no_answer(said: Logged, line: CaseLine, *, session: Session, script: Script, now: LocalTime) -> str:
    """Return a text that nobody answered, and whom to ring now. For 999 and 101 it names nobody else: ring them again."""
    say, of = script.wording.say, line.line
    at, retry = clock(said.time, now), again_at(said, line.due)
    again = say("did.again-by", time=clock(retry, now)) if retry > now.at else say("did.again-now")
    order = callees(line, session, script=script, now=now)
    taps = of_line(session.result.log, of)
    ring = to_ring(order, taps, now=now)
    if ring is None or of in (CardLine.EMERGENCY, CardLine.POLICE):
        key = of if of in (CardLine.EMERGENCY, CardLine.POLICE) else "plain"
        return say(f"did.no-answer-{key}", time=at, again=again)
    if tried(ring.id, taps, now=now) >= TRIES:
        return say("did.no-answer-all", time=at, ring=ring.words)
    after = then_ring(order, ring, taps=taps, now=now)
    is_officer = session.answers.get("profession") == "police"
    then = after.words if after else say("care.supervisor") if is_officer else script.pack.contacts.police.value
    if ring.id == said.to:
        begins = f"{ring.words[:1].upper()}{ring.words[1:]}"
        return say("did.no-answer", time=at, ring=begins, again=again, then=then)
    return say("did.no-answer-next", past=_unanswered(said, line, script=script, now=now), ring=ring.words, then=then)


ACTION_CARD = OverlayCard(_line_words, _line_rows)
OUTCOME_CARD = OverlayCard(_outcome_words, _outcome_rows)
