"""P21 of docs/promises.md: nobody restores, removes or changes a row unnoticed; a noted head reveals an old file."""

import asyncio
import random
import sqlite3
from contextlib import closing

import pytest

from bot.crypto.keys import load_key_file
from bot.storage.session import fault
from bot.storage.sqlite.examining import damage, in_step, loaded
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import prepare
from bot.trail.audit import verify_trail
from bot.trail.chain import head_of
from seraf.errors import SerafError
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.putting_back import History, attacked, lived

pytestmark = pytest.mark.prove

STEPS, ATTACKS = 60, times(5_000, 32)


def found(history: History, database: sqlite3.Connection) -> tuple[str, ...]:
    keys = load_key_file(history.keep.key_file)
    try:
        prepare(keys, database)
        trail = tables_over(database, keys).audit.unread()
        return (*damage(database), *in_step(database, keys)[1], *verify_trail(keys, trail))
    except SerafError as error:
        return (str(error),)
    except sqlite3.Error as error:
        return (str(fault(error)),)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return asyncio.run(lived(tmp_path_factory.mktemp("lived") / "store", steps=STEPS))


def test_no_row_is_put_back_changed_or_taken_away_unnoticed(history: History, promise: Promise) -> None:
    noticed = 0
    for seed in range(ATTACKS):
        with closing(attacked(history, random.Random(seed))) as database:
            said = found(history, database)
            assert said, f"seed {seed}"
            noticed += 1
    for image in history.images:
        with closing(loaded(image)) as whole:
            assert found(history, whole) == ()
    promise.reached("P21", asked=ATTACKS, reached=noticed, of="rows put back, changed or taken away, noticed")


def test_a_whole_older_file_is_shown_by_a_head_that_was_noted(history: History, promise: Promise) -> None:
    keys = load_key_file(history.keep.key_file)
    with closing(loaded(history.images[-1])) as latest:
        noted = head_of(tables_over(latest, keys).audit.trail())
    asked = shown = 0
    for image in history.images:
        with closing(loaded(image)) as older:
            trail = tables_over(older, keys).audit.trail()
            assert found(history, older) == ()
            if head_of(trail) != noted:
                asked += 1
                shown += bool(verify_trail(keys, trail, anchor=noted))
    assert asked > STEPS / 2
    promise.reached("P21", asked=asked, reached=shown, of="whole older files, shown by a head")
