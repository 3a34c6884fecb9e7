"""A condition may ask for one word of each of several lists: “X and Y” of one fact."""

from typing import Any

import pytest

from seraf.advice.action_plan import Hour
from seraf.case_view import CaseView
from seraf.errors import PackFault
from seraf.form.responses import Case, Responses
from seraf.pack import Pack
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import parsed, read

BOTH = {"present": [["G1", "G2"], ["B1"]]}


def with_detail(condition: Any) -> Any:
    """The small pack with one sentence at social care's line, where this holds."""
    files = parsed(FOLDER)
    details = files["guidance.toml"].setdefault("details", [])
    details.insert(0, {"id": "both", "line": "care", "text": "Say both.", "source": "ours", "if": condition})
    return files


def ticks(pack: Pack, *ticked: str) -> Responses:
    """These items ticked, and nothing else answered."""
    items = [pack.instrument.item(each) for each in ticked]
    return Responses.of({item.id: next(each.id for each in item.section.options if each.is_present) for item in items})


@pytest.mark.parametrize(
    ("ticked", "is_said"), [(("G1", "B1"), True), (("G2", "B1"), True), (("G1", "G2"), False), (("B1",), False)]
)
def test_each_list_has_to_be_met(ticked: tuple[str, ...], is_said: bool) -> None:
    pack = read(with_detail(BOTH))
    detail = next(each for each in pack.guidance.plan.details if each.id == "both")

    facts = CaseView(pack.instrument, Case(responses=ticks(pack, *ticked))).advice(pack.guidance).settled

    assert any(condition.holds(facts) for condition in detail.conditions) is is_said


def test_an_action_card_says_it_only_where_both_are_so() -> None:
    pack = read(with_detail({"present": [["G1"], ["B1"]]}))

    def details(*ticked: str) -> set[str]:
        case = Case(responses=ticks(pack, *ticked), answers={"danger": "yes"})
        planned = CaseView(pack.instrument, case).advice(pack.guidance).planned(hour=Hour(is_open=True))
        return {text for each in planned for text in each.details}

    assert "Say both." not in details("G1") | details("B1")
    assert "Say both." in details("G1", "B1")


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ({"present": [["G1"], "B1"]}, "details[0].if.present: has words and lists side by side; write a list for each"),
        ({"present": [["G1"], []]}, "details[0].if.present[1]: needs at least 1, has 0"),
        ({"present": [["G1"], [["B1"]]]}, "details[0].if.present[1]: must be a list of texts, none of them empty"),
        ({"present": [["G1"], ["X9"]]}, "details[0].if.present: 'X9' is not one of: "),
        ({"weather": [["wet"]]}, "details[0].if.weather: not a fact; known: "),
        (
            {"age": [["under-13"], ["13-15"]]},
            "details[0].if: can never hold: a case has one word for `age`, and no word stands in each of its lists",
        ),
    ],
)
def test_what_does_not_fit_is_named(condition: Any, fault: str) -> None:
    with pytest.raises(PackFault) as raised:
        read(with_detail(condition))

    assert [each for each in raised.value.faults if fault in each]


def test_one_list_within_a_list_is_that_list() -> None:
    plain, nested = (read(with_detail({"present": each})) for each in (["G1", "B1"], [["G1", "B1"]]))

    assert plain.guidance.plan.details == nested.guidance.plan.details
