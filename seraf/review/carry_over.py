"""A carried SERAF as one whole number and back, with as few numbers as there can be such SERAFs.

It refuses to know keys, letters and lengths.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from seraf.form.instrument import Instrument, Item
from seraf.form.remembered import prepared
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN, Age
from seraf.review.carried import Carried

UNSAID = ""
"""The word for what was not known: the first of every table, and never kept."""

Words = tuple[str, ...]

AGES = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, Age.NOT_KNOWN)
JUDGEMENTS = ("yes", "not-sure", "no", "not-asked")
ANSWERS: Words = (UNSAID, "yes", "no")
"""These three are part of the format: a code that was given out is read by their order."""

FACTS: Mapping[str, Words] = {
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

FACTS_3: Mapping[str, Words] = {
    **FACTS,
    "danger": (UNSAID, "yes", "missing", "no", NOT_KNOWN),
    "missing_now": (*ANSWERS, NOT_KNOWN),
    "online": (*ANSWERS, NOT_KNOWN),
    "going_on": (*ANSWERS, NOT_KNOWN),
    "reported": (*ANSWERS, NOT_KNOWN),
}
"""The same of the third format, which also knows a missing child and whether harm is going on; each “not known” that leads is said."""

KNOWN: Mapping[str, Words] = {"age": AGES, "judgement": JUDGEMENTS, **FACTS_3}
"""Every fact around the items that a code holds."""

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """How the SERAFs of one instrument are counted, for the months from `first` on (counted from the year nought).

    With `knows_facts` what can change what leads is counted too, as the second format does.
    """

    instrument: Instrument
    first: int
    months: int
    knows_facts: bool

    @property
    def size(self) -> int:
        """How many different SERAFs there are: every one has a number below this."""
        return self.months * prod(len(words) for words in self._tables)

    def holds(self, carried: Carried) -> bool:
        """Whether the SERAF's month is among those that are counted, and what is known of its facts is as much as here."""
        is_as_much = (carried.facts is not None) == self.knows_facts
        return is_as_much and 0 <= _month(carried) - self.first < self.months

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
        """The SERAF of a number that is not negative and below `size`."""
        found: list[str] = []
        for words in reversed(self._tables):
            number, index = divmod(number, len(words))
            found.append(words[index])
        year, month = divmod(number + self.first, MONTHS_A_YEAR)
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
            facts=_said(FACTS, given[asked:]) if self.knows_facts else None,
        )

    @property
    def _tables(self) -> tuple[Words, ...]:
        facts = FACTS.values() if self.knows_facts else ()
        return (*_asked(self.instrument), *facts)

    def _words(self, carried: Carried) -> tuple[str | None, ...]:
        """What was said for each table; None where nothing was."""
        given = [carried.responses.get(item.id) for item in self.instrument.items]
        asked = [carried.answers.get(each.id) for each in self.instrument.questions]
        facts = carried.facts or NOTHING
        around = [facts.get(fact) for fact in FACTS] if self.knows_facts else []
        return (carried.age, carried.judgement, *given, *asked, *around)


def layouts(instrument: Instrument, *, knows_facts: bool = True) -> tuple[Layout, Layout]:
    """The narrow layout, of the 147 months from January 2024, and the wide one, of every other month that there is."""
    # With the shipped list and all facts 147 months come to just under 88 bits, which leaves 32 of the 120 for the tag
    # (docs/carry-over-code.md). Any other month makes a longer code.
    first, every = 2024 * MONTHS_A_YEAR, 10_000 * MONTHS_A_YEAR
    return Layout(instrument, first, 147, knows_facts), Layout(instrument, 0, every, knows_facts)


def facts_in(answers: Responses | Mapping[str, str]) -> Responses:
    """What a code holds of the answers around the items: what was not known, or is in no table, is left out."""
    given = {fact: answers.get(fact) for fact in FACTS}
    return Responses.of({fact: word for fact, word in given.items() if word and word in FACTS[fact]})


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


@prepared
def _asked(instrument: Instrument) -> tuple[Words, ...]:
    """The words of all that an instrument asks, in the order in which they are counted; they are the same for every code."""
    items = (_options(item) for item in instrument.items)
    return (AGES, JUDGEMENTS, *items, *(ANSWERS for _ in instrument.questions))


def _options(item: Item) -> Words:
    # “Not known” has no number of its own: it is what is unsaid, so that silence and “not known” make the same code.
    return (UNSAID, *(option.id for option in item.section.options if option.is_known))


def _said(names: Iterable[str], words: list[str]) -> Responses:
    return Responses.of({name: word for name, word in zip(names, words, strict=True) if word != UNSAID})
