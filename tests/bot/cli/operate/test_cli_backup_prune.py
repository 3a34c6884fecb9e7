"""`seraf-bot backup create` and `prune`: nothing that is not whole, nothing old, and nothing that may be needed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.command_line.desk import WORDS, Folder
from tests.support.store.keeping import write_identity

BACKUPS = Path("var", "backups")
NOW = datetime.now(UTC)
PRUNE = ("backup", "prune", "--older-than", "35d")


def name(days: float, more: str = "") -> str:
    """How a backup of so many days ago is called."""
    return f"seraf-{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}{more}.age"


def made(folder: Folder, *names: str) -> None:
    """Files where backups are."""
    (folder.path / BACKUPS).mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in names:
        (folder.path / BACKUPS / each).write_bytes(b"sealed")


def left(folder: Folder) -> set[str]:
    """Those that are there."""
    return {path.name for path in (folder.path / BACKUPS).iterdir()}


def test_old_backups_go_by_their_names_and_nothing_else_does(kept: Folder) -> None:
    """One that somebody named, one that is younger, and files that are no backups are left."""
    made(kept, name(400), name(36), name(36, "-2"), name(34), "for-the-court.age", "notes.txt")

    said = kept.said(*PRUNE)

    assert said == f"3 old backups deleted from {BACKUPS}.\n"
    assert left(kept) == {name(34), "for-the-court.age", "notes.txt"}
    assert "0 old backups" in kept.said(*PRUNE)


def test_the_newest_stays_whatever_its_age(kept: Folder) -> None:
    """Backups that failed for months have left one, and it is all that there is."""
    made(kept, name(400), name(300))

    kept.said(*PRUNE)

    assert left(kept) == {name(300)}


def test_none_goes_while_an_assessment_is_held(kept: Folder) -> None:
    """An older backup may be kept for it; once it is let go they go."""
    made(kept, name(400), name(1))
    kept.said("hold", "set", *WORDS)

    assert kept.said(*PRUNE) == "1 assessment is held, so no backup was deleted.\n"
    assert left(kept) == {name(400), name(1)}

    kept.said("hold", "lift", *WORDS)
    kept.said(*PRUNE)
    assert left(kept) == {name(1)}


def test_a_term_that_is_none_is_refused(kept: Folder) -> None:
    """Before anything is looked at."""
    made(kept, name(400), name(1))

    assert "--older-than: a number of days" in kept.refused("backup", "prune", "--older-than", "soon")
    assert len(left(kept)) == 2


def test_a_copy_that_is_not_whole_becomes_no_backup(kept: Folder) -> None:
    """It is looked through before it is encrypted; after a restore, a bad one would be all that there is."""
    recipient = write_identity(kept.path / "identity.txt")
    settings = {"SERAF_BACKUP_RECIPIENTS": recipient}
    assert "all of it found whole" in kept.said("backup", "create", **settings)
    with closing(sqlite3.connect(kept.path / "var" / "seraf.sqlite")) as database, database:
        database.execute("UPDATE standings SET body = zeroblob(200)")
    before = left(kept)

    assert "Nothing was changed" in kept.refused("backup", "create", **settings)
    assert left(kept) == before
