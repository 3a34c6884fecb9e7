"""How a review is begun, and what the codes of earlier SERAFs said. No number stands here."""

from dialogs.core.keys import CLOSE, GO_ON, URGENT
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.earlier import age_words, month_of
from seraf.review.carry_over import Carried


def _how(view: View) -> Paragraphs:
    say = view.script.wording.say
    return titled("review", view.script, *(say(f"review.{each}") for each in ("begin", "asked-again", "no-code")))


def _earlier(view: View) -> Paragraphs:
    say, session = view.script.wording.say, view.session
    return (
        Paragraph(say("earlier.title", reference=session.reference), is_strong=True),
        Paragraph("\n".join(_line(each, view.script) for each in session.earlier)),
        Paragraph(say("earlier.text")),
    )


def _line(carried: Carried, script: Script) -> str:
    return script.wording.say(
        "earlier.seraf",
        month=month_of(carried),
        age=age_words(carried, script).lower(),
        answered=len(carried.responses),
    )


REVIEW_CARD = OverlayCard(_how, lambda _: ((CLOSE, URGENT),))
EARLIER_CARD = OverlayCard(_earlier, lambda _: ((GO_ON, URGENT),))
