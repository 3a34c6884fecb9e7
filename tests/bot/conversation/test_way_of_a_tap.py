"""Which rooms of the house a tap goes through: a real child's meets no rehearsal, and a rehearsed one few of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.support.people.visiting import Visitor
from tests.support.places import ROOT

PRODUCT = tuple(str(ROOT / name) for name in ("bot", "dialogs", "seraf", "state_machines"))

REHEARSED = {"bot/rehearsal", "dialogs/rehearsal/turn", "dialogs/rehearsal/core", "seraf/rehearsal"}
"""The folders of rehearsals that a turn taken alone is in: no room, no pair, no guest, no paper."""

MOST = 15
"""Their modules that such a turn is in."""

TO_A_QUESTION = (
    "Rehearse",
    "Next case",
    "Practice",
    *("Next page",) * 4,
    "Start the SERAF",
    "School",
    "Neither",
    "Go on",
    "No",
    "Go on",
)


@contextmanager
def called() -> Iterator[list[tuple[str, str]]]:
    """Every function of the product that is called within a `with`, in order, as its module and its name."""
    found: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        """Note a call; what else is told of a frame is left."""
        if event == "call" and frame.f_code.co_filename.startswith(PRODUCT):
            found.append((Path(frame.f_code.co_filename).relative_to(ROOT).as_posix(), frame.f_code.co_name))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)


def of_rehearsals(calls: list[tuple[str, str]]) -> set[str]:
    """The modules of rehearsals among them."""
    return {module for module, _ in calls if "/rehearsal/" in module}


async def test_a_real_childs_tap_goes_from_the_conversation_to_step_and_show() -> None:
    """It is asked whether a rehearsal begins, which needs nothing of one; no rehearsal is read, and none is drawn."""
    ada = await Visitor.let_in()
    await ada.begin()

    with called() as calls:
        await ada.press("No")
        assert "item 2 of 30" in ada.text

    way = [
        ("bot/conversation/conversation.py", "__call__"),
        ("dialogs/turn/step.py", "step"),
        ("bot/conversation/conversation.py", "card"),
        ("dialogs/cards/show.py", "show"),
    ]
    after_the_turn = calls[calls.index(way[1]) :]
    assert calls.index(way[0]) < calls.index(way[1])
    assert after_the_turn.index(way[2]) < after_the_turn.index(way[3])
    assert of_rehearsals(calls) == {"bot/rehearsal/beginning.py", "bot/rehearsal/mode.py"}


async def test_a_rehearsed_tap_crosses_few_rooms() -> None:
    """Those that make its turn and its card; whoever rehearses alone meets nothing of rooms, guests and papers."""
    ada = await Visitor.let_in()
    await ada.start()
    await ada.press(*TO_A_QUESTION)

    with called() as calls:
        await ada.press("Yes")
        assert ada.text.startswith("REHEARSAL")

    crossed = of_rehearsals(calls)
    assert {module.rpartition("/")[0] for module in crossed} <= REHEARSED
    assert 0 < len(crossed) <= MOST
    assert ("dialogs/turn/step.py", "step") in calls
