"""The keys of each overlay."""

from collections.abc import Mapping

from dialogs.call.call_keys import call_key
from dialogs.core.acts import Close, Go, Open
from dialogs.core.keys import (
    BACK,
    CLOSE,
    CODE,
    CONTACTS,
    ERASE,
    ERASE_NOW,
    GO_ON,
    GUIDE,
    HELP,
    PAUSE,
    REMIND,
    SCRIPT,
    TERMS,
    URGENT,
    Key,
    Rows,
    fitting,
    in_rows,
)
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.circumstance_cards import alone_rows
from dialogs.form.path import on_card, section_at
from dialogs.form.questions import CARDS
from dialogs.form.reasons import reason_rows
from dialogs.guide.guide_keys import guide_rows
from dialogs.notes.note_keys import note_rows
from dialogs.result.action_line import line_rows, outcome_rows
from dialogs.result.in_the_record import TO_RECORD
from dialogs.review.changes import changed_rows
from dialogs.review.code_screens import code_rows
from dialogs.review.reminder import remind_rows
from dialogs.summary.summary_offer import SUMMARY, summary_rows
from dialogs.what_if.what_if_keys import beyond, beyond_rows
from seraf.advice.contacts import LocalTime
from seraf.pack import Pack
from seraf.reference.glossary import Glossary
from state_machines.assessment import ASKING, BEGUN, Phase, Trigger

TERMS_A_PAGE = 9

ALWAYS: Mapping[Kind, Rows] = {
    Kind.URGENT: ((SCRIPT, CONTACTS, CLOSE),),
    Kind.CONTACTS: ((URGENT, CLOSE),),
    Kind.EXPLAIN: ((TERMS, CLOSE, URGENT),),
    Kind.WORDS: ((TERMS, CLOSE, URGENT),),
    Kind.HELP: ((GUIDE, TERMS), (CONTACTS, SCRIPT), (CLOSE, URGENT)),
    Kind.REVIEW: ((CLOSE, URGENT),),
    Kind.EARLIER: ((GO_ON, URGENT),),
    Kind.TO_RECORD: ((GO_ON, URGENT),),
}
"""The keys of overlays that have the same ones whatever the case: of each kind that `overlay_rows` does not name."""


def overlay_rows(overlay: Overlay, session: Session, script: Script, now: LocalTime) -> Rows:
    """The rows of keys of an overlay over this session."""
    pack = script.pack
    match overlay.kind:
        case Kind.WHAT:
            return (*_explained(overlay.about, session, pack), (CLOSE, URGENT))
        case Kind.TERMS:
            return _terms(pack.glossary, int(overlay.about))
        case Kind.GUIDE:
            return guide_rows(overlay.about, session, pack.guide)
        case Kind.MORE:
            return (*in_rows(_more(session, script), 2), (CLOSE, URGENT))
        case Kind.ERASE:
            return ((ERASE_NOW, *_pause(session), Key(Close(), "keep")), (URGENT,))
        case Kind.AGAIN:
            return ((*_resume(session), Key(ERASE.act, "start-new")), (URGENT,))
        case Kind.DANGER | Kind.TOLD | Kind.ENOUGH | Kind.FOLLOW_UP:
            return _spoken_up(overlay, session, pack)
        case Kind.CALL | Kind.CALLING | Kind.RAISE | Kind.FIND:
            return beyond_rows(overlay, session, pack.instrument)
        case Kind.ACTION | Kind.OUTCOME | Kind.REASONS | Kind.CHANGED:
            return _of_the_case(overlay, session, script, now)
        case Kind.CODE | Kind.REMIND | Kind.SUMMARY:
            return _beside_the_result(overlay, session, script)
        case Kind.NOTES | Kind.NOTE | Kind.MIRROR:
            return note_rows(overlay, session, pack)
        case _:
            return ALWAYS[overlay.kind]


def _beside_the_result(overlay: Overlay, session: Session, script: Script) -> Rows:
    """The keys of what is taken along from a result."""
    if overlay.kind is Kind.REMIND:
        return remind_rows(overlay.about, session)
    return code_rows(session, script) if overlay.kind is Kind.CODE else summary_rows(session, script)


