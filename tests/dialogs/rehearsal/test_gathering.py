"""Tests of rooms (group rehearsals): who sees what, when a room ends, and that nobody is stuck or identifiable."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from dialogs.core.events import Lapsed, Pressed
from dialogs.rehearsal.core.practice import NOT_REHEARSING, History, encode_practice
from dialogs.rehearsal.core.rooms import MOST, Beside, Counts, Ended, Room, Seat, decode_room
from dialogs.rehearsal.together.room_turn import REMEMBERED, seat_actions
from seraf.rehearsal.agreement import Compared, TooFew
from seraf.rehearsal.critical_actions import ActionOutcome
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Stage, Together
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.shipped import SCRIPT
from tests.support.talk.gathering import (
    CODE,
    Guest,
    Table,
    decode,
    hosting,
    next_label,
    otherwise,
    pair,
    people,
    usually,
)

ITEMS = 30


def _manager_first(text: str, labels: Sequence[str], role: str) -> str:
    return role if role in labels else usually(text, labels)


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def host(table: Table) -> Guest:
    return hosting(table)


def test_the_host_sees_how_many_people_are_how_far(table: Table, host: Guest) -> None:
    guests = people(table, 3)
    guests[0].finish()
    guests[1].finish("item 4 of")

    host.look()

    assert isinstance(host.practice.membership.seen, Counts)
    assert (host.practice.membership.seen.joined, host.practice.membership.seen.finished) == (3, 1)
    assert [dict(host.practice.membership.seen.answered)[f"V{number}"] for number in (1, 3, 4)] == [2, 2, 1]
    assert "3 of up to 60 joined. 1 finished." in host.text
    assert "1:2 2:2 3:2 4:1" in host.text


def test_at_the_end_it_is_shown_where_people_differ_and_the_answers_are_gone(table: Table, host: Guest) -> None:
    for guest in people(table, 6):
        guest.finish()

    host.press("End the room", "Close and compare")

    assert decode(table, CODE).seats == ()
    assert isinstance(host.practice.membership.seen, Ended)
    pages = [host.text]
    while "Next page" in host.labels:
        pages.append(host.press("Next page").text)
    text = "\n".join(pages)
    alike = re.search(r"At (\d+) of 30 items everyone gave the same answer, and it fits", text)
    missed = re.findall(r"^(\d+)\. .+\nAll alike. 6 of 6 did not give the model answer", text, re.MULTILINE)
    assert alike is not None
    assert int(alike[1]) + len(missed) == ITEMS - 1
    assert text.index("First call\nAll alike.") < text.index("Items that most missed\n") < text.index("Other items")
    assert "3. Sexual abuse: Yes 3, No 3 (model answer), Not known 0. 6 answered." in text


def test_the_stored_room_holds_no_row_of_a_person(table: Table, host: Guest) -> None:
    guests = people(table, 5)
    for guest in guests:
        guest.finish()
    open_ = encode_practice(host.look().practice)
    host.press("End the room", "Close and compare")
    closed = encode_practice(host.practice)

    for kept in (open_, closed):
        assert not [guest for guest in guests if guest.practice.membership.seat in kept]
        assert '"V1":"no"' not in kept.replace(" ", "")


@pytest.mark.parametrize("finished", range(5))
def test_of_fewer_than_five_nothing_is_shown(table: Table, host: Guest, finished: int) -> None:
    for guest in people(table, 5)[:finished]:
        guest.finish()

    host.press("End the room", "Close and compare")

    assert isinstance(host.practice.membership.seen, Ended)
    assert host.practice.membership.seen.outcome == TooFew(finished)
    assert f"{finished} of 5 people finished." in host.text
    assert "Sexual abuse" not in host.text
    assert not {"Heat map", "Results PDF"} & set(host.labels)


def test_an_unfinished_person_is_not_counted_and_continues_alone(table: Table, host: Guest) -> None:
    *done, late = people(table, 6)
    for guest in done:
        guest.finish()
    host.press("End the room", "Close and compare")

    late.press("Next page")
    result = late.toasts + late.press("Back").toasts
    late.finish().press("My answers")
    waits = late.text
    host.press("Open model answers")
    late.press("My answers")

    assert result == ["room-closed"]
    assert "once you are told that they are open" in waits
    assert "counted" not in waits
    assert late.toasts == ["key-open"]
    assert isinstance(host.practice.membership.seen, Ended)
    assert isinstance(host.practice.membership.seen.outcome, Compared)
    assert host.practice.membership.seen.outcome.people == len(done)
    assert "critical action" in late.text
    assert late.practice.history.course[-1].mode is Mode.ROOM


def test_a_decider_may_call_a_manager_and_their_role_is_not_stored(table: Table) -> None:
    hosting(table)
    judged = {}
    for role in ("School", "Social worker"):
        guest = Guest(table, partial(_manager_first, role=role))
        guest.join()
        guest.finish("Who would you contact first?").press("Manager or lead")
        seat = decode(table, CODE).seat(guest.practice.membership.seat)
        assert seat is not None
        (keyed,) = (each.key for each in REHEARSAL_SCRIPT.pack.vignettes if each.id == "robin")
        judged[role] = seat_actions(seat, REHEARSAL_SCRIPT.pack, key=keyed)[3].outcome

    assert judged == {"School": ActionOutcome.MISSED, "Social worker": ActionOutcome.AGREED}
    assert "social-care" not in table.rooms[CODE]


def test_changing_a_finished_rehearsal_changes_no_count(table: Table) -> None:
    hosting(table)
    (guest,) = people(table, 1)
    guest.finish()
    before = decode_room(table.rooms[CODE])

    guest.press("My answers", "Back", "Something changed", "Change answers", "Continue").press("Yes")

    assert guest.practice.stage is Stage.SERAF
    assert before is not None
    assert decode_room(table.rooms[CODE]) == before


def test_leaving_frees_an_unfinished_seat_and_not_a_finished_one(table: Table, host: Guest) -> None:
    first, second = people(table, 2)
    first.finish().press("Leave", "Leave")
    second.press("Leave")

    host.look()

    assert isinstance(host.practice.membership.seen, Counts)
    assert (host.practice.membership.seen.joined, host.practice.membership.seen.finished) == (1, 1)
    assert first.practice.membership.room == second.practice.membership.room == ""


def test_sixty_may_join_and_the_next_reads_why_not(table: Table) -> None:
    """A person who was already offered “Join” before the last seat was taken is refused as well."""
    hosting(table)
    asked = Guest(table)
    asked.begin().command("join", CODE)
    people(table, MOST[Together.ROOM])
    late = Guest(table)

    late.begin().command("join", CODE)
    asked.press("Join")

    assert (late.toasts, asked.toasts) == (["room-full"], ["room-full"])
    assert not late.practice.is_under_way
    assert not asked.practice.is_under_way


def test_a_room_that_its_trainer_leaves_is_gone(table: Table, host: Guest) -> None:
    asked = Guest(table)
    asked.begin().command("join", CODE)

    host.begin().press("Leave")
    asked.press("Join")

    assert table.rooms == {}
    assert asked.toasts == ["no-room"]
    assert not asked.practice.is_under_way


@pytest.mark.parametrize("name", ["erase", "cancel"])
def test_no_word_ends_a_room_before_its_trainer_was_asked(table: Table, host: Guest, name: str) -> None:
    host.command(name)
    asked, kept = host.text, list(table.rooms)
    host.command(name)

    assert "Close the room?" in asked
    assert kept == [CODE]
    assert table.rooms == {}
    assert not host.practice.is_under_way


def test_nothing_that_is_opened_over_the_card_of_a_room_ends_it(host: Guest) -> None:
    over = host.press("Urgent").labels
    real = host.press("Back").begin().text

    assert "Leave" not in over
    assert "your room ends for everybody in it" in real


@pytest.mark.parametrize("words", ["", "WRNG2345"])
def test_a_wrong_code_touches_no_room(table: Table, host: Guest, words: str) -> None:
    done, *_ = people(table, 3)
    done.finish().press("My answers")
    asked = Guest(table)
    asked.command("join", CODE)
    before = table.rooms[CODE]

    done.command("join", words)
    asked.command("join", words)

    assert table.rooms == {CODE: before}
    assert isinstance(host.look().practice.membership.seen, Counts)
    assert "3 of up to 60 joined. 1 finished." in host.text


def test_a_room_that_was_closed_stays_closed(table: Table, host: Guest) -> None:
    done, late = people(table, 2)
    done.finish().press("My answers")
    host.press("End the room", "Close and compare")
    closed, newcomer = dict(table.rooms), Guest(table)

    done.command("join", "WRNG2345")
    late.press("Next page")
    late.finish()
    newcomer.command("join", CODE)
    host.look().command("join", "WRNG2345")
    still = dict(table.rooms)
    host.press("Open model answers")
    done.press("My answers", "My progress", "Back")
    late.press("My answers")

    assert still == closed
    assert newcomer.toasts == ["room-full"]
    assert table.rooms == {}


@pytest.mark.parametrize("way", ["Open model answers", "Leave", "the day is over"])
def test_the_key_is_closed_until_it_is_opened_for_everybody(table: Table, host: Guest, way: str) -> None:
    early, *others = people(table, 6)
    early.finish().press("My answers")
    answering, course = early.text, early.practice.history.course
    again = early.press("My answers").toasts
    for guest in others:
        guest.finish()
    host.press("End the room", "Close and compare")
    closed = [others[0].press("My answers").text, *(card.text for card in early.press("Back", "My answers").cards)]
    if way == "the day is over":
        table.rooms.clear()
        host.look()
    else:
        host.press(*([way, way] if way == "Leave" else [way]))
    early.press("My answers")

    assert "Your answers are counted." in answering
    assert (course, again) == ((), ["key-held"])
    assert "The room is closed" in closed[0]
    assert not [text for text in closed if "odel answer:" in text]
    assert early.toasts == ["key-open"]
    assert "critical actions missed" in early.text
    assert [each.mode for each in early.practice.history.course] == [Mode.ROOM]
    assert way == "Leave" or isinstance(host.practice.membership.seen, Ended)
    assert "Open model answers" not in host.labels


def test_the_host_is_asked_before_leaving_a_closed_key(table: Table, host: Guest) -> None:
    host.press("End the room", "Close and compare")

    toasts = [host.command(name, CODE).toasts for name in ("room", "join", "rehearse")]
    host.begin()

    assert toasts == [["rehearsing-first"], ["rehearsing-first"], ["rehearsing"]]
    assert "they can all see the model answers" in host.text
    assert list(table.rooms) == [CODE]


def test_a_code_of_another_pair_gives_nobody_away() -> None:
    table = Table(draw=Random(7))
    host = hosting(table)
    (stranger,) = (Guest(table),)
    stranger.join(host.practice.membership.room)
    stranger.finish()
    host.press("End the room", "Close and compare", "Open model answers")
    stranger.press("My answers")
    first, second = Guest(table), Guest(table, otherwise)
    first.command("pair").press("Case 1", "I agree")
    second.join(first.practice.membership.room)
    before = dict(table.rooms)

    stranger.command("join", first.practice.membership.room)

    assert stranger.toasts == ["room-full"]
    assert table.rooms == before


def test_a_full_room_has_no_further_seat() -> None:
    room = Room(CODE, Together.PAIR, "robin", "fingerprint", (Seat("A"), Seat("B")), is_full=True)

    assert room.with_seat(Seat("C")) == room
    assert room.with_seat(Seat("B", ("V1",))).seat("B") == Seat("B", ("V1",))


def test_somebody_is_counted_once(table: Table, host: Guest) -> None:
    done, early = people(table, 2)
    done.finish().press("Leave", "Leave")
    early.press("Leave")

    done.command("join", CODE)
    early.join()

    assert done.toasts == ["room-been"]
    assert done.practice.history.counted_in == ((CODE, "robin"),)
    assert isinstance(host.look().practice.membership.seen, Counts)
    assert "2 of up to 60 joined. 1 finished." in host.text


def test_the_latest_room_is_remembered_however_many_there_were(table: Table) -> None:
    """Otherwise the person could join it again on the same day and be counted twice."""
    hosting(table)
    (guest,) = people(table, 1)
    earlier = tuple((f"ROOM{number:04}", f"case-{number}") for number in range(REMEMBERED))
    guest.held = replace(guest.held, practice=replace(guest.practice, history=History(counted_in=earlier)))

    guest.finish().press("Leave", "Leave")

    assert guest.practice.history.counted_in == (*earlier[1:], (CODE, "robin"))
    assert guest.command("join", CODE).toasts == ["room-been"]


def test_nobody_is_counted_in_two_rooms_on_one_case() -> None:
    """Comparing the results of two rooms with nearly the same members would reveal one person's answers."""
    table = Table(draw=Random(3))
    hosts = [hosting(table), hosting(table)]
    rooms = [host.practice.membership.room for host in hosts]
    guest, early = Guest(table), Guest(table)
    guest.join(rooms[0]).finish().press("Leave", "Leave")
    early.join(rooms[0]).press("Leave")

    refused = guest.command("join", rooms[1]).toasts
    early.join(rooms[1])
    guest.held = replace(
        guest.held, practice=replace(guest.practice, history=History(counted_in=((rooms[0], "another"),)))
    )

    assert refused == ["case-been"]
    assert early.practice.membership.seat
    assert guest.join(rooms[1]).practice.membership.seat


