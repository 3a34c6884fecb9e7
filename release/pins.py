"""Pins: exact versions with the hash of every file of them. `python -m release.pins` writes them; `--upgrade` takes newer ones.

They name no registry: where files come from is for whoever installs to say, and a file that differs is refused.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from release.places import PINS, ROOT, project

SETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dev": ("pyproject.toml", "--extra", "dev"),
        "test": ("pyproject.toml", "--extra", "test"),
        "run": ("pyproject.toml",),
        "build": ("-",),
    }
)
"""What each file holds: all that there is, to test, to run, and to install the project itself. The first one leads the others."""

COMPILING = (
    *("--quiet", "--no-config", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-annotate", "--no-header", "--no-strip-extras", "--no-emit-index-url"),
)
"""For every machine and Python at once; `-` is what pyproject.toml needs to be built, on standard input."""

HEAD = "# Written by `make pins`: {what}. Exact versions, each with the hashes of its files, and no address.\n"
WHAT = {
    "build": "what installs the project itself",
    "run": "what the bot runs on",
    "test": "what the bot runs on, and what its tests need",
    "dev": "what the bot runs on, and all that development needs",
}


@dataclass(frozen=True, slots=True)
class Pin:
    """One library at one version, where it is wanted at all, and the hashes of the files that may be installed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def is_for_here(self) -> bool:
        """Whether it is installed on this machine, with this Python."""
        return not self.marker or Marker(self.marker).evaluate()


def read_pins(text: str) -> Iterator[Pin]:
    """Every pin of a file. Raises `ValueError` for a line that is no comment, has no exact version, no hash, or an address."""
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        wanted, *hashes = re.split(r"\s--hash=", line.strip())
        name, version, marker = _parted(wanted.strip())
        if not hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes):
            raise ValueError(f"{wanted.strip()}: not a version with hashes")
        yield Pin(canonicalize_name(name), version, marker, tuple(each.strip() for each in hashes))


def _parted(wanted: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,-]+\])?==([A-Za-z0-9.+!-]+)(?:\s*;\s*(.+))?", wanted)
    if found is None:
        raise ValueError(f"{wanted}: not one exact version")
    return found[1], found[2], found[3] or ""


def pins_of(name: str, folder: Path = PINS) -> dict[str, Pin]:
    """The pins of one of the files, by name."""
    return {pin.name: pin for pin in read_pins((folder / f"{name}.txt").read_text(encoding="utf-8"))}


def _write(name: str, options: Sequence[str]) -> None:
    """Write one file; the versions of the first one, and those that it has itself, are kept unless newer ones are asked for."""
    path, leader = PINS / f"{name}.txt", PINS / f"{next(iter(SETS))}.txt"
    bounds = [] if path == leader or not leader.exists() else ["--constraints", str(leader)]
    subprocess.run(
        ["uv", "pip", "compile", *COMPILING, "--output-file", str(path), *bounds, *options, *SETS[name]],
        cwd=ROOT,
        input="\n".join(project()["build-system"]["requires"]),
        text=True,
        check=True,
        env=os.environ | {"UV_SYSTEM_CERTS": "1"},
    )
    written = path.read_text(encoding="utf-8")
    count = len(list(read_pins(written)))
    path.write_text(HEAD.format(what=WHAT[name]) + written, encoding="utf-8")
    sys.stdout.write(f"requirements/{name}.txt: {count} libraries\n")


def main(arguments: Sequence[str]) -> int:
    """Write all files; the exit status."""
    if tuple(arguments) not in ((), ("--upgrade",)):
        sys.stderr.write("usage: python -m release.pins [--upgrade]\n")
        return 2
    for name in SETS:
        _write(name, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
