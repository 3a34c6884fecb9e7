"""`seraf-bot check`: whether everything that the bot needs is in order, and what to do where it is not."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from bot.cli.frame.findings import Finding, Verdict, look, privacy
from bot.cli.frame.plain import many
from bot.cli.frame.private_files import ENV
from bot.cli.frame.visible import LONGEST, in_one_line
from bot.cli.operate.check_around import may_write, room, telegram
from bot.cli.operate.check_backups import backups, leftovers
from bot.cli.operate.check_sign_in import sign_in
from bot.cli.operate.check_store import in_store
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_keys
from bot.operations.lost_store import left_of_store, lost
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SerafError, SettingsFault
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings, setting_names, settings_and_faults
from bot.runtime.single_instance import is_running
from bot.runtime.starting.unset import PREFIX

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""Earlier than this no clock can be right."""

RUNS, RUNS_NOT = "the bot runs with this store now", "the bot does not run with this store now"

GONE = {"SERAF_ADMITTED": "is no longer read: use SERAF_ADMINS and `seraf-bot people invite`"}
"""Settings of earlier releases, and what is there instead."""

GIVEN = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=", re.MULTILINE)
"""A name in the settings file."""


MOST = 50
"""Findings of one order that are told; the rest are counted."""


def check(as_json: Annotated[bool, typer.Option("--json", help="The same in JSON, for a monitor.")] = False) -> None:
    """Look at settings, pack, keys, store, audit, backups, disk, Telegram, clock and file modes; nothing is changed.

    Exit status 1 when anything is wrong.
    """
    findings = [*_findings(), *look("clock", _clock)]
    is_wrong = any(finding.order is Verdict.NO for finding in findings)
    told = list(_at_most(findings))
    if as_json:
        typer.echo(json.dumps({"in_order": not is_wrong, "findings": [asdict(each) for each in told]}, indent=2))
    else:
        table = Table(Column("What"), Column("In order"), Column("Found, or what to do", overflow="fold"))
        for finding in told:
            table.add_row(finding.about, finding.order, in_one_line(finding.found[:LONGEST]))
        Console(highlight=False, markup=False, emoji=False).print(table)
    if is_wrong:
        raise typer.Exit(1)


def _at_most(findings: list[Finding]) -> Iterator[Finding]:
    """The findings, but of each order no more than can be read."""
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
        yield from _of_env()
        yield Finding("settings", Verdict.NO, str(fault))
        return
    yield from _pack(settings)
    yield from _of_env()
    yield from (Finding("settings", Verdict.NO, line) for line in faults)
    if not any(line.startswith(f"{PREFIX}TELEGRAM_TOKEN:") for line in faults):
        yield from look("settings", lambda: _described(settings))
    wrong = {line.partition(":")[0] for line in faults}
    for finding in _in_place(settings, SystemClock().now()):
        if finding.order is not Verdict.LOOK or not any(name in finding.found for name in wrong):
            yield finding  # what follows from a wrong setting is not told as if it were not given


def _of_env() -> Iterator[Finding]:
    yield from privacy(".env", ENV, mode="600", absent="none here; settings come from the environment")
    yield from _unknown()


def _in_place(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the settings name: keys, store, disk, Telegram, backups."""
    yield Finding("notes", *_notes(settings))
    yield from look("key file", lambda: _key_file(settings))
    yield from _apart(settings)
    yield from _files(settings)
    yield from may_write(settings)
    yield from room(settings)
    yield from telegram(settings)
    yield from sign_in(settings)
    yield from in_store(settings, now)
    yield from backups(settings, now)
    yield from leftovers(settings)


def _unknown() -> Iterator[Finding]:
    """Names that look like settings, in the file or in the environment, and are none."""
    try:
        text = ENV.read_text(encoding="utf-8") if ENV.exists() else ""
    except (OSError, UnicodeDecodeError):
        text = ""  # said with the settings
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


def _notes(settings: Settings) -> tuple[Verdict, str]:
    """Whether notes are taken, which is for a person to judge, and for how long they are kept."""
    if not settings.notes:
        return Verdict.YES, "off: nothing that is typed is kept"
    terms = f"{settings.unfinished_days} days after the last tap, {settings.finished_days} after the result"
    return Verdict.LOOK, f"{PREFIX}NOTES is on: short notes are kept with their case, {terms}. Is it in your DPIA?"


def _pack(settings: Settings) -> Iterator[Finding]:
    """The pack, and whether its guidance is of today: a person has to judge one that is past its day."""
    try:
        instrument = load_pack(settings.pack).instrument
    except SerafError as fault:
        yield from (Finding("pack", Verdict.NO, line) for line in str(fault).splitlines())
        return
    due, today = instrument.review_due, SystemClock().now().date()
    said = f"{instrument.board}, {len(instrument.items)} items"
    if due < today:
        old = f"its guidance was to be revised in {due:%B %Y}. Ask the board whether there is a newer one"
        yield Finding("pack", Verdict.LOOK, f"{said}; {old}")
    else:
        yield Finding("pack", Verdict.YES, f"{said}, to be revised in {due:%B %Y}")


def _key_file(settings: Settings) -> str:
    place = key_place(settings)
    if load_keys(place).following is not None:
        raise SettingsFault(
            f"A change of the keys was cut short: {place} holds two sets. Finish it: seraf-bot keys rotate"
        )
    return f"{place}, mode 0600" if isinstance(place, Path) else f"read {place}"


def _apart(settings: Settings) -> Iterator[Finding]:
    """Whether the keys lie apart from what they seal: a copy of one folder must not hold both."""
    place = key_place(settings)
    if not isinstance(place, Path):
        return
    about, folder = "key file apart", place.resolve().parent
    sealed = {settings.store.resolve().parent: settings.store, settings.backup_folder.resolve(): settings.backup_folder}
    beside = next((what for where, what in sealed.items() if folder.is_relative_to(where)), None)
    if beside is None:
        yield Finding(about, Verdict.YES, "not in the folder of the store or of the backups")
        return
    yield Finding(
        about,
        Verdict.LOOK,
        f"{place} lies with {beside}: whoever copies that folder has both. Stop the bot, move the key file to a folder of its own"
        " (mv -n: it writes over nothing), name its place in SERAF_KEY_FILE, and start the bot",
    )


def _files(settings: Settings) -> Iterator[Finding]:
    """The modes on the disk; opening the store would close an open file, so this comes first."""
    store = settings.store
    left = left_of_store(settings)
    made = "not there yet; `run` or `people invite` makes it"
    if left is None:
        yield from privacy("store file", store, mode="600", absent=f"{store}: {made}")
    else:
        yield Finding("store file", Verdict.NO, str(lost(settings, left)))
        made = "not there; a restore makes it"
    yield from privacy("store folder", store.parent, mode="700", absent=f"{store.parent}: {made}")
    yield from look("bot", lambda: RUNS if is_running(store) else RUNS_NOT)


def _clock() -> str:
    now = SystemClock().now()
    if now < RELEASED:
        raise SettingsFault(f"the clock says {now:%d %B %Y}, which cannot be: set the clock of this machine")
    return f"{now:%d %B %Y %H:%M} UTC, {local_time(now).at:%H:%M} in London"
