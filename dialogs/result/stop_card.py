"""The stop card, shown if a call is due before the assessment is finished. It says whom to call, by when, and what to say."""

from dialogs.call import CASE_SCRIPT, in_brief
from dialogs.core.acts import Close, Go, Log, is_stop_within
from dialogs.core.events import Occasion
from dialogs.core.keys import BACK, GO_ON, URGENT, Key, OverlayCard, Paragraphs, Rows, View
from dialogs.core.replies import CallDue, Paragraph, Reply
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import PREPARE, places_ahead
from dialogs.form.reasons import CALLED, is_stopped, leading_so_far
from dialogs.phrases.whom_to_call import contact_line
from dialogs.result.action_line import line_numbers
from dialogs.result.actions import CaseLine, due_words, lines_of, with_due, without_number
from seraf.advice.action_log import FIRST_ON_A_PAGE
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase, Trigger

MOST_DETAILS = 2  # maximum number of details of the call on the stop card; the result has all of them


def call_due(session: Session, script: Script, *, now: LocalTime) -> CaseLine | None:
    """Return the call that is due (999 or social care). If none is, return an action to be done at once, or None."""
    lines = _pressing(session, script, now=now)
    return next((each for each in lines if each.planned.action.calls), lines[0] if lines else None)


def pressing_before(line: CaseLine, session: Session, script: Script, *, now: LocalTime) -> list[CaseLine]:
    """Return what the person has to do before this call."""
    return [each for each in _pressing(session, script, now=now) if each.number < line.number]


def _pressing(session: Session, script: Script, *, now: LocalTime) -> list[CaseLine]:
    """Return the case's actions of the kinds 999 and social care, which are calls, or what the person has to do themselves."""
    lines = {each.line: each for each in lines_of(session, script, now=now)}
    return [lines[line] for line in CALLED if line in lines]


def _words(view: View) -> Paragraphs:
    session, script, now = view.session, view.script, view.now
    say, line = script.wording.say, call_due(session, script, now=now)
    # The lead names no category: nobody is shown one before their judgement.
    if leads := leading_so_far(session, script.pack):
        title, text = leads[0].title, leads[0].text
    else:
        role = session.answers.get("profession")
        title, text = script.wording.say_first(f"stop.number-{role}", "stop.number"), say("stop.number-text")
    key = "place.stop" if line is None or line.planned.action.calls else "place.stop-act"
    head = (Paragraph(say(key, reference=session.reference)), Paragraph(title, is_strong=True))
    waits = Paragraph(say("stop.waits"))
    if line is None:
        return (*head, Paragraph(text), waits)
    details = without_number(line, session, script, now=now).planned.details
    numbers = line_numbers(line, session, script=script, now=now, is_short=False)
    # The script is for social care; for 999 the line itself says what to say.
    is_999 = line.line is CardLine.EMERGENCY
    said = "" if is_999 else in_brief(session, script, now=now)
    first = pressing_before(line, session, script, now=now)
    return (
        *head,
        *(_title(each, script, now=now) for each in (*first, line)),
        *((Paragraph(numbers, is_close=True),) if numbers else ()),
        Paragraph(say("stop.say", text=said) if said else text),
        *((Paragraph(contact_line(script, now, answers=session.answers.around)),) if is_999 else ()),
        *(Paragraph(each, is_close=True) for each in details[:MOST_DETAILS]),
        waits,
    )


def _title(line: CaseLine, script: Script, *, now: LocalTime) -> Paragraph:
    by = due_words(line, now, script=script)
    return Paragraph(script.wording.say("action.title", title=line.planned.title, by=by), is_strong=True)


def _rows(view: View) -> Rows:
    session, script = view.session, view.script
    back = (BACK,) if session.phase in (Phase.OPENING, Phase.ITEMS) and not session.detour.is_changing else ()
    if script.is_rehearsal:
        return ((GO_ON, CASE_SCRIPT, *back), (URGENT,))
    line = call_due(session, script, now=view.now)
    said = () if line is None else FIRST_ON_A_PAGE if line.planned.action.calls else ("done",)
    taps = tuple(Key(Log(str(line.line), each), f"logged.{each}") for each in said) if line else ()
    on = Key(Close(), "prepare-call") if _prepares(session, script, now=view.now) else GO_ON
    later = Key(Go(Trigger.PAUSE), "finish-later")
    return (*((taps,) if taps else ()), (on, later), (CASE_SCRIPT, *back, URGENT))


def heeded(before: Session, after: Session, *, occasion: Occasion, script: Script) -> Session:
    """Return the session with a due time for the call if the stop card is now shown for the first time."""
    if not is_stopped(after) or is_stopped(before):
        return after
    return with_due(after, script, now=occasion.now, only=CALLED)


def _prepares(session: Session, script: Script, *, now: LocalTime) -> bool:
    """Return True if further answers would help a call that is due. If the person acts themselves, they would not."""
    line = call_due(session, script, now=now)
    return session.phase in (Phase.OPENING, Phase.ITEMS) and (line is None or line.planned.action.calls)


def in_call_order(before: Session, after: Session, *, occasion: Occasion, script: Script) -> Session:
    """Return the session. After the stop card is closed, the items come in the order that helps the call.

    Serious items come first, then whole sections on one card. A person who called, goes back or pauses continues as
    before.
    """
    is_left = is_stop_within(before.overlay) and not is_stop_within(after.overlay)
    is_here = (before.phase, before.place) == (after.phase, after.place)
    if not is_left or not is_here or script.is_rehearsal or not _prepares(after, script, now=occasion.now):
        return after
    # After these entries the call has still to be made; whoever takes one back stays where they did.
    added = after.result.log[len(before.result.log) :]
    if after.result.log != before.result.log and (not added or added[-1].what not in ("no-answer", "cannot")):
        return after
    preparing = after.giving("how", PREPARE)
    if after.phase is Phase.OPENING and after.place != "how":
        return preparing
    # At the question of the order, which is now answered, the items begin.
    preparing = preparing if after.phase is Phase.ITEMS else preparing.moved(Phase.ITEMS, "")
    ahead = places_ahead(preparing.at(""), script.pack)
    # After the last answer there is nothing left to reorder.
    return preparing.at(ahead[0]).beneath(after.overlay) if ahead else after


def finished_later(before: Session, reply: Reply, *, occasion: Occasion, script: Script) -> Reply:
    """Return the reply to a pause at the stop card, with a reminder for when the call is due."""
    line = call_due(before, script, now=occasion.now)
    if not script.channel.keeps or script.is_rehearsal or line is None or line.due <= occasion.now.at:
        return reply
    return Reply(reply.session, (*reply.effects, CallDue(line.due)))


STOP_CARD = OverlayCard(_words, _rows)
