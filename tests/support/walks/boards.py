"""The safeguarding board of a recorded conversation (a walk): the shipped one, or the made-up second one."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.conversation.questions import Questions
from bot.runtime.packs import SHIPPED
from dialogs.core.script import Script
from tests.support.pack import second_board
from tests.support.shipped import CODES, REHEARSED_CODES, SCRIPT, WEB_SCRIPT
from tests.support.shipped import TERMINAL as TERMINAL_FACTS
from tests.support.talk.notes import taking_in
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, Walk

SCRIPTS: Mapping[str, Script] = {
    TELEGRAM: SCRIPT,
    TERMINAL: replace(SCRIPT, channel=TERMINAL_FACTS, link=""),
    WEB: WEB_SCRIPT,
}
"""The script of the shipped board for each channel."""


def script_of(channel: str, walk: Walk) -> Script:
    """Return the script with which this walk is replayed in a channel."""
    script = _of_the_second(SCRIPTS[channel]) if is_of_the_second(walk) else SCRIPTS[channel]
    return replace(script, notes=taking_in(channel)) if walk.takes_notes else script


def pack_folder(walk: Walk, folder: Path) -> Path:
    """Return the folder of the walk's pack. The pack of the second board is written to `folder`."""
    if not is_of_the_second(walk):
        return SHIPPED
    pack = folder / "pack"
    pack.mkdir()
    for name, content in _files_of_the_second().items():
        (pack / name).write_bytes(content)
    return pack


def is_of_the_second(walk: Walk) -> bool:
    """Return True if the walk uses the pack of the made-up second board."""
    assert walk.board in ("", second_board.BOARD), walk.board
    return bool(walk.board)


def _of_the_second(script: Script) -> Script:
    codes, rehearsed = (replace(each, instruments=(second_board.PACK.instrument,)) for each in (CODES, REHEARSED_CODES))
    return replace(
        script, pack=second_board.PACK, codes=codes, rehearsal_codes=rehearsed, asking=Questions(second_board.PACK)
    )


@cache
def _files_of_the_second() -> Mapping[str, bytes]:
    return second_board.files()
