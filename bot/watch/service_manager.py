"""What systemd is told of the bot, in a datagram each: that it is ready, that it is alive, that it stops.

Without systemd there is nobody to tell, and nothing is done.
"""

import os
import socket
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


class ServiceManager:
    """Tells the service manager, at the socket that the environment names."""

    def __init__(self) -> None:
        named = os.environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{named[1:]}" if named.startswith("@") else named

    def tell(self, *words: str) -> None:
        """Tell it at once, or not at all: a bot does not wait for what watches it."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.setblocking(False)
            speaking.sendto("\n".join(words).encode(), self._address)
