"""Tests of `seraf-bot rehearse room` and `link`, besides the room itself, which is led in a browser elsewhere."""

import errno
import re
import socket
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.channels.web.rooms.guests import GuestInbox
from bot.cli.pack.room import address_here, room_script, site_here
from bot.crypto.at_random import make_code, make_reference
from bot.crypto.keys import load_key_file
from bot.runtime.clock import SystemClock
from bot.storage.store import Store
from tests.support.command_line.cli import run
from tests.support.command_line.desk import Folder


def test_a_command_prints_a_link_to_a_console_of_the_pages_that_run(kept: Folder) -> None:
    """With `SERAF_WEB=rooms`, nobody signs in, and this is how a trainer comes to a console."""
    said = kept.said("rehearse", "link", SERAF_WEB_ADDRESS="https://seraf.example.org")
    found = re.match(r"https://seraf\.example\.org/trainer/(\w+)\n", said)
    keys, own = load_key_file(kept.key_file), room_script()

    async def opened(store: Store) -> list[bool]:
        mark = partial(keys.lasting, "card")
        inbox = GuestInbox(store.passes, lambda: own, mark, SystemClock(), make_reference, make_code)
        token = found[1] if found else ""
        forms = [("first", token), ("first", token), ("late", token), ("guess", "WRONG2345WRONG")]
        consoles = [await inbox.open_console(nonce, token=each) for nonce, each in forms]
        assert consoles[0][0] == consoles[1][0], "a repeat whose answer was lost opens the same console"
        return [came.kept is not None for _, came in consoles]

    assert kept.do(opened) == [True, True, False, False]
    assert kept.entries()[-1] == ("operator anna", "console-linked", "")


def test_what_cannot_be_opened_is_said_before_anything_listens(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("no key", encoding="utf-8")

    unknown = run(tmp_path, "rehearse", "room", "nobody")
    unread = run(tmp_path, "rehearse", "room", "teo", "--tls", str(key), str(key))
    hotspot = run(tmp_path, "rehearse", "room", "--hotspot")

    assert (unknown.status, unread.status, hotspot.status) == (2, 2, 0)
    assert "There is no made-up case 'nobody'" in unknown.err
    assert "no certificate with its key can be read" in unread.err
    assert "nmcli device wifi hotspot" in hotspot.out


@pytest.mark.parametrize(("port", "asked"), [(80, "127.0.0.1"), (8080, "127.0.0.1:8080")])
def test_a_room_answers_to_the_name_that_a_browser_asks_for(port: int, asked: str) -> None:
    """Which leaves out the usual port."""
    site = site_here("127.0.0.1", port, None)

    assert site.is_named(asked)
    assert site.address == f"http://{asked}"


class OnlyHotspot(socket.socket):
    """A socket of a machine whose only network is the one that it made for the phones. There is no route to any other."""

    def connect(self, address: Any) -> None:
        if not address[0].startswith("10.42.0."):
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    def getsockname(self) -> tuple[str, int]:
        return "10.42.0.1", 0


def test_a_hotspot_without_an_uplink_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket", OnlyHotspot)

    assert address_here() == "10.42.0.1"
