"""What `check` looks at in the store: that it opens, is sound, has a whole audit and no future times, and that somebody may use it."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.access.account import Account, AnyAccount, Terms, read_account
from bot.access.admission import had_administrator
from bot.access.due import SOON, expiring, run_out
from bot.assemble import terms_of
from bot.cli.context import was_admitted
from bot.cli.files import demand_private
from bot.cli.second_person import ALONE, LET_CHOOSE, about_announcement, is_without_pins
from bot.cli.terminal import day, many
from bot.crypto.keys import key_place, load_key_file
from bot.operations.readiness import left_of_store
from bot.runtime.clock import local_time
from bot.runtime.errors import EarlierStore, SerafError, SettingsFault, StoreFault
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings
from bot.runtime.single_instance import is_running, lock_file
from bot.runtime.starting import PREFIX
from bot.storage.sqlite.database_file import traces
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.sqlite.opening import open_to_look
from bot.storage.sqlite.write_ahead import log_lock_file
from bot.storage.store import Store
from bot.trail.audit import AuditLook, announced
from bot.watch.vitals import Ailment, ailments, last_vitals
from dialogs.core.role import Role
from seraf.advice.contacts import Check

BEHIND = timedelta(minutes=1)
"""How far a clock may be behind what the store has seen."""

SILENT = timedelta(minutes=10)
"""A bot that runs and has not asked Telegram for so long should be looked at."""

NEAR = timedelta(days=30)
"""How long before its end somebody should look at an administrator's access; sooner where access is for less than three times that."""

INVITE_ADMIN = "seraf-bot people invite --role admin"

MOST_FAULTS = 3
"""Faults of one kind that are printed; the rest are counted."""


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
    """Yield one finding if all is well, else one for each line of the fault."""
    try:
        yield Finding(about, Verdict.YES, looking())
    except SerafError as fault:
        yield from (Finding(about, Verdict.NO, line) for line in str(fault).splitlines())


def privacy(about: str, path: Path, *, mode: str, absent: str) -> Iterator[Finding]:
    """Yield whether only its owner can read a file or a folder."""
    yield from look(about, lambda: f"{path}, {demand_private(path, mode=mode)}" if path.exists() else absent)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in the store at one look."""

    audit: AuditLook
    polled: datetime | None
    checks: tuple[Check, ...]
    strange: tuple[str, ...]
    """What is not as the bot wrote it last."""
    standings: tuple[tuple[str, AnyAccount], ...]
    """Everybody whose access can be read."""
    unread: tuple[str, ...]
    """First administrators whom the store knows and whose row does not open, among others."""
    restored: datetime | None
    """When a backup was restored, if nobody has confirmed yet who is in."""

    @property
    def present(self) -> tuple[Account, ...]:
        """Everybody who was admitted and not removed, also where their access has run out."""
        return tuple(access for _, access in self.standings if isinstance(access, Account))

    @property
    def administrators(self) -> tuple[Account, ...]:
        """Everybody who is an administrator, also where their access has run out."""
        return tuple(each for each in self.present if each.admission.role is Role.ADMIN)

    def people(self, now: datetime) -> dict[str, bool]:
        """Return everybody who was ever admitted, and whether they are admitted now."""
        read = {who: isinstance(access, Account) and now < access.admission.until for who, access in self.standings}
        return dict.fromkeys(self.unread, False) | read


def unwritable(store: Path) -> list[Path]:
    """Return the store, its folder, and the files that go with it, where this account cannot write them."""
    files = [*traces(store), log_lock_file(store), lock_file(store)]
    closed = [path for path in files if os.path.lexists(path) and not os.access(path, os.R_OK | os.W_OK)]
    return [*([store.parent] if is_not_writable(store.parent) else []), *closed]


def is_not_writable(folder: Path) -> bool:
    """Return True if this account cannot make a file in a folder that is there."""
    return os.path.lexists(folder) and not os.access(folder, os.W_OK | os.X_OK)


def in_store(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look into the store, without making one."""
    if not settings.store.exists():
        yield from _numbers(settings, (), now=now)
        if left_of_store(settings) is None:
            yield _users(settings, {}, (), now=now)
        return
    if unwritable(settings.store):
        yield from _numbers(settings, (), now=now)
        said = "not tried, since to look could leave a log next to it that the bot cannot write"
        yield Finding("store opens", Verdict.NO, said)
        return
    try:
        seen = asyncio.run(_seen(settings))
    except EarlierStore as earlier:
        yield Finding("store opens", Verdict.LOOK, str(earlier))
        return
    except SerafError as error:
        yield from (Finding("store opens", Verdict.NO, line) for line in str(error).splitlines())
        yield _store_of_the_bot(settings, now)
        return
    yield from _looked_at(settings, seen, now)


