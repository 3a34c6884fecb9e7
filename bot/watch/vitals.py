"""What a running bot says of itself, as a value and as JSON: counts and times; and what is wrong with it, as far as these tell."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from bot.runtime.files import read_at_most, replace_private, write_private

STALE = timedelta(seconds=30)
"""A bot reports every few seconds; one that has not for so long hangs, or cannot write."""

SILENT = timedelta(seconds=120)
"""Telegram holds a question for 25 seconds, and after a failure it is asked again within ten; a token that it refuses within sixty."""

CONFLICT = timedelta(seconds=30)
"""For so long another program that polled counts as one that does: one that asked once calls nobody, one that goes on does."""

UNDELIVERED = timedelta(minutes=2)
"""Within so long whom to call arrives in a chat, or somebody is to be called."""

RESUMES = timedelta(minutes=2)
"""A bot that polled so shortly before its start goes on; after that another one with its token may have taken over."""

MARK_DIGITS = 16
"""Hexadecimal digits of a token's mark."""


class Ailment(StrEnum):
    """What can be wrong with a bot that runs."""

    STALE = "does not report"
    NO_STORE = "without a store"
    NOT_KEEPING = "cannot keep what it hears"
    NOT_ASKING = "does not ask Telegram"
    NOT_ANSWERED = "Telegram does not answer"
    TOKEN_REFUSED = "Telegram refuses the token"
    NOT_ALONE = "another program polls with its token"
    NOT_DELIVERED = "whom to call did not arrive"


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
class Reach:
    """How a bot stands with Telegram: which one it is there, whether it is alone with its token, and what arrived last."""

    bot: str = ""
    """The public number of the bot, with which its token begins."""
    is_waiting: bool = False
    """Whether it keeps still, since another program was there first."""
    is_token_refused: bool = False
    accepted: str = ""
    """A mark of the token that Telegram accepted last, in this run or one before; from it nobody can tell the token."""
    conflicted: AwareDatetime | None = None
    """When another program was last seen to poll with its token."""
    delivered: AwareDatetime | None = None
    """When whom to call was last delivered to anybody."""
    probed: AwareDatetime | None = None
    """When it was sent to see whether it arrives."""


@dataclass(frozen=True, slots=True)
class LastTimes:
    """The last time that Telegram was asked, sent updates and answered a call, and that the store kept something."""

    asked: AwareDatetime | None = None
    polled: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    kept: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """The taps since the start, the median and 99th percentile of their answers (seconds), and Telegram's refusals (429).

    `silence` is the time for which Telegram refused calls (seconds).
    """

    taps: int = 0
    tap_p50: float | None = None
    tap_p99: float | None = None
    refusals: int = 0
    silence: float = 0.0


@dataclass(frozen=True, slots=True)
class Vitals:
    """A bot at one moment: since when it runs, what it did last, how often, how fast, and what is around it."""

    at: AwareDatetime
    started: AwareDatetime
    has_store: bool
    is_keeping: bool
    last: LastTimes = LastTimes()
    traffic: Traffic = Traffic()
    events: Mapping[str, int] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    reach: Reach = field(default_factory=Reach)
    asks: bool = True
    """Whether Telegram is asked at all. Pages in a browser alone ask nobody."""


ADAPTER = TypeAdapter(Vitals)
PLAIN = TypeAdapter(dict[str, Any])

GROUPS = ("last", "traffic")
"""The groups whose fields are written as fields of the report."""


def plain_vitals(vitals: Vitals) -> dict[str, Any]:
    """Return the report as it is written: as plain values, with the fields of each group in its place."""
    written: dict[str, Any] = {}
    for name, value in ADAPTER.dump_python(vitals, mode="json").items():
        written |= value if name in GROUPS else {name: value}
    return written


def vitals_line(vitals: Vitals) -> bytes:
    """Return the report as one line of JSON."""
    return PLAIN.dump_json(plain_vitals(vitals)) + b"\n"


