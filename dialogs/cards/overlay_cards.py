"""Every kind of overlay with its card: one row a kind, and what stands on the card is where the capability is."""

from collections.abc import Mapping

from dialogs.call.case_script import CALLING_CARD
from dialogs.call.urgent_help import CALL_CARD, CONTACTS_CARD, URGENT_CARD
from dialogs.cards.more import AGAIN_CARD, ERASE_CARD, MORE_CARD
from dialogs.core.keys import Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.follow_up_card import FOLLOW_UP_CARD
from dialogs.form.reasons import REASONS_CARD
from dialogs.form.what_counts import WHAT_CARD
from dialogs.notes.note_cards import MIRROR_CARD, NOTE_CARD, NOTES_CARD
from dialogs.reference.glossary import EXPLAIN_CARD, TERMS_CARD, WORDS_CARD
from dialogs.reference.guide import GUIDE_CARD
from dialogs.reference.help import HELP_CARD
from dialogs.result.action_line import ACTION_CARD, OUTCOME_CARD
from dialogs.result.in_the_record import TO_RECORD_CARD
from dialogs.result.news import NEWS_CARD
from dialogs.result.stop_card import STOP_CARD
from dialogs.review.changes import CHANGED_CARD
from dialogs.review.code_card import CODE_CARD
from dialogs.review.reminder import REMIND_CARD
from dialogs.review.review_cards import EARLIER_CARD, REVIEW_CARD
from dialogs.summary.summary_offer import SUMMARY_CARD
from dialogs.what_if.finding_out import FIND_CARD
from dialogs.what_if.raising import RAISE_CARD
from seraf.advice.contacts import LocalTime

OVERLAY_CARDS: Mapping[Kind, OverlayCard] = {
    Kind.URGENT: URGENT_CARD,
    Kind.CALL: CALL_CARD,
    Kind.CONTACTS: CONTACTS_CARD,
    Kind.WHAT: WHAT_CARD,
    Kind.EXPLAIN: EXPLAIN_CARD,
    Kind.TERMS: TERMS_CARD,
    Kind.GUIDE: GUIDE_CARD,
    Kind.HELP: HELP_CARD,
    Kind.MORE: MORE_CARD,
    Kind.ERASE: ERASE_CARD,
    Kind.AGAIN: AGAIN_CARD,
    Kind.FOLLOW_UP: FOLLOW_UP_CARD,
    Kind.STOP: STOP_CARD,
    Kind.RAISE: RAISE_CARD,
    Kind.FIND: FIND_CARD,
    Kind.CALLING: CALLING_CARD,
    Kind.TO_RECORD: TO_RECORD_CARD,
    Kind.CODE: CODE_CARD,
    Kind.REVIEW: REVIEW_CARD,
    Kind.EARLIER: EARLIER_CARD,
    Kind.NOTES: NOTES_CARD,
    Kind.NOTE: NOTE_CARD,
    Kind.MIRROR: MIRROR_CARD,
    Kind.REMIND: REMIND_CARD,
    Kind.SUMMARY: SUMMARY_CARD,
    Kind.WORDS: WORDS_CARD,
    Kind.ACTION: ACTION_CARD,
    Kind.NEWS: NEWS_CARD,
    Kind.OUTCOME: OUTCOME_CARD,
    Kind.CHANGED: CHANGED_CARD,
    Kind.REASONS: REASONS_CARD,
}

ASKS_FOR: Mapping[Kind, str] = {
    Kind.EXPLAIN: "explain",
    Kind.TERMS: "explain",
    Kind.WORDS: "explain",
    Kind.GUIDE: "guide",
    Kind.REVIEW: "review",
    Kind.EARLIER: "review",
}
"""The command whose words the card of an overlay asks for."""


def overlay_paragraphs(overlay: Overlay, session: Session, *, script: Script, now: LocalTime) -> Paragraphs:
    """The words of an overlay over this session."""
    return OVERLAY_CARDS[overlay.kind].words(View(overlay.about, session, script, now))


def overlay_rows(overlay: Overlay, session: Session, *, script: Script, now: LocalTime) -> Rows:
    """The buttons of an overlay over this session."""
    return OVERLAY_CARDS[overlay.kind].rows(View(overlay.about, session, script, now))