def test_ticks_of_a_card_are_not_counted_before_all_of_it_is_answered(table: Table, host: Guest) -> None:
    """In quick order only ticks are answers at first: a count for a single item would reveal who ticked it."""
    (guest,) = people(table, 1)
    while "Quick" not in guest.labels:
        guest.press(next_label(guest.text, guest.labels, usually))
    guest.press("Quick")
    seen = []
    for label in guest.labels[:4]:
        guest.answer(label)
        seen.append(host.look().practice.membership.seen)
    guest.press("None of the others")
    whole = host.look().practice.membership.seen

    assert seen == [Counts(joined=1)] * 4
    assert isinstance(whole, Counts)
    assert [count for _, count in whole.answered] == [1] * 11


def test_another_list_of_items_ends_a_room(table: Table, host: Guest) -> None:
    """Answers to different lists of items are never counted together."""
    (guest,) = people(table, 1)
    guest.finish()
    instrument = REHEARSAL_SCRIPT.pack.instrument
    first, *others = instrument.items
    instrument = replace(instrument, items=(replace(first, label="Asked otherwise"), *others))
    host.script = replace(REHEARSAL_SCRIPT, pack=replace(REHEARSAL_SCRIPT.pack, instrument=instrument))
    newcomer = Guest(table)
    newcomer.script = host.script

    newcomer.command("join", CODE)

    assert newcomer.toasts == ["no-room"]
    assert "This room is over." in host.look().text


