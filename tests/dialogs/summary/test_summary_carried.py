"""Tests of summaries made from a review code: the advice is that of the assessment; older formats give no advice."""

import io
import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from bot.summaries.forms import as_fhir, as_json, made
from bot.summaries.paper import as_pdf, on_paper
from dialogs.core.codes import carried_of, carry_over_code
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import advised
from dialogs.phrases.earlier import said_of_an_adult
from dialogs.summary.carried import summarise_carried
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary
from dialogs.summary.text import as_text
from seraf.advice.guidance import Note
from seraf.form.circumstances import Basis, Condition, given_for
from seraf.form.responses import NOTHING, Responses
from seraf.review.carry_over import FACTS, FACTS_2, KNOWN, Carried, in_format
from tests.support.counts import each_seed, times
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH, OLDER, SECOND
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING
from tests.support.talk.summaries import ALL, NONE, WORST, drawn, finished

UNKNOWING = WORDING.say("summary.older-code")
TOLD = next(each.title for each in PACK.guidance.leads if each.id == "told")
FIND = tuple(each.title for each in PACK.guidance.leads if each.reason == "find")
LOW = next(each.text for each in PACK.guidance.leads if each.id == "category-1")
CASES = range(times(20_000, 90))
SHORT = [each.id for each in PACK.guidance.circumstances]
ROUNDS = 4
"""How often `case` answers the short questions: an answer can lead to further questions."""


def case(seed: int, **given: str) -> Session:
    """Return a random finished session with no profession and every question answered.
    With an even seed, the answers were given before the last ticks, so that some no longer apply.
    """
    session, draw = drawn(seed), random.Random(f"facts {seed}")
    opened = {"danger": draw.choice(("yes", "missing", "no", "not-known")), **given}
    session = session.answered(Responses.of({**dict(session.answers.drop("profession").around), **opened}))
    for _ in range(ROUNDS):
        asked = {each.id: draw.choice(each.words) for each in advised(session, PACK).asked}
        session = session.answered(Responses.of({**asked, **dict(session.answers.around)}))
    early = {
        given_for(each.id): f"present={draw.choice(tuple(ALL))}" for each in PACK.guidance.circumstances if each.again
    }
    return session if seed % 2 else session.answered(Responses.of({**dict(session.answers.around), **early}))


def from_its_code(session: Session) -> Summary:
    carried = CARRIER.read(carry_over_code(session, SCRIPT))
    assert carried is not None
    return summarise_carried(carried, SCRIPT, now=NOON)


def older(session: Session) -> Carried:
    return in_format(carried_of(session, INSTRUMENT, today=NOON.today), 1)


def fact(question: str, script: Script) -> str:
    return next(each.label for each in summarise(drawn(1), script, now=NOON).answers.facts if each.id == question)


