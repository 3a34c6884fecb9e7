"""Times `step` and `show` for every card of the recorded conversations and of the tour: `python -m bench.cards`.

It lists the slowest turns first. The time of a turn is processor time: the shortest of several tries that are far
apart, so that other load matters little. Each try takes the turn twice, each time with our own caches emptied: first
after all other turns, when little of its code is in the processor's caches, and then immediately again.
"""

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

from rich.console import Console

from bench.tour import tour
from dialogs.asking import as_question
from dialogs.cards.show import show
from dialogs.core.codec import forget_all
from dialogs.core.events import Event, Typed
from dialogs.core.replies import Reply
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.turn.step import step
from seraf.advice.contacts import LocalTime
from tests.support.shipped import OCCASION, SCRIPT
from tests.support.walks.core import replay
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import read_walk, walk_files

SLOWEST, TRIES = 12, 15

LIMIT = 400
"""The time that a turn should not exceed (microseconds)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that can be taken again: the session before the turn, the event, and the script."""

    session: Session
    event: Event
    script: Script

    @property
    def now(self) -> LocalTime:
        """Return the time of the event."""
        return self.event.occasion.now

    @property
    def name(self) -> str:
        """Return the name of the card before the turn and that of the card after it."""
        after = step(self.session, self.event, self.script).session
        return f"{_place(self.session)} → {_place(after)}"

    def microseconds(self) -> float:
        """Empty our own caches, take the turn, and return its processor time in microseconds."""
        forget_all()
        began = time.thread_time()
        show(step(self.session, self.event, self.script).session, self.script, self.now)
        return (time.thread_time() - began) * 1e6


@dataclass(frozen=True, slots=True, order=True)
class Timed:
    """The shortest processor times of a turn in microseconds: right after the same turn, and after all other turns."""

    microseconds: float
    after_others: float
    name: str


def over(times: Iterable[float]) -> int:
    """Return how many of these times (microseconds) are over `LIMIT`."""
    return sum(each > LIMIT for each in times)


def _place(session: Session) -> str:
    over = f" under {session.overlay.kind}" if session.overlay else ""
    return f"{session.phase} {session.place}{over}"


def turns() -> Iterator[Turn]:
    """Yield every different turn of the recorded conversations in Telegram, and of the tour in `bench/tour.py`."""
    taken: list[Turn] = []

    def noted(session: Session, event: Event, script: Script) -> Reply:
        """Take the turn, and record it in `taken`."""
        taken.append(Turn(session, event, script))
        return step(session, event, script)

    with patch("tests.support.talk.beside.step", noted), patch("tests.support.talk.talking.step", noted):
        for path in walk_files():
            deque(replay(read_walk(path), TELEGRAM), maxlen=0)
        tour()
    return iter({(each.session, each.event): each for each in taken}.values())


def timed_turns() -> tuple[Timed, ...]:
    """Return every turn with the shortest of its measured times, the slowest turn first.

    Between two tries of a turn, every other turn is tried once.
    """
    every = tuple(turns())
    rounds = [[(each.microseconds(), each.microseconds()) for each in every] for _ in range(TRIES)]
    found = []
    for turn, tries in zip(every, zip(*rounds, strict=True), strict=True):
        after_others, again = map(min, zip(*tries, strict=True))
        found.append(Timed(again, after_others, turn.name))
    return tuple(sorted(found, reverse=True))


def timed_questions() -> list[float]:
    """Return the shortest of the processor times of each question of the pack, screened and looked up: the shortest first."""

    def microseconds(question: str) -> float:
        began = time.thread_time()
        as_question(Typed(OCCASION), question, script=SCRIPT)
        return (time.thread_time() - began) * 1e6

    rounds = [[microseconds(each.question) for each in SCRIPT.pack.search.asks] for _ in range(TRIES)]
    return sorted(map(min, zip(*rounds, strict=True)))


def main() -> None:
    """Print the slowest turns (`SLOWEST`, or as many as the command line says), and the number of all turns."""
    console, found = Console(highlight=False), timed_turns()
    for each in found[: int(sys.argv[1]) if len(sys.argv) > 1 else SLOWEST]:
        console.print(f"{each.microseconds:7,.0f} µs, after all others {each.after_others:,.0f}: {each.name}")
    middle, apart = found[len(found) // 2], over(each.after_others for each in found)
    console.print(
        f"{len(found):,} turns: the middle one {middle.microseconds:,.0f} µs; over {LIMIT} µs"
        f" {over(each.microseconds for each in found)}, and {apart} right after all others"
    )


if __name__ == "__main__":
    main()
