"""Tests of `seraf-bot people invite | list | remove | lock | renew`: output, changes and audit entries."""

import os
import pty
import re
import subprocess
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest

from bot.access.account import Account, Removed, read_account
from bot.access.admission import Invitation, plain_code, read_invitation
from bot.storage.values import Inbound, Lookup, Record, Reminder
from dialogs.core.role import Role
from tests.support.command_line.bot_api import telegram_settings
from tests.support.command_line.cli import COMMAND, PLAIN, run, run_apart
from tests.support.command_line.desk import REFERENCE, SAM, WHO, Folder
from tests.support.people.accounts import altered
from tests.support.store.builders import ask, bringing, changed

CODE = re.compile(r"^ {2}([2-9A-Z-]{17})$", re.MULTILINE)
DAY = timedelta(days=1)


def code_in(said: str) -> str:
    found = CODE.search(said)
    assert found is not None, said
    return found[1]


def opens(folder: Folder, code: str, at: datetime) -> Invitation | None:
    texts: list[str | None] = []

    def look(_: Record, lookup: Lookup) -> None:
        texts.append(lookup.opened_by(plain_code(code)))

    inbound = Inbound(f"look at {at}", at, "telegram:9", look, None)
    folder.do(lambda store: store.turns([inbound]))
    return read_invitation(texts[0]) if texts[0] else None


def standing(folder: Folder) -> Account:
    access = read_account(folder.record().access)
    assert isinstance(access, Account)
    return access


def test_an_invitation_is_a_code_that_counts_for_a_week(folder: Folder) -> None:
    said = folder.said("people", "invite", "--role", "auditor", "--name", "Front desk")

    now = datetime.now(UTC)
    found = opens(folder, code_in(said), now + 7 * DAY - timedelta(minutes=5))
    assert found is not None
    assert (found.role, found.name) == (Role.AUDITOR, "Front desk")
    assert opens(folder, code_in(said), now + 7 * DAY + timedelta(minutes=5)) is None
    assert folder.entries() == [("operator anna", "invited", found.audit_id)]
    assert f"Code for an auditor, who will be {found.audit_id}" in said
    assert "Front desk" not in said


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "the settings have no SERAF_TELEGRAM_TOKEN"),
        ({"SERAF_TELEGRAM_TOKEN": "1234:other"}, "Telegram did not say what the bot is called"),
        ({"SERAF_TELEGRAM_API": "http://127.0.0.1:9"}, "Telegram did not say what the bot is called"),
    ],
)
def test_without_the_bot_s_name_there_is_no_link(folder: Folder, settings: dict[str, str], why: str) -> None:
    said = folder.said("people", "invite", "--role", "manager", **(telegram_settings() | settings if settings else {}))

    assert f"/start {code_in(said)}" in said
    assert why in said
    assert "t.me" not in said


def test_by_the_name_that_telegram_gives_there_are_a_link_and_its_picture(folder: Folder) -> None:
    said = folder.said("people", "invite", "--role", "trainer", **telegram_settings())

    plain = plain_code(code_in(said))
    assert f"https://t.me/seraf_bot?start={plain}\n" in said
    picture = [line for line in said.splitlines() if set(line) & set("█▀▄")]
    assert len({len(line) for line in picture}) == 1
    assert len(picture) == (len(picture[0]) + 1) // 2
    assert len(picture[0]) <= 80


def test_an_output_without_drawing_reports_that(folder: Folder) -> None:
    settings = telegram_settings() | {"PYTHONIOENCODING": "ascii"}

    ran = run_apart(folder.path, "people", "invite", "--role", "admin", settings=settings)

    assert (ran.status, ran.err) == (0, "")
    assert "cannot draw a QR code" in ran.out
    assert "???" not in ran.out


