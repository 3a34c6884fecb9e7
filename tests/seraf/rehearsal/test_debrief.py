"""A rehearsal beside its key: what agrees, what moved the category, what was missed, and what is only talked over."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction, keyed_case
from seraf.rehearsal.debrief import Debrief, Difference, debrief, missed_at
from tests.support.pack.made_up import ROBIN
from tests.support.shipped import INSTRUMENT, PACK

KEYED = keyed_case(INSTRUMENT, ROBIN.key)
ITEMS = 30
"""What is counted: the items alone."""


def answered(changes: Mapping[str, str], **answers: str) -> Case:
    """The key's case with some answers changed; an empty one is taken away."""
    responses = {**dict(KEYED.responses), **changes}
    kept = {place: answer for place, answer in responses.items() if answer}
    return replace(KEYED, responses=Responses.of(kept), answers={**KEYED.answers, **answers})


def outcome(found: Debrief, critical: Critical) -> ActionOutcome:
    """How a critical action came out."""
    return next(each.outcome for each in found.critical if each.critical is critical)


def places(found: Debrief) -> list[str]:
    """The places of the differences, in order."""
    return [each.keyed.place for each in found.differences]


def test_the_key_agrees_with_itself() -> None:
    """Nothing is missed, and the contested place is only talked over."""
    found = debrief(PACK, ROBIN.key, case=KEYED, first_call=FirstCall.ART)

    assert (found.agreed, found.of, found.differences, found.missed) == (ITEMS, ITEMS, (), ())
    assert found.met == (Rule.LOOK_BACK, Rule.SUSPICION, Rule.JUDGEMENT)
    assert [each.keyed.place for each in found.talked_over] == ["V4"]
    assert (found.slips, found.asked) == ((), 5)


@pytest.mark.parametrize("key", [each.key for each in PACK.vignettes], ids=[each.id for each in PACK.vignettes])
def test_whoever_answers_as_a_shipped_key_does_has_met_every_rule_of_it(key: AgreedKey) -> None:
    """All that it is for, and nothing to learn."""
    found = debrief(PACK, key, case=keyed_case(INSTRUMENT, key), first_call=key.first_call)

    assert found.met == tuple(rule for rule in Rule if rule in key.rules)
    assert (found.missed, found.differences, found.slips, found.left_out) == ((), (), (), 0)


def test_a_whole_rehearsal_beside_its_key() -> None:
    """The quarrel is read the other way, the nights away are denied, and it is not sure that nobody was told.

    The key comes to 6 (S1 five, S4 one), Category 2; what was answered to 2 (V1, S4), Category 1.
    """
    case = answered({"V4": "no", "V1": "yes", "S1": "no"}, told_or_seen="not-known")

    found = debrief(PACK, ROBIN.key, case=case, first_call=FirstCall.ART)

    agreed, missed, more, _ = ActionOutcome
    at = {each.place: each for each in ROBIN.key.keyed}
    assert found == Debrief(
        critical=(
            CriticalAction(Critical.DANGER, "no", ("no",), agreed),
            CriticalAction(Critical.TOLD_OR_SEEN, "not-known", ("no",), more),
            CriticalAction(Critical.JUDGEMENT, "yes", ("yes",), agreed),
            CriticalAction(Critical.FIRST_CALL, "art", ("art",), agreed),
            CriticalAction(Critical.CATEGORY, "1", ("2",), missed),
        ),
        agreed=ITEMS - 2,
        of=ITEMS,
        left_out=0,
        differences=(Difference(at["S1"], "no", moves=True), Difference(at["V1"], "yes", moves=False)),
        talked_over=(Difference(at["V4"], "no", moves=False),),
        met=(Rule.LOOK_BACK, Rule.JUDGEMENT),
        missed=(Rule.SUSPICION,),
        pressing="",
    )


def test_both_readings_of_a_contested_place_agree() -> None:
    """Neither is wrong, even where the category is another."""
    found = debrief(PACK, ROBIN.key, case=answered({"V4": "no"}), first_call=FirstCall.ART)

    assert (found.agreed, found.differences) == (ITEMS, ())
    assert found.talked_over[0].given == "no"


def test_a_third_reading_of_a_contested_place_is_a_difference() -> None:
    """Not known is neither of the two."""
    found = debrief(PACK, ROBIN.key, case=answered({"V4": "not-known"}), first_call=FirstCall.ART)

    assert places(found) == ["V4"]
    assert found.talked_over == ()


