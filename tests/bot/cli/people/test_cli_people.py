"""`seraf-bot people invite | list | remove | lock | renew`: what each prints, keeps and notes."""

import os
import pty
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest

from bot.access.account import Account, Removed, read_account
from bot.access.admission import Invitation, grouped, plain_code, read_invitation
from bot.storage.values import Decision, Inbound, Lookup, Record, Reminder
from dialogs.core.role import Role
from tests.support.command_line.bot_api import telegram_settings
from tests.support.command_line.cli import COMMAND, PLAIN, run, run_apart
from tests.support.command_line.desk import REFERENCE, SAM, WHO, Folder
from tests.support.people.accounts import altered
from tests.support.store.builders import ask

CODE = re.compile(r"^ {2}([2-9A-Z-]{17})$", re.MULTILINE)
DAY = timedelta(days=1)


def code_in(said: str) -> str:
    """The code that was printed."""
    found = CODE.search(said)
    assert found is not None, said
    return found[1]


def opens(folder: Folder, code: str, at: datetime) -> Invitation | None:
    """What a code opens at a time, as it is after it was read aloud and typed. Nothing is used up by looking."""
    texts: list[str | None] = []

    def look(_: Record, lookup: Lookup) -> None:
        texts.append(lookup.opened_by(plain_code(code)))

    inbound = Inbound(f"look at {at}", at, "telegram:9", look, None)
    folder.do(lambda store: store.turns([inbound]))
    return read_invitation(texts[0]) if texts[0] else None


def standing(folder: Folder) -> Account:
    """The standing of the one person."""
    access = read_account(folder.record().access)
    assert isinstance(access, Account)
    return access


def test_an_invitation_is_a_code_that_counts_for_a_week(folder: Folder) -> None:
    """It makes the store on the first day; the role and the name are what was said, and the audit has the id alone."""
    said = folder.said("people", "invite", "--role", "auditor", "--name", "Front desk")

    now = datetime.now(UTC)
    found = opens(folder, code_in(said), now + 7 * DAY - timedelta(minutes=5))
    assert found is not None
    assert (found.role, found.name) == (Role.AUDITOR, "Front desk")
    assert opens(folder, code_in(said), now + 7 * DAY + timedelta(minutes=5)) is None
    assert folder.entries() == [("operator anna", "invited", found.audit_id)]
    assert f"Code for an auditor, who will be {found.audit_id}" in said
    assert "Front desk" not in said


def test_an_invitation_says_until_when_and_how_it_is_handed_over(folder: Folder) -> None:
    """In the time of the clock on the wall, and to that person only."""
    said = folder.said("people", "invite", "--role", "practitioner", "--days", "90")

    assert re.search(r"once, until \d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d \(UK time\)", said)
    assert "Give it to that person only, by a way you trust" in said
    assert re.search(r"went to somebody else: seraf-bot people withdraw [0-9a-f]{8}\n", said)
    assert opens(folder, code_in(said), datetime.now(UTC) + 90 * DAY - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "the settings have no SERAF_TELEGRAM_TOKEN"),
        ({"SERAF_TELEGRAM_TOKEN": "1234:other"}, "Telegram did not say what the bot is called"),
        ({"SERAF_TELEGRAM_API": "http://127.0.0.1:9"}, "Telegram did not say what the bot is called"),
    ],
)
def test_where_telegram_does_not_say_the_name_of_the_bot_there_is_no_link(
    folder: Folder, settings: dict[str, str], why: str
) -> None:
    """But the code can be typed, and it is said why."""
    said = folder.said("people", "invite", "--role", "manager", **(telegram_settings() | settings if settings else {}))

    assert f"/start {code_in(said)}" in said
    assert why in said
    assert "t.me" not in said


def test_by_the_name_that_telegram_gives_there_are_a_link_and_its_picture(folder: Folder) -> None:
    """A QR code of half blocks, square enough to be read: two modules high, one wide."""
    said = folder.said("people", "invite", "--role", "trainer", **telegram_settings())

    plain = plain_code(code_in(said))
    assert f"https://t.me/seraf_bot?start={plain}\n" in said
    picture = [line for line in said.splitlines() if set(line) & set("█▀▄")]
    assert len({len(line) for line in picture}) == 1
    assert len(picture) == (len(picture[0]) + 1) // 2
    assert len(picture[0]) <= 80


