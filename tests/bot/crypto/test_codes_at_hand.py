"""Where codes come from: the bot has them for every list in its store, a desk for the pack in use, and without a key nobody."""

import random
from pathlib import Path

from bot.assemble import guarded
from bot.cli.desk.codes import codes_at_desk, codes_if_any
from bot.crypto.code_cipher import CodeCipher
from bot.crypto.keys import create_key_file, load_key_file
from bot.crypto.sealing import KeyRing
from bot.runtime.clock import SystemClock
from bot.runtime.settings import DeskSettings, Settings
from bot.storage.sqlite.memory import in_memory
from tests.support.pack import other_board
from tests.support.pack.carrying import MARCH, finished
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT


def test_a_desk_reads_the_codes_of_the_bot_with_its_key_file(tmp_path: Path) -> None:
    """The bot's key file and the same pack are enough; no store is opened."""
    keys = create_key_file(tmp_path / "seraf.key")

    codes = codes_at_desk(DeskSettings.model_validate({"key_file": tmp_path / "seraf.key"}), PACK)

    assert codes.read(CodeCipher(keys.carry, (other_board.INSTRUMENT, INSTRUMENT)).write(MARCH)) == MARCH
    assert [each.name for each in tmp_path.iterdir()] == ["seraf.key"]


def test_without_a_key_file_that_can_be_used_there_are_none(tmp_path: Path) -> None:
    """Missing, or open to others: a conversation goes on without codes."""
    key_file = tmp_path / "seraf.key"

    assert codes_if_any(DeskSettings.model_validate({"key_file": key_file}), PACK) is None
    create_key_file(key_file)
    codes = codes_if_any(DeskSettings.model_validate({"key_file": key_file}), PACK)
    assert codes is not None
    assert codes.cipher == CodeCipher(load_key_file(key_file).carry, (INSTRUMENT,))
    key_file.chmod(0o644)
    assert codes_if_any(DeskSettings.model_validate({"key_file": key_file}), PACK) is None


async def test_the_bot_has_codes_of_every_list_in_its_store(tmp_path: Path) -> None:
    """A board that changes its list can still look back on what was done with the one before."""
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
