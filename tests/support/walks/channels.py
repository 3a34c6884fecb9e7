"""The channels of a walk: all that can show it in a full run, else one, and always the core."""

from collections.abc import Mapping
from functools import cache

from tests.support.counts import IS_FULL
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, GoesWrong, Others, Restarted, Send, Walk
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.walker import is_for_a_browser


def channels_of(walk: Walk) -> tuple[str, ...]:
    """Return every channel that can show a walk."""
    terminal = (TERMINAL,) if TERMINAL in walk.channels else ()
    return (TELEGRAM, *terminal, *((WEB,) if is_for_a_browser(walk) else ()))


def is_about_telegram(walk: Walk) -> bool:
    """True if only Telegram can show it fully: other people's chats, a restart, sent media."""
    steps = (step for turn in walk.turns for step in turn.steps)
    acts = (act for turn in walk.turns for act in turn.acts)
    return any(isinstance(each, GoesWrong | Others | Restarted | Send) for each in (*steps, *acts))


def chosen(number: int, walk: Walk) -> tuple[str, ...]:
    """Return the channels of a walk in this run: if one is enough, each takes its turn."""
    every = channels_of(walk)
    if IS_FULL:
        return every
    return (TELEGRAM,) if is_about_telegram(walk) else (every[number % len(every)],)


@cache
def played_in(channel: str) -> Mapping[str, Walk]:
    """Return the walks that are played in a channel now, by file name."""
    walks = {path.stem: read_walk(path) for path in walk_files()}
    return {stem: walk for number, (stem, walk) in enumerate(walks.items()) if channel in chosen(number, walk)}
