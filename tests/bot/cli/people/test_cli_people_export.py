"""Tests of `seraf-bot people export`: a person's own data for them to read, without data on children or colleagues."""

import io
import json
import stat
import tarfile
from dataclasses import replace
from datetime import date, time
from functools import partial
from pathlib import Path

import pyrage
import pytest

from bot.access.account import COLUMNS
from bot.operations.backup.file_format import identities_of
from bot.storage.cases import CallReminder
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Record, Reminder
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.teams import Member, Shift, Team, TeamPlace
from tests.support.command_line.desk import REFERENCE, SAM, WHO, WORDS, Folder, made
from tests.support.people.accounts import altered
from tests.support.store.keeping import FAR, NOON, write_identity

BOSS, NAME = "1a2b3c4d", "Sam of the front desk"
FILES = ("about-you.txt", "about-you.json")

SHOWN = frozenset({
    "who", "role", "until", "name", "noticed", "pin", "tries", "seen", "is_locked", "opened", "wrong",
    "is_vouched", "opens_by_sign_in",
})  # fmt: skip
"""Fields of an account that the export states or implies."""

UNSAID = {
    **dict.fromkeys(
        ("pending", "taps", "wrong_since", "missed", "missed_since"), "of tries of a PIN: counted in others"
    ),
    **dict.fromkeys(
        ("is_hidden", "over", "news", "is_news_due", "left", "several"),
        "what the card says just now",
    ),
    **dict.fromkeys(("told_end", "is_end_said", "ending"), "notices that were given"),
    **dict.fromkeys(("about", "reviews"), "the reference of a case"),
    "desk": "a card about colleagues",
    **dict.fromkeys(("sharing", "asked"), "a card about a shared case, and when they last asked"),
}
"""Fields of an account that the export leaves out, each with the reason."""


async def left_in_chat(store: Store, *, person: str, message: str) -> None:
    await store.write(lambda t: t.messages_to_remove.add(person, message, born=NOON))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.admit(standing=altered(folder.standing(), name=NAME), call=CallReminder(NOON))
    rehearsed = '{"course":[{"case":"the lift home","missed":2}]}'
    reminder = Reminder(SAM, REFERENCE, FAR)

    def rehearse(record: Record, _: object = None) -> Decision:
        return Decision(replace(record, rehearsal=rehearsed), (), (reminder,))

    folder.do(lambda store: store.turns([Inbound("rehearse", NOON, SAM, rehearse, None)]))
    for person, message in ((SAM, "1"), ("telegram:99", "2"), ("telegram:99", "3")):
        folder.do(partial(left_in_chat, person=person, message=message))
    folder.enter(
        Entry(NOON, WHO, AuditEvent.ADMITTED),
        Entry(NOON, WHO, AuditEvent.BEGUN, REFERENCE),
        Entry(NOON, BOSS, AuditEvent.RENEWED, WHO),
        Entry(NOON, "operator anna", AuditEvent.LOCKED, WHO),
        Entry(NOON, WHO, AuditEvent.RENEWED, BOSS),
        Entry(NOON, "operator anna", AuditEvent.HOLD_SET, REFERENCE),
        Entry(NOON, BOSS, AuditEvent.PANIC),
    )
    return folder


def read(folder: Folder) -> tuple[str, dict[str, object]]:
    text, values = ((folder.path / "out" / name).read_text(encoding="utf-8") for name in FILES)
    return text, json.loads(values)


def test_it_has_their_access_their_acts_and_their_rehearsals(folder: Folder) -> None:
    said = folder.said("people", "export", WHO, "--to", "out")

    text, values = read(folder)
    for words in (
        NAME,
        "practitioner",
        "Telegram number: 7",
        "Admitted until",
        "one, not finished, until",
        "Messages still to be removed from your chat: 1",
        "only a hash",
    ):
        assert words in text
    assert [tuple(each.values())[1:] for each in values["acts"]] == [  # type: ignore[attr-defined]
        ("you", "admitted", ""),
        ("you", "begun", "a case"),
        ("an administrator", "renewed", "you"),
        ("an operator", "locked", "you"),
        ("you", "renewed", "somebody else"),
    ]
    assert values["rehearsals"] == {"course": [{"case": "the lift home", "missed": 2}]}
    assert "Read it before you hand it over" in said
    assert folder.entries()[-1] == ("operator anna", "person-exported", WHO)
    assert [stat.S_IMODE((folder.path / "out" / name).stat().st_mode) for name in FILES] == [0o600, 0o600]


