"""What further responses would add to a case: items not ticked yet, or a window more. It never looks downward."""

from collections.abc import Iterable
from dataclasses import dataclass

from seraf.form.conditions import Facts
from seraf.form.evidence import response_of, shown
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Case
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

    id: str
    points: int
    wants: Asked


@dataclass(frozen=True, slots=True)
class Upward:
    """All that could come on top of a case: items by what they could add, and additions that these could bring."""

    kinds: tuple[AlikeItems, ...]
    bonuses: tuple[Bonus, ...]

    def brought(self, met: Asked) -> tuple[Bonus, ...]:
        """The additions that come about once these asks are met."""
        return tuple(bonus for bonus in self.bonuses if bonus.wants <= met)


def upward(instrument: Instrument, case: Case, *, items: Iterable[Item] | None = None) -> Upward:
    """What these items (by default all) could still add to the case."""
    facts = shown(instrument, case)
    bonuses = tuple(_bonuses(instrument, facts))
    wanted = frozenset(each for bonus in bonuses for each in bonus.wants)
    groups: dict[tuple[Move, ...], list[str]] = {}
    for item in instrument.items if items is None else items:
        given = response_of(item, case)
        moves = tuple(
            _move(instrument, item, given=given, option=option, wanted=wanted) for option in further(item, given)
        )
        if any(move.points or move.meets for move in moves):
            groups.setdefault(moves, []).append(item.id)
    return Upward(tuple(AlikeItems(tuple(ids), moves) for moves, ids in groups.items()), bonuses)


def further(item: Item, given: Option | None) -> tuple[Option, ...]:
    """The options that claim more than the one given, and take nothing of it back.

    Who said “6–12 months ago” can add the current window: that is the current option of the most points.
    """
    ticks = tuple(option for option in item.section.options if option.is_present)
    if given is None or not given.is_present:
        return ticks
    # Upward alone: nobody is to be shown which answer would bring a number down (ADR 0026).
    more = tuple(each for each in ticks if each.means is Meaning.CURRENT and each.points > given.points)
    return more if given.means is Meaning.CURRENT else more and (max(more, key=lambda option: option.points),)


def _move(instrument: Instrument, item: Item, *, given: Option | None, option: Option, wanted: Asked) -> Move:
    names = {item.id, item.section.id}
    shows = ("present", "current") if option.means is Meaning.CURRENT else ("present",)
    met = frozenset((i, j) for i, j in wanted if _meets(*instrument.additions[i].when.asks[j], names, shows))
    return Move(option.id, option.points - (given.points if given else 0), met)


def _meets(key: str, words: frozenset[str], names: set[str], shows: tuple[str, ...]) -> bool:
    return key in shows and bool(words & names)


def _bonuses(instrument: Instrument, facts: Facts) -> Iterable[Bonus]:
    """The additions that are not made, save those that no further response can bring."""
    for i, addition in enumerate(instrument.additions):
        wants = frozenset(
            (i, j) for j, (key, words) in enumerate(addition.when.asks) if not words & facts.get(key, frozenset())
        )
        # An age or a board's own question is no response to an item: what these would bring is said
        # apart (`ways_up.Supposed`).
        keys = {addition.when.asks[j][0] for _, j in wants}
        if wants and keys <= {"present", "current"}:
            yield Bonus(addition.id, addition.points, wants)
