"""The part of `check` about the store: whether it opens and is intact, whether its times are plausible, its people."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.access.account import Account, AnyAccount, Terms, read_account
from bot.access.admission import had_administrator
from bot.access.due import SOON, expiring, run_out
from bot.assemble import terms_of
from bot.cli.context import was_admitted
from bot.cli.second_person import ALONE, LET_CHOOSE, about_announcement, is_without_pins
from bot.cli.terminal import day, demand_private, many
from bot.crypto.keys import key_place, load_key_file
from bot.operations.readiness import is_there, left_of_store
from bot.runtime.clock import local_time
from bot.runtime.errors import EarlierStore, StoreFault
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings
from bot.runtime.single_instance import is_running, lock_file
from bot.storage.opening import lost_on_server, missing_on_server, open_to_look, schema_of
from bot.storage.sqlite.database_file import traces
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.sqlite.transaction import log_lock_file
from bot.trail.audit import AuditLook, announced
from bot.watch.vitals import Ailment, ailments, last_vitals
from dialogs.core.role import ADMINISTERING
from seraf.advice.contacts import Check
from seraf.errors import SerafError

BEHIND = timedelta(minutes=1)  # tolerance for a clock that is behind the latest time in the store
SILENT = timedelta(minutes=10)  # `LOOK` if a running bot has not polled Telegram for this time
NEAR = timedelta(days=30)  # warn this long before an administrator's access ends, at most a third of the term
INVITE_ADMIN = "seraf-bot people invite --role admin"
MOST_FAULTS = 3  # maximum number of faults of one kind that are printed; the rest are counted


class Verdict(StrEnum):
    """The verdict of a finding. `LOOK` is for a person to judge, and does not fail the check."""

    YES = "yes"
    LOOK = "look"
    NO = "NO"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table: its subject, the verdict, and the state or the advice."""

    about: str
    order: Verdict
    found: str


def look(about: str, looking: Callable[[], str]) -> Iterator[Finding]:
    """Yield one finding with the text that `looking` returns or, if it raises a fault, one for each line of the fault."""
    try:
        yield Finding(about, Verdict.YES, looking())
    except SerafError as fault:
        yield from wrong(about, str(fault))


def wrong(about: str, *texts: str) -> Iterator[Finding]:
    """Yield a finding with the verdict NO for each line of these texts."""
    yield from (Finding(about, Verdict.NO, line) for text in texts for line in text.splitlines())


def privacy(about: str, path: Path, *, mode: str, absent: str) -> Iterator[Finding]:
    """Yield a finding on whether only the owner can read a file or folder. `absent` is its text if there is none."""
    yield from look(about, lambda: f"{path}, {demand_private(path, mode=mode)}" if path.exists() else absent)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that `check` reads from the store."""

    audit: AuditLook
    polled: datetime | None
    checks: tuple[Check, ...]
    strange: tuple[str, ...]  # rows that differ from the bot's last write, or cannot be read
    accounts: tuple[tuple[str, AnyAccount], ...]  # every person with an account that can be read
    unread: tuple[str, ...]  # first administrators with a row in the store, even one that cannot be read
    restored: datetime | None  # the time of a restore that nobody has confirmed yet

    @property
    def present(self) -> tuple[Account, ...]:
        """Everybody who was admitted and not removed, even if their access has run out."""
        return tuple(account for _, account in self.accounts if isinstance(account, Account))

    @property
    def administrators(self) -> tuple[Account, ...]:
        """All administrators, even if their access has run out."""
        return tuple(account for account in self.present if account.admission.role in ADMINISTERING)

    def people(self, now: datetime) -> dict[str, bool]:
        """Return a mapping from each person who was ever admitted to True if they are admitted now."""
        read = {who: isinstance(access, Account) and now < access.admission.until for who, access in self.accounts}
        return dict.fromkeys(self.unread, False) | read


def unwritable(store: Path) -> list[Path]:
    """Return the files of the store, and its folder, that this account cannot write."""
    files = [*traces(store), log_lock_file(store), lock_file(store)]
    closed = [path for path in files if os.path.lexists(path) and not os.access(path, os.R_OK | os.W_OK)]
    return [*([store.parent] if is_not_writable(store.parent) else []), *closed]


def is_not_writable(folder: Path) -> bool:
    """Return True if the folder exists and this account cannot create a file in it."""
    return os.path.lexists(folder) and not os.access(folder, os.W_OK | os.X_OK)


def in_store(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield the findings about the store, without creating a missing one."""
    yield from (server := tuple(_server(settings)) if settings.store.address else ())
    if is_empty := _is_empty(settings):
        lost = lost_on_server(settings.store)
        empty = "the database is empty; `run` or `people invite` makes the tables"
        yield Finding("store opens", Verdict.NO if lost else Verdict.YES, lost or empty)
    if not is_there(settings.store) or is_empty:
        yield from _numbers(settings, (), now=now)
        if left_of_store(settings) is None:
            yield _users(settings, {}, (), now=now)
        return
    if unwritable(settings.store.path):
        yield from _numbers(settings, (), now=now)
        text = "not tried, since to look could leave a log next to it that the bot cannot write"
        yield Finding("store opens", Verdict.NO, text)
        return
    try:
        seen = asyncio.run(_seen(settings))
    except EarlierStore as earlier:
        yield Finding("store opens", Verdict.LOOK, str(earlier))
        return
    except SerafError as error:
        if not {*str(error).splitlines()} <= {finding.found for finding in server}:
            yield from wrong("store opens", str(error))
        vitals = last_vitals(settings.store.path)
        if not is_running(settings.store.path):
            yield Finding("bot's store", Verdict.YES, "no bot runs without it")
        elif vitals is not None and vitals.has_store and Ailment.STALE not in ailments(vitals, now):
            text = "the bot that runs has it open. Run this command as its user and with its keys; put right what is missing before"
            yield Finding("bot's store", Verdict.LOOK, f"{text} the bot is started again")
        else:
            text = "the bot runs without it: it tells everybody whom to call, and saves nothing"
            yield Finding("bot's store", Verdict.NO, f"{text}. It looks again by itself")
        return
    if settings.store.address:
        text = "opens with this key file, and no trigger, rule or policy writes in its place"
        yield Finding("store opens", Verdict.YES, text)
    else:
        yield Finding(
            "store opens", Verdict.YES, "opens with this key file; SQLite keeps every setting that it was given"
        )
        yield Finding("store whole", Verdict.YES, "SQLite finds it whole")
    if seen.restored is not None:
        text = f"of {day(seen.restored)}: nobody has confirmed who is in: seraf-bot people list, then people confirm"
        yield Finding("restore", Verdict.NO, text)
    yield from _intact(seen, now)
    yield from _polled(settings, seen.polled, now=now)
    yield from _numbers(settings, seen.checks, now=now)
    yield _users(settings, seen.people(now), seen.present, now=now)
    yield from _administrators(seen, terms_of(settings), now=now)
    if soon := expiring(seen.present, now):
        count = f"{many(len(soon), 'runs', more='run')} out by {day(now + SOON)}"
        advice = f"the first on {day(soon[0].admission.until)}: seraf-bot people list, then people renew"
        yield Finding("admissions", Verdict.LOOK, f"{count}, {advice}")
    else:
        yield Finding("admissions", Verdict.YES, f"none runs out within {SOON.days} days")
    if is_without_pins(seen.administrators):
        text = "no administrator has a PIN, since they open pages by signing in: nobody can confirm what needs one"
        yield Finding("second person", Verdict.LOOK, f"{text}. {LET_CHOOSE}")


