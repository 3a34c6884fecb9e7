"""The buttons of a room and of a pair."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key
from dialogs.rehearsal.core.rooms import COUNTS, UNFINISHED, UNUSED, Door
from state_machines.rehearsal import Together, Turn

QR, LINKS, MAP, PAPER, RESULTS = "room-qr", "room-links", "room-map", "room-paper", "room-results"
"""The documents that the host of a room may request besides `PAPERS`: the QR code, a sheet of links for one person each, the heat
map, the paper of the session, and a table of the number of people per answer.
"""

PAPERS = Key(Rehearse(Turn.PAPERS), "papers")
END = Key(Rehearse(Turn.END), "end-room")
SCREEN = Key(Rehearse(Turn.SCREEN), "room-screen")
SEATS = Key(Rehearse(Turn.SEATS), "room-seats")
FREE = {each: Key(Rehearse(Turn.FREE, each), f"free-{each}") for each in (UNUSED, UNFINISHED)}
DOORS = {each: Key(Rehearse(Turn.DOOR, each), f"door-{each}") for each in Door}
TICKETS = tuple(Key(Rehearse(Turn.TICKETS, str(each)), "make-links", number=str(each)) for each in COUNTS)
COMPARE = Key(Rehearse(Turn.COMPARE), "differences")
JOIN = {Together.ROOM: Key(Rehearse(Turn.AGREE), "join-room"), Together.PAIR: Key(Rehearse(Turn.AGREE), "agree-pair")}
RELEASE = Key(Rehearse(Turn.RELEASE), "release-key")
OPEN = {Together.ROOM: Key(Rehearse(Turn.HOST), "open-room"), Together.PAIR: JOIN[Together.PAIR]}


def fetching(kind: str) -> Key:
    """Return the key that requests a document of that kind."""
    return Key(Rehearse(Turn.DRAW, kind), f"fetch-{kind}")
