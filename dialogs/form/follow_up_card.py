"""The card of a question that is put at once: what brought it, what was answered before, and what may be answered."""

from dialogs.core.acts import Log, Open
from dialogs.core.keys import BACK, CLOSE, GO_ON, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.form.circumstance_cards import alone_rows, follow_up_paragraphs
from dialogs.form.path import section_at
from dialogs.form.questions import CARDS
from seraf.advice.action_log import UNDO
from state_machines.assessment import ASKING


def _rows(view: View) -> Rows:
    question = view.script.pack.guidance.circumstance(view.about)
    if question is None:
        return ((GO_ON,), (URGENT,))
    line = view.session.overlay and view.session.overlay.under
    mistake = (Key(Log(line.about, UNDO), "logged.undo"),) if line and line.kind is Kind.ACTION else ()
    what = Key(Open(Overlay(Kind.WHAT, question.id)), "what")
    undo = (mistake,) if mistake else ()
    return (*alone_rows(question, view.session), *undo, (what, *_to_what_brought_it(view), URGENT))


def _to_what_brought_it(view: View) -> tuple[Key, ...]:
    """Back to the question, the item or the card of ticks that brought it; if that is left as it is, it is asked again."""
    session = view.session
    if session.phase not in ASKING:
        return ()
    is_ticked = session.place in CARDS or section_at(session.place, view.script.pack.instrument)
    return (CLOSE,) if is_ticked else (BACK,)


FOLLOW_UP_CARD = OverlayCard(lambda view: follow_up_paragraphs(view.about, view.session, script=view.script), _rows)
