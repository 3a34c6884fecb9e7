"""A finished session as what its carry-over code holds: no more than the responses, the age band, the month, the judgement."""

from dataclasses import replace

from dialogs.core.codes import carried_of, carry_over_code
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import FACTS, UNSAID
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.talking import Talk

TODAY = NOON.today
CODED = replace(SCRIPT, codes=CARRIER)


def finished() -> Talk:
    """A SERAF with one vulnerability, one item not known and the rest No, judged and finished."""
    answers = ["Yes", "Not known", *["No"] * 21, *["Not in 12 months"] * 7]
    return Talk().open_with().answer(answers).close().press("Not sure")


def test_a_finished_session_is_carried_without_what_was_not_known() -> None:
    """And without the reference, the day, or any answer that cannot change what leads."""
    session = finished().session

    carried = carried_of(session, INSTRUMENT, today=TODAY)

    assert (carried.year, carried.month, carried.age, carried.judgement) == (2026, 3, Age.FROM_13_TO_15, "not-sure")
    assert carried.responses.get("V1") == "yes"
    assert carried.responses.get("V2") is None
    assert len(carried.responses) == 29
    assert carried.answers == Responses()
    assert carried.facts is not None
    assert {"danger": "no", "told_or_seen": "no"}.items() <= dict(carried.facts).items()
    assert not {"profession", "allocated", "age", "consent"} & dict(carried.facts).keys()


def test_the_month_is_that_of_the_judgement_not_of_the_day_on_which_the_code_is_read() -> None:
    """Opened again on the first of the next month, the code is the same; only a session without a day takes today's."""
    session = replace(finished().session, result=replace(finished().session.result, finished="2026-02-28"))

    assert carried_of(session, INSTRUMENT, today=TODAY).month == 2
    assert carried_of(replace(session, result=replace(session.result, finished="")), INSTRUMENT, today=TODAY).month == 3


def test_a_board_s_own_question_is_carried_where_it_was_answered() -> None:
    """A “not known” is left out like every other."""
    session = replace(
        finished().session, answers=replace(finished().session.answers, items=Responses.of({"B1": "yes"}))
    )

    def answers(given: str) -> Responses:
        answered = replace(session, answers=session.answers.give("disabled", given))
        return carried_of(answered, other_board.INSTRUMENT, today=TODAY).answers

    assert answers("yes") == Responses.of({"disabled": "yes"})
    assert answers("not-known") == Responses()


def test_every_word_of_what_can_change_what_leads_is_carried_and_comes_back_out_of_the_code() -> None:
    """Each as it was answered; “not known” is left unsaid unless it leads itself, and the session then has facts all the same."""
    session = finished().session

    for fact, words in FACTS.items():
        for word in (*words[1:], "not-known"):
            answered = replace(session, answers=session.answers.give(fact, word))
            found = CARRIER.read(carry_over_code(answered, CODED))
            assert found is not None
            assert found.facts is not None
            assert found.facts.get(fact) == (word if word in words else None)
    assert {words[0] for words in FACTS.values()} == {UNSAID}


def test_a_judgement_that_was_not_asked_is_carried_as_that() -> None:
    """Never as a No."""
    session = finished().session

    carried = carried_of(replace(session, answers=session.answers.drop("judgement")), INSTRUMENT, today=TODAY)

    assert carried.judgement == "not-asked"


def test_there_is_a_code_at_the_result_and_nowhere_else() -> None:
    """It opens as what was answered; before the result, without a key, and without a day there is none."""
    session = finished().session

    assert CARRIER.read(carry_over_code(session, CODED)) == carried_of(session, INSTRUMENT, today=TODAY)
    assert carry_over_code(session, replace(CODED, codes=None)) == ""
    assert carry_over_code(replace(session, result=replace(session.result, finished="")), CODED) == ""
    assert carry_over_code(Talk().open_with().session, CODED) == ""


def test_what_is_carried_scores_as_the_session_did() -> None:
    """The case that the rules see is the same, but for what was asked around the items."""
    case = finished().session.answers.case()

    carried = carried_of(finished().session, INSTRUMENT, today=TODAY).case()

    assert (carried.age, carried.answers["judgement"]) == (case.age, "not-sure")
    assert carried.responses == case.responses.drop("V2")
