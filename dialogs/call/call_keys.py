"""The keys of what to say on the telephone: in general, which shows nothing of a case, and about this one."""

from dialogs.call.call_screens import has_words
from dialogs.core.acts import Open
from dialogs.core.keys import CLOSE, CONTACTS, URGENT, Key, Rows
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session

OF_THE_CASE = Overlay(Kind.CALLING, "1")

CASE_SCRIPT = Key(Open(OF_THE_CASE), "script")
"""From a result, where there is always a case."""


def call_key(session: Session) -> Key:
    """Whom to call, and what to say: of the case where there is something of it to say."""
    return Key(Open(OF_THE_CASE if has_words(session) else Overlay(Kind.CALL)), "call")


TO_SAY = Key(Open(OF_THE_CASE), "to-say")
ASKED_BACK = Key(Open(Overlay(Kind.CALLING, "2")), "asked-back")
THIS_CASE = Key(Open(OF_THE_CASE), "this-case")


def call_rows(overlay: Overlay, session: Session) -> Rows:
    """Between what is said and what is asked back; from the general words to those of the case, where it has any."""
    if overlay.kind is Kind.CALL:
        own = ((THIS_CASE,),) if has_words(session) else ()
        return (*own, (URGENT, CONTACTS, CLOSE))
    return ((ASKED_BACK if overlay.about == "1" else TO_SAY, CONTACTS), (CLOSE, URGENT))
