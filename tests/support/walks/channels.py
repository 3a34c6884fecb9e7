"""The channels of a recorded conversation (a walk): all that can show it in a full proof, else one of them."""

from collections.abc import Mapping
from functools import cache

from tests.support.counts import IS_FULL
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, GoesWrong, Others, Restarted, Send, Walk
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.walker import is_for_a_browser


def channels_of(walk: Walk) -> tuple[str, ...]:
    """Return every channel that can show this walk."""
    terminal = (TERMINAL,) if TERMINAL in walk.channels else ()
    return (TELEGRAM, *terminal, *((WEB,) if is_for_a_browser(walk) else ()))


def is_about_telegram(walk: Walk) -> bool:
    """Return True if only Telegram can show all of it: other people, a restart, a failing call, or sent media."""
    steps = (step for turn in walk.turns for step in turn.steps)
    acts = (act for turn in walk.turns for act in turn.acts)
    return any(isinstance(each, GoesWrong | Others | Restarted | Send) for each in (*steps, *acts))


def chosen(number: int, walk: Walk) -> tuple[str, ...]:
    """Return the channels for the walk at this position. If one is enough, walks use different ones in turn."""
    every = channels_of(walk)
    if IS_FULL:
        return every
    return (TELEGRAM,) if is_about_telegram(walk) else (every[number % len(every)],)


@cache
def played_in(channel: str) -> Mapping[str, Walk]:
    """Return the walks that are replayed in this channel in this run, by the name of their file."""
    walks = {path.stem: read_walk(path) for path in walk_files()}
    return {stem: walk for number, (stem, walk) in enumerate(walks.items()) if channel in chosen(number, walk)}
