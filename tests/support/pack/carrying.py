"""Carriers with a key that never changes, and finished SERAFs drawn at random."""

import random
from dataclasses import replace

from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.review.carried import Carried
from seraf.review.carry_over import AGES, FACTS, JUDGEMENTS, UNSAID
from tests.support.shipped import CODES, INSTRUMENT

CARRIER = CODES

MARCH = Carried(
    year=2026,
    month=3,
    age=AGES[1],
    judgement="not-sure",
    responses=Responses.of({"V1": "yes", "S1": "current"}),
    fingerprint=INSTRUMENT.fingerprint,
    facts=Responses.of({"danger": "no", "told_or_seen": "yes"}),
)
"""A SERAF of March 2026: one vulnerability, one significant sign, something told, and nothing else looked into."""

OLDER = replace(MARCH, facts=None)
"""The same out of a code of the first format, which does not know what was told."""


def finished(draw: random.Random, instrument: Instrument = INSTRUMENT, *, knows_facts: bool = True) -> Carried:
    """A SERAF of this instrument drawn at random; without its facts as a code of the first format holds it."""
    given = {
        item.id: draw.choice([each.id for each in item.section.options if each.is_known]) for item in instrument.items
    }
    known = draw.sample(sorted(given), draw.randrange(len(given) + 1))
    answers = {each.id: draw.choice(("yes", "no")) for each in instrument.questions if draw.random() < 0.7}
    year, month = divmod(draw.randrange(147), 12)
    return Carried(
        year=2024 + year,
        month=month + 1,
        age=draw.choice(AGES),
        judgement=draw.choice(JUDGEMENTS),
        responses=Responses.of({item: given[item] for item in known}),
        fingerprint=instrument.fingerprint,
        answers=Responses.of(answers),
        facts=_facts(draw) if knows_facts else None,
    )


def _facts(draw: random.Random) -> Responses:
    given = {fact: draw.choice(words) for fact, words in FACTS.items()}
    return Responses.of({fact: word for fact, word in given.items() if word != UNSAID})


def lengthened(instrument: Instrument, times: int) -> Instrument:
    """The instrument with every item so many times."""
    items = [replace(item, id=f"{item.id}-{time}") for time in range(times) for item in instrument.items]
    return replace(instrument, items=tuple(items))
