"""Tests at an hour in British Summer Time when it is already the next day in England but not in UTC."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.access.account import Account
from bot.operations.counted import last_month
from bot.operations.watching import people_today
from bot.runtime.clock import LONDON
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, MonthlyCount
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room
from tests.support.people.staff import fresh, standing
from tests.support.people.visiting import KEYS, Visitor

NOON, MINUTE = datetime(2026, 6, 30, 12, tzinfo=UTC), timedelta(minutes=1)
MIDNIGHT = datetime(2026, 7, 1, tzinfo=LONDON).astimezone(UTC)
NINE, DAY = MIDNIGHT + timedelta(hours=9), timedelta(days=1)


async def visitor_with(ann: Visitor, number: int, access: Account) -> Visitor:
    other = await Visitor(f"telegram:{number}", beside=ann).set(altered(access, seen=NOON))
    other.bot = ann.bot
    return other


async def test_a_night_in_summer_is_of_the_day_that_has_begun_in_england(tmp_path: Path) -> None:
    store: Store = await open_sqlite(tmp_path / "store.db", KEYS)
    ann = Visitor("telegram:1", store=store)
    ann.clock.at = NOON
    ann.bot = replace(ann.bot, counts=True)
    await ann.set(altered(standing("Ann", Role.ADMIN), until=NOON + timedelta(days=365), seen=NOON))
    ends = MIDNIGHT + timedelta(days=14, minutes=30)
    sam = await visitor_with(ann, 2, altered(standing("Sam"), until=ends))
    bea = await visitor_with(ann, 3, altered(standing("Bea"), until=NOON + timedelta(days=365)))
    june = (MonthlyCount("2026-06", "lead", "told"),)
    await store.turns([Inbound("june", NOON, bea.person, lambda record, _: Decision(record, (), (*june,)), None)])
    room = Room(sam)

    assert "runs out" not in await room.look(), "that day is one of July, fourteen days before"
    ann.clock.at = MIDNIGHT - MINUTE
    await bea.start()
    ann.clock.at = MIDNIGHT + 15 * MINUTE
    for each in (ann, sam):
        await each.start()
        await each.pin()
    await sam.begin()
    await sam.press("Yes", "Now, or may be", "Not tonight", "No answer", "Remind me")
    await sam.finish()
    await ann.command("people", "Sam")

    assert "Let in until 15 July 2026" in ann.text
    assert sam.session.result.finished == "2026-07-01"
    assert list(await store.read(lambda t: t.monthly_counts.by_month())) == ["2026-06", "2026-07"]
    assert (await last_month(store, ann.clock.at))["counted_month"] == "2026-06"
    assert await people_today(store, ann.clock.at) == 2, "Ann and Sam; Bea was there before midnight"
    assert "due at 00:25." in await room.look(minutes=10)
    assert "due at 00:25." in await room.look(minutes=15)
    morning = await room.look(seconds=(NINE - ann.clock.at).total_seconds())
    assert "runs out on 15 July 2026, 00:30" in morning
    await (await (await fresh(sam)).start()).pin()
    await sam.command("contacts")
    assert "due at" not in sam.text
    assert "due at 00:25 on 1 July." in await room.look(seconds=(NINE + DAY - ann.clock.at).total_seconds())
    await store.close()
