"""Tests that a store has one bot: a second is refused, `check` may read the store, and a killed bot leaves no lock."""

import errno
import fcntl
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.single_instance import Alone, is_running, lock_file


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "var" / "seraf.sqlite"


def test_a_second_bot_is_refused_and_the_first_keeps_running(store: Path) -> None:
    with Alone(store):
        begun = time.monotonic()
        with pytest.raises(SettingsFault, match="Another bot runs with this store"), Alone(store):
            pass
        assert time.monotonic() - begun < 1
        assert is_running(store)

    assert not is_running(store)


def test_a_bot_that_starts_while_somebody_looks_waits_for_the_look_to_end(store: Path) -> None:
    looking, looked = threading.Event(), threading.Event()

    def look() -> None:
        with Alone(store):
            looking.set()
            looked.wait(0.2)

    thread = threading.Thread(target=look)
    thread.start()
    assert looking.wait(5)

    with Alone(store):
        assert is_running(store)
    thread.join()


def test_the_lock_file_is_empty_its_owners_alone_and_stays(store: Path) -> None:
    """If the file were removed, two bots could each lock a different file of that name."""
    with Alone(store):
        pass

    status = lock_file(store).stat()
    assert (stat.S_IMODE(status.st_mode), status.st_size) == (0o600, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_the_bot_s_account_can_lock_a_file_of_root(store: Path) -> None:
    store.parent.mkdir(parents=True)
    store.write_bytes(b"a store")
    os.chown(store, 12_345, 12_345)

    with Alone(store):
        held = lock_file(store).stat()

    assert (held.st_uid, held.st_gid) == (12_345, 12_345)


def test_to_look_makes_no_file(store: Path) -> None:
    assert not is_running(store)
    assert not store.parent.exists()


def test_a_file_system_without_locks_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The existence of a file is no substitute for a lock, because the file would outlive a killed bot."""

    def no_flock(_: int, __: int) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", no_flock)

    with pytest.raises(StoreFault, match="could not be opened: Function not implemented"), Alone(store):
        pass
