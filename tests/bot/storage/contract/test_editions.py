"""Contract of the stored item lists (instruments) with which sessions began."""

from bot.storage.store import Store


class TestEditions:
    async def test_editions_stay_as_they_were_first_stored(self, store: Store) -> None:
        await store.write(lambda t: t.editions.keep("aa", b"first\x00\x80"))
        await store.write(lambda t: t.editions.keep("bb", b""))
        await store.write(lambda t: t.editions.keep("aa", b"second"))

        assert await store.read(lambda t: t.editions.by_fingerprint()) == {"aa": b"first\x00\x80", "bb": b""}
