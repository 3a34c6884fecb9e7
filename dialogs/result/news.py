"""“Something changed” after the result: what is new of danger, of what was told and of tonight, without going through the form."""

from dialogs.core.acts import Go, Open, Say
from dialogs.core.events import Occasion
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.session import Session
from dialogs.form.moves import with_answer
from dialogs.result.call_taps import open_again
from seraf.advice.action_plan import CardLine
from seraf.pack import Pack
from state_machines.assessment import Trigger

SOMETHING_CHANGED = Key(Open(Overlay(Kind.NEWS)), "something-changed")

MISSING, FOUND = ("danger", "missing"), ("danger", "no")
"""That nobody knows where somebody is, and that they are found."""

NEWS = (("danger", "yes"), MISSING, ("told_or_seen", "yes"), ("safe", "not-tonight"))
"""What may be new, each an answer to a question of the form."""

SEPARATOR = "="
"""Between the question and its answer on a button."""


def is_news(session: Session) -> bool:
    """Return whether the card asks what changed."""
    return session.overlay is not None and session.overlay.kind is Kind.NEWS


def say_news(session: Session, said: str, *, occasion: Occasion, pack: Pack) -> Session:
    """Return the session with what is new; a call that was settled before is to be made again, since it did not know of it.

    What is said a second time is new as well: 999 that was called yesterday is called again for the danger of today.
    """
    question, _, answer = said.partition(SEPARATOR)
    after = _given(session, question, answer, pack=pack).beneath(None)
    if (question, answer) == FOUND:
        return after
    emergency = (CardLine.EMERGENCY,) if question == "danger" else ()
    return open_again(after, (*emergency, CardLine.CARE, CardLine.POLICE), at=occasion.now.at)


def _given(session: Session, question: str, answer: str, *, pack: Pack) -> Session:
    """Return the session with the answer. Danger and missing share one, so neither may take the other's place."""
    danger, said = session.answers.get("danger"), (question, answer)
    if said == FOUND and danger != "missing":
        return with_answer(session, "missing_now", answer="no", pack=pack)
    if said == MISSING and danger == "yes":
        return with_answer(session, "missing_now", answer="yes", pack=pack)
    after = with_answer(session, question, answer=answer, pack=pack)
    return (
        with_answer(after, "missing_now", answer="yes", pack=pack) if answer == "yes" and danger == "missing" else after
    )


def _words(view: View) -> Paragraphs:
    say = view.script.wording.say
    return (
        Paragraph(say("place.action", reference=view.session.reference)),
        Paragraph(say("news.title"), is_strong=True),
        Paragraph(say("news.text")),
        *((Paragraph(say("news.back")),) if _is_missing(view.session) else ()),
    )


def _is_missing(session: Session) -> bool:
    return session.answers.get("danger") == "missing" or session.answers.get("missing_now") in ("yes", "not-known")


def _rows(view: View) -> Rows:
    """What may be new; all else is changed on the check page."""
    given = view.session.answers
    keys = [
        Key(Say(f"{question}{SEPARATOR}{answer}"), f"news.{question}-{answer}", is_chosen=given.get(question) == answer)
        for question, answer in (*NEWS, *((FOUND,) if _is_missing(view.session) else ()))
    ]
    return (*in_rows(keys, 2), (Key(Go(Trigger.REVISE), "revise"),), (CLOSE, URGENT))


NEWS_CARD = OverlayCard(_words, _rows)
