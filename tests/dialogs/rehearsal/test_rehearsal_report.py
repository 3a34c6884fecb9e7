"""Tests of the report on a room as text: its content and order, and that it agrees with the pictures."""

import csv
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from dialogs.rehearsal.together.room_report import (
    Mark,
    Report,
    asked_of,
    map_alt,
    map_line,
    map_lines,
    mapped,
    report,
    report_csv,
    report_legend,
    row_text,
)
from seraf.cases.vignette import FirstCall, Vignette
from seraf.rehearsal.agreement import SMALLEST_GROUP, Row, fewest_answers
from seraf.rehearsal.critical_actions import Critical
from tests.support.counts import each_seed
from tests.support.places import TESTS
from tests.support.shipped import INSTRUMENT, PACK, WORDING
from tests.support.talk.rooms import CITED, VIGNETTE, differing_at, drawn_rows, key_of, keyed_row, report_of, room_of

ALIKE = tuple(keyed_row() for _ in range(6))
"""Six people who give the model answers."""


def lines_of(told: Report) -> tuple[str, ...]:
    """Return the report as lines of text, in the order in which it is printed."""
    rows = (row_text(row, WORDING) for _, part in told.parts for row in part)
    figures = (line for figure in told.figures for line in (figure.title, figure.words))
    texts = (told.vignette, told.day, told.finished, *told.lead, *told.notes, *rows, *figures, *told.closing)
    return tuple(line for text in texts for line in text.split("\n") if line)


def text_of(told: Report) -> str:
    return "\n".join(lines_of(told))


def test_a_small_group_shows_its_size_and_why_nothing_more() -> None:
    result = report_of(differing_at(4, {"S1": "no"}), joined=6)

    assert lines_of(result) == (
        "Two telephones",
        "Rehearsed on 4 March 2026.",
        "4 of 6 people finished.",
        "In a group of fewer than five, no answers are shown.",
        *result.closing,
    )
    assert len(result.closing) == 3
    assert map_alt(result, WORDING) == result.notes[0]


def test_an_item_at_which_people_differ_comes_with_its_key_its_sentence_and_something_to_talk_about() -> None:
    result = report_of(differing_at(8, {"S1": "current"}), joined=9)

    lines = lines_of(result)
    start = lines.index("Percent agreement: 99%")
    assert lines[2:6] == (
        "8 of 9 people finished.",
        "Nobody missed a critical action.",
        "At 29 of 30 items everyone gave the same answer, and it fits the model answer.",
        "Counts only: nothing here says who gave which answer.",
    )
    assert lines[start - 4 : start] == (
        "24. Missing overnight: Past 6 months 1, 6–12 months ago 0, Both 7 (model answer), Not in 12 months 0, Not known 0."
        " 8 answered.",
        "Model answer: Both. Twice this spring, and once last autumn.",
        f"In the case: “{CITED}”",
        "To talk about: Did it happen in both periods? What does the form add when it did?",
    )
    assert [row.title for row in result.rows] == ["24. Missing overnight"]


def test_a_contested_item_has_both_readings_and_neither_is_wrong() -> None:
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
    result = report_of(differing_at(6, {"V1": "yes", "V2": "yes", "M3": "no", "S2": "no"}))
    prompts = {row.title.split(".")[0]: row.prompt for row in result.rows}

    assert prompts["1"].endswith("Which words of the case led you to your answer?")
    assert prompts["2"] == ""
    assert prompts["14"].endswith("Did anyone wait for proof? What is there to suspect?")
    assert "from outside the family" in prompts["25"]


MISSING_ALL = {**keyed_row(), "S1": "no", "judgement": "no", "first-call": "lead"}
"""The model answers, except that a present sign, the judgement and the first call are missed."""


