"""Whom to call, at any time: urgent help, contacts, and what to say in general. Nothing of a case is shown."""

from dialogs.call.case_script import OF_THE_CASE, has_words
from dialogs.core.acts import Open
from dialogs.core.keys import CLOSE, CONTACTS, SCRIPT, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled
from dialogs.phrases.whom_to_call import contact_entries, contact_line, doubt_line, urgent_line

THIS_CASE = Key(Open(OF_THE_CASE), "this-case")


def _urgent_words(view: View) -> Paragraphs:
    say = view.script.wording.say
    lines = (urgent_line(view.script, view.now), *doubt_line(view.script, view.now))
    return titled("urgent", view.script, *lines, say("welcome.no-need"), say("urgent.keep"))


def _contact_words(view: View) -> Paragraphs:
    return titled("contacts", view.script, *contact_entries(view.script, view.now))


def _call_words(view: View) -> Paragraphs:
    line = contact_line(view.script, view.now, answers=view.session.answers.around)
    return titled("call", view.script, line, view.script.wording.say("call.script"))


def _call_rows(view: View) -> Rows:
    """From the general words to those of the case, where it has any."""
    own = ((THIS_CASE,),) if has_words(view.session) else ()
    return (*own, (URGENT, CONTACTS, CLOSE))


URGENT_CARD = OverlayCard(_urgent_words, lambda _: ((SCRIPT, CONTACTS, CLOSE),))
CONTACTS_CARD = OverlayCard(_contact_words, lambda _: ((URGENT, CLOSE),))
CALL_CARD = OverlayCard(_call_words, _call_rows)
