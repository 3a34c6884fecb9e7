"""Tests of reading a scoring request: the result is a case, or all of its faults at once."""

import json

import pytest

from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.reading.form.request import as_request, read_request
from tests.support.shipped import PACK


def faults_of(content: bytes) -> tuple[str, ...]:
    with pytest.raises(RequestFault) as caught:
        read_request(content, PACK)
    return caught.value.faults


def test_a_whole_request_becomes_a_case() -> None:
    """A byte order mark is ignored."""
    asked = {"age": "13-15", "responses": {"V1": "yes", "S1": "both"}, "judgement": "not-sure", "told_or_seen": True}

    case = read_request(b"\xef\xbb\xbf" + json.dumps(asked).encode(), PACK)

    responses = Responses.of({"V1": "yes", "S1": "both"})
    assert case == Case(Age.FROM_13_TO_15, responses, {"judgement": "not-sure", "told_or_seen": "yes"})


def test_a_request_with_an_age_alone_is_a_case_in_which_nothing_is_known() -> None:
    assert read_request(b'{"age": "not-known"}', PACK) == Case()


def test_no_word_of_telling_counts_as_a_no() -> None:
    assert read_request(b'{"age": "16-17", "told_or_seen": false}', PACK).answers == {"told_or_seen": "no"}


def test_all_faults_of_a_request_are_reported_at_once() -> None:
    asked = {
        "responses": {"V1": "current", "S1": "yes", "X1": "yes", "V2": 1},
        "judgement": "not-asked",
        "told_or_seen": "yes",
        "name": "x",
    }

    assert faults_of(json.dumps(asked).encode()) == (
        "name: not a known key; known: age, responses, judgement, told_or_seen, facts, views",
        "age: missing; one of: under-13, 13-15, 16-17, 18-25, not-known",
        "responses.V1: 'current' is not one of: yes, no, not-known",
        "responses.S1: 'yes' is not one of: current, recent, both, no, not-known",
        "responses.X1: not an item; `seraf-bot items` lists them",
        "responses.V2: it is not one of: yes, no, not-known",
        "judgement: 'not-asked' is not one of: yes, not-sure, no",
        "told_or_seen: must be true or false",
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff", "the request is not UTF-8 text (byte 0); save it as UTF-8"),
        (b"{", "the request is not JSON: "),
        (b'{"age": ' + b"9" * 5_000 + b"}", "the request is not JSON: "),
        (b"[" * 100_000, "the request is not a case: it is nested too deeply"),
        (b"null", "the request must be an object such as "),
        (b"[]", "the request must be an object such as "),
        (b'{"age": "12"}', "age: '12' is not one of: under-13, 13-15, 16-17, 18-25, not-known"),
        (b'{"age": ["13-15"]}', "age: it is not one of: under-13"),
        (b'{"age": "' + b"x" * 41 + b'"}', "age: it is not one of: under-13"),
        (b'{"age": "' + b"x" * 40 + b'"}', f"age: '{'x' * 40}' is not one of"),
        (b'{"age": "13-15", "' + b"x" * 40 + b'": 1}', f"{'x' * 40}: not a known key"),
        (b'{"age": "13-15", "responses": []}', "responses: must be an object of item ids and options"),
        (b'{"age": "13-15", "responses": null}', "responses: must be an object of item ids and options"),
        (b'{"age": "13-15", "age": "16-17"}', "age: stands more than once"),
        (b'{"age": "13-15", "responses": {"V1": "no", "V1": "yes"}}', "responses.V1: stands more than once"),
        (b'{"age": "13-15", "facts": {"grounds": "no", "grounds": "no"}}', "facts.grounds: stands more than once"),
        (b'{"age": "13-15", "\\ud800": 1}', "'\\ud800'\u2026: not a known key"),
        (
            b'{"age": "13-15", "responses": {"' + b"x" * 9_000 + b'": "no"}}',
            f"responses.'{'x' * 40}'\u2026: not an item",
        ),
    ],
)
def test_a_malformed_request_is_one_fault(content: bytes, fault: str) -> None:
    """Whatever the input is, the fault is a printable sentence."""
    found = faults_of(content)

    assert [each[: len(fault)] for each in found] == [fault]
    assert str(RequestFault(found)).encode("utf-8")


