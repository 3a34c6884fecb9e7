"""A finished SERAF as the child's file carries it to a review, and as the number of a review code: no child, text or day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from seraf.errors import SerafError
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN, Age

NEWEST = 3
"""The format of review codes written today."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The answers of a finished SERAF, the child's age band, the professional's judgement, and the month.

    `month` is 1 to 12, local time. `judgement` is a word of the fact of that name. `fingerprint` identifies the instrument.
    Items missing from `responses`, and questions of the instrument missing from `answers`, were not known. `code_format`
    is the format of the code it was read from, and is written in again. `facts` holds the answers around the items that
    can change what leads, as far as a code of that format can (`TABLES`); a missing fact was not answered. Format 1 has
    no facts: nothing follows from their absence.
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
        """Return the case for the scoring rules."""
        answers = {**dict(self.facts), **dict(self.answers), "judgement": self.judgement}
        return Case(age=self.age, responses=self.responses, answers=answers)


UNSAID = ""
"""The word for “not known”: the first of every table, and never stored."""

Words = tuple[str, ...]

AGES = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, Age.NOT_KNOWN)
JUDGEMENTS = ("yes", "not-sure", "no", "not-asked")
ANSWERS: Words = (UNSAID, "yes", "no")
"""These three tables are part of the format: codes already given out are read by their order."""

SAID: Words = (*ANSWERS, NOT_KNOWN)
"""The words of a question whose “not known” is coded too, so that a missing answer means that it was not asked."""

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
"""The answers around the items that can change what leads, with their words: 3¹¹ × 4² × 5, under 24 bits.

They are part of format 2, in this order and for good. A fact that a pack does not have is never coded. “Not known” is
coded only for `safe`, where it leads; for the other facts it equals no answer.
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
"""The facts of format 3: 3⁷ × 4⁷ × 5², under 30 bits, in the order of format 2 with two more, and for good.

“Not known” is coded for danger, for what was told, and for the questions asked at once, since leads may differ by whether a
question was asked. For the other facts it equals no answer.
"""

TABLES: Mapping[int, Mapping[str, Words]] = {1: {}, 2: FACTS_2, 3: FACTS}
"""The facts in the codes of each format."""

LATER = {1: 1, 2: 1, 3: 16}
"""How many values a code of each format reserves for newer releases.

In format 3 these are four bits above the month, for what a second person may see in a case; today they are always 0.
"""

KNOWN: Mapping[str, Words] = {"age": AGES, "judgement": JUDGEMENTS, **FACTS}
"""Every fact around the items that a code holds."""

MONTHS_A_YEAR = 12


class NewerCode(SerafError):
    """A review code of a newer release that says more than this one can read."""

    def __init__(self) -> None:
        super().__init__(
            "A newer release of the bot made that code, and it says more than this release can read. Use that release, or"
            " the summary in the case record."
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The numbering of SERAFs of one instrument in one code format, for `months` months from `first`, counted from year 0."""

    instrument: Instrument
    first: int
    months: int
    code_format: int

    @property
    def size(self) -> int:
        """The number of possible SERAFs, including what a newer release may add. The number of every SERAF is below it."""
        return LATER[self.code_format] * self.months * prod(len(words) for words in self._tables)

    def holds(self, carried: Carried) -> bool:
        """True if the SERAF is of this format and its month is covered."""
        return carried.code_format == self.code_format and 0 <= _month(carried) - self.first < self.months

    def pack(self, carried: Carried) -> int:
        """Return the number of a SERAF that this layout holds and that was made with this instrument."""
        facts = TABLES[self.code_format]
        answers = (
            *(carried.age, carried.judgement),
            *(carried.responses.get(item.id) for item in self.instrument.items),
            *(carried.answers.get(question.id) for question in self.instrument.questions),
            *(carried.facts.get(fact) for fact in facts),
        )
        number = _month(carried) - self.first
        for words, word in zip(self._tables, answers, strict=True):
            # Digits of mixed bases: bit fields would waste part of a bit at each of nearly fifty answers.
            number = number * len(words) + words.index(word if word in words else UNSAID)
        return number

    def unpack(self, number: int) -> Carried:
        """Return the SERAF of a number from 0 to below `size`. Raise `NewerCode` if this release cannot read all of it."""
        answers: list[str] = []
        for words in reversed(self._tables):
            number, index = divmod(number, len(words))
            answers.append(words[index])
        later, months = divmod(number, self.months)
        if later:
            # It may be a second person's view that more must be done: without it, the rest could lead with too little.
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
            facts=_said(TABLES[self.code_format], given[asked:]),
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
    """Return the narrow layout, of the 147 months from January 2024, and the wide one, of every month there is."""
    # With the shipped list and all facts, 147 months take just under 98 bits, which leaves 32 of 130 for the tag
    # (docs/review-code.md). Any other month makes a longer code.
    first, every = 2024 * MONTHS_A_YEAR, 10_000 * MONTHS_A_YEAR
    return Layout(instrument, first, 147, code_format), Layout(instrument, 0, every, code_format)


def facts_in(answers: Responses | Mapping[str, str], code_format: int = NEWEST) -> Responses:
    """Return the answers around the items that a code of a format can hold."""
    table = TABLES[code_format]
    given = {fact: answers.get(fact) for fact in table}
    return Responses.of({fact: word for fact, word in given.items() if word and word in table[fact]})


def in_format(carried: Carried, code_format: int) -> Carried:
    """Return the SERAF as a code of an earlier format would hold it."""
    return replace(carried, facts=facts_in(carried.facts, code_format), code_format=code_format)


def uncarried(read: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return each of these facts, as `fact` or `fact = word`, that no code can hold.

    “Not known” and “not asked” are never among them: a code leaves both out.
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
