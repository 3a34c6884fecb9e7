"""What a whole course of the shipped vignettes teaches by the way: that no answer is the usual one. And its plain words.

The numbers are those of decision 0032: thirty cases or more, and a guess without reading that is worse than a coin.
"""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from seraf.cases.vignette import Keyed, Rule, Theme, Vignette
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
    Theme.ONLINE_ONLY: lambda each: answered(each, "M11") == "yes" and answered(each, "S4") == "no",
    Theme.CRIMINAL: lambda each: answered(each, "S5") in ("current", "both") and answered(each, "judgement") == "yes",
    Theme.TRUST: lambda each: "designated officer" in each.key.first_call_because,
}
"""What a key has to say where its vignette is of this theme."""


ITEMS = {item.id: item for item in INSTRUMENT.items}
ALONE = "M12"
"""The one item whose answer the home settles: a child who lives with family or carers is never out of touch."""

TELLING = re.compile(r"abus|exploit|groom|nothing|no harm|\bsafe|\bended|in the past|unfounded|control", re.IGNORECASE)
"""Words that would say what is found before anything is read."""


def keyed(vignette: Vignette, place: str) -> Keyed:
    """What the key of a vignette has there."""
    found = vignette.key.of(place)
    assert found is not None
    return found


def answered(vignette: Vignette, place: str) -> str:
    """What the key of a vignette answers there."""
    return keyed(vignette, place).answer


GUESSED = {id_: Counter(answered(each, id_) for each in VIGNETTES).most_common(1)[0] for id_ in ITEMS}
"""For each item the most common answer of all keys, and in how many vignettes it is the key's."""


@pytest.mark.parametrize("category", [1, 2, 3, 4])
def test_no_category_is_half_of_all(category: int) -> None:
    """Whoever always guesses the highest is wrong as often as not."""
    assert Counter(each.key.category for each in VIGNETTES)[category] < len(VIGNETTES) / 2


@pytest.mark.parametrize("answer", ["yes", "not-sure", "no"])
def test_every_judgement_is_the_agreed_one_somewhere(answer: str) -> None:
    """Being sure is not always right, and neither is being in doubt."""
    assert answer in {answered(each, "judgement") for each in VIGNETTES}


def test_a_guess_without_reading_is_worse_than_a_coin() -> None:
    """The most common answer of an item is the key's in fewer than 14 of 30 vignettes, and for 14 of 30 items of a vignette.

    The second is the mean over all vignettes. Where the home settles the answer (`ALONE`) the first cannot be.
    """
    limit = 14 * len(VIGNETTES) / 30

    assert {id_: found for id_, found in GUESSED.items() if found[1] >= limit and id_ != ALONE} == {}
    assert sum(right for _, right in GUESSED.values()) / len(VIGNETTES) < 14


def test_a_guess_that_takes_the_other_reading_too_agrees_with_half_at_most() -> None:
    """Counted as the debrief counts: either reading of a contested answer agrees."""
    agreed = [
        max(sum(keyed(each, id_).agrees(option.id) for each in VIGNETTES) for option in item.section.options)
        for id_, item in ITEMS.items()
    ]

    assert sum(agreed) / len(VIGNETTES) <= 15


def test_every_item_is_there_and_absent_in_three_vignettes_and_has_each_of_its_answers() -> None:
    """Whoever always ticks an item, or never, is wrong at it; a significant one has both windows and each alone."""
    for id_, item in ITEMS.items():
        counted = Counter(answered(each, id_) for each in VIGNETTES)

        assert sum(counted[option.id] for option in item.section.options if option.is_present) >= 3, id_
        assert counted["no"] >= 3, id_
        assert id_ == ALONE or counted.keys() == {option.id for option in item.section.options}, id_


def test_not_known_is_a_third_of_the_answers_at_most() -> None:
    """At the items; with the questions around them it is less."""
    answers = [answered(each, id_) for each in VIGNETTES for id_ in ITEMS]

    assert answers.count("not-known") * 3 <= len(answers)


def test_there_are_cases_of_each_kind_that_a_course_needs() -> None:
    """Thirty; six of which little is wrong, six reviews, and two at least of what is easily thought of as somebody else's."""
    little = [each.id for each in VIGNETTES if answered(each, "judgement") != "yes" and each.key.category < 3]
    themes = Counter(theme for each in VIGNETTES for theme in each.themes)

    assert len(VIGNETTES) >= 30
    assert len(little) >= 6
    assert themes[Theme.REVIEW] >= 6
    twice = (Theme.CRIMINAL, Theme.TRUST, Theme.PEER, Theme.BOY, Theme.ONLINE_ONLY, Theme.NOTHING_WRONG)
    assert {theme: themes[theme] for theme in twice if themes[theme] < 2} == {}


def test_the_first_case_that_a_new_person_meets_is_an_easy_one() -> None:
    """Nothing contested, little that is not known, one clear call, and no rule of counting or of windows."""
    first = VIGNETTES[0]

    assert [each.place for each in first.key.keyed if each.is_contested] == []
    assert [answered(first, id_) for id_ in ITEMS].count("not-known") <= 6
    assert answered(first, "judgement") == "yes"
    assert set(first.key.rules) <= {Rule.SUSPICION, Rule.NOT_KNOWN, Rule.TOLD_OR_SEEN}


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_nothing_that_is_read_before_the_story_gives_a_finding_away(vignette: Vignette) -> None:
    """A warning names what is spoken of, found or not; it is worded alike where nothing is wrong."""
    assert vignette.warning.startswith("It speaks of ")
    assert [text for text in (vignette.title, vignette.about, vignette.warning) if TELLING.search(text)] == []


def test_a_warm_home_is_no_answer_to_physical_abuse() -> None:
    """A No rests on words about it, from somebody who looked or from the child: “close” and “warm” speak of the tie."""
    kept = [keyed(each, "V2") for each in VIGNETTES if answered(each, "V2") == "no"]

    assert [each.cites for each in kept if not re.search("hurt|hit|violence", each.cites)] == []


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
