"""Which channels a walk is played in: all that can show it when everything is to be proved, else one, the core always."""

from collections.abc import Mapping
from functools import cache

from tests.support.counts import IS_FULL
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, GoesWrong, Others, Restarted, Send, Walk
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.walker import is_for_a_browser


def channels_of(walk: Walk) -> tuple[str, ...]:
    """Every channel that can show a walk."""
    terminal = (TERMINAL,) if TERMINAL in walk.channels else ()
    return (TELEGRAM, *terminal, *((WEB,) if is_for_a_browser(walk) else ()))


def is_about_telegram(walk: Walk) -> bool:
    """Whether something happens in it that happens in full in Telegram alone: others in chats of their own, a restart, what is sent."""
    steps = (step for turn in walk.turns for step in turn.steps)
    acts = (act for turn in walk.turns for act in turn.acts)
    return any(isinstance(each, GoesWrong | Others | Restarted | Send) for each in (*steps, *acts))


def chosen(number: int, walk: Walk) -> tuple[str, ...]:
    """The channels that a walk is played in now: where one is enough, each takes its turn."""
    every = channels_of(walk)
    if IS_FULL:
        return every
    return (TELEGRAM,) if is_about_telegram(walk) else (every[number % len(every)],)


@cache
def played_in(channel: str) -> Mapping[str, Walk]:
    """The walks that are played in a channel now, by the names of their files."""
    walks = {path.stem: read_walk(path) for path in walk_files()}
    return {stem: walk for number, (stem, walk) in enumerate(walks.items()) if channel in chosen(number, walk)}