def test_a_sign_that_a_whole_room_missed_leads_the_report() -> None:
    """Six people give the same wrong answers. Critical actions come first, then the item without that answer."""
    result = report_of((MISSING_ALL,) * 6)
    other = report_of(({**MISSING_ALL, "S1": "not-known", "judgement": "not-sure", "first-call": "nobody"},) * 6)
    lines = lines_of(result)

    assert [(row.title, row.words) for row in (*result.actions, *result.missed)] == [
        ("Danger now", "All alike. 6 of 6 in line with the model answer."),
        ("Told or seen", "All alike. 6 of 6 in line with the model answer."),
        ("Judgement", "All alike. 6 of 6 missed it."),
        ("First call", "All alike. 6 of 6 missed it."),
        ("Category", "All alike. 6 of 6 missed it."),
        ("24. Missing overnight", "All alike. 6 of 6 did not give the model answer."),
    ]
    assert lines[3:5] == (
        "Critical actions missed: Judgement by 6 of 6; First call by 6 of 6; Category by 6 of 6.",
        "Items that most missed: 24. Missing overnight.",
    )
    assert report_of(ALIKE).lead == ("Nobody missed a critical action.",)
    assert lines.index("First call") < lines.index("24. Missing overnight") < lines.index("Percent agreement: 100%")
    assert not mapped(result)
    assert "Model answer: Both. Twice this spring, and once last autumn." in lines
    assert other == result


def test_a_sign_denied_comes_first_then_an_unknown_called_no_and_caution_last() -> None:
    unknown = replace(key_of("V2"), answer="not-known")
    keyed = tuple(unknown if each.place == "V2" else each for each in VIGNETTE.key.keyed)
    vignette = replace(VIGNETTE, key=replace(VIGNETTE.key, keyed=keyed))
    rows = ({**keyed_row(), "V1": "not-known", "V2": "no", "M3": "no", "S1": "no"},) * 6

    result = report(vignette, room_of(rows, vignette=vignette), pack=PACK, wording=WORDING)

    assert [row.title.split(".")[0] for row in result.missed] == ["24", "14", "2", "1"]
    assert result.lead[-1] == (
        f"Items that most missed: 24. Missing overnight; {result.missed[1].title}; {result.missed[2].title}; and 1 more."
    )


def test_from_ten_people_a_unanimous_miss_is_shown() -> None:
    result = report_of((MISSING_ALL,) * 10)

    assert [map_line(row, WORDING) for row in mapped(result)] == [
        "Judgement: No 10, Yes 0 (model answer). 10 answered.",
        "First call: Manager or lead 10, ART (or EDT) 0 (model answer). 10 answered.",
        "Category: Category 2–3 10, Category 3–4 0 (model answer). 10 answered.",
        "24. Missing overnight: Not in 12 months 10, Both 0 (model answer). 10 answered.",
    ]
    assert result.notes[0] == "At 29 of 30 items everyone gave the same answer, and it fits the model answer."


def test_a_critical_action_comes_with_its_spread_the_key_and_how_many_missed_it() -> None:
    """Answers that protect the child more than the model answer are counted as “went further”, not as missed."""
    calls = ("art", "art", "art", "lead", "emergency", "lead", "lead")
    result = report_of(
        tuple({**keyed_row(), "danger": "yes" if n else "no", "first-call": call} for n, call in enumerate(calls))
    )
    danger, _, _, call, _ = result.actions

    assert map_line(danger, WORDING) == (
        "Danger now: In danger 6, Missing 0, Not known 0, Neither 1 (model answer). 7 answered."
    )
    assert danger.words == "1 of 7 in line with the model answer. 6 of 7 went further: talk it over."
    assert call.words == ("3 of 7 in line with the model answer. 3 of 7 missed it. 1 of 7 went further: talk it over.")
    assert call.reading.key == (
        "Model answer: ART (or EDT). A significant indicator is current. Social worker: Manager or lead."
    )
    assert "3 of 7 missed it." in text_of(result)


