"""The result of proving a promise for one state of the code, stored in a file, so that proving can resume."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from tests.support.places import ROOT
from tests.support.promising import Run, Tried
from tests.support.proving.named import tries_of

FOLDER = ROOT / "build" / "promises"
PAGE = "docs/promises.md"
"""The page with the table. Changes of this page do not count as changes of the code."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The counts of one part of a promise, with the duration and the seeds of its tests."""

    of: str
    asked: int
    reached: int
    seconds: float
    seeds: str


@dataclass(frozen=True, slots=True)
class Proved:
    """The result of a promise with full counts. `seconds` is the total, `broken` has the ids of failed tests."""

    promise: str
    commit: str
    seconds: float
    rows: tuple[Measured, ...]
    broken: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        """True if the promise was tried, and all its tests passed."""
        return bool(self.rows) and not self.broken


def commit_here() -> str:
    """Return the current commit; uncommitted changes add a hash of the changes to it."""
    commit = _git("rev-parse", "--short=10", "HEAD").strip()
    changed = _git("status", "--porcelain", "--", ".", f":!{PAGE}") + _git("diff", "HEAD", "--", ".", f":!{PAGE}")
    return f"{commit}+{sha256(changed.encode()).hexdigest()[:6]}" if changed else commit


def keep(proved: Proved, folder: Path = FOLDER) -> None:
    """Store a result, completely or not at all."""
    path = folder / proved.commit / f"{proved.promise}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(json.dumps(asdict(proved), indent=1), encoding="utf-8")
    half.replace(path)


def read(commit: str, folder: Path = FOLDER) -> dict[str, Proved]:
    """Return the stored results for a state of the code, by promise."""
    return {proved.promise: proved for proved in map(_read, sorted((folder / commit).glob("*.json")))}


def latest(folder: Path = FOLDER) -> dict[str, Proved]:
    """Return the latest stored result of each promise, for whatever state of the code."""
    paths = sorted(folder.glob("*/*.json"), key=lambda path: path.stat().st_mtime_ns)
    return {proved.promise: proved for proved in map(_read, paths)}


def runs_told(path: Path) -> list[Run]:
    """Return the test runs that pytest wrote to the file of `--promise-to`."""
    result = json.loads(path.read_text(encoding="utf-8"))
    return [Run(**said | {"tried": tuple(Tried(**each) for each in said["tried"])}) for said in result]


def proved_by(runs: Iterable[Run], promise: str, *, commit: str, seconds: float) -> Proved:
    """Return the result of one promise from these test runs."""
    every = list(runs)
    rows: dict[str, Measured] = {}
    for each in (row for run in every for row in _measured(run, promise)):
        before = rows.get(each.of, replace(each, asked=0, reached=0, seconds=0.0))
        rows[each.of] = replace(
            each,
            asked=before.asked + each.asked,
            reached=before.reached + each.reached,
            seconds=before.seconds + each.seconds,
        )
    broken = tuple(run.test for run in every if run.outcome != "passed")
    return Proved(promise, commit, seconds, tuple(rows.values()), broken)


def _measured(run: Run, promise: str) -> Iterator[Measured]:
    path, _, name = run.test.partition("::")
    function = name.partition("[")[0]
    seeds = tries_of(ROOT / path)[function].seeds if function else "–"
    mine = [each for each in run.tried if each.name == promise]
    for each in mine:
        yield Measured(each.of, each.asked, each.reached, run.seconds / len(mine), seeds)
    if not mine and function:
        yield Measured(
            function.removeprefix("test_").replace("_", " "), 1, int(run.outcome == "passed"), run.seconds, seeds
        )


def _read(path: Path) -> Proved:
    said = json.loads(path.read_text(encoding="utf-8"))
    rows = tuple(Measured(**row) for row in said.pop("rows"))
    return Proved(**said | {"rows": rows, "broken": tuple(said["broken"])})


def _git(*words: str) -> str:
    return subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=True).stdout
