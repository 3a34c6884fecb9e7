"""`seraf-bot backup`: what a person at the command line is told, and with which exit status."""

from pathlib import Path

import pytest

from bot.cli.terminal import many
from bot.crypto.keys import load_key_file
from bot.operations.rotation import rotate_keys
from tests.support.command_line.cli import Ran, run
from tests.support.store.keeping import NOON, Keep, write_identity


def backup(keep: Keep, *words: str, **settings: str) -> Ran:
    """Run `seraf-bot backup` with these words; settings are given without their prefix."""
    changed = {f"SERAF_{name.upper()}": value for name, value in settings.items()}
    return run(keep.folder, "backup", *words, settings=keep.environment | changed)


def created(keep: Keep) -> str:
    """A new backup by its path."""
    assert backup(keep, "create", "--to", "copy.age").status == 0
    return str(keep.folder / "copy.age")


def one_line(ran: Ran) -> str:
    """The only line of a refusal: status 2, nothing on standard output, no traceback."""
    assert (ran.status, ran.out, ran.err.count("seraf-bot: ")) == (2, "", 1)
    assert "Traceback" not in ran.err
    return ran.err


async def test_create_says_where_what_and_what_is_not_in_it(keep: Keep) -> None:
    """The file, the rows, the head of the audit to be noted down, and that the key file is not in it."""
    ran = backup(keep, "create")

    (file,) = keep.backups.iterdir()
    store = await keep.opened()
    trail = await store.read(lambda t: t.audit.trail())
    await store.close()
    assert (ran.status, ran.err) == (0, "")
    assert f"{file}: written, mode 0600, encrypted to 1 recipient." in ran.out
    assert "3 people, 3 assessments and 3 lines of the audit" in ran.out
    assert f"Head: 3:{trail.lines[-2].link.hex()}\n" in ran.out
    assert "That the backup was made is the entry after it" in ran.out
    assert "outside this machine" in ran.out
    assert "The key file is NOT in it" in ran.out


def test_create_needs_no_secret_key(keep: Keep) -> None:
    """The identity need not be on this machine, and is not for a backup to be made."""
    environment = keep.environment
    keep.identity.unlink()

    assert run(keep.folder, "backup", "create", settings=environment).status == 0


def test_create_without_recipients_is_refused(keep: Keep) -> None:
    """It says how to make one."""
    said = one_line(backup(keep, "create", backup_recipients=""))

    assert "SERAF_BACKUP_RECIPIENTS is empty" in said
    assert "age-keygen" in said


def test_create_with_a_secret_key_as_recipient_does_not_print_it(keep: Keep) -> None:
    """Neither whole nor in part."""
    secret = keep.identity.read_text().split()[-1]

    said = one_line(backup(keep, "create", backup_recipients=secret))

    assert "SERAF_BACKUP_RECIPIENTS" in said
    assert secret[20:40] not in said


def test_create_never_writes_over_a_file(keep: Keep) -> None:
    """The second time with the same name is refused."""
    first = Path(created(keep)).read_bytes()

    assert "already" in one_line(backup(keep, "create", "--to", "copy.age"))
    assert (keep.folder / "copy.age").read_bytes() == first


