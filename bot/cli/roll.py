"""Who is in the store: everybody who was ever admitted, how one of them is found by what an administrator typed, and the list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from rich.table import Table

from bot.access import Access, Removed, Terms, read_access, standing_of
from bot.cli.opening import Desk
from bot.clock import LONDON
from bot.errors import SettingsFault
from bot.storage.values import Record

CHANNEL = "telegram:"
NEVER = "not yet"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who was admitted once, with all that is kept of them."""

    record: Record
    access: Access | Removed

    @property
    def number(self) -> str:
        """Their Telegram number."""
        return self.record.person.removeprefix(CHANNEL)

    @property
    def name(self) -> str:
        """What they are called here: the id of the list, or that they were removed, since the id went with that."""
        return self.access.who if isinstance(self.access, Access) else "a removed person"

    def is_called(self, word: str) -> bool:
        """Whether this word means them: the id of the list, their Telegram number, or the number after `telegram:`."""
        who = self.access.who if isinstance(self.access, Access) else ""
        return word in (who, self.number, self.record.person) and word != ""


async def roll(desk: Desk) -> tuple[Known, ...]:
    """Everybody who was ever admitted, the latest active first."""
    read = [(record, read_access(record.access)) for record, _ in await desk.store.everyone()]
    return tuple(Known(record, access) for record, access in read if access is not None)


async def find(desk: Desk, word: str) -> Known:
    """The one person whom a word means. `SettingsFault` when it means nobody or two, with what to do."""
    everybody, called = await roll(desk), word.strip().lower()
    found = [known for known in everybody if known.is_called(called)]
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsFault(
            f"{called} is one person's id and another's Telegram number. For the number: {CHANNEL}{called}"
        )
    if called in unseen(desk, everybody):
        raise SettingsFault(
            f"{called} is a first administrator whom the bot has not seen yet. To keep them out, take the number out of"
            " SERAF_ADMINS and start the bot again."
        )
    raise SettingsFault(
        f"Nobody here is called {called!r}. Give the id of eight signs from `seraf-bot people list`, or the Telegram number."
        " Somebody who was removed is found by their number alone."
    )


def unseen(desk: Desk, everybody: Iterable[Known]) -> frozenset[str]:
    """The numbers of first administrators who have no row: those who count, since nobody has removed them."""
    return frozenset(map(str, desk.settings.admins)) - {known.number for known in everybody}


def listed(everybody: tuple[Known, ...], now: datetime, terms: Terms, *, has_numbers: bool) -> Table:
    """The list, those who were removed at its end. Telegram numbers only where they were asked for."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Id", no_wrap=True)
    for name in ("Role", "Name", "Standing", "Admitted until", "Last active", "Held"):
        table.add_column(name)
    if has_numbers:
        table.add_column("Telegram", no_wrap=True)
    for known in sorted(everybody, key=lambda each: isinstance(each.access, Removed)):
        table.add_row(*_cells(known, now, terms), *([known.number] if has_numbers else []))
    return table


def _cells(known: Known, now: datetime, terms: Terms) -> Iterator[str]:
    held = "yes" if known.access.held else "no"
    match known.access:
        case Removed(at=at):
            yield from ("", "", "", f"removed {_short(at)}", "", "", held)
        case Access() as access:
            yield from (access.who, str(access.role), access.name, str(standing_of(access, now, terms)))
            active = known.record.active
            yield from (_short(access.until), f"{_short(active)} {_hour(active)}" if active else NEVER, held)
        case _:
            assert_never(known.access)


def _short(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y}"


def _hour(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"
