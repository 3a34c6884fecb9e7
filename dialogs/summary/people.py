"""Who a summary is by: who holds the case and held it before, with whose answers are whose, and how others see it."""

from datetime import datetime

from dialogs.core.script import Script
from dialogs.core.session import Hand, Session
from dialogs.summary.actions import when
from dialogs.summary.summary import SummaryHand, SummaryOwed, SummaryPeople, SummaryView
from seraf.advice.contacts import LocalTime
from seraf.form.second_view import SecondView
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN


def people_of(session: Session, script: Script, *, by: Hand, now: LocalTime) -> SummaryPeople:
    """Return the people of a case that `by` holds."""
    around, result = session.answers.around.by_item, session.result
    said = (around.get("profession", ""), "", around.get("judgement", ""), session.answers.items)
    hands = (*result.hands, Hand(by.label, by.role, *said))
    *before, first = (_hand(at, hands, script=script, now=now) for at in range(len(hands)))
    views = (
        SummaryView(
            label=view.label,
            role=view.role,
            at=view.at,
            says=str(view.says),
            level=view.level,
            grounds=view.grounds,
            why=view.why,
            words=countersigned(view, script, at=when(datetime.fromisoformat(view.at), now)),
            note="" if script.hides_notes else view.words,
        )
        for view in result.views
    )
    owed = tuple(SummaryOwed(call.line, call.due) for call in result.owed.calls)
    return SummaryPeople(first, tuple(before), tuple(views), owed)


def _hand(at: int, hands: tuple[Hand, ...], *, script: Script, now: LocalTime) -> SummaryHand:
    """Return a hand with the items that it answered: those whose answer was theirs first, and has stood since."""
    hand, earlier, later = hands[at], hands[:at][-1:], hands[at:]
    items = tuple(
        item
        for item, answer in hand.items
        if all(each.items.get(item) == answer for each in later)
        and not any(each.items.get(item) == answer for each in earlier)
    )
    return SummaryHand(
        hand.label, hand.role, hand.profession, hand.judgement, hand.until, items, _words(hand, script, now=now)
    )


def _words(hand: Hand, script: Script, *, now: LocalTime) -> str:
    say = script.wording.say
    who = (hand.label, say(f"role.{hand.role}") if hand.role else "")
    works = say(f"answer.profession.{hand.profession}") if hand.profession not in ("", NOT_KNOWN) else ""
    named = ", ".join(filter(None, (*who, works)))
    if not hand.until:
        return named
    until = when(datetime.fromisoformat(hand.until), now)
    return say("summary.until", who=named, until=until, judgement=say(f"summary.judged.{hand.judgement or NOT_ASKED}"))


def countersigned(view: SecondView, script: Script, *, at: str) -> str:
    """Return the sentence with which a view is signed: who, role and time, and what they said, with the reasons that they tapped."""
    say = script.wording.say
    level = say(f"share.lead-long.{view.level}") if view.level else ""
    what = say(f"share.said.{view.says}", lead=level)
    grounds = say("share.said.grounds", grounds=say(f"share.grounds-word.{view.grounds}")) if view.grounds else ""
    named = [each.text for each in script.pack.guidance.view_reasons if each.id in view.why]
    role = say(f"role.{view.role}") if view.role else ""
    signed = say("share.said.signed", who=view.label, role=role, at=at, what=what)
    return " ".join(filter(None, (signed, grounds, f"{'; '.join(named)}." if named else "")))
