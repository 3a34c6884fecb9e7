"""Notices that need no act: that admissions are near their end, and that a review is due. They say nothing of a case."""

from dataclasses import replace
from datetime import datetime

from bot.access.account import Account, Terms, Unreadable, read_account, written
from bot.access.due import expiring, if_ending, is_to_be_told, told
from bot.conversation.changes import RecordChange
from bot.conversation.records import caseless, with_next_card
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Outcome, Record, Refused, Reminder
from dialogs.core.replies import Ring
from dialogs.core.role import Role


async def near_their_end(store: Store, now: datetime) -> tuple[Account, ...]:
    """Those whose admission is near its end, the first to end first."""
    ending = await store.of_each(lambda record: if_ending(read_account(record.access), now))
    return expiring((each for each in ending if each is not None), now)


async def say_endings(store: Store, now: datetime, *, terms: Terms, most: int) -> tuple[Outcome, ...]:
    """Tell, in one transaction, at most so many people whose notice is due, and every administrator whose count changed.

    Nobody is told twice, since what was said is in their standing. Once nobody is left to tell, nothing comes back.
    """
    near = frozenset(each.audit_id for each in await near_their_end(store, now))
    tell = _telling(near, now, terms=terms)
    everybody = await store.of_each(lambda record: record.person if tell(record) is not None else None)
    due = [person for person in everybody if person is not None]
    return await store.turns([Inbound(f"end:{each}:{now.isoformat()}", now, each, tell, None) for each in due[:most]])


def _telling(near: frozenset[str], now: datetime, *, terms: Terms) -> RecordChange:
    """Put the line above the card, and the count of the others above an administrator's: their own end has a line of its own."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who may not use the bot, or was told."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        after = told(account, now, terms=terms) if is_to_be_told(account, now, terms=terms) else account
        if after.admission.role is Role.ADMIN:
            count = len(near - {after.audit_id})
            after = replace(after, notices=replace(after.notices, ending=count))
            after = after.shown() if count > account.notices.ending else after
        if after == account:
            return None
        rings = (
            (Ring(),)
            if after.admission.told_end > account.admission.told_end or after.notices.ending > account.notices.ending
            else ()
        )
        return Decision(replace(with_next_card(record), access=written(after)), rings)

    return decide


async def say_reminder(store: Store, reminder: Reminder, *, now: datetime) -> Outcome | None:
    """Say a reminder in a turn, on a card that stands below all else, and forget it.

    What was said and then cut short is not said again. People who may not use the bot any more are told nothing; where a
    newer release wrote their standing, the reminder waits for that release.
    """
    found = await store.recall(reminder.person)
    if found is not None and isinstance(read_account(found[0].access), Unreadable):
        return None
    key = f"remind:{reminder.person}:{reminder.reference}:{reminder.due.isoformat()}"
    (outcome,) = await store.turns([Inbound(key, now, reminder.person, _reminded(reminder.reference), None)])
    # Said first and forgotten then: after a crash in between, the key keeps it from being said again. One that was
    # refused was not said, and stays.
    if not isinstance(outcome, Refused):
        await store.write(lambda t: t.reminders.forget(reminder))
    return outcome


def _reminded(reference: str) -> RecordChange:
    """What puts the reference over the card, until the person acts."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nobody is reminded who may not use the bot."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        shown = record if record.case is not None else caseless(record)
        told = written(replace(account.shown(), notices=account.notices.with_review(reference)))
        return Decision(replace(with_next_card(shown), access=told), (Ring(),))

    return decide
