"""The overlays shown before the result because they cannot wait, and the reasons for ticks: who reported it, and since when."""

from dataclasses import replace

from dialogs.core.acts import Kind, Open, Overlay, Say
from dialogs.core.keys import CLOSE, URGENT, Key, OverlayCard, Paragraphs, Rows, View, in_rows
from dialogs.core.replies import Paragraph
from dialogs.core.session import Session
from seraf.advice.action_log import WORSE, last_of
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.guidance import OF_THE_NUMBER, Lead
from seraf.form.instrument import Item
from seraf.form.responses import KNOWN, SAYS, is_disclosure
from seraf.pack import Pack

STOP = Overlay(Kind.STOP)
CALLED = (CardLine.EMERGENCY, CardLine.CARE)  # the actions that are calls, one of which may be due at once


def leading_so_far(session: Session, pack: Pack) -> tuple[Lead, ...]:
    """Return the most urgent reasons to act so far (`Lead`), except those that depend on the points."""
    leads = session.view(pack.instrument).advice_so_far(pack.guidance).leads
    return tuple([lead for lead in leads if lead.urgency is leads[0].urgency and not lead.rests_on(OF_THE_NUMBER)])


def urgency_so_far(session: Session, pack: Pack) -> Urgency:
    """Return the highest urgency that the answers so far give."""
    return session.view(pack.instrument).advice_so_far(pack.guidance).leads[0].urgency


def is_enough_to_call(session: Session, pack: Pack) -> bool:
    """Return True if, by the answers so far, the person should call now, before they answer more questions."""
    return session.has_case and urgency_so_far(session, pack) >= Urgency.CALL


def is_called(session: Session, pack: Pack) -> bool:
    """Return True if the person said that they made the call that is due, or tried to.

    If 999 is due, neither a call to social care nor “cannot call” counts. For the police, a call to social care counts
    instead of 999.
    """
    is_999 = urgency_so_far(session, pack) is Urgency.EMERGENCY and session.answers.get("profession") != "police"
    last = last_of(session.result.log, CardLine.EMERGENCY if is_999 else CardLine.CARE)
    return last is not None and last.what != WORSE and not (is_999 and last.what == "cannot")


def ask_at_once(session: Session, pack: Pack) -> Session:
    """Return the session with the question that cannot wait as its overlay, or unchanged if there is no such question."""
    question = session.view(pack.instrument).to_ask_at_once(pack.guidance)
    return session.beneath(Overlay(Kind.FOLLOW_UP, question.id)) if question else session


def speak_up(session: Session, pack: Pack, *, is_again: bool = True) -> Session:
    """Return the session with the overlay that cannot wait: a question, or the stop card if it has something new.

    New is a higher urgency than was shown before, or a further reason for 999. A further reason of the same urgency does
    not stop the person again; the call script has it. Without `is_again`, no question is asked a second time.
    """
    view = session.view(pack.instrument)
    question = view.to_ask_at_once(pack.guidance, is_again=is_again)
    if question is not None:
        # The urgency shown so far stays as it is: any news is shown once that question is answered.
        return session.beneath(Overlay(Kind.FOLLOW_UP, question.id))
    leads = view.advice_so_far(pack.guidance).leads
    urgency, reasons = leads[0].urgency, {lead.reason for lead in leads if lead.urgency is leads[0].urgency}
    is_higher = urgency > session.told.urgency
    is_news = is_higher or (urgency is Urgency.EMERGENCY and not reasons <= set(session.told.reasons))
    if urgency < Urgency.CALL or not is_news:
        # The highest urgency so far is kept: an answer withdrawn and given again shows no second stop card (ADR 0038).
        return replace(session, told=replace(session.told, urgency=urgency)) if is_higher else session
    heard = tuple(sorted({*session.told.reasons, *reasons}))
    return replace(session, overlay=STOP, told=replace(session.told, urgency=urgency, reasons=heard))


def stopped_again(session: Session, pack: Pack) -> Session:
    """Return a resumed session with the stop card as its overlay, unless no call is due or the person called or tried to."""
    if session.has_case and is_enough_to_call(session, pack) and not is_called(session, pack):
        return session.beneath(STOP)
    return session


def is_stopped(session: Session) -> bool:
    """Return True if the session's overlay is the stop card."""
    return session.overlay is not None and session.overlay.kind is Kind.STOP


SAME, REST = "same", "rest"  # answers: as for the previous item; as for it, for all remaining items
BEFORE = "before"  # answer: back to the previous question

ONLINE = "online"  # question: threats, pressure or images online. After a Yes, a child who says so has disclosed abuse
# The questions about a ticked item, in order. `TOLD` is asked only if the child says so and it has no answer yet.
WHO, TOLD, SINCE = "who", "told", "since"


