"""The table at the end of `make prove`: its sums, which rows it calls broken, and when it is printed."""

import pytest

from tests.support.places import ROOT
from tests.support.promising import Promise, Run, Tried, table

pytest_plugins = ["pytester"]


MODULE = """
import pytest

@pytest.mark.prove
@pytest.mark.parametrize("seed", range(3))
def test_kept(promise, seed):
    promise.reached("P2", asked=500, reached=500, of="streams")

@pytest.mark.prove
def test_short(promise):
    promise.reached("P10", asked=9, reached=8, of="removals")

@pytest.mark.prove
def test_early(promise):
    assert False

@pytest.mark.prove
def test_silent():
    pass

@pytest.mark.prove
@pytest.mark.skip
def test_skipped(promise):
    pass

@pytest.fixture
def leaky():
    yield
    assert False

@pytest.mark.prove
def test_late(promise, leaky):
    promise.reached("P9", asked=7, reached=7, of="logs")

def test_something_else():
    assert False
"""
PRINTED = """\
promise  what      asked  reached
P2       streams   1,500    1,500  kept
P9       logs          7        7  BROKEN
P10      removals      9        8  BROKEN
BROKEN  test_module.py::test_early
kept    test_module.py::test_silent
untried test_module.py::test_skipped
"""


def test_the_table_ends_a_run_that_proves(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAF_PROVE", "full")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nmarkers = prove")
    pytester.makepyfile(test_module=MODULE)
    printed = str(pytester.runpytest_subprocess("-p", "tests.conftest", "-p", "no:cacheprovider").stdout)

    assert "promises, tried with their full counts" in printed
    assert PRINTED in printed


def test_more_of_one_test_does_not_make_up_for_less_of_another() -> None:
    short, long = (Run(str(n), "passed", (Tried("P4", "taps", 10, n),)) for n in (9, 11))

    assert table([short, long])[-1].endswith("20       20  BROKEN")


def test_less_than_was_asked_fails_the_test_and_is_written_down() -> None:
    written: list[tuple[str, object]] = []

    with pytest.raises(AssertionError, match="P18: 9,999 of 10,000 tampers found"):
        Promise(written).reached("P18", asked=10_000, reached=9_999, of="tampers found")

    assert written == [("promise", ("P18", "tampers found", 10_000, 9_999))]


@pytest.mark.parametrize("name", ["", "18", "p18", "P0", "P", "P100"])
def test_a_promise_without_its_number_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="named P and its number"):
        Promise([]).reached(name, asked=1, reached=1)
