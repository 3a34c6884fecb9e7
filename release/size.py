"""How large what the bot runs on is, as it is installed here: `python -m release.size` names the largest parts and the sum."""

import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path

from release.parts import parts
from release.places import project

MOST = 250_000_000
"""Bytes that all of it may take: a small machine has to hold two releases while it is upgraded."""

SHOWN = 8


def sizes(names: Iterable[str]) -> Mapping[str, int]:
    """The bytes of the files of each library, what Python compiled of them included, the largest first."""
    found = {name: _size(name) for name in names}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def runtime() -> Mapping[str, int]:
    """Of all that the bot runs on."""
    return sizes(parts(project()["project"]["dependencies"]))


def _size(name: str) -> int:
    paths = {path.locate() for path in distribution(name).files or ()}
    return sum(path.stat().st_size for path in map(Path, map(str, paths)) if path.is_file())


def main() -> int:
    """Print them; exit status 1 where it is too much."""
    found = runtime()
    for name, size in list(found.items())[:SHOWN]:
        sys.stdout.write(f"{size / 1e6:6.1f} MB  {name}\n")
    total = sum(found.values())
    sys.stdout.write(f"{total / 1e6:6.1f} MB  in all, {len(found)} libraries; at most {MOST / 1e6:.0f}\n")
    return int(total > MOST)


if __name__ == "__main__":
    sys.exit(main())
