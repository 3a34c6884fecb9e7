"""Tests of sign-ins in the file: one that has ended and is put back, or restored from a backup, opens nothing."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.crypto.keys import key_place
from bot.runtime.errors import StoreFault
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.values import SignIn, SignOff
from tests.support.store.as_bot import rotated
from tests.support.store.builders import ADA, BEA, KEYS, NOON, ask, event, sign_in_of, signed_in, tap
from tests.support.store.earlier import make_earlier
from tests.support.store.keeping import Keep

HERS = SignIn("stolen", ADA, NOON + timedelta(hours=12))
HIS = SignIn("other", BEA, NOON + timedelta(hours=12))


async def test_a_sign_in_that_was_ended_and_put_back_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS, busy_milliseconds=0)
    await signed_in(store, HERS, HIS)
    with closing(sqlite3.connect(path)) as looking:
        rows = looking.execute("SELECT * FROM sign_ins").fetchall()
    assert await store.write(lambda t: t.sign_ins.sign_off(SignOff("out", NOON, ADA)))

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.executemany("INSERT OR REPLACE INTO sign_ins VALUES (?, ?, ?)", rows)

    for each in (HERS, HIS):
        with pytest.raises(StoreFault, match="sign-ins of browsers"):
            await sign_in_of(store, each.secret)
    assert (await store.verify()).what == ("sign-ins of browsers",)
    await store.close()


async def test_a_ledger_of_before_sign_ins_counts_on(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS)
    await store.turns([event(f"{person}1", tap("first"), person=person) for person in (ADA, BEA)])
    await store.write(lambda t: t.invitation_codes.issue("code", "opens", until=NOON))
    await store.close()
    make_earlier(path, KEYS, 8)

    after = await open_sqlite(path, KEYS)
    await signed_in(after, HERS)
    assert not await after.verify()
    await after.close()

    make_earlier(path, KEYS, 8)
    ask(path, "DELETE FROM tickets")
    again = await open_sqlite(path, KEYS)
    assert (await again.verify()).what == ("codes of invitations",)
    await again.close()


async def test_a_rotation_of_the_keys_signs_nobody_out(keep: Keep) -> None:
    running = await open_store(StorePlace(keep.store), key_place(keep.settings))
    await signed_in(running, HERS)

    await rotated(keep, running)

    assert await sign_in_of(running, "stolen") == HERS
    assert await running.write(lambda t: t.sign_ins.sign_off(SignOff("out", NOON, ADA)))
    assert await sign_in_of(running, "stolen") is None
    assert not await running.verify()
    await running.close()
