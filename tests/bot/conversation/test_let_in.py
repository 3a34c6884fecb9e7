"""Tests of admission: a code admits once, and a first administrator who has no row is admitted without a code."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.account import Account, Removed, read_account
from bot.access.admission import Invitation
from bot.crypto.at_random import make_code
from bot.storage.values import Decision, Inbound
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.support.people.accounts import account_with, altered
from tests.support.people.visiting import OPEN, PERSON, START, Visitor

CODE = make_code()
INVITED = Invitation("0123abcd", Role.MANAGER, "Desk 4")
HERE = OPEN[Role.PRACTITIONER]
BEA = "telegram:8"


async def invited(*, admins: tuple[str, ...] = ()) -> Visitor:
    sam = Visitor(admins=admins)
    await sam.store.write(lambda t: t.invitation_codes.issue(CODE, INVITED.text(), until=START + timedelta(days=7)))
    return sam


async def test_a_code_admits_once_and_leads_to_the_notice() -> None:
    sam = await invited()

    await sam.start(CODE)

    assert sam.access == account_with("0123abcd", Role.MANAGER, START + timedelta(days=90), "Desk 4")
    assert "Before you begin" in sam.text
    assert await sam.entries() == [Entry(START, "0123abcd", "admitted")]
    assert sam.record.due == START + timedelta(days=90)


@pytest.mark.parametrize("standing", [HERE, altered(HERE, until=START), altered(HERE, tries=5), Removed()])
async def test_a_code_does_nothing_for_a_known_person(standing: Account | Removed) -> None:
    sam = await invited()
    await sam.set(standing)

    await sam.start(CODE)
    bea = await Visitor(BEA, beside=sam).start(CODE)

    after = read_account(sam.record.access)
    assert after == standing or (isinstance(after, Account) and after.admission.until == HERE.admission.until)
    assert bea.access.audit_id == "0123abcd"


@pytest.mark.parametrize("admins", [(), (PERSON,)])
async def test_a_case_without_a_standing_is_erased_at_a_new_admission(admins: tuple[str, ...]) -> None:
    begun = await (await invited(admins=admins)).set(HERE)
    await begun.begin()
    sam = await invited(admins=admins)
    bare = Inbound("bare", START, PERSON, lambda *_: Decision(replace(begun.record, access=""), ()), None)
    await sam.store.turns([bare])

    await sam.start(CODE)

    assert sam.record.case is None
    assert "Before you begin" in sam.text
    assert (await sam.words())[-2:] == ["erased", "admitted"]


async def test_a_first_administrator_is_admitted_without_a_code() -> None:
    sam = await Visitor(admins=(PERSON,)).start()

    assert (sam.access.admission.role, sam.access.admission.until) == (Role.ADMIN, START + timedelta(days=90))
    assert sam.access.admission.name == "First administrator"
    assert "Before you begin" in sam.text
    assert await sam.entries() == [Entry(START, sam.access.audit_id, "admitted")]
    await sam.press("I understand")
    assert await sam.words() == ["admitted", "notice"]


async def test_a_first_administrator_uses_no_code() -> None:
    sam = await (await invited(admins=(PERSON,))).start(CODE)

    assert sam.access.admission.role is Role.ADMIN
    assert (await Visitor(BEA, beside=sam).start(CODE)).access.admission.role is Role.MANAGER
