"""Tests of the shipped vignettes (decision 0032): agreed answers are proven and scored twice, and the set is varied."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from seraf.advice.action_plan import Hour
from seraf.cases.vignette import FirstCall, Keyed, Rule, Theme, Vignette
from seraf.form.vocabulary import Age
from seraf.rehearsal.checking import mistakes
from seraf.rehearsal.critical_actions import keyed_case
from seraf.rehearsal.first_call import card_view, first_step
from tests.support import oracle
from tests.support.pack.saying import grade
from tests.support.shipped import INSTRUMENT, NOON, PACK

VIGNETTES = PACK.vignettes
VIGNETTES_BY_ID = {vignette.id: vignette for vignette in VIGNETTES}
ITEMS = frozenset(oracle.ALL)


def each_vignette() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)


@each_vignette()
def test_every_key_is_proven(vignette: Vignette) -> None:
    assert mistakes(vignette, INSTRUMENT, guidance=PACK.guidance, contacts=PACK.contacts) == ()


@each_vignette()
def test_every_key_scores_as_the_oracle(vignette: Vignette) -> None:
    """The oracle shares no code with the product's scoring, and calculates the stated total and category."""
    given = {each.place: each.answer for each in vignette.key.keyed if each.place in ITEMS}

    found = oracle.scored(vignette.key.age, given, NOON.today)

    assert set(given) == ITEMS
    assert (found["total"], found["category"]) == (vignette.key.total, vignette.key.category)


@each_vignette()
def test_no_story_blames_a_child_outside_quotation_marks(vignette: Vignette) -> None:
    """A quotation may contain blaming words that somebody in the story uses."""
    ours = (vignette.title, vignette.about, vignette.warning, *(part.text for part in vignette.parts))
    reasons = (text for each in vignette.key.keyed for text in (each.because, each.other_because))

    assert [(text, PACK.recording.mirrored(text)) for text in (*ours, *reasons) if PACK.recording.mirrored(text)] == []


