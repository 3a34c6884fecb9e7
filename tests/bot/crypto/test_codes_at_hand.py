"""Tests of who reads review codes: the bot for each stored item list, commands for one list, nobody without a key."""

import random
from pathlib import Path

import pytest

from bot.assemble import guarded
from bot.cli.consult.summary import codes_of
from bot.crypto.code_cipher import CodeCipher
from bot.crypto.keys import create_key_file
from bot.crypto.sealing import KeyRing
from bot.runtime.clock import SystemClock
from bot.runtime.errors import KeyFault
from bot.runtime.settings import LocalSettings, Settings
from bot.storage.sqlite.memory import in_memory
from tests.support.command_line.cli import run
from tests.support.pack import other_board
from tests.support.pack.carrying import MARCH, finished
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT


def test_a_command_reads_the_codes_of_the_bot_with_its_key_file(tmp_path: Path) -> None:
    keys = create_key_file(tmp_path / "seraf.key")

    codes = codes_of(LocalSettings.model_validate({"key_file": tmp_path / "seraf.key"}), PACK)

    assert codes.cipher == CodeCipher(keys.code_secret, (INSTRUMENT,))
    assert codes.read(CodeCipher(keys.carry, (other_board.INSTRUMENT, INSTRUMENT)).write(MARCH)) == MARCH
    assert [each.name for each in tmp_path.iterdir()] == ["seraf.key"]


@pytest.mark.parametrize("is_there", [True, False])
def test_without_a_key_file_that_can_be_used_there_are_none(tmp_path: Path, *, is_there: bool) -> None:
    key_file = tmp_path / "seraf.key"
    if is_there:
        create_key_file(key_file)
        key_file.chmod(0o644)

    with pytest.raises(KeyFault):
        codes_of(LocalSettings.model_validate({"key_file": key_file}), PACK)

    assert run(tmp_path, "chat", settings={"SERAF_KEY_FILE": str(key_file)}).status == 0


async def test_the_bot_has_codes_of_every_list_in_its_store(tmp_path: Path) -> None:
    keys, store = KeyRing.fresh(), in_memory()
    theirs = finished(random.Random(23), other_board.INSTRUMENT)
    await store.write(
        lambda t: t.editions.keep(theirs.fingerprint, (other_board.FOLDER / "instrument.toml").read_bytes())
    )
    settings = Settings.model_validate({"key_file": tmp_path / "seraf.key"})

    house = await guarded(settings, store, keys=keys, script=SCRIPT, clock=SystemClock(), references=lambda: "")

    codes = house.script.codes
    assert codes is not None
    assert codes.read(codes.write(theirs)) == theirs
    assert codes.read(CodeCipher(keys.carry, (INSTRUMENT,)).write(MARCH)) == MARCH
    assert set(await store.read(lambda t: t.editions.by_fingerprint())) == {theirs.fingerprint, INSTRUMENT.fingerprint}
