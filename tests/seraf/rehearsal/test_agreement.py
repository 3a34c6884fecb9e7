"""What a group may be shown: nothing of a small one, nothing of what all answered alike, and never who answered what."""

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seraf.cases.vignette import FirstCall
from seraf.rehearsal.agreement import (
    SMALLEST_GROUP,
    Compared,
    ComparedPlace,
    Hidden,
    Row,
    Spread,
    TooFew,
    Unanimous,
    compare_group,
    differing,
)
from seraf.rehearsal.coefficients import Numbers, Undefined, Why
from tests.support.counts import times

PLAIN = ("yes", "no", "not-known")
ITEMS = tuple(ComparedPlace(place, PLAIN) for place in ("V1", "V2", "V3"))
JUDGEMENT = ComparedPlace("judgement", ("yes", "not-sure", "no"))
FIRST_CALL = ComparedPlace("first-call", tuple(FirstCall))


def rows_of(**columns: str) -> tuple[Row, ...]:
    """One row a person from a column a place: y, n and k for yes, no and not known, a dot for no answer."""
    words = {"y": "yes", "n": "no", "k": "not-known"}
    people = len(next(iter(columns.values())))
    return tuple(
        {place: words[column[person]] for place, column in columns.items() if column[person] != "."}
        for person in range(people)
    )


def shown(rows: tuple[Row, ...], items: tuple[ComparedPlace, ...] = ITEMS) -> Compared:
    """What is shown of a group that is large enough."""
    found = compare_group(rows, items, beside=())
    assert isinstance(found, Compared)
    return found


@st.composite
def groups(draw: st.DrawFn) -> tuple[Row, ...]:
    """Between five and nine people, some of whom leave some items out."""
    row = st.dictionaries(st.sampled_from(["V1", "V2", "V3"]), st.sampled_from(PLAIN))
    return tuple(draw(st.lists(row, min_size=5, max_size=9)))


@pytest.mark.parametrize("people", range(SMALLEST_GROUP))
def test_of_a_group_below_five_there_is_a_count_and_nothing_else(people: int) -> None:
    """The value could not hold a spread if it wanted to."""
    found = compare_group(rows_of(V1="y" * people, V2="n" * people) if people else (), ITEMS, beside=(JUDGEMENT,))

    assert found == TooFew(people)
    assert [each.name for each in fields(TooFew)] == ["people"]


def test_of_five_people_the_spread_is_shown_in_the_order_of_the_options() -> None:
    """With an option that nobody gave, and with a count of one, which is what a room is for."""
    found = shown(rows_of(V1="nyyyy", V2="yyykk", V3="yyyyy"))

    assert found.people == 5
    assert found.items == (
        Spread("V1", (("yes", 4), ("no", 1), ("not-known", 0))),
        Spread("V2", (("yes", 3), ("no", 0), ("not-known", 2))),
        Unanimous("V3", 5),
    )
    assert found.items[0].people == 5


def test_what_all_answered_alike_is_not_said_since_it_is_the_response_of_each() -> None:
    """Two groups that agree on opposite things cannot be told apart."""
    yes, no = shown(rows_of(V1="yyyyy", V2="yyyyy", V3="nnnnn")), shown(rows_of(V1="nnnnn", V2="nnnnn", V3="yyyyy"))

    assert yes == no
    assert [each.name for each in fields(Unanimous)] == ["place", "people"]


def test_an_item_that_too_few_answered_is_hidden_and_in_no_number() -> None:
    """Five finished and four of them answered it: whether they differed cannot be read from the numbers either."""
    differ, agree = rows_of(V1="yyyyn", V2="yn.yn"), rows_of(V1="yyyyn", V2="yy.yy")

    assert shown(differ) == shown(agree)
    assert shown(differ).items[1:] == (Hidden("V2", 4), Hidden("V3", 0))


def test_items_that_differ_come_most_different_first_and_alike_ones_in_the_order_of_the_form() -> None:
    """By the share of pairs who gave the same response."""
    items = tuple(ComparedPlace(place, PLAIN) for place in ("V1", "V2", "V3", "V4", "V5"))
    found = shown(rows_of(V1="yyyyn", V2="yyynk", V3="yyyyy", V4="nyyyy", V5="ykkny"), items)

    assert [each.place for each in differing(found)] == ["V5", "V2", "V1", "V4"]
    assert [each.agreed for each in differing(found)] == [*map(Fraction, ("1/5", "3/10", "3/5", "3/5"))]


def test_judgement_and_first_call_have_a_spread_and_are_in_no_number() -> None:
    """They are asked beside the items."""
    rows = tuple(
        {"V1": "yes", "judgement": judgement, "first-call": call}
        for judgement, call in zip(
            ("yes", "yes", "no", "not-sure", "yes"), ("art", "art", "lead", "art", "nobody"), strict=True
        )
    )

    found = compare_group(rows, ITEMS[:1], beside=(JUDGEMENT, FIRST_CALL))

    assert isinstance(found, Compared)
    assert found.beside[0] == Spread("judgement", (("yes", 3), ("not-sure", 1), ("no", 1)))
    assert [pair for pair in getattr(found.beside[1], "counts", ()) if pair[1]] == [
        (FirstCall.ART, 3),
        (FirstCall.LEAD, 1),
        (FirstCall.NOBODY, 1),
    ]
    assert found.numbers.percent == 1
    assert differing(found) == ()