def test_a_call_that_the_key_allows_as_well_is_marked_so() -> None:
    key = replace(VIGNETTE.key, keyed=tuple(key_of(item.id) for item in INSTRUMENT.items), first_call=FirstCall.LEAD)
    key = replace(key, keyed=tuple(replace(each, answer="no", other="") for each in key.keyed))
    vignette = replace(VIGNETTE, key=key)
    rows = tuple({**keyed_row(), "first-call": call} for call in ("art", "lead", "lead", "nobody", "nobody"))

    result = report(vignette, room_of(rows, vignette=vignette), pack=PACK, wording=WORDING)

    assert "ART (or EDT) 1 (fits too)" in text_of(result)
    assert "Manager or lead 2 (model answer)" in text_of(result)
    assert "it fits too" in report_legend(result, WORDING)


def test_a_row_with_too_few_answers_is_marked() -> None:
    silent = {place: answer for place, answer in keyed_row().items() if place not in ("judgement", "V1")}
    result = report_of((*ALIKE[:3], silent, silent, silent))

    assert result.actions[2].words == "Too few people answered, so nothing is shown."
    assert "1 of 30 items were answered by fewer than four people. They are left out." in result.notes


def test_numbers_are_written_with_a_plain_sentence_each() -> None:
    result = report_of(differing_at(10, {"S1": "current", "V1": "yes"}))

    assert [figure.title for figure in result.figures] == [
        "Percent agreement: 99%",
        "Agreement with the model answers: 99%",
        "23 items with 3 options: Krippendorff's alpha 0.90 (95% interval 0.65 to 1.00), Gwet's AC1 0.99"
        " (95% interval 0.97 to 1.00)",
        "7 items with 5 options: Krippendorff's alpha 0.95 (95% interval 0.85 to 1.00), Gwet's AC1 0.97"
        " (95% interval 0.88 to 1.00)",
    ]
    assert [bool(figure.words) for figure in result.figures] == [True, True, True, False]
    assert len(report_of(differing_at(9, {"S1": "current"})).figures) == 2


