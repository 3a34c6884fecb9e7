"""What two people are shown of each other once both have finished: the critical actions of both, then where they differ."""

from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import Beside, Room
from dialogs.rehearsal.together.seat_actions import seat_actions
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import Critical


def beside(practice: Practice, room: Room, *, pack: Pack) -> Beside:
    """A pair as one of the two sees it. What only one of them was asked is no difference."""
    mine, other = room.seat(practice.seat), room.beside(practice.seat)
    if other is None:
        return Beside(has_left=room.is_full)
    if mine is None or mine.row is None or other.row is None:
        return Beside(is_here=True)
    ours, theirs = dict(mine.row), dict(other.row)
    key = case_of(practice, pack).key
    both = [(place, given, theirs[place]) for place, given in ours.items() if place in theirs]
    rows = (seat_actions(seat, pack, key=key) for seat in (mine, other))
    return Beside(
        is_here=True,
        of=sum(place in pack.instrument for place, _, _ in both),
        critical=tuple(zip(*rows, strict=True)),
        differing=tuple(each for each in both if each[0] not in tuple(Critical) and each[1] != each[2]),
    )
