"""The second person: an administrator at the machine, who types their PIN for what cannot be undone or hands out power.

It refuses to know what is confirmed. Where nobody was ever an administrator, nobody can confirm, and nobody has to. Where none is left,
one is made alone, which is announced to everybody and takes a day.
"""

import getpass
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Self

import typer

from bot.access.account import MOST_TRIES, Account, read_account
from bot.access.admission import had_administrator
from bot.cli.context import CommandContext, roll
from bot.cli.terminal import day, hour, is_at_terminal, many
from bot.conversation.changes import telling, with_news
from bot.crypto.pins import Pins
from bot.runtime.errors import SettingsFault, StoreFault
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.values import Decision, Record
from bot.trail.audit import DELAY, Announcement, AuditEvent, announced, is_used_since_restore
from bot.trail.chain import Entry
from dialogs.core.role import Role

LONGEST_LINE = 100
"""Characters that are read where a script gives the PIN."""

ConfirmedBy = Annotated[
    str,
    typer.Option("--confirmed-by", metavar="ID", help="Another administrator, who is here and types their PIN."),
]
"""The option of a command that needs a second person."""

HOURS = DELAY // timedelta(hours=1)
ALONE = "seraf-bot people invite --role admin --alone"
CALL_OFF = "seraf-bot people withdraw --alone"
CONFIRM = "seraf-bot people confirm"

NOBODY_YET = "Nobody is an administrator yet, so nobody could confirm this."

NOBODY_LEFT = (
    f"No administrator is left who could confirm this. Make one first; everybody is told of it, and it takes {HOURS} hours:"
    f" {ALONE}"
)

LET_CHOOSE = "Set SERAF_OIDC_UNLOCK=pin, restart the bot, and have them sign in and choose one."
"""How administrators get a PIN."""


@dataclass(frozen=True, slots=True)
class Administrators:
    """Everybody who is an administrator, also where their access has run out, by id; and whether there ever was one."""

    people: Mapping[str, tuple[Account, str]]
    was_one: bool

    @classmethod
    async def of(cls, context: CommandContext) -> Self:
        """Read the administrators of this store, and the audit if there is none. Raise `StoreFault` if a row cannot be read then."""
        standings = await context.store.of_each(lambda record: (read_account(record.access), record.person))
        leading = {
            account.audit_id: (account, person)
            for account, person in standings
            if isinstance(account, Account) and account.admission.role is Role.ADMIN
        }
        if leading:
            return cls(leading, was_one=True)
        if strange := await context.store.examine():
            raise StoreFault(f"No administrator can be read. {strange[0]} Nothing was changed. Look: seraf-bot check")
        audit = await look_at_audit(context.store, context.keys)
        return cls({}, had_administrator((account for account, _ in standings), audit))


async def have_confirmed(context: CommandContext, given: str, *, about: str) -> bool:
    """Have a second person confirm, and enter it in the audit before anything is done; raise `SettingsFault` if they do not.

    Return False if nobody was ever an administrator, so that nobody could.
    """
    administrators = await Administrators.of(context)
    leading = [account for account, _ in administrators.people.values()]
    second = second_person(leading, given, operator=context.settings.operator)
    if second is None:
        if administrators.was_one:
            raise SettingsFault(NOBODY_LEFT)
        typer.echo(NOBODY_YET)
        return False
    pins = Pins(context.keys.pepper)
    tried = PinTry(asked_pin(second.audit_id), about, context.now, by=context.operator)
    done = await context.change(administrators.people[second.audit_id][1], partial(tried.decide, pins))
    after = read_account(done.record.access) if done is not None else None
    if not isinstance(after, Account) or after.pin.tries > second.pin.tries:
        left = MOST_TRIES - after.pin.tries if isinstance(after, Account) else 0
        raise wrong_pin(f" {many(left, 'try is', more='tries are')} left, here and in the chat." if left else "")
    return True


def second_person(people: Iterable[Account], given: str, *, operator: str) -> Account | None:
    """Return who is to confirm, or None if nobody is an administrator. Raise `SettingsFault` if nobody fit was named."""
    # Also one without a PIN, barred, or whose access has run out: none of these may make the question go away (ADR 0054).
    administrators = {each.audit_id: each for each in people if each.admission.role is Role.ADMIN}
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
    """Return True if no administrator among these people has a PIN, and one of them cannot choose one, since they sign in."""
    administrators = [each for each in people if each.admission.role is Role.ADMIN]
    return not any(each.pin.hash for each in administrators) and any(
        each.pin.opens_by_sign_in for each in administrators
    )


def asked_pin(who: str) -> str:
    """Return the PIN that is typed, unseen, or given as a line of standard input; raise `SettingsFault` if there is none."""
    typed = getpass.getpass(f"{who}, your PIN: ") if is_at_terminal() else sys.stdin.readline(LONGEST_LINE)
    if not typed.strip():
        raise SettingsFault("No PIN was typed, so nothing was tried. Nothing was changed.")
    return typed.strip()


def wrong_pin(more: str = "") -> SettingsFault:
    """Return the fault of a PIN that was not theirs."""
    return SettingsFault(f"That is not their PIN. Nothing was changed.{more}")


