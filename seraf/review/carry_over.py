"""A finished SERAF as it is carried over to its review, and its encoding as the number of a review code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from seraf.errors import SerafError
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import FLOOR, HEIGHTS, NOT_ASKED, NOT_KNOWN, REASONABLE, SECOND_VIEW, Age

NEWEST = 3
"""The format of the review codes that this release writes."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The answers of a finished SERAF, the child's age band, the professional's judgement, and the month.

    `month` is 1 to 12, in local time. `judgement` is a value of the fact of that name. `fingerprint` identifies the
    instrument. Items missing from `responses`, and questions of the instrument missing from `answers`, were not known.
    `code_format` is the format of the code that it was read from, and in which it is written again. `facts` holds the
    other answers on which leads depend, and how others raised the case, as far as that format can hold them (`TABLES`,
    `ABOVE`); a fact that is missing was not answered. Format 1 holds no facts, so there a missing fact says nothing.
    """

    year: int
    month: int
    age: Age
    judgement: str
    responses: Responses
    fingerprint: str
    answers: Responses = NOTHING
    facts: Responses = NOTHING
    code_format: int = NEWEST

    def case(self) -> Case:
        """Return the case with these answers, to be scored. What others raised it to is its floor."""
        answers = {key: word for key, word in self.facts if key not in SECOND}
        answers |= {**dict(self.answers), "judgement": self.judgement}
        floor = self.facts.get(SECOND_VIEW) or ""
        return Case(age=self.age, responses=self.responses, answers=answers, floor=floor)


UNSAID = ""
"""The value for “not known”. It comes first in every table, and is never stored."""

Words = tuple[str, ...]

AGES = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, Age.NOT_KNOWN)
JUDGEMENTS = ("yes", "not-sure", "no", "not-asked")
ANSWERS: Words = (UNSAID, "yes", "no")
"""The values of age, judgement and questions in all formats. Codes depend on their order, which must never change."""

SAID: Words = (*ANSWERS, NOT_KNOWN)
"""The values of a question whose “not known” is encoded as well. A missing answer then means that it was not asked."""

FACTS_2: Mapping[str, Words] = {
    "danger": ANSWERS,
    "told_or_seen": ANSWERS,
    "missing_now": ANSWERS,
    "moved": ANSWERS,
    "online": ANSWERS,
    "safe": (UNSAID, "yes", "danger", "not-tonight", NOT_KNOWN),
    "family": ANSWERS,
    "young_exploiter": ANSWERS,
    "draws_in": ANSWERS,
    "network": ANSWERS,
    "grounds": (UNSAID, "yes", "no", "not-decided"),
    "asylum": ANSWERS,
    "not_at_school": ANSWERS,
    "consent": (UNSAID, "given", "refused", "not-yet"),
}
"""The facts other than items on which leads depend, each with its values: 3¹¹ × 4² × 5 combinations, under 24 bits.

Their order is part of format 2 and never changes. A fact that a pack lacks is not encoded. “Not known” is encoded only
for `safe`, where it affects leads; for the other facts it is the same as no answer.
"""

FACTS: Mapping[str, Words] = {
    **FACTS_2,
    "danger": (UNSAID, "yes", "missing", "no", NOT_KNOWN),
    "told_or_seen": SAID,
    "missing_now": SAID,
    "online": SAID,
    "going_on": SAID,
    "reported": SAID,
}
"""The facts of format 3, in the order of format 2 with two more at the end: 3⁷ × 4⁷ × 5² combinations, under 30 bits.

“Not known” is encoded for danger, disclosure, and the questions asked at once, since leads may depend on whether a
question was asked. For the other facts it is the same as no answer. The order never changes.
"""

TABLES: Mapping[int, Mapping[str, Words]] = {1: {}, 2: FACTS_2, 3: FACTS}
"""For each format, the facts that its codes can hold, with their values."""

SECOND_GROUNDS = "second_grounds"
SECOND: Mapping[str, Words] = {SECOND_VIEW: (UNSAID, *HEIGHTS), SECOND_GROUNDS: ANSWERS}
"""How others raised the case: the highest urgency, and whether a second person sees reasonable grounds.

