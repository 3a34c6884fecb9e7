"""The report of a room in words: what stands in it, in which order, and that the text says what the pictures say."""

from dataclasses import replace
from fractions import Fraction

import pytest

from dialogs.rehearsal.core.room_views import Ended
from dialogs.rehearsal.together.report import Mark, Report, map_alt, map_lines, mapped, report_legend, report_lines
from dialogs.rehearsal.together.room_report import BESIDE, FIRST_CALL, JUDGEMENT, asked_of, report
from seraf.cases.vignette import FirstCall, Rule, Vignette
from seraf.form.vocabulary import FACT_WORDS
from seraf.rehearsal.agreement import SMALLEST_GROUP, Compared, Row, compare_group
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK, WORDING
from tests.support.talk.rooms import CITED, DAY, VIGNETTE, differing_at, drawn_rows, keyed_row, report_of, room_of

ALIKE = tuple(keyed_row() for _ in range(6))
"""Six people who read it as the key does."""


def text_of(told: Report) -> str:
    """All of its lines."""
    return "\n".join(report_lines(told, WORDING))


def test_of_a_small_group_it_says_how_many_and_why_there_is_no_more() -> None:
    """No rows, no numbers, no key: four people are told that they are too few, and can talk all the same."""
    told = report_of(differing_at(4, {"S1": "no"}), joined=6)

    assert report_lines(told, WORDING) == (
        "REHEARSAL — not a real child",
        "Two telephones",
        "Rehearsed on 4 March 2026.",
        "4 of 6 people finished.",
        "In a group of fewer than five, no answers are shown.",
        *told.closing,
    )
    assert len(told.closing) == 3
    assert map_alt(told, WORDING) == told.notes[0]


def test_an_item_at_which_people_differ_comes_with_its_key_its_sentence_and_something_to_talk_about() -> None:
    """In this order, and nothing of the items at which they do not differ."""
    told = report_of(differing_at(8, {"S1": "current"}), joined=9)

    assert report_lines(told, WORDING)[3:10] == (
        "8 of 9 people finished.",
        "At 29 of 30 items everyone gave the same answer. That answer is hidden, because it would show what each"
        " person said.",
        "Counts only: nothing here says who gave which answer.",
        "24. Missing overnight: Past 6 months 1, 6–12 months ago 0, Both 7 (model answer), Not in 12 months 0, Not known 0."
        " 8 answered.",
        "Model answer: Both. Twice this spring, and once last autumn.",
        f"In the case: “{CITED}”",
        "To talk about: Did it happen in both periods? What does the form add when it did?",
    )
    assert [row.title for row in told.rows] == ["24. Missing overnight"]


def test_a_contested_item_has_both_readings_and_neither_is_wrong() -> None:
    """The other reading is marked in the picture, and its reason is given."""
    (row,) = report_of(differing_at(5, {"S5": "no"})).rows

    assert [(cell.label, cell.mark) for cell in row.cells if cell.mark] == [
        ("Not in 12 months", Mark.OTHER),
        ("Not known", Mark.KEY),
    ]
    assert row.reading.other == "One could also read it as Not in 12 months: Her aunt saw nothing new."
    assert row.prompt == "To talk about: Both readings can be right. What would you have to find out to settle it?"
    assert "Not in 12 months 1 (the other reading), Not known 4 (model answer)" in text_of(
        report_of(ALIKE[:4] + differing_at(1, {"S5": "no"}))
    )


def test_the_same_thing_to_talk_about_is_asked_once() -> None:
    """The next item gets another, or none."""
    told = report_of(differing_at(6, {"V1": "yes", "V2": "yes", "M3": "no", "S2": "no"}))
    prompts = {row.title.split(".")[0]: row.prompt for row in told.rows}

    assert prompts["1"].endswith("Which words of the case led you to your answer?")
    assert prompts["2"] == ""
    assert prompts["14"].endswith("Did anyone wait for proof? What is there to suspect?")
    assert "from outside the family" in prompts["25"]


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_something_to_talk_about(rule: Rule) -> None:
    """A rule that is new needs a question."""
    assert WORDING.say(f"rehearsal-report.prompt.{rule}").endswith("?")


