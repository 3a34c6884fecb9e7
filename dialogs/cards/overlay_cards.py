"""The table of overlay cards. Each card is defined in the module of its subject, and the simplest ones here."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from dialogs.asking import ASK_CARD, entry_at
from dialogs.call import CALL_CARD, CALLING_CARD, CONTACTS_CARD, URGENT_CARD
from dialogs.cards.call_pages import (
    call_page,
    calling_page,
    changed_page,
    code_page,
    contacts_page,
    find_page,
    news_page,
    raise_page,
    urgent_page,
)
from dialogs.cards.item_pages import follow_up_page, found_item_page, what_page
from dialogs.cards.look_up_pages import earlier_page, guide_page, review_page, terms_page, word_page
from dialogs.cards.note_pages import mirror_page, note_page, notes_page
from dialogs.cards.plain_page import question_of, with_main
from dialogs.cards.plan_page import action_page, stop_page
from dialogs.core.acts import Close, Go, Kind, Open, Overlay, Share, ShareDeed
from dialogs.core.keys import (
    ANOTHER,
    CLOSE,
    CODE,
    ERASE,
    GUIDE,
    HELP,
    URGENT,
    Key,
    OverlayCard,
    Paragraphs,
    Rows,
    View,
    in_rows,
)
from dialogs.core.page import Ways, WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import FOLLOW_UP_CARD, WHAT_CARD
from dialogs.form.reasons import REASONS_CARD
from dialogs.notes.noting import MIRROR_CARD, NOTE_CARD, NOTES_CARD
from dialogs.reference import EXPLAIN_CARD, GUIDE_CARD, HELP_CARD, TERMS_CARD, WORDS_CARD
from dialogs.result.action_line import ACTION_CARD, OUTCOME_CARD, WHOM_TO_ASK
from dialogs.result.call_taps import NEWS_CARD
from dialogs.result.result_pages import ASKED, TO_RECORD, TO_RECORD_CARD
from dialogs.result.stop_card import STOP_CARD
from dialogs.review.changes import CHANGED_CARD
from dialogs.review.reviewing import CODE_CARD, EARLIER_CARD, REMIND_CARD, REVIEW_CARD
from dialogs.summary.carried import SUMMARY, SUMMARY_CARD
from dialogs.what_if import FIND, FIND_CARD, RAISE, RAISE_CARD
from seraf.advice.contacts import LocalTime
from seraf.search.index import FindableKind
from state_machines.assessment import ASKING, BEGUN, Phase, Trigger


def _titled(name: str, view: View, *, text: str = "") -> Paragraphs:
    say, reference = view.script.wording.say, view.session.reference
    title = Paragraph(say(f"{name}.title", reference=reference), is_strong=True)
    return (title, Paragraph(say(text or f"{name}.text", reference=reference)))


def _erase_words(view: View) -> Paragraphs:
    recorded = view.session.answers.get(ASKED)
    return _titled("erase", view, text=f"erase.text-{recorded}" if recorded else "")


OTHERS = ("network", "draws_in", "young_exploiter")
"""The questions whose Yes says that other children, or one exploiter, are behind a case (lead `others` of the guidance)."""


def _more_rows(view: View) -> Rows:
    session, script = view.session, view.script
    finish = (Key(Go(Trigger.FINISH), "finish"),) if session.phase in ASKING else ()
    find = (FIND,) if session.view(script.pack.instrument).marks.unknown else ()
    summary = () if script.is_rehearsal else (SUMMARY,)
    code = (CODE,) if script.codes else ()
    remind = (Key(Open(Overlay(Kind.REMIND)), "remind"),) if script.channel.keeps and not script.is_rehearsal else ()
    of_result = (
        (Key(Go(Trigger.REVISE), "revise"), TO_RECORD, RAISE, *find, *summary, *code, *remind)
        if session.phase is Phase.RESULT
        else ()
    )
    if script.shares and not script.is_rehearsal and session.has_case:
        views = (Key(Share(ShareDeed.VIEWS), "share-views"),) if session.result.views else ()
        of_result = (*of_result, WHOM_TO_ASK, Key(Share(ShareDeed.READERS), "share-readers"), *views)
    of_the_child = () if script.is_rehearsal else (ERASE, ANOTHER)
    if script.channel.keeps and not script.is_rehearsal and says_others(session):
        of_the_child = (*of_the_child, Key(Share(ShareDeed.NETWORK), "network"))
    return (*in_rows((*_pause(session), *finish, *of_result, *of_the_child, GUIDE, HELP), 2), (CLOSE, URGENT))


def says_others(session: Session) -> bool:
    """Return True if the case says that other children, or one exploiter, are behind it."""
    return any(session.answers.get(question) == "yes" for question in OTHERS)


def _erase_rows(view: View) -> Rows:
    return ((Key(Go(Trigger.ERASE), "erase-now"), *_pause(view.session), Key(Close(), "keep")), (URGENT,))


def _again_rows(view: View) -> Rows:
    is_paused = view.session.phase is Phase.PAUSED
    onward = Key(Go(Trigger.RESUME), "resume") if is_paused else Key(Close(), "go-on")
    another = () if view.script.is_rehearsal else (ANOTHER,)
    return ((onward, *another), (Key(ERASE.act, "start-new"), URGENT))


def _erase_page(view: View, plain: WholePage) -> WholePage:
    """Return the page that asks whether to erase the case. What keeps it is the main button."""
    *texts, ways = plain.parts
    return with_main(
        replace(plain, parts=(*texts, Ways(ways.buttons[::-1])) if isinstance(ways, Ways) else plain.parts)
    )


def _main_page(view: View, plain: WholePage) -> WholePage:
    return with_main(plain)


def _pause(session: Session) -> tuple[Key, ...]:
    return (Key(Go(Trigger.PAUSE), "pause"),) if session.phase in BEGUN else ()


def _ask_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the answer to a question: that of the entry that is open, or the list."""
    entry = entry_at(view.about, view.script)
    page = None if entry is None else PAGES_OF_ENTRIES.get(entry.kind)
    if entry is None or page is None:
        return plain
    return replace(page(replace(view, about=entry.id), plain), caption=plain.caption)


