"""What `check` found: one line per check, whether it is in order, and what to do where it is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.cli.frame.private_files import demand_private
from bot.runtime.errors import SerafError


class Verdict(StrEnum):
    """Whether something is in order; `LOOK` is for a person to judge, and does not fail the check."""

    YES = "yes"
    LOOK = "look"
    NO = "NO"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was looked at, whether it is in order, and what was found or is to be done."""

    about: str
    order: Verdict
    found: str


def look(about: str, looking: Callable[[], str]) -> Iterator[Finding]:
    """One finding where all is well, else one per line of the fault."""
    try:
        yield Finding(about, Verdict.YES, looking())
    except SerafError as fault:
        yield from (Finding(about, Verdict.NO, line) for line in str(fault).splitlines())


def privacy(about: str, path: Path, *, mode: str, absent: str) -> Iterator[Finding]:
    """Whether only its owner can read a file or a folder."""
    yield from look(about, lambda: f"{path}, {demand_private(path, mode=mode)}" if path.exists() else absent)
