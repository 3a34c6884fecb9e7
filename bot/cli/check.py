"""`seraf-bot check`: whether everything that the bot needs is in order, and what to do where it is not."""

import os
import resource
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import typer
from rich.console import Console
from rich.table import Table

from bot.alone import is_running
from bot.cli.check_store import in_store
from bot.cli.findings import Finding, Order, look, privacy
from bot.cli.opening import ENV
from bot.clock import SystemClock, local_time
from bot.errors import SettingsFault
from bot.keys import load_keys
from bot.packs import load_pack
from bot.settings import PREFIX, Settings, load_pack_settings, load_settings

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""Earlier than this no clock can be right."""

RUNS, RUNS_NOT = "the bot runs with this store now", "the bot does not run with this store now"

OLD = timedelta(days=2)
"""A backup is taken every night; one older than this is worth a look."""


def check() -> None:
    """Look at settings, pack, keys, store, audit, backups, clock and file modes. Exit status 1 when anything is wrong."""
    findings = [*look("pack", _pack), *_settings(), *look("clock", _clock), _core()]
    table = Table("What", "In order", "Found, or what to do")
    for finding in findings:
        table.add_row(finding.about, finding.order, finding.found)
    Console(highlight=False, markup=False, emoji=False).print(table)
    if any(finding.order is Order.NO for finding in findings):
        raise typer.Exit(1)


def _settings() -> Iterator[Finding]:
    yield from privacy(".env", ENV, mode="600", absent="none here; settings come from the environment")
    try:
        settings = load_settings()
    except SettingsFault as fault:
        yield from (Finding("settings", Order.NO, line) for line in str(fault).splitlines())
        return
    yield from look("settings", lambda: _described(settings))
    yield from look("key file", lambda: _key_file(settings))
    yield from _files(settings)
    yield from in_store(settings, SystemClock().now())
    yield from _backups(settings, SystemClock().now())
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(each for each in os.environ if each.startswith(PREFIX) and each not in known):
        yield Finding("settings", Order.LOOK, f"{name} is in the environment, but is no setting here; it is not used")


def _described(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise SettingsFault(f"{PREFIX}TELEGRAM_TOKEN is not set; `run` needs it. Get one from Telegram's @BotFather")
    return f"token set, {len(settings.admins)} first administrators, Bot API at {settings.telegram_api}"


def _pack() -> str:
    pack = load_pack(load_pack_settings().pack)
    due = pack.instrument.review_due
    return f"{pack.instrument.board}, {len(pack.instrument.items)} items, to be revised {due:%B %Y}"


def _key_file(settings: Settings) -> str:
    if load_keys(settings.key_file).following is not None:
        raise SettingsFault(
            f"A change of the keys was cut short: {settings.key_file} holds two sets. Finish it: seraf-bot keys rotate"
        )
    return f"{settings.key_file}, mode 0600"


def _files(settings: Settings) -> Iterator[Finding]:
    """The modes on the disk; opening the store would close an open file, so this comes first."""
    store = settings.store
    yield from privacy("store", store, mode="600", absent=f"{store}: not there yet; `run` makes it")
    yield from privacy("its folder", store.parent, mode="700", absent=f"{store.parent}: not there yet; `run` makes it")
    yield from look("bot", lambda: RUNS if is_running(store) else RUNS_NOT)


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether backups can be made, who may read where they lie, and how old the newest is."""
    folder = settings.backup_folder
    if not settings.backup_recipients:
        yield Finding("backups", Order.LOOK, f"{PREFIX}BACKUP_RECIPIENTS is not set: no backup can be made")
    if folder.exists():
        yield from privacy("backups", folder, mode="700", absent="")
    if not settings.store.exists():
        return
    times = [path.stat().st_mtime for path in folder.glob("*.age")] if folder.is_dir() else []
    if not times:
        yield Finding("backups", Order.LOOK, f"none in {folder}: seraf-bot backup create")
        return
    age = now - datetime.fromtimestamp(max(times), UTC)
    order = Order.LOOK if age > OLD else Order.YES
    yield Finding("backups", order, f"the newest in {folder} is {age // timedelta(hours=1)} hours old")


def _clock() -> str:
    now = SystemClock().now()
    if now < RELEASED:
        raise SettingsFault(f"the clock says {now:%d %B %Y}, which cannot be: set the clock of this machine")
    return f"{now:%d %B %Y %H:%M} UTC, {local_time(now).at:%H:%M} in London"


def _core() -> Finding:
    """What happens to the memory of a program that dies."""
    most, _ = resource.getrlimit(resource.RLIMIT_CORE)
    here = "off here" if most == 0 else "allowed here"
    return Finding("core dumps", Order.YES, f"{here}; `run` sets the limit to 0 for itself")
