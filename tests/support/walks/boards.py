"""The board of a walk: the shipped one, or the fictional second one."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.runtime.packs import SHIPPED
from dialogs.core.script import Script
from tests.support.pack import second_board
from tests.support.shipped import CODES, LINK, PACK, REHEARSED_CODES, WEB_SCRIPT, WORDING
from tests.support.shipped import TELEGRAM as TELEGRAM_FACTS
from tests.support.shipped import TERMINAL as TERMINAL_FACTS
from tests.support.talk.notes import taking_in
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, Walk

SCRIPTS: Mapping[str, Script] = {
    TELEGRAM: Script(PACK, WORDING, TELEGRAM_FACTS, CODES, rehearsal_codes=REHEARSED_CODES, link=LINK),
    TERMINAL: Script(PACK, WORDING, TERMINAL_FACTS, CODES, rehearsal_codes=REHEARSED_CODES),
    WEB: WEB_SCRIPT,
}
"""What the core is told in each channel."""


def script_of(channel: str, walk: Walk) -> Script:
    """Return the core's script for a channel in this walk."""
    script = _of_the_second(SCRIPTS[channel]) if is_of_the_second(walk) else SCRIPTS[channel]
    return replace(script, notes=taking_in(channel)) if walk.takes_notes else script


def pack_folder(walk: Walk, folder: Path) -> Path:
    """Return the folder of its pack; the second board's is created in the given folder."""
    if not is_of_the_second(walk):
        return SHIPPED
    pack = folder / "pack"
    pack.mkdir()
    for name, content in _files_of_the_second().items():
        (pack / name).write_bytes(content)
    return pack


def is_of_the_second(walk: Walk) -> bool:
    """True for a conversation of the second board."""
    assert walk.board in ("", second_board.BOARD), walk.board
    return bool(walk.board)


def _of_the_second(script: Script) -> Script:
    codes, rehearsed = (replace(each, instruments=(second_board.PACK.instrument,)) for each in (CODES, REHEARSED_CODES))
    return replace(script, pack=second_board.PACK, codes=codes, rehearsal_codes=rehearsed)


@cache
def _files_of_the_second() -> Mapping[str, bytes]:
    return second_board.files()
