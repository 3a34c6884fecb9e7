"""A person who taps straight through a SERAF: the next button, and the expected result."""

from random import Random

from tests.fakes.telegram import Person
from tests.support.people.admitting import PIN
from tests.support.people.plans import Plan, is_result, item_number

__all__ = ["Walker", "come_to_item", "is_result", "item_number", "press_on", "tap_pin"]


class Walker(Plan):
    """A person with a plan."""

    def __init__(self, person: Person, draw: Random) -> None:
        super().__init__(draw)
        self.person = person

    async def walk(self, *, until_item: int = 0) -> None:
        """Press on to the result, or to the card of an item."""
        while not is_result(self.person.card) and not (until_item and item_number(self.person.card) == until_item):
            await self.person.press(self.next_label(self.person.card))

    async def begin(self, *, until_item: int = 1) -> None:
        """Begin a SERAF and go to the card of an item."""
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")
        await self.walk(until_item=until_item)

    async def begin_again(self) -> None:
        """Erase, and begin again with another plan, up to the welcome."""
        await self.person.send("/erase")
        await self.person.sees("cannot be undone")
        await self.person.press_last("Erase now")
        await self.person.until(lambda: not self.person.chat, what="the chat was not emptied")
        self.plan_anew()
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")

    async def finish(self) -> None:
        """Go to the result, and check it against the plan."""
        await self.walk()
        await self.person.sees(self.total_line())


async def tap_pin(person: Person, pin: str = PIN) -> None:
    """Tap a PIN on the shuffled keypad."""
    for digit in pin:
        await person.press(digit)


async def press_on(sam: Person, label: str) -> None:
    """Press a button, and wait for the next card."""
    shown = sam.card.text
    await sam.press(label)
    await sam.until(lambda: not sam.chat or sam.card.text != shown, what="the card did not change")
    await sam.settled()


async def come_to_item(person: Person, number: int) -> Person:
    """Return a person who begins a SERAF and waits at the card of an item."""
    await Walker(person, Random(1)).begin(until_item=number)
    await person.settled()
    return person
