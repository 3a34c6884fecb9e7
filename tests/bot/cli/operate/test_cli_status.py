"""Tests of `seraf-bot status` without a running bot, with and without its report, and of the log lines of backups."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.runtime.addresses import own_address
from bot.runtime.single_instance import Alone
from bot.watch.vitals import LastTimes, Surroundings, vitals_file, write_vitals
from tests.bot.watch.test_vitals import NOW, WELL
from tests.support.command_line.cli import COMMAND, PLAIN
from tests.support.command_line.desk import Folder


@pytest.fixture
def store(folder: Folder) -> Iterator[Path]:
    with Alone(folder.path / "var" / "seraf.sqlite"):
        yield folder.path / "var" / "seraf.sqlite"


def test_a_running_bot_that_reports_nothing_is_noticed(folder: Folder, store: Path) -> None:
    silent = folder.run("status")
    vitals_file(store).write_text("{")
    strange = folder.run("status")

    assert silent.status == strange.status == 1
    assert silent.out.startswith("The bot runs, but not in order: does not report.")
    assert strange.out == silent.out


def test_an_old_report_is_not_trusted(folder: Folder, store: Path) -> None:
    """The bot may have hung since it wrote an old report."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    write_vitals(store, replace(WELL, at=at, last=LastTimes(at, at)))

    ran = folder.run("status")

    assert ran.status == 1
    assert "not in order: does not report." in ran.out
    assert "5 minutes ago" in ran.out


def test_a_bot_that_has_just_been_started_is_given_half_a_minute(folder: Folder, store: Path) -> None:
    now = datetime.now(UTC)
    write_vitals(store, replace(WELL, at=now, started=now, last=LastTimes(), has_store=False))

    ran = folder.run("status")

    assert ran.status == 1
    assert "and is not in order yet: without a store, does not ask Telegram, Telegram does not answer." in ran.out
    assert "Look again in half a minute." in ran.out


def test_unknown_answers_are_shown_as_not_known(folder: Folder, store: Path) -> None:
    now = datetime.now(UTC)
    last, traffic = LastTimes(now, now, kept=NOW), replace(WELL.traffic, tap_p99=None)
    vitals = replace(WELL, at=now, last=last, traffic=traffic, started=now - timedelta(hours=3))
    write_vitals(store, replace(vitals, around=Surroundings(ending=1, first_end=now, disk_free=5_000_000)))

    ran, result = folder.run("status"), json.loads(folder.said("status", "--json"))

    lines = {line[:40].strip(): line[40:].strip() for line in ran.out.splitlines()[2:]}
    assert ran.status == 0
    assert lines["people served today"] == "not known"
    assert lines["backups"] == "not known"
    assert lines["heard from Telegram"].endswith("seconds ago")
    assert lines["answered by Telegram"] == "never"
    assert lines["started"] == "3 hours ago"
    assert lines["taps since the start"] == "3"
    assert lines["room on the disk"] == "5 MB"
    assert lines["head of the audit"] == "not known"
    assert lines["admissions that run out within 14 days"].startswith("1, the first on ")
    assert (result["runs"], result["in_order"], result["ails"]) == (True, True, [])


@pytest.mark.parametrize(
    "address", ["0.0.0.0:9464", "192.0.2.1:9464", "example.org:80", "localhost:9464", "127.0.0.1", ":80"]
)
def test_an_address_that_others_could_reach_is_refused_at_the_start(folder: Folder, address: str) -> None:
    said = folder.refused("run", SERAF_WATCH_ADDRESS=address, SERAF_TELEGRAM_TOKEN="1:x")

    assert "SERAF_WATCH_ADDRESS: must be an address of this machine alone" in said


@pytest.mark.parametrize("address", ["127.0.0.1:9464", "127.0.0.2:1", "[::1]:9464", ""])
def test_an_address_of_this_machine_is_taken(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize("goes_to_journal", [True, False])
def test_a_backup_that_failed_is_an_event_in_the_journal(folder: Folder, goes_to_journal: bool) -> None:
    with (folder.path / "log").open("w") as stream:
        found = os.fstat(stream.fileno())
        journal = {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"} if goes_to_journal else {}
        environment = PLAIN | {"HOME": str(folder.path)} | journal
        words = [*COMMAND, "backup", "create"]
        ended = subprocess.run(words, cwd=folder.path, env=environment, stderr=stream, stdout=subprocess.DEVNULL)

    first, *rest = (folder.path / "log").read_text().splitlines()
    assert ended.returncode == 2
    assert first.startswith("<3>timestamp=") == goes_to_journal
    assert ('event="backup failed" fault="SERAF_BACKUP_RECIPIENTS is empty' in first) == goes_to_journal
    assert len(rest) == int(goes_to_journal)