def test_an_output_that_cannot_draw_says_so(folder: Folder) -> None:
    """And is not filled with question marks."""
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
    """Nothing is made or noted."""
    assert folder.refused("people", "invite", *words)
    assert folder.entries() == []


def test_a_code_is_read_in_groups_of_four() -> None:
    """The last one is what is left."""
    assert grouped("ABCDEFGHJKLMNP") == "ABCD-EFGH-JKLM-NP"


def test_the_list_has_a_line_a_person_and_no_telegram_number(folder: Folder) -> None:
    """Role, name, standing, until when, last active, held."""
    now = datetime.now(UTC)
    folder.admit("telegram:7654321", altered(folder.standing(), name="Front desk", held=REFERENCE))
    folder.admit("telegram:7654322", altered(folder.standing(Role.AUDITOR, who="1a1b1c1d"), until=now - DAY))

    said = folder.said("people", "list")

    rows = {line.split()[0]: " ".join(line.split()) for line in said.splitlines()[1:]}
    assert re.fullmatch(rf"{WHO} practitioner admitted .* \d\d:\d\d yes", rows[WHO])
    assert re.fullmatch(r"1a1b1c1d auditor lapsed .* \d\d:\d\d no", rows["1a1b1c1d"])
    assert f"yes\n{' ' * 10}Front desk\n" in said
    assert "765432" not in said
    assert f"{' ' * 10}Front desk, Telegram 7654321\n" in folder.said("people", "list", "--numbers")


def test_the_list_fits_a_plain_terminal_and_cuts_no_word(folder: Folder) -> None:
    """Whatever role, standing and name there are, also where the terminal is narrower."""
    name, later = "N" * 40, datetime.now(UTC).replace(month=9, day=28) + 365 * DAY
    folder.admit("telegram:9876543210", altered(folder.standing(), name=name, until=later))
    folder.said("people", "invite", "--role", "practitioner", "--name", name)

    plain, narrow = (folder.said("people", "list", "--numbers", COLUMNS=width) for width in ("80", "40"))

    assert plain == narrow
    assert plain.count("practitioner") == 2
    assert plain.count(name) == 2
    assert max(map(len, plain.splitlines())) <= 80


def test_a_list_of_nobody_is_a_sentence(folder: Folder) -> None:
    """With how somebody gets in; the invitation that made the store is above it."""
    code = folder.said("people", "invite", "--role", "admin")

    said = folder.said("people", "list")

    assert said.endswith("\n\nNobody has come in yet. Invite people with: seraf-bot people invite\n")
    assert "Admitted until" not in said
    assert said.startswith("Open invitations\n")
    assert code_in(code) not in said


def test_open_invitations_stand_above_the_people(kept: Folder) -> None:
    """A line each: id, role, until when the code counts, name; not one that was used or is over."""
    kept.do(
        lambda store: store.write(
            lambda t: t.invitation_codes.issue(
                "OLD", Invitation("ffffffff", Role.ADMIN).text(), until=datetime.now(UTC) - DAY
            )
        )
    )
    assert "Open invitations" not in kept.said("people", "list")
    invited = kept.said("people", "invite", "--role", "manager", "--name", "Front desk")
    who = re.search(r"who will be ([0-9a-f]{8})", invited)
    until = re.search(r"once, until (\d+ \w{3})\w* \d{4}, (\d\d:\d\d)", invited)
    assert who is not None
    assert until is not None

    title, heads, row, between, people, *_ = kept.said("people", "list").splitlines()

    assert (title, between, people.split()[:2]) == ("Open invitations", "", ["Id", "Role"])
    assert heads.split() == ["Id", "Role", "Counts", "until", "Label"]
    assert " ".join(row.split()) == f"{who[1]} manager {' '.join(until.groups())} Front desk"


