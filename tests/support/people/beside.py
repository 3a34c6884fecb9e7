"""Several people in one store, and each of them alone in another. Any difference between the two is a leak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.access.account import Account, read_account
from bot.storage.values import Done, Inbound, Outcome, Record, Refused
from dialogs.core.replies import Card
from tests.fakes.telegram import FakeClock
from tests.support.people.households import Household, words_of

WORDS = ("ALDER", "BIRCH", "HAZEL")
"""The first word of the references of the first, second and third person. It appears nowhere else."""

Make = Callable[[Household], Inbound]
"""A function that makes the same event for any household, that is, for one store with one lock screen."""


@dataclass(slots=True)
class Beside:
    """One household with everybody, and one for each person alone. `seen` has the cards that each was shown.

    `rows` are everybody's rows after the last turn, and `entries` how many entries the audit had then.
    """

    clock: FakeClock
    together: Household
    alone: dict[str, Household]
    seen: dict[str, list[Card]] = field(default_factory=dict)
    rows: dict[str, Record | None] = field(default_factory=dict)
    entries: int = 0

    @classmethod
    def of(cls, people: int) -> "Beside":
        """Return the households of this many people."""
        clock, names = FakeClock(), [f"telegram:{number + 1}" for number in range(people)]
        return cls(clock, Household.at(clock), {person: Household.at(clock) for person in names})

    @property
    def people(self) -> list[str]:
        return list(self.alone)

    def word(self, person: str) -> str:
        """Return the word that only this person's references contain."""
        return WORDS[self.people.index(person)]

    async def issue(self, code: str, text: str, *, days: int) -> None:
        """Store a one-time code with this text in every household, valid for `days` days."""
        for house in (self.together, *self.alone.values()):
            await house.store.write(
                lambda t: t.invitation_codes.issue(code, text, until=self.clock() + timedelta(days=days))
            )

    async def spend(self, code: str) -> None:
        """Invalidate a used code in the households of people who are alone."""
        for house in self.alone.values():
            await house.store.write(lambda t: t.invitation_codes.issue(code, "", until=self.clock()))

    async def turn(self, person: str, make: Make) -> Outcome:
        """Let a person act in both households. Check that the outcome is the same and that no other row changed."""
        before = self.rows or dict.fromkeys(self.people)
        (outcome,) = await self.together.turns(make(self.together))
        after = self.rows = {each: await self.together.record(each) for each in self.people}
        own = await self._is_as_alone(person, make, outcome)
        assert {each: row for each, row in before.items() if each != person} == {
            each: row for each, row in after.items() if each != person
        }, f"{person} wrote to another's row"
        self._look(person, outcome, own)
        return outcome

    async def _is_as_alone(self, person: str, make: Make, outcome: Outcome) -> Record | None:
        """Check that the outcome, the row and the audit are as if the person were alone. Return their row there."""
        house = self.alone[person]
        (expected,) = await house.turns(make(house))
        assert not isinstance(outcome, Refused), outcome
        assert outcome == expected, f"{person}: another made a difference"
        own = await house.record(person)
        assert self.rows[person] == own
        if added := await _count(self.together) - self.entries:
            together, alone = [await each.store.read(lambda t: t.audit.entries()) for each in (self.together, house)]
            assert together[-added:] == alone[-added:]
            self.entries += added
        return own

    def _look(self, person: str, outcome: Outcome, own: Record | None) -> None:
        """Check that the person sees the same card in both households, and nothing of another person's case."""
        record = self.rows[person]
        card = self.together.conversation.card(record) if record else None
        assert card == (self.alone[person].conversation.card(own) if own else None), f"{person} sees what is another's"
        said = repr(outcome.effects) if isinstance(outcome, Done) else ""
        kept = "".join((record.profile, record.case or "", record.access)) if record else ""
        found = [word for word in WORDS if word != self.word(person) and word in words_of(card) + said + kept]
        assert found == [], f"{person} is shown what is of {found}"
        if card is not None:
            self.seen.setdefault(person, []).append(card)

    async def access(self, person: str) -> tuple[Record, Account] | None:
        """Return the row and account of a person, or None if they are not admitted."""
        record = await self.together.record(person)
        access = read_account(record.access) if record else None
        return (record, access) if record and isinstance(access, Account) else None


async def _count(house: Household) -> int:
    """Return how many entries the audit has."""
    (count,) = await house.store.read(lambda t: t.session.execute("SELECT count(*) FROM audit").fetchone())
    return int(count)
