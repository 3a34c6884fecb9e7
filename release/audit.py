"""A search for known faults in the pinned libraries: `python -m release.audit`. A failed lookup fails the audit."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from release.pins import pins_of
from release.places import PINS, ROOT

OPTIONS = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off")

SHOWN = 20
"""The maximum number of printed lines of each kind. If there are more, their count follows."""


def verdict(report: Mapping[str, Any], wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the known faults in a report of pip-audit, and the wanted libraries that it could not look up."""
    looked_up = {each["name"]: each.get("vulns", ()) for each in report["dependencies"] if "skip_reason" not in each}
    faults = [f"{name}: {each['id']}" for name, known in looked_up.items() for each in known]
    return faults, sorted(set(wanted) - looked_up.keys())


def _asked(name: str) -> Mapping[str, Any]:
    """Return pip-audit's report on one file of pins. If pip-audit prints no report, return one without libraries."""
    told = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--requirement", str(PINS / f"{name}.txt"), *OPTIONS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: Mapping[str, Any] = json.loads(told.stdout)
    except ValueError:
        sys.stderr.write(told.stderr[-2_000:])
        return {"dependencies": []}
    return report


def lines_of(faults: list[str], missed: list[str], count: int) -> Iterator[str]:
    """Yield the lines to print: the faults, and the libraries that were not looked up, out of `count` libraries."""
    for kind, every in (("known fault", faults), ("not looked up", missed)):
        yield from (f"{kind}: {each}" for each in every[:SHOWN])
        if len(every) > SHOWN:
            yield f"{kind}: {len(every)} in all"
    if missed:
        yield f"{len(missed)} of {count} libraries could not be looked up: this says nothing about them."
    else:
        yield f"{count} libraries looked up, {len(faults)} known faults"


def main() -> int:
    """Audit all pinned libraries. Return the exit status: 1 if one has a known fault or could not be looked up."""
    wanted = [name for each in ("build", "dev") for name, pin in pins_of(each).items() if pin.is_for_here]
    reports = [_asked(each) for each in ("build", "dev")]
    faults, missed = verdict({"dependencies": [one for each in reports for one in each["dependencies"]]}, wanted)
    sys.stdout.writelines(f"{line}\n" for line in lines_of(faults, missed, len(set(wanted))))
    return 1 if faults or missed else 0


if __name__ == "__main__":
    sys.exit(main())
