"""How to use the bot: what every channel can do, and what else this one can."""

from dialogs.core.keys import CLOSE, CONTACTS, GUIDE, SCRIPT, TERMS, URGENT
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled


def _words(view: View) -> Paragraphs:
    script = view.script
    say, own = script.wording.say, f"help.{script.channel.name}"
    texts = (own, *(("help.notes",) if script.notes else ()))
    shown = (say(each) for each in texts if each in script.wording)
    return titled("help", script, say("help.text"), *shown, say("welcome.no-need"))


HELP_CARD = OverlayCard(_words, lambda _: ((GUIDE, TERMS), (CONTACTS, SCRIPT), (CLOSE, URGENT)))