def test_facts_around_the_items_are_taken_by_the_words_of_the_pack() -> None:
    facts = {"profession": "school", "allocated": "yes", "grounds": "not-decided", "disabled": "yes"}

    assert read_request(json.dumps({"age": "13-15", "facts": facts}).encode(), PACK).answers == facts


def test_faults_of_facts_are_reported_with_the_rest() -> None:
    asked = {
        "age": "13-15",
        "told_or_seen": True,
        "facts": {"weather": "wet", "grounds": "maybe", "told_or_seen": "no"},
    }

    found = faults_of(json.dumps(asked).encode())

    assert found[0].startswith(
        "facts.weather: not a fact; known: danger, told_or_seen, allocated, known, stage, judgement"
    )
    assert "not_at_school" in found[0]
    assert found[1:] == (
        "facts.grounds: 'maybe' is not one of: yes, no, not-decided, not-known",
        "facts.told_or_seen: stands beside the facts too; say it once",
    )
    assert faults_of(b'{"age": "13-15", "facts": []}') == (
        'facts: must be an object of facts and words, such as {"profession": "school"}',
    )


def test_how_others_see_the_case_is_read_and_written_again() -> None:
    views = [
        {"says": "more", "level": "call", "grounds": "yes", "why": ["pattern", "knows-more"], "role": "manager"},
        {"says": "less", "grounds": "undecided", "why": ["plan-holds"]},
        {"says": "as"},
    ]

    case = read_request(json.dumps({"age": "13-15", "views": views}).encode(), PACK)

    assert as_request(case)["views"] == views
    assert CaseView(PACK.instrument, case).facts["second_view"] == {"call", "grounds"}


@pytest.mark.parametrize(
    ("views", "fault"),
    [
        ("[1, 2]", "views[0]: must be an object with: says, level, grounds, why, role"),
        ('{"says": "as"}', "views: must be a list of at most 20"),
        ("[" + ", ".join(['{"says": "as"}'] * 21) + "]", "views: must be a list of at most 20"),
        ("[{}]", "views[0].says: it is not one of: as, more, less"),
        ('[{"says": "more"}]', "views[0].level: stands where a view says “more”, and only there"),
        ('[{"says": "less", "level": "today"}]', "views[0].level: stands where a view says “more”, and only there"),
        (
            '[{"says": "more", "level": "plan"}]',
            "views[0].level: 'plan' is not one of: today, manager, call, emergency",
        ),
        ('[{"says": "as", "grounds": "not-decided"}]', "views[0].grounds: 'not-decided' is not one of: yes, no, undec"),
        ('[{"says": "less", "why": ["pattern"]}]', "views[0].why: 'pattern' is not one of: plan-holds, explained"),
        ('[{"says": "less", "why": "pattern"}]', "views[0].why: must be a list of reasons"),
        ('[{"says": "as", "role": "' + "x" * 41 + '"}]', "views[0].role: must be a text of at most 40 characters"),
        ('[{"says": "as", "who": "Sam"}]', "views[0].who: not a known key; known: says, level, grounds, why, role"),
        ('[{"says": "as"}, {"says": "as", "says": "less"}]', "views[1].says: stands more than once"),
    ],
)
def test_a_malformed_view_is_a_fault_with_its_path(views: str, fault: str) -> None:
    assert faults_of(b'{"age": "13-15", "views": ' + views.encode() + b"}")[0][: len(fault)] == fault


def test_judgement_among_the_facts_is_asked_for_like_judgement() -> None:
    assert faults_of(b'{"age": "13-15", "facts": {"judgement": "not-asked"}}') == (
        "facts.judgement: 'not-asked' is not one of: yes, not-sure, no",
    )
