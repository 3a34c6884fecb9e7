"""The action card in a summary, and its log: what is due, who was called and when, with which outcome, and what is open."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import reviewed
from dialogs.phrases.number import basis_in_short, in_words
from dialogs.phrases.whom_to_call import OWN
from dialogs.result.action_line import line_numbers
from dialogs.result.actions import TRIES, CaseLine, lines_of
from dialogs.summary.summary import Did, SummaryAction
from seraf.advice.action_log import AGREED, RINGS_BACK, Logged, asks_of, hear_at, is_closed
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import ELSEWHERE, EMERGENCY, Contact, LocalTime
from seraf.form.circumstances import Basis

SPOKEN = frozenset(
    {
        *("agreed", "advice", "fear", "settled", "advised", "refused", "ring-back", *RINGS_BACK),
        *("referral", "strategy", "agency", "agency-told", "agency-unsure", "taken"),
    }
)
"""Log entries that mean that the person spoke to somebody on the telephone."""

NO_BASIS = Basis()  # for an action that is no longer on the card, since no current rule asks for it
WEEK = timedelta(days=7)


def actions_of(session: Session, script: Script, *, now: LocalTime) -> tuple[SummaryAction, ...]:
    """Return the actions of the card in its order, then those that are no longer on it but are still open."""
    lines, due = lines_of(session, script, now=now), session.result.due
    shown = {each.line for each in lines}
    gone = (line for line in CardLine if due.get(line) and line not in shown)
    left = (line for line in gone if not is_closed(session.result.log, line))
    return (
        *(_on_card(each, session, script=script, now=now) for each in lines),
        *(_gone(line, session, script=script, now=now) for line in left),
    )


def log_of(session: Session, script: Script, *, now: LocalTime) -> tuple[Did, ...]:
    """Return the entries of the log in order. A call and its outcome in the same minute become one entry."""
    titles = {each.line: each.planned.title for each in lines_of(session, script, now=now)}
    return tuple(_did(at, session, titles=titles, script=script, now=now) for at in _shown(session.result.log))


def when(at: datetime, now: LocalTime) -> str:
    """Return a time with its day, such as “Wed 4 Mar 14:16”. If it is more than a week ahead, return only the day."""
    return in_words(at.date()) if at - now.at > WEEK else f"{at:%a} {at.day} {at:%b} {at:%H:%M}"


def _on_card(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> SummaryAction:
    action, deadline, say = line.planned.action, line.planned.deadline, script.wording.say
    key = "from-now" if deadline.from_now else "at-once" if deadline.is_at_once else "by"
    still, due = "in-force" if deadline.from_now else "open", when(line.due, now)
    open_words = say(f"summary.{still}", now=when(now.at, now), title=line.planned.title, due=due)
    return SummaryAction(
        line=str(line.line),
        title=line.planned.title,
        by=line.due.isoformat(),
        by_words=say(f"summary.{key}", when=due),
        whom=line_numbers(line, session, script=script, now=now, is_short=True),
        details=line.planned.details,
        why=action.why,
        source=basis_in_short(action.basis, script),
        basis=action.basis,
        state="closed" if line.is_closed else "open",
        is_on_card=True,
        open_words="" if line.is_closed else open_words,
    )


def _gone(line: CardLine, session: Session, *, script: Script, now: LocalTime) -> SummaryAction:
    say, due = script.wording.say, datetime.fromisoformat(session.result.due.get(str(line)) or "")
    title = say(f"summary.line.{line}")
    return SummaryAction(
        line=str(line),
        title=title,
        by=due.isoformat(),
        by_words=say("summary.by", when=when(due, now)),
        whom="",
        details=(),
        why=say("summary.off-card"),
        source=basis_in_short(NO_BASIS, script),
        basis=NO_BASIS,
        state="open",
        is_on_card=False,
        open_words=say("summary.open", now=when(now.at, now), title=title, due=when(due, now)),
    )


def _shown(log: tuple[Logged, ...]) -> Iterator[int]:
    """Yield the indices of the entries to list. A call is omitted if its outcome was entered in the same minute."""
    for place, each in enumerate(log):
        after = next((later for later in log[place + 1 :] if later.line == each.line), None)
        if not (after and after.what in asks_of(each.what, CardLine(each.line)) and after.at == each.at):
            yield place


def _did(place: int, session: Session, *, titles: dict[CardLine, str], script: Script, now: LocalTime) -> Did:
    each = session.result.log[place]
    line, before = CardLine(each.line), session.result.log[:place]
    general = script.wording.say(f"summary.line.{line}")
    whom = (
        titles.get(line, general)
        if each.what in ("done", AGREED)
        else _called(each, before, session=session, script=script, now=now) or general
    )
    is_last = all(later.line != each.line for later in session.result.log[place + 1 :])
    key = "called-only" if each.what == "called" and is_last else each.what
    outcome = script.wording.say(f"summary.did.{key}", hear=when(hear_at(each), now))
    words = script.wording.say("summary.log", when=when(each.time, now), whom=whom, what=outcome)
    return Did(each.at, each.line, each.what, words, each.what in SPOKEN)


def _called(said: Logged, before: tuple[Logged, ...], *, session: Session, script: Script, now: LocalTime) -> str:
    """Return whom the card then told the person to ring, with the telephone number, or an empty text if that is not certain."""
    contact = next((each for each in script.pack.contacts.all if each.id == said.to and each.value), None)
    if contact:
        return _numbered(contact)
    tried = sum(each.line == said.line and each.what == "no-answer" for each in before)
    if not (said.to in (OWN, ELSEWHERE) if said.to else tried < TRIES):
        return ""
    line, then, contacts = CardLine(said.line), now.moved(said.time), script.pack.contacts
    if line in (CardLine.POLICE, CardLine.EMERGENCY):
        return _numbered(contacts["police" if line is CardLine.POLICE else EMERGENCY])
    advice = reviewed(session, script, now=then).advice(script.pack.guidance)
    planned = advice.planned(hour=script.pack.guidance.hour(then, contacts))
    whom = next((each.whom for each in planned if each.action.line is line), "")
    # A record omits the word before the callee.
    whom = whom.removeprefix("the ").removeprefix("your ")
    whom = f"{whom[:1].upper()}{whom[1:]}"
    contact = next((each for each in contacts.all if each.name == whom), None)
    return _numbered(contact) if contact else whom


def _numbered(contact: Contact) -> str:
    return f"{contact.name} {contact.value}".strip()