def test_what_all_answered_alike_is_in_no_line() -> None:
    """Two rooms that agree on opposite things have the same report, but for the numbers, which are the same here."""
    other = {**keyed_row(), "S1": "no", "S2": "both", "M3": "no", "judgement": "no", "first-call": "nobody"}
    turned = report_of(tuple(other for _ in range(6)))
    told = report_of(ALIKE)

    assert told == turned
    assert "everyone gave the same answer" in told.notes[0]
    assert [(aside.row, aside.words) for aside in told.asides] == [
        (None, "Everyone who answered gave the same answer. It is hidden.")
    ] * 2


def test_judgement_and_first_call_come_with_their_spread_and_the_key() -> None:
    """In words, in the order in which they are offered."""
    told = report_of(differing_at(7, {"judgement": "not-sure", "first-call": FirstCall.LEAD}))
    judgement, call = told.asides

    assert judgement.row is not None
    assert [(cell.label, cell.people) for cell in judgement.row.cells] == [("Yes", 6), ("Not sure", 1), ("No", 0)]
    assert judgement.reading.cites == f"In the case: “{CITED}”"
    assert call.row is not None
    assert [(cell.label, cell.people) for cell in call.row.cells if cell.people] == [
        ("ART (or EDT)", 6),
        ("Manager or lead", 1),
    ]
    assert call.reading.key == "Model answer: ART (or EDT). A significant indicator is current."
    assert call.reading.cites == ""
    assert call.row.title in text_of(told)


def test_a_question_that_too_few_answered_says_so() -> None:
    """Six finished, and four of them gave a judgement."""
    silent = {place: answer for place, answer in keyed_row().items() if place not in ("judgement", "V1")}
    told = report_of((*ALIKE[:4], silent, silent))

    assert told.asides[0].words == "Fewer than five people answered, so nothing is shown."
    assert "1 of 30 items were answered by fewer than five people. They are left out." in told.notes


def test_numbers_are_written_with_a_plain_sentence_each() -> None:
    """Percent agreement as a percentage, the others with two places."""
    told = report_of(differing_at(8, {"S1": "current"}))

    assert [figure.title for figure in told.figures] == [
        "Percent agreement: 99%",
        "Krippendorff's alpha: 0.96",
        "Gwet's AC1: 0.99",
    ]
    assert all(figure.words.endswith(".") for figure in told.figures)


def test_a_number_that_does_not_exist_says_why() -> None:
    """One response everywhere leaves alpha without a value."""
    told = report_of(tuple({"V1": "no", "V2": "no"} for _ in range(5)))

    assert told.figures[1].title == "Krippendorff's alpha: no number"
    assert told.figures[1].words.endswith("So there is nothing that chance could have mixed up.")
    assert told.figures[0].title == "Percent agreement: 100%"


def test_where_nothing_was_answered_by_enough_people_no_number_is_given() -> None:
    """And no one is said to agree."""
    told = report_of(tuple({} for _ in range(5)))

    assert {figure.title.rpartition(": ")[2] for figure in told.figures} == {"no number"}
    assert told.figures[0].words.endswith("No item was answered by enough people.")
    assert told.notes[0] == "30 of 30 items were answered by fewer than five people. They are left out."


def test_less_agreement_than_by_chance_has_a_minus_sign() -> None:
    """Two, two and one at a single item: one pair in five agrees, and by Gwet's chance 0.32 would."""
    rows = tuple({"V1": answer} for answer in ("yes", "no", "not-known", "yes", "no"))

    assert report_of(rows).figures[1].title == "Krippendorff's alpha: 0.00"
    assert report_of(rows).figures[2].title == "Gwet's AC1: −0.18"


