"""How a reminder of a review is said. It needs no case, and says nothing of one."""

from dataclasses import replace
from datetime import datetime

from bot.access.account import Account, Unreadable, read_account, written
from bot.conversation.access_turns import with_next_card
from bot.conversation.records import caseless
from bot.storage.store import Store
from bot.storage.values import Decide, Decision, Inbound, Outcome, Record, Refused, Reminder
from dialogs.core.replies import Ring


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


def _reminded(reference: str) -> Decide:
    """What puts the reference over the card, until the person acts."""

    def decide(record: Record) -> Decision | None:
        """Nobody is reminded who may not use the bot."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        shown = record if record.case is not None else caseless(record)
        told = written(replace(account.shown(), notices=account.notices.with_review(reference)))
        return Decision(replace(with_next_card(shown), access=told), (Ring(),))

    return decide
