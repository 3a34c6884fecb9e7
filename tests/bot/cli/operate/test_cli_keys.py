"""Tests of `seraf-bot keys rotate`: its messages and exit statuses."""

import asyncio
import shlex
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.crypto.code_cipher import codes_in_force
from bot.crypto.keys import CodeChange, Keychain, load_key_file, replace_key_file, successor
from bot.runtime.clock import SystemClock
from bot.runtime.single_instance import Alone
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import made
from tests.support.pack.carrying import MARCH
from tests.support.shipped import INSTRUMENT
from tests.support.store.keeping import Keep


@dataclass(frozen=True, slots=True)
class Later:
    days: int

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


def rotate(keep: Keep, *words: str, **settings: str) -> Ran:
    changed = {f"SERAF_{name.upper()}": value for name, value in settings.items()}
    return run(keep.folder, "keys", "rotate", *words, settings=keep.environment | changed)


async def test_a_rotation_names_the_backups_that_it_ends_and_takes_a_new_one(keep: Keep) -> None:
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


def test_with_a_hold_one_old_key_file_and_its_backup_stay(keep: Keep) -> None:
    ran = rotate(keep, "--no-backup")

    said = " ".join(ran.out.split())
    before, _, after = said.partition("sealed under new keys")
    assert (
        "3 assessments are held. The backup that was taken for the hold opens with the key file as it is now" in before
    )
    assert f"keep one copy of it, and that backup, both under lock: {keep.key_file}" in before
    assert "Destroy every copy of the old key file but the one for the hold" in after


@pytest.mark.parametrize("is_cut_short", [False, True])
@pytest.mark.parametrize(("answer", "words"), [(b"n\n", ()), (b"\n", ()), (b"y\n", ()), (b"", ("--yes",))])
def test_at_a_terminal_it_is_asked_for_the_copy_while_there_is_the_old_key_file(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, *, answer: bytes, words: tuple[str, ...], is_cut_short: bool
) -> None:
    monkeypatch.setattr("bot.cli.terminal.is_at_terminal", lambda: True)
    keys = load_key_file(keep.key_file)
    if is_cut_short:
        replace_key_file(keep.key_file, Keychain(keys, successor(keys)))
    before = keep.key_file.read_bytes()

    ran = run(keep.folder, "keys", "rotate", "--no-backup", *words, typed=answer, settings=keep.environment)

    is_done = answer == b"y\n" or words != ()
    assert "3 assessments are held" in ran.out
    assert ("Is there a copy of the key file as it is now, under lock? [y/N]" in ran.err) is (words == ())
    assert (ran.status, keep.key_file.read_bytes() != before) == ((0, True) if is_done else (1, False))
    assert ("Nothing was changed." in ran.out) is not is_done


