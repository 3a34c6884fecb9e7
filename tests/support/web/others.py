"""The other people in the rehearsal of a recorded conversation (a walk) that is replayed in a browser."""

from dialogs.core.events import Lapsed
from dialogs.core.role import Role
from tests.support.people.admitting import access, admit
from tests.support.talk.gathering import CODE, Reader, next_label
from tests.support.walks.model import Deed, Others
from tests.support.web.rooming import TRAINER, RoomHost
from tests.support.web.serving import SAM, Serving

END = "My answers"
"""The label of a button that only somebody with a result has."""


class OthersBeside:
    """The other people of a walk, as far as they have joined. Their presses are turns on the same server."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._colleagues: list[RoomHost] = []
        self._trainer = self._of(TRAINER)

    async def heed(self, others: Others) -> None:
        """Let the other people do what the step says, and update the card of the walk's person."""
        match others.deed:
            case Deed.JOIN:
                for _ in range(others.number):
                    self._colleagues.append(await self._joined(f"web:colleague{len(self._colleagues)}"))
            case Deed.FINISH:
                for number, colleague in enumerate(self._colleagues[: others.number]):
                    await _finish(colleague, Reader(number))
            case Deed.OPEN:
                await self._let_in(self._trainer, Role.TRAINER)
                await self._trainer.command("room")
                await self._trainer.press(f"Case {others.number}", "Open the room")
            case Deed.CLOSE:
                await self._trainer.press("End the room", "Close and compare")
            case Deed.RELEASE:
                await self._trainer.press("Open model answers")
        await self._of(SAM).take(Lapsed(self._serving.conversation.occasion()))

    def _of(self, person: str) -> RoomHost:
        return RoomHost(self._serving.store, self._serving.conversation, person)

    async def _let_in(self, somebody: RoomHost, role: Role = Role.PRACTITIONER) -> None:
        standing = access(self._serving.keys, role, at=self._serving.conversation.clock.now())
        await admit(self._serving.store, [somebody.person], standing)

    async def _joined(self, person: str) -> RoomHost:
        colleague = self._of(person)
        await self._let_in(colleague)
        await colleague.command("join", CODE)
        labels = await _labels(colleague)
        return await colleague.press(next(each for each in ("Join", "I agree") if each in labels))


async def _labels(somebody: RoomHost) -> list[str]:
    return [each.label for each in (await somebody.card()).buttons]


async def _finish(colleague: RoomHost, reads: Reader) -> None:
    """Press buttons of this person's card up to the result."""
    while END not in (labels := await _labels(colleague)):
        await colleague.press(next_label(await colleague.text(), labels, reads))
