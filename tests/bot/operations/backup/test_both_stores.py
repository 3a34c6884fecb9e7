"""Backups, key rotations and examinations of a store in PostgreSQL, and a backup of either kind of store restored into either."""

import asyncio
import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.access.account import Removed, read_account, written
from bot.crypto.keys import load_key_file, load_keys
from bot.operations.backup import restoring
from bot.operations.backup.file_format import Backup, identities_of, read_backup
from bot.operations.backup.held import HeldCase, back_up_held
from bot.operations.backup.restoring import practise, restore
from bot.operations.backup.service import bring_up, compare_with_store, examine, still_newest, take
from bot.operations.rotation import rotate_keys
from bot.runtime.errors import StoreFault
from bot.storage.moving_cases import SEVERAL
from bot.storage.opening import open_store, schema_of
from bot.storage.sqlite.preparing import known_migrations
from bot.storage.values import Done, Record, Shown
from tests.support.store.as_bot import as_bot
from tests.support.store.earlier import fill_earlier, make_earlier
from tests.support.store.keeping import NOON, Keep, person, put
from tests.support.store.server import Server, connected, new_database

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def stored(tmp_path: Path) -> Keep:
    """A filled store in PostgreSQL."""
    keep = Keep.made(tmp_path / "var", new_database())
    await keep.fill()
    return keep


@pytest.fixture(params=["of a file", "of PostgreSQL"])
async def backed_up(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Keep, Backup]:
    keep = Keep.made(tmp_path / "var", "" if request.param == "of a file" else new_database())
    await keep.fill()
    return keep, read_backup(take(keep.settings, None, at=NOON).path, identities_of(keep.identity))


@pytest.mark.parametrize("kind", ["into a file", "into PostgreSQL"])
async def test_a_backup_of_either_is_restored_into_either(backed_up: tuple[Keep, Backup], kind: str) -> None:
    keep, backup = backed_up
    there = keep.elsewhere("" if kind == "into a file" else new_database())
    examined = examine(backup, load_keys(there.key_file))

    restore(there.settings, backup, at=LATER)

    assert examined.findings == ()
    assert await there.everything() == await keep.everything()
    store = await there.opened()
    assert await store.examine() == ()
    assert await store.read(lambda t: t.restores.waiting()) == LATER
    await store.close()
    assert (await there.words())[-1] == "backup-restored"
    assert "goes on from it" in compare_with_store(there.settings, backup.manifest)[0]


async def test_a_restore_needs_an_empty_database_and_is_whole_or_nothing(
    backed_up: tuple[Keep, Backup], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, backup = backed_up
    there = keep.elsewhere(new_database())

    def fail(*_: object) -> None:
        raise StoreFault("full")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "demand_same", fail)
        with pytest.raises(StoreFault, match="full"):
            restore(there.settings, backup, at=LATER)
    with pytest.raises(StoreFault, match="no store"):
        await open_store(there.place, there.key_file, may_be_new=False)
    restore(there.settings, backup, at=LATER)
    before = await there.everything()
    with pytest.raises(StoreFault, match="left alone"):
        restore(there.settings, backup, at=LATER)
    assert await there.everything() == before


async def test_the_newest_backup_is_known_practised_and_needed_again_after_a_write(stored: Keep) -> None:
    assert still_newest(stored.settings) is None
    taken = take(stored.settings, None, at=NOON)

    assert still_newest(stored.settings) == taken.path
    assert await asyncio.to_thread(practise, stored.settings, at=LATER) is not None
    store = await stored.opened()
    await store.turns([put(0, "more", key="more")])
    await store.close()
    assert still_newest(stored.settings) is None


async def test_a_case_under_a_hold_has_a_backup_of_its_own(stored: Keep) -> None:
    with pytest.raises(StoreFault, match="was not found whole"):
        back_up_held(stored.settings, HeldCase("telegram:99", "reference"), at=NOON)

    path = back_up_held(stored.settings, HeldCase(person(1), "reference word 1"), at=NOON)

    backup = read_backup(path, identities_of(stored.identity))
    assert examine(backup, load_keys(stored.key_file)).findings == ()
    assert backup.manifest.rows["cases"] == 1


async def test_a_rotation_leaves_everything_under_other_keys_and_no_old_byte(
    stored: Keep, database_server: Server
) -> None:
    before, old = await stored.everything(), load_key_file(stored.key_file)
    sealed = values_of(stored)
    database_server.run("CHECKPOINT")
    assert pieces_in(database_server, sealed) == len(sealed)

    done = rotate_keys(stored.place, stored.key_file, at=NOON)

    assert (load_keys(stored.key_file).following, load_key_file(stored.key_file).id) == (None, done.key)
    assert done.key != old.id
    assert await stored.everything() == before
    assert (await stored.words())[-1] == "keys-rotated"
    store = await stored.opened()
    assert await store.examine() == ()
    await store.close()
    database_server.run("CHECKPOINT")
    assert pieces_in(database_server, sealed) == 0


def values_of(keep: Keep) -> list[bytes]:
    with closing(connected(keep.address)) as desk:
        found = desk.execute(
            "SELECT profile FROM people UNION ALL SELECT body FROM cases UNION ALL SELECT proof FROM meta"
        )
        return [value[13:45] for (value,) in found]


def pieces_in(server: Server, pieces: list[bytes]) -> int:
    files = [path.read_bytes() for path in (server.folder / "data" / "base").rglob("*") if path.is_file()]
    return sum(any(piece in content for content in files) for piece in pieces)


