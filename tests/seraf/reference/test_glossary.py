"""How a word that somebody types finds its entry."""

import pytest

from seraf.reference import Glossary, Term, fold
from tests.support.shipped import PACK


def term(name: str, *also: str) -> Term:
    """A term of this name and these other spellings."""
    return Term(id=fold(name).replace(" ", "-"), term=name, also=also, text="It is so.", source="ours")


WORDS = Glossary((term("ART", "Access and Response Team"), term("Care leaver"), term("Care plan"), term("S47")))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("art", ["ART"]),
        ("  ART ", ["ART"]),
        ("Access—and response-team", ["ART"]),
        ("care", ["Care leaver", "Care plan"]),
        ("care-pl", ["Care plan"]),
        ("acc", ["ART"]),
        ("response", ["ART"]),
        ("spon", []),
        ("s47", ["S47"]),
        ("", []),
        ("?!", []),
        ("nothing of the kind", []),
    ],
)
def test_a_typed_word_finds_what_it_names_begins_or_stands_within(typed: str, expected: list[str]) -> None:
    """The very name first, else what begins so, else what has it as a whole word; never a part of a word."""
    assert [found.term for found in WORDS.look_up(typed)] == expected


def test_a_word_that_names_two_terms_finds_the_first_alone() -> None:
    """The name of one that is the id of another does not leave a person before a list."""
    named = Term(id="a", term="Plan", also=(), text="It is so.", source="ours")
    other = Term(id="plan", term="Something else", also=(), text="It is not.", source="ours")

    assert Glossary((named, other)).look_up("plan") == (named,)


@pytest.mark.parametrize("entry", PACK.glossary.terms, ids=lambda entry: entry.id)
def test_every_term_of_the_pack_is_found_by_each_of_its_names(entry: Term) -> None:
    """Its name, its other spellings and its id all lead to it alone."""
    for name in (entry.term, *entry.also):
        assert PACK.glossary.look_up(name) == (entry,)
    assert PACK.glossary[entry.id] == entry


def test_the_terms_stand_in_alphabetical_order() -> None:
    """Whatever the order of the file, a person finds a word where they look for it."""
    names = [fold(entry.term) for entry in PACK.glossary.terms]

    assert names == sorted(names)


def test_a_term_that_there_is_not_is_a_key_error() -> None:
    """Asking for an id that no term has is a fault of the code."""
    with pytest.raises(KeyError, match="nothing"):
        WORDS["nothing"]


def test_folding_makes_dashes_apostrophes_and_case_the_same() -> None:
    """Whatever a telephone makes of a dash or an apostrophe, the word is the same."""
    assert fold("Don’t — GO/there") == fold("don't go there") == "dont go there"