def test_what_moved_the_category_comes_first() -> None:
    """Five points less make another category; one point more does not."""
    found = debrief(PACK, ROBIN.key, case=answered({"V1": "yes", "S1": "no"}), first_call=FirstCall.ART)

    assert places(found) == ["S1", "V1"]
    assert (found.agreed, found.of) == (ITEMS - 2, ITEMS)
    assert [each.moves for each in found.differences] == [True, False]
    assert outcome(found, Critical.CATEGORY) is ActionOutcome.MISSED


def test_of_what_did_not_move_the_category_a_denied_sign_comes_first_and_caution_last() -> None:
    """Whatever their order on the form, at items and at questions; what is not known and was denied is no sign."""
    changed = {"V2": "not-known", "M11": "yes"}
    keyed = tuple(replace(each, answer=changed.get(each.place, each.answer)) for each in ROBIN.key.keyed)
    asked = (Keyed("online", "no", "There is no phone."), Keyed("allocated", "yes", "The team rang."))
    case = answered(
        {"V1": "not-known", "V2": "no", "V3": "yes", "M11": "no"}, online="not-known", allocated="not-known"
    )

    found = debrief(PACK, replace(ROBIN.key, keyed=(*keyed, *asked)), case=case, first_call=FirstCall.ART)

    assert places(found) == ["M11", "V2", "V3", "allocated", "V1", "online"]
    assert not any(each.moves for each in found.differences)


def test_an_answer_that_a_board_adds_points_for_moves_the_category() -> None:
    """Five points for a child without a school: 12 by the key, 7 by what was answered."""
    alone = Condition((("no_school", frozenset({"yes"})),))
    board = replace(INSTRUMENT, additions=(*INSTRUMENT.additions, Addition("alone", "No school", 5, alone, "ours")))
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("no_school", "yes", "Robin has no school.")))

    found = debrief(replace(PACK, instrument=board), key, case=answered({}, no_school="no"), first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given, each.moves) for each in found.differences] == [("no_school", "no", True)]


def test_a_range_is_not_the_same_as_its_lowest_category() -> None:
    """What is not known could make it more: that is a difference in the category too."""
    found = debrief(PACK, ROBIN.key, case=answered({"S7": "not-known"}), first_call=FirstCall.ART)

    assert outcome(found, Critical.CATEGORY) is ActionOutcome.OVER_PROTECTIVE
    assert found.differences[0].moves


def test_what_was_not_asked_is_no_difference_and_misses_no_rule() -> None:
    """Silence is counted as nothing: not among the items, not at a critical action, and no category is held against it."""
    found = debrief(PACK, ROBIN.key, case=answered({"V2": "", "S1": "", "S4": ""}), first_call=None)

    assert (found.differences, found.agreed, found.of, found.left_out) == ((), ITEMS - 3, ITEMS - 3, 3)
    assert (found.slips, found.asked, found.missed) == ((), 3, ())


def test_a_rule_is_missed_where_any_place_that_practises_it_was() -> None:
    """The others are met; a rule that the key does not practise is neither."""
    found = debrief(PACK, ROBIN.key, case=answered({"S4": "current"}, judgement="no"), first_call=None)

    assert found.missed == (Rule.LOOK_BACK, Rule.JUDGEMENT)
    assert found.met == (Rule.SUSPICION,)
    assert found.slips == (Critical.JUDGEMENT,)


def test_the_readings_that_were_taken_count_for_the_category_and_the_first_call() -> None:
    """Neither reading of a contested place is wrong, nor is what follows from it."""
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, other="no", other_because="It may be nothing.") if each.place in ("S1", "judgement") else each
            for each in ROBIN.key.keyed
        ),
    )

    found = debrief(PACK, key, case=answered({"S1": "no"}, judgement="no"), first_call=FirstCall.LEAD)

    assert (found.agreed, found.slips) == (ITEMS, ())


def test_a_wrong_age_is_a_difference_and_misses_the_rule_for_a_child_under_13() -> None:
    """It takes the five points away though every item is answered as the key has it."""
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given, each.moves) for each in found.differences] == [("age", "13-15", True)]
    assert found.differences[0].keyed == Keyed("age", "under-13", "", rules=(Rule.UNDER_13,))
    assert Rule.UNDER_13 in found.missed
    assert found.slips == (Critical.CATEGORY,)


def test_an_addition_that_is_reached_all_the_same_is_not_missed() -> None:
    """A window that was read wrongly is another rule's; where all is denied that would have brought it, it is missed."""
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))
    young = replace(KEYED, age=Age.UNDER_13)
    wrong_window = replace(
        young, responses=young.responses.give("S4", "current"), answers={**young.answers, "age": "under-13"}
    )
    denied = replace(wrong_window, responses=wrong_window.responses.give("S1", "no").give("S4", "no"))

    assert debrief(PACK, key, case=wrong_window, first_call=FirstCall.ART).missed == (Rule.LOOK_BACK,)
    assert debrief(PACK, key, case=denied, first_call=FirstCall.ART).missed == (Rule.UNDER_13, Rule.SUSPICION)