def test_looking_at_the_story_leads_back_to_the_first_call(table: Table) -> None:
    hosting(table)
    (guest,) = people(table, 1)
    guest.finish("Who would you contact first?")
    by_back = guest.press("The story", "Back").text
    by_button = guest.press("The story", "Next page", "The SERAF").text
    guest.finish()

    assert "Who would you contact first?" in by_back
    assert "Who would you contact first?" in by_button
    assert len(decode(table, CODE).finished) == 1


@pytest.mark.parametrize("presses", [(), ("End the room",)])
def test_an_expired_room_is_reported_as_over(table: Table, host: Guest, presses: tuple[str, ...]) -> None:
    host.press(*presses)
    table.rooms.clear()

    host.look()

    assert "This room is over." in host.text
    assert host.labels == ["Leave", "Urgent"]


def test_ending_it_can_be_thought_better_of(table: Table, host: Guest) -> None:
    host.press("End the room", "Keep it open")

    assert "Your room: " in host.text
    assert list(table.rooms) == [CODE]


def test_something_real_asks_first_and_leaves_the_room_open_meanwhile(table: Table, host: Guest) -> None:
    host.begin()
    people(table, 2)

    host.press("Keep rehearsing")

    assert "2 of up to 60 joined" in host.text


def test_codes_that_open_nothing(table: Table) -> None:
    guest = Guest(table)
    said = [guest.command("join").toasts, guest.command("join", "WRNG-2345").toasts]
    hosting(table)
    table.rooms = {CODE: table.rooms[CODE].replace("robin", "somebody")}

    assert [*said, guest.command("join", CODE).toasts] == [["join-how"], ["no-room"], ["no-room"]]


