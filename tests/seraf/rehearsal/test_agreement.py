"""Tests of what a group may see: nothing if it is small, never who answered what, and only some unanimous answers."""

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seraf.rehearsal.agreement import (
    OPEN_GROUP,
    SMALLEST_GROUP,
    Compared,
    ComparedAction,
    ComparedPlace,
    Estimate,
    Hidden,
    Interval,
    Numbers,
    Row,
    Spread,
    TooFew,
    Unanimous,
    Undefined,
    Why,
    compare_group,
    differing,
    fewest_answers,
    most_missed,
)
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from tests.support.counts import times

PLAIN = ("yes", "no", "not-known")
KEY = frozenset({"yes"})
FEWEST = fewest_answers(SMALLEST_GROUP)
ITEMS = tuple(ComparedPlace(place, PLAIN, KEY) for place in ("V1", "V2", "V3"))


def rows_of(**columns: str) -> tuple[Row, ...]:
    words = {"y": "yes", "n": "no", "k": "not-known"}
    people = len(next(iter(columns.values())))
    return tuple(
        {place: words[column[person]] for place, column in columns.items() if column[person] != "."}
        for person in range(people)
    )


def shown(rows: tuple[Row, ...], items: tuple[ComparedPlace, ...] = ITEMS) -> Compared:
    found = compare_group(rows, items, actions=(), fewest=SMALLEST_GROUP)
    assert isinstance(found, Compared)
    return found


@st.composite
def groups(draw: st.DrawFn) -> tuple[Row, ...]:
    row = st.dictionaries(st.sampled_from(["V1", "V2", "V3"]), st.sampled_from(PLAIN))
    return tuple(draw(st.lists(row, min_size=5, max_size=9)))


@pytest.mark.parametrize(
    ("fewest", "people"), [(fewest, people) for fewest in (SMALLEST_GROUP, OPEN_GROUP) for people in range(fewest)]
)
def test_of_a_group_below_five_or_ten_there_is_a_count_and_nothing_else(fewest: int, people: int) -> None:
    rows = rows_of(V1="y" * people, V2="n" * people) if people else ()

    assert compare_group(rows, ITEMS, actions=(), fewest=fewest) == TooFew(people, fewest)
    assert [each.name for each in fields(TooFew)] == ["people", "fewest"]


def test_where_ten_are_needed_an_item_needs_nine_answers() -> None:
    """One person who ends early must not hide an item. With fewer answers, people could be recognised."""
    rows = rows_of(V1="yyyyyyyyyn", V2="yyyyyyyyn.", V3="yyyyyyyn..")

    found = compare_group(rows, ITEMS, actions=(), fewest=OPEN_GROUP)

    assert isinstance(found, Compared)
    assert [type(each) for each in found.items] == [Spread, Spread, Hidden]


def test_of_five_people_the_spread_is_shown_in_the_order_of_the_options() -> None:
    found = shown(rows_of(V1="nyyyy", V2="yyykk", V3="yyyyy"))

    assert found.people == 5
    assert found.items == (
        Spread("V1", (("yes", 4), ("no", 1), ("not-known", 0)), missed=1),
        Spread("V2", (("yes", 3), ("no", 0), ("not-known", 2)), missed=2),
        Unanimous("V3", 5, is_missed=False),
    )
    assert found.items[0].people == 5


def test_a_small_group_s_unanimous_answer_is_hidden_except_for_a_missed_key() -> None:
    """Otherwise everybody's answer would be known. It is only shown that all missed the item, not how."""
    no = shown(rows_of(V1="n" * 9, V2="n" * 9, V3="yyyyyyyyn"))
    assert no == shown(rows_of(V1="k" * 9, V2="k" * 9, V3="yyyyyyyyn"))
    assert no.items[0] == Unanimous("V1", 9, is_missed=True)


@pytest.mark.parametrize(("people", "given"), [(OPEN_GROUP - 1, ""), (OPEN_GROUP, "no")])
def test_from_ten_people_it_is_shown_what_all_of_them_answered_who_missed_the_key(people: int, given: str) -> None:
    """The answer is hidden if it is the agreed answer, or if fewer than ten people answered the item."""
    found = shown(rows_of(V1="n" * people, V2="y" * people, V3="n" * 9 + "." * (people - 9)))

    assert found.items == (
        Unanimous("V1", people, is_missed=True, given=given),
        Unanimous("V2", people, is_missed=False),
        Unanimous("V3", 9, is_missed=True),
    )


