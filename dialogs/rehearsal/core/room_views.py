"""What somebody's card shows of a room or a pair, as it was when they were last told; as values, and as text and back.

It is kept with their own rehearsal, so that a card is drawn from what is theirs alone, also when the room is gone.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from dialogs.rehearsal.core.rooms import Door
from dialogs.rehearsal.core.tickets import Tickets
from seraf.rehearsal.agreement import (
    SMALLEST_GROUP,
    Coefficient,
    Compared,
    ComparedAction,
    Estimate,
    Hidden,
    Interval,
    Numbers,
    PlaceOutcome,
    ScaleNumbers,
    Spread,
    TooFew,
    Unanimous,
    Undefined,
    Why,
)
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have joined, how many have finished, and how many have answered each item: numbers alone.

    `screen` is what opens the screen of the host of the room, once. `unused` counts the seats of those who have not begun;
    `door` and `tickets` say who may join; so many as `fewest` have to finish before anything is shown. `frees` names the
    seats that this very turn frees, if any.
    """

    joined: int = 0
    finished: int = 0
    answered: tuple[tuple[str, int], ...] = ()
    screen: str = field(default="", repr=False)
    unused: int = 0
    door: Door = Door.OPEN
    tickets: Tickets | None = None
    fewest: int = SMALLEST_GROUP
    frees: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A room that was closed on a day (local): how many had joined, and what may be shown of their responses."""

    joined: int
    day: date
    outcome: TooFew | Compared


@dataclass(frozen=True, slots=True)
class Beside:
    """A pair: whether the other one is there, or was and has left; and once both have finished, how the two compare.

    `critical` are the critical actions, one's own and the other's, and none before. `of` counts the items that both were
    asked. `differing` are the other places at which they differ, with one's own answer and the other's: what they answered
    alike there is not kept.
    """

    is_here: bool = False
    has_left: bool = False
    of: int = 0
    critical: tuple[tuple[CriticalAction, CriticalAction], ...] = field(default=(), repr=False)
    differing: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def is_compared(self) -> bool:
        """Whether both have finished."""
        return bool(self.critical)


@dataclass(frozen=True, slots=True)
class NotOpen:
    """To somebody in a room: it was closed, and its host has not opened the key for everybody yet."""


RoomView = Counts | Ended | Beside | NotOpen


def to_plain(view: RoomView | None) -> Any:
    """The view as JSON has it."""
    match view:
        case None:
            return None
        case Counts(joined, finished, answered, screen):
            tickets = view.tickets and [view.tickets.secret, view.tickets.count]
            return ["counts", joined, finished, answered, screen, view.unused, view.door, tickets, view.fewest]
        case Ended(joined, day, outcome):
            return ["ended", joined, day.isoformat(), _outcome_to_plain(outcome)]
        case Beside(is_here, has_left, of, critical, differing):
            return [
                "beside",
                is_here,
                has_left,
                of,
                [list(map(_action_to_plain, both)) for both in critical],
                differing,
            ]
        case NotOpen():
            return ["not-open"]
    assert_never(view)


UNWRITTEN_OF_COUNTS: tuple[Any, ...] = ("", 0, Door.OPEN, None, SMALLEST_GROUP)
"""What stands for what earlier releases did not write of counts."""


def from_plain(raw: Any) -> RoomView | None:
    """The view in what JSON has."""
    match raw:
        case None:
            return None
        case ["counts", joined, finished, answered, *more]:
            # Earlier releases wrote less; what is not there is looked up with the next turn.
            screen, unused, door, tickets, fewest = [*more, *UNWRITTEN_OF_COUNTS[len(more) :]]
            counts = tuple((place, count) for place, count in answered)
            made = Tickets(*tickets) if tickets else None
            return Counts(joined, finished, counts, screen, unused, Door(door), made, fewest)
        case ["ended", joined, day, outcome]:
            return Ended(joined, date.fromisoformat(day), _outcome(outcome))
        case ["beside", is_here, has_left, of, critical, differing]:
            both = tuple((_action(mine), _action(theirs)) for mine, theirs in critical)
            return Beside(
                is_here, has_left, of, both, tuple((place, mine, theirs) for place, mine, theirs in differing)
            )
        case ["beside", is_here, has_left, *_]:  # before there were critical actions: it is compared anew, or over
            return Beside(is_here, has_left)
        case ["not-open"]:
            return NotOpen()
        case _:
            raise ValueError("no view of a room")


def _action_to_plain(action: CriticalAction) -> list[Any]:
    return [action.critical, action.done, action.keys, action.outcome]


def _action(raw: Any) -> CriticalAction:
    critical, done, keys, outcome = raw
    return CriticalAction(Critical(critical), done, tuple(keys), ActionOutcome(outcome))


def _outcome_to_plain(outcome: TooFew | Compared) -> Any:
    match outcome:
        case TooFew(people, fewest):
            return [people, fewest]
        case Compared(people, actions, items, numbers, fewest):
            told = [[_place_to_plain(each.done), each.agreed, each.missed, each.over] for each in actions]
            scales = [
                [each.options, each.items, _number_to_plain(each.alpha), _number_to_plain(each.ac1)]
                for each in numbers.scales
            ]
            shares = [_to_plain(numbers.percent), _to_plain(numbers.keyed)]
            return [people, told, [_place_to_plain(each) for each in items], [*shares, scales], fewest]
    assert_never(outcome)


def _outcome(raw: Any) -> TooFew | Compared:
    if len(raw) <= 2:
        return TooFew(*raw)
    people, actions, items, (percent, keyed, scales), *fewest = raw
    kinds = (ScaleNumbers(options, count, _number(alpha), _number(ac1)) for options, count, alpha, ac1 in scales)
    numbers = Numbers(_fraction(percent), _fraction(keyed), tuple(kinds))
    return Compared(people, tuple(map(_compared_action, actions)), tuple(map(_place, items)), numbers, *fewest)


def _compared_action(raw: Any) -> ComparedAction:
    done, agreed, missed, over = raw
    place = _place(done)
    return ComparedAction(Critical(place.place), place, agreed, missed, over)


def _place_to_plain(outcome: PlaceOutcome) -> Any:
    match outcome:
        case Spread(place, counts, missed):
            return ["spread", place, counts, missed]
        case Unanimous(place, people, is_missed, given):
            return ["alike", place, people, is_missed, given]
        case Hidden(place, people):
            return ["hidden", place, people]
    assert_never(outcome)


def _place(raw: Any) -> PlaceOutcome:
    match raw:
        case ["spread", place, counts, missed]:
            return Spread(place, tuple((option, count) for option, count in counts), missed)
        case ["alike", place, people, is_missed, given]:
            return Unanimous(place, people, is_missed, given)
        case ["hidden", place, people]:
            return Hidden(place, people)
        case _:
            raise ValueError("no outcome of a place")


def _number_to_plain(number: Coefficient) -> Any:
    if isinstance(number, Undefined):
        return str(number.why)
    around = number.interval
    return [_to_plain(number.value), around and [_to_plain(around.low), _to_plain(around.high)]]


def _number(raw: Any) -> Coefficient:
    if isinstance(raw, str):
        return Undefined(Why(raw))
    value, around = raw
    return Estimate(Fraction(*value), around and Interval(*(Fraction(*end) for end in around)))


def _to_plain(share: Fraction | None) -> list[int] | None:
    return None if share is None else [share.numerator, share.denominator]


def _fraction(raw: Any) -> Fraction | None:
    return None if raw is None else Fraction(*raw)
