"""The report of a running bot about itself: counts and times, as a value and as JSON, and the faults that they show."""

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

from bot.runtime.files import read_at_most, replace_private

STALE = timedelta(seconds=30)  # a bot reports every few seconds; with an older report it hangs or cannot write
SILENT = timedelta(seconds=120)  # a poll lasts 25 seconds; the next follows within 10, after a refused token within 60
CONFLICT = timedelta(seconds=30)  # how long a conflict is a fault: one poll of another program should alarm nobody
UNDELIVERED = timedelta(minutes=2)  # the time in which a probe should arrive in a chat; after that somebody should look
RESUMES = timedelta(minutes=2)  # a bot that polled this recently resumes at its start; later another may use its token
LARGEST_PRACTICE = 16_384


class Ailment(StrEnum):
    """A fault of a running bot."""

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
    """Values that are looked up periodically. A value is None if its lookup failed."""

    people_today: int | None = None
    backups: int | None = None
    newest_backup: AwareDatetime | None = None
    disk_free: int | None = None
    store_bytes: int | None = None
    ending: int | None = None  # the number of admissions that end within a fortnight
    ended: int | None = None  # the number of admissions that have ended without a renewal
    first_end: AwareDatetime | None = None
    audit: str = ""
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # counts by kind and value; no small ones
    counted_month: str = ""  # the month of these counts, such as "2026-10"; empty if nothing is counted
    told: int | None = None  # the number of the last entry of the audit that was logged


@dataclass(frozen=True, slots=True)
class Reach:
    """The bot's connection to Telegram: its identity, whether another bot uses its token, and the last deliveries."""

    bot: str = ""  # the public number of the bot, which is the start of its token
    is_waiting: bool = False  # True if it does not poll because another program polled first
    is_token_refused: bool = False
    accepted: str = ""  # a mark of the token that Telegram last accepted, in any run; it does not reveal the token
    conflicted: AwareDatetime | None = None  # the last time another program was seen to poll with the same token
    delivered: AwareDatetime | None = None  # the last time that anybody received the list of whom to call
    probed: AwareDatetime | None = None  # the time of the oldest probe that has not arrived, or else of the last one


@dataclass(frozen=True, slots=True)
class LastTimes:
    """The last times at which Telegram was polled, sent updates and answered a call, and the store saved a write."""

    asked: AwareDatetime | None = None
    polled: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    kept: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """The number of taps since the start, their response seconds (median, 99th percentile), and refusals (429)."""

    taps: int = 0
    tap_p50: float | None = None
    tap_p99: float | None = None
    refusals: int = 0
    silence: float = 0.0  # seconds for which Telegram refused calls


@dataclass(frozen=True, slots=True)
class Vitals:
    """The state of a bot at one moment."""

    at: AwareDatetime
    started: AwareDatetime
    has_store: bool
    is_keeping: bool
    last: LastTimes = LastTimes()
    traffic: Traffic = Traffic()
    events: Mapping[str, int] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    reach: Reach = field(default_factory=Reach)
    asks: bool = True  # False if the bot serves only browser pages and so never polls Telegram


ADAPTER = TypeAdapter(Vitals)
PLAIN = TypeAdapter(dict[str, Any])

GROUPS = ("last", "traffic")  # fields of the report whose own fields are written at its top level


def plain_vitals(vitals: Vitals) -> dict[str, Any]:
    """Return the report as plain values for JSON. The fields of each group stand at the top level."""
    written: dict[str, Any] = {}
    for name, value in ADAPTER.dump_python(vitals, mode="json").items():
        written |= value if name in GROUPS else {name: value}
    return written


def ailments(vitals: Vitals, now: datetime) -> tuple[Ailment, ...]:
    """Return the faults of a running bot that its report or the age of the report shows."""
    reach, at, asks = vitals.reach, vitals.at, vitals.asks and not vitals.reach.is_waiting
    is_overdue = reach.probed is not None and at - reach.probed > UNDELIVERED
    arrived = reach.probed and reach.delivered and reach.delivered >= reach.probed
    ails = {
        Ailment.STALE: abs(now - at) > STALE,
        Ailment.NO_STORE: not (vitals.has_store or reach.is_waiting),
        Ailment.NOT_KEEPING: vitals.has_store and not vitals.is_keeping,
        Ailment.NOT_ASKING: asks and (vitals.last.asked is None or at - vitals.last.asked > SILENT),
        Ailment.NOT_ANSWERED: asks and (vitals.last.polled is None or at - vitals.last.polled > SILENT),
        Ailment.TOKEN_REFUSED: reach.is_token_refused,
        Ailment.NOT_ALONE: reach.is_waiting or (reach.conflicted is not None and at - reach.conflicted <= CONFLICT),
        Ailment.NOT_DELIVERED: is_overdue and not arrived,
    }
    return tuple(ailment for ailment, is_so in ails.items() if is_so)


def vitals_file(store: Path) -> Path:
    """Return the path of the report file of the bot that uses this store."""
    return store.parent / f"{store.name}.status"


def write_vitals(store: Path, vitals: Vitals) -> None:
    """Replace the report file. Raise `OSError` on failure. It need not survive a power cut, so it is not synced."""
    path = vitals_file(store)
    temporary = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        temporary.unlink()  # left by a killed bot; not reused, since it could be a link
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(PLAIN.dump_json(plain_vitals(vitals)) + b"\n")
    temporary.replace(path)


def last_vitals(store: Path) -> Vitals | None:
    """Return the last report of the bot with this store, or None if no report can be read."""
    try:
        raw = PLAIN.validate_json(read_at_most(vitals_file(store), 65_536))
        # Each group takes its own fields from the whole report, and ignores the others.
        return ADAPTER.validate_python(raw | dict.fromkeys(GROUPS, raw))
    except (OSError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class TrialRestore:
    """A restore for practice: its time, the backup, and the faults that were found (empty if there were none)."""

    at: datetime
    backup: str
    found: str = ""


PRACTICE = TypeAdapter(tuple[AwareDatetime, str, str])


def practice_file(store: Path) -> Path:
    """Return the path of the file about the last restore for practice."""
    return store.with_name(f"{store.name}.practice")


def write_practice(store: Path, practice: TrialRestore) -> None:
    """Replace the file that records the last practice restore. Raise `OSError` on failure."""
    path = practice_file(store)
    content = json.dumps([practice.at.isoformat(), practice.backup, practice.found[: LARGEST_PRACTICE // 4]]).encode()
    replace_private(path, content)


def last_practice(store: Path) -> TrialRestore | None:
    """Return the last restore for practice, or None if the file about it cannot be read."""
    with suppress(OSError, ValidationError):
        return TrialRestore(*PRACTICE.validate_json(read_at_most(practice_file(store), LARGEST_PRACTICE), strict=True))
    return None