def reasons_key(session: Session, pack: Pack) -> tuple[Key, ...]:
    """Return the button from the check page to the reasons for ticks, or an empty tuple if no item is ticked."""
    items = session.view(pack.instrument).marks.ticked
    if not items:
        return ()
    first = next((item for item in items if session.answers.known.get(item.id) is None), items[0])
    return (Key(Open(_asking(first, WHO)), "reasons"),)


def _words(view: View) -> Paragraphs:
    session, script = view.session, view.script
    say, items = script.wording.say, session.view(script.pack.instrument).marks.ticked
    item_id, _, asked = view.about.partition(":")
    at = next((number for number, item in enumerate(items, 1) if item.id == item_id), 0)
    label = script.pack.instrument.item(item_id).label
    return (
        Paragraph(say("place.reasons", reference=session.reference, number=at, of=len(items))),
        Paragraph(label, is_strong=True),
        Paragraph(say(f"reasons.{asked}")),
    )


def _rows(view: View) -> Rows:
    session = view.session
    item_id, _, asked = view.about.partition(":")
    foot = (Key(CLOSE.act, "skip-reasons"), Key(Say(BEFORE), "back"), URGENT)
    if asked == TOLD:
        return (tuple(Key(Say(each), f"answer.{each}") for each in ("yes", "no")), foot)
    words, given = (SAYS, session.answers.says) if asked == WHO else (KNOWN, session.answers.known)
    keys = [Key(Say(each), f"{asked}.{each}", is_chosen=given.get(item_id) == each) for each in words]
    same = _before(item_id, session, pack=view.script.pack) is not None and asked == WHO
    like = (Key(Say(SAME), "reasons-same"), Key(Say(REST), "reasons-rest")) if same else ()
    return (*in_rows(keys, 2 if asked == WHO else 3), *((like,) if like else ()), foot)


def say_reason(session: Session, about: str, *, answer: str, pack: Pack) -> Session:
    """Return the session after an answer about a ticked item: at the next question, the next item, or the check page."""
    item_id, _, asked = about.partition(":")
    item = pack.instrument.item(item_id)
    items = session.view(pack.instrument).marks.ticked
    if answer == BEFORE and asked != WHO:
        return session.beneath(_asking(item, WHO))
    if answer == BEFORE:
        at = items.index(item) if item in items else 0
        return session.beneath(_asking(items[at - 1], SINCE) if at else None)
    if answer in (SAME, REST):
        before = _before(item.id, session, pack=pack)
        assert before is not None, "only where there is one before is it offered"
        these = items[items.index(item) :] if answer == REST else (item,)
        says, known = session.answers.says, session.answers.known
        for each in these:
            says = says.give(each.id, session.answers.says.get(before.id) or SAYS[-1])
            known = known.give(each.id, session.answers.known.get(before.id) or KNOWN[-1])
        return _onward(replace(session, answers=replace(session.answers, says=says, known=known)), these[-1], pack=pack)
    if asked == TOLD:
        since = _asking(item, SINCE)
        if answer != "yes":
            return session.beneath(since)
        # The child told somebody: what that calls for is shown at once, and the reasons continue under it.
        told = speak_up(session.giving("told_or_seen", "yes").beneath(None), pack)
        return told.beneath(replace(told.overlay, under=since) if told.overlay else since)
    if asked == SINCE:
        answers = replace(session.answers, known=session.answers.known.give(item.id, answer))
        return _onward(replace(session, answers=answers), item, pack=pack)
    after = replace(session, answers=replace(session.answers, says=session.answers.says.give(item.id, answer)))
    is_news = answer == "child" and session.answers.get("told_or_seen") != "yes"
    is_told = is_news and (is_disclosure(pack.instrument, item.id) or _is_threatened(session, item, pack=pack))
    return after.beneath(_asking(item, TOLD if is_told else SINCE))


def _is_threatened(session: Session, item: Item, *, pack: Pack) -> bool:
    question = pack.guidance.circumstance(ONLINE)
    if question is None or session.answers.get(ONLINE) != "yes":
        return False
    return any(item.id in words for each in question.matters for key, words in each.asks if key == "present")


def _before(item_id: str, session: Session, *, pack: Pack) -> Item | None:
    """Return the ticked item before this one, or None if there is none or its two reasons have no answers yet."""
    items = session.view(pack.instrument).marks.ticked
    at = next((number for number, item in enumerate(items) if item.id == item_id), 0)
    before = items[at - 1] if at else None
    return before if before and session.answers.says.get(before.id) and session.answers.known.get(before.id) else None


def _onward(session: Session, item: Item, *, pack: Pack) -> Session:
    """Return the session at the reasons for the next ticked item, or without this overlay if it was the last."""
    items = session.view(pack.instrument).marks.ticked
    after = items[items.index(item) + 1 :] if item in items else ()
    return session.beneath(_asking(after[0], WHO) if after else None)


def _asking(item: Item, asked: str) -> Overlay:
    return Overlay(Kind.REASONS, f"{item.id}:{asked}")


REASONS_CARD = OverlayCard(_words, _rows)
