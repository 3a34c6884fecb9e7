"""The size of the installed libraries that the bot runs on: `python -m release.size` prints the largest ones and the sum."""

import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path

from release.parts import parts
from release.places import project

MOST = 250_000_000
"""The maximum size of all libraries in bytes. A small machine must have room for two releases during an upgrade."""

SHOWN = 8


def sizes(names: Iterable[str]) -> Mapping[str, int]:
    """Return the size of each library in bytes, compiled files included, the largest first."""
    found = {name: _size(name) for name in names}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def runtime() -> Mapping[str, int]:
    """Return the size in bytes of each library that the bot runs on, the largest first."""
    return sizes(parts(project()["project"]["dependencies"]))


def _size(name: str) -> int:
    paths = {path.locate() for path in distribution(name).files or ()}
    return sum(path.stat().st_size for path in map(Path, map(str, paths)) if path.is_file())


def main() -> int:
    """Print the largest libraries and the sum of all. Return the exit status, which is 1 if the sum exceeds `MOST`."""
    found = runtime()
    for name, size in list(found.items())[:SHOWN]:
        sys.stdout.write(f"{size / 1e6:6.1f} MB  {name}\n")
    total = sum(found.values())
    sys.stdout.write(f"{total / 1e6:6.1f} MB  in all, {len(found)} libraries; at most {MOST / 1e6:.0f}\n")
    return int(total > MOST)


if __name__ == "__main__":
    sys.exit(main())
