"""Tests that a summary as JSON conforms to its published schema."""

import json
from typing import Any

import pytest

from bot.summaries.forms import SCHEMA, VERSION, as_first_json, as_json
from dialogs.core.codes import carried_of
from dialogs.summary.carried import summarise_carried
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import as_written
from seraf.form.second_view import Says
from tests.support.counts import each_seed
from tests.support.oracles import oracle
from tests.support.places import ROOT
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.summaries import ALL, HELD_BY, HOSTILE, WORST, drawn, finished, handed, noted, summary

PUBLISHED: dict[str, Any] = json.loads((ROOT / "docs" / "summary.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def judge() -> Any:
    return oracle("jsonschema")


def test_the_schema_is_a_schema(judge: Any) -> None:
    judge.Draft202012Validator.check_schema(PUBLISHED)


@each_seed(500, 12)
def test_every_summary_keeps_to_the_schema(seed: int, judge: Any) -> None:
    session, checker = drawn(seed), judge.Draft202012Validator(PUBLISHED)

    for case in (session, handed(session, *Says)):
        checker.validate(json.loads(as_json(summarise(case, SCRIPT, by=HELD_BY, now=NOON))))
    checker.validate(
        json.loads(as_json(summarise_carried(carried_of(session, INSTRUMENT, today=NOON.today), SCRIPT, now=NOON)))
    )


def test_the_schema_names_every_place_and_no_other() -> None:
    named = {"schema", "version", *as_written(summary())}

    assert set(PUBLISHED["properties"]) == named
    assert set(PUBLISHED["required"]) == set(PUBLISHED["properties"])
    assert PUBLISHED["properties"]["schema"] == {"const": SCHEMA}
    assert PUBLISHED["properties"]["version"] == {"const": VERSION}


def test_the_schema_refuses_unknown_fields(judge: Any) -> None:
    """A summary with an unknown field is refused, so the test above can fail."""
    wrong = {**json.loads(as_json(summary())), "name": "x"}

    with pytest.raises(judge.ValidationError):
        judge.Draft202012Validator(PUBLISHED).validate(wrong)


def test_a_note_is_a_value_whatever_is_in_it() -> None:
    result = json.loads(as_json(summary(WORST, ALL, noted(HOSTILE))))

    assert {each["note"] for each in result["headings"]} == {HOSTILE}


def test_it_says_whose_answers_are_whose_and_version_1_has_nothing_of_it() -> None:
    result = summarise(handed(finished(WORST, ALL), Says.LESS), SCRIPT, by=HELD_BY, now=NOON)
    second, first = json.loads(as_json(result)), json.loads(as_first_json(result))

    (before,) = second["hands"]
    assert (second["first"]["label"], second["first"]["items"]) == ("Jo Ames", [INSTRUMENT.items[-1].id])
    assert (before["label"], before["judgement"], len(before["items"])) == ("Sam Reid", "no", 29)
    assert [(view["label"], view["says"]) for view in second["views"]] == [("Dana Reid", "less")]
    assert second.keys() - first.keys() == {"first", "hands", "views", "owed"}
    assert (first["version"], first["facts"]) == (1, second["facts"])
