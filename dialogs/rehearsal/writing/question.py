"""A question of the form in which a case is written, the checks that many questions share, and lists of numbers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import LetteredAnswer
from seraf.reading.toml.tables import ALLOWED
from seraf.rehearsal.checking import code_fault

Given = Mapping[str, str]  # the answers typed so far, by the name of the question
Check = Callable[[str], str]  # returns what is wrong with an answer, in words; empty if nothing is


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question: the name by which it can be asked again, its text, and the check of its answer.

    `can_lapse` says that another answer may make this one invalid, so that it is checked again each time.
    """

    name: str
    ask: str
    check: Check = field(repr=False, compare=False)
    can_lapse: bool = True


def asks_text(name: str, ask: str, limit: int, *, script: Script) -> FormQuestion:
    """Return a question for a text of at most `limit` characters, which no other answer can make invalid."""
    return FormQuestion(name, ask, plain_text(limit, script), can_lapse=False)


def plain_text(limit: int, script: Script) -> Check:
    """Return a check for a text that is not empty, fits, has no invisible characters, and names no item by its code."""
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
    """Return a check for one of the letters, except that of the answer `but`."""
    letters = [answer.letter for answer in answers if answer.answer != but]

    def check(text: str) -> str:
        is_fine = text.casefold() in letters or (may_skip and not text)
        return "" if is_fine else script.wording.say("writing.fault.letter", letters=" ".join(letters))

    return check


def some_numbers(most: int, script: Script, *, may_skip: bool = True) -> Check:
    """Return a check for numbers from 1 to `most`, such as `5-8, 13`."""

    def check(text: str) -> str:
        if not text:
            return "" if may_skip else script.wording.say("writing.fault.empty")
        numbers = numbers_in(text)
        is_fine = numbers is not None and all(1 <= number <= most for number in numbers)
        return "" if is_fine else script.wording.say("writing.fault.numbers", most=most)

    return check


def answer_of(letter: str, answers: tuple[LetteredAnswer, ...]) -> str:
    """Return the answer with this letter; empty if there is none."""
    return next((answer.answer for answer in answers if answer.letter == letter.casefold()), "")


def offered(answers: tuple[LetteredAnswer, ...]) -> str:
    """Return the letters with their labels, on one line."""
    return " · ".join(f"{answer.letter} {answer.label}" for answer in answers)


def listed(lines: tuple[str, ...]) -> str:
    """Return the lines numbered from 1."""
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


SPAN = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


def numbers_in(text: str) -> tuple[int, ...] | None:
    """Return the numbers in a list such as `5-8, 13`, in order; None if the text is no such list."""
    numbers: list[int] = []
    for piece in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        span = SPAN.fullmatch(piece.strip())
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        # A slip such as 1-99999999 is cut short: it still has a number that is too high, and is refused.
        numbers += range(first, min(last, first + 99) + 1)
    return tuple(numbers)
