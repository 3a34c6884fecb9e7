"""Where a result stands once something was done: what was done last, what comes next, and what is settled."""

from collections.abc import Sequence

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import finished_on, in_words, review_on
from dialogs.result.actions import CaseLine
from dialogs.result.by_when import clock, due_words
from dialogs.result.callees import called
from seraf.advice.action_log import REFERRED, RINGS_BACK, WORSE, Logged, again_at, hear_at, last_of
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import EMERGENCY, LocalTime
from seraf.advice.guidance import Lead


def lead_as_done(lead: Lead, lines: Sequence[CaseLine], session: Session, *, script: Script, now: LocalTime) -> str:
    """Return what stands first: the lead; once something was done, that and what comes next; once all is done, that."""
    waits = [each for each in lines if not each.is_closed and _presses(each)]
    last = next((each for each in reversed(session.result.log) if any(line.line == each.line for line in lines)), None)
    is_open_999 = any(each.line is CardLine.EMERGENCY for each in waits)
    if last is None or last.what == WORSE or is_open_999:
        return lead.title
    if not waits:
        return _all_done(last, session, script=script, now=now)
    say, line = script.wording.say, next(each for each in lines if each.line == last.line)
    again = again_at(last, line.due)
    is_back = last.what in RINGS_BACK
    key = last.what if not is_back else "back-late" if now.at > again else "back"
    done = say(
        _word(script, f"standing-of.{key}", of=line.line),
        time=clock(last.time, now),
        name=_name(last, line, script=script),
        again=clock(again, now),
    )
    # Whoever is to be rung again at the same line is told so; a next step would take them away from it.
    if not line.is_closed and line.number == 1:
        return done if last.what in ("no-answer", "called") or is_back else f"{done} {_next(line, script, now=now)}"
    return f"{done} {_next(waits[0], script, now=now)}"


def closed_line(lines: Sequence[CaseLine], session: Session, *, script: Script, now: LocalTime) -> str:
    """Return what is settled, in one line, with by when to hear of it; empty where nothing is."""
    said = []
    for line in lines:
        last = last_of(session.result.log, line.line)
        if line.is_closed and last is not None:
            values = {"time": clock(last.time, now), "hear": clock(hear_at(last), now)}
            said.append(
                script.wording.say(
                    _settled(last, session, script=script), name=_name(last, line, script=script), **values
                )
            )
    return " ".join(said)


def _settled(last: Logged, session: Session, *, script: Script) -> str:
    """Return the key of what is settled. Where tonight is not safe nobody waits a day to hear."""
    is_tonight = last.what == REFERRED and _is_tonight(session)
    return "settled.referral-tonight" if is_tonight else _word(script, f"settled.{last.what}", of=CardLine(last.line))


def _word(script: Script, key: str, *, of: CardLine) -> str:
    """Return the key of what is said of a tap: of the police it may be another sentence."""
    special = f"{key}-{of}"
    return special if special in script.wording else key


def _is_tonight(session: Session) -> bool:
    """Return whether somebody said that tonight is not safe."""
    return session.answers.get("safe") == "not-tonight"


def _presses(line: CaseLine) -> bool:
    """Return whether a line asks for something to be done before the SERAF is done again."""
    return not line.planned.deadline.from_now and line.line is not CardLine.REVIEW


def _name(said: Logged, line: CaseLine, *, script: Script) -> str:
    """Return whom somebody said that they rang; of what is no call, what the line is about."""
    if said.to == EMERGENCY:
        return script.pack.contacts[EMERGENCY].value
    return called(said, line, script=script) or line.planned.action.short


def _next(line: CaseLine, script: Script, *, now: LocalTime) -> str:
    """Return what comes next; of a call on another day also by when, since nobody answers before."""
    title = line.planned.title
    begins = title[:2]
    lower = title if begins.isupper() or begins[1:].isupper() else title[:1].lower() + title[1:]
    if not line.planned.action.calls or line.due.astimezone(now.at.tzinfo).date() <= now.today:
        return script.wording.say("standing-of.next", title=lower)
    return script.wording.say("standing-of.next-day", title=lower, by=due_words(line, now, script=script))


def _all_done(last: Logged, session: Session, *, script: Script, now: LocalTime) -> str:
    say = script.wording.say
    referred = next((each for each in reversed(session.result.log) if each.what == REFERRED), None)
    key = "standing-of.hear-tonight" if _is_tonight(session) else "standing-of.hear"
    hear = [say(key, hear=clock(hear_at(referred), now))] if referred else []
    again = say("standing-of.again", date=in_words(review_on(finished_on(session, now), script)))
    return " ".join((say("standing-of.all-done", time=clock(last.time, now)), *hear, again))