def test_one_who_ends_early_hides_nothing_from_the_others() -> None:
    """An item with four of five answers counts (mean of 3/5, 1/3 and 1); with three it is in no coefficient."""
    early, two = rows_of(V1="yyyyn", V2="yn.yn", V3="n.nnn"), rows_of(V1="yyyyn", V2="y..yn", V3="yyyyy")
    other = rows_of(V1="yyyyn", V2="n..nn", V3="yyyyy")

    assert shown(early).items[1:] == (
        Spread("V2", (("yes", 2), ("no", 2), ("not-known", 0)), missed=2),
        Unanimous("V3", 4, is_missed=True),
    )
    assert shown(early).numbers.percent == Fraction(64, 100)
    assert shown(two).items[1] == Hidden("V2", 3)
    assert shown(two) == shown(other)


def test_the_most_missed_action_leads_even_if_everybody_agrees() -> None:
    """Items that more than half of the people missed, the highest share first: 6 of 7 before 7 of 10."""
    items = tuple(ComparedPlace(f"V{number}", PLAIN, KEY) for number in range(7))
    columns = ("nnnnnnnyyy", "yyyyynnnnn", "nkkkkkkkky", "yyyyyyyyyy", "yyyyyyyyyn", "nnnnnny...", "nnnnnnnnnn")
    rows = rows_of(**{asked.place: column for asked, column in zip(items, columns, strict=True)})

    found = shown(rows, items)

    assert [each.place for each in most_missed(found)] == ["V6", "V2", "V5", "V0"]
    assert [each.place for each in differing(found)] == ["V1", "V4"]


def test_differing_items_come_first_by_difference_and_equal_ones_in_form_order() -> None:
    items = tuple(ComparedPlace(place, PLAIN, frozenset()) for place in ("V1", "V2", "V3", "V4", "V5"))
    found = shown(rows_of(V1="yyyyn", V2="yyynk", V3="yyyyy", V4="nyyyy", V5="ykkny"), items)

    assert [each.place for each in differing(found)] == ["V5", "V2", "V1", "V4"]
    assert [each.agreed for each in differing(found)] == [*map(Fraction, ("1/5", "3/10", "3/5", "3/5"))]


def done(critical: Critical, given: str, outcome: ActionOutcome) -> tuple[CriticalAction, ...]:
    return (CriticalAction(critical, given, ("4" if critical is Critical.CATEGORY else "yes",), outcome),)


def test_critical_actions_have_a_spread_of_their_own_and_are_in_no_number() -> None:
    """Percent agreement leaves them out. A person who was not asked about an action did not miss it."""
    agreed, less, more, no = ActionOutcome
    danger = [
        done(Critical.DANGER, *each) for each in (("yes", agreed), ("no", less), ("no", less), ("not-known", more))
    ]
    category = [done(Critical.CATEGORY, each, less) for each in ("1-2", "1-2", "2")]
    asked = tuple(
        map(sum, zip([*danger, ()], [*category, *[done(Critical.CATEGORY, "1", no)] * 2], strict=True), [()] * 5)
    )

    found = compare_group(rows_of(V1="yyyyy"), ITEMS[:1], actions=asked, fewest=SMALLEST_GROUP)

    assert isinstance(found, Compared)
    result = {each.critical: each for each in found.actions}
    spread = Spread("danger", (("yes", 1), ("missing", 0), ("not-known", 1), ("no", 2)), missed=2)
    assert list(result) == list(Critical)
    assert result[Critical.DANGER] == ComparedAction(Critical.DANGER, spread, agreed=1, missed=2, over=1)
    assert result[Critical.CATEGORY] == ComparedAction(Critical.CATEGORY, Hidden("category", 3))
    assert found.numbers == Numbers(Fraction(1), Fraction(1), ())


@pytest.mark.parametrize(
    ("people", "missed", "is_missed", "given"),
    [(9, 9, True, ""), (10, 10, True, "no"), (10, 6, True, "no"), (10, 5, False, "")],
)
def test_a_unanimous_critical_action_keeps_to_the_same_groups(
    people: int, missed: int, given: str, *, is_missed: bool
) -> None:
    """Below ten people the result says that more than half missed the action, but not with which answer."""
    outcomes = [ActionOutcome.MISSED] * missed + [ActionOutcome.AGREED] * (people - missed)
    actions = tuple(done(Critical.DANGER, "no", each) for each in outcomes)

    found = compare_group(rows_of(V1="y" * people), ITEMS[:1], actions=actions, fewest=SMALLEST_GROUP)

    assert isinstance(found, Compared)
    assert found.actions[0].done == Unanimous("danger", people, is_missed=is_missed, given=given)
    assert found.actions[0].missed == missed


