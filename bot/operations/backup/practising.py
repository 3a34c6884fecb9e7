"""The newest backup, restored for practice into a folder that is gone afterwards: a backup that nobody has opened is none.

It opens the backup with the key of its own, so that nobody's secret key has to be on this machine.
"""

import asyncio
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.operations.backup.file_format import Backup, read_backup
from bot.operations.backup.newest import read_newest
from bot.operations.backup.service import Restoring, restore
from bot.operations.lost_store import demand_store
from bot.runtime.errors import SerafError, StoreFault
from bot.runtime.settings import Settings
from bot.storage.sqlite.opening import open_to_look
from bot.watch.practice import TrialRestore, write_practice

FOLDER = ".practice-"
"""How the name of the folder begins."""


def practise(settings: Settings, *, at: datetime) -> TrialRestore:
    """Restore the newest backup, look at all of it, and write down what came of it. `SerafError` where it is not whole."""
    demand_store(settings)
    newest = read_newest(settings.store, keys=load_key_file(key_place(settings)))
    if newest is None:
        raise StoreFault(
            f"No backup in {settings.backup_folder} can be tried out here, since none was made there under these keys. Make one:"
            " seraf-bot backup create"
        )
    try:
        _restored(settings, read_backup(settings.backup_folder / newest.name, [newest.identity]), at=at)
    except SerafError as fault:
        _write(settings, TrialRestore(at, newest.name, str(fault)))
        raise
    practice = TrialRestore(at, newest.name)
    _write(settings, practice)
    return practice


def _restored(settings: Settings, backup: Backup, *, at: datetime) -> None:
    """Restore it elsewhere, open it there as the bot would, and count its people."""
    beside = settings.store.parent
    for left in beside.glob(f"{FOLDER}*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=FOLDER, dir=beside) as folder:
        there = settings.model_copy(update={"store": Path(folder) / settings.store.name})
        restore(there, backup, Restoring(at))
        people = asyncio.run(_people(there))
    if people != backup.manifest.rows.get("people"):
        raise StoreFault(
            f"{people} people were found in what was restored; the backup notes {backup.manifest.rows.get('people')}."
        )


async def _people(settings: Settings) -> int:
    """How many there are in a store that was found whole and in step."""
    store = await open_to_look(settings.store, key_place(settings))
    try:
        if strange := await store.examine():
            raise StoreFault("\n".join(strange))
        return len(await store.of_each(lambda record: None))
    finally:
        await store.close()


def _write(settings: Settings, practice: TrialRestore) -> None:
    try:
        write_practice(settings.store, practice)
    except OSError as error:
        raise StoreFault(f"What came of it could not be written beside the store: {error.strerror}.") from None
