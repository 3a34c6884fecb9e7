"""The paths of the files that a release reads, and of those that it writes."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements"
MADE = ROOT / "build" / "release"
"""The folder for the bill of materials and the licences. They are written by a command, and never committed."""


def project(root: Path = ROOT) -> dict[str, Any]:
    """Return all tables of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
