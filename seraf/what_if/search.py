"""Whether one item could move a case over an edge, alone or with others. It counts over items that are alike, so it is quick."""

from seraf.what_if.possible_additions import AlikeItems, Asked, Upward


def can_cross(up: Upward, kind: AlikeItems, *, edges: tuple[int, ...]) -> bool:
    """Whether one item of that kind, with some set of the others, comes over an edge (points) that the others do not."""
    reached = _sums_without(up, kind)
    for points, met in reached:
        before = points + _added(up, met)
        for move in kind.moves:
            after = points + move.points + _added(up, met | move.meets)
            if any(before < edge <= after for edge in edges):
                return True
    return False


def _sums_without(up: Upward, kind: AlikeItems) -> set[tuple[int, Asked]]:
    """The points and asks that any set of the others, one of that kind left out, can come to."""
    reached: set[tuple[int, Asked]] = {(0, frozenset())}
    for each in up.kinds:
        # True counts as 1: one item of the kind that is looked at is left out, since that one is the item in question.
        for _ in range(len(each.items) - (each is kind)):
            reached |= {(points + move.points, met | move.meets) for points, met in reached for move in each.moves}
    return reached


def _added(up: Upward, met: Asked) -> int:
    return sum(bonus.points for bonus in up.brought(met))
