"""The second person: an administrator who, with their PIN at the machine, confirms what cannot be undone or gives power.

If nobody was ever an administrator, no confirmation is needed. If no administrator is left, one can be made without a second
person, after every admitted person was notified and a day has passed.
"""

import getpass
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from typer import Option, echo

from bot.access.account import MOST_TRIES, Account, read_account
from bot.access.admission import had_administrator
from bot.cli.context import CommandContext, roll
from bot.cli.terminal import day, hour, many
from bot.conversation.changes import telling, with_news
from bot.crypto.pins import Pins, is_same, salt_of
from bot.runtime.errors import SettingsFault, StoreFault
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.values import Decide, Decision, Lookup, NeedsHash, Record
from bot.trail.audit import DELAY, Announcement, AuditEvent, announced
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING

ConfirmedBy = Annotated[
    str, Option("--confirmed-by", metavar="ID", help="Another administrator, who is here and types their PIN.")
]

HOURS = DELAY // timedelta(hours=1)
ALONE = "seraf-bot people invite --role admin --alone"
CALL_OFF = "seraf-bot people withdraw --alone"
NOBODY_YET = "Nobody is an administrator yet, so nobody could confirm this."
LET_CHOOSE = "Set SERAF_OIDC_UNLOCK=pin, restart the bot, and have them sign in and choose one."


async def _administrators(context: CommandContext) -> tuple[Mapping[str, tuple[Account, str]], bool]:
    """Return all administrators by id, each with account and person, even if their admission is over; and whether there ever was one."""
    accounts = await context.store.of_each(lambda record: (read_account(record.access), record.person))
    administrators = {
        account.audit_id: (account, person)
        for account, person in accounts
        if isinstance(account, Account) and account.admission.role in ADMINISTERING
    }
    if administrators:
        return administrators, True
    if faults := await context.store.examine():
        raise StoreFault(f"No administrator can be read. {faults[0]} Nothing was changed. Look: seraf-bot check")
    audit = await look_at_audit(context.store, context.keys)
    return {}, had_administrator((account for account, _ in accounts), audit)


async def have_confirmed(context: CommandContext, given: str, *, about: str) -> bool:
    """Let an administrator confirm with their PIN. Raise `SettingsFault` if they do not. Return False if there never was one."""
    administrators, was_one = await _administrators(context)
    accounts = [account for account, _ in administrators.values()]
    second = second_person(accounts, given, operator=context.settings.operator)
    if second is None:
        if was_one:
            raise SettingsFault(
                "No administrator is left who could confirm this. Make one first; everybody is told of it, and it takes"
                f" {HOURS} hours: {ALONE}"
            )
        echo(NOBODY_YET)
        return False
    typed, pins = asked_pin(second.audit_id), Pins(context.keys.pepper)
    decide = pin_decision(typed, pins, about=about, at=context.now, by=context.operator)
    done = await context.change(administrators[second.audit_id][1], decide)
    after = read_account(done.record.access) if done is not None else None
    if not isinstance(after, Account) or after.pin.tries > second.pin.tries:
        left = MOST_TRIES - after.pin.tries if isinstance(after, Account) else 0
        raise wrong_pin(f" {many(left, 'try is', more='tries are')} left, here and in the chat." if left else "")
    return True


def second_person(people: Iterable[Account], given: str, *, operator: str) -> Account | None:
    """Return the administrator with the id `given`, or raise `SettingsFault`. If there is no administrator, return None."""
    # A confirmation is needed even if all administrators lack a PIN, are locked out or have lapsed (ADR 0054).
    administrators = {account.audit_id: account for account in people if account.admission.role in ADMINISTERING}
    if not administrators:
        return None
    word = given.strip().lower()
    second = administrators.get(word)
    if not word:
        raise SettingsFault(
            "This needs a second person. Ask an administrator to come here, and run it again with their id:"
            f" --confirmed-by {' | '.join(sorted(administrators))}"
        )
    if second is None:
        raise SettingsFault(f"No administrator has the id {word!r}: seraf-bot people list --role admin")
    if word == operator.lower():
        raise SettingsFault("Nobody confirms what they do themselves: ask another administrator.")
    if is_without_pins((second,)):
        raise SettingsFault(f"{word} opens pages by signing in, and has no PIN. {LET_CHOOSE}")
    if not second.pin.hash:
        raise SettingsFault(f"{word} has no PIN yet: they choose one in the chat first.")
    if second.pin.tries >= MOST_TRIES:
        raise SettingsFault(f"{word} has no try of their PIN left. Let them in again: seraf-bot people renew {word}")
    return second


def is_without_pins(people: Iterable[Account]) -> bool:
    """Return True if none of these administrators has a PIN, and one of them unlocks their page by signing in instead."""
    pins = [account.pin for account in people if account.admission.role in ADMINISTERING]
    return not any(pin.hash for pin in pins) and any(pin.opens_by_sign_in for pin in pins)


def asked_pin(who: str) -> str:
    """Return the PIN, typed without being shown or read from standard input. Raise `SettingsFault` if it is empty."""
    typed = getpass.getpass(f"{who}, your PIN: ") if sys.stdin.isatty() else sys.stdin.readline(100)
    if not typed.strip():
        raise SettingsFault("No PIN was typed, so nothing was tried. Nothing was changed.")
    return typed.strip()