def test_numbers_are_given_in_hundredths_and_never_rounded_up_to_all() -> None:
    """Sixty people, of whom one differs at one of thirty items: 99 per cent, since there is a difference.

    Half of them at one item: 98 per cent, alpha 1 − (1,800/59) / (106,200/1,799), though they agree on 29 items.
    """
    items = tuple(ComparedPlace(f"V{number}", PLAIN) for number in range(30))
    columns = {each.place: "y" * 30 + "n" * 30 if each.place == "V0" else "n" * 60 for each in items}
    close = shown(rows_of(**(columns | {"V0": "y" * 60, "V1": "k" + "n" * 59})), items)
    split = shown(rows_of(**columns), items)

    assert close.numbers.percent == Fraction(99, 100)
    assert split.numbers.percent == Fraction(98, 100)
    assert split.numbers.alpha == Fraction(48, 100)


def test_where_all_agree_on_one_response_everywhere_alpha_says_that_there_is_none() -> None:
    """And the other two are whole."""
    found = shown(rows_of(V1="yyyyy", V2="yyyyy", V3="yyyyy")).numbers

    assert found == Numbers(Fraction(1), Undefined(Why.NOTHING_VARIED), Fraction(1))


def test_items_with_other_options_are_a_scale_of_their_own() -> None:
    """A window can never be given where only yes and no are on offer. Worked by hand.

    Like pairs: 4, 6, 6 and 2 of 10. Unlike pairs weigh 3 + 2 + 2 and 4; by chance 8 and 4. Gwet's chance: 56/225 three
    times and 4/25 once, so 17/75.
    """
    windows = ComparedPlace("S1", ("current", "earlier", "both", "no", "not-known"))
    rows = tuple(
        {**row, "S1": window}
        for row, window in zip(
            rows_of(V1="yynyn", V2="yyyyn", V3="nnnny"), ("current", "both", "no", "current", "both"), strict=True
        )
    )

    found = shown(rows, (*ITEMS, windows)).numbers

    assert found == Numbers(Fraction(45, 100), Fraction(8, 100), Fraction(29, 100))


def test_an_answer_that_was_not_on_offer_is_a_fault_that_does_not_say_the_answer() -> None:
    """A room has one instrument from beginning to end."""
    rows = (*rows_of(V1="yyyy"), {"V1": "perhaps"})

    with pytest.raises(ValueError, match="V1") as caught:
        compare_group(rows, ITEMS, beside=())

    assert "perhaps" not in str(caught.value)


@settings(max_examples=times(1_000, 60), deadline=None)
@given(rows=groups(), lot=st.randoms(use_true_random=False))
def test_who_came_first_changes_nothing(rows: tuple[Row, ...], lot: object) -> None:
    """What is shown is the same whoever gave which row, and whatever else one person answered."""
    mixed = list(rows)
    getattr(lot, "shuffle")(mixed)  # noqa: B009 - hypothesis gives an object without a public type
    column = [row.get("V1") for row in rows]
    turned = [*column[1:], column[0]]
    crossed = tuple(
        {**{place: each for place, each in row.items() if place != "V1"}, **({"V1": answer} if answer else {})}
        for row, answer in zip(rows, turned, strict=True)
    )

    assert shown(tuple(mixed)) == shown(rows)
    assert shown(crossed) == shown(rows)


@settings(max_examples=times(1_000, 60), deadline=None)
@given(rows=groups())
def test_counts_add_up_and_a_spread_is_shown_only_where_five_people_differ(rows: tuple[Row, ...]) -> None:
    """Each place is one of the three kinds, and the counts are those of a plain count."""
    for asked, outcome in zip(ITEMS, shown(rows).items, strict=True):
        column = [row[asked.place] for row in rows if asked.place in row]

        match outcome:
            case Spread(_, counts):
                assert len(column) >= SMALLEST_GROUP
                assert len(set(column)) > 1
                assert dict(counts) == {option: column.count(option) for option in PLAIN}
                assert outcome.people == len(column)
            case Unanimous(_, people):
                assert len(set(column)) == 1
                assert people == len(column) >= SMALLEST_GROUP
            case Hidden(_, people):
                assert people == len(column) < SMALLEST_GROUP


@settings(max_examples=times(500, 40), deadline=None)
@given(rows=groups())
def test_the_most_different_come_first(rows: tuple[Row, ...]) -> None:
    """And nothing that is alike or hidden is among them."""
    found = differing(shown(rows))

    assert [each.agreed for each in found] == sorted(each.agreed for each in found)
    assert all(each.agreed < 1 for each in found)
