"""What is asked on paper, line by line, and the letter that stands for each answer: on the sheet, and where it is typed in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from seraf.cases.vignette import FirstCall
from seraf.form.instrument import Item
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, NOT_ASKED, NOT_KNOWN

BEFORE = ("age", "danger", "told_or_seen", "allocated", "stage")
"""What is asked before the items, of every case alike: what leads first, and what the points and the first call rest on."""

JUDGEMENT, CALL = "judgement", "first-call"
"""What is asked after them: the judgement, and whom to contact first."""

FIXED = {"yes": "y", "no": "n", NOT_KNOWN: "?"}
"""The letters of answers that are the same everywhere."""


@dataclass(frozen=True, slots=True)
class LetteredAnswer:
    """One answer of a line: its letter, the word that it is kept as, and its label."""

    letter: str
    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of the sheet: the place that it answers, its number on the form (empty for a question), what it asks, its answers."""

    place: str
    number: str
    about: str
    answers: tuple[LetteredAnswer, ...]

    @property
    def letters(self) -> str:
        """Its letters, as they may be typed."""
        return "".join(each.letter for each in self.answers)


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Lines that are typed in one go: those before the items, those of a section, those after."""

    title: str
    ask: str
    lines: tuple[AnswerLine, ...]


def answer_parts(script: Script) -> tuple[AnswerPart, ...]:
    """The whole sheet, in order. It is the same for every case, so that it says nothing of any."""
    say, instrument = script.wording.say, script.pack.instrument
    sections = (
        AnswerPart(
            section.title,
            section.ask,
            tuple(_of_item(item, instrument.number(item.id)) for item in instrument.of_section(section.id)),
        )
        for section in instrument.sections
    )
    return (
        AnswerPart(say("kit.sheet.before"), say("kit.sheet.before-how"), tuple(_asked(BEFORE, script))),
        *sections,
        AnswerPart(say("kit.sheet.after"), say("kit.sheet.after-how"), tuple(_after(script))),
    )


def lettered(pairs: Iterable[tuple[str, str]]) -> tuple[LetteredAnswer, ...]:
    """Each answer (word and label) with its letter: y, n and ? where it is one of those, else a, b, c in order."""
    others, found = iter(ascii_lowercase), list[LetteredAnswer]()
    for answer, label in pairs:
        found.append(LetteredAnswer(FIXED.get(answer) or next(others), answer, label))
    return tuple(found)


def words_of(place: str) -> tuple[str, ...]:
    """What a question around the items may be answered with on paper."""
    return tuple(word for word in FACT_WORDS.get(place, ANSWERS) if word != NOT_ASKED)


def asked_line(place: str, script: Script) -> AnswerLine:
    """The line of an item, or of a question around them."""
    instrument = script.pack.instrument
    if place in instrument:
        return _of_item(instrument.item(place), instrument.number(place))
    (line,) = _asked((place,), script)
    return line


def call_line(script: Script) -> AnswerLine:
    """The line on which whom to contact first is answered."""
    say = script.wording.say
    calls = lettered((call, say(f"first-call.{call}")) for call in FirstCall)
    return AnswerLine(CALL, "", say("rehearsal.first-call.title"), calls)


def _of_item(item: Item, number: int) -> AnswerLine:
    options = lettered((option.id, option.label) for option in item.section.options)
    return AnswerLine(item.id, str(number), item.label, options)


def _asked(places: Iterable[str], script: Script) -> Iterator[AnswerLine]:
    for place in places:
        circumstance = script.pack.guidance.circumstance(place)
        words = circumstance.words if circumstance else words_of(place)
        answers = lettered((word, answer_in_words(place, word, script=script)) for word in words)
        about = f"ask.{place}"
        yield AnswerLine(
            place,
            "",
            script.wording.say(about) if about in script.wording else asked_in_words(place, script),
            answers,
        )


def _after(script: Script) -> Iterator[AnswerLine]:
    yield from _asked((JUDGEMENT,), script)
    yield call_line(script)
