"""`seraf-bot keys rotate`: what a person at the command line is told, and with which exit status."""

import asyncio
from pathlib import Path

from bot.crypto.keys import Keychain, load_key_file, replace_key_file, successor
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import made
from tests.support.store.keeping import Keep


def rotate(keep: Keep, *words: str, **settings: str) -> Ran:
    """Run `seraf-bot keys rotate` with these words; settings are given without their prefix."""
    changed = {f"SERAF_{name.upper()}": value for name, value in settings.items()}
    return run(keep.folder, "keys", "rotate", *words, settings=keep.environment | changed)


async def test_a_rotation_says_what_it_ends_and_takes_a_new_backup(keep: Keep) -> None:
    """Older backups are ended, a new copy of the key file is to be kept, and the new backup is named."""
    old, before = load_key_file(keep.key_file), await keep.everything()

    ran = await asyncio.to_thread(rotate, keep)

    new = load_key_file(keep.key_file)
    (file,) = keep.backups.iterdir()
    assert (ran.status, ran.err) == (0, "")
    assert f"now the key file “{new.id}”" in ran.out
    assert "Keep a new second copy" in ran.out
    assert "with it, what was erased could still be read from older backups" in " ".join(ran.out.split())
    assert f"{file}: written" in ran.out
    assert new.id != old.id
    assert await keep.everything() == before
    assert (await keep.words())[-2:] == ("keys-rotated", "backup-created")


def test_where_something_is_held_one_old_key_file_and_its_backup_are_kept(keep: Keep) -> None:
    """In the filled store everybody's assessment is held; everything else of the old key file is to be destroyed."""
    ran = rotate(keep, "--no-backup")

    said = " ".join(ran.out.split())
    assert "3 assessments are held: until that is lifted, keep one copy of the old key file" in said
    assert "the backup that was taken for the hold, both under lock" in said
    assert "Destroy every other copy of the old key file" in said


def test_where_nothing_is_held_no_old_key_file_is_kept(tmp_path: Path) -> None:
    """Every copy is to be destroyed."""
    folder = made(tmp_path)
    folder.admit()

    said = folder.said("keys", "rotate", "--no-backup")

    assert "held" not in said
    assert "Destroy every copy of the old key file" in said


def test_without_recipients_nothing_is_begun(keep: Keep) -> None:
    """The key file and the database are as they were."""
    before = (keep.key_file.read_bytes(), keep.store.read_bytes())

    ran = rotate(keep, backup_recipients="")

    assert (ran.status, ran.out) == (2, "")
    assert "SERAF_BACKUP_RECIPIENTS is empty" in ran.err
    assert (keep.key_file.read_bytes(), keep.store.read_bytes()) == before


def test_without_a_backup_it_says_to_take_one(keep: Keep) -> None:
    """With `--no-backup` recipients are not needed."""
    ran = rotate(keep, "--no-backup", backup_recipients="")

    assert (ran.status, ran.err) == (0, "")
    assert "No new backup was taken. Take one soon" in ran.out
    assert not keep.backups.exists()


def test_a_backup_that_fails_is_not_passed_over(keep: Keep) -> None:
    """The keys are changed all the same, and both is said."""
    old = load_key_file(keep.key_file)

    ran = rotate(keep, backup_folder=str(keep.key_file / "backups"))

    assert ran.status == 2
    assert "The keys are changed, but the new backup failed" in ran.err
    assert "no folder" in ran.err
    assert load_key_file(keep.key_file).id != old.id


def test_what_was_cut_short_is_finished(keep: Keep) -> None:
    """It says so, and changes the keys no second time."""
    both = Keychain(load_key_file(keep.key_file), successor(load_key_file(keep.key_file)))
    replace_key_file(keep.key_file, both)
    rotate(keep, "--no-backup")
    replace_key_file(keep.key_file, both)

    ran = rotate(keep, "--no-backup")

    assert ran.status == 0
    assert "had been cut short; it is finished now" in ran.out
    assert load_key_file(keep.key_file) == both.following


def test_another_key_file_is_said_in_a_line(keep: Keep) -> None:
    """And nothing is changed."""
    strange = Keep.made(keep.folder / "strange").key_file
    before = (strange.read_bytes(), keep.store.read_bytes())

    ran = rotate(keep, key_file=str(strange))

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "sealed with another key file" in ran.err
    assert (strange.read_bytes(), keep.store.read_bytes()) == before
