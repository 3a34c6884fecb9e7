"""What an administrator does to somebody, as decisions: what is kept, what goes, that the bot is to show it, and what the audit is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access import Access, Removed, Terms, read_access, standing_of, written
from bot.changes import holding, letting_go, locking, removal, renewal
from bot.conversation import reference_of
from bot.lapses import term_of
from bot.storage.moments import EPOCH
from bot.storage.turns import first_record
from bot.storage.values import Decide, Decision, Record
from dialogs.gate import Standing
from dialogs.overlays import Kind, Overlay
from dialogs.roles import Role
from tests.support.desk import REFERENCE, SAM, WHO, with_case

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TERMS = Terms()
DAY = timedelta(days=1)
OPEN = Access(WHO, Role.PRACTITIONER, NOW + 30 * DAY, "Sam", noticed=NOW, pin="hash", seen=NOW)

EVERY: dict[str, Decide] = {
    "removal": removal(NOW),
    "locking": locking(NOW),
    "renewal": renewal(NOW, TERMS, has_new_pin=True),
    "holding": holding(REFERENCE, NOW),
    "letting go": letting_go(REFERENCE, NOW),
}


def kept(standing: Access | Removed, *, has_case: bool = True) -> Record:
    """The record of somebody with this standing."""
    record = replace(first_record(SAM), card=7, access=written(standing), active=NOW, due=NOW + DAY)
    return with_case(record) if has_case else record


def after(decide: Decide, standing: Access | Removed, *, has_case: bool = True) -> Decision:
    """What a decision makes of them; it makes something."""
    decision = decide(kept(standing, has_case=has_case))
    assert decision is not None
    return decision


def access_of(decision: Decision) -> Access:
    """The standing after it."""
    access = read_access(decision.record.access)
    assert isinstance(access, Access)
    return access


def told(decision: Decision) -> list[tuple[str, str, str]]:
    """What the audit is told, all of it now."""
    assert {entry.at for entry in decision.entries} <= {NOW}
    return [(entry.who, str(entry.what), entry.reference) for entry in decision.entries]


def test_removal_leaves_that_and_nothing_else() -> None:
    """No case, no name, no profile, the bot clears the chat; buttons of the card before count no more."""
    decision = after(removal(NOW), OPEN)

    record = decision.record
    assert read_access(record.access) == Removed()
    assert (record.case, record.profile, record.phase, record.due, record.card) == (None, "{}", "welcome", EPOCH, 8)
    assert record.active is None
    assert told(decision) == [("operator", "removed", WHO), ("operator", "erased-on-removal", REFERENCE)]


def test_removal_of_somebody_without_a_case_erases_none() -> None:
    """And the audit says so by saying nothing of it."""
    assert told(after(removal(NOW), OPEN, has_case=False)) == [("operator", "removed", WHO)]


def test_removal_keeps_a_held_case_and_forgets_the_rest() -> None:
    """The tombstone carries the hold, and the case stays as it is."""
    decision = after(removal(NOW), replace(OPEN, held=REFERENCE))

    assert read_access(decision.record.access) == Removed(REFERENCE)
    assert decision.record.case == kept(OPEN).case
    assert (decision.record.profile, decision.record.due) == ("{}", EPOCH)
    assert told(decision) == [("operator", "removed", WHO)]


def test_locking_shuts_an_open_chat_at_once() -> None:
    """Whatever lay over the card is gone; the bot shows it at once."""
    decision = after(locking(NOW), replace(OPEN, over=Overlay(Kind.HELP, "")))

    access = access_of(decision)
    assert standing_of(access, NOW, TERMS) is Standing.LOCKED
    assert (access.over, decision.record.card) == (None, 8)
    assert decision.record.due == NOW
    assert told(decision) == [("operator", "locked", WHO)]


def test_renewal_forgives_wrong_pins_and_reaches_as_far_as_the_settings_say() -> None:
    """The PIN is asked for, and is the one from before."""
    decision = after(renewal(NOW, TERMS, has_new_pin=False), replace(OPEN, until=NOW - DAY, tries=5))

    access = access_of(decision)
    assert standing_of(access, NOW, TERMS) is Standing.LOCKED
    assert (access.pin, access.tries, access.until) == ("hash", 0, NOW + TERMS.renewal)
    assert told(decision) == [("operator", "renewed", WHO)]


def test_renewal_with_a_new_pin_opens_nothing_before_one_is_chosen() -> None:
    """The one from before, and one that was half chosen, count no more."""
    access = access_of(after(renewal(NOW, TERMS, has_new_pin=True), replace(OPEN, pending="half")))

    assert standing_of(access, NOW, TERMS) is Standing.NEW_PIN
    assert (access.pin, access.pending) == ("", "")


def test_renewal_is_due_to_be_shown() -> None:
    """And reaches as far as the terms say."""
    decision = after(renewal(NOW, Terms(renewal=DAY), has_new_pin=False), OPEN, has_case=False)

    assert (decision.record.due, access_of(decision).until) == (NOW, NOW + DAY)


def test_a_hold_leaves_no_term() -> None:
    """The bot shows it, and nothing of the case is ever due."""
    decision = after(holding(REFERENCE, NOW), replace(OPEN, seen=NOW - 8 * DAY, is_locked=True))

    assert access_of(decision).held == REFERENCE
    assert decision.record.due == NOW
    assert term_of(access_of(decision), decision.record, TERMS) is None
    assert (decision.record.case, decision.record.card) == (kept(OPEN).case, 8)
    assert told(decision) == [("operator", "hold-set", REFERENCE)]


def test_letting_go_makes_the_terms_count_again() -> None:
    """One that is over already is due at once."""
    late = replace(OPEN, seen=NOW - 8 * DAY, is_locked=True, held=REFERENCE)

    decision = after(letting_go(REFERENCE, NOW), late)

    assert access_of(decision).held == ""
    assert decision.record.due is not None
    assert decision.record.due <= NOW
    assert decision.record.case is not None
    assert told(decision) == [("operator", "hold-lifted", REFERENCE)]


def test_letting_go_of_a_removed_persons_case_erases_it() -> None:
    """They are still removed."""
    decision = after(letting_go(REFERENCE, NOW), Removed(REFERENCE))

    assert read_access(decision.record.access) == Removed()
    assert (decision.record.case, decision.record.due) == (None, EPOCH)
    assert told(decision) == [("operator", "hold-lifted", REFERENCE), ("operator", "erased-on-removal", REFERENCE)]


def test_a_removed_persons_case_that_is_there_can_be_held() -> None:
    """Should there ever be one without a hold."""
    decision = after(holding(REFERENCE, NOW), Removed())

    assert read_access(decision.record.access) == Removed(REFERENCE)
    assert decision.record.due == NOW


def test_letting_go_of_a_hold_without_its_case_erases_nothing() -> None:
    """And says so."""
    decision = after(letting_go(REFERENCE, NOW), Removed(REFERENCE), has_case=False)

    assert told(decision) == [("operator", "hold-lifted", REFERENCE)]


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        *((name, Removed()) for name in ("removal", "locking", "renewal", "letting go")),
        ("locking", replace(OPEN, is_locked=True)),
        ("holding", replace(OPEN, held=REFERENCE)),
        ("holding", Removed(REFERENCE)),
        ("letting go", OPEN),
        ("letting go", replace(OPEN, held="CALM FERN 10")),
    ],
)
def test_what_is_so_already_changes_nothing(name: str, standing: Access | Removed) -> None:
    """No card, no entry."""
    assert EVERY[name](kept(standing)) is None


def test_a_hold_on_another_reference_changes_nothing() -> None:
    """Such as one that was erased between the look and the turn."""
    assert holding("CALM FERN 10", NOW)(kept(OPEN)) is None
    assert holding("", NOW)(kept(OPEN)) is None
    assert EVERY["holding"](kept(OPEN, has_case=False)) is None


@pytest.mark.parametrize("decide", EVERY.values(), ids=EVERY)
def test_somebody_who_was_never_admitted_is_left_alone(decide: Callable[[Record], Decision | None]) -> None:
    """No row is made of a mistake."""
    assert decide(first_record(SAM)) is None


@pytest.mark.parametrize("decide", EVERY.values(), ids=EVERY)
def test_a_decision_can_be_replayed(decide: Decide) -> None:
    """The same from the same, whenever it is asked."""
    record = kept(replace(OPEN, held=REFERENCE))

    assert decide(record) == decide(record)


def test_a_reference_is_that_of_the_case() -> None:
    """And empty where there is none."""
    assert reference_of(kept(OPEN)) == REFERENCE
    assert reference_of(kept(OPEN, has_case=False)) == ""
