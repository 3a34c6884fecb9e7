"""Tests of admissions that expire: who is notified, when and how often, and what an administrator can do afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.access.account import Terms
from bot.access.due import expiring, is_to_be_told, notices_due, run_out
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room
from tests.support.people.staff import fresh, staffed, standing
from tests.support.people.visiting import START

TERMS = Terms()
UNTIL = datetime(2026, 4, 20, 15, tzinfo=UTC)
NINE = timedelta(hours=8)
"""Nine in the morning in England in April, as an offset from midnight UTC."""
COUNT = "For administrators: admissions that run out soon: {}. Renew them in /people"


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 4, 6, tzinfo=UTC) + NINE - timedelta(microseconds=1), 0),
        (datetime(2026, 4, 6, tzinfo=UTC) + NINE, 1),
        (datetime(2026, 4, 17, tzinfo=UTC) + NINE - timedelta(microseconds=1), 1),
        (datetime(2026, 4, 17, tzinfo=UTC) + NINE, 2),
    ],
)
def test_a_notice_is_due_at_nine_fourteen_and_three_days_before(at: datetime, due: int) -> None:
    access = altered(standing("Sam"), until=UNTIL)

    assert notices_due(access, at, terms=TERMS) == due
    assert notices_due(access, at, terms=Terms(renewal=timedelta(days=14))) == max(due - 1, 0)
    assert is_to_be_told(access, at, terms=TERMS) == (due > 0)
    assert not is_to_be_told(access, UNTIL, terms=TERMS)


def test_those_who_are_near_their_end_are_counted_with_the_first_first() -> None:
    people = [altered(standing(f"{days}"), until=START + timedelta(days=days)) for days in (15, 14, 3, 0, -1)]

    assert [each.admission.name for each in expiring(people, START)] == ["3", "14"]
    assert [each.admission.name for each in expiring(people, START, within=timedelta(days=3))] == ["3"]
    assert [each.admission.name for each in expiring(people, START, within=None)] == ["3", "14", "15"]
    admin = altered(people[3], name="admin", role=Role.ADMIN)
    assert [each.admission.name for each in run_out([*people, admin], START)] == ["admin", "-1", "0"]


async def test_the_person_sees_a_line_twice_until_they_act_and_administrators_a_count() -> None:
    ann, (sam,) = await staffed(standing("Sam", days=14.2))
    room = Room(await sam.pass_time(minutes=11))
    with capture_logs() as logs:
        assert "runs out" not in await room.look(hours=19.5)  # half past seven in the morning, thirteen days before
        assert "runs out" in await room.look(hours=1.6)
        await room.look(seconds=1)
    text = (await fresh(sam)).text
    assert "Your access runs out on 18 March 2026, 16:48. Ask an administrator to renew it." in text
    assert "Tap your PIN" in text, "it stands above a locked chat too"
    assert [each["people"] for each in logs if each["event"] == "admissions near their end"] == [1]

    await sam.pin()
    assert "runs out" in sam.text
    await sam.command("contacts")
    assert "runs out" not in sam.text
    again = Room(sam)
    await again.look(hours=1)
    assert "runs out" not in (await fresh(sam)).text

    await again.look(days=11)
    assert "runs out" in (await fresh(sam)).text
    await (await (await fresh(ann)).start()).pin()
    assert COUNT.format(1) in ann.text
    await ann.command("people")
    await ann.press("Runs out soon (1)", "Renew all (1)", "Renew all now", "Close")
    assert "run out soon" not in ann.text
    assert "runs out" not in (await fresh(sam)).text
    await again.look(days=2)
    assert "runs out" not in (await fresh(sam)).text
    await again.look(days=86)
    assert "runs out" in (await fresh(sam)).text
    await (await sam.start()).pin()
    await sam.command("contacts")
    await again.look(hours=1)
    assert "runs out" not in (await fresh(sam)).text


async def test_nobody_is_notified_at_night_and_many_are_notified_in_batches() -> None:
    ann, people = await staffed(*(standing(f"{number:03}", days=5) for number in range(30)))
    room = Room(ann)

    await room.look(hours=12)
    assert [(await fresh(each)).access.admission.told_end for each in people] == [0] * 30
    await room.look(hours=12)
    assert sum([(await fresh(each)).access.admission.told_end for each in people]) in (19, 20)
    await room.look(seconds=1)

    assert [(await fresh(each)).access.admission.told_end for each in people] == [1] * 30
    assert (await fresh(ann)).access.notices.ending == 30


async def test_an_administrator_whose_access_has_ended_sees_how_to_have_it_renewed() -> None:
    ann, (sam,) = await staffed(standing("Sam", days=-1), days=-1)

    assert f"seraf-bot people renew {ann.access.audit_id}" in ann.text
    assert "SERAF_ADMINS" not in ann.text
    assert "people renew" not in sam.text
    assert "Ask an administrator to renew it." in sam.text


async def test_an_administrator_is_notified_once_of_their_own_end() -> None:
    """Administrators cannot renew their own access, so the count of expiring admissions leaves it out."""
    ann, _ = await staffed(standing("Sam"), days=10)
    room = Room(ann)

    assert "Your own access runs out" in await room.look(hours=24)
    assert "admissions that run out soon" not in (await fresh(ann)).text
    await (await (await fresh(ann)).start()).pin()
    await ann.command("people")
    await ann.press("Close")

    assert "admissions that run out soon" not in ann.text
    assert (await fresh(ann)).access.notices.ending == 0


async def test_removed_and_expired_people_are_not_notified() -> None:
    ann, (sam,) = await staffed(standing("Sam", days=-1))
    before = sam.record

    await Room(ann).look(hours=24)

    assert (await fresh(sam)).record == before
