"""What every store promises of an administrator's turn: everybody is seen in it, and what it changes of others counts with it."""

from dataclasses import replace
from datetime import timedelta

from bot.storage.store import Decide, Decision, Done, Record, Refused, Reminder, Shared, Store
from bot.storage.values import Entry, Everybody, Inbound, Issued, NeedsEverybody, Redemption
from tests.support.store.builders import ADA, BEA, NOON, event, one

LATER = NOON + timedelta(days=7)
SAID = Entry(NOON, "0a0b0c0d", "removed", "1a1b1c1d")
CODE = Issued("AAAABBBBCCCCDD", "what it opens", LATER)
SECOND = Issued("AAAABBBBCCCCEE", "the second", LATER)


def standing(text: str) -> Decide:
    """A decision that gives its person a standing."""
    return lambda record: Decision(replace(record, access=text), ())


def changing(seen: list[Everybody], **changes: object) -> Decide:
    """A decision that sees everybody, and changes the standing of Bea and what is said here."""

    def made(record: Record, everybody: Everybody) -> Decision:
        seen.append(everybody)
        others = tuple(replace(each, access="changed") for each in everybody.records if each.person == BEA)
        return Decision(record, (), (SAID,), **{"others": others, **changes})  # type: ignore[arg-type]

    return lambda record: NeedsEverybody(lambda everybody: made(record, everybody))


async def opened(store: Store, code: str) -> str | None:
    """What a code opens now."""
    texts: list[str | None] = []

    def look(text: str | None) -> Decide:
        texts.append(text)
        return lambda record: None

    await store.turns([Inbound(f"look {code}", NOON, "telegram:99", None, None, Redemption(code, look))])
    return texts[0]


class TestEverybody:
    """What every store promises of turns that change others."""

    async def test_a_turn_sees_everybody_and_what_it_changes_of_them_is_kept(self, store: Store) -> None:
        """Records, open invitations; the audit, codes, reminders and rooms go with it."""
        await store.turns([event("k1", standing("old"), person=BEA)])
        await store.turns(
            [replace(event("k2", lambda record: Decision(record, (), reminder=Reminder(BEA, "X", NOON))), person=BEA)]
        )
        await store.turns(
            [event("k3", lambda r: Decision(r, (), shares=Shared("ROOM", "{}", LATER, (BEA,))), person=BEA)]
        )
        await store.invitation_codes.issue_all([CODE], [SAID])
        seen: list[Everybody] = []

        done = await one(store, event("k4", changing(seen, issues=(SECOND,), withdraws=(CODE.text,), forgets=BEA)))

        assert isinstance(done, Done)
        assert [(each.person, each.access) for each in seen[0].records] == [(BEA, "old")]
        assert seen[0].invitations == ((CODE.text, LATER),)
        found = await store.recall(BEA)
        assert found is not None
        assert found[0].access == "changed"
        assert await store.invitation_codes.valid(NOON) == ((SECOND.text, LATER),)
        assert (await opened(store, CODE.code), await opened(store, SECOND.code)) == (None, SECOND.text)
        assert await store.reminders.due(LATER) == ()
        assert await store.rooms.forget_expired(LATER) == 0
        assert [entry.what for entry in await store.audit.entries()] == ["removed", "removed"]

    async def test_a_turn_that_breaks_a_rule_for_others_changes_nobody(self, store: Store) -> None:
        """Somebody who was not given, somebody twice, a card that goes back: all of the turn is refused."""
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
        assert await store.invitation_codes.valid(NOON) == ()
        assert await store.audit.entries() == ()
