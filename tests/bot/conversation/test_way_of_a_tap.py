"""Tests that a tap runs through few files and calls, and in a real case through no module of rehearsals."""

from pathlib import Path

from tests.support.people.visiting import Visitor
from tests.support.way import Way, traced, way_of_a_form, way_of_a_tap

TAP = {"files": 56, "calls": 715, "changes": 375, "depth": 18}
FORM = {"files": 65, "calls": 1_456, "changes": 720, "depth": 18}
"""The maximum files, calls, changes of file and depth of a tap (`TAP`) and of a form (`FORM`). Only ever lower them. A quarter
of a form's calls draw the elements of its page. In office hours the page says more of who answers than at night."""

REHEARSED = {"bot/rehearsal", "dialogs/rehearsal/turn", "dialogs/rehearsal/core", "seraf/rehearsal"}
"""The folders that a solo rehearsal may enter. Those of rooms, pairs, guests and papers are not among them."""

MOST = 15
"""The maximum number of modules of these folders that one tap in a rehearsal may enter."""

TO_A_QUESTION = (
    "Rehearse", "Next case", "Practice", *("Next page",) * 4, "Start the SERAF", "School", "Neither", "Go on", "No",
    "Go on",
)  # fmt: skip


def counted(way: Way) -> dict[str, int]:
    return {"files": len(way.files), "calls": len(way.calls), "changes": way.changes, "depth": way.depth}


async def test_a_tap_in_telegram_goes_through_few_pieces(tmp_path: Path) -> None:
    found = counted(await way_of_a_tap(tmp_path))

    assert {name: count for name, count in found.items() if count > TAP[name]} == {}


async def test_a_form_of_a_page_goes_through_few_pieces(tmp_path: Path) -> None:
    found = counted(await way_of_a_form(tmp_path))

    assert {name: count for name, count in found.items() if count > FORM[name]} == {}


def of_rehearsals(calls: list[tuple[str, str]]) -> set[str]:
    return {module for module, _ in calls if "/rehearsal/" in module}


async def test_a_real_childs_tap_goes_from_the_conversation_to_step_and_show() -> None:
    ada = await Visitor.let_in()
    await ada.begin()

    with traced() as begin:
        calls = begin().calls
        await ada.press("No")
        assert "item 2 of 30" in ada.text

    way = [
        ("bot/conversation/turn.py", "__call__"),
        ("dialogs/turn/step.py", "step"),
        ("bot/conversation/conversation.py", "card"),
        ("dialogs/cards/show.py", "show"),
    ]
    after_the_turn = calls[calls.index(way[1]) :]
    assert calls.index(way[0]) < calls.index(way[1])
    assert after_the_turn.index(way[2]) < after_the_turn.index(way[3])
    assert of_rehearsals(calls) == {"bot/rehearsal/mode.py"}


async def test_a_rehearsed_tap_crosses_few_rooms() -> None:
    ada = await Visitor.let_in()
    await ada.start()
    await ada.press(*TO_A_QUESTION)

    with traced() as begin:
        calls = begin().calls
        await ada.press("Yes")
        assert ada.text.startswith("REHEARSAL")

    crossed = of_rehearsals(calls)
    assert {module.rpartition("/")[0] for module in crossed} <= REHEARSED
    assert 0 < len(crossed) <= MOST
    assert ("dialogs/turn/step.py", "step") in calls
