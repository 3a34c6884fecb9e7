"""A simulated person in Telegram who goes straight through a SERAF, and knows the expected result."""

from random import Random

from tests.fakes.telegram import Person
from tests.support.people.admitting import PIN
from tests.support.people.plans import Plan, is_result, item_number

__all__ = ["Walker", "come_to_item", "is_result", "item_number", "press_on", "tap_pin"]


class Walker(Plan):
    """A person with a chat, who answers by a plan."""

    def __init__(self, person: Person, draw: Random) -> None:
        super().__init__(draw)
        self.person = person

    async def walk(self, *, until_item: int = 0) -> None:
        """Press buttons up to the result, or up to the card of the item with this number."""
        while not is_result(self.person.card) and not (until_item and item_number(self.person.card) == until_item):
            await self.person.press(self.next_label(self.person.card))

    async def begin(self, *, until_item: int = 1) -> None:
        """Start a SERAF, and go to the card of the item with this number."""
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")
        await self.walk(until_item=until_item)

    async def begin_again(self) -> None:
        """Erase the SERAF, draw a new plan, and start again, up to the welcome card."""
        await self.person.send("/erase")
        await self.person.sees("cannot be undone")
        await self.person.press_last("Erase now")
        await self.person.until(lambda: not self.person.chat, what="the chat was not emptied")
        self.plan_anew()
        await self.person.send("/start")
        await self.person.sees("SERAF consultation")

    async def finish(self) -> None:
        """Go to the result, and wait until it shows the total that the plan leads to."""
        await self.walk()
        await self.person.sees(self.total_line())


async def tap_pin(person: Person, pin: str = PIN) -> None:
    """Enter a PIN on the keypad, whose digits are shuffled."""
    for digit in pin:
        await person.press(digit)


async def press_on(sam: Person, label: str) -> None:
    """Press a button, and wait until the card has changed and the chat is quiet."""
    shown = sam.card.text
    await sam.press(label)
    await sam.until(lambda: not sam.chat or sam.card.text != shown, what="the card did not change")
    await sam.settled()


async def come_to_item(person: Person, number: int) -> Person:
    """Let a person start a SERAF and go to the card of the item with this number. Return the person."""
    await Walker(person, Random(1)).begin(until_item=number)
    await person.settled()
    return person
