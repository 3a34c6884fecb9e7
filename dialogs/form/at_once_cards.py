"""The cards of what cannot wait: danger, a disclosure, that there is enough to call, or a question that is put at once."""

from dialogs.call.case_script import CASE_SCRIPT, call_key
from dialogs.core.acts import Close, Log, Open
from dialogs.core.keys import BACK, CLOSE, GO_ON, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.session import Session
from dialogs.form.at_once import lead_so_far, lead_without_number
from dialogs.form.circumstance_cards import alone_rows, enough_line, follow_up_paragraphs
from dialogs.form.path import section_at
from dialogs.form.questions import CARDS
from dialogs.phrases.whom_to_call import contact_line
from seraf.advice.action_log import UNDO
from state_machines.assessment import Phase


def _danger_words(view: View) -> Paragraphs:
    """What leads so far, whom to call, and that the card waits."""
    lead = lead_so_far(view.session, view.script.pack)
    line = contact_line(view.script, view.now, answers=view.session.answers)
    texts = (lead.text, line, view.script.wording.say("danger.stays"))
    return (Paragraph(lead.title, is_strong=True), *map(Paragraph, texts))


def _enough_words(view: View) -> Paragraphs:
    """That there is enough to call, and why; where that rests on the number alone, no number and no category is named."""
    session, script = view.session, view.script
    say_first, role = script.wording.say_first, session.answers.get("profession")
    lead = lead_without_number(session, script.pack)
    title = lead.title if lead else enough_line(session, script)
    why = lead.text if lead else script.wording.say("enough.what")
    line = contact_line(script, view.now, answers=session.answers)
    stays = say_first(f"enough.text-{role}", "enough.text")
    return (Paragraph(title, is_strong=True), *map(Paragraph, (why, line, stays)))


def _told_words(view: View) -> Paragraphs:
    line = contact_line(view.script, view.now, answers=view.session.answers)
    role = view.session.answers.get("profession")
    return titled("told", view.script, view.script.wording.say_first(f"told.text-{role}", "told.text"), line)


def _follow_up_rows(view: View) -> Rows:
    question = view.script.pack.guidance.circumstance(view.about)
    if question is None:
        return ((GO_ON,), (URGENT,))
    line = view.session.overlay and view.session.overlay.under
    mistake = (Key(Log(line.about, UNDO), "logged.undo"),) if line and line.kind is Kind.ACTION else ()
    what = Key(Open(Overlay(Kind.WHAT, question.id)), "what")
    undo = (mistake,) if mistake else ()
    return (*alone_rows(question, view.session), *undo, (what, *_to_what_brought_it(view), URGENT))


def _to_what_brought_it(view: View) -> tuple[Key, ...]:
    """Back to the item, or the card of ticks, that brought a question; if that is left as it is, it is asked again."""
    session = view.session
    if session.phase not in (Phase.ITEMS, Phase.CLOSING):
        return ()
    is_ticked = session.place in CARDS or section_at(session.place, view.script.pack.instrument)
    return (CLOSE,) if is_ticked else (BACK,)


def _back(session: Session) -> tuple[Key, ...]:
    """Back to the question that brought the overlay about; from the check page, to the check page."""
    return (BACK,) if session.phase is Phase.OPENING else ()


def _danger_rows(view: View) -> Rows:
    """That 999 was called; in a rehearsal nobody is, and it only goes on."""
    called = GO_ON if view.script.is_rehearsal else Key(Close(), "have-called")
    return ((called, *_back(view.session)), (URGENT,))


DANGER_CARD = OverlayCard(_danger_words, _danger_rows)
TOLD_CARD = OverlayCard(_told_words, lambda view: ((GO_ON, CASE_SCRIPT, *_back(view.session)), (URGENT,)))
ENOUGH_CARD = OverlayCard(_enough_words, lambda view: ((call_key(view.session, view.script), GO_ON), (URGENT,)))
FOLLOW_UP_CARD = OverlayCard(
    lambda view: follow_up_paragraphs(view.about, view.session, script=view.script), _follow_up_rows
)
