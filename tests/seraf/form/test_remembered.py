"""What is remembered of a pure function: the last few answers, for the same pack and an equal case, and never another's."""

from dataclasses import replace

import pytest

from seraf.form.evidence import shown
from seraf.form.instrument import Instrument
from seraf.form.remembered import MOST, forget_all, remembered
from seraf.form.responses import Case, Responses
from tests.support.shipped import INSTRUMENT


class Counted:
    """A function that counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.asked = remembered(str)(self.ask)

    def ask(self, of: object, *, word: str = "") -> tuple[object, str]:
        """Give back what it was asked."""
        self.times += 1
        return of, word


@pytest.fixture
def counted() -> Counted:
    """One that was asked nothing yet."""
    return Counted()


def test_the_same_is_not_worked_out_twice(counted: Counted) -> None:
    """Equal words are the same; of all else the very thing is."""
    thing = [1]

    assert counted.asked(thing, word="ab") == counted.asked(thing, word="".join(("a", "b"))) == ([1], "ab")
    assert counted.times == 1

    counted.asked([1], word="ab")
    assert counted.times == 2


def test_what_differs_is_never_taken_for_the_same(counted: Counted) -> None:
    """Another word, another thing, a word by place or left out."""
    asked = [counted.asked("a"), counted.asked("a", word=""), counted.asked("a", word="b"), counted.asked("b")]

    assert asked == [("a", ""), ("a", ""), ("a", "b"), ("b", "")]
    assert counted.times == len(asked)


def test_only_the_last_few_are_remembered(counted: Counted) -> None:
    """Nothing is kept of a case for longer than others come by; and at once nothing where that is asked."""
    words = [str(number) for number in range(MOST + 1)]
    for word in words:
        counted.asked(word)

    counted.asked(words[-1])
    assert counted.times == len(words)
    counted.asked(words[0])
    assert counted.times == len(words) + 1

    forget_all()
    counted.asked(words[0])
    assert counted.times == len(words) + 2


def test_another_edition_with_the_same_case_is_another_answer() -> None:
    """The list of items decides what is shown, also where everything that was answered is the same."""
    case = Case(responses=Responses.of({INSTRUMENT.items[0].id: "yes"}))
    first = INSTRUMENT.items[0]
    without: Instrument = replace(INSTRUMENT, items=INSTRUMENT.items[1:])

    assert first.id in shown(INSTRUMENT, case)["present"]
    assert first.id not in shown(without, case)["present"]
    assert first.id in shown(INSTRUMENT, replace(case))["present"]
