"""What `check` looks at in the store: that it opens, is sound, has a whole audit and no future times, and that somebody may use it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access.account import Account, Terms, read_account
from bot.access.due import SOON, expiring, if_ending, run_out
from bot.assemble import terms_of
from bot.cli.frame.break_glass import AGAIN, standing_announcement
from bot.cli.frame.findings import Finding, Verdict, look
from bot.cli.frame.plain import day, many
from bot.cli.frame.roll import was_admitted
from bot.cli.frame.second_person import LET_CHOOSE, is_without_pins
from bot.cli.operate.check_around import unwritable
from bot.cli.operate.check_contacts import numbers
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.operations.lost_store import left_of_store
from bot.runtime.errors import EarlierStore, SerafError, SettingsFault, StoreFault
from bot.runtime.settings import Settings
from bot.runtime.single_instance import is_running
from bot.runtime.starting.unset import PREFIX
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.sqlite.opening import open_to_look
from bot.storage.store import Store
from bot.storage.values import Record
from bot.trail.audit import AuditLook
from bot.trail.break_glass import announced
from bot.watch.vitals import Ailment, ailments
from bot.watch.vitals_file import last_vitals
from dialogs.core.role import Role
from seraf.advice.contacts import Check

BEHIND = timedelta(minutes=1)
"""How far a clock may be behind what the store has seen."""

SILENT = timedelta(minutes=10)
"""A bot that runs and has not asked Telegram for so long should be looked at."""


NEAR = timedelta(days=30)
"""How long before its end somebody should look at an administrator's access; sooner where access is for less than three times that."""

MAKE_ONE = f"make one, which takes a day: {AGAIN}"

MOST = 3
"""Faults of the audit that are told; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read in the store at one look."""

    audit: AuditLook
    polled: datetime | None
    checks: tuple[Check, ...]
    strange: tuple[str, ...]
    """What is not as the bot wrote it last."""
    people: dict[str, bool]
    """Everybody who has a standing, and whether they are admitted now."""
    admitted: tuple[Account, ...]
    """Those who were let in and whose time is over, or is soon."""
    administrators: tuple[Account, ...]
    """Everybody who is an administrator, also those whose time is over."""
    restored: datetime | None
    """When a backup was restored, where nobody has confirmed yet who is in."""