def _of_the_case(overlay: Overlay, session: Session, script: Script, now: LocalTime) -> Rows:
    """The keys of one line of the action card, of what came of it, of a reason, and of what changed."""
    if overlay.kind is Kind.OUTCOME:
        return outcome_rows(overlay.about, session)
    if overlay.kind is Kind.REASONS:
        return reason_rows(overlay.about, session, script)
    rows = line_rows if overlay.kind is Kind.ACTION else changed_rows
    return rows(overlay.about, session, script, now)


def _spoken_up(overlay: Overlay, session: Session, pack: Pack) -> Rows:
    """The keys of what cannot wait."""
    if overlay.kind is Kind.FOLLOW_UP:
        question = pack.guidance.circumstance(overlay.about)
        return (*(alone_rows(question, session) if question else ((GO_ON,),)), (URGENT,))
    if overlay.kind is Kind.DANGER:
        return ((Key(Close(), "have-called"), *_back(session)), (URGENT,))
    if overlay.kind is Kind.TOLD:
        return ((GO_ON, SCRIPT, *_back(session)), (URGENT,))
    return ((call_key(session), GO_ON), (URGENT,))


def _explained(about: str, session: Session, pack: Pack) -> Rows:
    """What there is to choose from, where the overlay is about a card of ticks."""
    section = section_at(about, pack.instrument)
    named = [(item.id, item.short) for item in pack.instrument.of_section(section.id)] if section else []
    if about in CARDS:
        named = [(each.id, each.ticks[0].short) for each in on_card(about, session, pack)]
    return in_rows([Key(Open(Overlay(Kind.WHAT, each)), text=short) for each, short in named], 2)


def _more(session: Session, script: Script) -> tuple[Key, ...]:
    finish = (Key(Go(Trigger.FINISH), "finish"),) if session.phase in ASKING else ()
    of_result = _of_result(session, script) if session.phase is Phase.RESULT else ()
    erase = () if script.is_rehearsal else (ERASE,)
    return (*_pause(session), *finish, *of_result, *erase, GUIDE, HELP)


def _of_result(session: Session, script: Script) -> tuple[Key, ...]:
    """What a finished SERAF has to offer besides what to do."""
    summary = () if script.is_rehearsal else (SUMMARY,)
    code = (CODE,) if script.codes else ()
    remind = (REMIND,) if _may_remind(session, script) else ()
    return (
        Key(Go(Trigger.REVISE), "revise"),
        TO_RECORD,
        *beyond(session, script.pack.instrument),
        *summary,
        *code,
        *remind,
    )


def _may_remind(session: Session, script: Script) -> bool:
    """Whether a reminder can be asked for: of a real child, where something outlives the window."""
    return session.phase is Phase.RESULT and script.channel.keeps and not script.is_rehearsal


def _pause(session: Session) -> tuple[Key, ...]:
    return (PAUSE,) if session.phase in BEGUN else ()


def _back(session: Session) -> tuple[Key, ...]:
    """Back to the question that brought the overlay about; who came from the check page is on the check page again."""
    return (BACK,) if session.phase is Phase.OPENING else ()


def _resume(session: Session) -> tuple[Key, ...]:
    if session.phase is Phase.PAUSED:
        return (Key(Go(Trigger.RESUME), "resume"),)
    return (GO_ON,)


def _terms(glossary: Glossary, page: int) -> Rows:
    start = (page - 1) * TERMS_A_PAGE
    shown = glossary.terms[start : start + TERMS_A_PAGE]
    keys = tuple(Key(Open(Overlay(Kind.EXPLAIN, term.id)), text=term.term) for term in shown)
    earlier = (_to_terms(page - 1, "earlier"),) if page > 1 else ()
    later = (_to_terms(page + 1, "later"),) if start + TERMS_A_PAGE < len(glossary.terms) else ()
    return (*fitting(keys), (*earlier, *later, CLOSE), (URGENT,))


def _to_terms(page: int, word: str) -> Key:
    return Key(Open(Overlay(Kind.TERMS, str(page))), word)