PAGES_OF_ENTRIES: Mapping[FindableKind, Callable[[View, WholePage], WholePage]] = {
    FindableKind.ITEM: found_item_page,
    FindableKind.TOPIC: guide_page,
    FindableKind.TERM: word_page,
}

OVERLAY_CARDS: Mapping[Kind, OverlayCard] = {
    Kind.URGENT: replace(URGENT_CARD, page=urgent_page),
    Kind.CALL: replace(CALL_CARD, page=call_page),
    Kind.CONTACTS: replace(CONTACTS_CARD, page=contacts_page),
    Kind.WHAT: replace(WHAT_CARD, page=what_page),
    Kind.EXPLAIN: replace(EXPLAIN_CARD, page=word_page),
    Kind.TERMS: replace(TERMS_CARD, page=terms_page),
    Kind.GUIDE: replace(GUIDE_CARD, page=guide_page),
    Kind.HELP: HELP_CARD,
    Kind.MORE: OverlayCard(lambda view: _titled("more", view), _more_rows),
    Kind.ERASE: OverlayCard(_erase_words, _erase_rows, _erase_page),
    Kind.AGAIN: OverlayCard(lambda view: _titled("again", view), _again_rows, _main_page),
    Kind.FOLLOW_UP: replace(FOLLOW_UP_CARD, page=follow_up_page),
    Kind.STOP: replace(STOP_CARD, page=stop_page),
    Kind.RAISE: replace(RAISE_CARD, page=raise_page),
    Kind.FIND: replace(FIND_CARD, page=find_page),
    Kind.CALLING: replace(CALLING_CARD, page=calling_page),
    Kind.TO_RECORD: TO_RECORD_CARD,
    Kind.CODE: replace(CODE_CARD, page=code_page),
    Kind.REVIEW: replace(REVIEW_CARD, page=review_page),
    Kind.EARLIER: replace(EARLIER_CARD, page=earlier_page),
    Kind.NOTES: replace(NOTES_CARD, page=notes_page),
    Kind.NOTE: replace(NOTE_CARD, page=note_page),
    Kind.MIRROR: replace(MIRROR_CARD, page=mirror_page),
    Kind.REMIND: REMIND_CARD,
    Kind.SUMMARY: SUMMARY_CARD,
    Kind.WORDS: replace(WORDS_CARD, page=word_page),
    Kind.ACTION: replace(ACTION_CARD, page=action_page),
    Kind.NEWS: replace(NEWS_CARD, page=news_page),
    Kind.OUTCOME: replace(OUTCOME_CARD, page=action_page),
    Kind.CHANGED: replace(CHANGED_CARD, page=changed_page),
    Kind.ASK: replace(ASK_CARD, page=_ask_page),
    Kind.REASONS: replace(REASONS_CARD, page=lambda _, plain: question_of(plain)),
}

ASKS_FOR: Mapping[Kind, str] = {
    Kind.REVIEW: "review",
    Kind.EARLIER: "review",
}
"""The kinds of overlay at which a text can be typed, each with the command that takes the text as its argument."""


def overlay_paragraphs(overlay: Overlay, session: Session, *, script: Script, now: LocalTime) -> Paragraphs:
    """Return the paragraphs of the overlay's card, drawn for this session."""
    return OVERLAY_CARDS[overlay.kind].words(View(overlay.about, session, script, now))


def overlay_rows(overlay: Overlay, session: Session, *, script: Script, now: LocalTime) -> Rows:
    """Return the buttons of the overlay's card in rows, drawn for this session."""
    return OVERLAY_CARDS[overlay.kind].rows(View(overlay.about, session, script, now))
