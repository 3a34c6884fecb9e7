"""What a running bot says of itself, as a value and as JSON: counts and times; and what is wrong with it, as far as these tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, TypeAdapter, ValidationError

STALE = timedelta(seconds=30)
"""A bot reports every few seconds; one that has not for so long hangs, or cannot write."""

SILENT = timedelta(seconds=120)
"""Telegram holds a question for 25 seconds, and after a failure it is asked again within ten, or after a silence of sixty."""


class Ailment(StrEnum):
    """What can be wrong with a bot that runs."""

    STALE = "does not report"
    NO_STORE = "without a store"
    NOT_KEEPING = "cannot keep what it hears"
    NOT_ASKING = "does not ask Telegram"
    NOT_ANSWERED = "Telegram does not answer"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is looked up now and then: people served today, backups, room on the disk, admissions, the audit's head.

    None is what could not be looked up.
    """

    people_today: int | None = None
    backups: int | None = None
    newest_backup: AwareDatetime | None = None
    disk_free: int | None = None
    store_bytes: int | None = None
    ending: int | None = None
    """Admissions that run out within a fortnight."""
    ended: int | None = None
    """Admissions that have run out and were not renewed."""
    first_end: AwareDatetime | None = None
    audit: str = ""
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By kind and word, what was counted in the last month that is over; what is too small to be shown is not in it."""
    counted_month: str = ""
    """That month, such as "2026-10"; empty where nothing is counted."""
    told: int | None = None
    """The number of the last entry of the audit that was told as an event."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """A bot at one moment: since when it runs, what it did last, how often, how fast, and what is around it."""

    at: AwareDatetime
    started: AwareDatetime
    has_store: bool
    is_keeping: bool
    asked: AwareDatetime | None = None
    polled: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    kept: AwareDatetime | None = None
    taps: int = 0
    tap_p50: float | None = None
    tap_p99: float | None = None
    refusals: int = 0
    silence: float = 0.0
    events: Mapping[str, int] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    asks: bool = True
    """Whether Telegram is asked at all. Pages in a browser alone ask nobody."""


ADAPTER = TypeAdapter(Vitals)


def vitals_line(vitals: Vitals) -> bytes:
    """The report as one line of JSON."""
    return ADAPTER.dump_json(vitals) + b"\n"


def read_vitals(content: bytes) -> Vitals | None:
    """The report in a file; None for anything else."""
    try:
        return ADAPTER.validate_json(content)
    except ValidationError:
        return None


def ailments(vitals: Vitals, now: datetime) -> tuple[Ailment, ...]:
    """What is wrong with a bot that runs; nothing where it hears people, and can keep what it hears."""
    found = {
        Ailment.STALE: abs(now - vitals.at) > STALE,
        Ailment.NO_STORE: not vitals.has_store,
        Ailment.NOT_KEEPING: vitals.has_store and not vitals.is_keeping,
        Ailment.NOT_ASKING: vitals.asks and _is_long_ago(vitals.asked, vitals.at),
        Ailment.NOT_ANSWERED: vitals.asks and _is_long_ago(vitals.polled, vitals.at),
    }
    return tuple(ailment for ailment, is_so in found.items() if is_so)


def _is_long_ago(moment: datetime | None, at: datetime) -> bool:
    return moment is None or at - moment > SILENT