def words_of(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.prove
@pytest.mark.parametrize("start", range(3))
def test_a_desk_leads_with_all_that_the_assessment_led_with(start: int) -> None:
    """A summary made from the code has the same leads: the code holds every answer that can change them."""
    sessions = [case(seed) for seed in CASES[start::3]]

    lost = [
        (session, result.advice.leads)
        for session in sessions
        if (result := from_its_code(session)).advice.leads != summarise(session, SCRIPT, now=NOON).advice.leads
    ]

    assert lost == []


@pytest.mark.prove
@pytest.mark.parametrize("start", range(3))
def test_a_disclosure_leads_at_a_desk_too(start: int) -> None:
    sessions = [case(seed, told_or_seen="yes") for seed in CASES[start::3]]

    for session in sessions:
        leads = from_its_code(session).advice.leads
        first = next(lead for lead in leads if lead.title not in FIND)
        assert TOLD in [lead.title for lead in leads]
        assert (first.title == TOLD) is not (leads[0].urgency == "emergency")
        assert LOW not in [lead.text for lead in leads]


def test_a_low_number_after_a_disclosure_does_not_reassure() -> None:
    low = {"age": "13-15", "danger": "no", "judgement": "no", "profession": "health"}

    result, silent = (from_its_code(finished({**low, "told_or_seen": word}, NONE)) for word in ("yes", "no"))

    assert result.advice.leads[0].title == TOLD
    assert LOW not in words_of(as_text(result, WORDING))
    assert LOW in words_of(as_text(silent, WORDING))


@pytest.mark.parametrize("word", ["yes", "no", "not-known", ""])
@pytest.mark.parametrize("fact", ["danger", "told_or_seen"])
def test_danger_and_disclosure_are_on_it_as_answered(fact: str, word: str) -> None:
    """Codes of format 2 cannot say that a question was not answered, so that reads as “not known”."""
    session = finished({**WORST, "danger": "no", fact: word} if word else {"age": "13-15"}, ALL)
    second = in_format(carried_of(session, INSTRUMENT, today=NOON.today), 2)

    result, before = from_its_code(session), summarise_carried(second, SCRIPT, now=NOON)

    assert [{each.id: each.answer for each in made.answers.facts}[fact] for made in (result, before)] == [
        word,
        word or "not-known",
    ]
    assert result.advice.leads == summarise(session, SCRIPT, now=NOON).advice.leads
    assert UNKNOWING not in (*result.warnings, *before.warnings)


def test_an_answer_that_a_later_tick_has_made_stale_is_not_asked_in_a_code_either() -> None:
    """A code does not say for which ticks “it is over” was given. Kept, it would hide that the child may self-harm."""
    given = {"going_on": "no", given_for("going_on"): "present=V2"}
    session = finished({**WORST, "told_or_seen": "no", "danger": "no", **given}, {**NONE, "V2": "yes", "M4": "yes"})

    result = from_its_code(session)

    despair = next(each.title for each in PACK.guidance.leads if each.id == "despair")
    assert despair in [lead.title for lead in result.advice.leads]
    assert {each.id: each.answer for each in result.answers.facts}["going_on"] == ""


def test_questions_unknown_to_the_second_format_are_gaps_and_count_as_not_asked() -> None:
    """A question that format 2 cannot store must not be read as “it is over”."""
    session = finished(
        {**WORST, "going_on": "no", "judgement": "no", "told_or_seen": "no", "danger": "no"}, {**NONE, "V2": "yes"}
    )
    carried = carried_of(session, INSTRUMENT, today=NOON.today)

    newer, second = (summarise_carried(each, SCRIPT, now=NOON) for each in (carried, in_format(carried, 2)))

    ours = {fact(each, SCRIPT) for each in FACTS.keys() - FACTS_2.keys()}
    assert {*second.gaps} - {*newer.gaps} == ours
    assert second.code == CARRIER.write(in_format(carried, 2))
    harm = next(each.title for each in PACK.guidance.leads if each.id == "harm-unclear")
    assert [harm in [lead.title for lead in each.advice.leads] for each in (newer, second)] == [False, True]


def test_a_fact_is_missing_only_from_codes_that_cannot_hold_it() -> None:
    (question,) = other_board.INSTRUMENT.questions
    instrument = replace(other_board.INSTRUMENT, questions=(replace(question, id="online"),))
    script = replace(SCRIPT, pack=replace(PACK, instrument=instrument), codes=None)

    newer, old = (
        summarise_carried(replace(each, responses=Responses(), fingerprint=instrument.fingerprint), script, now=NOON)
        for each in (MARCH, OLDER)
    )

    held = {"In danger or missing now", "Told or seen", fact("online", script)}
    assert {*old.gaps} - {*newer.gaps} == held | {fact(each, SCRIPT) for each in SHORT if each in FACTS} - {
        fact("online", SCRIPT)
    }
    assert {*newer.gaps} < {*old.gaps}


@each_seed(2_000, 20)
def test_an_older_code_gives_no_advice(seed: int) -> None:
    """Leads, steps and actions could depend on facts that format 1 lacks. It has a warning and whom to call instead."""
    session = case(seed)
    rules, fit = PACK.guidance, said_of_an_adult if session.answers.get("age") == "18-25" else str

    result = summarise_carried(older(session), SCRIPT, now=NOON)

    said = [words_of(as_text(result, WORDING)), as_json(result).decode(), as_fhir(result, WORDING).decode()]
    said.append(json.dumps(on_paper(result, WORDING), ensure_ascii=False))
    assert (result.advice.leads, result.advice.actions, result.log, result.advice.steps, result.warnings[0]) == (
        (),
        (),
        (),
        (),
        fit(UNKNOWING),
    )
    for form in said:
        assert not [lead.id for lead in rules.leads if fit(lead.title) in form or fit(lead.text) in form]
        assert not [step.id for step in rules.steps if fit(step.text) in form]
        assert not [action.id for action in rules.plan.actions if fit(action.why) in form]
        assert WORDING.say("summary.part.do") not in form
        assert words_of(fit(UNKNOWING)) in form
        assert "999" in form


def test_notes_that_rest_on_nothing_unsaid_stay_and_the_others_go() -> None:
    session = finished({**WORST, "told_or_seen": "no", "judgement": "no", "age": "16-17"}, {**NONE, "S1": "current"})
    resting = Note(
        "untold", "Nobody was told.", Basis(), Condition((("told_or_seen", frozenset({"no", "not-asked"})),))
    )
    guidance = replace(PACK.guidance, notes=(*PACK.guidance.notes, resting))
    script = replace(SCRIPT, pack=replace(PACK, guidance=guidance))

    newer, old = (
        summarise_carried(carried, script, now=NOON)
        for carried in (carried_of(session, INSTRUMENT, today=NOON.today), older(session))
    )

    assert "Nobody was told." in newer.advice.mix
    assert {*newer.advice.mix} - {*old.advice.mix} == {"Nobody was told."}
    assert old.advice.mix


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("fhir", json.loads)])
def test_programmes_are_given_no_lead_and_the_warning(form: str, read: Callable[[bytes], object]) -> None:
    result = summarise_carried(OLDER, SCRIPT, now=NOON)

    found = read(made(form, result, wording=WORDING).content)

    assert isinstance(found, dict)
    if form == "json":
        assert (found["leads"], found["actions"], found["steps"]) == ([], [], [])
        assert found["warnings"][0] == UNKNOWING
    else:
        assert UNKNOWING in found["contained"][0]["description"]
        assert UNKNOWING in words_of(found["text"]["div"])