def _server(settings: Settings) -> Iterator[Finding]:
    about = "database server"
    try:
        missing = missing_on_server(settings.store)
    except SerafError as fault:
        yield from wrong(about, str(fault))
        return
    yield from (Finding(about, Verdict.NO if is_fault else Verdict.LOOK, text) for is_fault, text in missing)
    if not any(is_fault for is_fault, _ in missing):
        yield Finding(about, Verdict.YES, "has what the bot's promises rest on, and its role has the rights")


def _is_empty(settings: Settings) -> bool:
    """Return True if the store is to be in a database that can be reached and has none yet."""
    try:
        return bool(settings.store.address) and not schema_of(settings.store)
    except SerafError:
        return False  # reported when it is opened


async def _seen(settings: Settings) -> Seen:
    """Open the store read-only, read every page and every value, and close it. Nothing is changed."""
    store = await open_to_look(settings.store, key_place(settings))
    try:
        audit = await look_at_audit(store, load_key_file(key_place(settings)))
        strange = await store.examine()
        accounts = await store.of_each(lambda record: (record.person, read_account(record.access)))
        polled = await store.read(lambda t: t.channel.polled_at())
        checks = await store.read(lambda t: t.contact_checks.latest())
        unread = [person for person in settings.first_administrators if await was_admitted(store, person)]
        restored = None
        with suppress(StoreFault):  # reported with all rows
            restored = await store.read(lambda t: t.restores.waiting())
    finally:
        await store.close()
    read = tuple((person, account) for person, account in accounts if account is not None)
    return Seen(audit, polled, checks, strange, read, tuple(unread), restored)


def _intact(seen: Seen, now: datetime) -> Iterator[Finding]:
    if seen.audit.faults:
        yield from wrong("audit", *first_faults(seen.audit.faults, " more: seraf-bot audit verify"))
    else:
        entries = many(seen.audit.entries, "entry", more="entries")
        text = f"whole, {entries}; seraf-bot audit verify compares it with a head noted elsewhere"
        yield Finding("audit", Verdict.YES, text)
    if seen.strange:
        advice = "Keep a copy of the file as it is, and restore the latest backup; or look, and then: seraf-bot accept"
        yield from wrong("nothing put back", *first_faults(seen.strange, " more of that kind"), advice)
    else:
        text = "every row is the one that the bot wrote last; an older copy of the whole file is shown by a head noted elsewhere"
        yield Finding("nothing put back", Verdict.YES, text)
    latest = max((at for at in (seen.audit.latest, seen.polled) if at is not None), default=now)
    if now < latest - BEHIND:
        fault = f"the clock was set back? The store has seen {latest:%d %B %Y %H:%M} UTC. Set the clock of this machine"
        effect = "with a wrong one chats lock, and codes and assessments are kept too long"
        yield Finding("clock ran on", Verdict.NO, f"{fault}: {effect}")
    else:
        yield Finding("clock ran on", Verdict.YES, "not behind what the store has seen")


