"""The second pack of the tests, of a made-up board with its own look-back period, addition, item and bands."""

from bot.conversation.questions import Questions
from bot.runtime.packs import load_pack
from dialogs.core.script import Script
from tests.support.shipped import CODES, OTHER_BOARD, TELEGRAM, WORDING

FOLDER = OTHER_BOARD
PACK = load_pack(FOLDER)
INSTRUMENT = PACK.instrument
SCRIPT = Script(PACK, WORDING, TELEGRAM, CODES, asking=Questions(PACK))
