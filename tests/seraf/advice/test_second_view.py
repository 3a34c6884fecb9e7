"""P25 of docs/promises.md: what others see in a case, and a change of hands, never lower what leads."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seraf.advice.action_log import Logged
from seraf.advice.action_plan import MOST, CardLine, Urgency, urgency_of
from seraf.advice.contacts import LocalTime
from seraf.advice.guidance import read_by_leads
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.second_view import GROUNDS, NOTHING_OWED, Owed, OwedCall, Says, SecondView
from seraf.form.vocabulary import HEIGHTS, Age
from seraf.review.carry_over import Carried, in_format, layouts, uncarried
from seraf.review.comparison import outstanding
from tests.seraf.advice.test_urgency import (
    BY_DAY,
    BY_NIGHT,
    GUIDANCE,
    ROLES,
    WORSE,
    calls,
    covered,
    random_case,
    urgency,
)
from tests.support.counts import each_seed
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import faults_of, parsed, put
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, NOON, PACK

pytestmark = pytest.mark.prove

LINES: dict[Urgency, tuple[tuple[CardLine, ...], timedelta]] = {
    Urgency.EMERGENCY: ((CardLine.EMERGENCY,), timedelta()),
    Urgency.CALL: ((CardLine.CARE,), timedelta(minutes=30)),
    Urgency.MANAGER: ((CardLine.MANAGER,), timedelta(minutes=60)),
    Urgency.TODAY: ((CardLine.MANAGER, CardLine.CARE), timedelta(days=4)),
}
"""For each urgency, the lines of which one must be on the card, and how soon. Over Easter an office is closed for days."""


def random_view(draw: random.Random) -> SecondView:
    says = draw.choice(tuple(Says))
    return SecondView(says, draw.choice(HEIGHTS) if says is Says.MORE else "", draw.choice(("", *GROUNDS)))


def levels(views: tuple[SecondView, ...]) -> set[Urgency]:
    """Return the urgencies that these views ask for: that of each “more”, and a call for reasonable grounds."""
    asked = {urgency_of(view.level) for view in views if view.says is Says.MORE}
    return asked | {Urgency.CALL for view in views if view.grounds == "yes"}


def missing_line(case: Case, now: LocalTime) -> list[str]:
    """Return the urgency of what leads if the card has no line of it that is due soon enough."""
    height = urgency(case)
    kinds, within = LINES[height]
    due = calls(case, now)
    is_there = any(kind in due and due[kind] - now.minute <= within for kind in kinds)
    return [] if is_there else [f"{height.name} leads without its line at {now.at}"]


@each_seed(400, 1)
def test_another_view_never_lowers_what_leads_and_a_raised_lead_has_its_line(seed: int, promise: Promise) -> None:
    """P25: in fifty random cases with one to three views, half of them at night."""
    draw = random.Random(seed)
    for number in range(50):
        case, now = random_case(draw), draw.choice(BY_NIGHT if number % 2 else BY_DAY)
        first, lines = urgency(case), calls(case, now)
        for _ in range(draw.randint(1, 3)):
            before = case
            case = replace(case, views=(*case.views, random_view(draw)))
            height, due = urgency(case), calls(case, now)

            assert height == max({first, *levels(case.views)}), (case, now)
            assert height >= urgency(before)
            late = [line for line, by in lines.items() if line not in due or due[line] > by]
            assert [line for line in late if line not in covered(case, now)] == [], (case, now)
            if height > first:
                assert missing_line(case, now) == [], case
            card = CaseView(INSTRUMENT, case).advice(GUIDANCE).planned(hour=GUIDANCE.hour(now, PACK.contacts))
            assert len(card) <= max(MOST, len(due)), (case, now)
    promise.reached(
        "P25", asked=50, reached=50, of="cases with others' views: what leads is not lowered, and has its line"
    )


def corrected(case: Case, draw: random.Random) -> Case:
    """Return the case as its next holder may alter it: another profession, judgement, and up to four answers or items."""
    answers: dict[str, str] = {**case.answers, "profession": draw.choice(ROLES)}
    answers["judgement"] = draw.choice(("yes", "not-sure", "no"))
    responses = dict(case.responses)
    for _ in range(draw.randrange(5)):
        if draw.random() < 0.5:
            responses[draw.choice(INSTRUMENT.items).id] = "no"
        elif said := sorted(WORSE.keys() & answers.keys()):
            question = draw.choice(said)
            answers[question] = WORSE[question][0].split()[0]
    return replace(case, answers=answers, responses=Responses.of(responses))


@each_seed(400, 1)
def test_neither_a_correction_nor_another_holder_takes_away_what_led_or_an_open_call(
    seed: int, promise: Promise
) -> None:
    """P25: fifty random cases change hands twice, with views and corrections. Closed lines are not kept."""
    draw = random.Random(seed)
    for number in range(50):
        now = draw.choice(BY_NIGHT if number % 2 else BY_DAY)
        hour, owed = GUIDANCE.hour(now, PACK.contacts), NOTHING_OWED
        case = replace(random_case(draw), views=tuple(random_view(draw) for _ in range(draw.randrange(2))))
        for _ in range(2):
            height = urgency(case)
            due = {str(line): at.isoformat() for line, at in calls(case, now).items()}
            owed = (
                CaseView(INSTRUMENT, case).advice(GUIDANCE).handed_on((), hour=hour, due=Responses.of(due), before=owed)
            )
            case = replace(corrected(case, draw), floor=owed.floor)

            assert urgency(case) >= max({height, *levels(case.views)}), (case, now)
            card = CaseView(INSTRUMENT, case).advice(GUIDANCE).planned(hour=hour, brought=owed.calls)
            there = {str(line) for each in card for line in (each.action.line, *each.action.covers)}
            there |= {str(line) for line in covered(case, now)}
            # Without room, whom to tell in the morning is said at social care's line.
            there |= {"next" for each in card for text in each.details if text.endswith("too, when it opens.")}
            assert {call.line for call in owed.calls} - there == set(), (case, now)
            if height > Urgency.PLAN and urgency(case) > urgency(replace(case, floor="", views=())):
                assert missing_line(case, now) == [], case
    promise.reached("P25", asked=50, reached=50, of="cases that changed hands twice: what led and was open stands")


def test_a_call_that_was_made_is_not_kept_and_one_that_was_not_keeps_its_first_time() -> None:
    school = Case(
        Age.FROM_13_TO_15,
        Responses.of({item.id: "no" for item in INSTRUMENT.items}),
        {"profession": "school", "judgement": "no", "danger": "no", "told_or_seen": "no"},
    )
    hour, due = GUIDANCE.hour(NOON, PACK.contacts), Responses.of({"care": "2026-03-04T17:00:00+00:00"})
    early = OwedCall("care", "2026-03-04T15:00:00+00:00", "school-duty")
    made = (Logged("manager", "2026-03-04T12:10:00+00:00", "done"),)

    advice = CaseView(INSTRUMENT, school).advice(GUIDANCE)
    first = advice.handed_on(made, hour=hour, due=due)
    again = advice.handed_on(made, hour=hour, due=due, before=Owed("manager", (early,)))

    assert first == Owed("today", (OwedCall("care", "2026-03-04T17:00:00+00:00", "school-duty"),))
    assert again == Owed("manager", (early,))
    other = replace(school, answers={**school.answers, "profession": "other"})
    card = CaseView(INSTRUMENT, other).advice(GUIDANCE).planned(hour=hour, brought=first.calls)
    assert "Discuss the concern with ART" in [line.title for line in card]


OTHER = parsed(FOLDER)
LEADS = {row["id"]: at for at, row in enumerate(OTHER["guidance.toml"]["leads"])}
ACTIONS = {row["id"]: at for at, row in enumerate(OTHER["guidance.toml"]["actions"])}
SPOILT: list[tuple[str, object, str]] = [
    *(
        (f"leads.{LEADS[f'second-{height}']}.if", {"danger": ["missing"]}, f"the urgency {height!r}")
        for height in HEIGHTS
    ),
    (f"leads.{LEADS['second-call']}.if.0.second_view", ["call"], "where `second_view` is 'grounds'"),
    (f"leads.{LEADS['second-manager']}.if.2.still_counts", ["B1"], "where `still_counts` is 'second_view'"),
    (f"actions.{ACTIONS['second-999']}.if.lead", ["danger"], "an emergency line that is due at once is missing"),
    (
        f"actions.{ACTIONS['call']}.if.urgency",
        ["emergency"],
        "due within half an hour is missing where `second_view` is",
    ),
    (f"actions.{ACTIONS['second-talk']}.if.lead", ["second-today"], "for the manager that is due within the hour"),
    (f"actions.{ACTIONS['second-talk']}.if.lead", ["second-manager"], "due by the next working day is missing"),
    (
        f"actions.{ACTIONS['second-talk']}.if.profession",
        ["school"],
        "(profession health, age under-13, while the office is",
    ),
    (
        f"actions.{ACTIONS['second-talk']}.if.age",
        ["under-13"],
        "(profession school, age 13-15, while the office is open)",
    ),
    (f"actions.{ACTIONS['call']}.if.hours", ["open"], "age under-13, while the office is closed); name the `lead`"),
]


@pytest.mark.parametrize(("path", "value", "fault"), SPOILT)
def test_a_pack_in_which_a_height_has_no_lead_or_no_line_for_somebody_is_refused(
    path: str, value: object, fault: str
) -> None:
    files: dict[str, Any] = parsed(FOLDER)
    put(files["guidance.toml"], path, value)

    found = faults_of(files)

    assert [each for each in found if fault in each], found


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_review_code_brings_back_what_others_raised_a_case_to(height: str) -> None:
    """What leads is the same from the code, and it still counts at the review. Older formats cannot hold it."""
    calm = Case(Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in INSTRUMENT.items}), {"judgement": "no"})
    layout, _ = layouts(INSTRUMENT)
    facts = Responses.of({"second_view": height, "danger": "no", "told_or_seen": "no"})
    carried = Carried(2026, 3, calm.age, "no", calm.responses, INSTRUMENT.fingerprint, facts=facts)

    back = layout.unpack(layout.pack(carried))
    review = replace(
        calm, earlier=outstanding([(back, INSTRUMENT)], calm, day=NOON.today, instrument=INSTRUMENT).as_facts()
    )

    assert urgency(back.case()) is urgency_of(height)
    assert urgency(review) is Urgency.MANAGER > urgency(calm)
    assert in_format(back, 2).case().floor == ""


def test_the_check_of_review_codes_sees_what_leads_read_about_others() -> None:
    read = read_by_leads(GUIDANCE)

    assert (read["second_view"], read["floor"]) == ((*HEIGHTS, "grounds"), HEIGHTS)
    assert uncarried({**read, "second_view": ("tomorrow",)}) == ("second_view = tomorrow",)
