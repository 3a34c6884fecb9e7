"""The smallest sets of further responses that add so many points. It counts over items that are alike, so it is exact and quick."""

from collections.abc import Iterator
from dataclasses import dataclass

from seraf.upward import Alike, Asked, Move, Upward

Slot = tuple[Alike, Move]
Counts = tuple[int, ...]
"""How many items are given the move of each slot."""


@dataclass(frozen=True, slots=True)
class Part:
    """Any `count` of these items, given this option. Parts of one way that name the same items take different ones."""

    count: int
    items: tuple[str, ...]
    option: str


@dataclass(frozen=True, slots=True)
class Way:
    """A set of further responses, up to which of the items alike is taken; `additions` are those that it brings."""

    parts: tuple[Part, ...]
    additions: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many further responses it takes."""
        return sum(part.count for part in self.parts)


def fewest(up: Upward, needed: int) -> tuple[Way, ...]:
    """Every set of the fewest responses that adds `needed` points, none of them claiming more than it must; else none."""
    slots = tuple((kind, move) for kind in up.kinds for move in kind.moves)
    most = sum(len(kind.items) * max(move.points for move in kind.moves) for kind in up.kinds)
    if most + sum(bonus.points for bonus in up.bonuses) < needed:
        return ()
    for size in range(1, sum(len(kind.items) for kind in up.kinds) + 1):
        reaching = [counts for counts in _filled(slots, size, needed, up) if gained(up, slots, counts) >= needed]
        least = [counts for counts in reaching if not _claims_too_much(up, slots, counts, needed)]
        if least:
            return tuple(_way(up, slots, counts) for counts in least)
    return ()


def gained(up: Upward, slots: tuple[Slot, ...], counts: Counts) -> int:
    """The points that come of so many moves, the additions that they bring among them."""
    points = sum(count * move.points for (_, move), count in zip(slots, counts, strict=True))
    return points + _added(up, _met(slots, counts))


def _met(slots: tuple[Slot, ...], counts: Counts) -> Asked:
    return frozenset(each for (_, move), count in zip(slots, counts, strict=True) if count for each in move.meets)


def _filled(slots: tuple[Slot, ...], size: int, needed: int, up: Upward) -> Iterator[Counts]:
    """Every way of giving `size` items a move, save those that could not come to enough points."""
    bonus = sum(each.points for each in up.bonuses)
    best = [max((move.points for _, move in slots[at:]), default=0) for at in range(len(slots) + 1)]

    def fill(at: int, left: int, room: int, points: int) -> Iterator[Counts]:
        if points + bonus + left * best[at] < needed:
            return
        if at == len(slots):
            if left == 0:
                yield ()
            return
        kind, move = slots[at]
        is_new = at == 0 or slots[at - 1][0] is not kind
        free = len(kind.items) if is_new else room
        for count in range(min(free, left), -1, -1):
            for rest in fill(at + 1, left - count, free - count, points + count * move.points):
                yield (count, *rest)

    yield from fill(0, size, 0, 0)


def _claims_too_much(up: Upward, slots: tuple[Slot, ...], counts: Counts, needed: int) -> bool:
    """Whether one of the responses could claim less and the set would still be enough."""
    for high, (kind, move) in enumerate(slots):
        for low, (other_kind, other) in enumerate(slots):
            if counts[high] and other_kind is kind and other.is_less_than(move):
                lower = list(counts)
                lower[high], lower[low] = lower[high] - 1, lower[low] + 1
                if gained(up, slots, tuple(lower)) >= needed:
                    return True
    return False


def _way(up: Upward, slots: tuple[Slot, ...], counts: Counts) -> Way:
    taken = [(kind, move, count) for (kind, move), count in zip(slots, counts, strict=True) if count]
    parts = tuple(Part(count, kind.items, move.option) for kind, move, count in taken)
    return Way(parts, tuple(bonus.id for bonus in up.brought(_met(slots, counts))))


def can_cross(up: Upward, kind: Alike, edges: tuple[int, ...]) -> bool:
    """Whether one item of that kind, with some set of the others, comes over an edge (points) that the others do not."""
    reached = _sums_without(up, kind)
    for points, met in reached:
        before = points + _added(up, met)
        for move in kind.moves:
            after = points + move.points + _added(up, met | move.meets)
            if any(before < edge <= after for edge in edges):
                return True
    return False


def _sums_without(up: Upward, kind: Alike) -> set[tuple[int, Asked]]:
    """The points and asks that any set of the others, one of that kind left out, can come to."""
    reached: set[tuple[int, Asked]] = {(0, frozenset())}
    for each in up.kinds:
        for _ in range(len(each.items) - (each is kind)):
            reached |= {(points + move.points, met | move.meets) for points, met in reached for move in each.moves}
    return reached


def _added(up: Upward, met: Asked) -> int:
    return sum(bonus.points for bonus in up.brought(met))
