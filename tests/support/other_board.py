"""The second pack of the tests: a board with its own window, addition, item and band edges."""

from pathlib import Path

from bot.packs import load_pack
from dialogs.script import Script
from tests.support.shipped import TELEGRAM, WORDING

FOLDER = Path(__file__).parent.parent / "packs" / "other-board"
PACK = load_pack(FOLDER)
INSTRUMENT = PACK.instrument
SCRIPT = Script(PACK, WORDING, TELEGRAM)
