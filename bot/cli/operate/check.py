"""`seraf-bot check`: the state of everything that the bot needs, with advice if it is not in order."""

import asyncio
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain
from pathlib import Path
from typing import Annotated

from typer import Exit, Option, echo

from bot.channels.telegram.connecting import answered_as, route_of
from bot.channels.web.entrance import client_of, fetching_of
from bot.channels.web.site import site_of
from bot.cli.operate.check_store import (
    Finding,
    Verdict,
    first_faults,
    in_store,
    is_not_writable,
    look,
    privacy,
    unwritable,
    wrong,
)
from bot.cli.terminal import ENV, LONGEST, day, demand_private, many, print_table, visible
from bot.crypto.keys import key_place, load_keys
from bot.operations.backup.service import LATE, newest_file, of_the_store
from bot.operations.readiness import is_there, left_of_store, lost
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import NotReached, SettingsFault
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings, setting_names, settings_and_faults
from bot.runtime.single_instance import is_running
from bot.runtime.web_settings import Serves, split_bind
from bot.sign_in.provider import Provider, ProviderFault
from bot.watch.vitals import last_practice
from seraf.errors import SerafError

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)  # an earlier time on the clock is wrong
GONE = {"SERAF_ADMITTED": "is no longer read: use SERAF_ADMINS and `seraf-bot people invite`"}  # of earlier releases
MOST = 50  # maximum number of findings of one verdict that are printed; the rest are counted
MB = 1_000_000
FULL, TIGHT = 50 * MB, 500 * MB  # free bytes below which a disk counts as full, and below which a person should look
REWRITTEN = 3  # free space needed to rewrite and back up the store, as a multiple of its size
PRACTISED = timedelta(days=8)  # longest time since a trial restore, which should run every week


def check(as_json: Annotated[bool, Option("--json", help="The same in JSON, for a monitor.")] = False) -> None:
    """Check settings, pack, keys, store, audit, backups, disk, Telegram, clock and file modes. Nothing is changed.

    Exit status 1 if anything is wrong.
    """
    findings = [*_findings(), *look("clock", _clock)]
    is_wrong = any(finding.order is Verdict.NO for finding in findings)
    printed, counts = list[Finding](), Counter[Verdict]()
    for finding in findings:
        counts[finding.order] += 1
        if counts[finding.order] <= MOST:
            printed.append(finding)
    for order, count in counts.items():
        if count > MOST:
            printed.append(Finding("more", order, f"… and {count - MOST} more"))
    if as_json:
        values = {"in_order": not is_wrong, "findings": [asdict(finding) for finding in printed]}
        echo(json.dumps(values, indent=2))
    else:
        lines = (visible(finding.found[:LONGEST]).replace("\n", "\\n").replace("\t", "\\t") for finding in printed)
        rows = ((finding.about, finding.order, line) for finding, line in zip(printed, lines, strict=True))
        print_table(("What", "In order", "Found, or what to do"), rows, is_boxed=True)
    if is_wrong:
        raise Exit(1)


def _findings() -> Iterator[Finding]:
    try:
        settings, faults = settings_and_faults()
    except SettingsFault as fault:
        yield from _env()
        yield Finding("settings", Verdict.NO, str(fault))
        return
    try:
        instrument = load_pack(settings.pack).instrument
    except SerafError as fault:
        yield from wrong("pack", str(fault))
    else:
        due, text = instrument.edition.review_due, f"{instrument.edition.board}, {len(instrument.items)} items"
        if due < SystemClock().now().date():
            old = f"its guidance was to be revised in {due:%B %Y}. Ask the board whether there is a newer one"
            yield Finding("pack", Verdict.LOOK, f"{text}; {old}")
        else:
            yield Finding("pack", Verdict.YES, f"{text}, to be revised in {due:%B %Y}")
    yield from _env()
    yield from (Finding("settings", Verdict.NO, line) for line in faults)
    if not any(line.startswith("SERAF_TELEGRAM_TOKEN:") for line in faults):
        if settings.are_pages_alone:
            yield Finding("settings", Verdict.YES, "no token: people come with a browser alone")
        elif settings.telegram_token is None and settings.web_address:
            text = "no token: guests come with a browser, and nobody can open a room, since trainers do so in Telegram"
            yield Finding("settings", Verdict.LOOK, text)
        elif settings.telegram_token is None:
            advice = "`run` needs it. Get one from Telegram's @BotFather"
            yield Finding("settings", Verdict.NO, f"SERAF_TELEGRAM_TOKEN is not set; {advice}")
        else:
            way = f"Bot API at {settings.telegram_api}{', through a proxy' if settings.https_proxy else ''}"
            first = many(len(settings.admins), "first administrator")
            yield Finding("settings", Verdict.YES, f"token set, {first}, {way}")
    if not settings.web_address and ip_address(split_bind(settings.web_bind)[0]).is_unspecified:
        advice = "pages are refused under every name. Set it to what people type, such as https://seraf.example.org"
        yield Finding("settings", Verdict.NO, f"SERAF_WEB_ADDRESS is not set, and SERAF_WEB_BIND is no name: {advice}")
    if not settings.notes:
        notes = Finding("notes", Verdict.YES, "off: nothing that is typed is kept")
    else:
        terms = f"{settings.unfinished_days} days after the last tap, {settings.finished_days} after the result"
        where = (
            "pages: short notes are kept from pages alone" if settings.notes == "pages" else "on: short notes are kept"
        )
        text = f"SERAF_NOTES is {where} with their case, {terms}. Is it in your DPIA?"
        notes = Finding("notes", Verdict.LOOK, text)
    names, now = {line.partition(":")[0] for line in faults}, SystemClock().now()
    before_store = chain([notes], _keys(settings), _files(settings), _room(settings), _services(settings))
    for finding in chain(before_store, in_store(settings, now), _backups(settings, now), _left_over(settings)):
        # A setting that is wrong is not reported as missing too.
        if finding.order is not Verdict.LOOK or not any(name in finding.found for name in names):
            yield finding


