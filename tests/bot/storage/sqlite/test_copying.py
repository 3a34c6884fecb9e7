"""A copy beside the database has no name for longer than it takes to open it, and none stays of a run that was killed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.sqlite.examining import copied_beside


def test_what_a_killed_run_left_goes_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "seraf[1].sqlite"
    left, others = (
        tmp_path / ".seraf[1].sqlite.35b0753a",
        (tmp_path / "seraf[1].sqlite-wal", tmp_path / ".seraf1.sqlite.35b0753a"),
    )
    for each in (left, *others):
        each.touch()

    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE rows (id)")
        with copied_beside(database, path) as copy:
            assert copy.file.read(6) == b"SQLite"
            assert set(tmp_path.iterdir()) == {path, *others}
