"""A carried SERAF as one whole number and back, with as few numbers as there can be such SERAFs.

It refuses to know keys, letters and lengths.
"""

from dataclasses import dataclass
from math import prod

from seraf.carried import Carried
from seraf.instrument import Instrument, Item
from seraf.responses import Responses
from seraf.vocabulary import Age

UNSAID = ""
"""The word for what was not known: the first of every table, and never kept."""

AGES = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, Age.NOT_KNOWN)
JUDGEMENTS = ("yes", "not-sure", "no", "not-asked")
ANSWERS = (UNSAID, "yes", "no")
"""These three are part of the format: a code that was given out is read by their order."""

MONTHS_A_YEAR = 12

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the SERAFs of one instrument are counted, for the months from `first` on (counted from the year nought)."""

    instrument: Instrument
    first: int
    months: int

    @property
    def size(self) -> int:
        """How many different SERAFs there are: every one has a number below this."""
        return self.months * prod(len(words) for words in self._tables)

    def holds(self, carried: Carried) -> bool:
        """Whether the SERAF's month is among those that are counted."""
        return 0 <= _month(carried) - self.first < self.months

    def pack(self, carried: Carried) -> int:
        """The number of a SERAF that was made with this instrument in one of these months."""
        number = _month(carried) - self.first
        for words, word in zip(self._tables, _words(carried, self.instrument), strict=True):
            number = number * len(words) + words.index(word)
        return number

    def unpack(self, number: int) -> Carried:
        """The SERAF of a number that is not negative and below `size`."""
        found: list[str] = []
        for words in reversed(self._tables):
            number, index = divmod(number, len(words))
            found.append(words[index])
        year, month = divmod(number + self.first, MONTHS_A_YEAR)
        age, judgement, *given = reversed(found)
        items, questions = self.instrument.items, self.instrument.questions
        return Carried(
            year=year,
            month=month + 1,
            age=Age(age),
            judgement=judgement,
            responses=_said([item.id for item in items], given[: len(items)]),
            fingerprint=self.instrument.fingerprint,
            answers=_said([each.id for each in questions], given[len(items) :]),
        )

    @property
    def _tables(self) -> tuple[Words, ...]:
        items = (_options(item) for item in self.instrument.items)
        return (AGES, JUDGEMENTS, *items, *(ANSWERS for _ in self.instrument.questions))


def layouts(instrument: Instrument) -> tuple[Layout, Layout]:
    """The narrow layout, of the 147 months from January 2024, and the wide one, of every other month that there is."""
    return (Layout(instrument, 2024 * MONTHS_A_YEAR, 147), Layout(instrument, 0, 10_000 * MONTHS_A_YEAR))


def _month(carried: Carried) -> int:
    return carried.year * MONTHS_A_YEAR + carried.month - 1


def _options(item: Item) -> Words:
    return (UNSAID, *(option.id for option in item.section.options if option.is_known))


def _words(carried: Carried, instrument: Instrument) -> Words:
    """The word for each table. A response that says “not known” is the same as none."""
    given = ((_options(item), carried.responses.get(item.id)) for item in instrument.items)
    asked = ((ANSWERS, carried.answers.get(each.id)) for each in instrument.questions)
    said = (word if word in words else UNSAID for words, word in (*given, *asked))
    return (carried.age, carried.judgement, *(word or UNSAID for word in said))


def _said(names: list[str], words: list[str]) -> Responses:
    return Responses.of({name: word for name, word in zip(names, words, strict=True) if word != UNSAID})
