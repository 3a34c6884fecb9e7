"""Proves promises with their full counts: `python -m tests.support.proving [P1 …]`; `--write` writes the table.

A promise that was kept for the present code is not tried again. One that was broken or interrupted is.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli.terminal import Step, working
from tests.support.places import ROOT
from tests.support.proving.kept import PAGE, Proved, commit_here, keep, latest, proved_by, read, runs_told
from tests.support.proving.named import all_promises
from tests.support.proving.page import page
from tests.support.proving.plan import LANES, ordered

TESTS = ROOT / "tests"
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=0", "-m", "prove")
ON_SERVER = "-postgresql"
"""The end of the name of a promise that is tried with the stores of all bots in PostgreSQL."""

THERE = ("P2", "P5", "P6", "P10", "P12")
"""The promises that are tried there too. The others have no bot in them, or are about a file; P40 and P41 are there alone."""

WHOLE = (0, 1)
"""The exit statuses of pytest after a complete run, passed or failed. After any other, nothing is stored."""


def prove(promise: str, commit: str) -> Proved:
    """Run the tests of one promise with full counts, and store the outcome."""
    begun, name = time.monotonic(), promise.removesuffix(ON_SERVER)
    store = {"SERAF_TESTS_STORE": "postgresql"} if promise.endswith(ON_SERVER) else {}
    with TemporaryDirectory() as folder:
        result = Path(folder) / "told.json"
        ended = subprocess.run(
            [*PYTEST, "--promise", name, "--promise-to", str(result), *map(str, all_promises(TESTS)[name])],
            cwd=ROOT,
            env=os.environ | {"SERAF_PROVE": "full"} | store,
            capture_output=True,
            text=True,
            check=False,
        )
        runs = runs_told(result) if result.exists() else []
    proved = replace(proved_by(runs, name, commit=commit, seconds=time.monotonic() - begun), promise=promise)
    if ended.returncode in WHOLE:
        keep(proved)
    sys.stdout.write(f"{promise}: {'kept' if proved.is_kept else 'BROKEN'}, {proved.seconds:,.0f} s\n")
    if not proved.is_kept:
        sys.stdout.write(ended.stdout[-20_000:] + ended.stderr[-2_000:])
    sys.stdout.flush()
    return proved


def main(arguments: Sequence[str]) -> int:
    """Prove promises, or write the table. Return the exit status, which is 1 if a promise was broken."""
    names = all_promises(TESTS)
    names |= {f"{name}{ON_SERVER}": names[name] for name in THERE}
    if tuple(arguments) == ("--write",):
        path = ROOT / PAGE
        path.write_text(page(path.read_text(encoding="utf-8"), list(names), latest()), encoding="utf-8")
        return 0
    if unknown := [each for each in arguments if each not in names]:
        sys.stderr.write(f"{', '.join(unknown)}: no promise; there are {', '.join(names)}\n")
        return 2
    commit = commit_here()
    kept = {name for name, proved in read(commit).items() if proved.is_kept}
    other, alone = ordered([name for name in arguments or names if name not in kept])
    sys.stdout.write(f"{commit}: {len(kept)} kept before, {len(other) + len(alone)} to prove\n")
    with working("Proving", of=len(other) + len(alone)) as step:
        proved = list(_proved(other, alone, commit=commit, step=step))
    return 0 if all(each.is_kept for each in proved) else 1


def _proved(beside: Sequence[str], alone: Sequence[str], *, commit: str, step: Step) -> Iterator[Proved]:
    """Prove the promises of `beside`, several at a time, and then those of `alone`. Yield each result."""
    lanes = ThreadPoolExecutor(LANES)
    try:
        for each in lanes.map(partial(prove, commit=commit), beside):
            step()
            yield each
    finally:
        lanes.shutdown(cancel_futures=True)  # after Ctrl-C, no further promise is begun
    for name in alone:
        yield prove(name, commit)
        step()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
