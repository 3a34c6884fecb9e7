"""Random actions of two or three people: they tap their own buttons, old ones, other people's and forged ones."""

from dataclasses import dataclass, field
from random import Random

from bot.access.admission import Invitation
from bot.conversation.changes import holding, letting_go, locking, removal, renewal
from bot.conversation.records import references_of
from bot.crypto.at_random import make_code
from bot.runtime.clock import local_time
from bot.storage.values import Decide, Decision, Done, Inbound
from dialogs.core.events import Lapsed, Occasion
from dialogs.core.replies import Card
from dialogs.core.role import Role
from dialogs.locked import KEYPADS, AccountState
from dialogs.turn.commands import NAMES
from tests.support.people.admitting import PIN, admitting
from tests.support.people.beside import Beside
from tests.support.people.households import Act, in_the_middle, standing_at, with_case

FORGED = (
    *(
        "k:0:0",
        "k:1:5",
        "k:9:9",
        "k",
        "y",
        "x",
        "o:urgent:",
        "o:call:",
        "o:erase:",
        "o:more:",
        "o:what:V1",
        "s:yes",
        "s:no",
    ),
    *("s:not-known", "s:both", "t:V1=yes", "t:M4=", "r:no", "g:start", "g:erase", "g:confirm", "g:resume", "c:S1"),
    *("p:1", "p:99", "", "s:" + "x" * 50),
)
# `/people` is left out, since it is meant to show other people to an administrator. It has tests of its own.
SAID = (
    *(f"/{name}" for name in NAMES if name != "people"),
    "/panic",
    "/erase",
    "/explain CSE",
    "/start",
    "hello",
    "/nothing",
)
PASSING = (1, 9, 10, 11, 60, 2 * 1440, 5 * 1440)
"""Durations in minutes, one of which passes at a time."""


@dataclass(slots=True)
class Crowd:
    """One run of two or three people. `codes` are their invitation codes, including used ones."""

    draw: Random
    beside: Beside
    codes: list[str] = field(default_factory=list)
    last: Act | None = None
    happened: int = 0

    @classmethod
    async def met(cls, draw: Random) -> "Crowd":
        """Return two or three people at random stages: unknown, admitted, or with a case in progress."""
        crowd = cls(draw, Beside.of(draw.choice((2, 3))))
        for number, person in enumerate(crowd.beside.people):
            role, chance, code = draw.choice(list(Role)), draw.random(), make_code()
            crowd.codes.append(code)
            invitation = Invitation(f"{number:08x}", role, f"called {number}")
            await crowd.beside.issue(code, invitation.text(), days=7)
            if chance > 0.2:
                await crowd._operate(person, admitting(standing_at(crowd.beside.clock, role, f"{number + 8:08x}")))
            if chance > 0.35 and role is not Role.AUDITOR:
                await crowd._operate(person, crowd._begun(person))
        return crowd

    def _begun(self, person: str) -> Decide:
        """Return a decision that gives this person a case in progress, with random responses."""
        reference = f"{self.beside.word(person)} OTTER 10"
        session = in_the_middle(self.draw, card=self.draw.randrange(1, 6), reference=reference)
        return lambda record, _: Decision(with_case(record, session), ())

    async def step(self) -> None:
        """Let a random person do something, time pass, or an administrator act."""
        person, chance = self.draw.choice(self.beside.people), self.draw.random()
        if chance < 0.05:
            self.beside.clock.advance(minutes=self.draw.choice(PASSING))
            await self._pass_time(person)
        elif chance < 0.1:
            await self._operate(person, await self._ordered(person))
        else:
            await self._take(await self._act(person))

    def _next(self) -> int:
        self.happened += 1
        return self.happened

    async def _take(self, act: Act) -> None:
        self.last = act
        outcome = await self.beside.turn(act.person, lambda house: house.heard(act))
        if isinstance(outcome, Done) and act.code and not outcome.before.access:
            await self.beside.spend(act.code)

    async def _pass_time(self, person: str) -> None:
        now, key, is_old = self.beside.clock(), f"time {self._next()}", self.draw.random() < 0.2
        event = Lapsed(Occasion(local_time(now), ""), is_old=is_old)
        await self.beside.turn(person, lambda house: Inbound(key, now, person, house.conversation.decide(event), None))

    async def _operate(self, person: str, decide: Decide) -> None:
        now, key = self.beside.clock(), f"cli {self._next()}"
        await self.beside.turn(person, lambda house: Inbound(key, now, person, decide, None))

    async def _ordered(self, person: str) -> Decide:
        """Return a random order of an administrator about this person."""
        record, now, terms = await self.beside.together.record(person), self.beside.clock(), self.beside.together.terms
        reference = next(iter(references_of(record)), "") if record else ""
        orders = (
            removal(now),
            locking(now),
            renewal(now, terms, has_new_pin=False),
            renewal(now, terms, has_new_pin=True),
            holding(reference, now),
            letting_go(reference, now),
        )
        return self.draw.choice(orders)

    async def _act(self, person: str) -> Act:
        """Return the person's next action. At times it repeats the last one, with the same event key or a new one."""
        number, chance, last = self._next(), self.draw.random(), self.last
        key, reference = f"event {number}", f"{self.beside.word(person)} OTTER {10 + number % 90}"
        if last and last.person == person and chance < 0.1:
            return last if chance < 0.05 else Act(person, key, last.data, last.words, reference)
        if chance < 0.22:
            return Act(person, key, words=self.draw.choice(SAID), reference=reference)
        if chance < 0.28:
            return Act(person, key, words=f"/start {self.draw.choice([*self.codes, 'WRONG'])}", reference=reference)
        return Act(person, key, await self._data(person), reference=reference)

    async def _data(self, person: str) -> str:
        """Return a button's data: of the current card, an older card, another person's card, or a forged one."""
        chance, seen = self.draw.random(), self.beside.seen
        mine = seen.get(person, [])
        others = [card for other, cards in seen.items() if other != person for card in cards[-1:]]
        if chance < 0.6 and mine:
            return await self._digit(person) or self._button(mine[-1])
        if chance < 0.7 and mine:
            return self._button(self.draw.choice(mine[-8:]))
        if chance < 0.85 and others:
            return self._button(self.draw.choice(others))
        tokens = [card.token for card in (*mine[-2:], *others)] or [0]
        return f"{max(0, self.draw.choice(tokens) + self.draw.choice((-1, 0, 0, 1)))}:{self.draw.choice(FORGED)}"

    def _button(self, card: Card) -> str:
        return f"{card.token}:{self.draw.choice([button.code for button in card.buttons] or ['x'])}"

    async def _digit(self, person: str) -> str:
        """Return the data of the PIN's next digit, or of the notice's button. Empty if neither is shown, or at random."""
        found = await self.beside.access(person)
        if found is None or self.draw.random() < 0.1:
            return ""
        record, access = found
        gate = self.beside.together.conversation.door.gate(access, person, card=record.card, now=self.beside.clock())
        if gate.over is None and gate.standing is AccountState.NOTICE:
            return f"{record.card}:y"
        return (
            f"{record.card}:k:{gate.entered}:{PIN[gate.entered]}"
            if gate.over is None and gate.standing in KEYPADS
            else ""
        )


async def run(seed: int, *, steps: int) -> Crowd:
    """Let two or three people take this many random steps. `seed` determines them."""
    crowd = await Crowd.met(Random(seed))
    for _ in range(steps):
        await crowd.step()
    return crowd
