"""Tests of every role with every command: the bot does what the table of roles and commands states."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.storage.values import Done
from dialogs.core import role as role_module
from dialogs.core.acts import OF_TEAMS, Act, Administer, Go, Kind, Open, Overlay, PeopleDeed, Rehearse, code_of
from dialogs.core.role import CONSULTING, EVERYBODY, ROWS, Role, RoleRow
from dialogs.turn.commands import NAMES, ROLES
from dialogs.turn.roles import command_of_act, may
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn
from tests.support.people.commands import DONE, EXPECTED
from tests.support.people.visiting import OPEN, Visitor

COLUMNS = tuple(zip("pmtao", Role, strict=True))
CELLS = [(role, name, letter in EXPECTED[name]) for name in NAMES for letter, role in COLUMNS]


def test_the_table_has_a_row_for_every_command_and_no_other() -> None:
    assert set(ROLES) == set(NAMES) == set(EXPECTED)
    assert {Role.AUDITOR} == EVERYBODY - CONSULTING


@pytest.mark.parametrize("role", Role)
def test_a_command_outside_the_table_belongs_to_no_role(role: Role) -> None:
    assert not may(role, "delete_everything")


@pytest.mark.parametrize(("role", "name", "is_allowed"), CELLS)
async def test_each_cell_is_what_the_bot_does(role: Role, name: str, is_allowed: bool) -> None:
    sam = await Visitor.let_in(role)
    if role in CONSULTING:
        await sam.begin()
        await sam.command("pause" if name == "resume" else "contacts")
    before = sam.text

    await sam.command(name)

    assert isinstance(sam.outcome, Done)
    if is_allowed:
        assert DONE[name](sam), sam.text
    else:
        assert sam.text == before
        assert sam.toasts == ["role"]
    assert (sam.record.case is None) == (role not in CONSULTING)


BUTTONS: dict[str, tuple[Act, ...]] = {
    "urgent": (Open(Overlay(Kind.URGENT)),),
    "call": (Open(Overlay(Kind.CALL)),),
    "contacts": (Open(Overlay(Kind.CONTACTS)),),
    "help": (Open(Overlay(Kind.HELP)),),
    "explain": (Open(Overlay(Kind.TERMS, "1")), Open(Overlay(Kind.EXPLAIN, "grooming"))),
    "guide": (Open(Overlay(Kind.GUIDE)),),
    "erase": (Open(Overlay(Kind.ERASE)), Go(Trigger.ERASE)),
    "review": (Open(Overlay(Kind.REVIEW)),),
    "start": (Go(Trigger.START),),
    "pause": (Go(Trigger.PAUSE),),
    "resume": (Go(Trigger.RESUME),),
    "rehearse": tuple(Rehearse(turn) for turn in Turn if turn is not Turn.HOST),
    "room": (Rehearse(Turn.HOST),),
    "people": tuple(Administer(deed) for deed in PeopleDeed if deed not in OF_TEAMS),
    "team": tuple(map(Administer, OF_TEAMS)),
}
"""For each command, the buttons that do the same."""


def test_every_button_is_the_command_that_was_agreed_or_none() -> None:
    every: list[Act] = [
        *map(Go, Trigger),
        *map(Rehearse, Turn),
        *map(Administer, PeopleDeed),
        *(Open(Overlay(kind)) for kind in Kind),
    ]
    agreed = {code_of(act): command for command, acts in BUTTONS.items() for act in acts}
    agreed |= {"o:explain:": "explain", "o:terms:": "explain", "o:ask:": "ask"}

    assert {code_of(act): command_of_act(act) for act in every} == {
        code_of(act): agreed.get(code_of(act), "") for act in every
    }


@pytest.mark.parametrize("command", [name for name in BUTTONS if EXPECTED[name] in ("pmta-", "---a-", "-m-a-")])
async def test_a_button_that_is_a_command_of_others_is_refused_with_the_word_of_the_role(command: str) -> None:
    sam = await Visitor.let_in(Role.AUDITOR)

    for act in BUTTONS[command]:
        await sam.tap(code_of(act))
        assert sam.toasts == ["role"]

    assert sam.record.case is None


async def test_a_room_is_opened_by_nobody_who_may_not_begin_one() -> None:
    sam = await Visitor.let_in(Role.TRAINER)
    await sam.command("room")
    await sam.press("Case 1")
    assert "Open the room" in sam.labels

    await sam.set(OPEN[Role.PRACTITIONER])
    await sam.press("Open the room")

    assert sam.toasts == ["role"]
    assert "Open the room" in sam.labels


@pytest.mark.parametrize("code", ["g:start", "s:no", "o:erase:", "g:erase", "g:resume", "o:more:"])
async def test_an_auditor_cannot_begin_by_a_button_either(code: str) -> None:
    sam = await Visitor.let_in(Role.AUDITOR)

    await sam.tap(code)

    assert sam.toasts in (["role"], ["closed-no-cases"])
    assert (sam.record.case, await sam.words()) == (None, [])


async def test_an_auditors_chat_locks_like_any_other() -> None:
    sam = await Visitor.let_in(Role.AUDITOR)
    for _ in range(3):
        sam.later(minutes=9)
        await sam.command("contacts")
        await sam.press("Back")
    assert "access as an auditor" in sam.text

    await sam.pass_time(minutes=10)
    assert "Tap your PIN" in sam.text
    await sam.pin()

    assert "access as an auditor" in sam.text
    assert await sam.words() == ["locked", "unlocked"]


def test_a_role_with_an_empty_row_may_do_nothing_with_a_case() -> None:
    row = RoleRow()

    assert not any(getattr(row, each.name) for each in fields(row))


def test_a_role_without_a_row_stops_the_program() -> None:
    source = Path(role_module.__file__).read_text(encoding="utf-8")
    one_more = source.replace('AUDITOR = "auditor"', 'AUDITOR = "auditor"\n    STUDENT = "student"')

    with pytest.raises(RuntimeError, match="without a row"):
        exec(compile(one_more, "role", "exec", optimize=1), {"__name__": role_module.__name__})


def test_each_row_matches_the_agreed_table() -> None:
    agreed = {
        "consults": EXPECTED["start"],
        "asks": "pmta-",
        "is_asked": "pm---",
        "is_offered": "-m---",
        "takes_over": "pm---",
        "decides_on_grounds": "-m---",
        "leads": "-m---",
        "administers": EXPECTED["people"],
        "audits": "----o",
        "runs_rooms": EXPECTED["room"],
    }
    assert {each.name for each in fields(RoleRow)} == {*agreed, "given_as", "rank"}

    assert {name: "".join(letter for letter, role in COLUMNS if getattr(ROWS[role], name)) for name in agreed} == {
        name: "".join(letter for letter, _ in COLUMNS if letter in letters) for name, letters in agreed.items()
    }
