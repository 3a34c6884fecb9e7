"""Small random instruments, on which tests can find the effect of further responses by trying all of them."""

import random
from dataclasses import replace
from datetime import date

from seraf.case_view import CaseView
from seraf.form.circumstances import Condition
from seraf.form.instrument import (
    Addition,
    Asking,
    Band,
    Edition,
    Instrument,
    Item,
    ManagerDiscussion,
    Option,
    Question,
    Section,
)
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Meaning

Ticks = frozenset[tuple[str, str]]
"""A set of further responses, each with its item and option."""


def small_instrument(draw: random.Random) -> Instrument:
    """Return a random instrument of one to three sections, each with one to three items."""
    sections = tuple(_section(draw, number) for number in range(draw.randint(1, 3)))
    items = tuple(_item(f"{section.id}{n}", section) for section in sections for n in range(draw.randint(1, 3)))
    names = [*(section.id for section in sections), *(item.id for item in items)]
    lowest = sorted(draw.sample(range(1, 14), 3))
    return Instrument(
        edition=Edition("small", "b", "e", date(2030, 1, 1), ()),
        sections=sections,
        items=items,
        additions=tuple(_addition(draw, number, names) for number in range(draw.randint(0, 3))),
        bands=tuple(Band(n + 1, low, "n", "d", "s") for n, low in enumerate((0, *lowest))),
        manager_discussion=ManagerDiscussion(
            frozenset(draw.sample((1, 2, 3, 4), 2)), frozenset(draw.sample(names, 1)), ""
        ),
        other_harm=(),
        missing=(),
        questions=(Question("disabled", "Is it so?"),),
        asking=Asking(),
    )


def any_case(draw: random.Random, instrument: Instrument) -> Case:
    """Return a case with random responses, some of them missing."""
    given = {item.id: draw.choice(item.section.options).id for item in instrument.items if draw.random() < 0.8}
    answers = {"disabled": draw.choice(("yes", "no", "not-known"))} if draw.random() < 0.7 else {}
    return Case(draw.choice(tuple(Age)), Responses.of(given), answers)


def open_ticks(instrument: Instrument, case: Case, items: tuple[str, ...]) -> dict[str, list[str]]:
    """Return, for each item, the options that could be added to its response without contradicting it."""
    found = {}
    for item_id in items:
        section, given = instrument.item(item_id).section, case.responses.get(item_id)
        option = next((each for each in section.options if each.id == given), None)
        ticks = [each for each in section.options if each.means in (Meaning.CURRENT, Meaning.EARLIER)]
        if option in ticks:
            current = [each for each in ticks if each.means is Meaning.CURRENT and each.points > option.points]
            highest = max((each.points for each in current), default=0)
            first = [each for each in current if each.points == highest][:1]
            ticks = current if option.means is Meaning.CURRENT else first
        found[item_id] = [each.id for each in ticks]
    return found


def total_with(instrument: Instrument, case: Case, ticks: Ticks) -> int:
    """Return the total with these further responses, computed by the scoring rules."""
    responses = dict(case.responses) | dict(ticks)
    return CaseView(instrument, replace(case, responses=Responses.of(responses))).score.total


def _section(draw: random.Random, number: int) -> Section:
    ticks = [Option("now", "Now", draw.randint(0, 4), Meaning.CURRENT)]
    ticks += [Option("then", "Then", draw.randint(0, 3), Meaning.EARLIER)] * draw.randint(0, 1)
    ticks += [Option("both", "Both", draw.randint(1, 6), Meaning.CURRENT)] * draw.randint(0, 1)
    rest = (Option("no", "No", 0, Meaning.ABSENT), Option("not-known", "Not known", 0, Meaning.UNKNOWN))
    return Section("abc"[number], "t", "p", "a", "", "s", (*ticks, *rest))


def _item(item_id: str, section: Section) -> Item:
    return Item(item_id, section, item_id, item_id, "", "c", "e", ("c",), ("e",), "s", verified=True)


def _addition(draw: random.Random, number: int, names: list[str]) -> Addition:
    possible = [
        ("age", frozenset({"under-13"})),
        ("disabled", frozenset({draw.choice(("yes", "no"))})),
        *[(key, frozenset(draw.sample(names, min(2, len(names))))) for key in ("present", "current")],
    ]
    asks = tuple(draw.sample(possible, draw.randint(1, 3)))
    return Addition(f"x{number}", "l", draw.randint(1, 5), Condition(asks), "s")
