"""Updates what a recorded conversation (a walk) shows, from the core's answers in each channel."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from tests.support.walks.core import Scene, replay
from tests.support.walks.model import TELEGRAM, TERMINAL, Block, PressAgain, Send, Sight, Walk


def shown_by_the_core(walk: Walk, replaying: Callable[[Walk, str], list[Scene]] = replay) -> Walk:
    """Return the walk with its cards as the core shows them now. `replaying` may be a cached replay."""
    if TERMINAL not in walk.channels:
        alone = zip(walk.turns, _last_of_turns(replaying(walk, TELEGRAM)), strict=True)
        return replace(walk, turns=tuple(replace(turn, seen=tuple(map(Block, scene.sight))) for turn, scene in alone))
    scenes = {channel: _last_of_turns(replaying(walk, channel)) for channel in (TELEGRAM, TERMINAL)}
    turns = zip(walk.turns, scenes[TELEGRAM], scenes[TERMINAL], strict=True)
    return replace(walk, turns=tuple(replace(turn, seen=_seen(one, other)) for turn, one, other in turns))


def _last_of_turns(scenes: list[Scene]) -> list[Scene]:
    return [scene for scene in scenes if scene.is_last]


def _seen(telegram: Scene, terminal: Scene) -> tuple[Block, ...]:
    if isinstance(telegram.act, Send | PressAgain):
        return tuple(Block(text) for text in telegram.sight)
    return tuple(_together(telegram.sight, terminal.sight))


def _together(one: Sight, other: Sight) -> Iterator[Block]:
    """Yield blocks that both channels show once, and all others marked with their channel."""
    for same, start, end, begin, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if same == "equal":
            yield from (Block(text) for text in one[start:end])
            continue
        yield from (Block(text, TELEGRAM) for text in one[start:end])
        yield from (Block(text, TERMINAL) for text in other[begin:stop])
