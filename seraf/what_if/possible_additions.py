"""What further responses would add to a case: ticks of items that have none yet. It never looks downward."""

from collections.abc import Iterable
from dataclasses import dataclass

from seraf.case_view import CaseView
from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.vocabulary import Meaning

Asked = frozenset[tuple[int, int]]
"""What conditions ask for: the place of an addition among those of the pack, and of one of its asks."""


@dataclass(frozen=True, slots=True)
class Move:
    """One further response: the option, the points that it adds of its own, and what additions ask for and it meets."""

    option: str
    points: int
    meets: Asked


@dataclass(frozen=True, slots=True)
class AlikeItems:
    """Items that are alike: the same further responses are open to each, and come to the same."""

    items: tuple[str, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Bonus:
    """An addition that has not been made: its points, and what is still wanting."""

    points: int
    wants: Asked


@dataclass(frozen=True, slots=True)
class Upward:
    """All that could come on top of a case: items by what they could add, and additions that these could bring."""

    kinds: tuple[AlikeItems, ...]
    bonuses: tuple[Bonus, ...]

    def brought(self, met: Asked) -> int:
        """The points of the additions that come about once these asks are met."""
        return brought(self.bonuses, met)


def upward(view: CaseView, items: Iterable[Item]) -> Upward:
    """What these items, none of which is ticked, could still add to the case."""
    instrument, bonuses = view.instrument, bonuses_of(view.instrument, view.certain)
    groups: dict[tuple[Move, ...], list[str]] = {}
    for item in items:
        moves = moves_of(instrument, item, bonuses=bonuses)
        if any(move.points or move.meets for move in moves):
            groups.setdefault(moves, []).append(item.id)
    return Upward(tuple(AlikeItems(tuple(ids), moves) for moves, ids in groups.items()), bonuses)


def moves_of(instrument: Instrument, item: Item, *, bonuses: tuple[Bonus, ...]) -> tuple[Move, ...]:
    """The ticks that are open to an item without one, next to additions that have not been made."""
    wanted = frozenset(each for bonus in bonuses for each in bonus.wants)
    # Upward alone: nobody is to be shown which answer would bring a number down (ADR 0025).
    ticks = [option for option in item.section.options if option.is_present]
    return tuple([_move(instrument, item, option=each, wanted=wanted) for each in ticks])


def brought(bonuses: tuple[Bonus, ...], met: Asked) -> int:
    """The points of the additions that come about once these asks are met."""
    return sum([bonus.points for bonus in bonuses if bonus.wants <= met])


def _move(instrument: Instrument, item: Item, *, option: Option, wanted: Asked) -> Move:
    names = {item.id, item.section.id}
    shows = ("present", "current") if option.means is Meaning.CURRENT else ("present",)
    met = frozenset((i, j) for i, j in wanted if _meets(*instrument.additions[i].when.asks[j], names, shows))
    return Move(option.id, option.points, met)


def _meets(key: str, words: frozenset[str], names: set[str], shows: tuple[str, ...]) -> bool:
    return key in shows and bool(words & names)


def bonuses_of(instrument: Instrument, facts: Facts) -> tuple[Bonus, ...]:
    """The additions that are not made, save those that no further response can bring."""
    return tuple(_bonuses(instrument, facts))


def _bonuses(instrument: Instrument, facts: Facts) -> Iterable[Bonus]:
    for i, addition in enumerate(instrument.additions):
        wants = frozenset((i, j) for j, (key, words) in enumerate(addition.when.asks) if not words & facts[key])
        # An age or a board's own question is no response to an item: what these would bring is said
        # apart (`ways_up.Supposed`).
        keys = {addition.when.asks[j][0] for _, j in wants}
        if wants and keys <= {"present", "current"}:
            yield Bonus(addition.points, wants)
