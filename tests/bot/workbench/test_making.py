"""Tests of a new pack made from another: it has all its sentences, except those that concern only the other board."""

import tomllib
from collections.abc import Mapping

import pytest

from bot.workbench.editing import begun_from
from seraf.errors import PackFault
from seraf.pack import SEARCH
from seraf.reading.pack import read_pack
from tests.support.pack import second_board
from tests.support.pack.second_board import BOARD, SHIPPED_FILES
from tests.support.pack.toml import read


def test_a_new_pack_lists_each_missing_text_once() -> None:
    with pytest.raises(PackFault) as caught:
        read_pack(begun_from(SHIPPED_FILES, BOARD))

    assert [fault.split(": ")[0].removeprefix("instrument.toml.names.") for fault in caught.value.faults] == [
        *("front_door", "front_door_full", "duty_team", "duty_team_short", "specialist"),
        *("others.safeguarding_board", "others.safeguarding_board_short"),
        *("contacts.toml.contacts", "contacts.toml.contacts", "contacts.toml.contacts"),
    ]


def test_nothing_is_taken_over_that_somebody_at_the_other_board_checked() -> None:
    begun = {name: content.decode() for name, content in begun_from(SHIPPED_FILES, BOARD).items()}

    assert "verified = true" not in begun["instrument.toml"]
    assert 'edition = "draft 1' in begun["instrument.toml"]
    assert "01454" not in begun["contacts.toml"]
    assert begun["contacts.toml"].count("\nconfirmed = true") == 2
    assert "checked_on" not in begun["contacts.toml"]
    assert "hours" not in begun["contacts.toml"]
    assert "Mon–Thu" not in begun["contacts.toml"]
    assert not any("South Gloucestershire" in line for line in begun["guidance.toml"].splitlines() if line[:1] == "#")


def test_names_of_the_other_board_alone_may_not_stay() -> None:
    files = {name: tomllib.loads(content.decode()) for name, content in second_board.files().items()}
    files["guidance.toml"]["steps"][0]["text"] = "Tell the PSW/CSW team."

    with pytest.raises(PackFault) as caught:
        read(files)

    assert caught.value.faults == (
        "guidance.toml.steps[0].text: has 'PSW/CSW', which is another board's; write what it is here",
    )
    assert "local" not in files["instrument.toml"]["names"]


LOCAL = ("SAFeh", "BASE", "SCU", "CSW", "PSW", "FYPS", "Avon and Somerset")
"""The names of services that the other board has."""


def test_a_new_pack_finds_things_by_the_same_words_but_those_of_the_other_board() -> None:
    ours, theirs = (read_search(files) for files in (second_board.files(), SHIPPED_FILES))

    gone = {phrase for key, phrases in theirs.items() for phrase in phrases} - {
        phrase for phrases in ours.values() for phrase in phrases
    }
    assert ours.keys() == theirs.keys()
    assert gone
    assert all(any(name in phrase for name in LOCAL) for phrase in gone)


def read_search(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    raw = tomllib.loads(files[SEARCH].decode())
    return {f"{kind}:{key}": phrases for kind, rows in raw.items() if kind != "asks" for key, phrases in rows.items()}