def test_an_invitation_that_is_withdrawn_opens_nothing_and_is_in_the_audit(folder: Folder) -> None:
    """By its id in any case; the others stay."""
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
    """Not one by which somebody has come in: that is a removal. Nothing is noted."""
    said = kept.refused("people", "withdraw", name)

    assert "No open invitation has the id" in said
    assert "seraf-bot people remove" in said
    assert "\x1b" not in said
    assert kept.entries() == []


def test_whoever_was_removed_stands_at_the_end_with_their_id_alone(kept: Folder) -> None:
    """Neither name, role nor time is left of them; their number is there for whoever asks for numbers."""
    kept.admit("telegram:8", kept.standing(who="1a1b1c1d"), reference="")
    kept.said("people", "remove", "1a1b1c1d")

    *_, last = kept.said("people", "list").splitlines()
    *_, numbered = kept.said("people", "list", "--numbers").splitlines()

    assert last.split() == ["1a1b1c1d", "removed", "no"]
    assert "1a1b1c1d,,,removed," in kept.said("people", "list", "--csv")
    assert numbered.split() == ["Telegram", "8"]
    assert WHO in kept.said("people", "list")


def test_the_list_counts_first_administrators_who_have_not_come_yet(kept: Folder) -> None:
    """Whoever has a row is in the list, or was removed, and not among them."""
    assert kept.said("people", "list", SERAF_ADMINS="7, 8, 9").splitlines()[-1] == (
        "First administrators not seen yet: 2"
    )
    assert "First administrators" not in kept.said("people", "list", SERAF_ADMINS="7")


@pytest.mark.parametrize("name", [WHO, WHO.upper(), "7", SAM])
def test_removal_erases_the_case_and_says_so(kept: Folder, name: str) -> None:
    """By the id, in any case, or the Telegram number."""
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
    """One question, by their role. Nothing but a yes is one; after a no nothing was changed."""
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
    """An id of eight signs is soon mistyped. What is held is kept; after a yes, or with it beforehand, they are removed."""
    folder.admit(
        standing=altered(folder.standing(), name="Front desk", held=REFERENCE if why == "held" else ""),
        reference="" if why == "none" else REFERENCE,
    )
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)

    ran = run(folder.path, "people", "remove", WHO, typed=b"n\n")

    asked = f"Remove {WHO} (“Front desk”, practitioner) for good? That account can never be let in again. [y/N]"
    assert (ran.status, ran.err.startswith(asked)) == (1, True)
    assert isinstance(read_account(folder.record().access), Account)
    assert f"{WHO} is removed" in folder.said("people", "remove", WHO, "--yes")
    assert "They were removed already" in folder.said("people", "remove", "7"), "and nobody is asked about them"


def test_a_real_terminal_is_one(kept: Folder) -> None:
    """In a process of its own; it waits for the answer."""
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
    """Cut short in between, nobody is removed and nothing is remembered; what an earlier release left goes too."""
    remind(kept, SAM)
    remind(kept, "telegram:8")

    async def cut(*_: object) -> None:
        """End as a program does that is killed."""
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
    """Somebody is to be reminded."""
    later = datetime.now(UTC) + DAY

    def decide(record: Record, _: object = None) -> Decision:
        return Decision(record, (), (Reminder(person, REFERENCE, later),))

    inbound = Inbound(f"remind {token_hex(8)}", datetime.now(UTC), person, decide, None)
    folder.do(lambda store: store.turns([inbound]))


def reminded(folder: Folder) -> list[str]:
    """Who is to be reminded."""
    far = datetime.now(UTC) + 400 * DAY
    return [each.person for each in folder.do(lambda store: store.read(lambda t: t.reminders.due(far)))]


def test_removal_keeps_what_is_held_and_says_so(kept: Folder) -> None:
    """With how it is let go."""
    kept.said("hold", "set", REFERENCE)

    said = kept.said("people", "remove", WHO)

    assert f"Their assessment {REFERENCE} is kept, because of the hold" in said
    assert f"seraf-bot hold lift {REFERENCE}" in said
    assert kept.record().case is not None
    assert kept.entries()[-1] == ("operator anna", "removed", WHO)


