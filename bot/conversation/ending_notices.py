"""How it is said that admissions are near their end: to each person once a notice, and to administrators as a count."""

from dataclasses import replace
from datetime import datetime

from bot.access.ending import expiring, if_ending, is_to_be_told, told
from bot.access.standing import Access, Terms, read_access, written
from bot.conversation.access_turns import with_next_card
from bot.storage.store import Store
from bot.storage.values import Decide, Decision, Inbound, Outcome, Record
from dialogs.core.replies import Ring
from dialogs.core.role import Role


async def near_their_end(store: Store, now: datetime) -> tuple[Access, ...]:
    """Those whose admission is near its end, the first to end first."""
    ending = await store.of_each(lambda record: if_ending(read_access(record.access), now))
    return expiring((each for each in ending if each is not None), now)


async def say_endings(store: Store, now: datetime, *, terms: Terms, most: int) -> tuple[Outcome, ...]:
    """Tell, in one transaction, at most so many people whose notice is due, and every administrator whose count changed.

    Nobody is told twice, since what was said is in their standing. Once nobody is left to tell, nothing comes back.
    """
    near = frozenset(each.who for each in await near_their_end(store, now))
    tell = _telling(near, now, terms=terms)
    everybody = await store.of_each(lambda record: record.person if tell(record) is not None else None)
    due = [person for person in everybody if person is not None]
    return await store.turns([Inbound(f"end:{each}:{now.isoformat()}", now, each, tell, None) for each in due[:most]])


def _telling(near: frozenset[str], now: datetime, *, terms: Terms) -> Decide:
    """Put the line above the card, and the count of the others above an administrator's: their own end has a line of its own."""

    def decide(record: Record) -> Decision | None:
        """Nothing to do for somebody who may not use the bot, or was told."""
        access = read_access(record.access)
        if not isinstance(access, Access):
            return None
        after = told(access, now, terms=terms) if is_to_be_told(access, now, terms=terms) else access
        if after.role is Role.ADMIN:
            count = len(near - {after.who})
            after = replace(after, ending=count, is_hidden=after.is_hidden and count <= access.ending)
        if after == access:
            return None
        rings = (Ring(),) if after.told_end > access.told_end or after.ending > access.ending else ()
        return Decision(replace(with_next_card(record), access=written(after)), rings)

    return decide