def test_verify_says_that_all_is_whole(keep: Keep) -> None:
    """How many rows and sealed values, and the head to be compared with the one noted down."""
    ran = backup(keep, "verify", created(keep), "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (0, "")
    assert "is whole" in ran.out
    assert "Every sealed value opens" in ran.out
    assert "head 3:" in ran.out
    assert "3 people, 3 assessments and 3 lines of the audit" in ran.out
    assert "The store here goes on from it: its audit is 1 entry further." in ran.out


def test_verify_compares_with_the_store_that_is_here(keep: Keep) -> None:
    """An older copy put in its place, or another audit, does not go on from it; without one that can be read nothing is compared."""
    older = keep.store.read_bytes()
    backup(keep, "create")
    file = created(keep)
    keep.store.write_bytes(older)

    ran = backup(keep, "verify", file, "--identity", str(keep.identity))

    assert ran.status == 1
    assert "WRONG: The store here does not go on from it" in ran.out
    assert "The backup itself is whole. If its head is the one on paper, the store here is the wrong one" in ran.out
    assert "Compare that head with the one that was noted down" in ran.out
    assert "Make another" not in ran.out
    keep.store.write_bytes(older[:4096] + bytes(len(older) - 4096))
    ran = backup(keep, "verify", file, "--identity", str(keep.identity))
    assert (ran.status, "The store here cannot be read" in ran.out) == (0, True)
    keep.store.unlink()
    ran = backup(keep, "verify", file, "--identity", str(keep.identity))
    assert (ran.status, "There is no store here" in ran.out) == (0, True)


def test_verify_says_what_is_wrong(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line each, and status 1."""
    file = created(keep)
    monkeypatch.setattr(
        "bot.operations.backup.service.damage", lambda database: ("SQLite finds it damaged: one thing.", "Another.")
    )

    ran = backup(keep, "verify", file, "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (1, "")
    assert ran.out.count("WRONG: ") == 2
    assert "Do not rely on this backup" in ran.out


def test_restore_brings_everything_back_and_warns_of_what_came_back_with_it(keep: Keep) -> None:
    """Whoever was removed and whatever was erased since is there again, and what to do is said."""
    file = created(keep)
    keep.store.unlink()

    ran = backup(keep, "restore", file, "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (0, "")
    assert f"{keep.store}: restored" in ran.out
    for said in (
        *(
            "Holds that were set since are gone",
            "removed since this backup are admitted again",
            "Renewals and locks since then are lost",
        ),
        *("spent or withdrawn since count again", "seraf-bot people confirm"),
    ):
        assert said in ran.out


async def test_counts_have_the_right_nouns(tmp_path: Path) -> None:
    """One is one."""
    keep = Keep.made(tmp_path / "one")
    await keep.fill(1)

    assert "1 person, 1 assessment and 1 line of the audit" in backup(keep, "create").out
    assert [many(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert many(2, "person", more="people") == "2 people"


def test_verify_after_a_rotation_is_one_sentence(keep: Keep) -> None:
    """It names both key files, and what to do."""
    file, old = created(keep), load_key_file(keep.key_file)
    rotate_keys(keep.store, keep.key_file, at=NOON)

    said = one_line(backup(keep, "verify", file, "--identity", str(keep.identity)))

    assert said == (
        f"seraf-bot: The backup was made under the key file “{old.id}”, and here is “{load_key_file(keep.key_file).id}”:"
        f" set SERAF_KEY_FILE to a copy of “{old.id}”, or, if the keys were rotated since, use a later backup.\n"
    )


def test_restore_refuses_to_write_over_a_database_before_it_asks_for_anything(keep: Keep) -> None:
    """Even with a backup that is not there."""
    before = keep.store.read_bytes()

    said = one_line(backup(keep, "restore", "none.age", "--identity", "none.txt"))

    assert "already, and it was left alone. Stop the bot, move every file" in said
    assert keep.store.read_bytes() == before


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_what_does_not_fit_is_said_in_a_line(keep: Keep, command: str) -> None:
    """A wrong identity, an open one, another key file, a file cut short, another file, and none."""
    file, mine, other = created(keep), str(keep.identity), keep.folder / "other.txt"
    keep.store.unlink()
    write_identity(other)
    cut, text = keep.folder / "cut.age", keep.folder / "minutes.txt"
    cut.write_bytes(Path(file).read_bytes()[:-100])
    text.write_text("minutes of the meeting")
    strange = Keep.made(keep.folder / "strange").key_file

    assert "not encrypted to this identity" in one_line(backup(keep, command, file, "--identity", str(other)))
    assert "is not a whole backup" in one_line(backup(keep, command, str(cut), "--identity", mine))
    assert "is not a whole backup" in one_line(backup(keep, command, str(text), "--identity", mine))
    assert "could not be read" in one_line(backup(keep, command, "none.age", "--identity", mine))
    assert "no identity file" in one_line(backup(keep, command, file, "--identity", "none.txt"))
    assert "under the key file" in one_line(backup(keep, command, file, "--identity", mine, key_file=str(strange)))
    assert "no key file" in one_line(backup(keep, command, file, "--identity", mine, key_file="none"))
    other.chmod(0o644)
    assert "is open to others" in one_line(backup(keep, command, file, "--identity", str(other)))
    assert not keep.store.exists()
