"""One question of the form in which a case is written, and the checks that many of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import LetteredAnswer
from dialogs.rehearsal.writing.sentences import numbers_in
from seraf.reading.toml.tables import ALLOWED
from seraf.rehearsal.checking import code_fault

Given = Mapping[str, str]
"""What was typed so far, by the name of the question."""

Check = Callable[[str], str]
"""What is wrong with an answer, in words; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question: its name, by which it can be asked again; what is shown; and what is wrong with an answer.

    `can_lapse` says that another answer may make this one wrong, so that it is looked at anew each time.
    """

    name: str
    ask: str
    check: Check = field(repr=False, compare=False)
    can_lapse: bool = True


def asks_text(name: str, ask: str, limit: int, *, script: Script) -> FormQuestion:
    """A question that is answered with a text of at most so many characters, which stays right whatever else is answered."""
    return FormQuestion(name, ask, plain_text(limit, script), can_lapse=False)


def plain_text(limit: int, script: Script) -> Check:
    """A text that says something, fits, shows all its characters, and names no item by its code."""
    say, instrument = script.wording.say, script.pack.instrument

    def check(text: str) -> str:
        """What is wrong with it."""
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
    """One of the letters; `but` is the word of an answer that may not be given."""
    letters = [each.letter for each in answers if each.answer != but]

    def check(text: str) -> str:
        """What is wrong with it."""
        is_fine = text.casefold() in letters or (may_skip and not text)
        return "" if is_fine else script.wording.say("writing.fault.letter", letters=" ".join(letters))

    return check


def some_numbers(most: int, script: Script, *, may_skip: bool = True) -> Check:
    """Numbers from 1 to `most`, such as `5-8, 13`."""

    def check(text: str) -> str:
        """What is wrong with it."""
        if not text:
            return "" if may_skip else script.wording.say("writing.fault.empty")
        numbers = numbers_in(text)
        is_fine = numbers is not None and all(1 <= each <= most for each in numbers)
        return "" if is_fine else script.wording.say("writing.fault.numbers", most=most)

    return check


def answer_of(letter: str, answers: tuple[LetteredAnswer, ...]) -> str:
    """The word that a letter stands for; empty where it stands for none."""
    return next((each.answer for each in answers if each.letter == letter.casefold()), "")


def offered(answers: tuple[LetteredAnswer, ...]) -> str:
    """The letters with their labels, on one line."""
    return " · ".join(f"{each.letter} {each.label}" for each in answers)


def listed(lines: tuple[str, ...]) -> str:
    """Lines counted from 1, under each other."""
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))