Five heights and three answers are 15 of the 16 values of the highest digit of format 3, so that older codes, whose
highest digit is 0, stay as they are. “Not decided” is left out: it raises nothing. The order never changes.
"""

ABOVE: Mapping[int, Mapping[str, Words]] = {1: {}, 2: {}, 3: SECOND}
"""For each format, the facts in the digit above the month."""

LATER = {1: 1, 2: 1, 3: 16}
"""For each format, how many values the digit above the month can have. Those that `ABOVE` does not use are for newer releases."""

KNOWN: Mapping[str, Words] = {
    **{"age": AGES, "judgement": JUDGEMENTS, **FACTS},
    **{SECOND_VIEW: (*HEIGHTS, REASONABLE), FLOOR: HEIGHTS},
}
"""The possible values of each fact, other than items, that a code in the newest format can hold."""

MONTHS_A_YEAR = 12


class NewerCode(SerafError):
    """Raised if a review code of a newer release contains more than this release can read."""

    def __init__(self) -> None:
        super().__init__(
            "A newer release of the bot made that code, and it says more than this release can read. Use that release, or"
            " the summary in the case record."
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The numbering of one instrument's SERAFs in one format, for `months` months from month `first` (since year 0)."""

    instrument: Instrument
    first: int
    months: int
    code_format: int

    @property
    def size(self) -> int:
        """How many SERAFs can be encoded, counting the values reserved for newer releases."""
        return LATER[self.code_format] * self.months * prod(len(words) for words in self._tables)

    def holds(self, carried: Carried) -> bool:
        """Return True if the SERAF has this format and the layout covers its month."""
        return carried.code_format == self.code_format and 0 <= _month(carried) - self.first < self.months

    def pack(self, carried: Carried) -> int:
        """Return the number of a SERAF that was made with this instrument and for which `holds` is true."""
        facts = TABLES[self.code_format]
        answers = (
            *(carried.age, carried.judgement),
            *(carried.responses.get(item.id) for item in self.instrument.items),
            *(carried.answers.get(question.id) for question in self.instrument.questions),
            *(carried.facts.get(fact) for fact in facts),
        )
        number = 0
        for fact, words in ABOVE[self.code_format].items():
            number = number * len(words) + words.index(carried.facts.get(fact) or UNSAID)
        number = number * self.months + _month(carried) - self.first
        for words, word in zip(self._tables, answers, strict=True):
            # Digits of mixed bases: bit fields would waste part of a bit at each of nearly fifty answers.
            number = number * len(words) + words.index(word if word in words else UNSAID)
        return number

    def unpack(self, number: int) -> Carried:
        """Return the SERAF with this number (0 to `size` - 1). Raise `NewerCode` if it contains reserved values."""
        answers: list[str] = []
        for words in reversed(self._tables):
            number, index = divmod(number, len(words))
            answers.append(words[index])
        above, months = divmod(number, self.months)
        raised = dict[str, str]()
        for fact, words in reversed(tuple(ABOVE[self.code_format].items())):
            above, index = divmod(above, len(words))
            raised[fact] = words[index]
        if above:
            # What it says may raise the case further: without it, the rest could lead with too little.
            raise NewerCode
        year, month = divmod(months + self.first, MONTHS_A_YEAR)
        age, judgement, *given = reversed(answers)
        items = [item.id for item in self.instrument.items]
        questions = [question.id for question in self.instrument.questions]
        asked = len(items) + len(questions)
        return Carried(
            year=year,
            month=month + 1,
            age=Age(age),
            judgement=judgement,
            responses=_said(items, given[: len(items)]),
            fingerprint=self.instrument.fingerprint,
            answers=_said(questions, given[len(items) : asked]),
            facts=_said((*TABLES[self.code_format], *raised), [*given[asked:], *raised.values()]),
            code_format=self.code_format,
        )

    @property
    def _tables(self) -> tuple[Words, ...]:
        # “Not known” has no number of its own, so that it and a missing response make the same code.
        options = [[option.id for option in item.section.options if option.is_known] for item in self.instrument.items]
        items = ((UNSAID, *names) for names in options)
        questions = (ANSWERS for _ in self.instrument.questions)
        return (AGES, JUDGEMENTS, *items, *questions, *TABLES[self.code_format].values())


def layouts(instrument: Instrument, code_format: int = NEWEST) -> tuple[Layout, Layout]:
    """Return the narrow layout, for 147 months from January 2024, and the wide one, for all months to year 9999."""
    # With the shipped list and all facts, 147 months take just under 98 bits, which leaves 32 of 130 for the tag
    # (docs/review-code.md). Any other month makes a longer code.
    first, every = 2024 * MONTHS_A_YEAR, 10_000 * MONTHS_A_YEAR
    return Layout(instrument, first, 147, code_format), Layout(instrument, 0, every, code_format)


def facts_in(answers: Responses | Mapping[str, str], code_format: int = NEWEST) -> Responses:
    """Return those answers to questions other than items, and how others raised the case, that a code of this format can hold."""
    table = {**TABLES[code_format], **ABOVE[code_format]}
    given = {fact: answers.get(fact) for fact in table}
    return Responses.of({fact: word for fact, word in given.items() if word and word in table[fact]})


def in_format(carried: Carried, code_format: int) -> Carried:
    """Return the SERAF as a code of that earlier format would hold it."""
    return replace(carried, facts=facts_in(carried.facts, code_format), code_format=code_format)


def uncarried(read: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return those of these facts, as `fact` or `fact = value`, that no code can hold.

    “Not known” and “not asked” are never reported: a code leaves both out.
    """
    missing: list[str] = []
    for fact, words in read.items():
        if fact not in KNOWN:
            missing.append(fact)
            continue
        missing += [f"{fact} = {word}" for word in words if word not in (*KNOWN[fact], NOT_KNOWN, NOT_ASKED)]
    return tuple(missing)


def _month(carried: Carried) -> int:
    return carried.year * MONTHS_A_YEAR + carried.month - 1


def _said(names: Iterable[str], words: list[str]) -> Responses:
    return Responses.of({name: word for name, word in zip(names, words, strict=True) if word != UNSAID})
