"""`seraf-bot contacts list | confirm | unconfirm`: which numbers people have tried, noted beside a running bot."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.cli.terminal import day
from bot.runtime.clock import local_time
from bot.runtime.packs import SHIPPED, load_wording
from seraf.advice.contacts import Check
from tests.support.command_line.desk import Folder, made
from tests.support.shipped import PACK

ART = PACK.contacts["art"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with a store."""
    folder = made(tmp_path)
    folder.admit()
    return folder


def checks(folder: Folder) -> tuple[Check, ...]:
    """What is kept."""
    return folder.do(lambda store: store.read(lambda t: t.contact_checks.latest()))


def test_a_number_is_confirmed_as_of_today(folder: Folder) -> None:
    """Which number, when, and by whom, are kept; the audit says so too."""
    today = local_time(datetime.now(UTC)).today

    said = folder.said("contacts", "confirm", "ART")

    assert checks(folder) == (Check("art", ART.value, today, is_right=True),)
    assert folder.entries() == [("operator anna", "contact-confirmed", "art")]
    assert f"ART, 01454 866000: confirmed, last seen to be right on {day(datetime.now(UTC))}, next check by " in said
    assert "It counts for this number only" in said


def test_a_number_is_confirmed_as_of_an_earlier_day(folder: Folder) -> None:
    """Somebody may note it later; one that was tried long ago is due again."""
    said = folder.said("contacts", "confirm", "edt", "--on", "2024-08-31")

    assert checks(folder)[0].on.isoformat() == "2024-08-31"
    assert said.startswith(
        "Emergency Duty Team, 01454 615165: confirmed, last seen to be right on 31 August 2024,"
        " should have been checked by 28 February 2025.\n"
    )


def test_a_number_that_was_wrong_is_noted_and_stays_in_sight(folder: Folder) -> None:
    """Whatever was noted before, and whatever the pack says: 101 is confirmed there."""
    folder.said("contacts", "confirm", "police")

    said = folder.said("contacts", "unconfirm", "police")

    assert said.startswith("Police, 101: not confirmed")
    assert "The bot still shows it, marked as not confirmed." in said
    assert [each.is_right for each in checks(folder)] == [False]
    assert [what for _, what, _ in folder.entries()] == ["contact-confirmed", "contact-unconfirmed"]


def test_a_confirmation_falls_away_when_the_packs_number_changes(folder: Folder) -> None:
    """Nobody has tried the new one."""
    folder.said("contacts", "confirm", "art")
    pack = folder.path / "pack"
    shutil.copytree(SHIPPED, pack)
    text = (pack / "contacts.toml").read_text(encoding="utf-8")
    renumbered = text.replace("01454 866000", "01632 960000").replace("checked_on = 2024-04-30\n", "", 1)
    (pack / "contacts.toml").write_text(renumbered, encoding="utf-8")

    assert "art: ART, 01632 960000\n    not confirmed\n" in folder.said("contacts", "list", SERAF_PACK=str(pack))
    assert "art: ART, 01454 866000\n    confirmed, " in folder.said("contacts", "list")


def test_the_list_has_every_contact_and_how_far_it_is_to_be_trusted(folder: Folder) -> None:
    """What is not set is said too."""
    said = folder.said("contacts", "list")

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
def test_what_cannot_be_tried_is_refused(folder: Folder, words: tuple[str, ...], what: str) -> None:
    """With what there is; nothing is noted."""
    for command in ("confirm", "unconfirm"):
        assert what in folder.refused("contacts", command, *words)
    assert (checks(folder), folder.entries()) == ((), [])


def test_a_first_confirmation_makes_the_store(tmp_path: Path) -> None:
    """Numbers may be tried before the bot runs; the list alone makes none."""
    folder = made(tmp_path)

    assert "database" in folder.refused("contacts", "list")
    folder.said("contacts", "confirm", "art")

    assert len(checks(folder)) == 1


def test_the_page_for_staff_is_one_side_and_doubts_what_nobody_called(folder: Folder) -> None:
    """Every number of the pack is on it; the one that somebody called stands there without the note."""
    folder.said("contacts", "confirm", "art")

    folder.said("contacts", "print", "--to", "staff.pdf")

    reader = PdfReader(folder.path / "staff.pdf")
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    doubt = load_wording().say("staff.doubtful")
    assert len(reader.pages) == 1
    assert [each.value for each in PACK.contacts.all if each.value not in said] == []
    assert said.count(doubt) == 1
    assert said.index(doubt) > said.index(PACK.contacts["edt"].value)
