"""More: what else can be done with a case; whether it is to be erased; and that one is still here."""

from dialogs.core.acts import Close, Go
from dialogs.core.keys import (
    CLOSE,
    CODE,
    ERASE,
    ERASE_NOW,
    GO_ON,
    GUIDE,
    HELP,
    PAUSE,
    REMIND,
    URGENT,
    Key,
    Rows,
    in_rows,
)
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.result.in_the_record import ASKED, TO_RECORD
from dialogs.summary.summary_offer import SUMMARY
from dialogs.what_if.finding_out import FIND
from dialogs.what_if.raising import RAISE
from state_machines.assessment import ASKING, BEGUN, Phase, Trigger


def _titled(name: str, view: View, *, text: str = "") -> Paragraphs:
    say, reference = view.script.wording.say, view.session.reference
    title = Paragraph(say(f"{name}.title", reference=reference), is_strong=True)
    return (title, Paragraph(say(text or f"{name}.text", reference=reference)))


def _erase_words(view: View) -> Paragraphs:
    """Whether it is recorded is not asked again before erasing, once it was said."""
    recorded = view.session.answers.get(ASKED)
    return _titled("erase", view, text=f"erase.text-{recorded}" if recorded else "")


def _more_rows(view: View) -> Rows:
    session, script = view.session, view.script
    finish = (Key(Go(Trigger.FINISH), "finish"),) if session.phase in ASKING else ()
    of_result = _of_result(session, script) if session.phase is Phase.RESULT else ()
    erase = () if script.is_rehearsal else (ERASE,)
    return (*in_rows((*_pause(session), *finish, *of_result, *erase, GUIDE, HELP), 2), (CLOSE, URGENT))


def _of_result(session: Session, script: Script) -> tuple[Key, ...]:
    """What a finished SERAF has to offer besides what to do; what to find out only where something is not known."""
    find = (FIND,) if session.view(script.pack.instrument).marks.unknown else ()
    summary = () if script.is_rehearsal else (SUMMARY,)
    code = (CODE,) if script.codes else ()
    remind = (REMIND,) if script.channel.keeps and not script.is_rehearsal else ()
    return (Key(Go(Trigger.REVISE), "revise"), TO_RECORD, RAISE, *find, *summary, *code, *remind)


def _erase_rows(view: View) -> Rows:
    return ((ERASE_NOW, *_pause(view.session), Key(Close(), "keep")), (URGENT,))


def _again_rows(view: View) -> Rows:
    is_paused = view.session.phase is Phase.PAUSED
    return ((Key(Go(Trigger.RESUME), "resume") if is_paused else GO_ON, Key(ERASE.act, "start-new")), (URGENT,))


def _pause(session: Session) -> tuple[Key, ...]:
    return (PAUSE,) if session.phase in BEGUN else ()


MORE_CARD = OverlayCard(lambda view: _titled("more", view), _more_rows)
ERASE_CARD = OverlayCard(_erase_words, _erase_rows)
AGAIN_CARD = OverlayCard(lambda view: _titled("again", view), _again_rows)
