"""The card of a carry-over code: the code in one strong line, what it holds, and a button that copies it."""

from dialogs.core.acts import Copy
from dialogs.core.codes import carry_over_code
from dialogs.core.keys import CLOSE, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.replies import Paragraph


def _words(view: View) -> Paragraphs:
    """The words of the card; where there is no code, why."""
    say, code = view.script.wording.say, carry_over_code(view.session, view.script)
    head = Paragraph(say("code.title", reference=view.session.reference))
    if not code:
        return (head, Paragraph(say("code.none")))
    return (head, Paragraph(code, is_strong=True), Paragraph(say("code.write")), Paragraph(say("code.holds")))


def _rows(view: View) -> Rows:
    """A channel that cannot copy shows the code alone."""
    code = carry_over_code(view.session, view.script)
    copy = ((Key(Copy(code), "copy"),),) if code and view.script.channel.copies else ()
    return (*copy, (CLOSE, URGENT))


CODE_CARD = OverlayCard(_words, _rows)
