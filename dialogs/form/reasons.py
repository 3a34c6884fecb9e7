"""What cannot wait for the result, and the reasons of ticked items by tap: who says so, and since when it is known."""

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

CALLED = (CardLine.EMERGENCY, CardLine.CARE)
"""Lines at which a call that is due is made."""


def lead_so_far(session: Session, pack: Pack) -> Lead:
    """Return the most urgent lead that what was answered already calls for."""
    return session.view(pack.instrument).advice_so_far(pack.guidance).leads[0]


def leading_so_far(session: Session, pack: Pack) -> tuple[Lead, ...]:
    """Return the leads that are as urgent as the most urgent one, but for those that rest on the number."""
    leads = session.view(pack.instrument).advice_so_far(pack.guidance).leads
    return tuple([lead for lead in leads if lead.urgency is leads[0].urgency and not lead.rests_on(OF_THE_NUMBER)])


def urgency_so_far(session: Session, pack: Pack) -> Urgency:
    """Return how urgent what was answered already is."""
    return lead_so_far(session, pack).urgency


def is_enough_to_call(session: Session, pack: Pack) -> bool:
    """Return whether what was answered is enough to call now, so that nobody goes on answering before they do."""
    return session.has_case and urgency_so_far(session, pack) >= Urgency.CALL


def is_called(session: Session, pack: Pack) -> bool:
    """Return whether the person has said of the call that is due now that they made it, or tried to.

    999 is not called by a call to social care, nor by saying that one cannot call. An officer acts where others call it.
    """
    is_999 = urgency_so_far(session, pack) is Urgency.EMERGENCY and session.answers.get("profession") != "police"
    last = last_of(session.result.log, CardLine.EMERGENCY if is_999 else CardLine.CARE)
    return last is not None and last.what != WORSE and not (is_999 and last.what == "cannot")


def ask_at_once(session: Session, pack: Pack, *, is_again: bool = True) -> Session:
    """Return the session with the question that cannot wait laid over it, where there is one; else the very same."""
    question = session.view(pack.instrument).to_ask_at_once(pack.guidance, is_again=is_again)
    return session.beneath(Overlay(Kind.FOLLOW_UP, question.id)) if question else session


def speak_up(session: Session, pack: Pack, *, is_again: bool = True) -> Session:
    """Return the session with what cannot wait laid over it: a question, or the stop where there is news.

    News is a higher disposition than was said before, or another reason for 999. A further reason of the same height stops
    nobody a second time: it is said in the call script. Without `is_again` no question is put a second time yet.
    """
    asking = ask_at_once(session, pack, is_again=is_again)
    if asking is not session:
        # What was said so far stays as it is: whatever is news by then is said once that question is answered.
        return asking
    leads = session.view(pack.instrument).advice_so_far(pack.guidance).leads
    urgency, reasons = leads[0].urgency, {lead.reason for lead in leads if lead.urgency is leads[0].urgency}
    is_higher = urgency > session.told.urgency
    is_news = is_higher or (urgency is Urgency.EMERGENCY and not reasons <= set(session.told.reasons))
    if urgency < Urgency.CALL or not is_news:
        # The most that was ever said: an answer that is taken back and given again does not stop anybody a second time (ADR 0038).
        return replace(session, told=replace(session.told, urgency=urgency)) if is_higher else session
    heard = tuple(sorted({*session.told.reasons, *reasons}))
    return replace(session, overlay=STOP, told=replace(session.told, urgency=urgency, reasons=heard))


def stopped_again(session: Session, pack: Pack) -> Session:
    """Return a session that is taken up again with the stop laid over it, as long as the call that is due was not tried."""
    if session.has_case and is_enough_to_call(session, pack) and not is_called(session, pack):
        return session.beneath(STOP)
    return session


def is_stopped(session: Session) -> bool:
    """Return whether the stop card lies over the session's card."""
    return session.overlay is not None and session.overlay.kind is Kind.STOP


SAME, REST = "same", "rest"
"""As for the item before; as for the item before with all that are left."""

BEFORE = "before"
"""Back to what was asked before."""

ONLINE = "online"
"""The question whether threats, pressure or images are involved: with Yes, a child who says so has told of abuse."""

WHO, TOLD, SINCE = "who", "told", "since"
"""What is asked of an item, in this order; whether a child told only where a child says so, and it was not said yet."""