@pytest.mark.parametrize(
    "words",
    [
        *(("--role", "owner"), (), ("--role", "admin", "--days", "0"), ("--role", "admin", "--days", "91")),
        *(("--role", "admin", "--name", "x" * 41), ("--role", "admin", "--name", "a\nb")),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(folder: Folder, words: tuple[str, ...]) -> None:
    assert folder.refused("people", "invite", *words)
    assert folder.entries() == []


def test_the_list_has_a_line_a_person_and_no_telegram_number(folder: Folder) -> None:
    now = datetime.now(UTC)
    folder.admit("telegram:7654321", altered(folder.standing(), name="Front desk"), held=True)
    folder.admit("telegram:7654322", altered(folder.standing(Role.AUDITOR, who="1a1b1c1d"), until=now - DAY))

    said = folder.said("people", "list")

    rows = {line.split()[0]: " ".join(line.split()) for line in said.splitlines()[1:]}
    assert re.fullmatch(rf"{WHO} practitioner admitted .* \d\d:\d\d yes", rows[WHO])
    assert re.fullmatch(r"1a1b1c1d auditor lapsed .* \d\d:\d\d no", rows["1a1b1c1d"])
    assert f"yes\n{' ' * 10}Front desk\n" in said
    assert "765432" not in said
    assert f"{' ' * 10}Front desk, Telegram 7654321\n" in folder.said("people", "list", "--numbers")


def test_the_list_fits_a_plain_terminal_and_cuts_no_word(folder: Folder) -> None:
    name, later = "N" * 40, datetime.now(UTC).replace(month=9, day=28) + 365 * DAY
    folder.admit("telegram:9876543210", altered(folder.standing(), name=name, until=later))
    folder.said("people", "invite", "--role", "practitioner", "--name", name)

    plain, narrow = (folder.said("people", "list", "--numbers", COLUMNS=width) for width in ("80", "40"))

    assert plain == narrow
    assert plain.count("practitioner") == 2
    assert plain.count(name) == 2
    assert max(map(len, plain.splitlines())) <= 80


def test_an_invitation_that_is_withdrawn_opens_nothing_and_is_in_the_audit(folder: Folder) -> None:
    first, second = (folder.said("people", "invite", "--role", "admin") for _ in range(2))
    now = datetime.now(UTC)
    mine, other = opens(folder, code_in(first), now), opens(folder, code_in(second), now + timedelta(seconds=1))
    assert mine is not None
    assert other is not None

    said = folder.said("people", "withdraw", mine.audit_id.upper())

    assert f"The invitation {mine.audit_id} is withdrawn" in said
    assert opens(folder, code_in(first), now + timedelta(seconds=2)) is None
    assert opens(folder, code_in(second), now + timedelta(seconds=3)) == other
    assert folder.entries()[-1] == ("operator anna", "withdrawn", mine.audit_id)
    assert mine.audit_id not in folder.said("people", "list")


@pytest.mark.parametrize("name", [WHO, "ffffffff", "", "\x1b[2J"])
def test_only_an_open_invitation_is_withdrawn(kept: Folder, name: str) -> None:
    said = kept.refused("people", "withdraw", name)

    assert "No open invitation has the id" in said
    assert "seraf-bot people remove" in said
    assert "\x1b" not in said
    assert kept.entries() == []


def test_removed_people_are_listed_last_by_id_only(kept: Folder) -> None:
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"), reference="")
    kept.said("people", "remove", "1a1b1c1d")

    *_, last = kept.said("people", "list").splitlines()
    *_, numbered = kept.said("people", "list", "--numbers").splitlines()

    assert last.split() == ["1a1b1c1d", "removed", "no"]
    assert "1a1b1c1d,,,removed," in kept.said("people", "list", "--csv")
    assert numbered.split() == ["Telegram", "8"]
    assert WHO in kept.said("people", "list")


def test_the_list_counts_first_administrators_who_have_not_come_yet(kept: Folder) -> None:
    assert kept.said("people", "list", SERAF_ADMINS="7, 8, 9").splitlines()[-1] == (
        "First administrators not seen yet: 2"
    )
    assert "First administrators" not in kept.said("people", "list", SERAF_ADMINS="7")


@pytest.mark.parametrize("name", [WHO, WHO.upper(), "7", SAM])
def test_removal_erases_the_case_and_reports_it(kept: Folder, name: str) -> None:
    said = kept.said("people", "remove", name)

    assert kept.record().case is None
    assert isinstance(read_account(kept.record().access), Removed)
    assert f"{WHO} is removed" in said
    assert f"Their assessment {REFERENCE} was erased" in said
    assert "stays removed" in said
    assert kept.entries() == [("operator anna", "removed", WHO), ("operator anna", "erased-on-removal", REFERENCE)]
    assert ask(kept.path / "var" / "seraf.sqlite", "SELECT count(*) FROM case_keys") == [0]


@pytest.mark.parametrize(("answer", "is_erased"), [(b"y\n", True), (b"yes\n", True), (b"n\n", False), (b"\n", False)])
def test_at_a_terminal_it_is_asked_before_somebody_goes_with_their_case(
    kept: Folder, monkeypatch: pytest.MonkeyPatch, answer: bytes, *, is_erased: bool
) -> None:
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(kept.path, "people", "remove", WHO, typed=answer)

    assert (
        f"Remove {WHO} (practitioner) for good? That account can never be let in again, and assessment {REFERENCE}"
        in ran.err
    )
    assert ran.err.count("[y/N]") == 1
    assert (ran.status, kept.record().case is None) == ((0, True) if is_erased else (1, False))
    assert ("Nothing was changed." in ran.out) is not is_erased
    assert (kept.entries() == []) is not is_erased


@pytest.mark.parametrize("why", ["held", "none"])
def test_it_is_asked_by_label_and_role_also_where_no_case_goes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    folder.admit(
        standing=altered(folder.standing(), name="Front desk"),
        reference="" if why == "none" else REFERENCE,
        held=why == "held",
    )
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(folder.path, "people", "remove", WHO, typed=b"n\n")

    asked = f"Remove {WHO} (“Front desk”, practitioner) for good? That account can never be let in again. [y/N]"
    assert (ran.status, ran.err.startswith(asked)) == (1, True)
    assert isinstance(read_account(folder.record().access), Account)
    assert f"{WHO} is removed" in folder.said("people", "remove", WHO, "--yes")
    assert "They were removed already" in folder.said("people", "remove", "7"), "and nobody is asked about them"


def test_a_real_terminal_is_one(kept: Folder) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"n\n")

    ended = subprocess.run(
        [*COMMAND, "people", "remove", WHO],
        cwd=kept.path,
        env=PLAIN | {"HOME": str(kept.path)},
        stdin=theirs,
        capture_output=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)

    assert (ended.returncode, ended.stdout.decode().endswith("Nothing was changed.\n")) == (1, True)
    assert kept.record().case is not None


def test_reminders_go_before_the_access_and_a_second_run_heals(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    remind(kept, SAM)
    remind(kept, "telegram:8")

    async def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bot.cli.context.CommandContext.change", cut)
        assert kept.run("people", "remove", WHO).status != 0
    assert isinstance(read_account(kept.record().access), Account)
    assert reminded(kept) == ["telegram:8"]

    kept.said("people", "remove", WHO)
    remind(kept, SAM)
    kept.said("people", "remove", "7")
    assert reminded(kept) == ["telegram:8"]


def remind(folder: Folder, person: str) -> None:
    now = datetime.now(UTC)
    reminding = bringing(reminder=Reminder(person, REFERENCE, now + DAY))
    folder.do(lambda store: store.turns([Inbound(f"remind {token_hex(8)}", now, person, reminding, None)]))


def reminded(folder: Folder) -> list[str]:
    far = datetime.now(UTC) + 400 * DAY
    return [each.person for each in folder.do(lambda store: store.read(lambda t: t.reminders.due(far)))]


def test_removal_reports_missing_data_and_remaining_steps(folder: Folder) -> None:
    folder.admit(reference="")

    said = folder.said("people", "remove", "7", SERAF_ADMINS="7")

    assert "They had no assessment." in said
    assert "It still stands in SERAF_ADMINS" in said
    assert "nobody can use the bot" in folder.run("check", SERAF_ADMINS="7").out


def test_locking_locks_at_once_and_is_harmless_twice(kept: Folder) -> None:
    first = kept.said("people", "lock", WHO)
    second = kept.said("people", "lock", WHO)

    assert f"{WHO} is locked." in first
    assert "was locked already" in second
    assert f"seraf-bot people remove {WHO}\n" in first
    assert "renew" not in first
    assert standing(kept).door.is_locked
    assert kept.record().case is not None
    assert kept.entries() == [("operator anna", "locked", WHO)]


@pytest.mark.parametrize("has_new_pin", [False, True])
def test_renewal_admits_again_for_as_long_as_the_settings_say(folder: Folder, *, has_new_pin: bool) -> None:
    now = datetime.now(UTC)
    lapsed = altered(folder.standing(), until=now - DAY, tries=5)
    folder.admit(standing=lapsed)

    said = folder.said("people", "renew", WHO, *(["--new-pin"] if has_new_pin else []), SERAF_RENEW_DAYS="30")

    access = standing(folder)
    assert timedelta(0) <= access.admission.until - now - 30 * DAY < timedelta(minutes=5)
    assert (access.pin.tries, access.pin.hash) == (0, "" if has_new_pin else lapsed.pin.hash)
    assert ("The person holding the phone chooses it. Speak to them first." in said) is has_new_pin
    assert folder.record().due is not None
    assert folder.entries() == [("operator anna", "renewed", WHO)]


@pytest.mark.parametrize("command", ["lock", "renew"])
def test_a_removed_person_is_neither_locked_nor_renewed(kept: Folder, command: str) -> None:
    kept.said("people", "remove", WHO)

    said = kept.refused("people", command, "7")

    assert "a removed id stays removed" in said
    assert isinstance(read_account(kept.record().access), Removed)


@pytest.mark.parametrize("command", ["remove", "lock", "renew"])
@pytest.mark.parametrize("name", ["ffffffff", "8", "", "telegram:", "Front desk", "\x1b[2J"])
def test_an_unknown_name_is_reported_with_what_to_do(kept: Folder, command: str, name: str) -> None:
    said = kept.refused("people", command, name)

    assert "seraf-bot people list" in said
    assert "\x1b" not in said
    assert kept.entries() == []


def test_the_entries_of_two_removed_people_are_distinguished(kept: Folder) -> None:
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"), reference="")
    kept.said("hold", "set", *REFERENCE.split())
    for who in (WHO, "1a1b1c1d"):
        kept.said("people", "remove", who, "--yes")
    kept.said("hold", "lift", *REFERENCE.split(), "--yes")
    again = kept.said("people", "invite", "--role", "practitioner")

    listed = {line.split()[0] for line in kept.said("people", "list").splitlines() if "removed" in line}

    assert listed == {WHO, "1a1b1c1d"}
    assert [about for _, what, about in kept.entries() if what == "removed"] == [WHO, "1a1b1c1d"]
    assert "They were removed already" in kept.said("people", "remove", WHO)
    (fresh,) = re.findall(r"who will be ([0-9a-f]{8})", again)
    assert fresh not in listed


def test_somebody_whom_an_earlier_release_removed_is_found_by_their_number(kept: Folder) -> None:
    kept.admit("telegram:8", Removed(), reference="")

    *_, last = kept.said("people", "list").splitlines()

    assert last.split() == ["removed", "no"]
    assert "found by their number alone" in kept.refused("people", "remove", "1a1b1c1d")
    assert "They were removed already" in kept.said("people", "remove", "8")


def test_a_first_administrator_who_has_not_come_is_taken_out_of_the_settings(kept: Folder) -> None:
    assert "take the number out of SERAF_ADMINS" in kept.refused("people", "remove", "8", SERAF_ADMINS="8")


def test_a_word_that_means_two_people_is_refused(kept: Folder) -> None:
    """An id may be all digits, like a Telegram number. With `telegram:` before it, the number is unambiguous."""
    kept.admit("telegram:8", kept.standing(who="10203040"), reference="")
    kept.admit("telegram:10203040", kept.standing(who="1a1b1c1d"), reference="")

    assert "telegram:10203040" in kept.refused("people", "lock", "10203040")
    assert "1a1b1c1d is locked" in kept.said("people", "lock", "telegram:10203040")


@pytest.mark.parametrize(
    "words",
    [
        *(("people", "list"), *(("people", each, "7") for each in ("withdraw", "remove", "lock", "renew"))),
        *(("purge",), ("hold", "set", REFERENCE), *(("audit", each) for each in ("show", "verify", "export"))),
    ],
    ids=" ".join,
)
def test_no_store_is_made_by_looking_for_something(folder: Folder, words: tuple[str, ...]) -> None:
    assert "There is no database at" in folder.refused(*words)
    assert not (folder.path / "var" / "seraf.sqlite").exists()


def test_somebody_is_removed_whose_case_a_newer_release_wrote(kept: Folder) -> None:
    """Removing access has priority: the case is erased although this release cannot read it."""
    newer = changed(case=str(kept.record().case).replace('"v":2', '"v":99'))
    kept.do(lambda store: store.turns([Inbound("newer", datetime.now(UTC), SAM, newer, None)]))

    said = kept.said("people", "remove", WHO)

    assert "was erased" in said
    assert isinstance(read_account(kept.record().access), Removed)
    assert kept.record().case is None
