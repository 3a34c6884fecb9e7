"""Promise P18: how tampering with the audit, by somebody with or without the key file, is found and reported."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.trail.audit import AuditEvent, verify_trail
from bot.trail.chain import NO_LINK, Entry, Head, Trail, head_of, sealed
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.builders import KEYS, NOON
from tests.support.store.trail_tampers import WITHOUT_KEY
from tests.support.store.trails import MONTHS, WITH_KEY, grown, happened, some_trail, without_first_month

ENTRY = Entry(NOON, "1a2b3c4d", AuditEvent.BEGUN, "BRISK OTTER 41")
MINUTE = timedelta(minutes=1)


@pytest.mark.prove
def test_every_tampering_without_the_key_file_is_found(promise: Promise) -> None:
    asked, found = times(10_000, 40), 0

    for number in range(asked):
        draw = random.Random(number)
        trail = some_trail(draw)
        tampered = WITHOUT_KEY[number % len(WITHOUT_KEY)](draw, trail)
        assert tampered != trail
        found += verify_trail(KEYS, trail) == () and verify_trail(KEYS, tampered) != ()

    promise.reached("P18", asked=asked, reached=found, of="tampers without the key file found")


@pytest.mark.prove
def test_tampering_with_the_key_file_is_found_by_an_earlier_head(promise: Promise) -> None:
    asked, found = times(10_000, 40), 0

    for number in range(asked):
        draw = random.Random(number)
        entries = happened(draw)
        trail = grown(entries)
        noted = draw.randint(trail.segments[0].last + 1, len(entries))
        anchor = Head(noted, trail.lines[noted - 1].link)
        retold = grown(WITH_KEY[number % len(WITH_KEY)](draw, entries, noted))
        if draw.random() < 0.5 and len(retold.segments) > 1:
            trail, retold = without_first_month(trail), without_first_month(retold)
        assert verify_trail(KEYS, retold) == ()
        found += verify_trail(KEYS, trail, anchor=anchor) == () and verify_trail(KEYS, retold, anchor=anchor) != ()

    promise.reached("P18", asked=asked, reached=found, of="tampers with the key file found by a noted head")


def test_a_trail_without_an_entry_is_whole() -> None:
    nothing = Trail((), ())

    assert verify_trail(KEYS, nothing) == ()
    assert head_of(nothing) == Head(0, NO_LINK)
    assert verify_trail(KEYS, grown(happened(random.Random(1))), anchor=head_of(nothing)) == ()


def test_each_fault_names_the_finding_and_what_to_do() -> None:
    trail = grown([replace(ENTRY, at=NOON + number * MINUTE) for number in range(9)])
    lines = list(trail.lines)
    lines[3] = replace(lines[3], entry=replace(ENTRY, what=AuditEvent.ERASED))

    (fault,) = verify_trail(KEYS, replace(trail, lines=tuple(lines)))

    assert fault.startswith("Entry 4 does not follow")
    assert fault.endswith("compare it with the latest backup.")


def test_a_restored_older_copy_is_found_only_by_a_noted_head() -> None:
    """The older copy has no fault in itself. Only a head noted from the newer audit shows that it is older."""
    older, newer = grown([ENTRY] * 3), grown([ENTRY] * 5)

    alone = verify_trail(KEYS, older)
    other = verify_trail(KEYS, older, anchor=head_of(newer))

    assert alone == ()
    assert [fault.split(",")[0] for fault in other] == ["The audit ends before entry 5"]


def test_a_noted_head_holds_while_the_audit_grows_and_months_are_dropped() -> None:
    trail = grown(happened(random.Random(7)))
    later = without_first_month(trail)

    for line in trail.lines:
        assert verify_trail(KEYS, trail, anchor=Head(line.number, line.link)) == ()
        assert verify_trail(KEYS, later, anchor=Head(line.number, line.link)) == ()
    assert verify_trail(KEYS, later, anchor=Head(trail.segments[0].last, bytes(32))) != ()


def test_a_noted_head_whose_entry_was_removed_is_reported() -> None:
    trail = grown([ENTRY] * 5)
    taken = replace(trail, lines=(*trail.lines[:1], *trail.lines[2:]))

    faults = verify_trail(KEYS, taken, anchor=Head(2, trail.lines[1].link))

    assert any("Entry 2, whose head was noted, is not there" in fault for fault in faults)


def test_a_month_dropped_before_it_was_over_is_found_even_with_its_seal() -> None:
    trail = grown(happened(random.Random(3)))
    rows = trail.segments
    for place, at in ((0, MONTHS[0]), (len(rows) - 1, MONTHS[-1] + timedelta(days=99)), (1, MONTHS[-1])):
        is_open = place == len(rows) - 1
        dropped = sealed(KEYS, replace(rows[place], dropped=at), is_open=is_open)
        lines = tuple(line for line in trail.lines if line.month != dropped.month)

        faults = verify_trail(KEYS, Trail((*rows[:place], dropped, *rows[place + 1 :]), lines))

        assert [fault.split(":")[0] for fault in faults] == [f"{dropped.month} is marked as dropped out of turn"]


def test_entries_sealed_into_a_month_to_which_they_do_not_belong_are_found() -> None:
    trail = grown([ENTRY])
    (row,) = trail.segments
    wrong = sealed(KEYS, replace(row, month="2024-06"), is_open=True)

    faults = verify_trail(KEYS, Trail((wrong,), (replace(trail.lines[0], month="2024-06"),)))

    assert [fault.split(",")[0] for fault in faults] == ["Entry 1 stands in 2024-06"]


def test_a_forged_month_is_not_repeated() -> None:
    """A forged month may contain anything, even control characters for a terminal."""
    trail = grown([ENTRY])
    row = replace(trail.segments[0], month="\x1b[2J")

    faults = verify_trail(KEYS, replace(trail, segments=(row,)))

    assert faults
    assert "\x1b" not in "".join(faults)
