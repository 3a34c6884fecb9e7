"""P7 on a server: nothing that a person wrote, and nothing that names them, is readable in its tables, log or other files."""

from contextlib import suppress
from pathlib import Path

import pytest

from bot.crypto.sealing import KeyRing
from tests.bot.storage.sqlite.test_plaintext import PLACES, fill_with
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.canaries import canary, found_in
from tests.support.store.server import Server, opened_there

CANARIES = times(600, 36)


@pytest.mark.prove
async def test_no_canary_is_found_in_a_file_of_the_server(database_server: Server, promise: Promise) -> None:
    store, words = await opened_there(database_server, KeyRing.fresh()), list[str]()
    for _ in range(CANARIES // PLACES):
        fresh = [canary() for _ in range(PLACES)]
        words += fresh
        await fill_with(store, fresh, lambda: None)
    await store.close()
    database_server.run("CHECKPOINT", "seraf")

    contents = dict[Path, bytes]()
    for path in database_server.folder.rglob("*"):
        with suppress(FileNotFoundError):  # the server writes some of its files again and again
            contents |= {path: path.read_bytes()} if path.is_file() else {}
    assert any("pg_wal" in path.parts for path in contents)
    found = [form for content in contents.values() for form in found_in(content, words)]

    assert found == []
    promise.reached("P7", asked=CANARIES, reached=CANARIES, of="words that are in no file of a PostgreSQL server")
