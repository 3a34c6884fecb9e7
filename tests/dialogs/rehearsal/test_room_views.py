"""Tests of what a card, a guest and the shared screen show of a room: stored and read back, and after a change."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from dialogs.core.events import Pressed
from dialogs.core.replies import Toast
from dialogs.rehearsal.core.practice import NOT_REHEARSING
from dialogs.rehearsal.core.rooms import (
    MOST,
    Beside,
    Counts,
    Door,
    Ended,
    NotOpen,
    Room,
    RoomView,
    Seat,
    Tickets,
    decode_room,
    encode_room,
    from_plain,
    plain,
    spoken,
    to_plain,
)
from dialogs.rehearsal.guest.seat import Coming, before_joining, guest_card, seat_pressed, seated
from dialogs.rehearsal.guest.slides import RoomIs, Shows, screen_of
from seraf.form.responses import Responses
from seraf.rehearsal.agreement import (
    Compared,
    ComparedAction,
    Estimate,
    Hidden,
    Interval,
    Numbers,
    ScaleNumbers,
    Spread,
    TooFew,
    Unanimous,
    Undefined,
    Why,
)
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from state_machines.rehearsal import Together
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.shipped import OCCASION
from tests.support.talk.gathering import CODE, Guest, Table, decode, hosting, people

DAY = date(2026, 3, 4)
SPREAD = Spread("V1", (("yes", 2), ("no", 4)), missed=4)
ITEMS = (SPREAD, Unanimous("V2", 6, is_missed=True, given="no"), Hidden("V3", 3))
ACTIONS = (
    ComparedAction(Critical.DANGER, Unanimous("danger", 6, is_missed=False), agreed=5, over=1),
    ComparedAction(Critical.CATEGORY, Hidden("category", 2)),
)
AROUND = Estimate(Fraction(-1, 3), Interval(Fraction(-1, 2), Fraction(1, 4)))
SCALES = (
    ScaleNumbers(3, 2, Undefined(Why.NOTHING_VARIED), AROUND),
    ScaleNumbers(5, 1, Estimate(Fraction(1), None), Undefined(Why.NOBODY_TO_COMPARE)),
)
RANG = CriticalAction(Critical.FIRST_CALL, None, ("art", "emergency"), ActionOutcome.NOT_ASKED)
VIEWS: tuple[RoomView | None, ...] = (
    None,
    Counts(),
    Counts(6, 2, (("V1", 6), ("V2", 3))),
    Counts(6, 2, screen="S", unused=3, door=Door.LINKS, tickets=Tickets("T", 12), fewest=10),
    Ended(7, DAY, TooFew(4)),
    Ended(9, DAY, TooFew(9, 10)),
    Ended(7, DAY, Compared(6, ACTIONS, ITEMS, Numbers(Fraction(49, 50), Fraction(1, 2), SCALES))),
    Ended(7, DAY, Compared(6, (), (), Numbers(None, None, ()))),
    Ended(10, DAY, Compared(10, (), (), Numbers(None, None, ()), fewest=10)),
    NotOpen(),
    Beside(),
    Beside(has_left=True),
    Beside(is_here=True, of=30, critical=((RANG, RANG),), differing=(("V1", "no", "yes"), ("V2", "not-known", "no"))),
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_a_view_comes_back_as_it_was(view: RoomView | None) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(view)))) == view


def test_data_of_earlier_releases_is_read() -> None:
    """Earlier counts do not say who may join, groups lack their minimum size, and seats lack how the person joined."""
    assert from_plain(["counts", 6, 2, [["V1", 6]]]) == Counts(6, 2, (("V1", 6),))
    assert from_plain(["ended", 7, "2026-03-04", [4]]) == Ended(7, DAY, TooFew(4))
    assert from_plain(["ended", 7, "2026-03-04", [6, [], [], [None, None, []]]]) == VIEWS[7]
    seats = [["A", [], None, False], ["B", ["V1"], {"V1": "no"}, False, "agreed"]]
    kept = {"v": 1, "code": "ABCD2345", "together": "room", "case": "robin", "full": False, "asks": "fingerprint"}
    read = decode_room(json.dumps({**kept, "seats": seats}))
    assert read == Room(
        *("ABCD2345", Together.ROOM, "robin", "fingerprint"),
        (
            Seat("A", is_begun=True),
            Seat("B", ("V1",), Responses.of({"V1": "no"}), call=ActionOutcome.AGREED, is_begun=True),
        ),
    )


@pytest.mark.parametrize(
    "raw", [[], ["other"], ["counts"], ["ended", 1, "2026-03-04", [6, [], [["V1"]], [None, None, []]]]]
)
def test_a_malformed_view_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r"no view|no outcome"):
        from_plain(raw)


def test_a_room_comes_back_as_it_was() -> None:
    done = Seat(
        "C", ("V1", "V2"), Responses.of({"V1": "no", "first-call": "art"}), is_told=True, call=ActionOutcome.AGREED
    )
    by_link = Seat("D", ticket=3, is_begun=True)
    seats = (Seat("A"), Seat("B", ("V1",), is_anyones=True), done, by_link)
    room = Room("ABCD2345", Together.PAIR, "robin", "fingerprint", seats, is_full=True)
    room = replace(room, door=Door.SHUT, tickets=Tickets("T", 24))

    assert decode_room(encode_room(room)) == room
    assert decode_room(encode_room(room.closed())) == room.closed()
    assert room.closed().seats == ()


def test_nobody_takes_a_seat_in_a_room_that_is_closed() -> None:
    closed = Room("ABCD2345", Together.ROOM, "robin", "fingerprint", (Seat("A"), Seat("B"))).closed()

    assert closed.without("A").with_seat(Seat("B")).with_seat(Seat("C")) == closed


@pytest.mark.parametrize("typed", ["ABCD2345", "abcd-2345", " ABCD 2345 ", "abcd–2345"])
def test_a_code_is_taken_however_it_is_typed(typed: str) -> None:
    assert plain(typed) == "ABCD2345"
    assert spoken(plain(typed)) == "ABCD-2345"


def test_a_pair_stored_without_critical_actions_is_compared_again() -> None:
    assert from_plain(["beside", True, False, 34, [["V1", "no", None]]]) == Beside(is_here=True)


def opened() -> tuple[Guest, Room]:
    table = Table()
    host = hosting(table)
    return host, decode(table, CODE)


def test_joining_a_full_room_reports_that_it_is_full() -> None:
    _, room = opened()
    read = before_joining(room, Coming(OCCASION), script=REHEARSAL_SCRIPT)
    for number in range(MOST[Together.ROOM]):
        room = room.with_seat(Seat(str(number)))

    joined = seated(room, Coming(OCCASION), script=REHEARSAL_SCRIPT)

    assert read.practice.is_under_way
    assert joined.practice == NOT_REHEARSING
    assert [each.key for each in joined.effects if isinstance(each, Toast)] == ["room-full"]


def test_a_guest_whose_case_the_pack_has_no_more_has_left() -> None:
    _, room = opened()
    guest = seated(room, Coming(OCCASION), script=REHEARSAL_SCRIPT)
    card = guest_card(guest.practice, REHEARSAL_SCRIPT, now=OCCASION.now, card=guest.card)
    assert card is not None
    without = replace(REHEARSAL_SCRIPT, pack=replace(REHEARSAL_SCRIPT.pack, vignettes=()))

    pressed = Pressed(OCCASION, guest.card, card.buttons[0].code)
    after = seat_pressed(guest.practice, pressed, script=without, card=guest.card, room=room)

    assert (after.practice.is_under_way, after.card, after.effects, after.room) == (False, guest.card, (), None)
    assert guest_card(after.practice, without, now=OCCASION.now, card=after.card) is None


def test_the_screen_shows_no_code_by_which_nobody_can_join() -> None:
    host, _ = opened()
    shown = []

    for label in ("Nobody else", "Anyone with the code"):
        host.press("Who can join", label, "Back")
        screen = screen_of(host.practice, decode(host.table, CODE), code=CODE, script=REHEARSAL_SCRIPT)
        shown.append(screen.slides[0].shows)

    assert shown == [Shows.WORDS, Shows.JOIN]


def test_a_room_whose_day_is_over_has_no_seats_to_free() -> None:
    host, _ = opened()
    host.press("Who can join")
    host.table.rooms.clear()

    host.look()

    assert "This room is over." in host.text
    assert host.labels == ["Back", "Urgent"]


def test_the_screen_of_an_expired_room_shows_that_it_is_over() -> None:
    """People who still look at the screen see nothing of the case."""
    host, _ = opened()

    screen = screen_of(host.practice, None, code=CODE, script=REHEARSAL_SCRIPT)

    assert (screen.phase, [each.title for each in screen.slides]) == (RoomIs.OVER, ["This room is over."])
    assert screen_of(host.look().practice, None, code=CODE, script=REHEARSAL_SCRIPT) == screen


def test_a_small_group_talks_about_the_critical_actions_without_a_number_of_how_it_answered() -> None:
    table = Table()
    host = hosting(table)
    people(table, 1)[0].finish()
    host.press("End the room", "Close and compare")

    screen = screen_of(host.practice, table.found(CODE), code=CODE, script=REHEARSAL_SCRIPT)

    assert screen.phase is RoomIs.CLOSED
    assert [each.topic for each in screen.slides if each.shows is Shows.ASK] == [
        REHEARSAL_SCRIPT.wording.say(f"critical.{action}") for action in Critical
    ]
    assert [each.row for each in screen.slides if each.row and each.row.cells] == []
    assert "1 of 1" in screen.slides[0].words[0]
    assert screen.slides[-1].title == "To talk about at the end"


def test_what_is_asked_about_an_item_says_nothing_of_its_model_answer() -> None:
    """A question about the item's rule is for the trainer, who asks it once the answer is open."""
    table = Table()
    host = hosting(table)
    for guest in people(table, 6):
        guest.finish()
    host.press("End the room", "Close and compare")

    slides = screen_of(host.practice, table.found(CODE), code=CODE, script=REHEARSAL_SCRIPT).slides

    say = REHEARSAL_SCRIPT.wording.say
    talks = [each.words for each in slides if each.shows is Shows.TALK]
    assert set(talks[len(Critical) :]) == {(say("rehearsal-report.prompt.any"),)}
    noted = [line for each in slides if each.shows is Shows.REVEAL for line in each.notes]
    assert say("rehearsal-report.prompt.look-back") in noted
