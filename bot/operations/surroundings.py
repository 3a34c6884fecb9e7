"""What is around a running bot: people of today, admissions that run out, backups, the disk, and what the audit has that is new."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from bot.access.account import read_account
from bot.access.due import expiring, if_ending, run_out
from bot.operations.backup.old import of_the_store
from bot.runtime.clock import LONDON
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.trail.audit import OPERATOR, Linked, is_operator
from bot.watch.events import OF_THE_AUDIT
from bot.watch.telling import tell
from bot.watch.vitals import Surroundings

OF_A_PERSON = re.compile(r"[0-9a-f]{8}")
"""The random id of the audit. A reference of a case never looks like it."""

REPEATED = frozenset(event.name for event in OF_THE_AUDIT)


def on_the_disk(settings: Settings) -> dict[str, Any]:
    """Backups, the room on the disk, and the size of the store; None for what cannot be looked up."""
    try:
        times = [path.stat().st_mtime for path in of_the_store(settings.backup_folder.glob("*.age"))]
        free, size = shutil.disk_usage(settings.store.parent).free, settings.store.stat().st_size
    except OSError:
        return dict.fromkeys(("backups", "newest_backup", "disk_free", "store_bytes"))
    newest = datetime.fromtimestamp(max(times), UTC) if times else None
    return {"backups": len(times), "newest_backup": newest, "disk_free": free, "store_bytes": size}


async def people_today(store: Store, now: datetime) -> int:
    """How many people were served since midnight in England."""
    midnight = datetime.combine(now.astimezone(LONDON).date(), time.min, LONDON)
    return len(await store.read(lambda t: t.people.active_since(midnight.astimezone(UTC))))


async def admissions(store: Store, now: datetime) -> dict[str, Any]:
    """How many admissions run out soon, when the first of them does, and how many have run out."""
    standings = await store.of_each(lambda record: if_ending(read_account(record.access), now))
    ending = [each for each in standings if each is not None]
    soon = expiring(ending, now)
    first = soon[0].admission.until if soon else None
    return {"ending": len(soon), "ended": len(run_out(ending, now)), "first_end": first}


async def tell_entries(store: Store, before: Surroundings) -> Surroundings:
    """The same with the head of the audit, once the entries that are new were told; at the very first look none is."""
    head, lines = await store.read(lambda t: t.audit.after(before.told))
    for line in lines:
        _tell(line)
    told = lines[-1].number if lines else head.number if before.told is None else min(before.told, head.number)
    return replace(before, audit=str(head), told=told)


def _tell(line: Linked) -> None:
    """Tell of an entry by its number, never with the reference of a case or the name of an operator's account."""
    entry = line.entry
    if entry is None or entry.what not in REPEATED:
        return
    who = OPERATOR if is_operator(entry.who) else entry.who
    about = {"about": entry.reference} if OF_A_PERSON.fullmatch(entry.reference) else {}
    tell(entry.what, entry=line.number, who=who, **about)
