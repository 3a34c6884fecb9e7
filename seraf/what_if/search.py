"""Whether one item could move a case over an edge, alone or with others. It counts over items that are alike, so it is quick."""

from seraf.what_if.possible_additions import AlikeItems, Asked, Upward


def can_cross(up: Upward, kind: AlikeItems, *, edges: tuple[int, ...]) -> bool:
    """Whether one item of that kind, with some set of the others, comes over an edge (points) that the others do not."""
    for points, met in _sums_without(up, kind, top=max(edges, default=0)):
        before = points + up.brought(met)
        for move in kind.moves:
            after = points + move.points + up.brought(met | move.meets)
            if any(before < edge <= after for edge in edges):
                return True
    return False


def _sums_without(up: Upward, kind: AlikeItems, *, top: int) -> set[tuple[int, Asked]]:
    """The points and asks that any set of the others, one of that kind left out, can come to below the highest edge."""
    reached: set[tuple[int, Asked]] = {(0, frozenset())}
    for each in up.kinds:
        # True counts as 1: one item of the kind that is looked at is left out, since that one is the item in question.
        for _ in range(len(each.items) - (each is kind)):
            more = {(points + move.points, met | move.meets) for points, met in reached for move in each.moves}
            before, reached = reached, reached | {each for each in more if each[0] < top}
            if len(reached) == len(before):
                break
    return reached