def test_without_a_hold_no_old_key_file_stays(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit()

    said = folder.said("keys", "rotate", "--no-backup")

    assert "held" not in said
    assert "Destroy every copy of the old key file" in said


def test_without_recipients_nothing_is_begun(keep: Keep) -> None:
    before = (keep.key_file.read_bytes(), keep.store.read_bytes())

    ran = rotate(keep, backup_recipients="")

    assert (ran.status, ran.out) == (2, "")
    assert "SERAF_BACKUP_RECIPIENTS is empty" in ran.err
    assert (keep.key_file.read_bytes(), keep.store.read_bytes()) == before


def test_without_a_backup_it_advises_to_take_one(keep: Keep) -> None:
    ran = rotate(keep, "--no-backup", backup_recipients="")

    assert (ran.status, ran.err) == (0, "")
    assert "No new backup was taken. Take one soon" in ran.out
    assert not keep.backups.exists()


def test_a_backup_that_fails_is_not_passed_over(keep: Keep) -> None:
    old = load_key_file(keep.key_file)

    ran = rotate(keep, backup_folder=str(keep.key_file / "backups"))

    assert ran.status == 2
    assert "The keys are changed, but the new backup failed" in ran.err
    assert "no folder" in ran.err
    assert load_key_file(keep.key_file).id != old.id


def test_an_interrupted_rotation_is_finished(keep: Keep) -> None:
    both = Keychain(load_key_file(keep.key_file), successor(load_key_file(keep.key_file)))
    replace_key_file(keep.key_file, both)
    rotate(keep, "--no-backup")
    replace_key_file(keep.key_file, both)

    ran = rotate(keep, "--no-backup")

    assert ran.status == 0
    assert "had been cut short; it is finished now" in ran.out
    assert load_key_file(keep.key_file) == both.following


def test_another_key_file_is_reported_in_one_line(keep: Keep) -> None:
    strange = Keep.made(keep.folder / "strange").key_file
    before = (strange.read_bytes(), keep.store.read_bytes())

    ran = rotate(keep, key_file=str(strange))

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "sealed with another key file" in ran.err
    assert (strange.read_bytes(), keep.store.read_bytes()) == before


def test_keys_that_cannot_be_written_are_left_alone_and_rotated_in_a_file(keep: Keep) -> None:
    command = shlex.join((sys.executable, "-c", f"print(open({str(keep.key_file)!r}).read())"))
    before = (keep.key_file.read_bytes(), keep.store.read_bytes())

    refused = [
        rotate(keep, "--no-backup", key_command=command),
        rotate(keep, "--no-backup", key_credential="seraf.key"),
    ]
    with Alone(keep.store):
        running = rotate(keep, "--no-backup", "--key-file", str(keep.key_file), key_command=command)

    assert [(ran.status, ran.out) for ran in (*refused, running)] == [(2, "")] * 3
    assert "cannot write new ones. Nothing was changed." in refused[0].err
    assert "seraf-bot keys rotate --key-file FILE" in refused[1].err
    assert "Stop it first" in running.err
    assert (keep.key_file.read_bytes(), keep.store.read_bytes()) == before

    assert rotate(keep, "--no-backup", "--key-file", str(keep.key_file), key_command=command).status == 0
    assert keep.key_file.read_bytes() != before[0]


@pytest.mark.parametrize("days", [0, 90])
async def test_codes_get_a_new_key_and_older_ones_open_for_the_given_time(keep: Keep, days: int) -> None:
    old = load_key_file(keep.key_file)
    code = codes_in_force(old, (INSTRUMENT,), clock=SystemClock()).write(MARCH)

    ran = await asyncio.to_thread(rotate, keep, "--no-backup", "--codes", "--old-codes", str(days))

    new = load_key_file(keep.key_file)
    codes = codes_in_force(new, (INSTRUMENT,), clock=SystemClock())
    assert (ran.status, ran.err) == (0, "")
    assert ("No older code opens any more" if days == 0 else "Older codes open until") in ran.out
    assert (await keep.words())[-2:] == ("keys-rotated", "codes-rotated")
    assert (codes.read(code), codes.read(codes.write(MARCH))) == (None if days == 0 else MARCH, MARCH)
    assert codes.write(MARCH) != code
    assert codes_in_force(old, (INSTRUMENT,), clock=SystemClock()).read(codes.write(MARCH)) is None
    assert replace(codes, clock=Later(days + 1)).read(code) is None
    assert (new.carry, new.pepper) == (old.carry, old.pepper)
    await asyncio.to_thread(rotate, keep, "--no-backup")
    assert load_key_file(keep.key_file).code_secret == new.code_secret


def test_codes_change_only_with_a_choice_and_not_under_a_running_bot(keep: Keep) -> None:
    """Review codes also do not change amid another rotation, which could be mistaken for this one."""
    before = (keep.key_file.read_bytes(), keep.store.read_bytes())

    half = [rotate(keep, "--no-backup", "--codes"), rotate(keep, "--no-backup", "--old-codes", "0")]
    with Alone(keep.store):
        running = rotate(keep, "--no-backup", "--codes", "--old-codes", "0")

    assert ["so does a code that somebody made with the leaked key" in ran.err for ran in half] == [True, True]
    assert "would go on writing codes with the old key" in running.err
    assert (keep.key_file.read_bytes(), keep.store.read_bytes()) == before

    keys = load_key_file(keep.key_file)
    replace_key_file(keep.key_file, Keychain(keys, successor(keys)))
    assert "Finish it" in rotate(keep, "--no-backup", "--codes", "--old-codes", "0").err


def test_a_finished_rotation_names_the_codes_that_open(keep: Keep) -> None:
    keys, now = load_key_file(keep.key_file), datetime.now(UTC)
    coming = successor(keys, CodeChange(now, now))
    replace_key_file(keep.key_file, Keychain(keys, coming))

    ran = rotate(keep, "--no-backup")

    assert "No older code opens any more" in ran.out
    assert load_key_file(keep.key_file) == coming
