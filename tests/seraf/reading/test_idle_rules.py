"""Tests that useless parts of a pack are faults: values that no rule reads, and rules that never apply."""

from typing import Any

import pytest

from seraf.reading.pack import read_instrument
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import ABSENT, Raw, faults_of, parsed, put, written

MAYBE = {"id": "maybe", "label": "Maybe", "points": 0, "means": "absent"}
NOW = {"id": "now", "label": "Now", "points": 4, "means": "current"}
MOVED = {
    **{"id": "moved", "ask": "Has moved", "rest": "no", "what": "To another place.", "source": "ours"},
    "ticks": [{"answer": "yes", "short": "Has moved"}],
    "card": "case",
}
NOTE = {"id": "n", "text": "A note.", "source": "ours"}
SAY = {"part": "who", "text": "I am still here.", "source": "ours"}
UNLISTED = {"part": "signs", "text": "I know of no sign.", "source": "ours"}
ADDITION = {"id": "more", "points": 2, "label": "More", "source": "ours", "when": {"age": ["13-15"]}}

SCORING: list[tuple[str, object, str]] = [
    ("sections.0.options.3", MAYBE, "sections[0].options[3]: 'maybe' has the points and the meaning of options[1]"),
    ("sections.1.options.4", NOW, "sections[1].options[4]: 'now' has the points and the meaning of options[0]; leave"),
    ("sections.1.windows", [3], "sections[1].windows: needs two numbers of months, since an option means earlier"),
    ("sections.1.windows", [], "sections[1].windows: needs two numbers of months, since an option means earlier"),
    ("sections.0.windows", [3, 12], "sections[0].windows: has a second window, and no option means earlier"),
    ("sections.1.options.1", ABSENT, "sections[1].windows: has a second window, and no option means earlier"),
    (
        "sections.1.options.4",
        {"id": "long-ago", "label": "Long ago", "points": 1, "means": "earlier"},
        "sections[1].options[4].means: options[1] means earlier too, and there is one such window; leave one out",
    ),
    ("sections.1.options.1.points", 5, "sections[1].options[1].points: 5 for what was earlier, and at most 4 for now"),
    ("items.1.label", "harm  AT home", "items[1].label: stands twice in its section, and would be counted twice"),
    ("additions.0.points", 0, "additions[0].points: 0 adds nothing; write its points, or leave it out"),
    ("bands.3.from", 19, "bands[3].from: no case can come to it: all points together are 18"),
    ("questions.1", {"id": "fostered", "ask": "Is the child fostered?"}, "questions[1].id: no rule tells a yes to"),
]

NEVER = "can never hold: "
GUIDANCE: list[tuple[str, object, str]] = [
    ("circumstances", [MOVED], "circumstances[0].ticks[0].answer: no rule tells 'yes' from 'no'; write a rule that"),
    ("leads.1.if", ABSENT, "leads[1]: has no `if`, so that none below it could ever lead; only the last may be so"),
    (
        "leads.0.if",
        {"evidence": ["yes"]},
        f"leads[0].if: {NEVER}it asks for evidence, and the pack has no [[evidence]]",
    ),
    ("steps.0.if", {"evidence": ["yes"]}, f"steps[0].if: {NEVER}it asks for evidence"),
    ("actions.1.if", {"evidence": ["yes"]}, f"actions[1].if: {NEVER}it asks for evidence"),
    ("actions.0.if", [{"danger": ["yes"]}, {"evidence": ["yes"]}], f"actions[0].if[1]: {NEVER}it asks for evidence"),
    (
        "details",
        [{"id": "d", "line": "care", "text": "x", "source": "ours", "if": {"evidence": ["yes"]}}],
        f"details[0].if: {NEVER}it asks for evidence",
    ),
    (
        "whom",
        [{"line": "care", "name": "x", "if": {"evidence": ["yes"]}}, {"line": "care", "name": "y"}],
        f"whom[0].if: {NEVER}it asks for evidence",
    ),
    ("mixes.0.if", {"evidence": ["yes"]}, f"mixes[0].if: {NEVER}it asks for evidence"),
    ("notes", [NOTE | {"if": {"evidence": ["yes"]}}], f"notes[0].if: {NEVER}it asks for evidence"),
    (
        "steps.0.if",
        {"category": ["3", "4"], "highest": ["1", "2"]},
        f"steps[0].if: {NEVER}`highest` is never below `category`",
    ),
    (
        "steps.0.if",
        {"unknown": ["none"], "not_known": ["G1"]},
        f"steps[0].if: {NEVER}it asks for something not known where nothing is unknown",
    ),
]

CALLING: list[tuple[str, object, str]] = [
    ("say.2", SAY, "say[2]: is never said: say[0] of the same part holds whenever it does"),
    ("say.2", SAY | {"if": {"age": ["13-15"]}}, "say[2]: is never said: say[0] of the same part holds whenever it"),
    ("say.0.if", {"age": ["under-10"]}, "say[0].if.age: 'under-10' is not one of: under-13"),
    ("say.1.list.sections", [], "say[1].list.sections: names no section, so that it is never said; name one"),
    ("say.1.list.names", 0, "say[1].list.names: must be 1 or more; with 0 it would name nothing"),
    (
        "say.1.list",
        {"sections": ["background"], "shows": "earlier", "names": 1},
        "say[1].list.shows: is never said: no option of these sections means earlier",
    ),
    ("asked.0.if", {"evidence": ["yes"]}, f"asked[0].if: {NEVER}it asks for evidence"),
]

CASES = [
    *(("instrument.toml", *case) for case in SCORING),
    *(("guidance.toml", *case) for case in GUIDANCE),
    *(("calling.toml", *case) for case in CALLING),
]


