"""What holds in a made-up case apart from its statements: where the child is today, and how the key reads what none of them says."""

from collections.abc import Iterable
from dataclasses import replace

from seraf.case_view import CaseView
from seraf.cases.fragments import CALM, Fragments, KeyRule, Said, Today
from seraf.form.conditions import Facts, any_holds
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.rehearsal.made.openings import CaseRequest
from seraf.rehearsal.made.targets import Target

PRESSING, REVIEW = 4, 3
"""Of so many cases in which something could press today it does in one, and of so many one is a review."""


def is_uneasy(order: CaseRequest) -> bool:
    """Whether people are uneasy beyond what they can name: high concern at a low number."""
    return order.aim is Target.JUDGEMENT


def facts_told(order: CaseRequest, case: Case, *, statements: Iterable[Said]) -> dict[str, frozenset[str]]:
    """What is so of the items, in which ways it is told, and whether people are uneasy."""
    return {
        **CaseView(order.instrument, case).certain,
        "telling": frozenset(said.telling for said in statements),
        "uneasy": frozenset({"yes" if is_uneasy(order) else "no"}),
    }


def today_of(order: CaseRequest, facts: Facts) -> Today:
    """Where the child is now, in keeping with what is so; of what could press, each kind alike often."""
    fitting = [each for each in order.fragments.today if any_holds(each.conditions, facts)]
    presses = order.plan.presses and not order.seed.below(PRESSING, "presses")
    # The reader makes sure that one calm way fits any child, so the last line always has something to choose from.
    kinds = [each.answers for each in fitting if presses and not each.is_calm] or [CALM]
    kind = order.seed.one(tuple(dict.fromkeys(kinds)), "kind")
    return order.seed.one([each for each in fitting if each.answers == kind], "today")


def stage_of(order: CaseRequest) -> str:
    """Whether it is the first SERAF or a review; where people are uneasy there is no room to tell of one."""
    return "first" if is_uneasy(order) or order.seed.below(REVIEW, "stage") else "review"


def rule_at(fragments: Fragments, place: str, *, facts: Facts) -> KeyRule | None:
    """How the key reads a place, by the first rule for it that holds."""
    rules = (each for each in fragments.keyed if each.place == place)
    return next((each for each in rules if any_holds(each.conditions, facts)), None)


def read_by_key(order: CaseRequest, case: Case, *, told: frozenset[str], facts: Facts) -> Case:
    """The case with what the key reads at items that nothing was said of: never anything that adds a point."""
    places = {each.place for each in order.fragments.keyed if each.place in order.instrument} - told
    for place in sorted(places):
        if rule := rule_at(order.fragments, place, facts=facts):
            case = replace(case, responses=case.responses.give(place, rule.answer))
    return case


def weight(instrument: Instrument, said: Said) -> tuple[bool, int]:
    """How much a statement weighs in a judgement: whether it is of harm in itself, then its points."""
    option = instrument.item(said.item).option(said.answer)
    return option.is_present and said.item in instrument.other_harm, option.points