def read_vitals(content: bytes) -> Vitals | None:
    """Return the report in a file; None for anything else."""
    try:
        raw = PLAIN.validate_json(content)
        # Each group takes its own fields from the whole, and ignores the others.
        return ADAPTER.validate_python(raw | dict.fromkeys(GROUPS, raw))
    except ValidationError:
        return None


def ailments(vitals: Vitals, now: datetime) -> tuple[Ailment, ...]:
    """Return what is wrong with a bot that runs; nothing where it hears people, and can keep what it hears."""
    reach, asks = vitals.reach, vitals.asks and not vitals.reach.is_waiting
    found = {
        Ailment.STALE: abs(now - vitals.at) > STALE,
        Ailment.NO_STORE: not (vitals.has_store or reach.is_waiting),
        Ailment.NOT_KEEPING: vitals.has_store and not vitals.is_keeping,
        Ailment.NOT_ASKING: asks and _is_long_ago(vitals.last.asked, vitals.at),
        Ailment.NOT_ANSWERED: asks and _is_long_ago(vitals.last.polled, vitals.at),
        Ailment.TOKEN_REFUSED: reach.is_token_refused,
        Ailment.NOT_ALONE: reach.is_waiting or _is_lately(reach.conflicted, vitals.at),
        Ailment.NOT_DELIVERED: _did_not_arrive(reach, vitals.at),
    }
    return tuple(ailment for ailment, is_so in found.items() if is_so)


def resumes(before: Vitals | None, bot: str, now: datetime) -> bool:
    """Return True if a bot that starts now polled with the same token until just before, by its last report."""
    polled = None if before is None or before.reach.bot != bot else before.last.polled
    return polled is not None and abs(now - polled) <= RESUMES


def token_mark(token: str) -> str:
    """Return the mark of a token, from which nobody can tell the token."""
    return hashlib.sha256(b"accepted token\0" + token.encode()).hexdigest()[:MARK_DIGITS]


def _is_long_ago(moment: datetime | None, at: datetime) -> bool:
    return moment is None or at - moment > SILENT


def _is_lately(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and at - moment <= CONFLICT


def _did_not_arrive(reach: Reach, at: datetime) -> bool:
    if reach.probed is None or at - reach.probed <= UNDELIVERED:
        return False
    return reach.delivered is None or reach.delivered < reach.probed


LARGEST = 65_536


def vitals_file(store: Path) -> Path:
    """Return where a bot with this store reports."""
    return store.parent / f"{store.name}.status"


def write_vitals(store: Path, vitals: Vitals) -> None:
    """Replace the report. Raise `OSError` if it cannot be. It need not outlive a power cut, so no sync."""
    path = vitals_file(store)
    temporary = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        temporary.unlink()  # of a bot that was killed; never written through, since it could be a link
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(vitals_line(vitals))
    temporary.replace(path)


def last_vitals(store: Path) -> Vitals | None:
    """Return the last report of a bot with this store, or None if there is none."""
    try:
        return read_vitals(read_at_most(vitals_file(store), LARGEST))
    except OSError:
        return None


LARGEST_PRACTICE = 16_384


@dataclass(frozen=True, slots=True)
class TrialRestore:
    """When which backup was restored for practice, and what was found wrong with it; nothing where it was whole."""

    at: datetime
    backup: str
    found: str = ""


def practice_file(store: Path) -> Path:
    """Return the path of the file."""
    return store.with_name(f"{store.name}.practice")


def write_practice(store: Path, practice: TrialRestore) -> None:
    """Replace what was written before. Raise `OSError` if it cannot be."""
    path = practice_file(store)
    written = json.dumps([practice.at.isoformat(), practice.backup, practice.found[: LARGEST_PRACTICE // 4]]).encode()
    (replace_private if path.exists() else write_private)(path, written)


def last_practice(store: Path) -> TrialRestore | None:
    """Return the last practice, or None if there is none."""
    with suppress(OSError, ValueError, TypeError):
        at, backup, found = json.loads(read_at_most(practice_file(store), LARGEST_PRACTICE))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None and isinstance(backup, str) and isinstance(found, str):
            return TrialRestore(moment, backup, found)
    return None
