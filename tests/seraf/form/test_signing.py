"""Signatures stand for just the words that were signed, and a list is verified by its items and by what was signed of it."""

from dataclasses import replace
from datetime import date

import pytest

from seraf.form.instrument import Option
from seraf.form.signing import Signature, digest_of, signed_words, signers
from seraf.form.vocabulary import Meaning
from tests.support.shipped import INSTRUMENT

ITEM = {"short": "Café", "read": date(2026, 3, 4), "verified": False}
WORDS = '{"read": "2026-03-04", "short": "Café"}'


def line(by: str, *, of: str = "V1", words: str = WORDS) -> Signature:
    """What this person wrote down for these words."""
    unsigned = Signature(of, by, "Safeguarding lead – café", date(2026, 3, 4), "")
    return replace(unsigned, digest=digest_of(words, unsigned))


def test_what_is_signed_is_all_that_a_value_says_in_one_order() -> None:
    """But for what is left out; of a table and of one of our own values alike, with letters as they are."""
    assert signed_words(ITEM, without=["verified"]) == WORDS
    assert signed_words(Option("recent", "Café", 3, Meaning.EARLIER)) == (
        '{"id": "recent", "label": "Café", "means": "earlier", "points": 3}'
    )


def test_a_digest_that_a_board_has_in_its_files_is_the_same_in_every_release() -> None:
    """Were it made in another way, whatever two people signed would be unsigned after an update."""
    assert line("Lead one").digest == "0b679dbd863981e3a5cfc1d43fd19b6d1da18cd2df84f3ef4fa11411cf3e6252"


def test_those_signed_whose_line_stands_for_the_words_and_each_counts_once() -> None:
    """Not who signed other words, or the same words of something else; nor whose line was changed since."""
    given = (
        *(line("Lead one"), line(" lead  ONE"), line("Lead two")),
        *(line("Lead three", words="{}"), line("Lead four", of="V2")),
        *(replace(line("Lead five"), role="Nurse"), replace(line("Lead six"), on=date(2026, 3, 5))),
        *(replace(line("Lead seven"), by="Lead eight"), replace(line("Lead nine", of="V3"), of="V1")),
    )

    assert signers(given, "V1", WORDS) == {"lead one", "lead two"}


@pytest.mark.parametrize(("is_signed", "left"), [(True, ""), (True, "V3"), (False, ""), (False, "V3")])
def test_a_list_is_verified_once_it_is_signed_and_each_item_was_checked(left: str, *, is_signed: bool) -> None:
    """Neither is enough."""
    items = tuple(replace(item, verified=item.id != left) for item in INSTRUMENT.items)

    assert replace(INSTRUMENT, items=items, is_signed=is_signed).is_verified is (is_signed and not left)
