"""The other people in the rehearsal of a recorded conversation (a walk), each with an account at the fake Telegram."""

import re

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.talk.gathering import Reader
from tests.support.telegram.rooms import finish, opened, take_part, tap
from tests.support.walks.model import Deed, Others

TRAINER, COLLEAGUE, MOST = 100, 101, 12
"""The Telegram ids of the trainer who opens rooms and of the first colleague, and the maximum number of colleagues."""


class OthersAround:
    """The other people of a walk, as far as they have joined."""

    def __init__(self, server: FakeTelegram) -> None:
        self._server = server
        self._colleagues: list[Person] = []

    async def heed(self, others: Others, shown: str) -> None:
        """Let the other people do what the step says. They read the room's code from the card text `shown`."""
        trainer = self._server.person(TRAINER)
        match others.deed:
            case Deed.JOIN:
                found = re.search(r"/join (\S+)", shown)
                assert found is not None, shown
                for _ in range(others.number):
                    number = len(self._colleagues)
                    self._colleagues.append(self._server.person(COLLEAGUE + number))
                    await take_part(self._colleagues[-1], found[1], number, to_the_end=False)
            case Deed.FINISH:
                for number, colleague in enumerate(self._colleagues[: others.number]):
                    await finish(colleague, Reader(number))
            case Deed.OPEN:
                await opened(trainer, f"Case {others.number}")
            case Deed.CLOSE:
                await tap(trainer, "End the room")
                await tap(trainer, "Close and compare")
            case Deed.RELEASE:
                await tap(trainer, "Open model answers")
