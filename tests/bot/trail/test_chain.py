"""Tests of how entries are linked and months closed, what a head is, and that the bot cannot hide earlier tampering."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import SettingsFault
from bot.trail.audit import AuditEvent, verify_trail
from bot.trail.chain import NO_LINK, Entry, Head, Trail, entry_bytes, follow, head_of, link
from tests.support.store.builders import KEYS, NOON
from tests.support.store.trail_tampers import cut_with_row
from tests.support.store.trails import MONTHS, grown, happened

ENTRY = Entry(NOON, "1a2b3c4d", AuditEvent.BEGUN, "BRISK OTTER 41")
MINUTE = timedelta(minutes=1)


def test_a_month_that_was_cut_is_not_sealed_again_by_the_next_entry() -> None:
    """If the month were sealed again, the bot could hide that somebody had cut it."""
    whole = grown([replace(ENTRY, at=NOON + number * MINUTE) for number in range(5)])
    tampered = cut_with_row(random.Random(2), whole)
    for later in (NOON + timedelta(hours=1), NOON + timedelta(days=60)):
        over, row, line = follow(KEYS, tampered.segments[-1], entry=replace(ENTRY, at=later))

        rows = (row,) if over is None else (over, row)
        faults = verify_trail(KEYS, Trail(rows, (*tampered.lines, line)))

        assert [fault.split(",")[0] for fault in faults] == ["The row of 2024-05 was changed"]


def test_removed_months_show_after_the_next_entry() -> None:
    """The last month that remains is marked as closed, which the latest month of an audit never is."""
    trail = grown(happened(random.Random(5)))
    rows = trail.segments[:-1]
    lines = tuple(line for line in trail.lines if line.number <= rows[-1].last)

    over, row, line = follow(KEYS, rows[-1], entry=replace(ENTRY, at=MONTHS[-1] + timedelta(days=90)))

    assert over is not None
    assert verify_trail(KEYS, Trail((*rows[:-1], over, row), (*lines, line))) != ()


def test_a_link_is_of_its_keys_its_place_and_its_entry() -> None:
    plain = link(KEYS, NO_LINK, number=1, entry=ENTRY)

    others = (
        link(KeyRing.fresh(), NO_LINK, number=1, entry=ENTRY),
        link(KEYS, b"\x01" * 32, number=1, entry=ENTRY),
        link(KEYS, NO_LINK, number=2, entry=ENTRY),
        link(KEYS, NO_LINK, number=1, entry=replace(ENTRY, who="operator")),
    )

    assert len({plain, *others}) == 5


def test_a_link_outlives_a_rotation_of_the_keys() -> None:
    rotated = replace(KeyRing.fresh(), carry=KEYS.carry)

    assert link(rotated, NO_LINK, number=1, entry=ENTRY) == link(KEYS, NO_LINK, number=1, entry=ENTRY)
    assert verify_trail(rotated, grown([ENTRY] * 3)) == ()


def test_an_entry_is_the_same_in_every_time_zone() -> None:
    moment = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=1)))

    assert entry_bytes(replace(ENTRY, at=moment)) == entry_bytes(replace(ENTRY, at=elsewhere))
    assert grown([replace(ENTRY, at=elsewhere)]).segments[0].month == "2026-03"


def test_a_head_is_read_as_it_was_printed() -> None:
    head = head_of(grown([ENTRY] * 12))

    assert str(head) == f"12:{head.link.hex()}"
    assert Head.parse(f"  {str(head).upper()}\n") == head


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "12:ab", f"-1:{'0' * 64}", f"12:{'g' * 64}", f"12:{'0' * 65}", f"x:{'0' * 64}"]
)
def test_a_malformed_head_is_refused(text: str) -> None:
    with pytest.raises(SettingsFault, match="copy it whole"):
        Head.parse(text)


def test_the_words_of_the_audit_are_words() -> None:
    assert all(word.replace("-", "").isalpha() and word == word.lower() for word in AuditEvent)
    assert len(AuditEvent) == 65
