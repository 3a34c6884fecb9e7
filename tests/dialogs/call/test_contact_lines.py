"""Tests of the line that says whom to call: the order of its contacts, and how their telephone numbers are shown."""

from dataclasses import replace

import pytest

from dialogs.core.script import Script
from dialogs.phrases.whom_to_call import care_numbers, contact_entries, contact_line, doubt_line, urgent_line
from seraf.advice.contacts import Check, Contact, Contacts, LocalTime
from seraf.form.responses import Responses
from tests.support.shipped import NOON, PACK, SCRIPT, TERMINAL, WORDING, at
from tests.support.talk.talking import Talk

PLAIN = Script(PACK, WORDING, TERMINAL)
ART, EDT = "ART 01454 866000", "Emergency Duty Team 01454 615165"
AGAIN = "No answer: again in 10 minutes, then 101."
EVENING = at("2026-03-04T19:00")
ELSEWHERE = "Children's services where the child lives"


def line(**answers: str) -> str:
    return contact_line(PLAIN, NOON, answers=Responses.of(answers))


def with_contact(script: Script, contact: Contact) -> Script:
    contacts = Contacts(tuple(contact if each.id == contact.id else each for each in script.pack.contacts.all))
    return replace(script, pack=replace(script.pack, contacts=contacts))


@pytest.mark.parametrize(
    ("hour", "whom"),
    [
        ("2026-03-03T14:00", f"{ART}. {AGAIN}"),
        ("2026-03-06T16:10", f"{ART}. No answer: {EDT} (from 16:30)."),
        ("2026-03-06T16:45", f"{EDT}. No answer: {ART}."),
        ("2026-03-04T19:00", f"{EDT}. {AGAIN}"),
        ("2026-03-07T14:00", f"{EDT}. {AGAIN}"),
    ],
)
def test_the_number_that_answers_is_named_and_near_the_edges_both(hour: str, whom: str) -> None:
    """The stored office hours are not confirmed, so both offices are named
    within half an hour of opening or closing. At other times nobody is sent to a closed office.
    """
    assert contact_line(PLAIN, at(hour)) == f"Call {whom} In danger: 999."


def test_an_adviser_s_manager_is_no_night_number_and_a_school_also_calls_art() -> None:
    adviser = Responses.of({"profession": "leaving-care", "age": "18-25"})

    assert care_numbers(PLAIN, NOON, answers=adviser, is_short=True).startswith("The number is in your records.")
    assert care_numbers(PLAIN, EVENING, answers=adviser, is_short=True).startswith(EDT)
    school = Responses.of({"profession": "school", "allocated": "yes"})
    assert "Also call ART" in care_numbers(PLAIN, NOON, answers=school, is_short=True)


YOUNG, ADVISER = {"age": "18-25", "profession": "health"}, {"age": "18-25", "profession": "leaving-care"}
OPEN, AWAY, FIRST = (
    {"allocated": "yes"},
    {"lives_elsewhere": "yes"},
    "Ask the person first, unless the risk is serious. Then call",
)


@pytest.mark.parametrize(
    ("now", "answers", "begins"),
    [
        (NOON, {"danger": "yes"}, f"Call 999 first. Then call {ART}. {AGAIN}"),
        (NOON, {"danger": "not-known", "missing_now": "yes"}, "Call 999 first."),
        (NOON, {"danger": "yes"} | OPEN | AWAY, "Call 999 first. Then call the allocated"),
        (NOON, {"profession": "social-care"}, "Your manager · police 101 · in danger 999"),
        (EVENING, {"profession": "social-care"}, f"{EDT} · police 101 · in danger 999"),
        (NOON, OPEN, f"Call the allocated social worker or their team. No answer: {ART}. In danger: 999."),
        (NOON, AWAY, f"Call {ELSEWHERE} (Ours, not from the guidance). For the number, or if nobody answers: {ART}."),
        (NOON, OPEN | AWAY, f"Call the allocated social worker or their team. No answer: {ELSEWHERE} (Ours"),
        (NOON, ADVISER, f"{FIRST} your leaving care manager, then ART"),
        (NOON, YOUNG, f"{FIRST} the leaving care team. Ask for their number: ART"),
        (EVENING, ADVISER, f"{FIRST} {EDT}"),
        (NOON, YOUNG | {"danger": "yes"}, "Call 999 first."),
        (NOON, YOUNG | {"danger": "not-known"}, "Call the leaving"),
        (
            NOON,
            {"profession": "school"} | OPEN,
            f"Call the allocated social worker or their team, and {ART}. In danger: 999.",
        ),
    ],
)
def test_whom_to_call_follows_from_danger_the_case_the_role_and_the_hour(
    now: LocalTime, answers: dict[str, str], begins: str
) -> None:
    """999 comes first in danger. Social care is not sent to its own service, and a young adult is asked first."""
    assert contact_line(PLAIN, now, answers=Responses.of(answers)).startswith(begins)


