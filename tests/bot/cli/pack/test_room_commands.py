"""Tests of `seraf-bot rehearse room` and `link`, besides the room itself, which is led in a browser elsewhere."""

import re
from functools import partial
from pathlib import Path

from bot.channels.web.rooms.guests import GuestInbox
from bot.cli.pack.room import room_script
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
        tokens = [found[1] if found else "", found[1] if found else "", "WRONG2345WRONG"]
        return [(await inbox.open_console(token))[1] for token in tokens]

    assert kept.do(opened) == [True, False, False]
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
