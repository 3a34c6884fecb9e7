"""Review codes, which carry a finished SERAF as text, with a fixed key; and random finished SERAFs."""

import random
from dataclasses import replace

from bot.crypto.code_cipher import CodeCipher, shapes
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses
from seraf.review.carry_over import ABOVE, AGES, JUDGEMENTS, NEWEST, TABLES, UNSAID, Carried, in_format
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
"""A SERAF of March 2026: one vulnerability, one significant sign, a disclosure, and no other item answered."""

SECOND = in_format(MARCH, 2)
"""The same SERAF, read from a code of the second format, which does not record whether anything is still going on."""

OLDER = in_format(MARCH, 1)
"""The same SERAF, read from a code of the first format, which does not record whether anything was disclosed."""


def finished(draw: random.Random, instrument: Instrument = INSTRUMENT, *, code_format: int = NEWEST) -> Carried:
    """Return a random finished SERAF of this instrument, with only what a code of this format records."""
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
        facts=_facts(draw, code_format),
        code_format=code_format,
    )


def _facts(draw: random.Random, code_format: int) -> Responses:
    given = {fact: draw.choice(words) for fact, words in {**TABLES[code_format], **ABOVE[code_format]}.items()}
    return Responses.of({fact: word for fact, word in given.items() if word != UNSAID})


def of_a_newer_release(carried: Carried, carrier: CodeCipher = CARRIER) -> str:
    """Return a code of a newer release, whose highest digit has the one value that this release does not know."""
    shape = next(each for each in shapes(carrier.instrument(carried.fingerprint)) if each.layout.holds(carried))
    return carrier.sealed(shape, shape.layout.pack(carried) + 15 * (shape.layout.size // 16))


def lengthened(instrument: Instrument, times: int) -> Instrument:
    """Return the instrument with every item repeated `times` times."""
    items = [replace(item, id=f"{item.id}-{time}") for time in range(times) for item in instrument.items]
    return replace(instrument, items=tuple(items))
