"""Tests of the retention of a case: holds, retention times, warnings, and the audit entries of each assessment."""

from datetime import timedelta

import pytest

from bot.trail.chain import Entry
from dialogs.core.replies import Ring
from dialogs.core.role import Role
from state_machines.assessment import Phase
from tests.support.people.visiting import OPEN, REFERENCE, START, Visitor

WHO = OPEN[Role.PRACTITIONER].audit_id


@pytest.fixture
async def sam() -> Visitor:
    return await (await Visitor.let_in()).begin()


async def test_the_audit_has_what_was_begun_finished_and_erased_and_no_more(sam: Visitor) -> None:
    await sam.finish()
    sam.later(minutes=1)
    await sam.press("More", "Change answers", "Continue", "Yes")
    assert sam.session.phase is Phase.RESULT
    await sam.command("erase")
    await sam.press("Erase now")

    assert [(each.who, each.what, each.reference) for each in await sam.entries()] == [
        (WHO, "begun", REFERENCE),
        (WHO, "finished", REFERENCE),
        (WHO, "erased", REFERENCE),
    ]


async def test_the_next_assessment_is_finished_on_its_own(sam: Visitor) -> None:
    await sam.finish()
    await sam.command("erase")
    await sam.press("Erase now")
    assert sam.record.heads == ()

    await sam.begin()
    await sam.finish()

    assert (await sam.words()) == ["begun", "finished", "erased", "begun", "finished"]


async def test_a_case_past_its_term_is_erased_and_reported_once(sam: Visitor) -> None:
    await sam.pass_time(days=5)
    assert sam.effects == (Ring(),)
    assert "will be erased on 11 March 2026, 12:00" in sam.text
    assert REFERENCE not in sam.text

    await sam.pass_time(days=1)
    await sam.type()
    await sam.pass_time(days=1)
    assert (sam.record.case, sam.card) == (None, None)
    assert (await sam.entries())[-1] == Entry(START + timedelta(days=7), "bot", "erased-by-time", REFERENCE)

    await sam.type()
    assert "A case was erased here" in sam.text
    await sam.pin()
    assert "A case was erased here" not in sam.text
    assert "SERAF consultation" in sam.text


async def test_going_on_after_the_warning_restarts_the_term(sam: Visitor) -> None:
    await sam.pass_time(days=6)
    await sam.pin()
    await sam.press("No")

    assert "will be erased" not in sam.text
    await sam.pass_time(days=4)
    assert sam.record.case is not None
    assert sam.effects == ()


async def test_a_warning_that_is_due_is_shown_though_the_card_was_abandoned(sam: Visitor) -> None:
    await sam.pass_time(days=5, is_old=True)

    assert sam.effects == (Ring(),)
    assert "will be erased on" in sam.text