@pytest.mark.parametrize("name", ["room", "pair", "join"])
def test_where_nobody_else_can_come_there_are_none(name: str) -> None:
    guest = Guest(Table(replace(REHEARSAL_SCRIPT, link="")))

    assert guest.command(name).toasts == ["no-rooms"]
    assert "In a pair" not in guest.press("Rehearse").labels


def test_where_there_are_no_made_up_cases_there_are_none() -> None:
    script = replace(SCRIPT, pack=replace(SCRIPT.pack, vignettes=()))

    assert Guest(Table(script)).command("room").toasts == ["no-vignettes"]


def test_data_of_a_newer_release_is_left_alone() -> None:
    guest = Guest(Table())
    guest.held = replace(guest.held, practice=replace(NOT_REHEARSING, newer='{"v":99}'))

    assert guest.command("room").toasts == ["newer-rehearsal"]


@pytest.mark.parametrize("name", ["room", "pair", "join"])
def test_in_the_middle_of_a_rehearsal_it_has_to_be_left_first(table: Table, name: str) -> None:
    hosting(table)
    (guest,) = people(table, 1)

    assert guest.command(name, CODE).toasts == ["rehearsing-first"]
    assert guest.practice.membership.seat


def test_at_rest_it_is_begun_at_once(table: Table, host: Guest) -> None:
    guest = Guest(table)
    guest.begin().press("Rehearse")
    guest.join().finish()
    host.press("End the room", "Close and compare", "Open model answers").command("room")
    guest.press("My answers").command("pair")

    assert (guest.toasts, host.toasts) == ([], [])
    assert {guest.practice.stage, host.practice.stage} == {Stage.LIST}


