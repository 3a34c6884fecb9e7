"""Tests of what systemd receives over a real datagram socket, without the bot waiting for it."""

import socket
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import pytest

from bot.operations.watching import ALIVE, READY, notify_manager
from tests.support.telegram.monitors import systemd


def test_words_arrive_as_one_datagram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with systemd(tmp_path, monkeypatch) as manager:
        notify_manager(READY, ALIVE)
        notify_manager(ALIVE)

        assert manager.listen() == ["READY=1\nWATCHDOG=1", "WATCHDOG=1"]


def test_a_socket_without_a_file_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"seraf-{token_hex(4)}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as ear:
        ear.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify_manager(READY)

        assert ear.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "gone", "x" * 200])
def test_where_nobody_listens_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address and str(tmp_path / address))

    notify_manager(READY)


def test_a_socket_that_is_full_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with systemd(tmp_path, monkeypatch) as manager:
        for _ in range(10_000):
            notify_manager(ALIVE)

        assert 0 < len(manager.listen()) < 10_000
