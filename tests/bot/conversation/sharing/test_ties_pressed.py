"""P28 of docs/promises.md, with cards and a store: three people press what they are offered, and nobody is shown more than a tie allows.

Which ties there are is judged without a store, in `test_ties_judged.py`.
"""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from bot.access.account import Account, read_account
from bot.conversation.changes import giving_role, locking, removal
from bot.conversation.shared_cards import read_sharing
from dialogs.core.role import Role
from dialogs.core.ties import READING, TieKind
from tests.support.counts import times
from tests.support.people.visiting import OPEN, REFERENCE, Visitor
from tests.support.promising import Promise

PEOPLE = ("telegram:7", "telegram:8", "telegram:9")
STEPS = 60
WHAT = ("Ask for a look", "Hand over")
NEVER = ("Guide", "Help", "Pause", "Change answers", "Another child", "Start", "Clear", "Erase", "PDF")
LIKELY = (
    "Ask somebody",
    "Ask for a look",
    "Hand over",
    "Open it",
    "Take it",
    "Read first",
    "By a code",
    "More",
    "How I see it",
)


class Three:
    """Three people with one case among them, who press buttons at random, and are locked out, removed and given roles."""

    def __init__(self, seed: int) -> None:
        self.draw, self.said = Random(seed), ""
        first = Visitor(PEOPLE[0])
        self.people = [first, *(Visitor(person, beside=first) for person in PEOPLE[1:])]

    async def begin(self) -> None:
        for each, role in zip(self.people, (Role.PRACTITIONER, Role.MANAGER, Role.PRACTITIONER), strict=True):
            each.bot = replace(each.bot, bare_script=replace(each.bot.bare_script, shares=True))
            admission = replace(OPEN[role].admission, name=f"Desk {each.person[-1]}")
            await each.set(replace(OPEN[role], audit_id=f"0000000{each.person[-1]}", admission=admission))
        await self.people[0].begin()
        await self.people[0].finish()

    async def step(self) -> None:
        """Let one person do one thing, most often with the card that they have."""
        one, draw = self.draw.choice(self.people), self.draw
        if not isinstance(read_account(one.record.access), Account):
            return
        await one.set(one.access.used(one.clock.now()))
        await one.pass_time(minutes=draw.choice((0, 0, 0, 1, 4)))
        now = one.clock.now()
        lot = draw.random()
        if lot < 0.02:
            change = draw.choice((removal, locking, locking))(now)
            await one._turn(change)  # noqa: SLF001 — as an operator would
        elif lot < 0.03:
            await one._turn(giving_role(draw.choice((Role.TRAINER, Role.MANAGER)), now))  # noqa: SLF001
        elif lot < 0.05:
            one.later(hours=draw.choice((1, 13, 24 * 5)))
        elif any(tied.tie.kind.is_request for tied in one.record.tied) and draw.random() < 0.5:
            await one.command("look")
        elif self.said and not one.record.tied and draw.random() < 0.5:
            await one.command("look", self.said)
        elif one.record.heads and not any(tied.sharing.code for tied in one.record.tied) and draw.random() < 0.5:
            whom, what = draw.choice(("1 Desk 8", "By a code")), draw.choice(WHAT)
            for label in ("Back", "Back", "More", "Ask somebody", whom, what):
                if label in one.labels:
                    await one.press(label)
            self._hear(one)
        else:
            await self._press(one)

    async def _press(self, one: Visitor) -> None:
        labels = [label for label in one.labels if label not in NEVER and one.labels.count(label) == 1]
        likely = [label for label in labels if label in LIKELY]
        if labels:
            await one.press(self.draw.choice(likely if likely and self.draw.random() < 0.6 else labels))
        self._hear(one)

    def _hear(self, one: Visitor) -> None:
        place = read_sharing(one.access.sharing)
        self.said = place.about if place.card == "code" and place.about else self.said


def shown_beyond(visitor: Visitor) -> list[str]:
    """Return what is wrong with what a person is shown now, and with what they could open."""
    now, text, found = visitor.clock.now(), visitor.text, list[str]()
    for tied in visitor.record.tied:
        is_theirs = tied.head.holder == visitor.person
        try:
            tied.body(READING, now)
            opens = True
        except ValueError:
            opens = False
        if opens != tied.tie.reads(now):
            found.append("opens what the tie does not let them read")
        if "you are reading" in text and f"{tied.head.reference} ·" in text and not is_theirs:
            found += [] if opens else ["is shown what the tie does not let them read"]
            found += [] if tied.tie.is_read_lately(now) else ["is shown what no entry of the audit says"]
        holders = [tie.person for tie in tied.sharing.ties if tie.kind is TieKind.HOLDER]
        if holders != [tied.head.holder]:
            found.append("in nobody's hands, or in two people's")
    if "you are reading" in text and not visitor.record.tied:
        found.append("is shown a case without a tie")
    if not isinstance(read_account(visitor.record.access), Account) and (visitor.record.tied or REFERENCE in text):
        found.append("is removed, and has a tie or a card")
    return found


@pytest.mark.prove
async def test_nobody_is_shown_more_than_a_tie_allows_whatever_three_people_press(promise: Promise) -> None:
    """P28: cards, codes, locks, roles and removals, at the store."""
    runs, wrong, happened = times(1_000, 6), Counter[str](), Counter[str]()

    for seed in range(runs):
        three = Three(seed)
        await three.begin()
        for _ in range(STEPS):
            await three.step()
            for each in three.people:
                found = await each.store.recall(each.person)
                assert found is not None
                each.record = found[0]
                wrong.update(shown_beyond(each))
        happened.update(await three.people[0].words())
        await three.people[0].store.close()

    assert wrong == Counter()
    assert {"asked-look", "asked-hand", "opened", "taken", "code-made"} <= happened.keys()
    promise.reached("P28", asked=runs, reached=runs, of="runs of three people at the store: shown beyond a tie 0")
