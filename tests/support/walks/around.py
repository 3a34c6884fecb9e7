"""The other people in the rehearsal of a recorded conversation (a walk), when it is replayed in the core."""

from dialogs.core.script import Script
from tests.support.talk.gathering import Guest, Reader, Table
from tests.support.walks.model import Deed, Others


class Around:
    """The other people, and the open rooms that they share with the person of the walk."""

    def __init__(self, script: Script) -> None:
        self.table = Table(script)
        self._colleagues: list[Guest] = []
        self._trainer: Guest | None = None

    def heed(self, others: Others) -> None:
        """Let the other people do what this step of the walk says."""
        match others.deed:
            case Deed.JOIN:
                for _ in range(others.number):
                    self._colleagues.append(Guest(self.table, Reader(len(self._colleagues))))
                    self._colleagues[-1].join()
            case Deed.FINISH:
                for colleague in self._colleagues[: others.number]:
                    colleague.finish()
            case Deed.OPEN:
                self._trainer = Guest(self.table)
                self._trainer.command("room").press(f"Case {others.number}", "Open the room")
            case Deed.CLOSE:
                assert self._trainer is not None, "no room was opened"
                self._trainer.press("End the room", "Close and compare")
            case Deed.RELEASE:
                assert self._trainer is not None, "no room was opened"
                self._trainer.press("Open model answers")
