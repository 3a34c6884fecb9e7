"""The questionnaire for a made-up case: how answers are checked, and the questions about the story."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import LetteredAnswer
from seraf.cases.vignette import Theme
from seraf.reading.cases.vignettes import MAX_ABOUT, MAX_PART, MAX_TITLE, MAX_WARNING
from seraf.reading.toml.tables import ALLOWED
from seraf.rehearsal.checking import PARTS, WORDS, code_fault

Given = Mapping[str, str]  # the answers that the author has typed so far, by the name of the question
Check = Callable[[str], str]  # returns what is wrong with an answer, in words, or an empty text if it is valid


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question: the name by which the author can ask for it again, its text, and the check of its answer.

    `can_lapse` is True if another answer may make this one invalid, so that it is checked again each time.
    """

    name: str
    ask: str
    check: Check = field(repr=False, compare=False)
    can_lapse: bool = True


def asks_text(name: str, ask: str, limit: int, *, script: Script) -> FormQuestion:
    """Return a question whose answer is a text of at most `limit` characters. No other answer can make it invalid."""
    return FormQuestion(name, ask, plain_text(limit, script), can_lapse=False)


def plain_text(limit: int, script: Script) -> Check:
    """Return a check that a text is not empty or too long, and has no invisible characters and no code of an item."""
    say, instrument = script.wording.say, script.pack.instrument

    def check(text: str) -> str:
        if not text:
            return say("writing.fault.empty")
        if len(text) > limit:
            return say("writing.fault.long", length=len(text), limit=limit)
        if not all(sign.isprintable() or sign in ALLOWED for sign in text):
            return say("writing.fault.unseen")
        fault = code_fault(text, instrument)
        return say("writing.fault.code", fault=fault) if fault else ""

    return check


def one_letter(answers: tuple[LetteredAnswer, ...], script: Script, *, but: str = "", may_skip: bool = False) -> Check:
    """Return a check that the answer is one of the letters, but not that of `but`. With `may_skip`, it may be empty."""
    letters = [answer.letter for answer in answers if answer.answer != but]

    def check(text: str) -> str:
        is_fine = text.casefold() in letters or (may_skip and not text)
        return "" if is_fine else script.wording.say("writing.fault.letter", letters=" ".join(letters))

    return check


def some_numbers(most: int, script: Script) -> Check:
    """Return a check that the answer is empty or a list of numbers from 1 to `most`, such as `5-8, 13`."""

    def check(text: str) -> str:
        numbers = numbers_in(text) if text else ()
        is_fine = numbers is not None and all(1 <= number <= most for number in numbers)
        return "" if is_fine else script.wording.say("writing.fault.numbers", most=most)

    return check


def answer_of(letter: str, answers: tuple[LetteredAnswer, ...]) -> str:
    """Return the id of the answer with this letter, or an empty text if there is none."""
    return next((answer.answer for answer in answers if answer.letter == letter.casefold()), "")


def offered(answers: tuple[LetteredAnswer, ...]) -> str:
    """Return the letters and labels of the answers on one line."""
    return " · ".join(f"{answer.letter} {answer.label}" for answer in answers)


def listed(lines: tuple[str, ...]) -> str:
    """Return the lines as one text, numbered from 1."""
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


SPAN = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


def numbers_in(text: str) -> tuple[int, ...] | None:
    """Return the numbers of a list such as `5-8, 13`, in order, or None if the text is not a list of numbers."""
    numbers: list[int] = []
    for piece in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        span = SPAN.fullmatch(piece.strip())
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        # A slip such as 1-99999999 is cut short: it still has a number that is too high, and is refused.
        numbers += range(first, min(last, first + 99) + 1)
    return tuple(numbers)


SENTENCE = re.compile(r"\S.*?(?:[.!?]+[”’\"')\]]*(?=\s|$)|$)", re.DOTALL)  # with its closing quotation mark


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the story: the index of its part, and the positions in that part's text at which it begins and ends."""

    part: int
    begins: int
    ends: int


def sentences_of(texts: Sequence[str]) -> tuple[Sentence, ...]:
    """Return all sentences of a story with these parts, in order."""
    return tuple(
        Sentence(part, match.start(), match.end())
        for part, text in enumerate(texts)
        for match in SENTENCE.finditer(text)
    )


def numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """Return all sentences of the story with their numbers, which count from 1 over all parts."""
    return tuple(
        f"{number}. {texts[each.part][each.begins : each.ends]}" for number, each in enumerate(sentences_of(texts), 1)
    )


def cited_by(text: str, texts: Sequence[str]) -> str | None:
    """Return the text of the sentence with this number, or of successive sentences of one part. For any other numbers, return None."""
    numbers, sentences = numbers_in(text), sentences_of(texts)
    if not numbers or list(numbers) != list(range(numbers[0], numbers[-1] + 1)) or not numbers[0] >= 1:
        return None
    if numbers[-1] > len(sentences):
        return None
    first, last = sentences[numbers[0] - 1], sentences[numbers[-1] - 1]
    if first.part != last.part:
        return None
    cited = texts[first.part][first.begins : last.ends]
    # A quotation mark at the edge whose other half lies outside is dropped.
    extra = cited.count("“") - cited.count("”")
    if extra > 0 and cited.startswith("“"):
        return cited[1:]
    return cited[:-1] if extra < 0 and cited.endswith("”") else cited


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}")  # a valid id of a case, as the reader of packs defines it
AROUND = (("title", MAX_TITLE), ("about", MAX_ABOUT), ("warning", MAX_WARNING))  # each with its maximum length
THEMES = tuple(Theme)


def story_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """Yield the questions about the story, from the id of the case to the last part."""
    say = script.wording.say

    def id_fault(text: str) -> str:
        if not NAME.fullmatch(text):
            return say("writing.fault.id")
        taken = text in {vignette.id for vignette in script.pack.vignettes}
        return say("writing.fault.taken", id=text) if taken else ""

    yield FormQuestion("id", say("writing.ask.id"), id_fault)
    for name, limit in AROUND:
        yield asks_text(name, say(f"writing.ask.{name}", limit=limit), limit, script=script)
    themes = listed(tuple(theme.replace("-", " ") for theme in THEMES))
    yield FormQuestion("themes", say("writing.ask.themes", themes=themes), some_numbers(len(THEMES), script))
    for number in range(1, PARTS[1] + 1):
        title = f"part-{number}-title"
        words = sum(len(given.get(f"part-{earlier}-text", "").split()) for earlier in range(1, number))
        key = "writing.ask.more-parts" if number > PARTS[0] else "writing.ask.part-title"
        ask = say(key, number=number, words=words, least=WORDS[0], limit=MAX_TITLE)
        yield FormQuestion(title, ask, _title_check(number, words, script))
        if not given.get(title):
            return
        ask = say("writing.ask.part-text", number=number, limit=MAX_PART, left=WORDS[1] - words)
        yield FormQuestion(f"part-{number}-text", ask, _text_check(number, words, script))


def texts_of(given: Given) -> tuple[str, ...]:
    """Return the texts of the parts that are written so far. A part with an empty title ends the story."""
    titled = takewhile(lambda number: given.get(f"part-{number}-title"), range(1, PARTS[1] + 1))
    return tuple(given[name] for number in titled if (name := f"part-{number}-text") in given)


def _title_check(number: int, words: int, script: Script) -> Check:
    """Return a check of a part's title. It may be empty once enough parts are written and they have enough `words`."""
    check = plain_text(MAX_TITLE, script)

    def with_end(text: str) -> str:
        if text or number <= PARTS[0]:
            return check(text)
        few = words < WORDS[0]
        return script.wording.say("writing.fault.few-words", words=words, least=WORDS[0]) if few else ""

    return with_end


def _text_check(number: int, before: int, script: Script) -> Check:
    """Return a check of a part's text. With the number of words `before` it, the story must be neither too short nor too long."""
    check = plain_text(MAX_PART, script)

    def within(text: str) -> str:
        words, say = before + len(text.split()), script.wording.say
        if words > WORDS[1]:
            return say("writing.fault.many-words", words=words, most=WORDS[1])
        if number == PARTS[1] and words < WORDS[0]:
            return say("writing.fault.few-words", words=words, least=WORDS[0])
        return check(text)

    return within
