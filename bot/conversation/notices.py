"""Notices that the bot gives on its own: that an admission ends soon, and that a review is due. They say nothing of a case's answers."""

from dataclasses import replace
from datetime import datetime

from bot.access.account import Account, Terms, Unreadable, read_account, written
from bot.access.due import expiring, if_ending, is_to_be_told, told
from bot.conversation.records import caseless, with_next_card
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Outcome, Record, Refused, Reminder
from dialogs.core.replies import Ring
from dialogs.core.role import ADMINISTERING


async def near_their_end(store: Store, now: datetime) -> tuple[Account, ...]:
    """Return the accounts whose admission ends soon. The first to end comes first."""
    ending = await store.of_each(lambda record: if_ending(read_account(record.access), now))
    return expiring((each for each in ending if each is not None), now)


async def say_endings(store: Store, now: datetime, *, terms: Terms, most: int) -> tuple[Outcome, ...]:
    """Notify up to `most` people: those whose admission ends soon, and administrators if the number of such people changed.

    All turns share one transaction. The account records each notice, so nobody is notified twice. If no notice
    is due, the result is empty.
    """
    near = frozenset(each.audit_id for each in await near_their_end(store, now))

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return the decision that shows a person's own notice and, to an administrator, the number of others, or None without a change."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        after = told(account, now, terms=terms) if is_to_be_told(account, now, terms=terms) else account
        if after.admission.role in ADMINISTERING:
            count = len(near - {after.audit_id})
            after = replace(after, notices=replace(after.notices, ending=count))
            after = after.shown() if count > account.notices.ending else after
        if after == account:
            return None
        has_grown = after.notices.ending > account.notices.ending
        rings = (Ring(),) if after.admission.told_end > account.admission.told_end or has_grown else ()
        return Decision(replace(with_next_card(record), access=written(after)), rings)

    everybody = await store.of_each(lambda record: record.person if decide(record) is not None else None)
    due = [person for person in everybody if person is not None]
    return await store.turns([Inbound(f"end:{each}:{now.isoformat()}", now, each, decide, None) for each in due[:most]])


async def say_reminder(store: Store, reminder: Reminder, *, now: datetime) -> Outcome | None:
    """Show a reminder on a new card below all messages, and delete it. Return the turn's outcome, or None if it has to wait.

    A reminder that was shown just before a crash is not shown again. People who may no longer use the bot are
    not reminded. If a newer release wrote their account, the reminder waits for that release.
    """
    found = await store.recall(reminder.person)
    if found is not None and isinstance(read_account(found[0].access), Unreadable):
        return None

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return the decision that shows the reference above the card until the person acts. Return None if they may not use the bot."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        shown, notices = record if record.heads else caseless(record), account.notices
        reviews = dict.fromkeys((*filter(None, notices.reviews.split(", ")), reminder.reference))
        told = replace(account.shown(), notices=replace(notices, reviews=", ".join(reviews)))
        return Decision(replace(with_next_card(shown), access=written(told)), (Ring(),))

    key = f"remind:{reminder.person}:{reminder.reference}:{reminder.due.isoformat()}"
    (outcome,) = await store.turns([Inbound(key, now, reminder.person, decide, None)])
    # Shown first, then deleted: after a crash in between, the event key prevents a second turn. A refused turn showed
    # nothing, so the reminder stays.
    if not isinstance(outcome, Refused):
        await store.write(lambda t: t.reminders.forget(reminder))
    return outcome