def test_the_police_are_not_sent_to_999() -> None:
    """Police officers answer 999 themselves, and 101 is their own number."""
    assert line(profession="police").startswith(f"Call {ART}. ")
    assert "101" not in line(profession="police").replace(ART, "")
    assert "999" not in line(profession="police", danger="yes")


@pytest.mark.parametrize("answer", ["no", "not-known"])
def test_an_answer_that_is_not_yes_changes_nothing(answer: str) -> None:
    assert line(danger=answer, allocated=answer, lives_elsewhere=answer) == line()


def test_a_board_may_give_the_number_of_another_areas_front_door() -> None:
    script = with_contact(PLAIN, replace(PACK.contacts["elsewhere"], value="101"))

    assert f"Call {ELSEWHERE} 101 (Ours" in contact_line(script, NOON, answers=Responses.of({"lives_elsewhere": "yes"}))


def test_urgent_has_999_first_and_is_the_same_in_every_case() -> None:
    """The card of /urgent does not reveal that danger was reported, or that a case is open."""
    plain, dangerous = Talk().open_with(), in_danger()

    for talk in (plain, dangerous):
        talk.command("urgent")

    assert urgent_line(PLAIN, NOON) == f"In danger: 999. If not: {ART} · {EDT}"
    assert plain.text == dangerous.text


def test_advice_about_dead_numbers_is_shown_while_one_is_doubtful() -> None:
    checks = [Check(each, PACK.contacts[each].value, NOON.today, is_right=True) for each in ("art", "edt")]
    sure = replace(SCRIPT, pack=replace(PACK, contacts=PACK.contacts.with_checks(checks)))

    assert doubt_line(SCRIPT, NOON) == ("One of these numbers may be out of date. No answer? Try the other, then 101.",)
    assert doubt_line(sure, NOON) == ()


def test_numbers_that_a_tap_rings_are_shown_in_dialled_form_too() -> None:
    entries = contact_entries(SCRIPT, NOON)

    assert "ART 01454 866000 (+441454866000)" in contact_line(SCRIPT, NOON)
    assert entries[0].startswith("Emergency: 999. ")
    assert entries[1].startswith("ART: 01454 866000 (+441454866000). ")
    assert "+44" not in "".join((contact_line(PLAIN, NOON), *contact_entries(PLAIN, NOON)))


def test_a_number_written_as_dialled_is_given_once() -> None:
    script = with_contact(SCRIPT, replace(PACK.contacts["art"], value="+441454866000"))

    assert contact_entries(script, NOON)[1].startswith("ART: +441454866000. ")


@pytest.mark.parametrize(
    ("contact", "known"),
    [
        (PACK.contacts["art"], " Not confirmed (seen April 2024). Check overdue."),
        (replace(PACK.contacts["art"], checked_on=None), " Not confirmed by your board."),
        (replace(PACK.contacts["art"], confirmed=True), " Checked 30 April 2024. Check overdue."),
        (replace(PACK.contacts["art"], confirmed=True, checked_on=NOON.today), " Checked 4 March 2026."),
        (replace(PACK.contacts["art"], confirmed=True, checked_on=None), " You do not need a SERAF to call."),
    ],
)
def test_every_entry_states_how_reliable_its_number_is(contact: Contact, known: str) -> None:
    """An entry says when its number was last confirmed, or that it never was, and whether a check is overdue."""
    assert contact_entries(with_contact(PLAIN, contact), NOON)[1].endswith(known)


def test_the_specialist_service_is_never_a_reason_to_wait() -> None:
    """The number is not set: the entry says to ask ART, and never to wait for the service."""
    (entry,) = [each for each in contact_entries(PLAIN, NOON) if "specialist" in each]

    assert entry == (
        "Commissioned specialist CSE service: not set by your board, ask ART. Talk to it before you refer to it."
        " Never wait for it."
    )


def test_not_for_seraf_and_in_danger_is_999_first_too() -> None:
    """A child in danger needs 999, even if the concern is one that SERAF is not meant for."""
    talk = Talk().begin().press("Start", "School", "In danger", "Prepare the call", "No", "No, something else")

    assert "Call 999 first. Then call ART" in talk.text


def in_danger() -> Talk:
    return Talk().begin().press("Start", "School", "In danger", "Prepare the call", "No", "Yes", "13–15")