def test_on_paper_an_older_code_has_no_heading_over_nothing() -> None:
    newer, old = (summarise_carried(each, SCRIPT, now=NOON) for each in (MARCH, OLDER))

    read = {
        result: words_of(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(result, WORDING))).pages))
        for result in (newer, old)
    }

    assert "What is due, and what was done" in read[newer]
    assert "More steps" in read[newer]
    assert "What is due, and what was done" not in read[old]
    assert "More steps" not in read[old]
    assert "What was done" not in read[old]
    assert UNKNOWING in read[old]
    assert UNKNOWING not in read[newer]
    assert old.advice.contacts[0] in read[old]


def test_the_code_on_it_is_the_code_that_it_was_made_from() -> None:
    """A code written anew could say “not known” of a question that was not asked."""
    for carried in (MARCH, SECOND, OLDER):
        result = summarise_carried(carried, SCRIPT, now=NOON)
        assert result.code == CARRIER.write(carried)
        assert CARRIER.read(result.code) == carried
    assert summarise_carried(MARCH, replace(SCRIPT, codes=None), now=NOON).code == ""


def test_a_desk_plans_for_a_reader_whose_role_is_not_known() -> None:
    """The lines of the action card have no times or taps: a code does not contain what was done."""
    session = case(3, told_or_seen="yes")
    held = {key: word for key, word in session.answers.around if key in KNOWN}
    unheld = {"profession": "school", "allocated": "yes", "stage": "review"}

    result = from_its_code(session.answered(Responses.of({**held, **unheld})))

    unknown = summarise(
        replace(
            session,
            answers=replace(session.answers, around=Responses.of(held)),
            result=replace(session.result, due=NOTHING),
        ),
        SCRIPT,
        now=NOON,
    ).advice.actions
    assert [each.title for each in result.advice.actions] == [each.title for each in unknown]
    assert {(each.by, each.by_words, each.state, each.open_words) for each in result.advice.actions} == {
        ("", "", "not-known", "")
    }
    assert result.log == ()
    assert "what was done" in result.gaps
    for said in (as_text(result, WORDING), as_fhir(result, WORDING).decode()):
        assert "Still open" not in said
        assert "OPEN" not in said


def test_an_answer_missing_from_a_code_is_marked_so() -> None:
    """Such an answer reads “not known” if it must have been asked for, and otherwise says that this is uncertain."""
    newer, second = (summarise_carried(each, SCRIPT, now=NOON) for each in (MARCH, SECOND))

    for result, missing in ((newer, "not asked"), (second, "not known, or not asked")):
        words = {each.id: (each.answer, each.words) for each in result.answers.facts}
        assert words["moved"] == ("not-known", "Not known")
        assert words["grounds"] == ("", "not known, or not asked")
        assert words["missing_now"] == ("", missing)
        assert words["safe"] == ("", "not asked")
        assert result.lines[1].answer == "not known, or not asked"
        assert not {"disabled", "lives_elsewhere", "allocated"} & words.keys()