def first_faults(faults: Sequence[str], more: str) -> Iterator[str]:
    """Yield the first `MOST_FAULTS` faults, then the number of the remaining ones followed by `more`."""
    yield from faults[:MOST_FAULTS]
    if len(faults) > MOST_FAULTS:
        yield f"{len(faults) - MOST_FAULTS}{more}"


def _polled(settings: Settings, polled: datetime | None, *, now: datetime) -> Iterator[Finding]:
    """Yield a finding with the time of the last poll of Telegram. A running bot polls, unless it only serves pages."""
    if settings.telegram_token is None:
        return
    if polled is None:
        yield Finding("last poll", Verdict.YES, "Telegram was never asked yet, as far as this store knows")
        return
    minutes = max(0, (now - polled) // timedelta(minutes=1))
    is_behind = now - polled > SILENT and is_running(settings.store.path)
    text = f"Telegram was last asked at {polled:%d %B %Y %H:%M} UTC, {many(minutes, 'minute')} ago"
    more = ", though the bot runs: look at its log" if is_behind else ""
    yield Finding("last poll", Verdict.LOOK if is_behind else Verdict.YES, f"{text}{more}")


def _numbers(settings: Settings, checks: tuple[Check, ...], *, now: datetime) -> Iterator[Finding]:
    """Yield a finding for each phone number that is not confirmed or is due for a check, or none if the pack is faulty."""
    try:
        contacts = load_pack(settings.pack).contacts.with_checks(checks)
    except SerafError:
        return
    doubtful = contacts.doubtful(local_time(now).today)
    for contact in doubtful:
        state = "is due for a check" if contact.confirmed else "is not confirmed"
        text = f"{contact.name}, {contact.value}, {state}: call it, then seraf-bot contacts confirm {contact.id}"
        yield Finding("contacts", Verdict.LOOK, text)
    if not doubtful:
        yield Finding("contacts", Verdict.YES, "every number is confirmed, and none is due for a check")


def _users(settings: Settings, people: dict[str, bool], present: tuple[Account, ...], *, now: datetime) -> Finding:
    admitted, order = sum(people.values()), Verdict.LOOK
    first = frozenset[str]() if settings.are_pages_alone else settings.first_administrators
    coming = len(first - people.keys())
    if settings.are_pages_alone and admitted:
        order, text = Verdict.YES, f"{admitted} admitted"
    elif admitted + coming:
        order, text = Verdict.YES, f"{admitted} admitted, {many(coming, 'first administrator')} not seen yet"
    elif over := run_out(present, now):
        time_over = f"the time of {many(len(over), 'person', more='people')} is over"
        renew = f"Begin with an administrator: seraf-bot people renew {over[0].audit_id}"
        text = f"nobody can use the bot, since {time_over}. {renew}"
    else:
        invited = f"hand over a code of `{INVITE_ADMIN}`"
        way = invited if settings.are_pages_alone else f"put your Telegram number in SERAF_ADMINS, or {invited}"
        text = f"nobody can use the bot: {way}"
    return Finding("people", order, text)


def _administrators(seen: Seen, terms: Terms, *, now: datetime) -> Iterator[Finding]:
    """Yield one finding on the administrators with access, and another if one is being made without a second person."""
    if announcement := announced(seen.audit.break_glass, now):
        yield Finding("break glass", Verdict.NO, about_announcement(announcement))
    admissions = ((account.admission.until, account.audit_id) for account in seen.administrators)
    present = sorted(admission for admission in admissions if now < admission[0])
    near = min(NEAR, terms.renewal / 3)
    order = Verdict.LOOK
    if not present and seen.people(now):
        order = Verdict.NO
        if over := run_out(seen.administrators, now):
            advice = f"renew one: seraf-bot people renew {over[0].audit_id}"
        elif seen.strange:
            advice = "first put right the rows that were changed, since one of them may be an administrator's"
        elif had_administrator((account for _, account in seen.accounts), seen.audit):
            advice = f"make one, which takes a day: {ALONE}"
        else:  # nobody has to confirm the first
            advice = f"invite one: {INVITE_ADMIN}"
        text = f"nobody is one whose access has not run out: {advice}"
    elif not present:
        text = "nobody has come in yet"
    elif len(present) == 1:
        text = "one alone: nobody could confirm what they do, or renew them. Invite another"
    elif present[0][0] - now <= near:
        until, who = present[0]
        text = f"the access of {who} runs out on {day(until)}: renew it"
    else:
        order, text = Verdict.YES, f"{len(present)}, and none runs out within {near.days} days"
    yield Finding("administrators", order, text)
