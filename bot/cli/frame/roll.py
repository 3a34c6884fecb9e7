"""Everybody who was ever admitted, and how one of them is found by what an administrator types."""

from dataclasses import dataclass
from typing import assert_never

from bot.access.account import Account, AnyAccount, Removed, Unreadable, read_account
from bot.cli.frame.opening import Workplace
from bot.operations.backup.held import HeldCase
from bot.runtime.errors import DamagedValue, SettingsFault
from bot.runtime.person_id import FORGOTTEN, TELEGRAM, WEB, PersonId
from bot.storage.store import Store
from bot.storage.values import Record


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who was admitted once, with all that is kept of them."""

    record: Record
    account: AnyAccount

    @property
    def number(self) -> str:
        """What they are called in their channel: their Telegram number, or the hash of their organisation's sign-in.

        Empty where that was forgotten.
        """
        return "" if self.is_forgotten else PersonId.read(self.record.person).name

    @property
    def address(self) -> str:
        """The same, with what it is; what was forgotten of a removed person is not said."""
        if self.is_forgotten:
            return "forgotten"
        return f"Browser {self.record.person}" if self.signs_in else f"Telegram {self.number}"

    @property
    def is_forgotten(self) -> bool:
        """Whether what they are called is not kept any more."""
        return PersonId.read(self.record.person).channel == FORGOTTEN

    @property
    def signs_in(self) -> bool:
        """Whether they come with a browser, by their organisation's sign-in."""
        return PersonId.read(self.record.person).channel == WEB

    @property
    def who(self) -> str:
        """Their id in the list and in the audit; empty where it is not known."""
        match self.account:
            case Account(audit_id=who) | Removed(was=who):
                return who
            case Unreadable():
                return ""
        assert_never(self.account)

    @property
    def name(self) -> str:
        """What they are called here: the id of the list, or what is known of somebody who has none."""
        other = "a removed person" if isinstance(self.account, Removed) else "somebody whom a newer release admitted"
        return self.who or other

    def is_called(self, word: str) -> bool:
        """Whether this word means them: the id of the list, their Telegram number or hash, or that after `telegram:` or `web:`."""
        return word in (self.who, self.number, self.record.person) and word != ""


async def roll(desk: Workplace) -> tuple[Known, ...]:
    """Everybody who was ever admitted, the latest active first."""
    read = [(record, read_account(record.access)) for record, _ in await desk.store.everyone()]
    return tuple(Known(record, account) for record, account in read if account is not None)


async def held_here(desk: Workplace) -> tuple[HeldCase, ...]:
    """The assessments that are held."""
    return tuple(each for each in await desk.store.of_each(_held) if each is not None)


def _held(record: Record) -> HeldCase | None:
    account = read_account(record.access)
    return HeldCase(record.person, account.held) if account is not None and account.held else None


async def find_person(desk: Workplace, word: str) -> Known:
    """The one person whom a word means. `SettingsFault` when it means nobody or two, with what to do."""
    everybody, called = await roll(desk), word.strip().lower()
    found = [known for known in everybody if known.is_called(called)] or await _forgotten(desk, called)
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsFault(
            f"{called} is one person's id and another's Telegram number. For the number: {PersonId(TELEGRAM, called)}"
        )
    if called in await unseen(desk):
        raise SettingsFault(
            f"{called} is a first administrator whom the bot has not seen yet. To keep them out, take the number out of"
            " SERAF_ADMINS and start the bot again."
        )
    raise SettingsFault(
        f"Nobody here is called {called!r}. Give the id of eight signs from `seraf-bot people list`, or the Telegram number."
        " Somebody whom an earlier release removed is found by their number alone, or by what `people list --numbers` shows for a"
        " browser."
    )


async def _forgotten(desk: Workplace, word: str) -> list[Known]:
    """The removed person of this number, or sign-in, in whose place a hash is kept; nobody where there is none."""
    names = {word, f"{TELEGRAM}:{word}", f"{WEB}:{word}"} if word else set[str]()
    rows = [await desk.store.recall(name) for name in sorted(names)]
    read = [(row[0], read_account(row[0].access)) for row in rows if row is not None]
    known = [Known(record, account) for record, account in read if account is not None]
    return [each for each in known if each.is_forgotten]


async def unseen(desk: Workplace) -> frozenset[str]:
    """The numbers of first administrators whom the store does not know: those who count, since nobody has removed them."""
    first = desk.settings.first_administrators
    return frozenset([PersonId.read(each).name for each in first if not await was_admitted(desk.store, each)])


async def was_admitted(store: Store, person: str) -> bool:
    """Whether somebody has a standing, were it that they were removed, or one that does not open."""
    try:
        found = await store.recall(person)
    except DamagedValue:
        return True
    return found is not None and bool(found[0].access)
