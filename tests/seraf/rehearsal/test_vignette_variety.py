"""What a whole course of the shipped vignettes teaches by the way: that no answer is the usual one. And its plain words."""

from collections import Counter
from collections.abc import Callable

import pytest

from seraf.cases.vignette import Rule, Theme, Vignette
from seraf.form.vocabulary import Age
from tests.support.pack.saying import grade
from tests.support.shipped import INSTRUMENT, PACK

VIGNETTES = PACK.vignettes

CLAIMS: dict[Theme, Callable[[Vignette], bool]] = {
    Theme.IN_CONTROL: lambda each: each.key.age is Age.FROM_16_TO_17,
    Theme.CARE_LEAVER: lambda each: each.key.age is Age.FROM_18_TO_25,
    Theme.NOTHING_WRONG: lambda each: each.key.total == 0,
    Theme.HIGH_CONCERN_LOW_NUMBER: lambda each: each.key.category < 3,
    Theme.MISSING: lambda each: answered(each, "S1") in ("current", "recent", "both"),
    Theme.ABUSE_AT_HOME: lambda each: Rule.FAMILY in each.key.rules and each.key.category < 3,
}
"""What a key has to say where its vignette is of this theme."""


def answered(vignette: Vignette, place: str) -> str:
    """What the key of a vignette answers there."""
    keyed = vignette.key.of(place)
    assert keyed is not None
    return keyed.answer


@pytest.mark.parametrize("category", [1, 2, 3, 4])
def test_no_category_is_half_of_all(category: int) -> None:
    """Whoever always guesses the highest is wrong as often as not."""
    assert Counter(each.key.category for each in VIGNETTES)[category] < len(VIGNETTES) / 2


@pytest.mark.parametrize("answer", ["yes", "not-sure", "no"])
def test_every_judgement_is_the_agreed_one_somewhere(answer: str) -> None:
    """Being sure is not always right, and neither is being in doubt."""
    assert answer in {answered(each, "judgement") for each in VIGNETTES}


def test_nearly_every_item_is_there_in_some_vignette() -> None:
    """Callers whom nobody knows (M2) and misuse of drugs (M9) are told of in none yet; nothing else is left out."""
    there = {
        item.id for item in INSTRUMENT.items for each in VIGNETTES if item.option(answered(each, item.id)).is_present
    }

    assert {item.id for item in INSTRUMENT.items} - there <= {"M2", "M9"}


@pytest.mark.parametrize("theme", CLAIMS, ids=str)
def test_what_a_theme_promises_is_what_the_key_says(theme: Theme) -> None:
    """Somebody picks a vignette by its theme."""
    picked = [each for each in VIGNETTES if theme in each.themes]

    assert picked != []
    assert [each.id for each in picked if not CLAIMS[theme](each)] == []


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_every_vignette_is_told_and_explained_in_plain_words(vignette: Vignette) -> None:
    """Flesch–Kincaid grade 8 at most: what is told, and all reasons of its key together."""
    reasons = "\n".join(text for each in vignette.key.keyed for text in (each.because, each.other_because) if text)

    assert max(grade(vignette.text), grade(reasons)) <= 8
