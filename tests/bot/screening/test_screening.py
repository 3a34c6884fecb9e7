"""Tests of finding identifiers in notes: sentences that must pass, sentences that must be refused, and the messages."""

import pytest

from bot.crypto.at_random import make_reference
from bot.crypto.code_cipher import ALPHABET
from bot.screening import ORDER
from dialogs.notes.noting import LONGEST
from tests.screening import Sentence, hard, looking, passing, rates, refusing
from tests.support.shipped import PACK, WORDING

FEWEST = 150


def ids(sentence: Sentence) -> str:
    return sentence.text[:50]


def found(text: str) -> tuple[str, ...]:
    return looking().could_be(text)


@pytest.mark.parametrize("sentence", passing(), ids=ids)
def test_a_sentence_that_points_to_nobody_passes(sentence: Sentence) -> None:
    assert found(sentence.text) == ()


@pytest.mark.parametrize("sentence", refusing(), ids=ids)
def test_a_sentence_with_an_identifier_is_refused_for_it(sentence: Sentence) -> None:
    assert sentence.kind in found(sentence.text)


def test_the_tables_are_long_and_without_repeats() -> None:
    assert min(len(set(passing())), len(set(refusing()))) >= FEWEST
    assert len(set(passing())) == len(passing())
    assert len(set(refusing())) == len(refusing())
    assert max(len(each.text) for each in (*passing(), *refusing(), *hard())) <= LONGEST


def test_every_kind_is_in_the_table_and_has_words() -> None:
    assert {each.kind for each in refusing()} == set(ORDER)
    assert {key.removeprefix("identifier.") for key in WORDING.texts if key.startswith("identifier.")} == set(ORDER)


def test_not_everything_is_found() -> None:
    _, _, (name, refused, of) = rates()

    assert name == "hard"
    assert 0 < refused < of


@pytest.mark.parametrize("number", range(50))
def test_no_reference_of_the_bot_is_mistaken_for_a_name_or_a_number(number: int) -> None:
    reference = make_reference()

    for written in (reference, reference.title(), reference.lower(), reference.replace(" ", "-")):
        assert found(f"The other child is {written}, as the school knows.") == ()


@pytest.mark.parametrize(
    ("signs", "group"), [(20, 5), (23, 5), (27, 5), (35, 5), (24, 6), (29, 6), (34, 6), (26, 7), (31, 7)]
)
def test_no_code_of_the_bot_is_mistaken_for_a_number(signs: int, group: int) -> None:
    text = "".join(ALPHABET[(place * 11 + 5) % 32] for place in range(signs))
    code = "-".join(text[start : start + group] for start in range(0, signs, group))

    assert found(f"The last one: {code}.") == ()
    assert found(f"The last one: {code.lower()}.") == ()


@pytest.mark.parametrize(
    "figures", ["01632-96012-07700-90012", "016329-601207-700900-123456", "0163296-0120770-0900123-45600"]
)
def test_figures_in_groups_are_no_code(figures: str) -> None:
    assert found(figures) != ()


@pytest.mark.parametrize("contact", [each for each in PACK.contacts.all if each.value], ids=lambda each: each.id)
def test_a_number_that_the_pack_gives_to_everybody_may_be_written(contact: object) -> None:
    value = str(getattr(contact, "value", ""))

    assert found(f"We rang {value} at noon.") == ()
    assert found(f"We rang +44 {value.removeprefix('0')} at noon.") == () or len(value) < 6


def test_a_known_number_within_a_longer_one_is_not_known() -> None:
    assert found("01454 866000 9") != ()
    assert found("07700 900123, not 01454 866000") == ("phone",)


@pytest.mark.parametrize("kind", ORDER)
def test_an_identifier_is_found_wherever_it_stands_in_a_note(kind: str) -> None:
    texts = [each.text for each in refusing() if each.kind == kind]

    for text in texts:
        assert found(f"He came at noon. {text} Nobody was told.")
        assert found(f"He came at noon; ({text})")


@pytest.mark.parametrize("text", ["", "…", "9", "a", "12345", "£300", "§", "BS", "A", "I", "🙂 ok"])
def test_empty_or_trivial_text_passes(text: str) -> None:
    assert found(text) == ()


def test_several_kinds_are_named_in_a_fixed_order() -> None:
    assert found("Jane Smith, jane@example.org, joe@example.org, 07700 900123, 12/03/2011") == (
        *("phone", "email", "date", "name"),
    )


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("999 123 4560", ("nhs",)),
        ("9_9_9_0_0_0_0_0_1_8", ("nhs",)),
        ("999/000/0018", ("nhs",)),
        ("seven seven hundred nine double oh one two three", ("number",)),
        ("I, the nurse, saw Ted at noon", ("name",)),
        ("Fred Smith", ("name",)),
        ("Visited Bristol", ()),
        ("Saturdays and Mondays", ()),
        ("J. Bloggs", ("name",)),
        ("April Bloggs", ("name",)),
        ("in April Bristol police came", ()),
        ("O’Brien saw it", ()),
        ("She saw O’Brien", ("name",)),
        ("Her dog is Rex", ("name",)),
    ],
)
def test_at_the_edges(text: str, kinds: tuple[str, ...]) -> None:
    assert found(text) == kinds
