"""What is remembered of a pure function: the last few answers, for the same pack and an equal case, and never another's."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from seraf.advice.action_plan import Hour
from seraf.advice.so_far import leads_so_far
from seraf.advice.urgency import Urgency
from seraf.form.evidence import shown
from seraf.form.instrument import Instrument
from seraf.form.remembered import MOST, MOST_OF_PACKS, MOST_TEXTS, ReadTexts, forget_all, prepared, remembered
from seraf.form.responses import Case, Responses
from seraf.score.findings import facts_of, find
from seraf.what_if.finding_out import gaps
from tests.seraf.advice.test_urgency import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK

TODAY = date(2026, 3, 4)


class Counted:
    """A function that counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.asked = remembered(str)(self.ask)

    def ask(self, of: object, *, word: str = "", other: str = "") -> tuple[object, str]:
        """Give back what it was asked."""
        self.times += 1
        return of, word or other.upper()


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
    """Another word, another thing, a word by place or left out, or the same word by another name."""
    asked = [counted.asked("a"), counted.asked("a", word=""), counted.asked("a", word="b"), counted.asked("b")]
    asked.append(counted.asked("a", other="b"))

    assert asked == [("a", ""), ("a", ""), ("a", "b"), ("b", ""), ("a", "B")]
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


def test_what_rests_on_packs_alone_is_remembered_of_many_and_never_forgotten(counted: Counted) -> None:
    """No case is in it; equal words are the same here too, and of all else the very thing is."""
    asked, packs = prepared(counted.ask), [[number] for number in range(MOST_OF_PACKS)]

    for _ in range(2):
        assert [asked(pack, word="".join(("a", "b"))) for pack in packs] == [(pack, "ab") for pack in packs]
        forget_all()
    assert counted.times == MOST_OF_PACKS

    asked([0], word="ab")
    asked(packs[0], word="ab")
    assert counted.times == MOST_OF_PACKS + 2


def test_another_edition_with_the_same_case_is_another_answer() -> None:
    """The list of items decides what is shown, also where everything that was answered is the same."""
    case = Case(responses=Responses.of({INSTRUMENT.items[0].id: "yes"}))
    first = INSTRUMENT.items[0]
    without: Instrument = replace(INSTRUMENT, items=INSTRUMENT.items[1:])

    assert first.id in shown(INSTRUMENT, case)["present"]
    assert first.id not in shown(without, case)["present"]
    assert first.id in shown(INSTRUMENT, replace(case))["present"]


def test_what_was_changed_in_place_is_worked_out_anew() -> None:
    """Facts that somebody goes on with are no longer those that were asked about, though it is the same mapping."""
    facts = dict(facts_of(INSTRUMENT, Case(answers={"danger": "no"})))
    before = PACK.guidance.leads_for(facts)[0]

    facts["danger"] = frozenset({"yes"})

    assert PACK.guidance.leads_for(facts)[0].urgency is Urgency.EMERGENCY
    assert before.urgency is not Urgency.EMERGENCY


def test_a_case_stays_what_it_was() -> None:
    """Whoever goes on with the answers that it was made of does not change it."""
    answers = {"danger": "no"}
    case = Case(answers=answers)
    calm = leads_so_far(INSTRUMENT, PACK.guidance, case=case)

    answers["danger"] = "yes"

    assert case.answers == {"danger": "no"}
    assert leads_so_far(INSTRUMENT, PACK.guidance, case=case) == calm
    assert leads_so_far(INSTRUMENT, PACK.guidance, case=Case(answers=answers))[0].urgency is Urgency.EMERGENCY


def test_nobody_changes_what_all_are_given() -> None:
    """Facts are handed out to be read."""
    facts: Any = shown(INSTRUMENT, Case())
    before = dict(facts)

    for change in (
        lambda: facts.__setitem__("present", frozenset({"V1"})),
        lambda: facts.__delitem__("present"),
        lambda: facts.__ior__({"present": frozenset()}),
        lambda: facts.update(present=frozenset()),
        lambda: facts.setdefault("other", frozenset()),
        lambda: facts.pop("present"),
        facts.popitem,
        facts.clear,
    ):
        with pytest.raises(TypeError, match="handed out to be read"):
            change()

    assert facts == before


@each_seed(300, 8)
def test_with_a_memory_everything_is_as_without(seed: int) -> None:
    """Over cases at random, answered one step after the other and asked in any order, some of them twice."""
    draw = random.Random(seed)
    cases = [random_case(draw) for _ in range(6)]
    asked = [draw.choice(cases) for _ in range(20)]

    def told(case: Case) -> tuple[object, ...]:
        """All that is remembered of a case."""
        facts = facts_of(INSTRUMENT, case)
        return (
            dict(facts),
            find(INSTRUMENT, case, today=TODAY),
            leads_so_far(INSTRUMENT, PACK.guidance, case=case),
            PACK.guidance.planned_for(facts, hour=Hour(is_open=True)),
            PACK.guidance.steps_for(facts),
            gaps(INSTRUMENT, case),
        )

    remembering = [told(case) for case in asked]
    alone = []
    for case in asked:
        forget_all()
        alone.append(told(case))

    assert remembering == alone


def test_a_text_is_read_once_until_it_is_forgotten() -> None:
    """What was written is known without being read; after forgetting nothing is."""
    read: list[str] = []

    def reading(text: str) -> str:
        read.append(text)
        return f"what {text} says"

    texts = ReadTexts(reading)

    assert texts.of("a") == texts.of("a") == "what a says"
    texts.know("b", "what b says")
    assert texts.of("b") == "what b says"
    assert read == ["a"]

    forget_all()
    assert [texts.of("a"), texts.of("b")] == ["what a says", "what b says"]
    assert read == ["a", "a", "b"]


def test_few_texts_are_remembered_at_a_time() -> None:
    """However many people press between two times of forgetting."""
    texts = ReadTexts(str.upper)
    for number in range(10 * MOST_TEXTS):
        texts.of(f"text {number}")
        assert len(texts) <= MOST_TEXTS


def test_what_cannot_be_read_is_not_remembered() -> None:
    """The fault is raised each time."""
    texts = ReadTexts(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            texts.of("no number")

    assert len(texts) == 0
