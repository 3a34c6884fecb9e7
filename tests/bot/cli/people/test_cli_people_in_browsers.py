"""Tests of `seraf-bot people` on people who use a browser: they are found, listed and removed like everybody else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from bot.runtime.person_id import PersonId
from bot.storage.values import SignIn
from tests.support.command_line.bot_api import telegram_settings
from tests.support.command_line.desk import WHO, Folder

BEA = PersonId.on_web("https://login.example.org", "bea")
BEA_ID = "1a1b1c1d"
PAGES = {"SERAF_WEB": "cases", "SERAF_WEB_ADDRESS": "https://seraf.example.org"}


@pytest.fixture
def both(kept: Folder) -> Folder:
    kept.admit(str(BEA), kept.standing(who=BEA_ID), reference="")
    sign_in = SignIn("secret", str(BEA), datetime.now(UTC) + timedelta(hours=12))
    kept.do(lambda store: store.write(lambda t: t.sign_ins.keep(sign_in)))
    return kept


def test_the_list_names_each_person_s_channel(both: Folder) -> None:
    said = both.said("people", "list", "--numbers")

    assert f"{' ' * 10}Browser {BEA}\n" in said
    assert f"{' ' * 10}Telegram 7" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("word", [BEA_ID, BEA.name, BEA.name.upper(), str(BEA)])
def test_removal_ends_every_sign_in_of_theirs(both: Folder, word: str) -> None:
    said = both.said("people", "remove", word)

    assert "Every browser of theirs is signed out." in said
    assert "Their sign-in stays removed: no invitation and no group lets it in." in said
    assert "Telegram" not in said
    assert both.do(lambda store: store.read(lambda t: t.sign_ins.find("secret", datetime.now(UTC)))) is None
    assert WHO in both.said("people", "list")


def test_looking_finds_nothing_wrong_with_people_of_two_channels(both: Folder) -> None:
    assert "2 admitted, 0 first administrators not seen yet" in both.run("check").out


def slip(folder: Folder, name: str, **settings: str) -> str:
    (folder.path / f"{name}.csv").write_text(f"label,role\n{name},practitioner\n", encoding="utf-8")
    folder.said("people", "invite", "--from", f"{name}.csv", **settings)
    (page,) = PdfReader(folder.path / f"{name}-slips.pdf").pages
    return page.extract_text()


def test_where_people_come_by_pages_alone_slip_and_desk_lead_to_the_pages(folder: Folder) -> None:
    folder.admit()

    words = slip(folder, "desk", **PAGES)
    said = folder.said("people", "invite", "--role", "trainer", **PAGES)

    assert "https://seraf.example.org" in words
    assert "sign in" in words
    assert not re.search("telegram|/start|@|scan", words, re.IGNORECASE)
    assert "https://seraf.example.org" in said
    assert not re.search("telegram|/start|t\\.me|█", said, re.IGNORECASE)
    by_sign_in = slip(folder, "other", **PAGES, SERAF_OIDC_UNLOCK="sign-in")
    assert ("PIN" in words, "PIN" in by_sign_in) == (True, False)


def test_an_invitation_to_both_channels_explains_both(folder: Folder) -> None:
    folder.admit()

    token = telegram_settings()
    both = slip(folder, "both", **PAGES, **token)
    chat = slip(folder, "chat", **token, SERAF_WEB_ADDRESS=PAGES["SERAF_WEB_ADDRESS"])
    said = folder.said("people", "invite", "--role", "trainer", **PAGES, **token)

    assert ("seraf.example.org" in both, "@seraf_bot" in both) == (True, True)
    assert ("seraf.example.org" in chat, "@seraf_bot" in chat) == (False, True)
    assert ("seraf.example.org" in said, "https://t.me/seraf_bot" in said) == (True, True)
