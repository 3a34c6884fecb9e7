"""A year in an organisation: people join, are renewed and leave, things are lost, and the software is upgraded.

It is one story on a fake clock, from `init` to the removal of everybody. After each event the test checks who can use
the bot.
"""

import csv
import shutil
from pathlib import Path
from time import perf_counter

import pyrage
import pytest

from bot.crypto.keys import load_key_file
from bot.operations.backup.file_format import identities_of
from bot.storage.sqlite.preparing import known_migrations
from dialogs.core.role import Role
from tests.support.cheap_pins import cheap_pins
from tests.support.counts import times
from tests.support.people.year import IDENTITY, Year
from tests.support.store.earlier import make_earlier
from tests.support.store.keeping import write_identity

pytestmark = pytest.mark.prove

PEOPLE = times(300, 6)
STORE = Path("var", "seraf.sqlite")
OF_CASES = ("cases", "case_keys", "parcels", "reminders", "rehearsals", "rehearsal_parcels")
NEWEST = known_migrations()[-1].number
ROLES = (Role.PRACTITIONER, Role.PRACTITIONER, Role.MANAGER, Role.TRAINER)
LEAVERS = max(2, PEOPLE // 10)
UNUSED = 2
LONGEST_INVITING = 30
"""The maximum time for inviting everybody on a list, in seconds."""
TRIED = 12
"""The number of people who try to use the bot on each store of an earlier schema."""


def test_an_organisation_is_what_it_should_be_at_every_station_of_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cheap_pins():
        the_year_is_told(tmp_path, monkeypatch)


def the_year_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = Year.begun(tmp_path / "office", monkeypatch)

    the_staff_come_in(year)
    held = a_case_is_held_and_another_is_forgotten(year)
    renewed(year, on=80)
    people_leave(year)
    a_phone_is_lost(year)
    year = the_machine_is_lost(year, tmp_path / "elsewhere")
    renewed(year, on=165)
    year = the_release_changes(year, tmp_path)
    what_is_held_is_handed_over(year, held)
    renewed(year, on=250)
    renewed(year, on=330)
    it_is_switched_off(year)


def the_staff_come_in(year: Year) -> None:
    year.leads.append(year.member(1))
    assert year.who_can_use_it(year.leads) == [True]
    year.confirmed("people", "invite", "--role", "admin")
    year.leads.append(year.member(2))
    year.meet(lambda: year.leads[1].uses_it(year.codes[-1]))
    lines = [f"Desk {number},{ROLES[number % len(ROLES)]}" for number in range(PEOPLE + UNUSED)]
    (year.folder.path / "staff.csv").write_text("\n".join(("label,role", *lines)), encoding="utf-8")

    began = perf_counter()
    said = year.folder.said("people", "invite", "--from", "staff.csv", "--to", "slips")

    assert perf_counter() - began <= LONGEST_INVITING
    assert f"{PEOPLE + UNUSED} invitations" in said
    slips = year.codes[-PEOPLE - UNUSED :]
    listed = (year.folder.path / "slips" / "staff-invited.csv").read_text(encoding="utf-8")
    assert not any(code in listed for code in slips)
    year.staff = {f"Desk {number}": year.member(100 + number) for number in range(PEOPLE)}

    async def everybody_comes() -> None:
        for member, code in zip(year.staff.values(), slips, strict=False):
            assert await member.uses_it(code)

    year.meet(everybody_comes)
    assert f"{UNUSED} invitations withdrawn" in year.folder.said("people", "withdraw", "--unused")
    year.gone.append(year.member(99))
    year.meet(lambda: year.gone[0].start(slips[-1]))
    assert [each["id"] for each in csv.DictReader(listed.splitlines())][:PEOPLE] == list(map(year.who, year.people))
    year.demand_exactly_those()
    happened = year.happened()
    assert (happened["invited"], happened["admitted"], happened["withdrawn"]) == (
        PEOPLE + UNUSED + 1,
        PEOPLE + 2,
        UNUSED,
    )
    assert happened["pin-chosen"] == PEOPLE + 2


def a_case_is_held_and_another_is_forgotten(year: Year) -> str:
    """The held case stays. The unfinished case is erased when its retention period ends, but its audit entries stay."""
    holder, forgetful = year.people[:2]
    references: dict[str, str] = {}

    async def both_begin() -> None:
        references["held"] = await holder.begins(and_finishes=True)
        references["forgotten"] = await forgetful.begins()

    year.day(1)
    year.meet(both_begin)
    assert year.rows("cases") == 2
    year.folder.said("hold", "set", *references["held"].split())
    year.day(40)
    year.folder.said("purge")

    assert (year.rows("cases"), year.rows("case_keys")) == (1, 1)
    assert ("bot", "erased-by-time", references["forgotten"]) in year.folder.entries()
    year.demand_exactly_those()
    return references["held"]


def renewed(year: Year, *, on: int) -> None:
    """Renew everybody whose access ends within 14 days. Fifteen days later all of them can still use the bot."""
    year.day(on)
    ending = year.listed("--expiring", "14d")
    assert ending
    before = year.happened()["renewed"]

    said = year.folder.said("people", "renew", "--expiring", "14d")

    assert said.startswith(f"{len(ending)} ")
    assert year.happened()["renewed"] == before + len(ending)
    assert year.listed("--expiring", "14d") == []
    year.day(on + 15)
    year.demand_exactly_those()


def people_leave(year: Year) -> None:
    leaving = year.people[-LEAVERS:]
    references: list[str] = []

    async def all_begin() -> None:
        for member in leaving:
            references.append(await member.begins())

    year.day(99)
    year.meet(all_begin)
    year.day(100)
    year.remove(*leaving)

    assert all(map(year.is_removed, leaving))
    assert [year.rows(each) for each in OF_CASES] == [1, 1, 0, 0, 0, 0]
    erased = [about for _, what, about in year.folder.entries() if what == "erased-on-removal"]
    assert sorted(erased) == sorted(references)
    assert year.happened()["removed"] == LEAVERS
    year.demand_exactly_those()


def a_phone_is_lost(year: Year) -> None:
    year.day(130)
    label, member = list(year.staff.items())[2]
    shown: list[str] = []

    async def begins() -> None:
        await member.begins()
        shown.append(member.text)

    async def is_looked_at() -> None:
        await member.look()
        shown.append(member.text)

    year.meet(begins)
    reference = member.session.reference
    year.folder.said("people", "lock", year.who(member))
    year.meet(is_looked_at)
    assert "Tap your PIN" in shown[-1]
    assert reference not in shown[-1]
    year.remove(member)

    year.folder.said("people", "invite", "--role", "practitioner", "--name", label)
    year.staff[label] = year.member(500)
    year.meet(lambda: year.staff[label].uses_it(year.codes[-1]))

    assert [each["label"] for each in year.listed()].count(label) == 1
    assert year.rows("cases") == 1
    year.demand_exactly_those()


def the_machine_is_lost(year: Year, there: Path) -> Year:
    """Restore last night's backup on a new machine, and repeat the removal that it does not contain."""
    year.day(150)
    taken = year.folder.said("backup", "create", "--to", "night.age")
    head = next(line.removeprefix("Head: ") for line in taken.splitlines() if line.startswith("Head: "))
    before, boss, late = year.listed("--by", "label"), year.who(year.leads[-1]), year.people[-1]
    year.day(151)
    year.remove(late)
    moved = year.moved(there)
    shutil.copy2(year.folder.path / "night.age", there / "night.age")
    shutil.rmtree(year.folder.path)

    assert "is whole" in moved.folder.said("backup", "verify", "night.age", "--identity", IDENTITY)
    said = moved.confirmed("backup", "restore", "night.age", "--identity", IDENTITY, by=boss)

    assert "People removed since this backup are admitted again" in said
    assert moved.listed("--by", "label") == before
    assert "Whole" in moved.folder.said("audit", "verify", "--anchor", head)
    moved.remove(moved.gone.pop())
    moved.confirmed("people", "confirm", by=boss)
    happened = moved.happened()
    assert (happened["backup-restored"], happened["people-confirmed"], happened["confirmed"]) == (1, 1, 3)
    moved.demand_exactly_those()
    return moved


def the_release_changes(year: Year, folder: Path) -> Year:
    """A store of each earlier schema is upgraded, and has the same people. The story continues on the last one."""
    year.day(200)
    before, happened = year.listed("--by", "label"), year.happened()
    keys = load_key_file(year.folder.key_file)
    for version in range(1, NEWEST):
        older = year.at(folder / f"of-schema-{version}")
        shutil.copytree(year.folder.path, older.folder.path)
        make_earlier(older.folder.path / STORE, keys, version)

        said = older.folder.said("upgrade")

        assert f"brought from schema {version} to {NEWEST}" in said
        if version == 1:
            assert older.listed() == [], "that release knew no admission, so everybody is invited again"
            continue
        assert older.listed("--by", "label") == before
        assert older.happened() == {**happened, "backup-created": happened["backup-created"] + 1}
        assert older.rows("cases") == year.rows("cases")
        older.demand_exactly_those(of=TRIED)
    return older


def what_is_held_is_handed_over(year: Year, reference: str) -> None:
    """Two people together export the held case, encrypted for one recipient. After the hold is lifted, it is erased."""
    holder = year.people[0]
    year.day(210)
    year.remove(holder)
    assert year.is_removed(holder)
    assert year.rows("cases") == 1
    year.day(230)
    reader = write_identity(year.folder.path / "court.txt")
    asked = ("hold", "export", *reference.split(), "--recipient", reader, "--to", "court.tar.age")
    assert "second person" in year.folder.refused(*asked)

    year.confirmed(*asked)

    sealed = (year.folder.path / "court.tar.age").read_bytes()
    opened = bytes(pyrage.decrypt(sealed, identities_of(year.folder.path / "court.txt")))
    assert {name.encode() in opened for name in ("summary.pdf", "audit.csv", reference)} == {True}
    entries = year.folder.entries()
    assert [what for _, what, about in entries if about == reference][-2:] == ["confirmed", "hold-exported"]
    year.confirmed("hold", "lift", *reference.split(), "--yes")
    assert [year.rows(each) for each in OF_CASES] == [0, 0, 0, 0, 0, 0]
    year.demand_exactly_those()


def it_is_switched_off(year: Year) -> None:
    """Two people together remove everybody, but only once no case is held. Without the key, nothing can be read."""
    last = year.people[1]
    references: list[str] = []

    async def begins() -> None:
        references.append(await last.begins())

    year.day(360)
    year.meet(begins)
    year.folder.said("hold", "set", *references[0].split())
    assert "Nobody was removed" in year.confirmed("people", "remove", "--all", "--yes", status=2)
    year.demand_exactly_those()
    year.confirmed("hold", "lift", *references[0].split(), "--yes")
    left = len(year.everybody)

    said = year.confirmed("people", "remove", "--all", "--yes")

    assert f"{left} people removed, 1 assessment erased." in said
    year.gone += year.everybody
    year.staff, year.leads = {}, []
    year.demand_exactly_those()
    assert [year.rows(each) for each in OF_CASES] == [0, 0, 0, 0, 0, 0]
    happened = year.happened()
    assert happened["removed"] == happened["admitted"] == PEOPLE + 3
    year.folder.said("audit", "export", "last-audit.jsonl")
    exported = (year.folder.path / "last-audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(exported) == sum(happened.values()) + 2
    year.folder.key_file.unlink()
    assert "key file" in year.folder.refused("people", "list")