def test_a_room_of_a_newer_release_counts_as_none() -> None:
    assert decode_room('{"v":99}') is None


def test_an_old_press_joins_nothing(table: Table) -> None:
    hosting(table)
    guest = Guest(table)
    guest.begin().command("join", CODE)
    card, code = guest.card.token, guest.button("Join").code
    guest.press("Leave").take(Pressed(guest.occasion, card, code))

    assert guest.toasts == ["stale"]
    assert guest.practice == NOT_REHEARSING


def test_time_alone_changes_no_card_that_follows_nothing(table: Table) -> None:
    hosting(table)
    (guest,) = people(table, 1)
    before = guest.card

    guest.take(Lapsed(guest.occasion))

    assert guest.card == before


def test_both_see_the_critical_actions_first_and_then_only_where_they_differ(table: Table) -> None:
    first, second = pair(table)
    first.finish().press("Where we differ")
    waiting = first.text
    second.finish().press("Where we differ")
    first.look()

    assert "The other person has not finished." in waiting
    assert first.text.split("\n\n")[2] == "Critical actions missed: by you 2 of 5, by the other 2"
    assert "Judgement: missed by both. You: No. The other: No. Model answer: Yes." in first.text
    assert "Category: missed by both. You: between 1 and 4." in first.text
    assert "Items" not in first.text
    first.press("Next page")
    assert "3. Sexual abuse\nYou: No. The other: Yes." in first.text
    assert "3. Sexual abuse\nYou: Yes. The other: No." in second.press("Next page").text
    assert "29 of 30 items alike" in first.text
    assert "4. " not in first.text
    assert table.rooms == {}


