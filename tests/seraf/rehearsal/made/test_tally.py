"""What a set of answers comes to before it is known which items get them is what the finished case is scored."""

import random
from collections import Counter
from dataclasses import replace

from seraf.case_view import CaseView
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition, Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Meaning
from seraf.rehearsal.made.targets import ANY_AGE, AnswerKind, outlook
from tests.support.counts import times
from tests.support.pack.small_boards import small_instrument


def by_section(draw: random.Random) -> Instrument:
    """A small instrument whose additions ask for the age and for sections, as can be judged before the items are known."""
    instrument = small_instrument(draw)
    ids = [section.id for section in instrument.sections]
    asks = [("age", frozenset({"under-13"})), *((key, frozenset({draw.choice(ids)})) for key in ("present", "current"))]
    conditions = [Condition(tuple(draw.sample(asks, draw.randint(1, 2)))) for _ in range(2)]
    added = (Addition(f"x{at}", "l", draw.randint(1, 5), each, "s") for at, each in enumerate(conditions))
    return replace(instrument, additions=tuple(added))


def test_an_outlook_is_the_score_of_every_case_with_such_answers() -> None:
    """The total, what additions make of it, both categories, and how many are told and not known: over small boards at random."""
    draw = random.Random("tally")

    for _ in range(times(5_000, 500)):
        instrument = by_section(draw)
        given = {item.id: draw.choice(item.section.options) for item in instrument.items}
        case = Case(draw.choice(ANY_AGE), Responses.of({item: option.id for item, option in given.items()}))
        told = [(instrument.item(key).section, each) for key, each in given.items() if each.means is not Meaning.ABSENT]
        counted = [(AnswerKind(section, option, ()), count) for (section, option), count in Counter(told).items()]

        found, expected = (
            outlook(instrument, case.age, counted=counted, opening=0, sign=0),
            CaseView(instrument, case).score,
        )

        added = sum(points for _, points in expected.additions)
        assert (found.total, found.added, found.category) == (expected.total, added, expected.category)
        assert (found.counts.told, found.counts.unknown) == (len(told), len(expected.unknown))
        assert found.highest == expected.highest.category