def changed(name: str, path: str, value: Any) -> dict[str, Raw]:
    files = parsed(FOLDER)
    put(files[name], path, value)
    return files


@pytest.mark.parametrize(("name", "path", "value", "fault"), CASES, ids=lambda value: str(value)[:40])
def test_a_silently_useless_rule_is_a_fault_with_its_path(name: str, path: str, value: Any, fault: str) -> None:
    """Without the fault, the rule would be ignored, or count in a way that the board did not mean."""
    found = faults_of(changed(name, path, value))

    expected = f"{name}.{fault}"
    assert [each[: len(expected)] for each in found] == [expected]


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("instrument.toml", "sections.1.options.4", NOW | {"points": 6}),
        ("instrument.toml", "sections.1.options.1.points", 4),
        ("instrument.toml", "sections.1.windows", ABSENT),
        ("instrument.toml", "sections.0.windows", []),
        ("instrument.toml", "sections.0.windows", [6]),
        ("instrument.toml", "items.2.label", "Harm at home"),
        ("instrument.toml", "bands.3.from", 18),
        ("instrument.toml", "additions.2", ADDITION),
        ("guidance.toml", "steps.0.if", {"category": ["2", "3"], "highest": ["2"]}),
        ("guidance.toml", "steps.0.if", {"evidence": ["no"]}),
        ("guidance.toml", "steps.0.if", {"unknown": ["some"], "not_known": ["G1"]}),
        ("calling.toml", "say.2", SAY | {"part": "when"}),
        ("calling.toml", "say.2", UNLISTED),
        ("calling.toml", "say.1.list", {"sections": ["background", "signs"], "shows": "earlier", "names": 1}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_near_misses_of_these_faults_load(name: str, path: str, value: Any) -> None:
    assert faults_of(changed(name, path, value)) == ()


@pytest.mark.parametrize(
    ("name", "path", "rule"),
    [
        ("guidance.toml", "steps.0.if", {"moved": ["yes"]}),
        ("guidance.toml", "mixes.0.if", {"moved": ["no", "not-known"]}),
        ("calling.toml", "asked.0.if", {"moved": ["yes"]}),
    ],
)
def test_one_rule_anywhere_that_asks_for_a_short_question_is_enough(name: str, path: str, rule: Raw) -> None:
    files = changed("guidance.toml", "circumstances", [MOVED])
    put(files[name], path, rule)

    assert faults_of(files) == ()


def test_a_tick_that_no_rule_distinguishes_is_a_fault() -> None:
    ticks = [{"answer": "yes", "short": "Home"}, {"answer": "placement", "short": "Placement"}]
    files = changed("guidance.toml", "circumstances", [MOVED | {"ticks": ticks}])
    put(files["guidance.toml"], "steps.0.if", {"moved": ["yes"]})

    (fault,) = faults_of(files)

    assert fault.startswith("guidance.toml.circumstances[0].ticks[1].answer: no rule tells 'placement' from 'no'")


def test_a_question_that_an_addition_stops_asking_for_is_a_fault() -> None:
    """The addition was the only rule that used the question."""
    files = changed("instrument.toml", "additions.1", ABSENT)
    put(files["guidance.toml"], "leads.2", ABSENT)

    (fault,) = faults_of(files)

    assert fault.startswith("instrument.toml.questions[0].id: no rule tells a yes to 'disabled' from a no")


def test_rules_are_judged_together_once_every_file_is_valid() -> None:
    files = changed("instrument.toml", "additions.1.whenn", {"disabled": ["yes"]})
    put(files["instrument.toml"], "additions.1.when", ABSENT)
    put(files["guidance.toml"], "leads.2", ABSENT)

    found = faults_of(files)

    assert len(found) == 2
    assert all("additions[1].when" in fault for fault in found)


def test_a_number_whose_review_counts_from_a_missing_day_is_a_fault() -> None:
    """Without the day of the last check, its next check would never be due."""
    files = parsed(FOLDER)
    files["contacts.toml"]["contacts"][0]["review_after"] = 6

    (fault,) = faults_of(files)
    files["contacts.toml"]["contacts"][0]["confirmed"] = False

    assert fault.startswith("contacts.toml.contacts[0].review_after: counts from `checked_on`, which is not there")
    assert faults_of(files) == ()


@pytest.mark.parametrize(
    ("name", "path", "value", "fault"),
    [
        ("instrument.toml", "additions.0.when", {}, "instrument.toml.additions[0].when.: empty"),
        ("instrument.toml", "additions.0.when", {"present": []}, "instrument.toml.additions[0].when.present: needs"),
        ("guidance.toml", "actions.0.if", {"urgency": []}, "guidance.toml.actions[0].if.urgency: needs at least 1"),
        ("instrument.toml", "manager_discussion.present", [], "instrument.toml.manager_discussion.present: needs at"),
        ("guidance.toml", "steps.0.if", {}, "guidance.toml.steps[0].if.: empty"),
        ("calling.toml", "asked.0.if", {"age": []}, "calling.toml.asked[0].if.age: needs at least 1"),
    ],
)
def test_a_rule_that_names_nothing_is_a_fault(name: str, path: str, value: Any, fault: str) -> None:
    found = faults_of(changed(name, path, value))

    assert [each[: len(fault)] for each in found] == [fault]


def test_a_stored_instrument_is_read_although_no_pack_could_start_with_it_today() -> None:
    """A case that began with it can be finished, even if a newer release finds faults in it."""
    raw = changed("instrument.toml", "sections.1.windows", [3])["instrument.toml"]
    put(raw, "questions.1", {"id": "fostered", "ask": "Is the child fostered?"})

    assert [question.id for question in read_instrument(written(raw)).questions] == ["disabled", "fostered"]
