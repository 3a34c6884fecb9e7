"""The critical actions of somebody who finished in a room or a pair. It knows their answers and not their role."""

from dataclasses import replace

from dialogs.rehearsal.core.rooms import Seat
from seraf.cases.vignette import AgreedKey
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import Critical, CriticalAction, critical_actions


def seat_actions(seat: Seat, pack: Pack, *, key: AgreedKey) -> tuple[CriticalAction, ...]:
    """The five actions of a seat that has its answers.

    How the first call compares was noted when it was named: it depends on the role, which would point to its person.
    """
    assert seat.row is not None, "only a seat that has finished is compared"
    return tuple(
        replace(each, outcome=seat.call) if each.critical is Critical.FIRST_CALL and seat.call else each
        for each in critical_actions(pack, key, given=dict(seat.row))
    )