def test_a_contested_answer_agrees_with_both_readings_and_no_other() -> None:
    kai = VIGNETTES_BY_ID["kai"].key
    abuse, phone = kai.of("S3"), kai.of("M3")

    assert abuse is not None
    assert phone is not None
    assert (abuse.is_contested, phone.is_contested) == (True, False)
    assert [abuse.agrees(each) for each in ("not-known", "current", "no", "", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [phone.agrees(each) for each in ("yes", "no", "", None)] == [True, False, False, False]


def test_a_place_that_a_vignette_does_not_mention_has_no_key() -> None:
    assert VIGNETTES_BY_ID["kai"].key.of("parents_told") is None


def test_there_are_vignettes_of_every_kind() -> None:
    keys = [vignette.key for vignette in VIGNETTES]

    assert {theme for vignette in VIGNETTES for theme in vignette.themes} == set(Theme)
    assert {rule for key in keys for rule in key.rules} == set(Rule)
    assert {key.age for key in keys} == set(Age)
    assert {key.category for key in keys} == {1, 2, 3, 4}
    assert {key.first_call for key in keys} == set(FirstCall)


def test_themes_that_a_key_can_show_are_shown_by_it() -> None:
    shown = {
        Theme.DRAWS_IN: ("draws_in", "yes"),
        Theme.DISABLED: ("disabled", "yes"),
        Theme.ASYLUM: ("asylum", "yes"),
        Theme.PEER: ("young_exploiter", "yes"),
        Theme.REVIEW: ("stage", "review"),
        Theme.HIGH_CONCERN_LOW_NUMBER: ("judgement", "yes"),
        Theme.NOTHING_WRONG: ("judgement", "no"),
    }
    keyed = [
        (each.id, theme, each.key.of(shown[theme][0])) for each in VIGNETTES for theme in each.themes if theme in shown
    ]

    assert [(name, theme) for name, theme, found in keyed if found is None or found.answer != shown[theme][1]] == []


SOON = {"now", "now,", "now.", "now:", "hour."}
"""The words that stand for a deadline within the hour."""


def test_a_reason_for_a_first_call_names_the_time_of_its_line_on_the_card() -> None:
    """A reason does not hurry a talk that is due by the end of the day, or put off a call that is due now."""
    found = dict[str, str]()
    for each in VIGNETTES:
        facts = card_view(keyed_case(INSTRUMENT, each.key), INSTRUMENT, role="not-known", guidance=PACK.guidance).facts
        step = first_step(PACK.guidance, facts, is_open=True)
        planned = PACK.guidance.advise(facts).planned(hour=Hour(is_open=True))
        (due,) = (line.deadline.id for line in planned if line.title == step.title)
        words, is_soon = set(each.key.first_call_because.split()), due in ("at-once", "call", "hour")
        if (words & {"hour.", "now"} and not is_soon) or ("today" in words and is_soon and not words & SOON):
            found[each.id] = due

    assert found == {}


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
"""For each theme, a test of the answers that its vignettes must have."""


FORM = {item.id: item for item in INSTRUMENT.items}
ALONE = "M12"
"""The one item that depends on where the child lives: with family or carers, a child is never out of touch."""

TELLING = re.compile(r"abus|exploit|groom|nothing|no harm|\bsafe|\bended|in the past|unfounded|control", re.IGNORECASE)
"""Words that would reveal what a vignette is about."""


def keyed(vignette: Vignette, place: str) -> Keyed:
    found = vignette.key.of(place)
    assert found is not None
    return found


def answered(vignette: Vignette, place: str) -> str:
    return keyed(vignette, place).answer


GUESSED = {id_: Counter(answered(each, id_) for each in VIGNETTES).most_common(1)[0] for id_ in FORM}
"""Each item's most common agreed answer over all vignettes, and how often it occurs."""


def test_a_guess_without_reading_is_worse_than_a_coin() -> None:
    """An item's most common answer is right in under 14 of 30 vignettes, and for under 14 items of a vignette."""
    limit = 14 * len(VIGNETTES) / 30

    assert {id_: found for id_, found in GUESSED.items() if found[1] >= limit and id_ != ALONE} == {}
    assert sum(right for _, right in GUESSED.values()) / len(VIGNETTES) < 14


def test_every_item_is_present_and_absent_in_three_vignettes_with_each_answer() -> None:
    """Nobody is right by always or never ticking an item. A significant item also occurs in each period and in both."""
    for id_, item in FORM.items():
        counted = Counter(answered(each, id_) for each in VIGNETTES)

        assert sum(counted[option.id] for option in item.section.options if option.is_present) >= 3, id_
        assert counted["no"] >= 3, id_
        assert id_ == ALONE or counted.keys() == {option.id for option in item.section.options}, id_


def test_there_are_cases_of_each_kind_that_a_course_needs() -> None:
    little = [each.id for each in VIGNETTES if answered(each, "judgement") != "yes" and each.key.category < 3]
    themes = Counter(theme for each in VIGNETTES for theme in each.themes)

    assert len(VIGNETTES) >= 30
    assert len(little) >= 6
    assert themes[Theme.REVIEW] >= 6
    twice = (Theme.CRIMINAL, Theme.TRUST, Theme.PEER, Theme.BOY, Theme.ONLINE_ONLY, Theme.NOTHING_WRONG)
    assert {theme: themes[theme] for theme in twice if themes[theme] < 2} == {}


def test_a_case_in_stages_is_there_for_every_kind_of_harm_and_for_none() -> None:
    staged = [each for each in VIGNETTES if each.stages]
    kinds = {Theme.MISSING, Theme.ONLINE_ONLY, Theme.PEER, Theme.CRIMINAL, Theme.ASYLUM, Theme.PARENT_FACILITATES}
    kinds |= {Theme.DISABLED, Theme.CARE_LEAVER, Theme.NOTHING_WRONG}

    assert kinds <= {theme for each in staged for theme in each.themes}
    assert Age.UNDER_13 in {each.key.age for each in staged}


def test_the_first_case_that_a_new_person_meets_is_an_easy_one() -> None:
    first = VIGNETTES[0]

    assert [each.place for each in first.key.keyed if each.is_contested] == []
    assert [answered(first, id_) for id_ in FORM].count("not-known") <= 6
    assert answered(first, "judgement") == "yes"
    assert set(first.key.rules) <= {Rule.SUSPICION, Rule.NOT_KNOWN, Rule.TOLD_OR_SEEN}


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_nothing_that_is_read_before_the_story_gives_a_finding_away(vignette: Vignette) -> None:
    """The warning names the topic, but not whether the child is harmed."""
    assert vignette.warning.startswith("It speaks of ")
    assert [text for text in (vignette.title, vignette.about, vignette.warning) if TELLING.search(text)] == []


def test_a_warm_home_does_not_answer_physical_abuse() -> None:
    """“Close” and “warm” only describe the relationship. A No needs words of the child or of an observer."""
    kept = [keyed(each, "V2") for each in VIGNETTES if answered(each, "V2") == "no"]

    assert [each.cites for each in kept if not re.search("hurt|hit|violence", each.cites)] == []


@pytest.mark.parametrize("theme", CLAIMS, ids=str)
def test_a_theme_matches_its_key(theme: Theme) -> None:
    picked = [each for each in VIGNETTES if theme in each.themes]

    assert picked != []
    assert [each.id for each in picked if not CLAIMS[theme](each)] == []


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_every_vignette_and_its_reasons_are_in_plain_words(vignette: Vignette) -> None:
    """Flesch–Kincaid grade 8 at most, for the story and for all reasons of its agreed answers."""
    reasons = "\n".join(text for each in vignette.key.keyed for text in (each.because, each.other_because) if text)

    assert max(grade(vignette.text), grade(reasons)) <= 8
