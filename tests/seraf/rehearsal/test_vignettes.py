"""The shipped vignettes: every key is proven, scored a second time, and all of them together are varied."""

import pytest

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import FirstCall, Rule, Theme, Vignette
from seraf.form.vocabulary import Age
from seraf.rehearsal.checking import mistakes
from tests.support import oracle
from tests.support.shipped import INSTRUMENT, NOON, PACK

VIGNETTES = PACK.vignettes
VIGNETTES_BY_ID = {vignette.id: vignette for vignette in VIGNETTES}
ITEMS = frozenset(oracle.ALL)


def each_vignette() -> pytest.MarkDecorator:
    """Every shipped vignette, one at a time."""
    return pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)


@each_vignette()
def test_every_key_is_proven(vignette: Vignette) -> None:
    """Whole, cited word for word, scored as stated, with steps and a first call that follow, and rules that are practised."""
    assert mistakes(vignette, INSTRUMENT, guidance=PACK.guidance) == ()


@each_vignette()
def test_every_key_comes_to_what_a_second_hand_makes_of_it(vignette: Vignette) -> None:
    """The oracle, which knows nothing of the product's scoring, gives the stated total and category."""
    given = {each.place: each.answer for each in vignette.key.keyed if each.place in ITEMS}

    found = oracle.scored(vignette.key.age, given, NOON.today)

    assert set(given) == ITEMS
    assert (found["total"], found["category"]) == (vignette.key.total, vignette.key.category)


@each_vignette()
def test_nothing_that_is_told_blames_a_child_outside_quotation_marks(vignette: Vignette) -> None:
    """The pack's own mirror finds nothing in what we tell and teach; somebody's own words stand between marks."""
    ours = (vignette.title, vignette.about, vignette.warning, *(part.text for part in vignette.parts))
    reasons = (text for each in vignette.key.keyed for text in (each.because, each.other_because))

    assert [(text, PACK.recording.mirrored(text)) for text in (*ours, *reasons) if PACK.recording.mirrored(text)] == []


def test_a_contested_answer_agrees_with_both_readings_and_no_other() -> None:
    """Neither reading is ever marked wrong; nothing, and anything else, does not agree."""
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


def test_what_a_vignette_says_nothing_of_has_no_key() -> None:
    """Such as whether the parents were told."""
    assert VIGNETTES_BY_ID["kai"].key.of("parents_told") is None


def test_there_are_vignettes_of_every_kind() -> None:
    """Every theme, rule, age band, category and first call is in one of them at least."""
    keys = [vignette.key for vignette in VIGNETTES]

    assert {theme for vignette in VIGNETTES for theme in vignette.themes} == set(Theme)
    assert {rule for key in keys for rule in key.rules} == set(Rule)
    assert {key.age for key in keys} == set(Age)
    assert {key.category for key in keys} == {1, 2, 3, 4}
    assert {key.first_call for key in keys} == set(FirstCall)


def test_boys_and_girls_are_told_of_alike() -> None:
    """Each vignette is about one of them, and a third at least is about each."""
    boys, girls = (sum(theme in vignette.themes for vignette in VIGNETTES) for theme in (Theme.BOY, Theme.GIRL))

    assert boys + girls == len(VIGNETTES)
    assert min(boys, girls) * 3 >= len(VIGNETTES)


def test_themes_that_a_key_can_show_are_shown_by_it() -> None:
    """A child who draws others in, is disabled, missing or alone here is keyed so, and nothing wrong is judged so."""
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


def test_experts_may_differ_in_more_than_a_few_places() -> None:
    """What is taught as a discussion is in ten vignettes at least, at items and at questions."""
    contested = [
        (vignette.id, each.place) for vignette in VIGNETTES for each in vignette.key.keyed if each.is_contested
    ]

    assert len({name for name, _ in contested}) >= 10
    assert {place in ITEMS for _, place in contested} == {True, False}


def test_no_reason_for_a_first_call_lets_anybody_wait_longer_than_the_result_does() -> None:
    """“Today” alone is said only where today is soon enough by the leads of the pack."""
    items = frozenset(item.id for item in INSTRUMENT.items)
    presses = {
        each.key.first_call_because
        for each in PACK.vignettes
        if CaseView(INSTRUMENT, each.key.case(items)).advice(PACK.guidance).leads[0].urgency > Urgency.TODAY
    }

    assert len(presses) > 20
    assert [
        each for each in presses if "today" in each and not {"now", "now,", "now.", "hour."} & {*each.split()}
    ] == []


def test_no_two_vignettes_have_one_title() -> None:
    """A title is what somebody picks by."""
    titles = [vignette.title for vignette in VIGNETTES]

    assert len(set(titles)) == len(titles)
