"""Tests of `seraf-bot contacts list | confirm | unconfirm`: checks of telephone numbers, while a bot is running."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.cli.terminal import day
from bot.runtime.clock import local_time
from bot.runtime.packs import load_wording
from seraf.advice.contacts import Check
from tests.support.command_line.desk import Folder, made
from tests.support.shipped import PACK

ART = PACK.contacts["art"]


def checks(kept: Folder) -> tuple[Check, ...]:
    return kept.do(lambda store: store.read(lambda t: t.contact_checks.latest()))


def test_a_number_is_confirmed_as_of_today(kept: Folder) -> None:
    today = local_time(datetime.now(UTC)).today

    said = kept.said("contacts", "confirm", "ART")

    assert checks(kept) == (Check("art", ART.value, today, is_right=True),)
    assert kept.entries() == [("operator anna", "contact-confirmed", "art")]
    assert f"ART, 01454 866000: confirmed, last seen to be right on {day(datetime.now(UTC))}, next check by " in said
    assert "It counts for this number only" in said


def test_a_wrong_number_is_noted_and_remains_listed(kept: Folder) -> None:
    kept.said("contacts", "confirm", "police")

    said = kept.said("contacts", "unconfirm", "police")

    assert said.startswith("Police, 101: not confirmed")
    assert "The bot still shows it, marked as not confirmed." in said
    assert [each.is_right for each in checks(kept)] == [False]
    assert [what for _, what, _ in kept.entries()] == ["contact-confirmed", "contact-unconfirmed"]


def test_the_list_has_every_contact_and_how_far_it_is_to_be_trusted(kept: Folder) -> None:
    said = kept.said("contacts", "list")

    assert said.splitlines()[:4] == [
        "emergency: Emergency, 999",
        "    confirmed",
        "art: ART, 01454 866000",
        "    not confirmed, last seen to be right on 30 April 2024, should have been checked by 30 October 2024",
    ]
    assert "specialist: Commissioned specialist CSE service, no number\n    not set by the board\n" in said


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("nobody",), "No contact of the pack has the id 'nobody'. There are: emergency, art, edt, police,"),
        (("emergency",), "999 is always right and is never tried"),
        (("specialist",), "Commissioned specialist CSE service has no number in the pack"),
        (("art", "--on", f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"), "is not here yet"),
    ],
)
def test_a_contact_that_cannot_be_checked_is_refused(kept: Folder, words: tuple[str, ...], what: str) -> None:
    for command in ("confirm", "unconfirm"):
        assert what in kept.refused("contacts", command, *words)
    assert (checks(kept), kept.entries()) == ((), [])


def test_a_first_confirmation_makes_the_store(tmp_path: Path) -> None:
    folder = made(tmp_path)

    assert "database" in folder.refused("contacts", "list")
    folder.said("contacts", "confirm", "art")

    assert len(checks(folder)) == 1


def test_the_page_for_staff_is_one_side_and_doubts_what_nobody_called(kept: Folder) -> None:
    kept.said("contacts", "confirm", "art")

    kept.said("contacts", "print", "--to", "staff.pdf")

    reader = PdfReader(kept.path / "staff.pdf")
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    doubt = load_wording().say("staff.doubtful")
    assert len(reader.pages) == 1
    assert [each.value for each in PACK.contacts.all if each.value not in said] == []
    assert said.count(doubt) == 1
    assert said.index(doubt) > said.index(PACK.contacts["edt"].value)