def test_a_place_that_the_key_does_not_speak_of_has_no_reading() -> None:
    """A board's vignette may leave out a question."""
    vignette = replace(VIGNETTE, key=replace(VIGNETTE.key, keyed=()))
    room = room_of(differing_at(5, {"S1": "no", "judgement": "no"}))

    told = report(vignette, room, instrument=INSTRUMENT, wording=WORDING)

    assert (told.rows[0].reading.key, told.asides[0].reading.key) == ("", "")
    assert report_legend(told, WORDING) == ""


@pytest.mark.parametrize("vignette", PACK.vignettes, ids=lambda each: each.id)
def test_every_vignette_of_the_pack_has_a_report(vignette: Vignette) -> None:
    """One of five answers every item and question otherwise: each comes with its key, and no mark is nested in its like."""
    asked = (*asked_of(INSTRUMENT), *BESIDE)
    usual = {each.place: each.options[0] for each in asked}
    other = {each.place: each.options[1] for each in asked}
    outcome = compare_group((usual, usual, usual, usual, other), asked_of(INSTRUMENT), beside=BESIDE)

    told = report(vignette, Ended(5, DAY, outcome), instrument=INSTRUMENT, wording=WORDING)

    assert len(told.rows) == len(INSTRUMENT.items)
    assert all(row.reading.key.startswith("Model answer: ") for row in told.rows)
    assert all(sum(cell.mark is Mark.KEY for cell in row.cells) == 1 for row in told.rows)
    assert all(aside.reading.key for aside in told.asides)
    assert [row.reading.cites for row in told.rows if row.reading.cites.count("“") > 1] == []


def test_the_legend_names_only_what_is_there() -> None:
    """A dashed outline is explained where something is contested."""
    plain, contested = report_of(differing_at(5, {"S1": "no"})), report_of(differing_at(5, {"S5": "no"}))

    assert report_legend(plain, WORDING) == "Thick outline: the model answer."
    assert "Dashed outline" in report_legend(contested, WORDING)
    assert report_legend(report_of(ALIKE), WORDING) == ""


def test_what_a_room_compares_is_the_form_the_judgement_and_the_first_call() -> None:
    """With the options of the pack, in its order."""
    asked = asked_of(INSTRUMENT)

    assert [each.place for each in asked] == [item.id for item in INSTRUMENT.items]
    assert [len(each.options) for each in asked] == [3] * 23 + [5] * 7
    assert set(JUDGEMENT.options) == set(FACT_WORDS["judgement"]) - {"not-asked"}
    assert BESIDE == (JUDGEMENT, FIRST_CALL)


@each_seed(200, 12)
def test_the_text_has_every_number_of_the_picture_and_nobody_can_be_told_apart(seed: int) -> None:
    """Rooms drawn by lot: shares are those of the counts, and the order of the people changes no line."""
    rows: tuple[Row, ...] = drawn_rows(SMALLEST_GROUP + seed * 5 % 56, seed)
    told = report_of(rows)

    assert told == report_of(tuple(reversed(rows)))
    lines = map_lines(told, WORDING)
    assert lines[-len(told.figures) :] == tuple(f"{figure.title}." for figure in told.figures)
    for row, line in zip(mapped(told), lines[: -len(told.figures)], strict=True):
        assert sum(cell.share for cell in row.cells) == 1
        assert all(cell.share == Fraction(cell.people, row.people) for cell in row.cells)
        assert all(f"{cell.label} {cell.people}" in line for cell in row.cells)
        assert 0 <= row.pairs < 100
        assert row.people >= SMALLEST_GROUP
        assert line in map_alt(told, WORDING)


def test_a_room_holds_no_rows_of_people() -> None:
    """Once compared there is nothing of a single person in it."""
    room = room_of(drawn_rows(6, 1))

    assert room == Ended(6, DAY, compare_group(drawn_rows(6, 1), asked_of(INSTRUMENT), beside=BESIDE))
    assert isinstance(room.outcome, Compared)
    assert "yes', 'S" not in repr(room.outcome)