def wrong_pin(more: str = "") -> SettingsFault:
    """Return the fault that says that the PIN is wrong. `more` is added at the end of its text."""
    return SettingsFault(f"That is not their PIN. Nothing was changed.{more}")


def pin_decision(pin: str, pins: Pins, *, about: str, at: datetime, by: str) -> Decide:
    """Return the decision about a PIN that an administrator typed at the machine of the operator `by`, to confirm `about`.

    An attempt counts like one in the chat: the audit records it, and the person is notified at once of a wrong PIN. The decision is
    None if they were removed or barred meanwhile.
    """

    def decide(record: Record, lookup: Lookup) -> Decision | NeedsHash | None:
        account = read_account(record.access)
        if not isinstance(account, Account) or account.pin.tries >= MOST_TRIES or not account.pin.hash:
            return None
        need = NeedsHash(pin, salt_of(account.pin.hash), pins.hashed)
        hashed = lookup.derived.get(need)
        if hashed is None:
            return need
        if is_same(hashed, account.pin.hash):
            return Decision(record, (), (Entry(at, account.audit_id, AuditEvent.CONFIRMED, about),))
        # The entry names the operator: the person who typed a wrong PIN may not be its owner.
        entries = [Entry(at, by, AuditEvent.WRONG_PIN, account.audit_id)]
        after = replace(account, pin=account.pin.wronged(at))
        if after.pin.tries == MOST_TRIES:
            entries.append(Entry(at, account.audit_id, AuditEvent.BARRED))
        return Decision(with_news(record, after, "wrong-pin-at-machine", at=at), (), tuple(entries))

    return decide


async def demand_announced(context: CommandContext) -> bool:
    """Announce, at the first call, that an administrator will be made without a second person, and return False.

    Return True once every admitted person was notified and the delay is over; raise `SettingsFault` before. Raise it also if there
    is an administrator, who has to confirm instead. Until a restore is confirmed, the bot serves nobody: it can notify nobody, and
    nobody can choose a PIN. In that state the delay begins with the announcement.
    """
    (administrators, was_one), is_restored = await _administrators(context), await is_restore_waiting(context)
    able = sorted(who for who, (account, _) in administrators.items() if account.pin.hash or not is_restored)
    if able:
        ids = " | ".join(able)
        raise SettingsFault(f"There is an administrator, also where their access has run out: --confirmed-by {ids}")
    if not was_one:
        raise SettingsFault("Nobody was ever an administrator here, so that nobody has to confirm: leave out --alone")
    present = [known for known in await roll(context) if known.admitted]
    announcement = await _announcement(context)
    if announcement is None:
        where = (
            "the audit alone: before the restored backup is confirmed the bot serves nobody, so that it can tell nobody."
            " Tell people by another way."
        )
        if not is_restored:
            people = [known.record.person for known in present]
            await context.change_all(people, telling(AuditEvent.BREAK_GLASS, context.now))
            count = many(len(people), "person", more="people")
            where = f"the audit and to {count}, whom the running bot tells within seconds."
        # After the notifications, so that everybody is notified of every announcement in the audit, even if this is cut short.
        await context.record(AuditEvent.BREAK_GLASS)
        echo(f"Announced, in {where}")
        echo(f"In {HOURS} hours, and within a week, the same makes the code: {ALONE}\nTo call it off: {CALL_OFF}")
        return False
    notices = [known.admitted.notices for known in present if known.admitted]
    waiting = [notice for notice in notices if notice.is_news_due and notice.news == AuditEvent.BREAK_GLASS]
    if waiting and not is_restored:
        raise SettingsFault(
            f"{many(len(waiting), 'person was', more='people were')} not told of it yet: the bot tells them while it runs. The"
            f" {HOURS} hours begin then."
        )
    if context.now < announcement.opens:
        raise SettingsFault(f"{_asked(announcement)} It can be done from {_moment(announcement.opens)} on: {ALONE}")
    return True


async def _announcement(context: CommandContext) -> Announcement | None:
    return announced(await context.store.read(lambda t: t.audit.entries()), context.now)


async def is_restore_waiting(context: CommandContext) -> bool:
    """Return True if a backup was restored, and its list of people is not confirmed yet."""
    return await context.store.read(lambda t: t.restores.waiting()) is not None


async def call_off(context: CommandContext) -> None:
    """Cancel an announced making of an administrator without a second person. Raise `SettingsFault` if there is none."""
    announcement = await _announcement(context)
    if announcement is None:
        raise SettingsFault("Nobody has asked to make an administrator without a second person. Nothing was changed.")
    await context.record(AuditEvent.BREAK_GLASS_CALLED_OFF)
    echo(f"{_asked(announcement)} It is called off. Ask {announcement.by} why, and look who works at this machine.")


def about_announcement(announcement: Announcement) -> str:
    """Return what `check` says about the announced making of an administrator without a second person."""
    opens = _moment(announcement.opens)
    return f"{_asked(announcement)} It can be done from {opens} on at the earliest. If that is wrong: {CALL_OFF}"


def _asked(announcement: Announcement) -> str:
    return f"On {_moment(announcement.at)}, {announcement.by} asked to make an administrator without a second person."


def _moment(at: datetime) -> str:
    return f"{day(at)}, {hour(at)}"
