"""A script of an organisation that allows typed notes, and a conversation in which a person types them."""

from dataclasses import replace

from bot.screening import screener
from dialogs.core.events import Noted
from dialogs.core.script import NoteTaking
from tests.support.shipped import PACK, SCRIPT, TELEGRAM
from tests.support.talk.talking import Talk

TAKING = NoteTaking(screener(PACK), unfinished_days=7, finished_days=30)


def taking_in(channel: str) -> NoteTaking:
    """Return the settings of notes in a channel. A terminal stores nothing, so there they have no retention period."""
    return TAKING if channel == TELEGRAM.name else NoteTaking(TAKING.screening)


NOTING = replace(SCRIPT, notes=TAKING)
"""The shipped script, with notes allowed."""


class NotingTalk(Talk):
    """A conversation in which notes are allowed."""

    def __init__(self) -> None:
        super().__init__(NOTING)

    def note(self, text: str) -> "NotingTalk":
        """Type a note on the card that asks for one."""
        self.take(Noted(self.occasion, text))
        return self
