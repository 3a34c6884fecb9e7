"""Tests that irreversible commands and commands that grant power need the PIN of another administrator."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.account import Account, read_account
from bot.conversation.conversation import Conversation
from bot.crypto.at_random import make_reference
from bot.crypto.keys import load_key_file
from bot.rehearsal.mode import REHEARSALS
from bot.storage.store import Store
from bot.storage.values import Inbound
from dialogs.core.events import Lapsed
from dialogs.core.role import Role
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import REFERENCE, WHO, WORDS, Folder, made
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN, door
from tests.support.shipped import SCRIPT
from tests.support.store.builders import ask
from tests.support.store.keeping import write_identity

BOSS, HIS = "1a2b3c4d", "telegram:9"
CONFIRMED = ("--confirmed-by", BOSS)
WRONG = ("operator anna", "wrong-pin", BOSS)
ALONE, CALL_OFF = ("people", "invite", "--role", "admin", "--alone"), ("people", "withdraw", "--alone")
ROTATE = ("keys", "rotate", "--no-backup")


def restoring(folder: Folder) -> tuple[str, ...]:
    recipient = write_identity(folder.path / "identity.txt")
    folder.said("backup", "create", "--to", "now.age", SERAF_BACKUP_RECIPIENTS=recipient)
    (folder.path / "var" / "seraf.sqlite").rename(folder.path / "old.sqlite")
    return ("backup", "restore", "now.age", "--identity", "identity.txt")


def restored(folder: Folder) -> tuple[str, ...]:
    assert act(folder, *restoring(folder), *CONFIRMED).status == 0
    return ("people", "confirm")


ACTS: dict[str, tuple[Callable[[Folder], tuple[str, ...]], str, str]] = {
    "invite": (lambda _: ("people", "invite", "--role", "admin"), "invited", ""),
    "lift": (lambda _: ("hold", "lift", *WORDS), "hold-lifted", REFERENCE),
    "rotate": (lambda _: ROTATE, "keys-rotated", "keys-rotated"),
    "restore": (restoring, "backup-restored", "backup-restored"),
    "confirm": (restored, "people-confirmed", "people-confirmed"),
}


class Later:
    """A test double of the system clock that is `hours` ahead."""

    hours = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self.hours)

    @classmethod
    def for_commands(cls, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cls, "hours", 0)
        for module in ("context", "operate.check"):
            monkeypatch.setattr(f"bot.cli.{module}.SystemClock", cls)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.admit()
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    folder.said("hold", "set", *WORDS)
    return folder


def act(folder: Folder, *words: str, pin: str = PIN, **settings: str) -> Ran:
    return run(folder.path, *words, typed=f"{pin}\n".encode(), settings={"COLUMNS": "300"} | settings)


def boss(folder: Folder) -> Account:
    access = read_account(folder.record(HIS).access)
    assert isinstance(access, Account)
    return access


@pytest.mark.parametrize("name", ACTS)
def test_it_is_done_only_with_another_administrators_pin_and_both_are_in_the_audit(folder: Folder, name: str) -> None:
    words, what, about = ACTS[name][0](folder), *ACTS[name][1:]
    there = (folder.path / "var" / "seraf.sqlite").exists()
    before = folder.entries() if there else []

    for given, said, settings in (
        ((), f"--confirmed-by {BOSS}", {}),
        (("--confirmed-by", "0a0b0c0d"), "No administrator", {}),
        (CONFIRMED, "Nobody confirms what they do themselves", {"SERAF_OPERATOR": BOSS}),
        (CONFIRMED, "Nobody confirms what they do themselves", {"SERAF_OPERATOR": BOSS.upper()}),
    ):
        ran = act(folder, *words, *given, **settings)
        assert ran.status == 2
        assert said in ran.err
    wrong = act(folder, *words, *CONFIRMED, pin="111111")
    assert (wrong.status, "That is not their PIN. Nothing was changed." in wrong.err) == (2, True)
    assert (folder.path / "var" / "seraf.sqlite").exists() == there
    assert (folder.entries() if there else []) == [*before, *([WRONG] if there else [])]

    ran = act(folder, *words, *CONFIRMED)

    assert (ran.status, ran.err) == (0, "")
    done = folder.entries()[-2:]
    assert {(who, each) for who, each, _ in done} == {(BOSS, "confirmed"), ("operator anna", what)}
    assert not about or about in {each for _, _, each in done}


def test_five_wrong_pins_at_the_desk_bar_as_in_the_chat_and_open_nothing(folder: Folder) -> None:
    for left in ("4 tries are left", "3 tries are left", "2 tries are left", "1 try is left", "Nothing was changed."):
        assert left in act(folder, *ROTATE, *CONFIRMED, pin="111111").err
    for words in ((), CONFIRMED):
        assert act(folder, *ROTATE, *words).status == 2

    assert folder.entries()[-6:] == [*[WRONG] * 5, (BOSS, "barred", "")]
    folder.said("people", "renew", BOSS)
    assert act(folder, *ROTATE, *CONFIRMED).status == 0
    assert boss(folder).pin.tries == 0


def test_empty_input_does_not_count_as_a_try(folder: Folder) -> None:
    before = folder.entries()

    ran = act(folder, *ROTATE, *CONFIRMED, pin="")

    assert (ran.status, "nothing was tried" in ran.err) == (2, True)
    assert (boss(folder).pin.tries, folder.entries()) == (0, before)


def test_an_administrator_without_a_pin_is_asked_to_choose_one(folder: Folder) -> None:
    folder.said("people", "renew", BOSS, "--new-pin")

    assert "has no PIN yet" in act(folder, *ROTATE, *CONFIRMED).err
    assert act(folder, *ROTATE).status == 2


def test_where_nobody_was_ever_an_administrator_the_first_can_be_invited(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit(reference="")
    folder.said("people", "remove", "7")

    said = folder.said("people", "invite", "--role", "admin")

    assert "nobody could confirm this" in said
    assert [each[1] for each in folder.entries()] == ["removed", "invited"]
    assert "leave out --alone" in folder.refused("people", "invite", "--role", "admin", "--alone")


def test_an_administrator_whose_access_has_run_out_still_confirms(folder: Folder) -> None:
    past = altered(boss(folder), until=datetime(2026, 1, 1, tzinfo=UTC))
    folder.admit(HIS, past, reference="")

    for words in (("people", "invite", "--role", "admin"), ("hold", "lift", *WORDS), ROTATE):
        assert f"--confirmed-by {BOSS}" in act(folder, *words).err
    assert f"--confirmed-by {BOSS}" in act(folder, "people", "invite", "--role", "admin", "--alone").err
    assert act(folder, "hold", "lift", *WORDS, *CONFIRMED).status == 0

    assert folder.entries()[-2:] == [(BOSS, "confirmed", REFERENCE), ("operator anna", "hold-lifted", REFERENCE)]
    assert boss(folder).admission.until == past.admission.until


@pytest.mark.parametrize(
    "damage",
    ["UPDATE standings SET body = zeroblob(200)", "UPDATE people SET turn = turn + 1", "DELETE FROM standings"],
)
def test_an_administrator_who_cannot_be_read_does_not_count_as_none(folder: Folder, damage: str) -> None:
    ask(folder.path / "var" / "seraf.sqlite", damage)
    before = folder.entries()

    for words in (("hold", "lift", *WORDS), ROTATE, ALONE):
        assert refused(folder, 0, *words)

    assert [each for each in folder.entries() if each[1] != "out-of-step"] == before


@pytest.fixture
def nobody_left(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    Later.for_commands(monkeypatch)
    folder.said("people", "remove", BOSS, "--yes")
    return folder


def run_due_turns(folder: Folder) -> None:
    async def tell(store: Store) -> None:
        now, own = Later().now(), door(load_key_file(folder.key_file))
        conversation = Conversation(SCRIPT, Later(), make_reference, REHEARSALS, door=own)
        for person in await store.read(lambda t: t.people.due(now, now, most=100)):
            decide = conversation.decide(Lapsed(conversation.occasion()))
            await store.turns([Inbound(f"time {person} {now}", now, person, decide, None)])

    folder.do(tell)


def refused(folder: Folder, hours: float, *words: str) -> str:
    Later.hours = hours
    ran = act(folder, *words)
    assert ran.status == 2
    return ran.err


def test_with_nobody_left_an_administrator_is_made_a_day_after_everybody_was_notified(nobody_left: Folder) -> None:
    folder = nobody_left
    for words in (("people", "invite", "--role", "admin"), ("hold", "lift", *WORDS), ROTATE):
        assert "--role admin --alone" in refused(folder, 0, *words, *CONFIRMED)

    said = folder.said(*ALONE)

    assert "Announced, in the audit and to 1 person" in said
    assert "Code" not in said
    assert folder.entries()[-1] == ("operator anna", "break-glass", "")
    assert "not told of it yet" in refused(folder, 48, *ALONE), "no bot was there to tell them"
    run_due_turns(folder)
    assert folder.entries()[-1] == (WHO, "break-glass-told", "")
    for hours in (48, 71.9):
        assert "operator anna asked to make an administrator without a second person" in refused(folder, hours, *ALONE)
        assert "break glass" in folder.run("check").out
    Later.hours = 72.1
    assert "Code for an admin, " in folder.said(*ALONE)

    assert [each[1] for each in folder.entries()[-2:]] == ["break-glass-used", "invited"]
    assert "break glass" not in folder.run("check").out
    assert "Announced" in folder.said(*ALONE)


def test_an_announcement_is_withdrawn_or_expires_after_a_week(nobody_left: Folder) -> None:
    assert "Nothing was changed" in refused(nobody_left, 0, *CALL_OFF)
    nobody_left.said(*ALONE)
    run_due_turns(nobody_left)
    Later.hours = 1
    assert "It is called off. Ask operator anna why" in nobody_left.said(*CALL_OFF)
    assert nobody_left.entries()[-1] == ("operator anna", "break-glass-called-off", "")

    Later.hours = 30
    assert "Announced" in nobody_left.said(*ALONE)
    run_due_turns(nobody_left)
    Later.hours = 30 + 7 * 24
    assert "Announced" in nobody_left.said(*ALONE)


def test_making_one_alone_is_for_administrators_and_confirmed_by_nobody(nobody_left: Folder) -> None:
    for words in (("--role", "trainer"), (), ("--role", "admin", *CONFIRMED)):
        assert "--alone goes with --role admin" in nobody_left.refused("people", "invite", *words, "--alone")
    assert "break-glass" not in [each[1] for each in nobody_left.entries()]


def test_a_practitioner_is_invited_without_a_second_person(folder: Folder) -> None:
    assert "Code for" in folder.said("people", "invite", "--role", "practitioner")


def test_the_audit_names_the_account_where_no_setting_names_the_operator(folder: Folder) -> None:
    folder.said("contacts", "confirm", "art", SERAF_OPERATOR="")
    folder.said("contacts", "confirm", "art", SERAF_OPERATOR=BOSS)

    account, named = (who for who, _, _ in folder.entries()[-2:])
    assert account.startswith("operator ")
    assert account not in ("operator ", "operator anna")
    assert named == f"operator {BOSS}"