async def test_a_copy_without_the_new_keys_stops_and_goes_on_once_it_has_them(stored: Keep, tmp_path: Path) -> None:
    other = Keep(tmp_path / "other", stored.address)
    other.folder.mkdir(mode=0o700)
    shutil.copy2(stored.key_file, other.key_file)
    here, there = await stored.opened(), await other.opened()
    async with as_bot(stored, here):
        await asyncio.to_thread(rotate_keys, stored.place, stored.key_file, at=NOON)

    for work in (there.recall(person(0)), there.turns([put(0, "more", key="more")])):
        with pytest.raises(StoreFault, match="another key file"):
            await work
    assert isinstance((await here.turns([put(0, "here", key="here")]))[0], Done)
    shutil.copy2(stored.key_file, other.key_file)
    assert isinstance((await there.turns([put(0, "more", key="more")]))[0], Done)
    for store in (here, there):
        assert not await store.verify()
        await store.close()


async def test_an_examination_names_what_was_changed_in_the_database(stored: Keep) -> None:
    with closing(connected(stored.address)) as desk:
        desk.execute("DELETE FROM standings WHERE mark = (SELECT mark FROM standings ORDER BY mark LIMIT 1)")
        desk.execute("UPDATE people SET due = 1 WHERE mark = (SELECT mark FROM people ORDER BY mark LIMIT 1)")
    store = await stored.opened()

    faults = "\n".join(await store.examine())

    assert "1 of the people" in faults
    assert "changed from outside" in faults
    with pytest.raises(StoreFault, match="Nothing was changed"):
        take(stored.settings, None, at=NOON)
    await store.close()


async def test_a_trigger_that_is_made_later_is_found_by_the_hourly_verification(stored: Keep) -> None:
    store = await stored.opened()
    await store.verify()
    with closing(connected(stored.address)) as desk:
        desk.execute("CREATE RULE quiet AS ON DELETE TO restores DO INSTEAD NOTHING")

    with pytest.raises(StoreFault, match="rule “quiet”"):
        await store.verify()
    await store.close()


def without_heads(everything: Mapping[str, object]) -> dict[str, object]:
    """Return what is in a store, of heads what an earlier release knew: their references, and whether they are held.

    That release said the latter in accounts.
    """
    everyone = [
        (
            replace(record, heads=(), access=written(cast(Removed, read_account(record.access)))),
            [(head.reference, head.held) for head in record.heads],
            shown,
        )
        for record, shown in cast(Iterable[tuple[Record, Shown]], everything["everyone"])
    ]
    return {**everything, "everyone": everyone, "teams": ()}


@pytest.mark.parametrize("has_recipients", [True, False])
async def test_a_store_of_an_earlier_schema_is_copied_and_then_brought_up(
    stored: Keep, *, has_recipients: bool
) -> None:
    before, newest, found = await stored.everything(), known_migrations()[-1].number, SEVERAL - 1
    with closing(connected(stored.address)) as desk:
        desk.execute("DROP SCHEMA public CASCADE")
        desk.execute("CREATE SCHEMA public")
    file = stored.elsewhere()
    await file.fill()
    make_earlier(file.store, load_key_file(file.key_file), found)
    fill_earlier(stored.place, file.store)
    settings = stored.settings if has_recipients else stored.settings.model_copy(update={"backup_recipients": ()})

    upgraded = bring_up(settings, at=NOON)

    assert upgraded is not None
    assert (upgraded.found, upgraded.made, schema_of(stored.place)) == (found, newest, newest)
    assert (upgraded.backup is not None) == has_recipients
    if upgraded.backup is not None:
        backup = read_backup(upgraded.backup, identities_of(stored.identity))
        assert backup.manifest.schema == found
        assert examine(backup, load_keys(stored.key_file)).findings == ()
    assert [path.name for path in stored.folder.iterdir() if "schema" in path.name] == []
    after = await stored.everything()
    assert without_heads(after) == without_heads(before)
    assert bring_up(settings, at=NOON) is None


async def test_a_place_without_a_store_is_left_without_one(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var", new_database())

    with pytest.raises(StoreFault, match="no store"):
        rotate_keys(keep.place, keep.key_file, at=NOON)
    with pytest.raises(StoreFault, match="no store"):
        take(keep.settings, None, at=NOON)

    assert schema_of(keep.place) == 0


async def test_a_lost_store_is_not_begun_again_by_a_machine_that_has_seen_it(stored: Keep) -> None:
    backup = read_backup(take(stored.settings, None, at=NOON).path, identities_of(stored.identity))
    store = await stored.opened()
    async with store.leading.kept():
        await asyncio.wait_for(store.leading.gained(), 10)
        await store.turns([put(0, "more", key="more")])
        while not (number := stored.folder / "seraf.postgresql.number").exists():
            await asyncio.sleep(0.05)
    await store.close()
    with closing(connected(stored.address)) as desk:
        desk.execute("DROP SCHEMA public CASCADE")
        desk.execute("CREATE SCHEMA public")

    with pytest.raises(StoreFault, match="No new one is made"):
        await stored.opened()
    assert schema_of(stored.place) == 0
    restore(stored.settings, backup, at=LATER)
    assert not number.exists()
    assert len((await stored.everything())["everyone"]) == 3  # type: ignore[arg-type]
