"""Tests of the action card: for each line the first action that applies, in order, and at most five besides calls."""

import pytest

from seraf.advice.action_plan import (
    CALLS,
    MOST,
    Action,
    ActionPlan,
    ActionWording,
    CardLine,
    Deadline,
    Detail,
    WhomToCall,
)
from seraf.advice.guidance import NO_PLAN
from seraf.form.circumstances import Basis, Condition

SOON = Deadline("soon", minutes=30)
LATER = Deadline("later", months=3)
TOLD = {"told": frozenset({"yes"})}


OURS = Basis(ours="It is ours.")


def asks(**words: str) -> tuple[Condition, ...]:
    return (Condition(tuple((key, frozenset({word})) for key, word in words.items())),)


def action(line: CardLine, action_id: str = "", **values: object) -> Action:
    words = {"title": "Do it", "short": "Do"} | {
        key: values.pop(key) for key in ("title", "short", "folded") if key in values
    }
    result = {"by": "soon", "why": "It helps.", "basis": OURS, **values}
    return Action(action_id or str(line), line, ActionWording(**words), **result)  # type: ignore[arg-type]


def plan(*actions: Action, details: tuple[Detail, ...] = (), whom: tuple[WhomToCall, ...] = ()) -> ActionPlan:
    return ActionPlan(actions, details, whom, (LATER, SOON))


def lines(found: ActionPlan, facts: dict[str, frozenset[str]] | None = None) -> list[str]:
    return [each.action.id for each in found.planned(facts or {})]


def test_of_each_line_the_first_that_holds_is_taken() -> None:
    found = plan(
        action(CardLine.CARE, "told", conditions=asks(told="yes")),
        action(CardLine.CARE, "else"),
        action(CardLine.CARE, "never"),
    )

    assert lines(found, TOLD) == ["told"]
    assert lines(found) == ["else"]


def test_any_one_of_the_conditions_of_a_line_is_enough() -> None:
    found = plan(action(CardLine.CARE, conditions=(*asks(told="yes"), *asks(danger="yes"))))

    assert lines(found, {"danger": frozenset({"yes"})}) == ["care"]
    assert lines(found, {"danger": frozenset({"no"})}) == []


def test_the_order_is_that_of_the_lines_and_not_of_the_pack() -> None:
    found = plan(action(CardLine.MANAGER), action(CardLine.CHILD), action(CardLine.CARE), action(CardLine.EMERGENCY))

    assert lines(found) == ["emergency", "care", "manager", "child"]


def test_five_lines_at_most_and_the_later_ones_are_left_off() -> None:
    found = plan(*map(action, CardLine))

    assert len(lines(found)) == MOST
    assert lines(found) == ["emergency", "care", "parents", "manager", "police"]


def test_a_morning_call_without_room_moves_to_social_care_s_line() -> None:
    """The call's text becomes the first detail of social care's line, and names the same addressee."""
    result = action(CardLine.NEXT, title="Tell {whom} what was done", folded="Tell {whom} too, when it opens.")
    whom = (WhomToCall(CardLine.NEXT, "the front door"),)
    detail = Detail("words", CardLine.CARE, "Use their own words.", OURS)
    full = plan(
        *map(action, [each for each in CardLine if each is not CardLine.NEXT]), result, details=(detail,), whom=whom
    )
    roomy = plan(action(CardLine.CARE), result, details=(detail,), whom=whom)

    care = next(each for each in full.planned({}) if each.action.line is CardLine.CARE)
    assert care.details == ("Tell the front door too, when it opens.", "Use their own words.")
    assert [each.details for each in full.planned({}) if each.action.line is not CardLine.CARE] == [()] * (MOST - 1)
    assert "next" not in lines(full)
    assert roomy.planned({})[0].details == ("Use their own words.",)
    assert lines(roomy) == ["care", "next"]


@pytest.mark.parametrize("calls", range(len(CALLS) + 1))
def test_no_call_is_ever_left_off(calls: int) -> None:
    others = [each for each in CardLine if each not in CALLS]
    found = plan(*map(action, (*CALLS[:calls], *others)))

    kept = lines(found)

    assert [each for each in CALLS[:calls] if each not in kept] == []
    assert len(kept) == MOST
    assert [each for each in kept if each not in CALLS] == [str(each) for each in others[: MOST - calls]]


