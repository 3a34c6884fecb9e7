"""A running bot's report on itself, which has counts and times, as a value and as JSON; and the faults that it shows."""

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

STALE = timedelta(seconds=30)  # a bot reports every few seconds; if a report is older, it hangs or cannot write
SILENT = timedelta(seconds=120)  # a poll lasts 25 seconds; the next follows within 10, after a refused token within 60
CONFLICT = timedelta(seconds=30)  # for how long a conflict is a fault: one poll by another program should alarm nobody
UNDELIVERED = timedelta(minutes=2)  # a probe that has not arrived in a chat after this time is a fault
RESUMES = timedelta(minutes=2)  # a bot that polled this recently resumes at its start; later another may use its token
LARGEST_PRACTICE = 16_384


class Ailment(StrEnum):
    """A fault of a running bot, in the words in which it is reported."""

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
    """Values that are looked up from time to time. If a look-up failed, its value is None."""

    people_today: int | None = None
    backups: int | None = None
    newest_backup: AwareDatetime | None = None
    disk_free: int | None = None
    store_bytes: int | None = None
    ending: int | None = None  # how many admissions end within 14 days
    ended: int | None = None  # how many admissions have ended and were not renewed
    first_end: AwareDatetime | None = None
    audit: str = ""
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # monthly counts, no small ones
    counted_month: str = ""  # the month of these counts, such as “2026-10”, or empty if nothing is counted
    told: int | None = None  # the number of the last audit entry that was logged


@dataclass(frozen=True, slots=True)
class Reach:
    """The bot's connection to Telegram: its id, whether another bot uses its token, and when it last delivered a card."""

    bot: str = ""  # the public number of the bot, which is the start of its token
    is_waiting: bool = False  # True if it does not poll because another program does
    is_token_refused: bool = False
    accepted: str = ""  # a hash of the token that Telegram last accepted, in any run
    conflicted: AwareDatetime | None = None  # when another program was last seen to poll with the same token
    delivered: AwareDatetime | None = None  # when a card that says whom to call was last delivered to anybody
    probed: AwareDatetime | None = None  # when the oldest probe that has not arrived was sent, or else the last one


@dataclass(frozen=True, slots=True)
class LastTimes:
    """When Telegram was last polled, last sent updates and last answered a call, and when the store last saved a write."""

    asked: AwareDatetime | None = None
    polled: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    kept: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many taps there were since the start, their response times in seconds (median, 99th percentile), and refusals (429)."""

    taps: int = 0
    tap_p50: float | None = None
    tap_p99: float | None = None
    refusals: int = 0
    silence: float = 0.0  # seconds for which Telegram refused calls


@dataclass(frozen=True, slots=True)
class Vitals:
    """A bot's report on its state at one moment."""

    at: AwareDatetime
    started: AwareDatetime
    has_store: bool
    is_keeping: bool
    last: LastTimes = LastTimes()
    traffic: Traffic = Traffic()
    events: Mapping[str, int] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    reach: Reach = field(default_factory=Reach)
    asks: bool = True  # False if the bot does not poll Telegram: it serves only browser pages, or another copy leads
    leads: bool = True  # False if another copy of the bot leads
    copies: tuple[
        tuple[str, float, bool], ...
    ] = ()  # of each copy: its machine, the seconds since it was seen, whether it leads


ADAPTER = TypeAdapter(Vitals)
PLAIN = TypeAdapter(dict[str, Any])

GROUPS = ("last", "traffic")  # fields of the report whose own fields are at the top level of the JSON


def plain_vitals(vitals: Vitals) -> dict[str, Any]:
    """Return the report as plain values for JSON. The fields of those in `GROUPS` are at the top level."""
    written: dict[str, Any] = {}
    for name, value in ADAPTER.dump_python(vitals, mode="json").items():
        written |= value if name in GROUPS else {name: value}
    return written


def ailments(vitals: Vitals, now: datetime) -> tuple[Ailment, ...]:
    """Return the faults that a report shows, be it by its contents or by its age at `now`."""
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
    """Return the path of the file with the report of the bot that uses this store."""
    return store.parent / f"{store.name}.status"


def write_vitals(store: Path, vitals: Vitals) -> None:
    """Replace the file with the report. Raise `OSError` if that fails. It is not synced, as it need not survive a power cut."""
    path = vitals_file(store)
    temporary = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        temporary.unlink()  # left by a killed bot; not reused, since it could be a link
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(PLAIN.dump_json(plain_vitals(vitals)) + b"\n")
    temporary.replace(path)


def last_vitals(store: Path) -> Vitals | None:
    """Return the last report of the bot that uses this store, or None if none can be read."""
    try:
        raw = PLAIN.validate_json(read_at_most(vitals_file(store), 65_536))
        # Each group takes its own fields from the whole report, and ignores the others.
        return ADAPTER.validate_python(raw | dict.fromkeys(GROUPS, raw))
    except (OSError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class TrialRestore:
    """A trial restore of a backup (a restore for practice): when, of which backup, and what was wrong, or an empty text."""

    at: datetime
    backup: str
    found: str = ""


PRACTICE = TypeAdapter(tuple[AwareDatetime, str, str])


def practice_file(store: Path) -> Path:
    """Return the path of the file about the last trial restore."""
    return store.with_name(f"{store.name}.practice")


def write_practice(store: Path, practice: TrialRestore) -> None:
    """Replace the file about the last trial restore. Raise `OSError` if that fails."""
    path = practice_file(store)
    content = json.dumps([practice.at.isoformat(), practice.backup, practice.found[: LARGEST_PRACTICE // 4]]).encode()
    replace_private(path, content)


def last_practice(store: Path) -> TrialRestore | None:
    """Return the last trial restore, or None if the file about it cannot be read."""
    with suppress(OSError, ValidationError):
        return TrialRestore(*PRACTICE.validate_json(read_at_most(practice_file(store), LARGEST_PRACTICE), strict=True))
    return None
