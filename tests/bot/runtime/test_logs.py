"""Tests of log lines: a repeated fault is logged at once, each minute and at its end; the journal gets a priority."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.runtime.errors import StoreFault, StoreSlow
from bot.runtime.logs import ALLOWED, PRIORITIES, FaultLog, renderer
from tests.support.places import ROOT


def test_a_fault_is_logged_at_once_and_then_once_a_minute() -> None:
    now = [0.0]
    faults = FaultLog("not saved", lambda: now[0])

    with capture_logs() as lines:
        faults.over()
        for now[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
            faults.note(StoreFault("full"))
        faults.note(StoreFault("damaged"))
        faults.over()
        faults.over()

    assert [(line["event"], line.get("fault"), line["count"]) for line in lines] == [
        ("not saved", "full", 1),
        ("not saved", "full", 3),
        ("not saved", "damaged", 2),
        ("over: not saved", None, 0),
    ]


def test_a_store_that_is_slow_is_a_fault_once_it_has_been_for_two_seconds() -> None:
    now = [100.0]
    faults = FaultLog("not saved", lambda: now[0])

    with capture_logs() as lines:
        for now[0] in (100.75, 101.9):
            faults.note(StoreSlow("slow", 0.75))
        faults.over()
        for now[0] in (200.0, 300.0, 400.0):
            faults.note(StoreSlow("slow", 0.75))
        assert lines == []
        for now[0] in (500.75, 502.0):
            faults.note(StoreSlow("slow", 0.75))

    assert [(line["event"], line["fault"], line["count"]) for line in lines] == [("not saved", "slow", 5)]


PROGRAM = "from bot.runtime.logs import set_up_logs; set_up_logs(); import structlog; structlog.get_logger().error('failed', secret=1)"


@pytest.mark.parametrize(("is_journal", "begins"), [(True, "<3>timestamp="), (False, "timestamp=")])
def test_a_line_has_its_priority_where_it_goes_to_the_journal(tmp_path: Path, is_journal: bool, begins: str) -> None:
    with (tmp_path / "log").open("w") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino if is_journal else found.st_ino + 1}"
        environment = {**os.environ, "JOURNAL_STREAM": named, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", PROGRAM], env=environment, stderr=stream, check=True)

    line = (tmp_path / "log").read_text()
    assert line.startswith(begins)
    assert line.endswith("level=error event=failed\n")


@pytest.mark.parametrize(("level", "priority"), [("info", 6), ("warning", 4), ("error", 3)])
def test_each_level_has_its_priority(level: str, priority: int) -> None:
    line = renderer(is_for_journal=True)(None, "", {"level": level, "event": "ready"})

    assert line == f"<{priority}>timestamp= level={level} event=ready"
    assert PRIORITIES[level] == priority
    assert "level" in ALLOWED