def _env() -> Iterator[Finding]:
    yield from privacy(".env", ENV, mode="600", absent="none here; settings come from the environment")
    try:
        text = ENV.read_text(encoding="utf-8") if ENV.exists() else ""
    except (OSError, UnicodeDecodeError):
        text = ""  # reported with the settings
    given, known = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE), set(setting_names())
    for where, names in ((str(ENV), given), ("the environment", os.environ)):
        for name in sorted({name.upper() for name in names} - known):
            if name.startswith("SERAF_"):
                advice = GONE.get(name, "is not a setting of this bot, and is ignored")
                yield Finding("unknown setting", Verdict.LOOK, f"{name}, in {where}, {advice}")


def _keys(settings: Settings) -> Iterator[Finding]:
    place = key_place(settings)

    def loaded() -> str:
        if load_keys(place).following is not None:
            raise SettingsFault(
                f"A rotation was cut short: {place} holds two sets of keys. Finish it: seraf-bot keys rotate"
            )
        return f"{place}, mode 0600" if isinstance(place, Path) else f"read {place}"

    yield from look("key file", loaded)
    if not isinstance(place, Path):
        return
    folder, about = place.resolve().parent, "key file apart"
    sealed = {
        settings.store.path.resolve().parent: settings.store.path,
        settings.backup_folder.resolve(): settings.backup_folder,
    }
    neighbour = next((path for parent, path in sealed.items() if folder.is_relative_to(parent)), None)
    if neighbour is None:
        yield Finding(about, Verdict.YES, "not in the folder of the store or of the backups")
    else:
        advice = (
            "whoever copies that folder has both. Stop the bot, move the key file to a folder of its own"
            " (mv -n: it writes over nothing), name its place in SERAF_KEY_FILE, and start the bot"
        )
        yield Finding(about, Verdict.LOOK, f"{place} lies with {neighbour}: {advice}")


def _files(settings: Settings) -> Iterator[Finding]:
    """Yield findings on the store's file modes and on who can write it. Call this before opening it corrects the mode."""
    store, folder, left = settings.store.path, settings.backup_folder, left_of_store(settings)
    advice = "not there yet; `run` or `people invite` makes it"
    if settings.store.address:
        yield Finding("store file", Verdict.YES, f"none: the store is in PostgreSQL, at {settings.store}")
    elif left is None:
        yield from privacy("store file", store, mode="600", absent=f"{store}: {advice}")
    else:
        yield Finding("store file", Verdict.NO, str(lost(settings, left)))
        advice = "not there; a restore makes it"
    yield from privacy("store folder", store.parent, mode="700", absent=f"{store.parent}: {advice}")
    runs = "runs" if is_running(store) else "does not run"
    yield Finding("bot", Verdict.YES, f"the bot {runs} with this store now")
    closed = unwritable(store)
    for path in closed:
        advice = f"Give the bot's account {store.parent}, and each file in it whose name begins with {store.name}"
        fault = f"{path} cannot be written by this account. {advice}, to read and to write"
        yield Finding("may write", Verdict.NO, fault)
    if is_not_writable(folder):
        fault = f"{folder} cannot be written by this account, so no backup can be made"
        yield Finding("may write", Verdict.NO, f"{fault}. Give the bot's account that folder")
    elif not closed:
        yield Finding("may write", Verdict.YES, "this account can write the store and the backups")


