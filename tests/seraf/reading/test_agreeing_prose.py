"""A board's names and telephone numbers are defined once. A sentence that contradicts them is a fault with its path."""

from typing import Any

import pytest

from bot.runtime.packs import SHIPPED
from seraf.reading.checks.quotes import basis_rows
from seraf.reading.toml.places import places_in
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import ABSENT, Raw, faults_of, parsed, put, read

WRONG: list[tuple[str, str, str, str]] = [
    ("instrument.toml", "sections.1.ask", "In the past six months?", "sections[1].ask: says “past six months”"),
    ("instrument.toml", "sections.1.ask", "3–9 months ago?", "sections[1].ask: says “3–9 months”"),
    (
        "instrument.toml",
        "sections.1.options.2.label",
        "Not in 6 months",
        "sections[1].options[2].label: says “Not in 6 months”",
    ),
    ("instrument.toml", "items.2.counts", "In the past 9 months", "items[2].counts[0]: says “past 9 months”"),
    ("glossary.toml", "terms.0.text", "Score 0 to 5 points.", "terms[0].text: says “0 to 5 points”; the categories"),
    ("glossary.toml", "terms.0.text", "It is 9 points.", "terms[0].text: says “9 points”"),
    ("glossary.toml", "terms.0.text", "16 points or more.", "terms[0].text: says “16 points or more”"),
    ("glossary.toml", "terms.0.text", "Category 2 (mild).", "terms[0].text: says “Category 2 (mild)”; the form calls"),
    ("guide.toml", "topics.0.text", "3 to 4 is Category 3.", "topics[0].text: says “3 to 4 is Category 3”; it begins"),
    ("guide.toml", "topics.0.text", "Category 1: 0 to 4.", "topics[0].text: says “Category 1: 0 to 4”"),
    ("guidance.toml", "leads.3.text", "Again every six months.", "leads[3].text: says “every six months”; a review"),
    ("guidance.toml", "steps.0.text", "Tell the day team.", "steps[0].text: says 'the day team' outright; write"),
    ("guidance.toml", "steps.0.text", "Ask Another board.", "steps[0].text: says 'Another board' outright; write"),
    ("glossary.toml", "terms.0.text", "It is {name}.", "terms[0].text: {name} is no place that is known"),
    ("guidance.toml", "steps.0.text", "Ring {front_dor}.", "steps[0].text: {front_dor} is no place that is known"),
]
"""For each contradiction: its file and path in the small pack, the sentence, and the expected fault."""

RIGHT = [
    ("glossary.toml", "terms.0.text", "Category 2 ({category.2.name}): {category.2.from} to {category.2.to} points."),
    ("glossary.toml", "terms.0.text", "In the past three months: 4 points. Three to twelve months ago: two points."),
    ("guide.toml", "topics.0.text", "8 points or more. 3 to 4 is Category 2. Again every three months."),
    ("guidance.toml", "leads.3.text", "{Duty_team} told us two months ago. Ask {front_door}, or {specialist}."),
]
"""Sentences that agree with the small pack, each with its file and path."""


def faults_after(name: str, path: str, said: object, folder: Any = FOLDER) -> tuple[str, ...]:
    files: dict[str, Raw] = parsed(folder)
    put(files[name], path, [said] if path.endswith("counts") else said)
    return faults_of(files)


@pytest.mark.parametrize(("name", "path", "said", "fault"), WRONG)
def test_a_sentence_that_contradicts_the_pack_is_one_fault(name: str, path: str, said: str, fault: str) -> None:
    found = faults_after(name, path, said)

    assert len(found) == 1, found
    assert found[0].startswith(f"{name}.{fault}")


@pytest.mark.parametrize(("name", "path", "said"), RIGHT)
def test_a_true_sentence_is_no_fault(name: str, path: str, said: str) -> None:
    assert faults_after(name, path, said) == ()


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("names", ABSENT, "names: missing; write a table [names]"),
        ("names.front_door", ABSENT, "names.front_door: missing; write a text"),
        ("names.front_door", "the {team}", "names.front_door: has a brace; write the name itself"),
        ("names.others", {"Team": "a team"}, "names.others.Team: cannot be the name of a place"),
        ("names.others", {"name": "a team"}, "names.others.name: cannot be the name of a place"),
        ("names.others", {"whom": "a team"}, "names.others.whom: cannot be the name of a place"),
        ("names.others", {"hub": "the {team}"}, "names.others.hub: has a brace; write the name itself"),
        ("names.others", {"hub": 7}, "names.others.hub: must be a text, not a whole number"),
        ("names.others", {"hub": "x" * 81}, "names.others.hub: 81 characters; at most 80 fit"),
        ("instrument.review_months", 13, "instrument.review_months: must be from 1 to 12 months, not 13"),
    ],
)
def test_faults_of_names_are_reported_at_their_place(path: str, value: object, fault: str) -> None:
    found = faults_after("instrument.toml", path, value)

    assert any(each.startswith(f"instrument.toml.{fault}") for each in found), found


def test_the_review_interval_is_the_same_everywhere() -> None:
    found = faults_after("guidance.toml", "deadlines.2", {"id": "later", "months": 6})

    assert found == ("guidance.toml.deadlines[2].months: 6, while `review_months` of instrument.toml is 3; write that",)


def test_sentences_use_the_board_s_review_interval_or_three_months() -> None:
    said = [places_in({"instrument": head}) for head in ({"review_months": 6}, {})]

    assert [(each["review"], each["review_word"]) for each in said] == [("6", "six"), ("3", "three")]


def test_the_names_of_a_former_board_are_found_everywhere() -> None:
    files = parsed(FOLDER)
    files["instrument.toml"]["names"]["former"] = ["ART", "Old Town"]
    files["glossary.toml"]["terms"][0]["also"] = ["the ART team", "START"]
    files["recording.toml"]["headings"][0]["ask"] = "What does Old Town ask?"

    assert faults_of(files) == (
        "glossary.toml.terms[0].also[0]: has 'ART', which is another board's; write what it is here",
        "recording.toml.headings[0].ask: has 'Old Town', which is another board's; write what it is here",
    )


def test_a_changed_name_or_number_changes_every_sentence() -> None:
    files = parsed(SHIPPED)
    instrument = files["instrument.toml"]
    instrument["names"] |= {"front_door": "Gate", "duty_team": "the night desk", "duty_team_short": "ND"}
    instrument["sections"][1]["windows"] = [3]
    instrument["sections"][2]["windows"] = [3, 8]
    instrument["bands"][1]["from"] = 7

    changed = read(files)

    assert changed.glossary["category-1"].text.startswith("Category 1 (not at risk): 0 to 6 points.")
    assert changed.instrument.sections[2].ask == "In the past three months, 3–8 months ago, or both?"
    assert changed.contacts["art"].name == "Gate"
    said = repr((changed.instrument.items, changed.guidance, changed.guide, changed.glossary, changed.calling))
    # Quotations from the guidance do not change with the names.
    for says in {row.basis.says for _, rows in basis_rows(changed.guidance) for row in rows if row.basis.says}:
        said = said.replace(repr(says), "")
    assert not [each for each in ("ART", "Emergency Duty Team", "six months", "6–12", "0 to 5 points") if each in said]