def test_numbers_are_given_in_hundredths_and_never_rounded_up_to_all() -> None:
    """60 people; one differs at one of 30 items: 99 per cent. If half differ at one item: 98 per cent, and alpha is
    1 − (1,800/59) / (106,200/1,799). Each interval is ± 2.045/30 of what that item adds to a coefficient: 0.265 for
    alpha, 0.525 for AC1. The interval of AC1 ends at 1.
    """
    items = tuple(ComparedPlace(f"V{number}", PLAIN, KEY) for number in range(30))
    columns = {each.place: "y" * 30 + "n" * 30 if each.place == "V0" else "n" * 60 for each in items}
    close = shown(rows_of(**(columns | {"V0": "y" * 60, "V1": "k" + "n" * 59})), items)
    split = shown(rows_of(**columns), items)

    assert close.numbers.percent == Fraction(99, 100)
    assert split.numbers.percent == Fraction(98, 100)
    (scale,) = split.numbers.scales
    assert scale.alpha == Estimate(Fraction(48, 100), Interval(Fraction(47, 100), Fraction(50, 100)))
    assert scale.ac1 == Estimate(Fraction(98, 100), Interval(Fraction(95, 100), Fraction(1)))


def test_alpha_is_undefined_if_all_agree_on_one_response() -> None:
    found = shown(rows_of(V1="y" * 10, V2="y" * 10, V3="y" * 10)).numbers

    assert (found.percent, found.keyed) == (Fraction(1), Fraction(1))
    assert found.scales[0].alpha == Undefined(Why.NOTHING_VARIED)
    assert isinstance(found.scales[0].ac1, Estimate)
    assert found.scales[0].ac1.value == 1


def test_items_with_other_options_are_a_kind_of_their_own_and_small_groups_have_neither() -> None:
    """Chance agreement needs equal options. In small groups alpha and AC1 would reveal a unanimous answer."""
    windows = ComparedPlace("S1", ("current", "earlier", "both", "no", "not-known"), frozenset({"both", "current"}))
    given = ("current", "both", "no", "current", "both", "no", "no", "both", "both", "no")
    rows = tuple(
        {**row, "S1": window}
        for row, window in zip(rows_of(V1="yynynyyyyy", V2="yyyynyyyyy", V3="nnnnynnnnn"), given, strict=True)
    )

    large, small = shown(rows, (*ITEMS, windows)).numbers, shown(rows[:9], (*ITEMS, windows)).numbers

    assert [(each.options, each.items) for each in large.scales] == [(3, 3), (5, 1)]
    assert small.scales == ()
    assert large.keyed == Fraction(8 + 9 + 1 + 6, 40)


def test_below_ten_people_no_number_reveals_a_unanimous_answer() -> None:
    """Two groups that only differ in how all missed an item have equal figures, also if two of eleven ended early."""
    small = [shown(rows_of(V1="yynyn", V2=each * 5, V3="nnnnn")) for each in "nk"]
    large = [shown(rows_of(V1="yynynnyyyyn", V2=each * 9 + "..", V3="n" * 11)) for each in "nk"]

    assert small[0] == small[1]
    assert large[0] == large[1]
    assert [each.items for each in large[0].numbers.scales] == [2]


def test_an_answer_that_was_not_on_offer_is_a_fault_that_does_not_say_the_answer() -> None:
    rows = (*rows_of(V1="yyyy"), {"V1": "perhaps"})

    with pytest.raises(ValueError, match="V1") as caught:
        compare_group(rows, ITEMS, actions=(), fewest=SMALLEST_GROUP)

    assert "perhaps" not in str(caught.value)


@settings(max_examples=times(1_000, 25), deadline=None)
@given(rows=groups(), chance=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(rows: tuple[Row, ...], chance: object) -> None:
    mixed = list(rows)
    getattr(chance, "shuffle")(mixed)  # noqa: B009 - hypothesis gives an object without a public type
    column = [row.get("V1") for row in rows]
    turned = [*column[1:], column[0]]
    crossed = tuple(
        {**{place: each for place, each in row.items() if place != "V1"}, **({"V1": answer} if answer else {})}
        for row, answer in zip(rows, turned, strict=True)
    )

    assert shown(tuple(mixed)) == shown(rows)
    assert shown(crossed) == shown(rows)


@settings(max_examples=times(1_000, 25), deadline=None)
@given(rows=groups())
def test_counts_add_up_and_a_spread_is_shown_only_where_people_differ(rows: tuple[Row, ...]) -> None:
    for asked, outcome in zip(ITEMS, shown(rows).items, strict=True):
        column = [row[asked.place] for row in rows if asked.place in row]

        match outcome:
            case Spread(_, counts, missed):
                assert missed == len(column) - column.count("yes")
                assert len(column) >= FEWEST
                assert len(set(column)) > 1
                assert dict(counts) == {option: column.count(option) for option in PLAIN}
                assert outcome.people == len(column)
            case Unanimous(_, people, is_missed, given):
                assert len(set(column)) == 1
                assert is_missed == (column[0] != "yes")
                assert given == ""
                assert people == len(column) >= FEWEST
            case Hidden(_, people):
                assert people == len(column) < FEWEST