@dataclass(frozen=True, slots=True)
class PinTry:
    """A PIN that was typed at the machine as somebody's, for the act `about`, while `by` worked there."""

    pin: str = field(repr=False)
    about: str
    at: datetime
    by: str

    def decide(self, pins: Pins, record: Record, _: object) -> Decision | None:
        """Count the try like one in the chat: the audit has every one, and the person is told at once of a wrong one.

        Return None for somebody who was removed or barred meanwhile.
        """
        account = read_account(record.access)
        if not isinstance(account, Account) or account.pin.tries >= MOST_TRIES or not account.pin.hash:
            return None
        if pins.matches(self.pin, account.pin.hash):
            return Decision(record, (), (Entry(self.at, account.audit_id, AuditEvent.CONFIRMED, self.about),))
        # By the operator: whoever typed a wrong PIN was not shown to be its owner.
        said, tried = (
            Entry(self.at, self.by, AuditEvent.WRONG_PIN, account.audit_id),
            replace(account, pin=account.pin.wronged(self.at)),
        )
        barred = (Entry(self.at, account.audit_id, AuditEvent.BARRED),) if tried.pin.tries == MOST_TRIES else ()
        return Decision(with_news(record, tried, "wrong-pin-at-machine", at=self.at), (), (said, *barred))


async def demand_announced(context: CommandContext) -> bool:
    """Return True once a code made alone was announced, everybody was told, and the time is over; False if it was announced only now.

    Raise `SettingsFault` if somebody is an administrator, who has to confirm instead, and while the time runs. While a restore waits
    to be confirmed the bot serves nobody: it can tell nobody, and nobody can choose a PIN. Then the day begins with the announcement.
    """
    administrators, is_restored = await Administrators.of(context), await is_restore_waiting(context)
    able = sorted(who for who, (account, _) in administrators.people.items() if account.pin.hash or not is_restored)
    if able:
        ids = " | ".join(able)
        raise SettingsFault(f"There is an administrator, also where their access has run out: --confirmed-by {ids}")
    if not administrators.was_one:
        raise SettingsFault("Nobody was ever an administrator here, so that nobody has to confirm: leave out --alone")
    found = announced(await context.store.read(lambda t: t.audit.entries()), context.now)
    if found is None:
        await _announce(context, is_restored=is_restored)
        return False
    present = [known.account for known in await roll(context) if isinstance(known.account, Account)]
    waiting = [each for each in present if each.notices.is_news_due and each.notices.news == AuditEvent.BREAK_GLASS]
    if waiting and not is_restored:
        raise SettingsFault(
            f"{many(len(waiting), 'person was', more='people were')} not told of it yet: the bot tells them while it runs. The"
            f" {HOURS} hours begin then."
        )
    if context.now < found.opens:
        raise SettingsFault(f"{_said(found)} It can be done from {_moment(found.opens)} on: {ALONE}")
    return True


async def is_restore_waiting(context: CommandContext) -> bool:
    """Return True while a backup was restored and nobody has confirmed who is in."""
    return await context.store.read(lambda t: t.restores.waiting()) is not None


async def may_confirm_restore(context: CommandContext) -> bool:
    """Return True if an administrator was made alone since the restore, after the day that takes: that stands for the second person."""
    return is_used_since_restore(await context.store.read(lambda t: t.audit.entries()))


async def tell_of_use(context: CommandContext) -> None:
    """Where a restore waits, have everybody told of the code once it is confirmed, and say how: nobody could be told before."""
    if not await is_restore_waiting(context):
        return
    await context.change_all(await _admitted(context), telling(AuditEvent.BREAK_GLASS_USED, context.now))
    typer.echo(
        "The restored backup still waits. Look at `seraf-bot people list`, and put right who is in. Then confirm it, which needs"
        f" nobody else now: {CONFIRM}\nThe bot then tells everybody that this was done, and the code can be used."
    )


async def call_off(context: CommandContext) -> None:
    """End what was announced, so that it has to be announced again; raise `SettingsFault` if nothing is."""
    found = announced(await context.store.read(lambda t: t.audit.entries()), context.now)
    if found is None:
        raise SettingsFault("Nobody has asked to make an administrator without a second person. Nothing was changed.")
    await context.store.write(
        lambda t: t.audit.append([Entry(context.now, context.operator, AuditEvent.BREAK_GLASS_CALLED_OFF)])
    )
    typer.echo(f"{_said(found)} It is called off. Ask {found.by} why, and look who works at this machine.")


def about_announcement(found: Announcement) -> str:
    """Return what `check` says while it is announced."""
    return f"{_said(found)} It can be done from {_moment(found.opens)} on at the earliest. If that is wrong: {CALL_OFF}"


async def _announce(context: CommandContext, *, is_restored: bool) -> None:
    """Have everybody told, unless the bot serves nobody after a restore; then enter it in the audit.

    In this order, so that what was entered was told, also where this is cut short.
    """
    said = (
        "the audit alone: before the restored backup is confirmed the bot serves nobody, so that it can tell nobody."
        " Tell people by another way."
    )
    if not is_restored:
        people = await _admitted(context)
        await context.change_all(people, telling(AuditEvent.BREAK_GLASS, context.now))
        told = many(len(people), "person", more="people")
        said = f"the audit and to {told}, whom the running bot tells within seconds."
    await context.store.write(lambda t: t.audit.append([Entry(context.now, context.operator, AuditEvent.BREAK_GLASS)]))
    typer.echo(f"Announced, in {said}")
    typer.echo(f"In {HOURS} hours, and within a week, the same makes the code: {ALONE}\nTo call it off: {CALL_OFF}")


async def _admitted(context: CommandContext) -> list[str]:
    return [known.record.person for known in await roll(context) if isinstance(known.account, Account)]


def _said(found: Announcement) -> str:
    return f"On {_moment(found.at)}, {found.by} asked to make an administrator without a second person."


def _moment(at: datetime) -> str:
    return f"{day(at)}, {hour(at)}"
