"""Tests of `seraf-bot backup`: its messages and exit statuses."""

from pathlib import Path

import pytest

from tests.support.command_line.cli import Ran, run
from tests.support.store.keeping import Keep, write_identity


def backup(keep: Keep, *words: str, **settings: str) -> Ran:
    changed = {f"SERAF_{name.upper()}": value for name, value in settings.items()}
    return run(keep.folder, "backup", *words, settings=keep.environment | changed)


def created(keep: Keep) -> str:
    assert backup(keep, "create", "--to", "copy.age").status == 0
    return str(keep.folder / "copy.age")


def one_line(ran: Ran) -> str:
    assert (ran.status, ran.out, ran.err.count("seraf-bot: ")) == (2, "", 1)
    assert "Traceback" not in ran.err
    return ran.err


async def test_create_names_the_file_its_contents_and_what_it_leaves_out(keep: Keep) -> None:
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
    environment = keep.environment
    keep.identity.unlink()

    assert run(keep.folder, "backup", "create", settings=environment).status == 0


def test_verify_reports_a_whole_store(keep: Keep) -> None:
    ran = backup(keep, "verify", created(keep), "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (0, "")
    assert "is whole" in ran.out
    assert "Every sealed value opens" in ran.out
    assert "head 3:" in ran.out
    assert "3 people, 3 assessments and 3 lines of the audit" in ran.out
    assert "The store here goes on from it: its audit is 1 entry further." in ran.out


def test_verify_compares_with_the_store_that_is_here(keep: Keep) -> None:
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


def test_verify_reports_faults(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    file = created(keep)
    monkeypatch.setattr(
        "bot.operations.backup.service.damage", lambda database: ("SQLite finds it damaged: one thing.", "Another.")
    )

    ran = backup(keep, "verify", file, "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (1, "")
    assert ran.out.count("WRONG: ") == 2
    assert "Do not rely on this backup" in ran.out


def test_restore_brings_everything_back_and_warns_of_what_came_back_with_it(keep: Keep) -> None:
    file = created(keep)
    keep.store.unlink()

    ran = backup(keep, "restore", file, "--identity", str(keep.identity))

    assert (ran.status, ran.err) == (0, "")
    assert f"{keep.store}: restored" in ran.out
    for said in ("Holds that were set since", "removed since", "seraf-bot people confirm"):
        assert said in ran.out


def test_restore_refuses_to_write_over_a_database_before_it_asks_for_anything(keep: Keep) -> None:
    before = keep.store.read_bytes()

    said = one_line(backup(keep, "restore", "none.age", "--identity", "none.txt"))

    assert "already, and it was left alone. Stop the bot, move every file" in said
    assert keep.store.read_bytes() == before


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_a_mismatch_is_reported_in_one_line(keep: Keep, command: str) -> None:
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