def _room(settings: Settings) -> Iterator[Finding]:
    folders = (path.absolute() for path in (settings.store.path.parent, settings.backup_folder))
    places = dict.fromkeys(next(above for above in (path, *path.parents) if above.exists()) for path in folders)
    disks = {place.stat().st_dev: place for place in reversed(places)}
    size = settings.store.path.stat().st_size if settings.store.path.is_file() else 0
    for place in reversed(disks.values()):
        free, needed = shutil.disk_usage(place).free, max(FULL, REWRITTEN * size)
        text = f"{free // MB:,} MB free under {place}"
        if free < needed:
            yield Finding("disk space", Verdict.NO, f"{text}, and {needed // MB:,} are needed: make room on this disk")
        else:
            yield Finding("disk space", Verdict.LOOK if free < TIGHT else Verdict.YES, text)


def _services(settings: Settings) -> Iterator[Finding]:
    """Yield findings on Telegram, which does not fail the check if it cannot be reached, and on the organisation's sign-in."""
    if settings.telegram_token is not None:
        try:
            name = asyncio.run(answered_as(settings.telegram_token.get_secret_value(), route_of(settings)))
        except SettingsFault as fault:
            yield Finding("Telegram", Verdict.NO, str(fault))
        except NotReached as fault:
            yield Finding("Telegram", Verdict.LOOK, f"not reached: {fault}")
        else:
            yield Finding("Telegram", Verdict.YES, f"answers, and knows the bot as @{name}")
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
    folder = settings.backup_folder
    if not settings.backup_recipients:
        yield Finding("backup recipients", Verdict.LOOK, "SERAF_BACKUP_RECIPIENTS is not set: no backup can be made")
    if folder.exists():
        yield from privacy("backup folder", folder, mode="700", absent="")
    files = sorted(folder.glob("*.age")) if folder.is_dir() else []
    faults = []
    for path in files:
        try:
            demand_private(path, mode="600")
        except SettingsFault as error:
            faults.append(str(error))
    if faults:
        yield from wrong("backup files", *first_faults(faults, f" more are open to others in {folder}"))
    elif files:
        yield Finding("backup files", Verdict.YES, f"{many(len(files), 'backup')}, open to nobody else")
    times = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in of_the_store(files)]
    if not times:
        if is_there(settings.store):
            yield Finding("newest backup", Verdict.LOOK, f"none in {folder}: seraf-bot backup create")
        return
    newest, oldest = now - max(times), now - min(times)
    order = Verdict.LOOK if newest > LATE else Verdict.YES
    yield Finding("newest backup", order, f"{many(newest // timedelta(hours=1), 'hour')} old, in {folder}")
    # The oldest backup should hold nothing that is past its retention time here.
    term = timedelta(days=max(settings.unfinished_days, settings.finished_days))
    until = "erased assessments stay readable in them until the backups are deleted or the keys rotated"
    order = Verdict.LOOK if oldest > term else Verdict.YES
    yield Finding("oldest backup", order, f"{many(len(times), 'backup')}, the oldest of {day(min(times))}: {until}")
    practice = last_practice(settings.store.path)
    if practice is None:
        yield Finding("practice", Verdict.LOOK, "no backup was restored for practice yet: seraf-bot backup practise")
    elif practice.found:
        fault = f"{practice.backup} was not whole on {day(practice.at)}: {practice.found}"
        yield Finding("practice", Verdict.NO, fault)
    else:
        order = Verdict.LOOK if now - practice.at > PRACTISED else Verdict.YES
        text = f"{practice.backup} was restored for practice on {day(practice.at)}, and was whole"
        yield Finding("practice", order, text)


def _left_over(settings: Settings) -> Iterator[Finding]:
    store, key_file, about = settings.store.path, settings.key_file, "left over"
    for path in sorted(store.parent.glob("*.schema-*")):
        if re.fullmatch(re.escape(store.name) + r"\.schema-\d+", path.name):
            text = f"{path}: the store as it was before an upgrade that did not end. Delete it once the bot runs well"
            yield Finding(about, Verdict.LOOK, text)
    names = "|".join((*map(re.escape, (store.name, newest_file(store).name, key_file.name)), r".+\.age"))
    temporary = re.compile(rf"\.({names})\.([0-9a-f]{{8}}|new)")
    folders = {store.parent, key_file.parent, settings.backup_folder}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob(".*")):
        if temporary.fullmatch(path.name):
            text = f"{path}: left by a program that was cut short. Delete it, unless the bot or a command is writing it now"
            yield Finding(about, Verdict.LOOK, text)


def _clock() -> str:
    now = SystemClock().now()
    if now < RELEASED:
        raise SettingsFault(f"the clock says {now:%d %B %Y}, which cannot be: set the clock of this machine")
    return f"{now:%d %B %Y %H:%M} UTC, {local_time(now).at:%H:%M} in London"
