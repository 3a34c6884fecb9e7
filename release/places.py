"""Where a release finds what it needs in the project, and where it puts what it makes."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements"
MADE = ROOT / "build" / "release"
"""Bill and licences: written by a command, and never committed."""


def project(root: Path = ROOT) -> dict[str, Any]:
    """What pyproject.toml says, all tables."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
