"""Tests of the search in somebody's own words: what is found first, what is not, and when whom to call comes before it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.packs import load_pack
from seraf.pack import NO_WORDS
from seraf.reading.checks.searching import search_faults
from seraf.search.index import index_of
from seraf.search.ranking import LONGEST, MOST, Fit, SearchResult, search
from tests.support.shipped import OTHER_BOARD, PACK

HERE = Path(__file__).parent
INDEX = index_of(PACK)


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def found(question: str) -> list[str]:
    return [each.entry.key for each in search(INDEX, question).found]


def share(questions: Iterable[tuple[str, frozenset[str]]], among: int) -> float:
    """Return the share of questions that find something that fits among this many first ones."""
    hits = [bool(fits.intersection(found(question)[:among])) for question, fits in questions]
    return sum(hits) / len(hits)


def test_the_questions_of_the_pack_find_what_fits() -> None:
    asked = [(ask.question, frozenset(ask.fits)) for ask in PACK.search.asks]

    assert len(asked) >= 100
    assert share(asked, 3) >= 0.97
    assert share(asked, 1) >= 0.80


def test_other_questions_find_what_fits() -> None:
    rows = [line.split("\t") for line in lines("questions.tsv")]
    asked = [(question, frozenset(fits.split())) for question, fits in rows]

    assert {key for _, fits in asked for key in fits} <= {entry.key for entry in INDEX.entries}
    assert share(asked, 3) >= 0.95
    assert share(asked, 1) >= 0.85


def test_whom_to_call_comes_before_everything_in_an_urgent_sentence() -> None:
    assert [sentence for sentence in lines("urgent.txt") if not search(INDEX, sentence).calls_first] == []


@pytest.mark.parametrize("slip", ["suicdal", "disapeared", "she was rapped", "disclosd to me", "ovardose", "kidnaped"])
def test_a_misspelt_urgent_word_is_urgent(slip: str) -> None:
    assert search(INDEX, slip).calls_first


def test_few_ordinary_questions_have_whom_to_call_first() -> None:
    ordinary = [*lines("ordinary.txt"), *(ask.question for ask in PACK.search.asks)]
    ordinary += [line.partition("\t")[0] for line in lines("questions.tsv")]

    assert sum(search(INDEX, question).calls_first for question in ordinary) <= len(ordinary) / 4


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("boyfrend older", "item:S2"),
        ("BOYFRIEND, older", "item:S2"),
        ("older boyfriends", "item:S2"),
        ("older boy friend", "item:S2"),
        ("self-harm", "item:M4"),
        ("selfharm", "item:M4"),
        ("chlamidia", "item:M7"),
        ("gonorrhea", "item:M7"),
        ("s.47", "term:section-47"),
        ("section 47", "term:section-47"),
        ("who do I ring at night?", "contact:edt"),
        ("no friends", "item:V10"),
        ("won’t eat", "item:M4"),
    ],
)
def test_spelling_form_and_punctuation_do_not_matter(question: str, first: str) -> None:
    assert found(question)[0] == first


@pytest.mark.parametrize("no", ["no", "not", "never", "without", "isn't", "nobody has"])
def test_what_is_denied_is_not_found(no: str) -> None:
    assert "item:M9" in found("using cannabis")
    assert "item:M9" not in found(f"{no} using cannabis")


def test_a_denial_ends_with_its_clause() -> None:
    assert found("not drunk but using cannabis")[0] == "item:M9"


def test_a_denied_word_of_a_question_still_finds_what_is_no_item() -> None:
    assert "topic:parents" in found("should I not tell mum?")


def test_several_things_in_one_sentence_are_several_items_in_its_order() -> None:
    answer = search(INDEX, "14, older boyfriend, new phone, out all night")

    assert answer.fit is Fit.ITEMS
    assert [item.id for item in answer.items] == ["S2", "M3", "S5", "S1"]
    assert answer.calls_first


def test_one_clear_best_is_said_to_be_clear() -> None:
    assert search(INDEX, "chlamydia").fit is Fit.CLEAR
    assert search(INDEX, "nudes").fit is Fit.SEVERAL


def test_nothing_is_found_by_what_no_pack_has() -> None:
    assert search(INDEX, "asdf qwerty") == SearchResult(Fit.NOTHING)
    assert search(INDEX, "") == SearchResult(Fit.NOTHING)
    assert search(INDEX, "the of and") == SearchResult(Fit.NOTHING)


def test_what_is_too_long_is_not_looked_up_and_whom_to_call_comes_first() -> None:
    assert search(INDEX, "x" * (LONGEST + 1)) == search(INDEX, "no " * 41) == SearchResult(Fit.LONG, calls_first=True)


def test_no_more_than_five_are_found_and_no_word_of_the_question_is_in_the_answer() -> None:
    answer = search(INDEX, "zyxwvut zyxwvuts she has an older boyfriend, a new phone, no friends, drinks vodka, hostel")

    assert 1 <= len(answer.found) <= MOST
    assert "zyxwvu" not in repr(answer)
    assert "zyxwvu" not in repr(INDEX)


def test_every_phrase_of_the_pack_finds_its_own_entry() -> None:
    assert list(search_faults(PACK)) == []


def test_a_pack_without_words_of_its_own_is_found_by_its_names() -> None:
    other = load_pack(OTHER_BOARD)
    assert other.search == NO_WORDS
    item = other.instrument.items[0]

    index = index_of(other)

    assert search(index, item.short).found[0].entry.key == f"item:{item.id}"
    assert search(index, "she was raped").calls_first


def test_ties_keep_the_order_of_the_pack() -> None:
    words = {"item:S6": ("zzyzx",), "item:V2": ("zzyzx",), "topic:who": ("zzyzx",)}
    index = index_of(replace(PACK, search=replace(PACK.search, words=words)))

    assert [each.entry.key for each in search(index, "zzyzx").found] == ["item:V2", "item:S6", "topic:who"]
