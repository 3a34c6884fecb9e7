"""What `check` sees around the store: what may be written, how much room its disk has, and what Telegram answers."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.channels.telegram.connecting import answered_as
from bot.cli.frame.findings import Finding, Verdict
from bot.runtime.errors import NotReached, SettingsFault
from bot.runtime.settings import Settings
from bot.runtime.single_instance import lock_file
from bot.storage.sqlite.database_file import traces
from bot.storage.sqlite.write_ahead import log_lock_file
from bot.wiring import route_of

MB = 1_000_000

FULL, TIGHT = 50 * MB, 500 * MB
"""Bytes free below which a disk is as good as full, and below which somebody should look."""

ANEW = 3
"""Times the size of the store that it may take to write it anew, and a backup of it."""


def may_write(settings: Settings) -> Iterator[Finding]:
    """Whether this account can write what the bot writes."""
    store, folder = settings.store, settings.backup_folder
    for path in unwritable(store):
        advice = f"Give the bot's account {store.parent}, and each file in it whose name begins with {store.name}"
        yield Finding(
            "may write", Verdict.NO, f"{path} cannot be written by this account. {advice}, to read and to write"
        )
    if _is_closed(folder):
        said = (
            f"{folder} cannot be written by this account, so no backup can be made. Give the bot's account that folder"
        )
        yield Finding("may write", Verdict.NO, said)
    elif not unwritable(store):
        yield Finding("may write", Verdict.YES, "this account can write the store and the backups")


def unwritable(store: Path) -> list[Path]:
    """The store, its folder, and what lies beside it, where this account cannot write it."""
    files = [*traces(store), log_lock_file(store), lock_file(store)]
    closed = [path for path in files if os.path.lexists(path) and not os.access(path, os.R_OK | os.W_OK)]
    return [*([store.parent] if _is_closed(store.parent) else []), *closed]


def room(settings: Settings) -> Iterator[Finding]:
    """How much room there is under the store and under the backups, where that is another disk."""
    places = dict.fromkeys(_existing(path) for path in (settings.store.parent, settings.backup_folder))
    disks = {place.stat().st_dev: place for place in reversed(places)}
    size = settings.store.stat().st_size if settings.store.is_file() else 0
    for place in reversed(disks.values()):
        free, needed = shutil.disk_usage(place).free, max(FULL, ANEW * size)
        said = f"{free // MB:,} MB free under {place}"
        if free < needed:
            yield Finding("disk space", Verdict.NO, f"{said}, and {needed // MB:,} are needed: make room on this disk")
        else:
            yield Finding("disk space", Verdict.LOOK if free < TIGHT else Verdict.YES, said)


def telegram(settings: Settings) -> Iterator[Finding]:
    """What Telegram answers to the token now. No answer is for a person to judge; a token that is refused is wrong."""
    if settings.telegram_token is None:
        return
    try:
        name = asyncio.run(answered_as(settings.telegram_token.get_secret_value(), route_of(settings)))
    except SettingsFault as fault:
        yield Finding("Telegram", Verdict.NO, str(fault))
    except NotReached as fault:
        yield Finding("Telegram", Verdict.LOOK, f"not reached: {fault}")
    else:
        yield Finding("Telegram", Verdict.YES, f"answers, and knows the bot as @{name}")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())


def _is_closed(folder: Path) -> bool:
    """Whether there is such a folder in which this account cannot make a file."""
    return os.path.lexists(folder) and not os.access(folder, os.W_OK | os.X_OK)