@pytest.mark.parametrize("number", [124, 171], ids=["answers left out", "a tie"])
def test_the_table_of_a_room_has_what_a_library_works_out_from_who_answered_what(number: int) -> None:
    """A whole room of ten or eleven people, played from a table of which `tests/golden` has irrCAC's results."""
    with (TESTS / "golden" / "agreement.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))[number]
    answered = [*zip(asked_of(INSTRUMENT, VIGNETTE.key), expected["table"].split(), strict=False)]
    rows = tuple(
        {asked.place: asked.options[int(given[person])] for asked, given in answered if given[person] != "."}
        for person in range(len(answered[0][1]))
    )

    percent, _, scale = (line for line in report_csv(report_of(rows)).splitlines()[-3:])

    found = [float(each.replace("\N{MINUS SIGN}", "-")) for each in re.findall(r"\N{MINUS SIGN}?\d\.\d\d", scale)]
    assert found == [round(float(expected[name]), 2) for name in expected if name.startswith(("alpha", "ac1"))]
    assert f"Percent agreement: {float(expected['percent']):.0%}" in percent


def test_an_undefined_agreement_is_explained() -> None:
    whole = report_of(tuple({"V1": "no", "V2": "no"} for _ in range(10))).figures
    single = report_of(tuple({"V1": "no"} for _ in range(10))).figures

    assert whole[2].title.startswith("2 items with 3 options: Krippendorff's alpha no number, Gwet's AC1 1.00 (")
    assert whole[2].words.endswith("So there is nothing that chance could have mixed up.")
    assert single[2].title.endswith("Gwet's AC1 1.00")


def test_where_nothing_was_answered_by_enough_people_no_number_is_given() -> None:
    result = report_of(tuple({} for _ in range(5)))

    assert {figure.title.rpartition(": ")[2] for figure in result.figures} == {"no number"}
    assert result.figures[0].words.endswith("No item was answered by enough people.")
    assert result.notes[0] == "30 of 30 items were answered by fewer than four people. They are left out."


def test_less_agreement_than_by_chance_has_a_minus_sign() -> None:
    """Ten people answer one item with four Yes, four No and two “not known”. Gwet's chance agreement is 0.32."""
    rows = tuple({"V1": answer} for answer in ("yes", "no", "not-known", "yes", "no") * 2)

    assert report_of(rows).figures[2].title.endswith("Gwet's AC1 −0.05")


def test_a_place_that_the_key_does_not_speak_of_has_no_reading() -> None:
    vignette = replace(VIGNETTE, key=replace(VIGNETTE.key, keyed=()))
    room = room_of(differing_at(5, {"S1": "no"}), vignette=vignette)

    result = report(vignette, room, pack=PACK, wording=WORDING)

    assert result.missed == ()
    assert (result.rows[0].reading.key, result.actions[0].reading.key) == ("", "")
    assert report_legend(replace(result, actions=()), WORDING) == ""


@pytest.mark.parametrize("vignette", PACK.vignettes, ids=lambda each: each.id)
def test_every_vignette_of_the_pack_has_a_report(vignette: Vignette) -> None:
    asked, told_of = asked_of(INSTRUMENT, vignette.key), ("danger", "told_or_seen", "judgement")
    usual = {**{each.place: each.options[0] for each in asked}, **dict.fromkeys(told_of, "yes"), "first-call": "art"}
    other = {**{each.place: each.options[1] for each in asked}, **dict.fromkeys(told_of, "no"), "first-call": "lead"}

    result = report(vignette, room_of((*(usual,) * 4, other), vignette=vignette), pack=PACK, wording=WORDING)

    rows = (*result.missed, *result.rows)
    assert len(rows) == len(INSTRUMENT.items)
    assert all(row.reading.key.startswith("Model answer: ") for row in (*result.actions, *rows))
    assert all(sum(cell.mark is Mark.KEY for cell in row.cells) == 1 for row in mapped(result))
    assert [row.reading.cites for row in rows if row.reading.cites.count("“") > 1] == []


def test_the_legend_names_only_present_marks() -> None:
    plain, contested = report_of(differing_at(5, {"S1": "no"})), report_of(differing_at(5, {"S5": "no"}))

    assert report_legend(plain, WORDING) == "Thick outline: the model answer."
    assert "Dashed outline" in report_legend(contested, WORDING)
    assert report_legend(report_of(ALIKE), WORDING) == ""


def test_a_room_compares_the_form_and_the_critical_actions() -> None:
    asked = asked_of(INSTRUMENT, VIGNETTE.key)

    assert [each.place for each in asked] == [item.id for item in INSTRUMENT.items]
    assert [len(each.options) for each in asked] == [3] * 23 + [5] * 7
    assert {each.place: each.agreed for each in asked}["S5"] == {"not-known", "no"}
    assert len(report_of(ALIKE).actions) == len(Critical)


@each_seed(200, 12)
def test_the_text_has_every_number_of_the_picture_and_identifies_nobody(seed: int) -> None:
    rows: tuple[Row, ...] = drawn_rows(SMALLEST_GROUP + seed * 5 % 56, seed)
    result = report_of(rows)

    assert result == report_of(tuple(reversed(rows)))
    lines = map_lines(result, WORDING)
    assert lines[-2:] == tuple(f"{figure.title}." for figure in result.plain_figures)
    for row, line in zip(mapped(result), lines[:-2], strict=True):
        assert sum(cell.share for cell in row.cells) == 1
        assert all(cell.share == Fraction(cell.people, row.people) for cell in row.cells)
        assert all(f"{cell.label} {cell.people}" in line for cell in row.cells)
        assert row.people >= fewest_answers(SMALLEST_GROUP)
        assert line in map_alt(result, WORDING)


@pytest.mark.parametrize("label", ["=1+1", "+44", "-2", "@SUM(1)", "\t=1"])
def test_a_label_that_a_spreadsheet_would_run_is_a_text_in_the_table(label: str) -> None:
    result = report_of(differing_at(8, {"S1": "current"}))
    row = next(each for each in result.rows if each.cells)
    named = replace(row, title=label, cells=(replace(row.cells[0], label=label),))

    *_, last = (row for row in csv.reader(report_csv(replace(result, rows=(named,))).splitlines()) if row[1])

    assert last[:2] == [f"'{label}"] * 2
