"""A signature covers exactly the signed text; a list of items is verified by its items and their signatures."""

from dataclasses import replace
from datetime import date

import pytest

from seraf.form.signing import Signature, Signer, digest_of, signed_words, signers_of, unverified
from tests.support.shipped import INSTRUMENT

ITEM = {"short": "Café", "read": date(2026, 3, 4), "verified": False}
WORDS = '{"read": "2026-03-04", "short": "Café"}'
KEYS = (Signer("Lead one", "key 1"), Signer("Lead two", "key 2"), Signer("lead  TWO", "key 3"))


def verify(text: str, proof: str, key: str) -> bool:
    return proof == f"{key}: {text}"


def line(by: str, key: str = "key 1", *, of: str = "V1", words: str = WORDS) -> Signature:
    unsigned = Signature(by, "Safeguarding lead – café", date(2026, 3, 4), (digest_of(of, words),))
    return replace(unsigned, proof=f"{key}: {unsigned.text}")


def standing(*given: Signature) -> frozenset[str]:
    return signers_of([replace(each, is_proven=each.is_of(KEYS, verify)) for each in given], "V1", WORDS)


def test_a_signature_covers_every_value_of_a_table_in_one_order() -> None:
    assert (
        signed_words(ITEM, without=["verified"])
        == signed_words(dict(reversed(ITEM.items())), without=["verified"])
        == WORDS
    )


def test_a_digest_that_a_board_has_in_its_files_is_the_same_in_every_release() -> None:
    """With another digest, everything that two people have signed would count as unsigned."""
    assert digest_of("V1", WORDS) == "V1 b3fcf273a34c61530e0c3255d5d10f447d52bb77be8a7fa4a99b57ec93b39c1d"
    assert line("Lead one").text.startswith('["Lead one", "Safeguarding lead – café", "2026-03-04", "V1 ')


def test_a_name_counts_with_a_key_that_the_pack_has_as_theirs_alone() -> None:
    assert standing(line("Lead one"), line(" lead  ONE"), line("Lead two", "key 2"), line("Lead two", "key 3")) == {
        *("lead one", "lead two")
    }
    for forged in (
        *(line("Lead two"), line("Lead three"), line("Lead three", "key 4"), line("Lead one", words="{}")),
        *(line("Lead one", of="V2"), replace(line("Lead one"), role="Nurse"), replace(line("Lead one"), proof="")),
        *(replace(line("Lead one"), on=date(2026, 3, 5)), replace(line("Lead one"), by="Lead two")),
        replace(line("Lead one", words="{}"), digests=line("Lead one").digests),
    ):
        assert standing(forged) == frozenset()
    assert not line("Lead one").is_of(KEYS, unverified)


@pytest.mark.parametrize(("is_signed", "left"), [(True, ""), (True, "V3"), (False, ""), (False, "V3")])
def test_a_list_is_verified_once_it_is_signed_and_each_item_was_checked(left: str, *, is_signed: bool) -> None:
    items = tuple(replace(item, verified=item.id != left) for item in INSTRUMENT.items)

    assert replace(INSTRUMENT, items=items, is_signed=is_signed).is_verified is (is_signed and not left)
