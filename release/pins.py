"""Pins: the exact version of each library, with the hashes of its files.

`python -m release.pins` writes them; with `--upgrade` it takes newer versions. Pins name no registry, and any may be
used, since a file with another hash is refused.
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
        "postgresql": ("pyproject.toml", "--extra", "postgresql"),
        "build": ("-",),
    }
)
"""The sources of each file of pins; `-` is standard input (build requirements). Others use the first's versions."""

COMPILING = (
    *("--quiet", "--no-config", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-annotate", "--no-header", "--no-strip-extras", "--no-emit-index-url"),
)
"""Options of `uv pip compile` for pins that fit every machine and every Python version from 3.11 on."""

HEAD = "# Written by `make pins`: {what}. Exact versions, each with the hashes of its files, and no address.\n"
WHAT = {
    "build": "what installs the project itself",
    "run": "what the bot runs on",
    "postgresql": "what the bot runs on with a store in PostgreSQL",
    "test": "what the bot runs on, and what its tests need",
    "dev": "what the bot runs on, and all that development needs",
}


@dataclass(frozen=True, slots=True)
class Pin:
    """A library at one version, the marker for machines that need it, and the hashes of its permitted files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def is_for_here(self) -> bool:
        """True if the library is needed on this machine, with this Python."""
        return not self.marker or Marker(self.marker).evaluate()


def read_pins(text: str) -> Iterator[Pin]:
    """Yield the pins in the text of a file. Raise `ValueError` for a line without an exact version and hashes."""
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
    """Return the pins in the file `name`, by the names of the libraries."""
    return {pin.name: pin for pin in read_pins((folder / f"{name}.txt").read_text(encoding="utf-8"))}


def _write(name: str, options: Sequence[str]) -> None:
    """Write one file of pins. It keeps its versions and those of the first file, unless `options` ask for newer."""
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
    """Write all files of pins. Return the exit status: 2 for wrong arguments."""
    if tuple(arguments) not in ((), ("--upgrade",)):
        sys.stderr.write("usage: python -m release.pins [--upgrade]\n")
        return 2
    for name in SETS:
        _write(name, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
