"""The second person: an administrator who is at the desk, and types their PIN for what cannot be undone or hands out power.

It refuses to know what is confirmed. Where nobody was ever an administrator, nobody can confirm, and nobody has to; where none is left,
one is made first, which everybody sees.
"""

import getpass
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Self

import typer

from bot.access.account import MOST_TRIES, Account, read_account
from bot.access.admission import had_administrator
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import is_at_terminal, many
from bot.conversation.changes import with_news
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.crypto.pins import Pins
from bot.runtime.errors import SettingsFault, StoreFault
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.values import Decision, Entry, Record
from bot.trail.audit import AuditEvent
from dialogs.core.role import Role

LONGEST_LINE = 100
"""Signs that are read where a script gives the PIN."""

ConfirmedBy = Annotated[
    str,
    typer.Option("--confirmed-by", metavar="ID", help="Another administrator, who is here and types their PIN."),
]
"""The option of a command that needs a second person."""


NOBODY_YET = "Nobody is an administrator yet, so nobody could confirm this."

NOBODY_LEFT = (
    "No administrator is left who could confirm this. Make one first; everybody is told of it, and it takes 24 hours:"
    " seraf-bot people invite --role admin --alone"
)

LET_CHOOSE = "Set SERAF_OIDC_UNLOCK=pin, restart the bot, and have them sign in and choose one."
"""What gives administrators a PIN."""


@dataclass(frozen=True, slots=True)
class Administrators:
    """Whoever is an administrator, lapsed or not, by their id with their key in the store; and whether there ever was one."""

    people: Mapping[str, tuple[Account, str]]
    was_one: bool

    @classmethod
    async def of(cls, desk: Workplace) -> Self:
        """Those of this store; where there is none now, the audit is read too. `StoreFault` where not everybody can be read then."""
        standings = await desk.store.of_each(lambda record: (read_account(record.access), record.person))
        leading = {
            account.audit_id: (account, person)
            for account, person in standings
            if isinstance(account, Account) and account.admission.role is Role.ADMIN
        }
        if not leading and (strange := await desk.store.examine()):
            raise StoreFault(
                f"No administrator can be read. {strange[0]} Nothing was changed. Look first: seraf-bot check"
            )
        if leading:
            return cls(leading, was_one=True)
        audit = await look_at_audit(desk.store, load_key_file(key_place(desk.settings)))
        return cls({}, had_administrator((account for account, _ in standings), audit))


async def have_confirmed(desk: Workplace, given: str, *, about: str) -> bool:
    """Have a second person confirm, which the audit has before anything is done; `SettingsFault` where they do not.

    False where nobody was ever an administrator, so that nobody could.
    """
    administrators = await Administrators.of(desk)
    leading = [account for account, _ in administrators.people.values()]
    second = second_person(leading, given, operator=desk.settings.operator)
    if second is None:
        if administrators.was_one:
            raise SettingsFault(NOBODY_LEFT)
        typer.echo(NOBODY_YET)
        return False
    pins = Pins(load_key_file(key_place(desk.settings)).pepper)
    tried = PinTry(asked_pin(second.audit_id), about, desk.now, by=desk.operator)
    done = await desk.change(administrators.people[second.audit_id][1], partial(tried.decide, pins))
    after = read_account(done.record.access) if done is not None else None
    if not isinstance(after, Account) or after.pin.tries > second.pin.tries:
        left = MOST_TRIES - after.pin.tries if isinstance(after, Account) else 0
        raise wrong_pin(f" {many(left, 'try is', more='tries are')} left, here and in the chat." if left else "")
    return True


def second_person(people: Iterable[Account], given: str, *, operator: str) -> Account | None:
    """Who is to confirm; None where nobody is an administrator. `SettingsFault` where nobody was named, or somebody who cannot."""
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
    """True if no administrator among these people has a PIN, and one of them cannot choose one, since they open pages by signing in."""
    administrators = [each for each in people if each.admission.role is Role.ADMIN]
    return not any(each.pin.hash for each in administrators) and any(
        each.pin.opens_by_sign_in for each in administrators
    )


def asked_pin(who: str) -> str:
    """The PIN that they type, unseen; from a script, a line of standard input. `SettingsFault` where nothing is typed."""
    typed = getpass.getpass(f"{who}, your PIN: ") if is_at_terminal() else sys.stdin.readline(LONGEST_LINE)
    if not typed.strip():
        raise SettingsFault("No PIN was typed, so nothing was tried. Nothing was changed.")
    return typed.strip()


def wrong_pin(more: str = "") -> SettingsFault:
    """That the PIN was not theirs."""
    return SettingsFault(f"That is not their PIN. Nothing was changed.{more}")


@dataclass(frozen=True, slots=True)
class PinTry:
    """A PIN that was typed at the machine as somebody's, for the act `about`, while `by` worked there."""

    pin: str = field(repr=False)
    about: str
    at: datetime
    by: str

    def decide(self, pins: Pins, record: Record, _: object) -> Decision | None:
        """Count the try like one in the chat. The audit has every one, and the person is told at once of a wrong one.

        Nothing to do for somebody who was removed or barred meanwhile.
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
