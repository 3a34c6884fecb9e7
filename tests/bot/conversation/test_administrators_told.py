"""Tests of telephone numbers to check: administrators are notified, and a confirmation shows on cards at once."""

from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.memory import in_memory
from bot.storage.tables import Tables
from bot.storage.tables.records import ContactChecks
from bot.trail.chain import Entry
from dialogs.core.role import Role
from seraf.advice.contacts import Check
from tests.support.people.looked_at import Room
from tests.support.people.visiting import Visitor
from tests.support.shipped import NOON, PACK

LINE = "For administrators: phone numbers to confirm or check again: {}."
WARNING = [{"event": "contacts to check", "log_level": "warning"}]


async def confirm(visitor: Visitor, *contacts: str) -> None:
    for each in contacts:
        check = Check(each, PACK.contacts[each].value, NOON.today, is_right=True)
        said = Entry(visitor.clock.now(), "operator", "contact-confirmed", each)
        await visitor.store.write(partial(_keep, check, said))


def _keep(check: Check, said: Entry, tables: Tables) -> None:
    tables.contact_checks.keep(check, said)


async def test_an_administrator_without_a_case_sees_the_line() -> None:
    sam = await Visitor.let_in(Role.ADMIN)

    assert sam.text.startswith(LINE.format(2))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_sees_the_line(role: Role) -> None:
    sam = await Visitor.let_in(role)

    assert "For administrators" not in sam.text


async def test_an_administrator_who_has_a_case_is_not_held_up() -> None:
    sam = await Visitor.let_in(Role.ADMIN)
    await sam.begin()
    assert "For administrators" not in sam.text
    await sam.command("lock")

    assert "For administrators" not in sam.text


async def test_a_confirmation_shows_at_the_next_card_of_a_running_bot() -> None:
    room = Room(await Visitor.let_in(Role.ADMIN))
    await confirm(room.sam, "art")

    await room.look(seconds=2)
    assert room.sam.text.startswith(LINE.format(1))
    await room.sam.press("Call now", "Contacts")
    assert "You do not need a SERAF to call. Checked 4 March 2026." in room.sam.text
    await confirm(room.sam, "edt")
    await room.look(seconds=2)
    await room.sam.press("Back")

    assert "For administrators" not in room.sam.text


async def test_the_log_reports_it_once_a_day_without_the_numbers() -> None:
    room = Room(await Visitor.let_in())
    with capture_logs() as first_day:
        for _ in range(3):
            await room.look(hours=1)
    with capture_logs() as second_day:
        for _ in range(2):
            await room.look(hours=24)
    await confirm(room.sam, "art", "edt")
    with capture_logs() as third_day:
        await room.look(hours=24)

    assert first_day == WARNING
    assert second_day == WARNING * 2
    assert third_day == []


async def test_checks_that_cannot_be_read_leave_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(await Visitor.let_in(Role.ADMIN))
    await confirm(room.sam, "art", "edt")
    await room.look(seconds=2)

    def shut(_: ContactChecks) -> tuple[Check, ...]:
        raise StoreFault("changed from outside")

    monkeypatch.setattr(ContactChecks, "latest", shut)
    await room.sam.bot.checked.refresh(in_memory())

    assert "For administrators" not in room.sam.text
