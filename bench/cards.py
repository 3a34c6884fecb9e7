"""The pure turns that take longest: `step` and `show` of every card that walks and the round through the form come to.

Times are of the processor, and the shortest of several tries, far apart, so that what else the machine does counts for little.
Each turn is tried twice in a row, with nothing worked out before: first after all the other turns, when little of its code is in
the caches of the processor, and then at once again: `python -m bench.cards`.
"""

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

from rich.console import Console

from bench.tour import tour
from dialogs.cards.show import show
from dialogs.core.codec import forget_all
from dialogs.core.events import Event
from dialogs.core.replies import Reply
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.turn.step import step
from seraf.advice.contacts import LocalTime
from tests.support.places import TESTS
from tests.support.walks.core import replay
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import read_walk

SLOWEST, TRIES = 12, 15

LIMIT = 400
"""Microseconds that no turn is to take."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken: the session before it, the event, and where it led."""

    session: Session
    event: Event
    script: Script

    @property
    def now(self) -> LocalTime:
        """The time of the event."""
        return self.event.occasion.now

    @property
    def name(self) -> str:
        """The card that it comes from, and the one that it leads to."""
        after = step(self.session, self.event, self.script).session
        return f"{_place(self.session)} → {_place(after)}"

    def microseconds(self) -> float:
        """What one try takes, which begins with nothing that another has worked out."""
        forget_all()
        began = time.thread_time()
        show(step(self.session, self.event, self.script).session, self.script, self.now)
        return (time.thread_time() - began) * 1e6


@dataclass(frozen=True, slots=True, order=True)
class Timed:
    """A turn, by what it took of the processor: by itself, and right after all others."""

    microseconds: float
    after_others: float
    name: str


def over(times: Iterable[float]) -> int:
    """How many of these turns take longer than any should."""
    return sum(each > LIMIT for each in times)


def _place(session: Session) -> str:
    over = f" under {session.overlay.kind}" if session.overlay else ""
    return f"{session.phase} {session.place}{over}"


def turns() -> Iterator[Turn]:
    """Every turn of the walks in Telegram, and of the round."""
    taken: list[Turn] = []

    def noted(session: Session, event: Event, script: Script) -> Reply:
        """Take the turn, and note it."""
        taken.append(Turn(session, event, script))
        return step(session, event, script)

    with patch("tests.support.talk.beside.step", noted), patch("tests.support.talk.talking.step", noted):
        for path in sorted((TESTS / "walks").glob("*.walk")):
            deque(replay(read_walk(path), TELEGRAM), maxlen=0)
        tour()
    return iter({(each.session, each.event): each for each in taken}.values())


def timed_turns() -> tuple[Timed, ...]:
    """Every turn, the slowest first, by the least of its tries: a round of all turns lies between one pair of them and the next."""
    every = tuple(turns())
    rounds = [[(each.microseconds(), each.microseconds()) for each in every] for _ in range(TRIES)]
    found = []
    for turn, tries in zip(every, zip(*rounds, strict=True), strict=True):
        after_others, again = map(min, zip(*tries, strict=True))
        found.append(Timed(again, after_others, turn.name))
    return tuple(sorted(found, reverse=True))


def main() -> None:
    """Print the slowest, and how many there were."""
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