async def _seen(settings: Settings) -> Seen:
    """Open the store read-only, read every page and every value, and close it. Nothing is changed."""
    store = await open_to_look(settings.store, key_place(settings))
    try:
        audit = await look_at_audit(store, load_key_file(key_place(settings)))
        strange = await store.examine()
        standings = await store.of_each(lambda record: (record.person, read_account(record.access)))
        return Seen(
            audit,
            await store.read(lambda t: t.channel.polled_at()),
            await store.read(lambda t: t.contact_checks.latest()),
            strange,
            tuple((person, access) for person, access in standings if access is not None),
            tuple([each for each in settings.first_administrators if await was_admitted(store, each)]),
            await _waiting(store),
        )
    finally:
        await store.close()


async def _waiting(store: Store) -> datetime | None:
    """Return when a backup was restored that nobody has confirmed. A fault in this row is reported with all rows."""
    try:
        return await store.read(lambda t: t.restores.waiting())
    except StoreFault:
        return None


def _looked_at(settings: Settings, seen: Seen, now: datetime) -> Iterator[Finding]:
    """Yield the findings of a store that opens."""
    yield Finding("store opens", Verdict.YES, "opens with this key file; SQLite keeps every setting that it was given")
    yield Finding("store whole", Verdict.YES, "SQLite finds it whole")
    if seen.restored is not None:
        said = f"of {day(seen.restored)}: nobody has confirmed who is in: seraf-bot people list, then people confirm"
        yield Finding("restore", Verdict.NO, said)
    yield from look("audit", lambda: _audit(seen))
    yield from look("nothing put back", lambda: _in_step(seen.strange))
    yield from look("clock ran on", lambda: _ran_on(seen, now))
    yield from _polled(settings, seen.polled, now=now)
    yield from _numbers(settings, seen.checks, now=now)
    yield _users(settings, seen.people(now), seen.present, now=now)
    yield from _administrators(seen, terms_of(settings), now=now)
    yield _running_out(seen.present, now)
    if is_without_pins(seen.administrators):
        said = "no administrator has a PIN, since they open pages by signing in: nobody can confirm what needs one"
        yield Finding("second person", Verdict.LOOK, f"{said}. {LET_CHOOSE}")


def _store_of_the_bot(settings: Settings, now: datetime) -> Finding:
    """Return whether a running bot has the store open that this command cannot open: the two may have different keys."""
    if not is_running(settings.store):
        return Finding("bot's store", Verdict.YES, "no bot runs without it")
    vitals = last_vitals(settings.store)
    if vitals is not None and vitals.has_store and Ailment.STALE not in ailments(vitals, now):
        said = "the bot that runs has it open. Run this command as its user and with its keys; put right what is missing before"
        return Finding("bot's store", Verdict.LOOK, f"{said} the bot is started again")
    said = "the bot runs without it: it tells everybody whom to call, and saves nothing. It looks again by itself"
    return Finding("bot's store", Verdict.NO, said)


def _in_step(strange: tuple[str, ...]) -> str:
    """Return that every row is what the bot wrote last, and opens; raise `StoreFault` otherwise."""
    if strange:
        advice = "Keep a copy of the file as it is, and restore the latest backup; or look, and then: seraf-bot accept"
        raise StoreFault("\n".join((*_first(strange, " of that kind"), advice)))
    return "every row is the one that the bot wrote last; an older copy of the whole file is shown by a head noted elsewhere"


def _audit(seen: Seen) -> str:
    if faults := seen.audit.faults:
        raise StoreFault("\n".join(_first(faults, ": seraf-bot audit verify")))
    return f"whole, {many(seen.audit.entries, 'entry', more='entries')}; seraf-bot audit verify compares it with a head noted elsewhere"


def _first(faults: tuple[str, ...], more: str) -> Iterator[str]:
    """Yield the first faults, and how many more there are."""
    yield from faults[:MOST_FAULTS]
    if len(faults) > MOST_FAULTS:
        yield f"{len(faults) - MOST_FAULTS} more{more}"


def _ran_on(seen: Seen, now: datetime) -> str:
    """Return that the clock is not behind what the store has seen; raise `SettingsFault` if it is."""
    latest = max((each for each in (seen.audit.latest, seen.polled) if each is not None), default=now)
    if now < latest - BEHIND:
        raise SettingsFault(
            f"the clock was set back? The store has seen {latest:%d %B %Y %H:%M} UTC. Set the clock of this machine: with a wrong"
            " one chats lock, and codes and assessments are kept too long"
        )
    return "not behind what the store has seen"


