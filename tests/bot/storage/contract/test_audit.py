"""Contract of the audit: entries are in order, stored with their turn or not at all, and dropped month by month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.storage.store import Store
from bot.storage.values import Decide
from bot.trail.chain import Entry
from tests.support.store.builders import NOON, bringing, event, tap

JUST = timedelta(microseconds=1)
ENTRIES = (
    Entry(NOON, "0a0b0c0d", "begun", "BRISK OTTER 41"),
    Entry(NOON + JUST, "operator", "invited"),
    Entry(NOON + JUST, "bot", "erased-by-time", "é 💥"),
)


def saying(*entries: Entry) -> Decide:
    return bringing(tap(), entries=entries)


class TestAudit:
    async def test_entries_are_kept_in_order(self, store: Store) -> None:
        await store.write(lambda t: t.audit.append(ENTRIES[:1]))
        await store.turns([event("k1", saying(*ENTRIES[1:]))])
        await store.write(lambda t: t.audit.append(()))

        assert await store.read(lambda t: t.audit.entries()) == ENTRIES

    async def test_a_turn_that_comes_again_or_has_no_person_leaves_no_entry(self, store: Store) -> None:
        await store.turns([event("k1", saying(ENTRIES[0]))])
        await store.turns([event("k1", saying(*ENTRIES)), replace(event("k3", saying(*ENTRIES)), person=None)])

        assert await store.read(lambda t: t.audit.entries()) == ENTRIES[:1]

    async def test_months_past_their_term_are_dropped_and_that_is_entered(self, store: Store) -> None:
        months = [datetime(2026, month, 28, 23, 59, 59, 999_999, tzinfo=UTC) for month in (1, 2, 2, 3)]
        entries = [Entry(at, "0a0b0c0d", "begun", f"{number}") for number, at in enumerate(months)]
        now = datetime(2026, 3, 29, tzinfo=UTC)
        await store.write(lambda t: t.audit.append(entries))

        dropped = await store.write(
            lambda t: [t.audit.drop_before(month, now=now) for month in ("2026-01", "2026-02", "2026-03", "2026-03")]
        )

        assert dropped == [0, 1, 2, 0]
        said = [Entry(now, "bot", "audit-dropped", month) for month in ("2026-01", "2026-02")]
        assert await store.read(lambda t: t.audit.entries()) == (entries[3], *said)
