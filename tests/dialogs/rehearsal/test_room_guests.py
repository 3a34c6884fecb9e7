"""What a guest and the screen of a room are shown once something has changed meanwhile: the room, or the cases of the pack."""

from dataclasses import replace

from dialogs.core.events import Pressed
from dialogs.core.replies import Toast
from dialogs.rehearsal.core.practice import NOT_REHEARSING
from dialogs.rehearsal.core.rooms import MOST, Room, Seat
from dialogs.rehearsal.guest.seat import (
    Coming,
    RoomIs,
    Shows,
    before_joining,
    guest_card,
    screen_of,
    seat_pressed,
    seated,
)
from state_machines.rehearsal import Together
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.shipped import OCCASION
from tests.support.talk.gathering import CODE, Guest, Table, decode, hosting, people


def opened() -> tuple[Guest, Room]:
    """Somebody who runs a room, and the room."""
    table = Table()
    host = hosting(table)
    return host, decode(table, CODE)


def test_whoever_joins_once_the_last_seat_is_taken_is_told_so() -> None:
    """It had one when they read what it is; they are nowhere, and hold nothing."""
    _, room = opened()
    read = before_joining(room, Coming(OCCASION), script=REHEARSAL_SCRIPT)
    for number in range(MOST[Together.ROOM]):
        room = room.with_seat(Seat(str(number)))

    joined = seated(room, Coming(OCCASION), script=REHEARSAL_SCRIPT)

    assert read.practice.is_under_way
    assert joined.practice == NOT_REHEARSING
    assert [each.key for each in joined.effects if isinstance(each, Toast)] == ["room-full"]


def test_a_guest_whose_case_the_pack_has_no_more_has_left() -> None:
    """Their next tap does nothing and says nothing, and there is no card of it."""
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
    """Once the host has shut the room, and again once they have opened it."""
    host, _ = opened()
    shown = []

    for label in ("Nobody else", "Anyone with the code"):
        host.press("Who can join", label, "Back")
        screen = screen_of(host.practice, decode(host.table, CODE), code=CODE, script=REHEARSAL_SCRIPT)
        shown.append(screen.slides[0].shows)

    assert shown == [Shows.WORDS, Shows.JOIN]


def test_a_room_whose_day_is_over_has_no_seats_to_free() -> None:
    """Its host, who looks at them, is told so."""
    host, _ = opened()
    host.press("Who can join")
    host.table.rooms.clear()

    host.look()

    assert "This room is over." in host.text
    assert host.labels == ["Back", "Urgent"]


def test_the_screen_of_a_room_whose_day_is_over_says_so() -> None:
    """Whether its host has tapped since or not: nothing of the case is shown to those who still look."""
    host, _ = opened()

    screen = screen_of(host.practice, None, code=CODE, script=REHEARSAL_SCRIPT)

    assert (screen.phase, [each.title for each in screen.slides]) == (RoomIs.OVER, ["This room is over."])
    assert screen_of(host.look().practice, None, code=CODE, script=REHEARSAL_SCRIPT) == screen


def test_the_screen_of_a_small_group_has_neither_numbers_nor_a_map() -> None:
    """How many there were, why there is no more, and what to talk about."""
    table = Table()
    host = hosting(table)
    people(table, 1)[0].finish()
    host.press("End the room", "Close and compare")

    screen = screen_of(host.practice, table.found(CODE), code=CODE, script=REHEARSAL_SCRIPT)

    assert screen.phase is RoomIs.CLOSED
    assert {each.shows for each in screen.slides} == {Shows.WORDS}
    assert "1 of 1" in screen.slides[0].words[0]
    assert screen.slides[-1].title == "To talk about at the end"
