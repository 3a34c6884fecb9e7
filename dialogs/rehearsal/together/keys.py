"""The buttons of a room and of a pair."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.room_views import Ended
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, NOTE, PLANS, SHEET
from dialogs.rehearsal.together.cards import pair_pages, room_pages
from seraf.rehearsal.agreement import Compared
from state_machines.rehearsal import Stage, Together, Turn

QR, MAP, PAPER, RESULTS = "room-qr", "room-map", "room-paper", "room-results"
"""The kinds of document that whoever runs a room may ask for: its code to photograph, the heat map, the paper of the session,
and how many gave each answer as a table. Those of `PAPERS` come to them.
"""

BACK = Key(Rehearse(Turn.BACK), "back")
PAPERS_CARD = Key(Rehearse(Turn.PAPERS), "papers")
END = Key(Rehearse(Turn.END), "end-room")
SCREEN = Key(Rehearse(Turn.SCREEN), "room-screen")
PAIR = Key(Rehearse(Turn.TOGETHER, Together.PAIR), "pair")
COMPARE = Key(Rehearse(Turn.COMPARE), "differences")
JOIN = {Together.ROOM: Key(Rehearse(Turn.AGREE), "join-room"), Together.PAIR: Key(Rehearse(Turn.AGREE), "agree-pair")}
RELEASE = Key(Rehearse(Turn.RELEASE), "release-key")
OPEN = {Together.ROOM: Key(Rehearse(Turn.HOST), "open-room"), Together.PAIR: JOIN[Together.PAIR]}


def together_rows(practice: Practice, script: Script) -> Rows:
    """The rows of a card of a room or a pair; none where nothing but the way out is left."""
    match practice.stage:
        case Stage.JOINING if practice.together:
            return ((JOIN[practice.together],),)
        case Stage.ROOM if practice.room:
            screen = ((SCREEN,),) if script.pages else ()
            return ((_drawn(QR), PAPERS_CARD), *screen) if script.channel.sends_files else screen
        case Stage.CLOSING if practice.room:
            return ((Key(Rehearse(Turn.CLOSE), "close-room"), Key(Rehearse(Turn.GO_ON), "keep-open")),)
        case Stage.ROOM_REPORT:
            shown = (_drawn(MAP), _drawn(PAPER)) if _has_results(practice) else ()
            drawn = ((*shown, PAPERS_CARD),) if script.channel.sends_files else ()
            turning_ = turning(practice.page, len(room_pages(practice, script)))
            return (*((turning_,) if turning_ else ()), *drawn, (RELEASE,))
        case Stage.PAPERS:
            results = (_drawn(RESULTS),) if _has_results(practice) else ()
            plans = (Key(Rehearse(Turn.DRAW, kind), "fetch-plan", number=str(length)) for length, kind in PLANS.items())
            return (
                (_drawn(HANDOUT), _drawn(SHEET)),
                tuple(plans),
                (_drawn(KEY), _drawn(NOTE)),
                *((results,) if results else ()),
            )
        case Stage.DIFFERENCES:
            return ((*turning(practice.page, len(pair_pages(practice, script))), BACK),)
        case Stage.WAITING if practice.room:
            return ((Key(Rehearse(Turn.TELL), "to-story"),),)
        case _:
            return ()


def _has_results(practice: Practice) -> bool:
    """Whether the room is closed and enough people finished for anything to be shown."""
    return isinstance(practice.seen, Ended) and isinstance(practice.seen.outcome, Compared)


def turning(page: int, pages: int) -> tuple[Key, ...]:
    """The keys to the page before and the one after, where there are any."""
    earlier = (Key(Rehearse(Turn.PAGE, str(page - 1)), "earlier"),) if page > 1 else ()
    later = (Key(Rehearse(Turn.PAGE, str(page + 1)), "later"),) if page < pages else ()
    return (*earlier, *later)


def _drawn(kind: str) -> Key:
    return Key(Rehearse(Turn.DRAW, kind), f"fetch-{kind}")
