"""Contract of turns, and of the records that they store."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import (
    NOTHING_SHOWN,
    Decide,
    Decision,
    Done,
    Issued,
    KeyOnly,
    Record,
    Refused,
    Reminder,
    Repeated,
    Shared,
)
from bot.trail.chain import Entry
from tests.support.store.builders import (
    ADA,
    BEA,
    FIRST,
    LIVE,
    NOON,
    Others,
    bringing,
    changed,
    coming,
    event,
    having,
    looking_at_others,
    one,
    record_of,
    tap,
    unanswered,
    valid,
)


class TestStore:
    async def test_nobody_is_known_to_an_empty_store(self, store: Store) -> None:
        assert await store.recall(ADA) is None
        assert await store.turns([]) == ()
        assert (
            await store.read(lambda t: t.people.stale(NOON)),
            await store.read(lambda t: t.people.active_since(NOON)),
            await store.read(lambda t: t.messages_to_remove.oldest_first()),
        ) == ((), (), ())
        assert (
            await store.read(lambda t: t.editions.by_fingerprint()),
            await store.read(lambda t: t.channel.polled_at()),
            await store.write(lambda t: t.event_keys.forget_before(NOON)),
        ) == ({}, None, 0)

    async def test_a_persons_row_is_made_at_their_first_turn(self, store: Store) -> None:
        done = await one(store, event("k1", tap('{"ref": "amber"}', effects=("toast",))))

        after = having(Record(ADA, 1, "{}", None, "asking", "edition-1", NOON), '{"ref": "amber"}')
        assert done == Done("k1", FIRST, after, NOTHING_SHOWN, ("toast",))
        assert await store.recall(ADA) == (after, NOTHING_SHOWN)

    async def test_a_batch_is_answered_in_order_and_each_turn_sees_the_one_before(self, store: Store) -> None:
        batch = [event("k1", tap("a")), event("k2", tap("b"), person=BEA), event("k3", tap("c"))]

        outcomes = await store.turns(batch)

        assert [outcome.key for outcome in outcomes] == ["k1", "k2", "k3"]
        assert isinstance(outcomes[2], Done)
        assert (outcomes[2].before.card, outcomes[2].before.case, outcomes[2].record.card) == (1, "a", 2)
        assert (await record_of(store, BEA)).case == "b"

    async def test_a_batch_that_is_cut_short_keeps_nothing(self, store: Store) -> None:
        def cut(record: Record, _: object = None) -> Decision:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await store.turns([event("k1", tap("a"), own_message="m1"), event("k2", cut)])

        assert (await store.recall(ADA), await store.read(lambda t: t.messages_to_remove.oldest_first())) == (None, ())
        assert isinstance(await one(store, event("k1", tap("a"))), Done)

    async def test_a_repeated_key_changes_nothing_and_returns_the_current_row(self, store: Store) -> None:
        await store.turns([event("k1", tap("a"))])
        await store.show(ADA, LIVE)

        outcomes = await store.turns([event("k1", tap("b")), event("k2", tap("c")), event("k2", tap("d"))])

        first = having(Record(ADA, 1, "{}", None, "asking", "edition-1", NOON), "a")
        second = await record_of(store, ADA)
        assert outcomes[0] == Repeated("k1", first, LIVE)
        assert outcomes[2] == Repeated("k2", second, LIVE)
        assert (second.card, second.case) == (2, "c")

    async def test_an_event_that_nobody_answers_is_noted_once(self, store: Store) -> None:
        nobodys = event("k1", tap("a"), person=None, own_message="m1")
        noted = await store.turns(
            [nobodys, event("k2", None, own_message="m2"), event("k3", unanswered, own_message="m3")]
        )
        again = await store.turns([event("k1", tap("b"), person=None), event("k2", tap("b")), event("k3", tap("b"))])

        assert noted == (KeyOnly("k1"), KeyOnly("k2"), KeyOnly("k3"))
        assert again == tuple(Repeated(key, None, None) for key in ("k1", "k2", "k3"))
        assert await store.recall(ADA) is None
        assert (
            await store.read(lambda t: t.messages_to_remove.oldest_first()),
            await store.everyone(),
            await store.read(lambda t: t.people.stale(NOON)),
        ) == ((), (), ())

    async def test_an_event_that_is_not_answered_leaves_a_known_person_as_they_were(self, store: Store) -> None:
        await store.turns([event("k1", tap("a"))])
        await store.show(ADA, LIVE)
        before = await store.recall(ADA)

        outcome = await one(store, event("k2", unanswered, own_message="m2"))

        assert (outcome, await store.recall(ADA)) == (KeyOnly("k2"), before)
        assert (
            await store.read(lambda t: t.messages_to_remove.oldest_first()),
            await store.read(lambda t: t.people.stale(NOON)),
        ) == ((), ())

    async def test_an_erased_case_is_gone_and_the_person_stays(self, store: Store) -> None:
        await store.turns([event("k0", changed(profile='{"language": "en"}')), event("k1", tap("a"))])

        await store.turns([event("k2", tap(None))])

        assert await record_of(store, ADA) == Record(ADA, 2, '{"language": "en"}', None, "", "", NOON)
        await store.turns([event("k3", tap("b"))])
        assert (await record_of(store, ADA)).case == "b"

    async def test_an_erased_case_is_gone_from_every_file(self, store: Store) -> None:
        await store.turns([event("k1", tap("a")), event("k2", tap(None))])

        assert await store.is_gone(seconds=0)

    @pytest.mark.parametrize("text", ["", "\0", "é…😀" * 3000, '{"v": 1}', "\x80" * 127, "x" * 127, "x" * 128])
    async def test_any_text_comes_back_as_it_was(self, store: Store, text: str) -> None:
        # The columns of text are not sealed, and PostgreSQL has no zero byte in them.
        clear = text.replace("\0", "0")
        after = having(Record(text, 0, text, None, clear, clear, None, text), text, reference=f"CASE OF {clear}")
        await store.turns([event("k1", lambda *_: Decision(after, ()), person=text)])

        assert await store.recall(text) == (after, NOTHING_SHOWN)

    async def test_a_time_of_another_zone_is_the_same_time(self, store: Store) -> None:
        elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
        await store.turns([event("k1", tap(active=elsewhere))])
        await store.write(lambda t: t.channel.mark_polled(elsewhere))

        assert ((await record_of(store, ADA)).active, await store.read(lambda t: t.channel.polled_at())) == (NOON, NOON)
        naive = NOON.replace(tzinfo=None)
        refused: tuple[Callable[[Tables], object], ...] = (
            lambda t: t.people.stale(naive),
            lambda t: t.people.active_since(naive),
            lambda t: t.channel.mark_polled(naive),
            lambda t: t.event_keys.forget_before(naive),
            lambda t: t.messages_to_remove.add(ADA, "m1", born=naive),
        )
        for work in refused:
            with pytest.raises(ValueError, match="time zone"):
                await store.write(work)

    async def test_turns_at_once_lose_none(self, store: Store) -> None:
        batches = [[event(f"{n}:a", tap()), event(f"{n}:b", tap(), person=BEA)] for n in range(100)]

        await asyncio.gather(*(store.turns(batch) for batch in batches))

        assert ((await record_of(store, ADA)).card, (await record_of(store, BEA)).card) == (100, 100)

    async def test_scrubbing_leaves_live_rows(self, store: Store) -> None:
        await store.turns([event("k1", tap("a"))])
        kept = await store.recall(ADA)

        await store.scrub()

        assert await store.recall(ADA) == kept

    async def test_the_store_closes_twice(self, store: Store) -> None:
        await store.close()
        await store.close()


NEXT_WEEK = NOON + timedelta(days=7)
REMOVED = Entry(NOON, "0a0b0c0d", "removed", "1a1b1c1d")
CODE = Issued("AAAABBBBCCCCDD", "what it opens", NEXT_WEEK)
OTHER_CODE = Issued("AAAABBBBCCCCEE", "the second", NEXT_WEEK)


def standing(text: str) -> Decide:
    return changed(access=text)


def changing(seen: list[Others], *, marks: tuple[bytes, ...] = (), **changes: object) -> Decide:
    def made(found: Others) -> Decide:
        seen.append(found)
        others = tuple(replace(each, access="changed") for each in found.records)
        return bringing(entries=(REMOVED,), **{"others": others, **changes})

    return looking_at_others((BEA, "telegram:3"), marks, made)


async def opened(store: Store, code: str) -> str | None:
    texts: list[str | None] = []

    def look(text: str | None) -> Decide:
        texts.append(text)
        return unanswered

    await store.turns([coming(f"look {code}", code, look, person="telegram:99")])
    return texts[0]


def nobody(*_: str) -> None:
    """A function for `Store.everybody` that leaves out every person."""


class TestOthers:
    async def test_a_turn_sees_the_people_it_names_and_its_changes_to_them_are_stored(self, store: Store) -> None:
        await store.turns([event("k1", standing("old"), person=BEA)])
        await store.turns([event("k2", bringing(reminder=Reminder(BEA, "X", NOON)), person=BEA)])
        await store.turns([event("k3", bringing(shares=Shared("ROOM", "{}", NEXT_WEEK, (BEA,))), person=BEA)])
        await store.write(lambda t: t.invitation_codes.issue_all([CODE], [REMOVED]))
        everybody = await store.everybody(NOON, lambda *seen: seen if seen[1] else None)
        assert everybody.seen == ((BEA, "old"),)
        assert [(each.text, each.until) for each in everybody.invitations] == [(CODE.text, NEXT_WEEK)]
        marks = (everybody.invitations[0].mark, b"of none")
        seen: list[Others] = []

        decide = changing(seen, marks=marks, issues=(OTHER_CODE,), withdraws=marks, forgets=BEA)
        done = await one(store, event("k4", decide))

        assert isinstance(done, Done)
        assert [(each.person, each.access) for each in seen[0].records] == [(BEA, "old")]
        assert seen[0].invitations == everybody.invitations
        found = await store.recall(BEA)
        assert found is not None
        assert found[0].access == "changed"
        assert await valid(store, NOON) == ((OTHER_CODE.text, NEXT_WEEK),)
        assert (await opened(store, CODE.code), await opened(store, OTHER_CODE.code)) == (None, OTHER_CODE.text)
        assert await store.read(lambda t: t.reminders.due(NEXT_WEEK)) == ()
        assert await store.write(lambda t: t.rooms.forget_expired(NEXT_WEEK)) == 0
        assert [entry.what for entry in await store.read(lambda t: t.audit.entries())] == ["removed", "removed"]

    async def test_a_turn_that_breaks_a_rule_for_others_changes_nobody(self, store: Store) -> None:
        await store.turns([event("k1", standing("old"), person=BEA)])
        found = await store.recall(BEA)
        assert found is not None
        bea = found[0]
        wrong = [(replace(bea, person="telegram:3"),), (bea, bea), (replace(bea, card=bea.card - 1),)]

        for number, others in enumerate(wrong):
            turn = event(f"w{number}", changing([], others=others, issues=(CODE,)))
            assert isinstance(await one(store, turn), Refused)

        assert await store.recall(BEA) == found
        assert await store.recall(ADA) is None
        assert await valid(store, NOON) == ()
        assert await store.read(lambda t: t.audit.entries()) == ()

    async def test_an_invitation_that_was_used_or_has_run_out_is_not_among_those_that_are_open(
        self, store: Store
    ) -> None:
        await store.write(lambda t: t.invitation_codes.issue_all([CODE, OTHER_CODE], []))
        marks = tuple(each.mark for each in (await store.everybody(NOON, nobody)).invitations)
        await store.write(lambda t: t.invitation_codes.withdraw(CODE.text, REMOVED))
        seen: list[Others] = []

        for number, at in enumerate((NOON, NEXT_WEEK)):
            await store.turns([replace(event(f"k{number}", changing(seen, marks=marks)), at=at)])

        assert [[each.text for each in found.invitations] for found in seen] == [[OTHER_CODE.text], []]
        assert (await store.everybody(NEXT_WEEK, nobody)).invitations == ()

    async def test_a_name_that_is_forgotten_still_finds_its_record(self, store: Store) -> None:
        await store.turns([event("k1", standing("removed")), event("k2", standing("in"), person=BEA)])
        await store.show(ADA, LIVE)
        assert (
            await store.write(lambda t: t.people.forget_name(ADA, lambda record, shown: shown.handle is None)) is False
        )

        assert (
            await store.write(lambda t: t.people.forget_name(ADA, lambda record, _: record.access == "removed")) is True
        )

        found = await store.recall(ADA)
        assert found is not None
        assert (found[0].access, found[1]) == ("removed", NOTHING_SHOWN)
        assert ADA not in {record.person for record, _ in await store.everyone()}
        done = await one(store, event("k3", standing("removed twice")))
        assert isinstance(done, Done)
        assert done.before == found[0]
        await store.show(ADA, LIVE)
        everyone = {record.access: shown for record, shown in await store.everyone()}
        assert everyone == {"removed twice": LIVE, "in": NOTHING_SHOWN}
        assert await store.recall("telegram:3") is None

    async def test_the_name_of_a_person_with_a_case_stays(self, store: Store) -> None:
        await store.turns([event("k1", tap())])
        before = await store.recall(ADA)

        assert await store.write(lambda t: t.people.forget_name(ADA, lambda *_: True)) is False
        assert await store.write(lambda t: t.people.forget_name(BEA, lambda *_: True)) is False

        assert await store.recall(ADA) == before
