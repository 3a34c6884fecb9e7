"""The cards of what cannot wait: danger, a disclosure, that there is enough to call, or a question that is put at once."""

from dialogs.call.case_script import call_key
from dialogs.core.acts import Close
from dialogs.core.keys import BACK, GO_ON, SCRIPT, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled
from dialogs.core.replies import Paragraph
from dialogs.core.session import Session
from dialogs.form.at_once import lead_so_far
from dialogs.form.circumstance_cards import alone_rows, follow_up_paragraphs
from dialogs.phrases.whom_to_call import contact_line
from state_machines.assessment import Phase


def _lead_words(view: View, stays: str) -> Paragraphs:
    """What leads so far, whom to call, and that the card waits."""
    lead = lead_so_far(view.session, view.script.pack)
    line = contact_line(view.script, view.now, answers=view.session.answers)
    texts = (lead.text, line, view.script.wording.say(stays))
    return (Paragraph(lead.title, is_strong=True), *map(Paragraph, texts))


def _told_words(view: View) -> Paragraphs:
    line = contact_line(view.script, view.now, answers=view.session.answers)
    return titled("told", view.script, view.script.wording.say("told.text"), line)


def _follow_up_rows(view: View) -> Rows:
    question = view.script.pack.guidance.circumstance(view.about)
    return (*(alone_rows(question, view.session) if question else ((GO_ON,),)), (URGENT,))


def _back(session: Session) -> tuple[Key, ...]:
    """Back to the question that brought the overlay about; from the check page, to the check page."""
    return (BACK,) if session.phase is Phase.OPENING else ()


DANGER_CARD = OverlayCard(
    lambda view: _lead_words(view, "danger.stays"),
    lambda view: ((Key(Close(), "have-called"), *_back(view.session)), (URGENT,)),
)
TOLD_CARD = OverlayCard(_told_words, lambda view: ((GO_ON, SCRIPT, *_back(view.session)), (URGENT,)))
ENOUGH_CARD = OverlayCard(
    lambda view: _lead_words(view, "enough.text"), lambda view: ((call_key(view.session), GO_ON), (URGENT,))
)
FOLLOW_UP_CARD = OverlayCard(
    lambda view: follow_up_paragraphs(view.about, view.session, script=view.script), _follow_up_rows
)
