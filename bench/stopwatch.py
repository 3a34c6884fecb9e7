"""How long it takes from a fresh clone to a phone that has joined a room: `python -m bench.stopwatch`.

It clones this project into a temporary folder, and runs `make room` there, which installs what the bot needs.
"""

import asyncio
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.support.chromium.windows import free_port
from tests.support.places import ROOT
from tests.support.web.rooming import RoomBrowser


async def joined(link: str) -> str:
    """Open the console by its link, and join its room as a phone does. Return the heading of the phone's page."""
    site, port = link.partition("/trainer")[0], int(link.split(":")[2].partition("/")[0])
    console = RoomBrowser(port, link.removeprefix(site), site)
    await console.open()
    await console.press("Open the console")
    code = console.answer.text.partition("class=code>")[2][:9].replace("-", "")
    phone = RoomBrowser(port, f"/room/{code}", site)
    await phone.open()
    await phone.press("Join")
    await asyncio.gather(console.close(), phone.close())
    return phone.page.heading


def main() -> None:
    """Print after how many seconds the clone was there, the room was open, and the phone had joined."""
    began = monotonic()

    def passed(what: str) -> None:
        sys.stdout.write(f"{monotonic() - began:6.1f} s  {what}\n")

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "seraf-bot"
        subprocess.run(["git", "clone", "-q", ROOT, place], check=True)
        passed("cloned")
        options = f"OPTIONS=--no-browser --address 127.0.0.1 --port {free_port()}"
        command = ["make", "room", "CASE=ada", options]
        room = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert room.stdout is not None
        found = next(link for line in room.stdout if (link := re.search(r"\S+/trainer/\S+", line)))
        passed("room open")
        heading = asyncio.run(joined(found[0]))
        passed(f"phone joined: {heading}")
        subprocess.run(["kill", f"-{signal.SIGINT.value}", "--", f"-{room.pid}"], check=True)
        room.wait()


if __name__ == "__main__":
    main()
