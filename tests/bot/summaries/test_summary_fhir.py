"""Tests of a summary as FHIR R4B: valid resources, with only answers that its Questionnaire offers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from bot.summaries.forms import as_fhir
from dialogs.core.codes import carried_of
from dialogs.summary.carried import summarise_carried
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary
from seraf.form.responses import Responses
from seraf.form.second_view import Says
from tests.support.counts import each_seed
from tests.support.oracles import oracle
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, WORDING
from tests.support.talk.summaries import (
    ALL,
    HELD_BY,
    HOSTILE,
    NONE,
    WORST,
    drawn,
    finished,
    handed,
    noted,
    summary,
    tapped,
)

STATUSES = {"in-progress", "completed"}


def fhir(told: Summary) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_fhir(told, WORDING))
    return found


def asked(items: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in items:
        yield item["linkId"], item
        yield from asked(item.get("item", []))


def answered(items: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for item in items:
        if "answer" not in item:
            yield item["linkId"], None
        for answer in item.get("answer", []):
            yield item["linkId"], answer
            yield from answered(answer.get("item", []))
        yield from answered(item.get("item", []))


def judge(found: dict[str, Any]) -> None:
    oracle("fhir.resources.R4B.questionnaireresponse").QuestionnaireResponse.model_validate(found)
    kinds = {"Questionnaire": "questionnaire", "PractitionerRole": "practitionerrole", "Provenance": "provenance"}
    for each in found["contained"]:
        kind = each["resourceType"]
        getattr(oracle(f"fhir.resources.R4B.{kinds[kind]}"), kind).model_validate(each)


def faults(found: dict[str, Any]) -> list[str]:
    form, *_ = found["contained"]
    pairs = list(asked(form["item"]))
    questions = dict(pairs)
    wrong = [f"{link} twice" for link in questions if [each for each, _ in pairs].count(link) > 1]
    if found["questionnaire"] != f"#{form['id']}":
        wrong.append("names another form")
    if found["status"] not in STATUSES:
        wrong.append(found["status"])
    for link, answer in answered(found["item"]):
        if link not in questions:
            wrong.append(f"{link} is not asked")
        elif answer is not None:
            wrong += _against(questions[link], answer, link)
    return wrong


def _against(question: dict[str, Any], answer: dict[str, Any], link: str) -> list[str]:
    value = {"choice": "valueCoding", "text": "valueString", "string": "valueString", "integer": "valueInteger"}
    (name,) = {each for each in answer if each != "item"}
    if name != value[question["type"]]:
        return [f"{link}: {name} for {question['type']}"]
    offered = [
        {k: v for k, v in each["valueCoding"].items() if k != "extension"} for each in question.get("answerOption", [])
    ]
    return [f"{link}: {answer[name]}"] if offered and answer[name] not in offered else []


@each_seed(300, 8)
def test_every_summary_is_a_valid_response_with_a_valid_form(seed: int) -> None:
    session = drawn(seed)
    carried = summarise_carried(carried_of(session, INSTRUMENT, today=NOON.today), SCRIPT, now=NOON)

    shared = summarise(handed(session, *Says), SCRIPT, by=HELD_BY, now=NOON)
    for result in (summarise(session, SCRIPT, now=NOON), carried, shared):
        found = fhir(result)
        judge(found)
        assert faults(found) == []


def test_it_is_about_nobody_by_name() -> None:
    assert not {"subject", "author", "source", "encounter"} & set(fhir(summary()))


def test_it_carries_reference_edition_fingerprint_and_time() -> None:
    found = fhir(summary())

    assert found["identifier"] == {"value": "BRISK OTTER 41"}
    assert found["authored"] == "2026-03-04T12:00:00+00:00"
    assert found["contained"][0]["identifier"] == [{"value": INSTRUMENT.fingerprint}]
    assert found["contained"][0]["version"] == INSTRUMENT.edition.label
    assert "not a complete SERAF" in " ".join(found["text"]["div"].split())


def test_from_a_code_it_has_no_identifier() -> None:
    carried = carried_of(drawn(1), INSTRUMENT, today=NOON.today)

    assert "identifier" not in fhir(summarise_carried(carried, SCRIPT, now=NOON))


def test_it_is_in_progress_until_reasons_and_voices_are_recorded() -> None:
    most = noted("Said so.")

    assert fhir(summary())["status"] == "in-progress"
    assert (
        fhir(summary(WORST, ALL, {key: text for key, text in most.items() if key != "V1"}))["status"] == "in-progress"
    )
    assert (
        fhir(summary(WORST, ALL, {key: text for key, text in most.items() if key != "voice"}))["status"]
        == "in-progress"
    )
    assert fhir(summary(WORST, ALL, most))["status"] == "completed"


def test_the_reason_for_a_tick_is_asked_within_its_item_and_only_there() -> None:
    form = dict(asked(fhir(summary())["contained"][0]["item"]))
    found = fhir(summary(WORST, {**NONE, "V1": "yes"}, {"V1": "Seen."}))

    assert [each["answerCoding"]["code"] for each in form["item.S1.reason"]["enableWhen"]] == [
        "current",
        "recent",
        "both",
    ]
    assert dict(answered(found["item"]))["item.V1.reason"] == {"valueString": "Seen."}
    assert "item.V2.reason" not in dict(answered(found["item"]))


def test_a_reason_that_was_tapped_is_its_reason_with_the_words_that_were_noted() -> None:
    session = finished(WORST, {**NONE, "V1": "yes", "V2": "yes"}, {"V2": "Seen."})
    session = replace(session, answers=replace(session.answers, says=Responses.of({"V1": "child", "V2": "seen"})))

    found = dict(answered(fhir(summarise(session, SCRIPT, now=NOON))["item"]))

    assert found["item.V1.reason"] == {"valueString": "Says: the child."}
    assert found["item.V2.reason"] == {"valueString": "Says: seen by me. Own words: Seen."}


def test_the_points_of_every_option_are_in_the_form() -> None:
    form = dict(asked(fhir(summary())["contained"][0]["item"]))

    points = [each["valueCoding"]["extension"][0]["valueDecimal"] for each in form["item.S1"]["answerOption"]]
    assert points == [5, 1, 6, 0, 0]


def test_the_narrative_is_text_whatever_was_noted() -> None:
    found = fhir(summary(WORST, ALL, noted(HOSTILE)))

    tree = ElementTree.fromstring(found["text"]["div"])

    assert [child.tag.rpartition("}")[2] for child in tree.iter()] == ["div", "pre"]
    assert "<tag> &" in "".join(tree.itertext())
    judge(found)


def test_the_card_and_its_log_are_in_it() -> None:
    result = summarise(tapped(finished(WORST, ALL), ("care", "12:22", "referral")), SCRIPT, now=NOON)
    found = fhir(result)
    form = dict(asked(found["contained"][0]["item"]))
    (log,) = [group["item"] for group in found["item"] if group["linkId"] == "log"]

    said = dict(answered(found["item"]))["action.care"]
    assert said is not None
    assert said["valueString"].startswith("Call ART and make a referral, by Wed 4 Mar 12:30. ART 01454 866000.")
    assert said["valueString"].endswith("referral taken; to hear by Thu 5 Mar 12:22")
    assert [[each["valueString"] for each in item["answer"]] for item in log] == [
        [each.words for each in result.log],
        [each.open_words for each in result.advice.actions if each.open_words],
    ]
    assert found["item"][-1]["linkId"] == "log"
    assert form["action.care"]["readOnly"]
    assert form["log.open"]["readOnly"]


def test_a_low_number_in_words_is_never_without_what_it_does_not_show() -> None:
    found = dict(answered(fhir(summary(WORST, NONE))["item"]))["number.words"]

    assert found is not None
    assert found["valueString"].endswith("on the form). A low number does not mean that the child is safe.")


def test_its_author_holds_the_case_and_each_view_attests_or_for_less_only_verifies() -> None:
    found = fhir(summarise(handed(finished(WORST, ALL), *Says), SCRIPT, by=HELD_BY, now=NOON))
    contained = {each["id"]: each for each in found["contained"]}

    author = contained[found["author"]["reference"].removeprefix("#")]
    views = [each for each in contained.values() if each["resourceType"] == "Provenance"]
    agents = [each["agent"][0] for each in views]
    assert author["practitioner"] == {"display": "Jo Ames"}
    assert {each["target"][0]["reference"] for each in views} == {"#"}
    assert [each["type"]["coding"][0]["code"] for each in agents] == ["attester", "attester", "verifier"]
    for each in agents:
        assert contained[each["who"]["reference"].removeprefix("#")]["code"] == [{"text": "manager"}]
    assert [link for link, _ in answered(found["item"]) if link.startswith("view.")] == ["view.1", "view.2", "view.3"]
