"""Proving one promise of docs/promises.md at a time: which tests run, what is stored, how it resumes, and the table."""

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT, TESTS
from tests.support.promising import Run, Tried
from tests.support.proving import __main__ as proving
from tests.support.proving.kept import PAGE, Measured, Proved, keep, latest, proved_by, read, runs_told
from tests.support.proving.named import REST, all_promises, tries_of
from tests.support.proving.page import page

pytest_plugins = ["pytester"]

MODULE = """
import pytest
from random import Random

@pytest.mark.prove
def test_one(promise):
    Random(7)
    promise.reached("P1", asked=1_000, reached=1_000, of="kills")

@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2))
def test_two(promise, seed):
    promise.reached("P2", asked=5, reached=5 - seed, of="streams")

@pytest.mark.prove
def test_three():
    for number in range(3):
        Random(f"three {number}")
"""
WRITTEN = (
    "Before.\n\n<!-- begin proved -->\n| P1 | as it stood |\n| P2 | as it stood |\n<!-- end proved -->\n\nAfter.\n"
)
KEPT = Proved("P1", "c0ffee", 12.0, (Measured("kills", 1_000, 1_000, 11.6, "7"),), ())
BROKEN = Proved(
    "P2",
    "c0ffee",
    3.0,
    (Measured("streams", 10, 9, 1.0, "each"), Measured("forms", 10, 12, 1.0, "each")),
    ("tests/test_module.py::test_two[1]",),
)


def test_a_test_names_its_promise_and_its_seeds(tmp_path: Path) -> None:
    (tmp_path / "test_module.py").write_text(MODULE, encoding="utf-8")
    tries = tries_of(tmp_path / "test_module.py")

    assert {name: (set(each.promises), each.seeds) for name, each in tries.items()} == {
        "test_one": ({"P1"}, "7"),
        "test_two": ({"P2"}, "each, from 0"),
        "test_three": ({REST}, "each"),
    }
    assert list(all_promises(tmp_path).items()) == [
        (name, [tmp_path / "test_module.py"]) for name in ("P1", "P2", REST)
    ]


def test_one_promise_is_tried_alone(pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeini("[pytest]\nmarkers = prove")
    pytester.makepyfile(test_module=MODULE)
    result = tmp_path / "told.json"

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.runpytest_subprocess(
        *("-p", "tests.conftest", "-p", "no:cacheprovider", "--promise", "P2", "--promise-to", str(result))
    )
    runs = sorted(runs_told(result), key=lambda run: run.test)

    assert [(run.test, run.outcome) for run in runs] == [
        ("test_module.py::test_two[0]", "passed"),
        ("test_module.py::test_two[1]", "failed"),
    ]
    assert [each.reached for run in runs for each in run.tried] == [5, 4]


def test_counts_of_a_promise_are_added_up() -> None:
    test = "tests/promises/test_promise_put_back.py::test_a_whole_older_file_is_shown_by_a_head_that_was_noted"
    runs = [Run(test, "passed", (Tried("P21", "files", 5, 5), Tried("P1", "kills", 1, 1)), 2.0)] * 2
    skipped = Run(test, "skipped")

    proved = proved_by(runs, "P21", commit="c0ffee", seconds=9.0)

    assert proved == Proved("P21", "c0ffee", 9.0, (Measured("files", 10, 10, 4.0, "–"),), ())
    assert proved.is_kept
    assert not proved_by([*runs, skipped], "P21", commit="c0ffee", seconds=9.0).is_kept
    assert not proved_by([], "P21", commit="c0ffee", seconds=9.0).is_kept


def test_a_proof_is_stored_for_its_commit(tmp_path: Path) -> None:
    older = Proved("P1", "decade", 1.0, KEPT.rows, ())
    for each in (older, KEPT, BROKEN):
        keep(each, tmp_path)

    assert read("c0ffee", tmp_path) == {"P1": KEPT, "P2": BROKEN}
    assert read("another", tmp_path) == {}
    assert latest(tmp_path) == {"P1": KEPT, "P2": BROKEN}


def test_proving_continues_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[str] = []

    def prove(promise: str, commit: str) -> Proved:
        tried.append(promise)
        return Proved(promise, commit, 1.0, KEPT.rows, () if promise != "P4" else ("a test",))

    monkeypatch.setattr(proving, "prove", prove)
    monkeypatch.setattr(proving, "commit_here", lambda: "c0ffee")
    monkeypatch.setattr(proving, "read", lambda commit: {"P1": KEPT, "P2": BROKEN})

    assert (proving.main(["P1", "P2", "P3"]), sorted(tried)) == (0, ["P2", "P3"])
    assert proving.main(["P4"]) == 1
    assert proving.main(["P77"]) == 2
    assert "P77: no promise" in capsys.readouterr().err


def test_the_table_is_written_between_its_marks() -> None:
    names = ["P1", "P2", "P3"]

    written = page(WRITTEN, names, {"P1": KEPT})

    assert "| P1 | 1,000 | 1,000 | c0ffee |\n| P2 | as it stood |\n| P3 | not proven in full yet" in written
    assert "| P2 | 20 | **19** | c0ffee |" in page(WRITTEN, names, {"P2": BROKEN})
    assert (written[:8], written[-7:]) == (WRITTEN[:8], WRITTEN[-7:])
    assert page(written, names, {"P1": KEPT}) == written


def test_a_promise_has_its_number_where_a_test_that_tries_it_is_linked() -> None:
    """Each count in the table of the page must belong to one promise above it."""
    rows = re.findall(r"^\| ((?:P\d+, )*P\d+)\. (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    linked = {
        (name, link) for names, row in rows for name in names.split(", ") for link in re.findall(r"\((.+?)\)", row)
    }

    tried = {name: paths for name, paths in all_promises(TESTS).items() if name != REST}
    links = {name: {(name, f"../{path.relative_to(ROOT)}") for path in paths} for name, paths in tried.items()}

    assert [name for name in tried if not links[name] & linked] == []
    assert {name for name, _ in linked} == set(tried)


def test_the_page_has_a_row_for_every_promise() -> None:
    rows = set(re.findall(r"^\| (P\d+|rest) \|", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE))

    assert rows == set(all_promises(TESTS))