def test_identical_results_are_reported_in_one_line(table: Table) -> None:
    first, second = pair(table)
    second.says = usually
    first.finish()
    second.finish().press("Where we differ")

    assert "answered 30 of 30 items alike" in second.press("Next page").text


def test_whom_each_would_call_first_is_compared_as_well(table: Table) -> None:
    first, second = pair(table)
    first.finish()
    second.finish("Who would you contact first?").press("Nobody today", "Where we differ")
    first.look().press("Where we differ")

    assert "First call: missed by the other. You: ART (or EDT). The other: Nobody today." in first.text


def test_each_of_a_pair_is_shown_the_model_answer_for_their_own_role(table: Table) -> None:
    first, second = pair(table)
    second.says = partial(_manager_first, role="Social worker")
    first.finish()
    second.finish("Who would you contact first?").press("Manager or lead", "Where we differ")
    first.look().press("Where we differ")

    assert "First call. You: ART (or EDT). The other: Manager or lead. Model answer: ART (or EDT)." in first.text
    assert "You: Manager or lead. The other: ART (or EDT). Model answer: Manager or lead." in second.text


def test_before_one_has_finished_they_are_shown_nothing_of_the_other(table: Table) -> None:
    first, second = pair(table)
    second.finish()

    first.look()

    assert first.practice.membership.seen == Beside(is_here=True)
    assert "Where we differ" not in first.labels


def test_nobody_else_joins_a_pair_even_when_one_has_left(table: Table) -> None:
    first, second = pair(table)
    second.press("Leave")
    third = Guest(table)

    third.begin().command("join", CODE)

    assert third.toasts == ["room-full"]
    assert first.look().practice.membership.seen == Beside(has_left=True)
    assert "There is nothing to compare." in first.text
    assert "/join" not in first.text


def test_a_person_left_alone_is_told_and_can_continue(table: Table) -> None:
    first, second = pair(table)
    first.finish().press("Where we differ")
    second.press("Leave")

    assert "There is nothing to compare." in first.look().text
    first.press("Back", "My answers")
    assert "critical actions missed" in first.text
    assert first.practice.history.course[-1].mode is Mode.PAIR


def test_a_waiting_person_loses_the_pair_only_by_leaving(table: Table) -> None:
    first, second = pair(table)
    first.finish().press("My answers")
    labels = first.labels
    first.command("pair")
    said = first.toasts
    first.press("My progress", "Back", "Back")
    second.finish()
    first.look().press("Where we differ")

    assert "Next case" not in labels
    assert said == ["rehearsing-first"]
    assert "29 of 30 items alike" in first.press("Next page").text
    assert "Next case" in first.press("Back", "My answers").labels


def test_equal_answers_of_the_other_are_not_stored(table: Table) -> None:
    first, second = pair(table)
    first.finish()
    second.finish()

    seen = first.look().practice.membership.seen
    assert isinstance(seen, Beside)
    assert (seen.of, seen.differing, len(seen.critical)) == (30, (("V3", "no", "yes"),), 5)


def test_leaving_the_other_without_a_comparison_asks_first(table: Table) -> None:
    first, second = pair(table)
    first.finish().press("My answers", "Leave")

    assert "the other person cannot compare any more" in first.text
    assert first.press("Keep rehearsing").practice.membership.room == CODE
    assert not second.press("Leave").practice.is_under_way


def test_a_pair_that_both_left_is_gone(table: Table) -> None:
    first, second = pair(table)

    first.press("Leave")
    second.press("Leave")

    assert table.rooms == {}


def test_an_expired_pair_is_reported_as_over(table: Table) -> None:
    first = Guest(table)
    first.begin().command("pair").press("Case 1", "I agree")
    table.rooms.clear()
    waiting = first.look().text
    other = Table()
    one, _ = pair(other)
    one.finish()
    other.rooms.clear()
    one.press("Where we differ")

    assert "There is nothing to compare." in waiting
    assert "There is nothing to compare." in one.text