def test_a_pending_line_of_another_hour_stays_in_its_place() -> None:
    """Such a line stays unless its `CardLine` is taken or covered. A sixth line that is not a call is dropped."""
    night = plan(action(CardLine.NEXT, "tell-art")).planned({})
    others = [each for each in CardLine if each is not CardLine.NEXT]

    def ids(found: ActionPlan) -> list[str]:
        return [each.action.id for each in found.planned({}, owed=night)]

    assert ids(plan(action(CardLine.REVIEW), action(CardLine.CARE))) == ["care", "tell-art", "review"]
    assert ids(plan(action(CardLine.NEXT, "tell-edt"))) == ["tell-edt"]
    assert ids(plan(action(CardLine.CARE, covers=(CardLine.NEXT,)))) == ["care"]
    assert ids(plan(*map(action, others))) == ["emergency", "care", "manager", "police", "tell-art"]
    assert plan().planned({}, owed=night) == night


def test_a_covered_line_is_left_out_and_makes_room() -> None:
    found = plan(action(CardLine.EMERGENCY, covers=(CardLine.POLICE, CardLine.NEXT)), *map(action, list(CardLine)[1:]))

    assert lines(found) == ["emergency", "care", "parents", "manager", "child"]


def test_a_title_names_the_first_of_those_whom_the_line_means() -> None:
    """The first name whose condition holds is used. A title without `{whom}` is left as it is."""
    found = plan(
        action(CardLine.CARE, title="Call {whom} now"),
        action(CardLine.MANAGER, title="Tell somebody"),
        whom=(
            WhomToCall(CardLine.MANAGER, "the head"),
            WhomToCall(CardLine.CARE, "the night team", asks(hours="closed")),
            WhomToCall(CardLine.CARE, "the front door"),
        ),
    )

    by_night = found.planned({"hours": frozenset({"closed"})})
    assert [each.title for each in by_night] == ["Call the night team now", "Tell somebody"]
    assert found.planned({})[0].title == "Call the front door now"


def test_only_a_line_with_an_hours_condition_depends_on_the_hour() -> None:
    found = plan(
        action(CardLine.CARE, title="Call {whom}"),
        action(CardLine.NEXT, "by day", conditions=asks(told="no")),
        action(CardLine.NEXT, "by night", conditions=asks(told="yes", hours="closed")),
        action(CardLine.POLICE, conditions=asks(told="yes")),
        whom=(WhomToCall(CardLine.CARE, "the night team", asks(hours="closed")), WhomToCall(CardLine.CARE, "the door")),
    )

    at = {word: lines(found, TOLD | {"hours": frozenset({word})}) for word in ("open", "closed")}

    assert found.by_hours == {CardLine.NEXT}
    assert at == {"open": ["care", "police"], "closed": ["care", "police", "by night"]}


def test_the_contact_of_a_line_may_have_its_own_button() -> None:
    found = plan(
        action(CardLine.MANAGER, title="Tell {whom}", short="Manager"),
        whom=(
            WhomToCall(CardLine.MANAGER, "the lead", asks(told="yes"), short="Lead"),
            WhomToCall(CardLine.MANAGER, "the manager"),
        ),
    )

    assert found.planned(TOLD)[0].action.wording.short == "Lead"
    assert found.planned({})[0].action.wording.short == "Manager"


def test_the_details_of_a_line_follow_the_order_of_the_pack() -> None:
    found = plan(
        action(CardLine.CARE),
        details=(
            Detail("own", CardLine.CARE, "In their own words.", OURS, asks(told="yes")),
            Detail("other", CardLine.POLICE, "Ring 101.", OURS),
            Detail("always", CardLine.CARE, "Say who you are.", OURS),
        ),
    )

    assert found.planned(TOLD)[0].details == ("In their own words.", "Say who you are.")
    assert found.planned({})[0].details == ("Say who you are.",)


def test_each_line_has_its_own_deadline() -> None:
    found = plan(action(CardLine.CARE), action(CardLine.REVIEW, by="later")).planned({})

    assert [each.deadline for each in found] == [SOON, LATER]


def test_a_pack_may_have_no_lines() -> None:
    assert NO_PLAN.planned({}) == ()
