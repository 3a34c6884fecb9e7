"""A finished SERAF as it is carried in the child's file to a review, and as the numbers of a code: no child, no text, no day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from seraf.errors import SerafError
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN, Age

NEWEST = 3
"""The format of the codes that are written of a SERAF that is finished today."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was answered, how old the child was, what the professional judged, and in which month it was finished.

    `year` is of the common era, `month` 1 to 12, local time. `judgement` is a word of the fact of that name.
    `fingerprint` names the instrument whose items were answered. An item that is not in `responses` was not known, nor
    is a question of the instrument's own that is not in `answers`. `code_format` is the format of the code that it was
    read from, and so of the code that it is written in again. `facts` holds what was answered around the items and can
    change what leads, as far as a code of that format says it (`carry_over.TABLES`): of a fact that is not in it nothing
    was said. The first format has no facts, and nobody can tell from it what was answered.
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
        """The case as the scoring rules take it."""
        answers = {**dict(self.facts), **dict(self.answers), "judgement": self.judgement}
        return Case(age=self.age, responses=self.responses, answers=answers)


UNSAID = ""
"""The word for what was not known: the first of every table, and never kept."""

Words = tuple[str, ...]

AGES = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, Age.NOT_KNOWN)
JUDGEMENTS = ("yes", "not-sure", "no", "not-asked")
ANSWERS: Words = (UNSAID, "yes", "no")
"""These three are part of the format: a code that was given out is read by their order."""

SAID: Words = (*ANSWERS, NOT_KNOWN)
"""The same of a question whose “not known” is said too, so that what is left unsaid was not asked."""

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
"""What is answered around the items and can change what leads, each with its words: 3¹¹ × 4² × 5, under twenty-four bits.

Part of the second format, in this order and for good. A fact that a pack does not have is never said. Nobody knows
whether the child is safe tonight: that is said, since it leads; of all other facts it is the same as nothing.
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
"""The same of the third format: 3⁷ × 4⁷ × 5², under thirty bits, in the order of the second with two more, and for good.

Of danger, of what was told, and of the questions that are asked at once, “not known” is said: the leads of a pack may differ
by whether a question was asked. Of all other facts it is the same as nothing.
"""

TABLES: Mapping[int, Mapping[str, Words]] = {1: {}, 2: FACTS_2, 3: FACTS}
"""The facts that the codes of each format hold. The first holds none."""

LATER = {1: 1, 2: 1, 3: 16}
"""How many ways a code of each format can say more than a release of today reads.

In the third they are four bits above the month. They are kept for what a second person may see of a case, and always 0 today.
"""

KNOWN: Mapping[str, Words] = {"age": AGES, "judgement": JUDGEMENTS, **FACTS}
"""Every fact around the items that a code holds."""

MONTHS_A_YEAR = 12


class NewerCode(SerafError):
    """A code that was written by a newer release, and says more than this one can read."""

    def __init__(self) -> None:
        super().__init__(
            "A newer release of the bot made that code, and it says more than this release can read. Use that release, or"
            " the summary in the case record."
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """How the SERAFs of one instrument are counted, for the months from `first` on (counted from the year nought).

    `code_format` is the format of the codes whose numbers these are.
    """

    instrument: Instrument
    first: int
    months: int
    code_format: int

    @property
    def size(self) -> int:
        """How many numbers there are: every SERAF has one below this, with whatever a newer release may say of it."""
        return LATER[self.code_format] * self.months * prod(len(words) for words in self._tables)

    def holds(self, carried: Carried) -> bool:
        """Return whether the SERAF's month is among those that are counted, and its format is this one."""
        return carried.code_format == self.code_format and 0 <= _month(carried) - self.first < self.months

    def pack(self, carried: Carried) -> int:
        """The number of a SERAF that this layout holds and that was made with this instrument."""
        number = _month(carried) - self.first
        for words, word in zip(self._tables, self._words(carried), strict=True):
            # Digits of mixed bases and no bit fields: fields would waste a part of a bit at each
            # of nearly fifty answers.
            # A response that says “not known” is the same as none.
            number = number * len(words) + words.index(word if word in words else UNSAID)
        return number

    def unpack(self, number: int) -> Carried:
        """The SERAF of a number that is not negative and below `size`.

        Raises `NewerCode` where the number says more than this release can read.
        """
        found: list[str] = []
        for words in reversed(self._tables):
            number, index = divmod(number, len(words))
            found.append(words[index])
        later, months = divmod(number, self.months)
        if later:
            # Later it may be a second person's view that more is to be done. To read the rest without it could lead
            # with less than the case did.
            raise NewerCode
        year, month = divmod(months + self.first, MONTHS_A_YEAR)
        age, judgement, *given = reversed(found)
        items = [item.id for item in self.instrument.items]
        questions = [each.id for each in self.instrument.questions]
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
        return (*_asked(self.instrument), *TABLES[self.code_format].values())

    def _words(self, carried: Carried) -> tuple[str | None, ...]:
        """What was said for each table; None where nothing was."""
        given = [carried.responses.get(item.id) for item in self.instrument.items]
        asked = [carried.answers.get(each.id) for each in self.instrument.questions]
        around = [carried.facts.get(fact) for fact in TABLES[self.code_format]]
        return (carried.age, carried.judgement, *given, *asked, *around)


