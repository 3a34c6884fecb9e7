"""Tests of a bot's report about itself: read back as written, the faults that it shows, and counts for Prometheus."""

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import AwareDatetime

from bot.watch.monitoring import LABELLED, METRICS, as_metrics
from bot.watch.vitals import (
    CONFLICT,
    SILENT,
    STALE,
    UNDELIVERED,
    Ailment,
    LastTimes,
    Reach,
    Surroundings,
    Traffic,
    Vitals,
    ailments,
    last_vitals,
    plain_vitals,
    vitals_file,
    write_vitals,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONG_AGO = NOW - timedelta(hours=1)
WELL = Vitals(
    NOW,
    NOW - timedelta(days=1),
    True,
    True,
    LastTimes(NOW, NOW, NOW, NOW),
    Traffic(3, 0.1, 0.2, 1, 2.5),
    {"turned away": 2},
    Surroundings(1, 2, NOW),
)


def test_vitals_are_read_as_written(tmp_path: Path) -> None:
    store = tmp_path / "seraf.sqlite"
    vitals_file(store).with_name("seraf.sqlite.status.new").symlink_to(tmp_path / "elsewhere")

    write_vitals(store, replace(WELL, traffic=Traffic(2)))
    write_vitals(store, WELL)

    assert last_vitals(store) == WELL
    assert vitals_file(store).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["seraf.sqlite.status"]


def test_grouped_fields_are_written_flat() -> None:
    """Monitors and other releases read the fields of the report by their flat names."""
    names = "at started has_store is_keeping asked polled answered kept taps tap_p50 tap_p99 refusals silence events"

    assert list(plain_vitals(WELL)) == [*names.split(), "around", "reach", "asks", "leads", "copies"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff", json.dumps(plain_vitals(WELL)).replace("Z", "").encode()]
)
def test_a_malformed_report_is_ignored(tmp_path: Path, content: bytes) -> None:
    vitals_file(tmp_path / "s").write_bytes(content)

    assert last_vitals(tmp_path / "s") is None
    assert last_vitals(tmp_path / "t") is None


@pytest.mark.parametrize(
    ("changed", "ails"),
    [
        ({}, ()),
        ({"has_store": False}, (Ailment.NO_STORE,)),
        ({"has_store": False, "is_keeping": False}, (Ailment.NO_STORE,)),
        ({"is_keeping": False}, (Ailment.NOT_KEEPING,)),
        ({"last": LastTimes()}, (Ailment.NOT_ASKING, Ailment.NOT_ANSWERED)),
        ({"last": LastTimes(), "asks": False}, ()),
        ({"last": LastTimes(), "asks": False, "is_keeping": False}, (Ailment.NOT_KEEPING,)),
        ({"last": LastTimes(NOW, NOW - SILENT)}, ()),
        ({"last": LastTimes(NOW, NOW - SILENT - SECOND)}, (Ailment.NOT_ANSWERED,)),
        ({"at": NOW - STALE}, ()),
        ({"reach": Reach(is_token_refused=True)}, (Ailment.TOKEN_REFUSED,)),
        ({"reach": Reach(conflicted=NOW - CONFLICT)}, (Ailment.NOT_ALONE,)),
        ({"reach": Reach(conflicted=NOW - CONFLICT - SECOND)}, ()),
        ({"reach": Reach(is_waiting=True), "has_store": False, "last": LastTimes(NOW)}, (Ailment.NOT_ALONE,)),
        ({"reach": Reach(probed=NOW - UNDELIVERED)}, ()),
        ({"reach": Reach(probed=NOW - UNDELIVERED - SECOND)}, (Ailment.NOT_DELIVERED,)),
        ({"reach": Reach(probed=LONG_AGO, delivered=LONG_AGO - SECOND)}, (Ailment.NOT_DELIVERED,)),
        ({"reach": Reach(probed=LONG_AGO, delivered=LONG_AGO + SECOND)}, ()),
        ({"at": NOW - STALE - SECOND}, (Ailment.STALE,)),
        ({"at": NOW + STALE + SECOND, "last": LastTimes(NOW + STALE, NOW + STALE)}, (Ailment.STALE,)),
    ],
)
def test_each_ailment_is_named(changed: dict[str, object], ails: tuple[Ailment, ...]) -> None:
    assert ailments(replace(WELL, **changed), NOW) == ails  # type: ignore[arg-type]


def test_its_texts_are_the_head_of_the_audit_names_of_events_and_what_is_counted() -> None:
    """Apart from the listed fields, the report holds only truth values, numbers and times, and so no person's text."""
    texts = [
        each.name
        for kind in (Vitals, LastTimes, Traffic, Surroundings, Reach)
        for each in fields(kind)
        if each.type not in (bool, int, float, int | None, float | None, AwareDatetime, AwareDatetime | None)
    ]

    names = "last traffic events around reach copies audit counted counted_month bot accepted"
    assert texts == names.split()


SAMPLE = re.compile(r'([a-z_]+)(?:\{[a-z]+="[^"\n]*"\})? -?[0-9.e+]+')


def test_every_number_is_described_and_every_name_there_once() -> None:
    around = replace(WELL.around, audit="7:ab", disk_free=31, store_bytes=32, ending=33, ended=34)
    text = as_metrics(replace(WELL, around=around), (Ailment.STALE,))

    heads = re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE)
    names = [name for name, *_ in (*METRICS, *LABELLED)]
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(set(names)) == len(names)
    assert set(heads) <= set(names)
    assert [line for line in samples if SAMPLE.fullmatch(line) is None] == []
    assert 'seraf_ails{reason="does not report"} 1' in samples
    assert 'seraf_ails{reason="without a store"} 0' in samples
    numbers = (
        "backups 2",
        "disk_free_bytes 31",
        "store_bytes 32",
        "admissions_ending 33",
        "admissions_ended 34",
        "audit_entries 7",
    )
    assert {f"seraf_{each}" for each in numbers} <= set(samples)
    assert "seraf_tap_seconds_count 3" in samples
    assert f"seraf_polled_time_seconds {int(NOW.timestamp())}" in samples


def test_unknown_numbers_are_left_out() -> None:
    text = as_metrics(Vitals(NOW, NOW, True, True, around=Surroundings()), ())

    assert "seraf_people_today" not in text
    assert "seraf_newest_backup" not in text
    assert "quantile=" not in text
    assert "seraf_taps" not in text
    assert "seraf_tap_seconds_count 0" in text