def test_removing_somebody_who_was_removed_says_so(kept: Folder) -> None:
    """Status 0, and nothing is noted twice."""
    kept.said("people", "remove", "7")
    before = kept.entries()

    said = kept.said("people", "remove", "7")

    assert "removed already, and stay removed" in said
    assert kept.entries() == before


def test_removal_says_where_nothing_was_and_what_is_left_to_do(folder: Folder) -> None:
    """No assessment; a first administrator still stands in the settings."""
    folder.admit(reference="")

    said = folder.said("people", "remove", "7", SERAF_ADMINS="7")

    assert "They had no assessment." in said
    assert "It still stands in SERAF_ADMINS" in said
    assert "nobody can use the bot" in folder.run("check", SERAF_ADMINS="7").out


def test_locking_locks_at_once_and_is_harmless_twice(kept: Folder) -> None:
    """The case stays."""
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
    """Wrong PINs are forgiven; the PIN stays unless a new one is asked for."""
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
def test_whoever_was_removed_is_neither_locked_nor_renewed(kept: Folder, command: str) -> None:
    """A removed id stays removed."""
    kept.said("people", "remove", WHO)

    said = kept.refused("people", command, "7")

    assert "a removed id stays removed" in said
    assert isinstance(read_account(kept.record().access), Removed)


@pytest.mark.parametrize("command", ["remove", "lock", "renew"])
@pytest.mark.parametrize("name", ["ffffffff", "8", "", "telegram:", "Front desk", "\x1b[2J"])
def test_nobody_of_that_name_is_said_with_what_to_do(kept: Folder, command: str, name: str) -> None:
    """Nothing is changed, and no row is made."""
    said = kept.refused("people", command, name)

    assert "seraf-bot people list" in said
    assert "\x1b" not in said
    assert kept.entries() == []


def test_the_entries_of_two_who_were_removed_are_told_apart(kept: Folder) -> None:
    """By the id that the audit had of each, also once a hold was lifted; whoever comes back with another account has another."""
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
    """It kept no id, and none is made up."""
    kept.admit("telegram:8", Removed(), reference="")

    *_, last = kept.said("people", "list").splitlines()

    assert last.split() == ["removed", "no"]
    assert "found by their number alone" in kept.refused("people", "remove", "1a1b1c1d")
    assert "They were removed already" in kept.said("people", "remove", "8")


def test_a_first_administrator_who_has_not_come_is_taken_out_of_the_settings(kept: Folder) -> None:
    """There is nothing in the store to remove."""
    assert "take the number out of SERAF_ADMINS" in kept.refused("people", "remove", "8", SERAF_ADMINS="8")


def test_a_word_that_means_two_people_is_refused(kept: Folder) -> None:
    """An id may be all digits; the longer form of the number tells them apart."""
    kept.admit("telegram:8", kept.standing(who="10203040"), reference="")
    kept.admit("telegram:10203040", kept.standing(who="1a1b1c1d"), reference="")

    assert "telegram:10203040" in kept.refused("people", "lock", "10203040")
    assert "1a1b1c1d is locked" in kept.said("people", "lock", "telegram:10203040")


@pytest.mark.parametrize("words", [("list",), ("withdraw", "7"), ("remove", "7"), ("lock", "7"), ("renew", "7")])
def test_no_store_is_made_by_looking_for_somebody(folder: Folder, words: tuple[str, ...]) -> None:
    """Somebody in the wrong folder is told so."""
    assert "There is no database at" in folder.refused("people", *words)
    assert not (folder.path / "var" / "seraf.sqlite").exists()


def test_somebody_is_removed_whose_case_a_newer_release_wrote(kept: Folder) -> None:
    """Taking access away comes first: the case goes, though nobody here can read it."""

    def spoil(record: Record, _: object = None) -> Decision:
        return Decision(replace(record, case=str(record.case).replace('"v":2', '"v":99')), ())

    spoilt = Inbound("spoil", datetime.now(UTC), SAM, spoil, None)
    kept.do(lambda store: store.turns([spoilt]))

    said = kept.said("people", "remove", WHO)

    assert "was erased" in said
    assert isinstance(read_account(kept.record().access), Removed)
    assert kept.record().case is None