def test_whoever_ticks_nothing_has_kept_no_rule_of_the_items() -> None:
    """A right “no” among nothing but “no” puts nothing to the test."""
    blank = answered({item.id: "no" for item in INSTRUMENT.items}, judgement="no")
    key = replace(
        ROBIN.key,
        keyed=tuple(replace(each, rules=(Rule.LOOK_BACK,)) if each.place == "V1" else each for each in ROBIN.key.keyed),
    )

    assert debrief(PACK, key, case=blank, first_call=None).met == ()
    assert debrief(PACK, key, case=blank, first_call=None).missed == (Rule.SUSPICION, Rule.JUDGEMENT)
    assert Rule.LOOK_BACK in debrief(PACK, key, case=KEYED, first_call=None).met


def test_a_rule_of_a_question_is_kept_without_a_single_tick() -> None:
    """The key's judgement is one that nobody comes to by ticking nothing."""
    blank = answered({item.id: "no" for item in INSTRUMENT.items})

    assert debrief(PACK, ROBIN.key, case=blank, first_call=None).met == (Rule.JUDGEMENT,)


def test_an_age_in_the_key_counts_as_an_age() -> None:
    """Under 13 adds five points with a significant indicator, so the wrong band moves the category."""
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("age", "under-13", "Ten years old.")), age=Age.UNDER_13)

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("age", True)]


def test_a_critical_action_is_said_once_and_a_rule_is_not_missed_by_protecting_more() -> None:
    """It leads, so it is no difference as well; and who takes a hint for told is not told of a rule that they missed."""
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, rules=(Rule.TOLD_OR_SEEN,)) if each.place == "told_or_seen" else each
            for each in ROBIN.key.keyed
        ),
    )

    found = debrief(PACK, key, case=answered({}, judgement="no", told_or_seen="yes"), first_call=FirstCall.ART)

    assert found.differences == ()
    assert found.missed == (Rule.JUDGEMENT,)
    assert outcome(found, Critical.TOLD_OR_SEEN) is ActionOutcome.OVER_PROTECTIVE


ITEM, WINDOW = ("yes", "no", "not-known"), ("current", "recent", "both", "no", "not-known")
"""What can be answered at a place with one window, and with two."""


@pytest.mark.parametrize(
    ("rule", "place", "answer", "options", "missing"),
    [
        (Rule.BOTH_COLUMNS, "S1", "both", WINDOW, {"current", "recent"}),
        (Rule.LOOK_BACK, "S1", "recent", WINDOW, {"current", "both"}),
        (Rule.LOOK_BACK, "S1", "no", WINDOW, {"current", "recent", "both"}),
        (Rule.LOOK_BACK, "M1", "yes", ITEM, {"no"}),
        (Rule.LOOK_BACK, "M1", "no", ITEM, {"yes"}),
        (Rule.FAMILY, "S1", "no", WINDOW, {"current", "recent", "both"}),
        (Rule.NOT_KNOWN, "M1", "not-known", ITEM, {"no"}),
        (Rule.NOT_KNOWN, "allocated", "not-known", ITEM, {"no"}),
        (Rule.DISCUSSION, "S1", "current", WINDOW, {"no", "not-known"}),
        (Rule.SUSPICION, "S1", "recent", WINDOW, {"no", "not-known"}),
        (Rule.OTHER_HARM, "V1", "yes", ITEM, {"no", "not-known"}),
        (Rule.TOLD_OR_SEEN, "told_or_seen", "yes", ITEM, {"no", "not-known"}),
        (Rule.TOLD_OR_SEEN, "told_or_seen", "not-known", ITEM, {"no"}),
        (Rule.JUDGEMENT, "judgement", "yes", ("yes", "no", "not-sure"), {"no", "not-sure"}),
        # by the age or by the whole case, and by no sign alone
        (Rule.UNDER_13, "age", "under-13", ("under-13", "13-15", "not-known"), {"13-15", "not-known"}),
        (Rule.UNDER_13, "S1", "current", WINDOW, set()),
    ],
)
def test_a_rule_is_missed_by_what_somebody_answers_who_does_not_know_it(
    rule: Rule, place: str, answer: str, options: tuple[str, ...], missing: set[str]
) -> None:
    """And by no other answer, nor by the key's, nor by none."""
    keyed = Keyed(place, answer, "So it is.", rules=(rule,))

    found = {given for given in (*options, None) if missed_at(keyed, given, instrument=INSTRUMENT) == (rule,)}

    assert found == missing
