"""`seraf-bot rehearse room` and `link`: a room for a group on this machine alone, and a console where pages are served already."""

import asyncio
import socket
import ssl
import webbrowser
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from typer import echo

from bot.channels.running import stopped_by_signals
from bot.channels.web import FACTS
from bot.channels.web.page import CONSOLE
from bot.channels.web.rooms.guests import GuestInbox
from bot.channels.web.serving import guest_words, rooms_alone
from bot.channels.web.site import Site, plain_address
from bot.cli.consult.score import pack_in_use
from bot.cli.context import CommandContext, with_store
from bot.crypto.at_random import make_code, make_reference
from bot.runtime.addresses import is_this_machine
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SettingsFault
from bot.runtime.logs import set_up_logs
from bot.runtime.packs import load_wording
from bot.runtime.settings import load_settings
from bot.trail.audit import AuditEvent
from dialogs.core.script import Script

PORT = 8080
ELSEWHERE = "192.0.2.1", 9  # an address of documentation (RFC 5737): a datagram socket to it sends nothing
HOTSPOT = """If the phones cannot reach this machine, let it be their network:
  Linux     nmcli device wifi hotspot ssid Room password {password}
  macOS     System Settings › General › Sharing › Internet Sharing
  Windows   Settings › Network & internet › Mobile hotspot
Then join the phones to it, and begin again: `seraf-bot rehearse room`."""


def room_script() -> Script:
    """Return the script of rooms without an account."""
    return Script(pack_in_use(), guest_words(load_wording()), replace(FACTS, sends_files=False))


def site_here(address: str, port: int, tls: tuple[Path, Path] | None) -> Site:
    """Return the site of a room on this machine: at this name or address, or at the one that the local network knows it by."""
    own = plain_address(address) or address_here()
    port = port or free_port(own)
    host, scheme = address or own, "https" if tls else "http"
    named = f"{scheme}://{host}:{port}".lower()
    if tls is None:
        return Site(named, own, port, is_plain=not is_this_machine(own))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*tls)
    except OSError:
        raise SettingsFault(
            "--tls: no certificate with its key can be read from these files; both must be in PEM"
        ) from None
    return Site(named, own, port, tls=context)


def address_here() -> str:
    """Return the IP address of this machine in the local network, or 127.0.0.1 if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, suppress(OSError):
        asked.connect(ELSEWHERE)
        return str(asked.getsockname()[0])
    return "127.0.0.1"


def free_port(host: str) -> int:
    """Return the usual port, or another one if something on this machine uses it."""
    for port in (PORT, 0):
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
            return int(tried.getsockname()[1])
    raise SettingsFault("No port of this machine is free.")


def open_room(case: str, *, tls: tuple[Path, Path] | None, address: str, port: int, opens_browser: bool) -> None:
    """Serve a room for a group until Ctrl-C. Everything of it is in memory, and ends with it."""
    set_up_logs()
    site = site_here(address, port, tls)
    asyncio.run(_serve(site, room_script(), case=case, opens_browser=opens_browser))


async def _serve(site: Site, script: Script, *, case: str, opens_browser: bool) -> None:
    stopped = stopped_by_signals()
    async with rooms_alone(site, script, clock=SystemClock(), case=case) as link:
        echo(f"Your console, which this opens once: {link}")
        echo(f"People join at {site.address}/room, or by the QR code on the projector.")
        if is_this_machine(site.host):
            echo(
                "This machine is in no network, so no phone can join: `seraf-bot rehearse room --hotspot` says what to do."
            )
        elif site.is_plain:
            echo(
                "Without TLS, others in this network could read along. So nothing of a real person belongs in a rehearsal."
            )
        echo("Ctrl-C ends the room, and nothing of it is kept.")
        if opens_browser:
            await asyncio.to_thread(webbrowser.open, link)
        await stopped.wait()
    echo("The room is over. Nothing of it was kept.")


def say_hotspot() -> None:
    """Print how this machine becomes the network of the phones."""
    echo(HOTSPOT.format(password=make_code()[:8].lower()))


def print_link() -> None:
    """Print a link that opens one console, once, on the pages that `seraf-bot web` serves from the store."""
    settings = load_settings()

    async def admitted(context: CommandContext) -> str:
        mark, own = partial(context.keys.lasting, "card"), room_script()
        inbox = GuestInbox(context.store.passes, lambda: own, mark, SystemClock(), make_reference, make_code)
        token = make_code()
        await context.record(AuditEvent.CONSOLE_LINKED)  # first, so that every link is in the audit
        await inbox.admit(token)
        return token

    token = with_store(admitted, settings=settings)
    echo(f"{settings.pages_address}{CONSOLE}/{token}")
    echo("It opens one trainer's console, once, within a day. Give it to that trainer alone.")
