"""The numbers for Prometheus: each name once, described, and left out if unknown."""

import re
from dataclasses import replace

from bot.watch.monitoring import LABELLED, METRICS, as_metrics
from bot.watch.vitals import Ailment, Surroundings, Vitals
from tests.bot.watch.test_vitals import NOW, WELL

SAMPLE = re.compile(r'([a-z_]+)(?:\{[a-z]+="[^"\n]*"\})? -?[0-9.e+]+')


def test_every_number_is_described_and_every_name_there_once() -> None:
    around = replace(WELL.around, audit="7:ab", disk_free=31, store_bytes=32, ending=33, ended=34)
    text = as_metrics(replace(WELL, around=around), (Ailment.STALE,))

    heads = re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE)
    names = [each.name for each in METRICS] + [name for name, *_ in LABELLED]
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
