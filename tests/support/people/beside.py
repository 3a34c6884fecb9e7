"""People in one household, and each alone in another: any difference between the two comes from somebody else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.access.account import Account, read_account
from bot.storage.values import Done, Inbound, Outcome, Record, Refused
from dialogs.core.replies import Card
from tests.fakes.telegram import FakeClock
from tests.support.people.households import Household, words_of

WORDS = ("ALDER", "BIRCH", "HAZEL")
"""The first word of every reference of the first, the second and the third person: nothing else ever says it."""

Make = Callable[[Household], Inbound]
"""Makes the same event for any household, answered at the door of that household."""


@dataclass(slots=True)
class Beside:
    """The shared household, and each person's own where nobody else ever was; `seen` are the cards shown to each."""

    clock: FakeClock
    together: Household
    alone: dict[str, Household]
    seen: dict[str, list[Card]] = field(default_factory=dict)

    @classmethod
    def of(cls, people: int) -> "Beside":
        """Return households of a number of people."""
        clock, names = FakeClock(), [f"telegram:{number + 1}" for number in range(people)]
        return cls(clock, Household.at(clock), {person: Household.at(clock) for person in names})

    @property
    def people(self) -> list[str]:
        return list(self.alone)

    def word(self, person: str) -> str:
        """Return the word that only this person's references contain."""
        return WORDS[self.people.index(person)]

    async def issue(self, code: str, text: str, *, days: int) -> None:
        """Let a code open something for its first user."""
        for house in (self.together, *self.alone.values()):
            await house.store.write(
                lambda t: t.invitation_codes.issue(code, text, until=self.clock() + timedelta(days=days))
            )

    async def spend(self, code: str) -> None:
        """Invalidate a used code for those who are alone too."""
        for house in self.alone.values():
            await house.store.write(lambda t: t.invitation_codes.issue(code, "", until=self.clock()))

    async def turn(self, person: str, make: Make) -> Outcome:
        """Let one of them act: nobody else's row changes, and the outcome equals that of acting alone."""
        before, entries = await self._records(), len(await self.together.store.read(lambda t: t.audit.entries()))
        (outcome,) = await self.together.turns(make(self.together))
        await self._is_as_alone(person, make, outcome, entries)
        after = await self._records()
        assert {each: row for each, row in before.items() if each != person} == {
            each: row for each, row in after.items() if each != person
        }, f"{person} wrote to another's row"
        await self._look(person, outcome)
        return outcome

    async def _is_as_alone(self, person: str, make: Make, outcome: Outcome, entries: int) -> None:
        house = self.alone[person]
        (expected,) = await house.turns(make(house))
        assert not isinstance(outcome, Refused), outcome
        assert outcome == expected, f"{person}: another made a difference"
        assert await self.together.record(person) == await house.record(person)
        result = (await self.together.store.read(lambda t: t.audit.entries()))[entries:]
        assert (
            result
            == (await house.store.read(lambda t: t.audit.entries()))[
                len(await house.store.read(lambda t: t.audit.entries())) - len(result) :
            ]
        )

    async def _look(self, person: str, outcome: Outcome) -> None:
        """Check that card and messages equal those alone, and name no other case."""
        card = await self.together.card(person)
        assert card == await self.alone[person].card(person), f"{person} sees what they would not see alone"
        record = await self.together.record(person)
        said = repr(outcome.effects) if isinstance(outcome, Done) else ""
        kept = "".join((record.profile, record.case or "", record.access)) if record else ""
        found = [word for word in WORDS if word != self.word(person) and word in words_of(card) + said + kept]
        assert found == [], f"{person} is shown what is of {found}"
        if card is not None:
            self.seen.setdefault(person, []).append(card)

    async def _records(self) -> dict[str, Record | None]:
        return {person: await self.together.record(person) for person in self.people}

    async def access(self, person: str) -> tuple[Record, Account] | None:
        """Return somebody's row and account, or None if they are not admitted."""
        record = await self.together.record(person)
        access = read_account(record.access) if record else None
        return (record, access) if record and isinstance(access, Account) else None
