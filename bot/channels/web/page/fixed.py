"""Pages that are of nobody's record: for strangers, and while the records cannot be reached."""

from dataclasses import replace

from bot.channels.web.page.card import card_words
from bot.channels.web.page.markup import Markup, element
from bot.channels.web.page.whole import LONGEST_WORD, Frame, form, page, plain_page
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.locked.gate import Gate, Standing
from dialogs.locked.gate_cards import gate_card
from dialogs.phrases.landmarks import landmarked
from dialogs.phrases.whom_to_call import urgent_line
from seraf.advice.contacts import LocalTime


def stranger_page(frame: Frame, script: Script, now: LocalTime) -> str:
    """What somebody sees who was not admitted: whom to ring in danger, and where to put the code of an invitation."""
    say = frame.words.say
    label = element("label", say("browser.field.invitation"), for_="code")
    typed = element("input", id="code", name="words", maxlength=LONGEST_WORD, autocapitalize="characters")
    button = element("button", say("browser.come-in"), name="command", value="start")
    coming = form(frame, element("p", label, typed, class_="field"), element("p", button, class_="row"))
    about = element("p", say("toast.stranger"))
    urgent = urgent_words(script, now)
    return plain_page(
        frame.words, about, urgent, coming, *frame.extra, heading=say("browser.stranger"), toast=frame.toast
    )


def urgent_words(script: Script, now: LocalTime) -> Markup:
    """Whom to ring in danger, whoever they are: each number is a link that rings it."""
    line = (Paragraph(urgent_line(script, now)),)
    return card_words(Card(0, landmarked(line, script, above=len(line)), ()))


def unreachable_page(script: Script, now: LocalTime, *, toast: str = "") -> str:
    """Whom to call, from the pack in memory, while nothing can be saved. It has no button, since none would be kept."""
    notice = toast or script.wording.say("gate.unreachable.title")
    gate = Gate(Standing.UNREACHABLE, Overlay(Kind.CONTACTS))
    card = replace(gate_card(gate, 0, script=script, now=now, notice=notice), rows=())
    return page(script.wording, element("main", card_words(card), id="card"))
