"""Tests of a result that others raised, or that changed hands: what leads, its lines, its review code and its review."""

from dataclasses import replace

from dialogs.core.codes import carry_over_code
from dialogs.core.session import Session
from dialogs.phrases.earlier import reviewed
from dialogs.result.actions import lead_of, lines_of
from dialogs.review.changes import comparison_paragraphs
from seraf.advice.action_log import logged
from seraf.advice.action_plan import CardLine, Urgency
from seraf.form.responses import Responses
from seraf.form.second_view import Owed, OwedCall, Says, SecondView
from tests.support.pack.carrying import CARRIER
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.reviews import reviewing
from tests.support.talk.summaries import finished

NONE = {item.id: "no" for item in INSTRUMENT.items}
ANSWERS = {"profession": "other", "age": "13-15", "danger": "no", "told_or_seen": "no", "judgement": "no"}
CALL = SecondView(Says.MORE, "call", "yes", ("serious-unknown",), role="manager")


def result(*views: SecondView, owed: Owed | None = None) -> Session:
    session = finished(ANSWERS, NONE)
    return replace(session, result=replace(session.result, views=views, owed=owed or Owed()))


def led(session: Session) -> Urgency:
    return lead_of(reviewed(session, SCRIPT, now=NOON), SCRIPT).urgency


def titles(session: Session) -> dict[CardLine, str]:
    return {line.line: line.planned.title for line in lines_of(session, SCRIPT, now=NOON)}


def test_a_view_that_is_added_raises_the_same_answers_with_their_lines() -> None:
    """The answers were looked at before, and what was derived from them is not used again."""
    session = result()

    assert led(session) is Urgency.PLAN
    raised = replace(session, result=replace(session.result, views=(CALL,)))
    assert led(raised) is Urgency.CALL
    assert titles(raised)[CardLine.CARE] == "Call ART and make a referral"
    assert led(session) is Urgency.PLAN


def test_an_open_call_of_the_holder_before_stays_with_its_time_until_it_is_made() -> None:
    by = "2026-03-04T15:30:00+00:00"
    session = result(owed=Owed("today", (OwedCall("care", by, "school-duty"),)))

    (care,) = (line for line in lines_of(session, SCRIPT, now=NOON) if line.line is CardLine.CARE)

    assert (care.planned.title, care.due.isoformat()) == ("Discuss the concern with ART", by)
    assert CardLine.CARE not in titles(result())
    made = session.logged(logged((), CardLine.CARE, what="referral", at=NOON.at))
    assert CardLine.CARE not in titles(made)


def test_the_review_code_has_what_others_raised_and_a_floor_only_above_the_answers() -> None:
    raised = result(replace(CALL, grounds="no"), owed=Owed("today"))
    above, below = result(owed=Owed("manager")), result(owed=Owed("manager"))
    below = below.answered(Responses.of({**ANSWERS, "judgement": "yes"}))

    codes = [CARRIER.read(carry_over_code(session, SCRIPT)) for session in (raised, above, below, result())]

    held = [(code.facts.get("second_view"), code.facts.get("second_grounds")) for code in codes if code]
    assert held == [("call", "no"), ("manager", None), (None, None), (None, None)]


def test_the_review_says_what_others_raised_it_to_and_that_it_still_counts() -> None:
    code = carry_over_code(result(CALL), SCRIPT)
    then = CARRIER.read(code)
    assert then is not None

    said = "\n".join(each.text for each in comparison_paragraphs(then, then, script=SCRIPT))
    view = reviewed(reviewing(code).session, SCRIPT, now=NOON)

    assert "with a second person: call now" in said
    assert "reasonable grounds as a second person saw it: Yes" in said
    assert view.case.earlier["still_counts"] == {"second_view"}