def _polled(settings: Settings, polled: datetime | None, *, now: datetime) -> Iterator[Finding]:
    """Yield when Telegram was last asked for updates; a running bot asks all the time, and pages alone ask nobody."""
    if settings.are_pages_alone:
        return
    if polled is None:
        yield Finding("last poll", Verdict.YES, "Telegram was never asked yet, as far as this store knows")
        return
    minutes = max(0, (now - polled) // timedelta(minutes=1))
    is_behind = now - polled > SILENT and is_running(settings.store)
    said = f"Telegram was last asked at {polled:%d %B %Y %H:%M} UTC, {many(minutes, 'minute')} ago"
    more = ", though the bot runs: look at its log" if is_behind else ""
    yield Finding("last poll", Verdict.LOOK if is_behind else Verdict.YES, f"{said}{more}")


def _numbers(settings: Settings, checks: tuple[Check, ...], *, now: datetime) -> Iterator[Finding]:
    """Yield each telephone number that is not confirmed or is due to be checked. A faulty pack is reported elsewhere."""
    try:
        contacts = load_pack(settings.pack).contacts.with_checks(checks)
    except SerafError:
        return
    doubtful = contacts.doubtful(local_time(now).today)
    for contact in doubtful:
        state = "is due for a check" if contact.confirmed else "is not confirmed"
        said = f"{contact.name}, {contact.value}, {state}: call it, then seraf-bot contacts confirm {contact.id}"
        yield Finding("contacts", Verdict.LOOK, said)
    if not doubtful:
        yield Finding("contacts", Verdict.YES, "every number is confirmed, and none is due for a check")


def _users(settings: Settings, people: dict[str, bool], present: tuple[Account, ...], *, now: datetime) -> Finding:
    """Return whether anybody can use the bot; where everybody's access has run out, whom to renew first."""
    admitted, order = sum(people.values()), Verdict.LOOK
    first = frozenset[str]() if settings.are_pages_alone else settings.first_administrators
    coming = len(first - people.keys())
    if settings.are_pages_alone and admitted:
        order, said = Verdict.YES, f"{admitted} admitted"
    elif admitted + coming:
        order, said = Verdict.YES, f"{admitted} admitted, {many(coming, 'first administrator')} not seen yet"
    elif over := run_out(present, now):
        time_over = f"the time of {many(len(over), 'person', more='people')} is over"
        renew = f"Begin with an administrator: seraf-bot people renew {over[0].audit_id}"
        said = f"nobody can use the bot, since {time_over}. {renew}"
    else:
        invited = f"hand over a code of `{INVITE_ADMIN}`"
        way = invited if settings.are_pages_alone else f"put your Telegram number in {PREFIX}ADMINS, or {invited}"
        said = f"nobody can use the bot: {way}"
    return Finding("people", order, said)


def _administrators(seen: Seen, terms: Terms, *, now: datetime) -> Iterator[Finding]:
    """Yield whether two administrators can confirm what needs a second person, and whether one is being made alone."""
    if found := announced(seen.audit.break_glass, now):
        yield Finding("break glass", Verdict.NO, about_announcement(found))
    present = sorted(
        (each for each in seen.administrators if now < each.admission.until), key=lambda each: each.admission.until
    )
    near = min(NEAR, terms.renewal / 3)
    if not present and seen.people(now):
        order, said = Verdict.NO, f"nobody is one whose access has not run out: {_way_to_one(seen, now)}"
    elif not present:
        order, said = Verdict.LOOK, "nobody has come in yet"
    elif len(present) == 1:
        order, said = Verdict.LOOK, "one alone: nobody could confirm what they do, or renew them. Invite another"
    elif present[0].admission.until - now <= near:
        order, said = (
            Verdict.LOOK,
            f"the access of {present[0].audit_id} runs out on {day(present[0].admission.until)}: renew it",
        )
    else:
        order, said = Verdict.YES, f"{len(present)}, and none runs out within {near.days} days"
    yield Finding("administrators", order, said)


def _way_to_one(seen: Seen, now: datetime) -> str:
    """Return how there is an administrator: renewed, made alone, or invited if there never was one, who would have to confirm it."""
    if over := run_out(seen.administrators, now):
        return f"renew one: seraf-bot people renew {over[0].audit_id}"
    if seen.strange:
        return "first put right the rows that were changed, since one of them may be an administrator's"
    if had_administrator((access for _, access in seen.standings), seen.audit):
        return f"make one, which takes a day: {ALONE}"
    return f"invite one: {INVITE_ADMIN}"


def _running_out(present: tuple[Account, ...], now: datetime) -> Finding:
    """Return the admissions that run out soon, while there is time to renew them."""
    if soon := expiring(present, now):
        said = f"{many(len(soon), 'runs', more='run')} out by {day(now + SOON)}, the first on {day(soon[0].admission.until)}"
        return Finding("admissions", Verdict.LOOK, f"{said}: seraf-bot people list, then people renew")
    return Finding("admissions", Verdict.YES, f"none runs out within {SOON.days} days")
