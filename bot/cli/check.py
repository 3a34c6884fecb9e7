"""`seraf-bot check`: whether everything that the bot needs is in order, and what to do where it is not."""

import asyncio
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock, local_time
from bot.errors import SerafError, SettingsFault
from bot.keys import load_key_file
from bot.packs import load_pack
from bot.settings import PREFIX, Settings, load_pack_settings, load_settings
from bot.storage.sqlite import open_sqlite

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""Earlier than this no clock can be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was looked at, whether it is in order, and what was found or is to be done."""

    about: str
    is_good: bool
    found: str


def check() -> None:
    """Look at settings, pack, store, key file, clock and file modes. Exit status 1 when anything is wrong."""
    findings = [*_look("pack", _pack), *_settings(), *_look("clock", _clock)]
    table = Table("What", "In order", "Found, or what to do")
    for finding in findings:
        table.add_row(finding.about, "yes" if finding.is_good else "NO", finding.found)
    Console(highlight=False, markup=False, emoji=False).print(table)
    if not all(finding.is_good for finding in findings):
        raise typer.Exit(1)


def _look(about: str, looking: Callable[[], str]) -> Iterator[Finding]:
    """One finding where all is well, one for each line of the fault where it is not."""
    try:
        yield Finding(about, True, looking())
    except SerafError as fault:
        yield from (Finding(about, False, line) for line in str(fault).splitlines())


def _settings() -> Iterator[Finding]:
    try:
        settings = load_settings()
    except SettingsFault as fault:
        yield from (Finding("settings", False, line) for line in str(fault).splitlines())
        return
    yield from _look("settings", lambda: _described(settings))
    yield from _look(".env", lambda: _private(Path(".env"), "chmod 600 .env"))
    yield from _look("key file", lambda: _key_file(settings))
    yield from _look("store", lambda: _store(settings))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(each for each in os.environ if each.startswith(PREFIX) and each not in known):
        yield Finding("settings", True, f"{name} is in the environment, but is no setting here; it is not used")


def _described(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise SettingsFault(f"{PREFIX}TELEGRAM_TOKEN is not set; `run` needs it. Get one from Telegram's @BotFather")
    if not settings.admitted:
        raise SettingsFault(f"{PREFIX}ADMITTED is empty: nobody may use the bot. Put numeric Telegram ids in it")
    return f"token set, {len(settings.admitted)} admitted, Bot API at {settings.telegram_api}"


def _private(path: Path, mend: str) -> str:
    if not path.exists():
        return "none here; settings come from the environment"
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingsFault(f"{path} is open to others (mode {mode:04o}). Close it with: {mend}")
    return f"mode {mode:04o}"


def _pack() -> str:
    pack = load_pack(load_pack_settings().pack)
    due = pack.instrument.review_due
    return f"{pack.instrument.board}, {len(pack.instrument.items)} items, to be revised {due:%B %Y}"


def _key_file(settings: Settings) -> str:
    load_key_file(settings.key_file)
    return f"{settings.key_file}, mode 0600"


def _store(settings: Settings) -> str:
    """Look at the store without making one."""
    if not settings.store.exists():
        return f"{settings.store}: not there yet; `run` makes it"
    keys = load_key_file(settings.key_file)

    async def look() -> None:
        store = await open_sqlite(settings.store, keys)
        await store.close()

    asyncio.run(look())
    return _private(settings.store, f"chmod 600 {settings.store}")


def _clock() -> str:
    now = SystemClock().now()
    if now < RELEASED:
        raise SettingsFault(f"the clock says {now:%d %B %Y}, which cannot be: set the clock of this machine")
    return f"{now:%d %B %Y %H:%M} UTC, {local_time(now).at:%H:%M} in London"
