"""What `check` sees of backups: whether one can be made, who may read them, how old they are; and what was left half-written."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.frame.findings import Finding, Verdict, look, privacy
from bot.cli.frame.plain import day, many
from bot.cli.frame.private_files import demand_private
from bot.operations.backup.newest import newest_file
from bot.operations.backup.old import LATE, of_the_store
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.runtime.starting.unset import PREFIX
from bot.watch.practice import last_practice

PRACTISED = timedelta(days=8)
"""Backups are restored for practice every week."""

MOST = 3
"""Files of one kind that are named; the rest are counted."""


def backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether backups can be made, who may read them, and how long erased assessments stay readable in them."""
    folder = settings.backup_folder
    if not settings.backup_recipients:
        yield Finding("backup recipients", Verdict.LOOK, f"{PREFIX}BACKUP_RECIPIENTS is not set: no backup can be made")
    if folder.exists():
        yield from privacy("backup folder", folder, mode="700", absent="")
    files = sorted(folder.glob("*.age")) if folder.is_dir() else []
    if files:
        yield from look("backup files", lambda: _closed(files))
    if whole := of_the_store(files):
        yield from _ages(settings, [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in whole], now=now)
        yield _practice(settings, now)
    elif settings.store.exists():
        yield Finding("newest backup", Verdict.LOOK, f"none in {folder}: seraf-bot backup create")


def _practice(settings: Settings, now: datetime) -> Finding:
    """Whether the newest was restored for practice of late, and was whole."""
    practice = last_practice(settings.store)
    if practice is None:
        return Finding("practice", Verdict.LOOK, "no backup was restored for practice yet: seraf-bot backup practise")
    if practice.found:
        return Finding(
            "practice", Verdict.NO, f"{practice.backup} was not whole on {day(practice.at)}: {practice.found}"
        )
    order = Verdict.LOOK if now - practice.at > PRACTISED else Verdict.YES
    return Finding(
        "practice", order, f"{practice.backup} was restored for practice on {day(practice.at)}, and was whole"
    )


def leftovers(settings: Settings) -> Iterator[Finding]:
    """Files that a command was writing when it was killed."""
    ours = "|".join(
        (
            re.escape(settings.store.name),
            re.escape(newest_file(settings.store).name),
            re.escape(settings.key_file.name),
            r".+\.age",
        )
    )
    before = re.compile(re.escape(settings.store.name) + r"\.schema-\d+")
    for path in sorted(path for path in settings.store.parent.glob("*.schema-*") if before.fullmatch(path.name)):
        said = f"{path}: the store as it was before an upgrade that did not end. Delete it once the bot runs well"
        yield Finding("left over", Verdict.LOOK, said)
    aside = re.compile(rf"\.({ours})\.([0-9a-f]{{8}}|new)")  # as a private file is called while it is written
    folders = {settings.store.parent, settings.key_file.parent, settings.backup_folder}
    found = [path for folder in folders if folder.is_dir() for path in folder.glob(".*")]
    for path in sorted(path for path in found if aside.fullmatch(path.name)):
        said = f"{path}: left by a program that was cut short. Delete it, unless the bot or a command is writing it now"
        yield Finding("left over", Verdict.LOOK, said)


def _closed(files: list[Path]) -> str:
    """Check that only its owner can read each; `SettingsFault` names some that others can read."""
    faults = []
    for path in files:
        try:
            demand_private(path, mode="600")
        except SettingsFault as fault:
            faults.append(str(fault))
    if len(faults) > MOST:
        faults[MOST:] = [f"{len(faults) - MOST} more are open to others in {files[0].parent}"]
    if faults:
        raise SettingsFault("\n".join(faults))
    return f"{many(len(files), 'backup')}, open to nobody else"


def _ages(settings: Settings, times: list[datetime], *, now: datetime) -> Iterator[Finding]:
    """How old the newest and the oldest are. In the oldest nothing should be left that is past its term here."""
    folder, newest, oldest = settings.backup_folder, now - max(times), now - min(times)
    order = Verdict.LOOK if newest > LATE else Verdict.YES
    hours = many(newest // timedelta(hours=1), "hour")
    yield Finding("newest backup", order, f"{hours} old, in {folder}")
    term = timedelta(days=max(settings.unfinished_days, settings.finished_days))
    said = (
        f"{many(len(times), 'backup')}, the oldest of {day(min(times))}: erased assessments stay readable in them until"
    )
    order = Verdict.LOOK if oldest > term else Verdict.YES
    yield Finding("oldest backup", order, f"{said} the backups are deleted or the keys rotated")
