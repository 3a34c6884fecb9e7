"""`seraf-bot people` about somebody who comes with a browser: found, listed and removed like everybody else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.runtime.person_id import PersonId
from bot.storage.sign_in import SignIn
from tests.support.command_line.desk import WHO, Folder

BEA = PersonId.on_web("https://login.example.org", "bea")
BEA_ID = "1a1b1c1d"


@pytest.fixture
def both(kept: Folder) -> Folder:
    """A folder with one person of each channel; the second is signed in with a browser."""
    kept.admit(str(BEA), kept.standing(who=BEA_ID), reference="")
    sign_in = SignIn("secret", str(BEA), datetime.now(UTC) + timedelta(hours=12))
    kept.do(lambda store: store.sign_ins.keep(sign_in))
    return kept


def test_the_list_says_which_channel_somebody_comes_by(both: Folder) -> None:
    """On one line of a narrow terminal."""
    said = both.said("people", "list", "--numbers")

    assert f"{' ' * 10}Browser {BEA}\n" in said
    assert f"{' ' * 10}Telegram 7" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("word", [BEA_ID, BEA.name, BEA.name.upper(), str(BEA)])
def test_removal_ends_every_sign_in_of_theirs(both: Folder, word: str) -> None:
    """By the id, or by what the list shows; and it says so, in words that are right for a browser."""
    said = both.said("people", "remove", word)

    assert "Every browser of theirs is signed out." in said
    assert "Their sign-in stays removed: no invitation and no group lets it in again." in said
    assert "Telegram" not in said
    assert both.do(lambda store: store.sign_ins.find("secret", datetime.now(UTC))) is None
    assert WHO in both.said("people", "list")


def test_looking_finds_nothing_wrong_with_people_of_two_channels(both: Folder) -> None:
    """They are counted together."""
    assert "2 admitted, 0 first administrators not seen yet" in both.run("check").out
