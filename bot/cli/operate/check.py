"""`seraf-bot check`: whether everything that the bot needs is in order, and what to do where it is not."""

import asyncio
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.channels.telegram.connecting import answered_as
from bot.channels.telegram.serving import route_of
from bot.channels.web.entrance import client_of, fetching_of
from bot.channels.web.site import site_of
from bot.cli.files import ENV, demand_private
from bot.cli.operate.check_store import (
    MOST_FAULTS,
    Finding,
    Verdict,
    in_store,
    is_not_writable,
    look,
    privacy,
    unwritable,
)
from bot.cli.terminal import LONGEST, day, in_one_line, many, print_table
from bot.crypto.keys import key_place, load_keys
from bot.operations.backup.folder import LATE, newest_file, of_the_store
from bot.operations.readiness import left_of_store, lost
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import NotReached, SerafError, SettingsFault
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings, setting_names, settings_and_faults
from bot.runtime.single_instance import is_running
from bot.runtime.starting import PREFIX
from bot.runtime.web_settings import Serves
from bot.sign_in.provider import Provider, ProviderFault
from bot.watch.vitals import last_practice

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""Earlier than this no clock can be right."""

GONE = {"SERAF_ADMITTED": "is no longer read: use SERAF_ADMINS and `seraf-bot people invite`"}
"""Settings of earlier releases, and what replaces them."""

GIVEN = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=", re.MULTILINE)
"""A name in the settings file."""

MOST = 50
"""Findings of one verdict that are printed; the rest are counted."""

MB = 1_000_000

FULL, TIGHT = 50 * MB, 500 * MB
"""Bytes free below which a disk is as good as full, and below which somebody should look."""

REWRITTEN = 3
"""Times the size of the store that it may take to rewrite it and to back it up."""

PRACTISED = timedelta(days=8)
"""Backups are restored for practice every week."""


def check(as_json: Annotated[bool, typer.Option("--json", help="The same in JSON, for a monitor.")] = False) -> None:
    """Look at settings, pack, keys, store, audit, backups, disk, Telegram, clock and file modes; nothing is changed.

    Exit status 1 when anything is wrong.
    """
    findings = [*_findings(), *look("clock", _clock)]
    is_wrong = any(finding.order is Verdict.NO for finding in findings)
    printed = list(_at_most(findings))
    if as_json:
        typer.echo(json.dumps({"in_order": not is_wrong, "findings": [asdict(each) for each in printed]}, indent=2))
    else:
        rows = ((each.about, each.order, in_one_line(each.found[:LONGEST])) for each in printed)
        print_table(("What", "In order", "Found, or what to do"), rows, is_boxed=True)
    if is_wrong:
        raise typer.Exit(1)


def _at_most(findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings, of each verdict no more than can be read."""
    counts = Counter[Verdict]()
    for each in findings:
        counts[each.order] += 1
        if counts[each.order] <= MOST:
            yield each
    for order, count in counts.items():
        if count > MOST:
            yield Finding("more", order, f"… and {count - MOST} more")


def _findings() -> Iterator[Finding]:
    try:
        settings, faults = settings_and_faults()
    except SettingsFault as fault:
        yield from _env()
        yield Finding("settings", Verdict.NO, str(fault))
        return
    yield from _pack(settings)
    yield from _env()
    yield from (Finding("settings", Verdict.NO, line) for line in faults)
    if not any(line.startswith(f"{PREFIX}TELEGRAM_TOKEN:") for line in faults):
        yield from look("settings", lambda: _described(settings))
    wrong = {line.partition(":")[0] for line in faults}
    for finding in _in_place(settings, SystemClock().now()):
        if finding.order is not Verdict.LOOK or not any(name in finding.found for name in wrong):
            yield finding  # a setting that is wrong is not reported as missing too