def in_store(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look into the store, without making one."""
    if not settings.store.exists():
        yield from numbers(settings, (), now=now)
        if left_of_store(settings) is None:
            yield from _users(settings, {}, admitted=(), now=now)
        return
    if unwritable(settings.store):
        yield from numbers(settings, (), now=now)
        said = "not tried, since to look could leave a log beside it that the bot cannot write"
        yield Finding("store opens", Verdict.NO, said)
        return
    try:
        seen = asyncio.run(_seen(settings, now))
    except EarlierStore as earlier:
        yield Finding("store opens", Verdict.LOOK, str(earlier))
        return
    except SerafError as error:
        yield from (Finding("store opens", Verdict.NO, line) for line in str(error).splitlines())
        yield _store_of_the_bot(settings, now)
        return
    yield from _looked_at(settings, seen, now)


def _looked_at(settings: Settings, seen: Seen, now: datetime) -> Iterator[Finding]:
    """What there is to say of a store that opens."""
    yield Finding("store opens", Verdict.YES, "opens with this key file; SQLite keeps every setting that it was given")
    yield Finding("store whole", Verdict.YES, "SQLite finds it whole")
    if seen.restored is not None:
        said = f"of {day(seen.restored)}: nobody has confirmed who is in: seraf-bot people list, then people confirm"
        yield Finding("restore", Verdict.NO, said)
    yield from look("audit", lambda: _audit(seen))
    yield from look("nothing put back", lambda: _in_step(seen.strange))
    yield from look("clock ran on", lambda: _ran_on(seen, now))
    yield from _polled(settings, seen.polled, now=now)
    yield from numbers(settings, seen.checks, now=now)
    yield from _users(settings, seen.people, admitted=seen.admitted, now=now)
    yield from (*_administrators(seen, terms_of(settings), now=now), *_running_out(seen.admitted, now=now))
    if is_without_pins(seen.administrators):
        said = "no administrator has a PIN, since they open pages by signing in: nobody can confirm what needs one"
        yield Finding("second person", Verdict.LOOK, f"{said}. {LET_CHOOSE}")


async def _seen(settings: Settings, now: datetime) -> Seen:
    """Open it read-only, look through every page, read SQLite's settings back, try the key; read; close. Nothing is changed."""
    store = await open_to_look(settings.store, key_place(settings))
    try:
        audit = await look_at_audit(store, load_key_file(key_place(settings)))
        strange = await store.examine()
        standings = await store.of_each(lambda record: _standing(record, now))
        forgotten = [each for each in settings.first_administrators if await was_admitted(store, each)]
        return Seen(
            audit,
            await store.read(lambda t: t.channel.polled_at()),
            await store.read(lambda t: t.contact_checks.latest()),
            strange,
            dict.fromkeys(forgotten, False)
            | {person: is_admitted for person, is_admitted, *_ in standings if is_admitted is not None},
            tuple(account for *_, account, _ in standings if account is not None),
            tuple(account for *_, account in standings if account is not None),
            await _waiting(store),
        )
    finally:
        await store.close()


async def _waiting(store: Store) -> datetime | None:
    """When a backup was restored that nobody has confirmed. That this was tampered with is said of all rows."""
    try:
        return await store.read(lambda t: t.restores.waiting())
    except StoreFault:
        return None


def _standing(record: Record, now: datetime) -> tuple[str, bool | None, Account | None, Account | None]:
    """Who somebody is, whether they are admitted (None for somebody who never was), how, where that is over soon, and how, where
    they are an administrator.
    """
    account = read_account(record.access)
    if not isinstance(account, Account):
        return record.person, None if account is None else False, None, None
    return (
        record.person,
        now < account.admission.until,
        if_ending(account, now),
        account if account.admission.role is Role.ADMIN else None,
    )


def _store_of_the_bot(settings: Settings, now: datetime) -> Finding:
    """Whether a bot runs that cannot reach its store, where this command cannot: the two may have their keys from elsewhere."""
    if not is_running(settings.store):
        return Finding("bot's store", Verdict.YES, "no bot runs without it")
    vitals = last_vitals(settings.store)
    if vitals is not None and vitals.has_store and Ailment.STALE not in ailments(vitals, now):
        said = "the bot that runs has it open. Run this command as its user and with its keys; put right what is missing before"
        return Finding("bot's store", Verdict.LOOK, f"{said} the bot is started again")
    said = "the bot runs without it: it tells everybody whom to call, and saves nothing. It looks again by itself"
    return Finding("bot's store", Verdict.NO, said)


def _in_step(strange: tuple[str, ...]) -> str:
    """That every row is what the bot wrote last, and opens."""
    if strange:
        more = [f"{len(strange) - MOST} more of that kind"] if len(strange) > MOST else []
        advice = "Keep a copy of the file as it is, and restore the latest backup; or look, and then: seraf-bot accept"
        raise StoreFault("\n".join((*strange[:MOST], *more, advice)))
    return "every row is the one that the bot wrote last; an older copy of the whole file is shown by a head noted elsewhere"


def _audit(seen: Seen) -> str:
    faults = seen.audit.faults
    if faults:
        more = [f"{len(faults) - MOST} more: seraf-bot audit verify"] if len(faults) > MOST else []
        raise StoreFault("\n".join((*faults[:MOST], *more)))
    return f"whole, {many(seen.audit.entries, 'entry', more='entries')}; seraf-bot audit verify compares it with a head noted elsewhere"


def _ran_on(seen: Seen, now: datetime) -> str:
    """That the clock is not behind what the store has seen already."""
    latest = max((each for each in (seen.audit.latest, seen.polled) if each is not None), default=now)
    if now < latest - BEHIND:
        raise SettingsFault(
            f"the clock was set back? The store has seen {latest:%d %B %Y %H:%M} UTC. Set the clock of this machine: with a wrong"
            " one chats lock, and codes and assessments are kept too long"
        )
    return "not behind what the store has seen"


def _polled(settings: Settings, polled: datetime | None, *, now: datetime) -> Iterator[Finding]:
    """When Telegram was last asked for what people did; a bot that runs asks all the time. Pages alone ask nobody."""
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


def _running_out(admitted: tuple[Account, ...], *, now: datetime) -> Iterator[Finding]:
    """Admissions that run out soon, while there is time to renew them."""
    if soon := expiring(admitted, now):
        said = f"{many(len(soon), 'runs', more='run')} out by {day(now + SOON)}, the first on {day(soon[0].admission.until)}"
        yield Finding("admissions", Verdict.LOOK, f"{said}: seraf-bot people list, then people renew")
    else:
        yield Finding("admissions", Verdict.YES, f"none runs out within {SOON.days} days")


def _administrators(seen: Seen, terms: Terms, *, now: datetime) -> Iterator[Finding]:
    """Whether there are two who can confirm what needs a second person, and let others in; and whether one is made alone."""
    about = "administrators"
    if found := announced(seen.audit.break_glass, now):
        yield Finding("break glass", Verdict.NO, standing_announcement(found))
    present = sorted(
        (each for each in seen.administrators if now < each.admission.until), key=lambda each: each.admission.until
    )
    near = min(NEAR, terms.renewal / 3)
    if not present and seen.people:
        over = run_out(seen.administrators, now)
        advice = f"renew one: seraf-bot people renew {over[0].audit_id}" if over else MAKE_ONE
        yield Finding(about, Verdict.NO, f"nobody is one whose access has not run out: {advice}")
    elif not present:
        yield Finding(about, Verdict.LOOK, "nobody has come in yet")
    elif len(present) == 1:
        yield Finding(
            about, Verdict.LOOK, "one alone: nobody could confirm what they do, or renew them. Invite another"
        )
    elif present[0].admission.until - now <= near:
        yield Finding(
            about,
            Verdict.LOOK,
            f"the access of {present[0].audit_id} runs out on {day(present[0].admission.until)}: renew it",
        )
    else:
        yield Finding(about, Verdict.YES, f"{len(present)}, and none runs out within {near.days} days")


def _users(
    settings: Settings, people: dict[str, bool], *, admitted: tuple[Account, ...], now: datetime
) -> Iterator[Finding]:
    """Whether there is anybody who can use the bot; where their time is over, who is to be renewed first."""
    present = sum(people.values())
    first = frozenset[str]() if settings.are_pages_alone else settings.first_administrators
    coming = len(first - people.keys())
    if settings.are_pages_alone and present:
        yield Finding("people", Verdict.YES, f"{present} admitted")
    elif present + coming:
        yield Finding("people", Verdict.YES, f"{present} admitted, {many(coming, 'first administrator')} not seen yet")
    elif over := run_out(admitted, now):
        said = f"nobody can use the bot, since the time of {many(len(over), 'person', more='people')} is over"
        yield Finding(
            "people", Verdict.LOOK, f"{said}. Begin with an administrator: seraf-bot people renew {over[0].audit_id}"
        )
    else:
        invited = "hand over a code of `seraf-bot people invite --role admin`"
        way = invited if settings.are_pages_alone else f"put your Telegram number in {PREFIX}ADMINS, or {invited}"
        yield Finding("people", Verdict.LOOK, f"nobody can use the bot: {way}")