def test_it_has_their_place_in_teams_and_nobody_elses(folder: Folder) -> None:
    nights = tuple(Shift(WHO, day, time(18), time(8)) for day in (0, 2))
    north = Team("North", (Member(WHO, away=date(2026, 12, 24)), Member(BOSS, TeamPlace.MANAGES)), nights)
    for team in (north, Team("South", (Member(BOSS),))):
        folder.do(partial(_keep, team))

    folder.said("people", "export", WHO, "--to", "out")

    text, _ = read(folder)
    assert "- Teams: North (member, away until 2026-12-24, on call 2 times a week)\n" in text


async def _keep(team: Team, store: Store) -> None:
    await store.write(lambda t: t.teams.keep(team))


def test_nothing_of_a_child_of_a_colleague_or_of_use_to_a_thief_is_in_it(folder: Folder) -> None:
    folder.said("people", "export", WHO, "--to", "out")

    whole = "".join((folder.path / "out" / name).read_text(encoding="utf-8") for name in FILES)

    for word in (REFERENCE, "BRISK", BOSS, "anna", "hold-set", "argon2", "panic"):
        assert word not in whole
    assert "The reference of any case." in whole


def test_every_part_of_a_standing_is_exported_or_omitted_for_a_reason() -> None:
    """The test fails when a field is added to accounts before somebody has decided whether to export it."""
    assert set(COLUMNS) == SHOWN | UNSAID.keys()
    assert not SHOWN & UNSAID.keys()


def test_it_is_sealed_to_its_recipient(folder: Folder) -> None:
    recipient = write_identity(folder.path / "sam.txt")

    said = folder.said("people", "export", WHO, "--to", "out", "--recipient", recipient)

    (file,) = (folder.path / "out").iterdir()
    content = bytes(pyrage.decrypt(file.read_bytes(), identities_of(folder.path / "sam.txt")))
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        assert sorted(archive.getnames()) == sorted(FILES)
    assert "Read it" not in said
    assert "read the plain one first" in said


def test_of_somebody_removed_there_is_the_number_and_that_it_stays_removed(folder: Folder) -> None:
    folder.said("hold", "set", *WORDS)
    before = folder.said("people", "export", WHO, "--to", "before")
    folder.said("people", "remove", WHO)

    said = folder.said("people", "export", "7", "--to", "out")

    text, _ = read(folder)
    assert "An assessment of theirs is held" not in before
    assert "removed for good" in text
    assert "held" not in text.partition("What is not in this paper")[0]
    assert "An assessment of theirs is held" in said


def test_no_file_is_overwritten_and_no_unknown_person_exported(folder: Folder) -> None:
    folder.said("people", "export", WHO, "--to", "out")

    before = folder.entries()
    assert "about-you.txt is there already" in folder.refused("people", "export", WHO, "--to", "out")
    assert "Nobody here is called" in folder.refused("people", "export", "ffffffff")
    assert folder.entries() == before


def test_each_count_of_wrong_pins_is_the_one_that_is_meant(folder: Folder) -> None:
    folder.admit("telegram:8", altered(folder.standing(who="1f2f3f4f"), tries=1, wrong=3), reference="")

    folder.said("people", "export", "8", "--to", "eight")

    about = json.loads((folder.path / "eight" / "about-you.json").read_text(encoding="utf-8"))["sections"][
        "Your access"
    ]
    assert about["Wrong PINs since the right one"] == "1"
    assert about["Wrong PINs with this PIN, in all"] == "3"
