"""A script with notes, and a conversation at a card for one."""

from dataclasses import replace

from bot.screening import screener
from dialogs.core.events import Noted
from dialogs.core.script import NoteTaking
from tests.support.shipped import PACK, SCRIPT, TELEGRAM
from tests.support.talk.talking import Talk

TAKING = NoteTaking(screener(PACK), unfinished_days=7, finished_days=30)


def taking_in(channel: str) -> NoteTaking:
    """Return how notes work in a channel; a terminal stores nothing, so it has no terms."""
    return TAKING if channel == TELEGRAM.name else NoteTaking(TAKING.screening)


NOTING = replace(SCRIPT, notes=TAKING)
"""The shipped script where an organisation takes notes."""


class NotingTalk(Talk):
    """A conversation with notes."""

    def __init__(self) -> None:
        super().__init__(NOTING)

    def note(self, text: str) -> "NotingTalk":
        """Type a note at the open card."""
        self.take(Noted(self.occasion, text))
        return self