def _in_place(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield the findings about what the settings name: keys, store, disk, Telegram, backups."""
    yield _notes(settings)
    yield from look("key file", lambda: _key_file(settings))
    yield from _apart(settings)
    yield from _files(settings)
    yield from _may_write(settings)
    yield from _room(settings)
    yield from _telegram(settings)
    yield from _sign_in(settings)
    yield from in_store(settings, now)
    yield from _backups(settings, now)
    yield from _left_over(settings)


def _env() -> Iterator[Finding]:
    """Yield whether the settings file is private, and names like those of settings that are none, there or in the environment."""
    yield from privacy(".env", ENV, mode="600", absent="none here; settings come from the environment")
    try:
        text = ENV.read_text(encoding="utf-8") if ENV.exists() else ""
    except (OSError, UnicodeDecodeError):
        text = ""  # reported with the settings
    known = set(setting_names())
    for where, names in ((str(ENV), GIVEN.findall(text)), ("the environment", os.environ)):
        for name in sorted({each.upper() for each in names} - known):
            if name.startswith(PREFIX):
                said = GONE.get(name, "is not a setting of this bot, and is ignored")
                yield Finding("unknown setting", Verdict.LOOK, f"{name}, in {where}, {said}")


def _described(settings: Settings) -> str:
    if settings.are_pages_alone:
        return "no token: people come with a browser alone"
    if settings.telegram_token is None:
        raise SettingsFault(f"{PREFIX}TELEGRAM_TOKEN is not set; `run` needs it. Get one from Telegram's @BotFather")
    way = ", through a proxy" if settings.https_proxy else ""
    return f"token set, {many(len(settings.admins), 'first administrator')}, Bot API at {settings.telegram_api}{way}"


def _notes(settings: Settings) -> Finding:
    """Return whether notes are taken, which is for a person to judge, and for how long they are kept."""
    if not settings.notes:
        return Finding("notes", Verdict.YES, "off: nothing that is typed is kept")
    terms = f"{settings.unfinished_days} days after the last tap, {settings.finished_days} after the result"
    said = f"{PREFIX}NOTES is on: short notes are kept with their case, {terms}. Is it in your DPIA?"
    return Finding("notes", Verdict.LOOK, said)


def _pack(settings: Settings) -> Iterator[Finding]:
    """Yield the pack, and whether its guidance is still current: a person has to judge one that is past its day."""
    try:
        instrument = load_pack(settings.pack).instrument
    except SerafError as fault:
        yield from (Finding("pack", Verdict.NO, line) for line in str(fault).splitlines())
        return
    due, today = instrument.edition.review_due, SystemClock().now().date()
    said = f"{instrument.edition.board}, {len(instrument.items)} items"
    if due < today:
        old = f"its guidance was to be revised in {due:%B %Y}. Ask the board whether there is a newer one"
        yield Finding("pack", Verdict.LOOK, f"{said}; {old}")
    else:
        yield Finding("pack", Verdict.YES, f"{said}, to be revised in {due:%B %Y}")


def _key_file(settings: Settings) -> str:
    place = key_place(settings)
    if load_keys(place).following is not None:
        raise SettingsFault(
            f"A rotation was cut short: {place} holds two sets of keys. Finish it: seraf-bot keys rotate"
        )
    return f"{place}, mode 0600" if isinstance(place, Path) else f"read {place}"


def _apart(settings: Settings) -> Iterator[Finding]:
    """Yield whether the keys lie apart from what they seal: a copy of one folder must not hold both."""
    place = key_place(settings)
    if not isinstance(place, Path):
        return
    about, folder = "key file apart", place.resolve().parent
    sealed = {settings.store.resolve().parent: settings.store, settings.backup_folder.resolve(): settings.backup_folder}
    sealed_there = next((what for where, what in sealed.items() if folder.is_relative_to(where)), None)
    if sealed_there is None:
        yield Finding(about, Verdict.YES, "not in the folder of the store or of the backups")
        return
    yield Finding(
        about,
        Verdict.LOOK,
        f"{place} lies with {sealed_there}: whoever copies that folder has both. Stop the bot, move the key file to a folder of its own"
        " (mv -n: it writes over nothing), name its place in SERAF_KEY_FILE, and start the bot",
    )


def _files(settings: Settings) -> Iterator[Finding]:
    """Yield the modes on the disk; opening the store would close an open file, so this comes first."""
    store, left = settings.store, left_of_store(settings)
    made = "not there yet; `run` or `people invite` makes it"
    if left is None:
        yield from privacy("store file", store, mode="600", absent=f"{store}: {made}")
    else:
        yield Finding("store file", Verdict.NO, str(lost(settings, left)))
        made = "not there; a restore makes it"
    yield from privacy("store folder", store.parent, mode="700", absent=f"{store.parent}: {made}")
    runs = "runs" if is_running(store) else "does not run"
    yield Finding("bot", Verdict.YES, f"the bot {runs} with this store now")


def _may_write(settings: Settings) -> Iterator[Finding]:
    """Yield whether this account can write what the bot writes."""
    store, folder, closed = settings.store, settings.backup_folder, unwritable(settings.store)
    for path in closed:
        advice = f"Give the bot's account {store.parent}, and each file in it whose name begins with {store.name}"
        said = f"{path} cannot be written by this account. {advice}, to read and to write"
        yield Finding("may write", Verdict.NO, said)
    if is_not_writable(folder):
        advice = "Give the bot's account that folder"
        said = f"{folder} cannot be written by this account, so no backup can be made. {advice}"
        yield Finding("may write", Verdict.NO, said)
    elif not closed:
        yield Finding("may write", Verdict.YES, "this account can write the store and the backups")


def _room(settings: Settings) -> Iterator[Finding]:
    """Yield how much room there is under the store, and under the backups if that is another disk."""
    folders = (path.absolute() for path in (settings.store.parent, settings.backup_folder))
    places = dict.fromkeys(next(each for each in (path, *path.parents) if each.exists()) for path in folders)
    disks = {place.stat().st_dev: place for place in reversed(places)}
    size = settings.store.stat().st_size if settings.store.is_file() else 0
    for place in reversed(disks.values()):
        free, needed = shutil.disk_usage(place).free, max(FULL, REWRITTEN * size)
        said = f"{free // MB:,} MB free under {place}"
        if free < needed:
            yield Finding("disk space", Verdict.NO, f"{said}, and {needed // MB:,} are needed: make room on this disk")
        else:
            yield Finding("disk space", Verdict.LOOK if free < TIGHT else Verdict.YES, said)


def _telegram(settings: Settings) -> Iterator[Finding]:
    """Yield what Telegram answers to the token now. No answer is for a person to judge; a refused token is wrong."""
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


def _sign_in(settings: Settings) -> Iterator[Finding]:
    """Yield whether the organisation's sign-in answers as it should; where it does not, nobody can come in by a browser."""
    if settings.web is not Serves.CASES:
        return

    async def ask() -> None:
        async with fetching_of(settings) as fetching:
            await Provider(settings.oidc_issuer, fetching, SystemClock()).facts()

    try:
        client_of(settings, site_of(settings))
        asyncio.run(ask())
    except SettingsFault as fault:
        yield Finding("sign-in", Verdict.NO, str(fault))
    except ProviderFault as fault:
        yield Finding("sign-in", Verdict.NO, f"nobody can sign in: {fault}")
    else:
        yield Finding("sign-in", Verdict.YES, "the organisation's sign-in answers, and calls itself as set")


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield whether backups can be made, who may read them, and how long erased assessments stay readable in them."""
    folder = settings.backup_folder
    if not settings.backup_recipients:
        yield Finding("backup recipients", Verdict.LOOK, f"{PREFIX}BACKUP_RECIPIENTS is not set: no backup can be made")
    if folder.exists():
        yield from privacy("backup folder", folder, mode="700", absent="")
    files = sorted(folder.glob("*.age")) if folder.is_dir() else []
    if files:
        yield from look("backup files", lambda: _private(files))
    if whole := of_the_store(files):
        yield from _ages(settings, [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in whole], now=now)
        yield _practice(settings, now)
    elif settings.store.exists():
        yield Finding("newest backup", Verdict.LOOK, f"none in {folder}: seraf-bot backup create")


def _practice(settings: Settings, now: datetime) -> Finding:
    """Return whether the newest backup was restored for practice lately, and was whole."""
    practice = last_practice(settings.store)
    if practice is None:
        return Finding("practice", Verdict.LOOK, "no backup was restored for practice yet: seraf-bot backup practise")
    if practice.found:
        said = f"{practice.backup} was not whole on {day(practice.at)}: {practice.found}"
        return Finding("practice", Verdict.NO, said)
    order = Verdict.LOOK if now - practice.at > PRACTISED else Verdict.YES
    said = f"{practice.backup} was restored for practice on {day(practice.at)}, and was whole"
    return Finding("practice", order, said)


def _private(files: list[Path]) -> str:
    """Return that only its owner can read each file; raise `SettingsFault` with some that others can read."""
    faults = []
    for path in files:
        try:
            demand_private(path, mode="600")
        except SettingsFault as fault:
            faults.append(str(fault))
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"{len(faults) - MOST_FAULTS} more are open to others in {files[0].parent}"]
    if faults:
        raise SettingsFault("\n".join(faults))
    return f"{many(len(files), 'backup')}, open to nobody else"


def _ages(settings: Settings, times: list[datetime], *, now: datetime) -> Iterator[Finding]:
    """Yield the ages of the newest and the oldest. In the oldest nothing should be left that is past its term here."""
    newest, oldest = now - max(times), now - min(times)
    hours = many(newest // timedelta(hours=1), "hour")
    order = Verdict.LOOK if newest > LATE else Verdict.YES
    yield Finding("newest backup", order, f"{hours} old, in {settings.backup_folder}")
    term = timedelta(days=max(settings.unfinished_days, settings.finished_days))
    until = "erased assessments stay readable in them until the backups are deleted or the keys rotated"
    order = Verdict.LOOK if oldest > term else Verdict.YES
    yield Finding("oldest backup", order, f"{many(len(times), 'backup')}, the oldest of {day(min(times))}: {until}")


def _left_over(settings: Settings) -> Iterator[Finding]:
    """Yield the files that a command was writing when it was killed."""
    store, key_file, about = settings.store, settings.key_file, "left over"
    for path in sorted(store.parent.glob("*.schema-*")):
        if re.fullmatch(re.escape(store.name) + r"\.schema-\d+", path.name):
            said = f"{path}: the store as it was before an upgrade that did not end. Delete it once the bot runs well"
            yield Finding(about, Verdict.LOOK, said)
    ours = "|".join((*map(re.escape, (store.name, newest_file(store).name, key_file.name)), r".+\.age"))
    temporary = re.compile(rf"\.({ours})\.([0-9a-f]{{8}}|new)")  # the name of a private file while it is written
    folders = {store.parent, key_file.parent, settings.backup_folder}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob(".*")):
        if temporary.fullmatch(path.name):
            said = f"{path}: left by a program that was cut short. Delete it, unless the bot or a command is writing it now"
            yield Finding(about, Verdict.LOOK, said)


def _clock() -> str:
    now = SystemClock().now()
    if now < RELEASED:
        raise SettingsFault(f"the clock says {now:%d %B %Y}, which cannot be: set the clock of this machine")
    return f"{now:%d %B %Y %H:%M} UTC, {local_time(now).at:%H:%M} in London"
