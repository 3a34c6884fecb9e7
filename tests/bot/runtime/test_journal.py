"""Log lines for systemd's journal carry a priority, and other log lines do not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.runtime.logs import ALLOWED, PRIORITIES, Rendered
from tests.support.places import ROOT

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
    line = Rendered(is_for_journal=True)(None, "", {"level": level, "event": "ready"})

    assert line == f"<{priority}>timestamp= level={level} event=ready"
    assert PRIORITIES[level] == priority
    assert "level" in ALLOWED