def reasons_key(session: Session, pack: Pack) -> tuple[Key, ...]:
    """The way from the check page to the reasons; none where nothing is ticked."""
    items = session.view(pack.instrument).marks.ticked
    if not items:
        return ()
    first = next((item for item in items if session.answers.known.get(item.id) is None), items[0])
    return (Key(Open(_asking(first, WHO)), "reasons"),)


def _words(view: View) -> Paragraphs:
    """The item, and what is asked of it."""
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
    """Who may say so, or since when; from the second item on also that it is as for the one before."""
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
    """The session after a tap at a reason: the same item goes on, or the next one comes, or the check page again."""
    item_id, _, asked = about.partition(":")
    item = pack.instrument.item(item_id)
    if answer == BEFORE:
        return session.beneath(_asked_before(item, asked, session=session, pack=pack))
    if answer in (SAME, REST):
        return _like_before(session, item, pack=pack, is_rest=answer == REST)
    if asked == TOLD:
        return _told(session, item, pack=pack) if answer == "yes" else session.beneath(_asking(item, SINCE))
    if asked == SINCE:
        return _onward(
            replace(session, answers=replace(session.answers, known=session.answers.known.give(item.id, answer))),
            item,
            pack=pack,
        )
    after = replace(session, answers=replace(session.answers, says=session.answers.says.give(item.id, answer)))
    is_news = answer == "child" and session.answers.get("told_or_seen") != "yes"
    is_told = is_news and (is_disclosure(pack.instrument, item.id) or _is_threatened(session, item, pack=pack))
    return after.beneath(_asking(item, TOLD if is_told else SINCE))


def _asked_before(item: Item, asked: str, *, session: Session, pack: Pack) -> Overlay | None:
    """What was asked before: of the same item who says so, of the one before since when; before the first the check page."""
    if asked != WHO:
        return _asking(item, WHO)
    items = session.view(pack.instrument).marks.ticked
    at = items.index(item) if item in items else 0
    return _asking(items[at - 1], SINCE) if at else None


def _is_threatened(session: Session, item: Item, *, pack: Pack) -> bool:
    """Whether the item stands for threats, pressure or images online, by the answer to that question."""
    question = pack.guidance.circumstance(ONLINE)
    if question is None or session.answers.get(ONLINE) != "yes":
        return False
    return any(item.id in words for each in question.matters for key, words in each.asks if key == "present")


def _told(session: Session, item: Item, *, pack: Pack) -> Session:
    """A child told: it is answered so, and said at once what that calls for; then the reasons go on."""
    told = speak_up(session.giving("told_or_seen", "yes").beneath(None), pack)
    since = _asking(item, SINCE)
    return told.beneath(replace(told.overlay, under=since) if told.overlay else since)


def _like_before(session: Session, item: Item, *, pack: Pack, is_rest: bool) -> Session:
    before = _before(item.id, session, pack=pack)
    assert before is not None, "only where there is one before is it offered"
    items = session.view(pack.instrument).marks.ticked
    these = items[items.index(item) :] if is_rest else (item,)
    says, known = session.answers.says, session.answers.known
    for each in these:
        says = says.give(each.id, session.answers.says.get(before.id) or SAYS[-1])
        known = known.give(each.id, session.answers.known.get(before.id) or KNOWN[-1])
    return _onward(replace(session, answers=replace(session.answers, says=says, known=known)), these[-1], pack=pack)


def _before(item_id: str, session: Session, *, pack: Pack) -> Item | None:
    """The item before this one, where its reason was given."""
    items = session.view(pack.instrument).marks.ticked
    at = next((number for number, item in enumerate(items) if item.id == item_id), 0)
    before = items[at - 1] if at else None
    return before if before and session.answers.says.get(before.id) and session.answers.known.get(before.id) else None


def _onward(session: Session, item: Item, *, pack: Pack) -> Session:
    """The next ticked item, or what lies under the reasons."""
    items = session.view(pack.instrument).marks.ticked
    after = items[items.index(item) + 1 :] if item in items else ()
    return session.beneath(_asking(after[0], WHO) if after else None)


def _asking(item: Item, asked: str) -> Overlay:
    return Overlay(Kind.REASONS, f"{item.id}:{asked}")


REASONS_CARD = OverlayCard(_words, _rows)
