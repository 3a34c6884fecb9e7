"""P22 of docs/promises.md: hostile packs, requests, backups, settings and API replies cost little time and memory."""

import json
import subprocess
import sys

import pytest

from tests.support.command_line.cli import PLAIN
from tests.support.counts import times
from tests.support.hostile.trying import KINDS
from tests.support.places import ROOT
from tests.support.promising import Promise

pytestmark = pytest.mark.prove

EACH, AT_ONCE, MEGABYTES = times(1_000, 6), 250, 200


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_input_is_refused_in_little_time_memory_and_output(kind: str, promise: Promise) -> None:
    wrong: dict[str, str] = {}
    for first in range(0, EACH, AT_ONCE):
        span = str(first), str(min(first + AT_ONCE, EACH))
        words = (sys.executable, "-m", "tests.support.hostile.trying", kind, *span)
        tried = subprocess.run(words, cwd=ROOT, env=PLAIN, capture_output=True, text=True, timeout=3_000, check=False)
        assert tried.returncode == 0, tried.stderr[-2_000:]
        result = json.loads(tried.stdout)
        wrong |= result["wrong"]
        assert result["megabytes"] <= MEGABYTES, result
    assert not wrong, wrong
    promise.reached("P22", asked=EACH, reached=EACH - len(wrong), of=f"hostile {kind}")
