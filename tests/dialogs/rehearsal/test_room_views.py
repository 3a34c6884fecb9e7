"""What a card shows of a room, as text and back: every kind, and every outcome that there can be."""

import json
from datetime import date
from fractions import Fraction

import pytest

from dialogs.rehearsal.core.room_views import Beside, Counts, Ended, NotOpen, View, from_plain, to_plain
from dialogs.rehearsal.core.rooms import Room, Seat, decode_room, encode_room, plain, spoken
from seraf.form.responses import Responses
from seraf.rehearsal.agreement import Compared, Hidden, Spread, TooFew, Unanimous
from seraf.rehearsal.coefficients import Numbers, Undefined, Why
from state_machines.rehearsal import Together

DAY = date(2026, 3, 4)
SPREAD = Spread("V1", (("yes", 2), ("no", 4)))
NUMBERS = Numbers(Fraction(49, 50), Undefined(Why.NOTHING_VARIED), Fraction(-1, 3))
VIEWS: tuple[View | None, ...] = (
    None,
    Counts(),
    Counts(6, 2, (("V1", 6), ("V2", 3))),
    Ended(7, DAY, TooFew(4)),
    Ended(7, DAY, Compared(6, (SPREAD, Unanimous("V2", 6), Hidden("V3", 4)), (Unanimous("judgement", 6),), NUMBERS)),
    NotOpen(),
    Beside(),
    Beside(has_left=True),
    Beside(is_here=True, of=34, differing=(("V1", "no", "yes"), ("V2", None, "no"))),
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_a_view_comes_back_as_it_was(view: View | None) -> None:
    """Through JSON, as it is kept."""
    assert from_plain(json.loads(json.dumps(to_plain(view)))) == view


@pytest.mark.parametrize("raw", [[], ["other"], ["counts"], ["ended", 1, "2026-03-04", [6, [["V1"]], [], []]]])
def test_what_is_no_view_is_refused(raw: object) -> None:
    """Rather than shown as something else."""
    with pytest.raises(ValueError, match=r"no view|no outcome"):
        from_plain(raw)


def test_a_room_comes_back_as_it_was() -> None:
    """With seats at every stage."""
    done = Seat("C", ("V1", "V2"), Responses.of({"V1": "no", "first-call": "art"}), is_told=True)
    room = Room("ABCD2345", Together.PAIR, "robin", "fingerprint", (Seat("A"), Seat("B", ("V1",)), done), is_full=True)

    assert decode_room(encode_room(room)) == room


@pytest.mark.parametrize("typed", ["ABCD2345", "abcd-2345", " ABCD 2345 ", "abcd–2345"])
def test_a_code_is_taken_however_it_is_typed(typed: str) -> None:
    """Small, in groups, with any dash."""
    assert plain(typed) == "ABCD2345"
    assert spoken(plain(typed)) == "ABCD-2345"