def layouts(instrument: Instrument, code_format: int = NEWEST) -> tuple[Layout, Layout]:
    """The narrow layout, of the 147 months from January 2024, and the wide one, of every other month that there is."""
    # With the shipped list and all facts 147 months come to just under 98 bits, which leaves 32 of the 130 for the tag
    # (docs/review-code.md). Any other month makes a longer code.
    first, every = 2024 * MONTHS_A_YEAR, 10_000 * MONTHS_A_YEAR
    return Layout(instrument, first, 147, code_format), Layout(instrument, 0, every, code_format)


def facts_in(answers: Responses | Mapping[str, str], code_format: int = NEWEST) -> Responses:
    """What a code of a format holds of the answers around the items: a word that is not in its table is left out."""
    table = TABLES[code_format]
    given = {fact: answers.get(fact) for fact in table}
    return Responses.of({fact: word for fact, word in given.items() if word and word in table[fact]})


def in_format(carried: Carried, code_format: int) -> Carried:
    """Return the SERAF as a code of an earlier format would hold it."""
    return replace(carried, facts=facts_in(carried.facts, code_format), code_format=code_format)


def uncarried(read: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What no code could say of these facts, each given with its words: `fact`, or `fact = word`, in the order given.

    “Not known” and “not asked” are never missing: what a code leaves unsaid is one of the two.
    """
    return tuple(fault for fact, words in read.items() for fault in _unheld(fact, words))


def _unheld(fact: str, words: Iterable[str]) -> tuple[str, ...]:
    if fact not in KNOWN:
        return (fact,)
    return tuple(f"{fact} = {word}" for word in words if word not in (*KNOWN[fact], NOT_KNOWN, NOT_ASKED))


def _month(carried: Carried) -> int:
    return carried.year * MONTHS_A_YEAR + carried.month - 1


def _asked(instrument: Instrument) -> tuple[Words, ...]:
    """The words of all that an instrument asks, in the order in which they are counted; they are the same for every code."""
    items = (_options(item) for item in instrument.items)
    return (AGES, JUDGEMENTS, *items, *(ANSWERS for _ in instrument.questions))


def _options(item: Item) -> Words:
    # “Not known” has no number of its own: it is what is unsaid, so that silence and “not known” make the same code.
    return (UNSAID, *(option.id for option in item.section.options if option.is_known))


def _said(names: Iterable[str], words: list[str]) -> Responses:
    return Responses.of({name: word for name, word in zip(names, words, strict=True) if word != UNSAID})
