"""Tests of `seraf-bot audit show | verify | export`, and of what an auditor sees and never sees."""

import asyncio
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry, Head, Trail, head_of
from tests.support.command_line.cli import Ran, run, run_apart
from tests.support.command_line.desk import WHO, Folder, made
from tests.support.people.accounts import altered
from tests.support.store.builders import NOON, ask, event, tap

ENTRIES = (
    Entry(datetime(2024, 4, 30, 23, 59, tzinfo=UTC), "operator", AuditEvent.INVITED),
    Entry(NOON, "1a2b3c4d", AuditEvent.BEGUN, "BRISK OTTER 41"),
    Entry(NOON, "1a2b3c4d", AuditEvent.HOLD_SET, "BRISK OTTER 41"),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made(tmp_path)
    enter(tmp_path, *ENTRIES)
    return tmp_path


def store_file(home: Path) -> Path:
    return home / "var" / "seraf.sqlite"


def enter(home: Path, *entries: Entry) -> None:
    Folder(home).enter(*entries)


def trail(home: Path) -> Trail:
    return Folder(home).do(lambda store: store.read(lambda t: t.audit.trail()))


def drop(home: Path, month: str, at: datetime) -> None:
    Folder(home).do(lambda store: store.write(lambda t: t.audit.drop_before(month, now=at)))


def test_show_is_a_table_with_the_newest_last_and_then_the_head(home: Path) -> None:
    ran = run(home, "audit", "show")

    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["Number", "When", "(UTC)", "Who", "What", "Reference"]
    assert lines[1].split() == ["1", "2024-04-30", "23:59:00", "operator", "invited"]
    assert lines[3].split() == ["3", "2024-05-01", "12:00:00", "1a2b3c4d", "hold-set", "BRISK", "OTTER", "41"]
    assert lines[4] == f"Head: {head_of(trail(home))}"
    assert lines[5] == "Writes: 2"
    assert "a head that was noted earlier" in lines[6]
    assert lines[7].startswith("Fewer writes later")


def test_show_lists_the_latest_entries_and_counts_the_earlier(home: Path) -> None:
    enter(home, *[replace(ENTRIES[1], what=AuditEvent.UNLOCKED)] * 49)

    latest, all_of_them = run(home, "audit", "show"), run(home, "audit", "show", "--last", "52")
    one, month = run(home, "audit", "show", "--last", "1"), run(home, "audit", "show", "--month", "2024-05")

    assert latest.out.splitlines()[0] == "2 earlier entries are not shown: --last 52"
    assert latest.out.splitlines()[2].split()[0] == "3"
    assert "not shown" not in all_of_them.out
    assert one.out.splitlines()[2].split()[0] == "52"
    assert month.out.startswith("1 earlier entry is not shown: --last 51\n")
    assert run(home, "audit", "show", "--last", "0").status == 2


def test_show_reports_dropped_months(home: Path) -> None:
    drop(home, "2024-05", NOON)

    ran = run(home, "audit", "show")

    assert ran.out.splitlines()[0] == "2024-04: dropped on 2024-05-01 (entries: 1)."
    assert "audit-dropped" in ran.out
    assert run(home, "audit", "verify").status == 0


@pytest.mark.parametrize("month", ["2024", "2024-13", "May 2024", "2024-4"])
def test_a_malformed_month_is_refused(home: Path, month: str) -> None:
    ran = run(home, "audit", "show", "--month", month)

    assert (ran.status, ran.out) == (2, "")
    assert "such as 2026-11" in ran.err


def test_a_whole_audit_is_said_to_be_whole_with_its_limit(home: Path) -> None:
    ran = run(home, "audit", "verify")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"Whole: 3 entries.\nHead: {head_of(trail(home))}\n")
    assert "older copy" in ran.out


def test_a_head_noted_earlier_holds(home: Path) -> None:
    noted = head_of(trail(home))
    enter(home, replace(ENTRIES[1], what=AuditEvent.FINISHED))

    ran = run(home, "audit", "verify", "--anchor", str(noted))

    assert ran.status == 0
    assert "older copy" not in ran.out


def test_an_older_copy_put_back_is_found_by_the_head_noted_since(home: Path) -> None:
    older = store_file(home).read_bytes()
    enter(home, replace(ENTRIES[1], what=AuditEvent.FINISHED))
    noted = head_of(trail(home))
    store_file(home).write_bytes(older)

    ran = run(home, "audit", "verify", "--anchor", str(noted))

    assert ran.status == 1
    assert ran.out.startswith("The audit ends before entry 4")
    assert run(home, "audit", "verify").status == 0


def test_a_head_in_a_dropped_month_is_compared_by_its_number_only(home: Path) -> None:
    enter(home, *[replace(ENTRIES[1], at=NOON.replace(month=6))] * 2)
    middle = next(line for line in trail(home).lines if line.number == 2)
    drop(home, "2024-06", NOON.replace(month=6))

    ran = run(home, "audit", "verify", "--anchor", str(Head(middle.number, middle.link)))

    assert ran.status == 0
    assert "only its number" in ran.out


@pytest.mark.parametrize("anchor", ["12", "12:ab", "head"])
def test_a_malformed_head_is_refused(home: Path, anchor: str) -> None:
    ran = run(home, "audit", "verify", "--anchor", anchor)

    assert (ran.status, ran.out) == (2, "")
    assert "copy it whole" in ran.err


def test_a_changed_entry_is_found_and_shown(home: Path) -> None:
    ask(store_file(home), "UPDATE audit SET entry = zeroblob(157) WHERE number = 2")

    verified = run(home, "audit", "verify")
    shown = run(home, "audit", "show")
    exported = run(home, "audit", "export")

    assert (verified.status, verified.err) == (1, "")
    assert "Entry 2 does not open" in verified.out
    assert "Whole" not in verified.out
    assert shown.out.splitlines()[2].split() == ["2", "does", "not", "open"]
    assert json.loads(exported.out.splitlines()[1])["what"] is None


def test_an_export_is_json_lines_with_the_head_last_and_an_entry_itself(home: Path) -> None:
    """The last entry that is exported records the export itself."""
    ran = run(home, "audit", "export")

    *lines, last = [json.loads(line) for line in ran.out.splitlines()]
    now = trail(home)
    assert (ran.status, ran.err) == (0, "")
    assert lines[1] == {
        "number": 2,
        "at": NOON.isoformat(),
        "who": "1a2b3c4d",
        "what": "begun",
        "reference": "BRISK OTTER 41",
        "link": now.lines[1].link.hex(),
    }
    assert (lines[-1]["who"], lines[-1]["what"]) == ("operator anna", "audit-exported")
    assert last == {"head": str(head_of(now))}


def test_an_export_names_people_with_their_labels_and_invited_roles(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.admit(standing=altered(folder.standing(), name="Front desk"), reference="")
    folder.enter(
        Entry(NOON, WHO, AuditEvent.BEGUN, "BRISK OTTER 41"), Entry(NOON, "operator anna", AuditEvent.LOCKED, WHO)
    )
    folder.said("people", "invite", "--role", "manager", "--name", "Night desk")

    begun, locked, invited, *_ = map(json.loads, folder.said("audit", "export").splitlines())

    assert (begun["who"], begun["who_label"]) == (WHO, "Front desk")
    assert (locked["reference"], locked["reference_label"], "who_label" in locked) == (WHO, "Front desk", False)
    assert (invited["what"], invited["role"]) == ("invited", "manager")
    assert f"{invited['reference']} manager\n" in folder.said("audit", "show")
    assert "desk" not in folder.said("audit", "show")
    assert folder.run("audit", "verify").status == 0


def exported(home: Path, *words: str) -> tuple[list[int], str]:
    ran = run(home, "audit", "export", *words)
    assert (ran.status, ran.err) == (0, "")
    *lines, last = [json.loads(line) for line in ran.out.splitlines()]
    return [line["number"] for line in lines], last["head"]


def test_an_export_continues_where_the_last_one_ended(home: Path) -> None:
    first, head = exported(home)
    same, unmoved = exported(home, "--since", head)
    enter(home, replace(ENTRIES[1], what=AuditEvent.FINISHED))
    second, later = exported(home, "--since", head)

    assert (first, same, second) == ([1, 2, 3, 4], [], [5, 6])
    assert (unmoved, later) == (head, str(head_of(trail(home))))


def test_an_export_since_the_last_entry_of_a_dropped_month_is_whole(home: Path) -> None:
    enter(home, *[replace(ENTRIES[1], at=NOON.replace(month=6))] * 2)
    heads = {line.number: str(Head(line.number, line.link)) for line in trail(home).lines}
    drop(home, "2024-06", NOON.replace(month=6))
    kept = [line.number for line in trail(home).lines]

    assert exported(home, "--since", heads[3])[0] == [*kept, kept[-1] + 1]
    for gone in (1, 2):
        ran = run(home, "audit", "export", "--since", heads[gone])
        assert (ran.status, ran.out) == (2, "")
        assert "were dropped when their time was over" in ran.err


def test_an_export_since_a_head_that_the_chain_does_not_know_is_refused(home: Path) -> None:
    end = head_of(trail(home))

    for strange in (Head(2, end.link), Head(9, end.link)):
        ran = run(home, "audit", "export", "--since", str(strange))
        assert (ran.status, ran.out) == (2, "")
        assert "does not know that head" in ran.err
    assert run(home, "audit", "export", "--since", "12:ab").status == 2
    assert head_of(trail(home)) == end


def test_an_export_goes_to_a_new_private_file(home: Path) -> None:
    first = run(home, "audit", "export", "audit.jsonl")
    file = home / "audit.jsonl"
    written = file.read_bytes()

    second = run(home, "audit", "export", "audit.jsonl")

    head = head_of(trail(home))
    assert (first.status, first.err) == (0, "")
    assert first.out == f"audit.jsonl: written, mode 0600, 4 entries.\nHead: {head}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(written.splitlines()) == 5
    assert (second.status, file.read_bytes()) == (2, written)
    assert "is there already" in second.err
    assert len(trail(home).lines) == 4


def test_an_export_to_an_invalid_place_is_reported(home: Path) -> None:
    (home / "plain").write_text("")

    ran = run(home, "audit", "export", "plain/audit.jsonl")

    assert (ran.status, ran.out) == (2, "")
    assert "cannot be written" in ran.err


@pytest.mark.parametrize("command", ["show", "verify", "export"])
def test_an_auditor_reads_it_without_anything_else_being_opened(home: Path, command: str) -> None:
    """Every other encrypted value of this store is damaged, so the command fails if it reads one of them."""
    Folder(home).do(lambda store: store.turns([event("1", tap('{"V1": "yes"}'))]))
    ask(
        store_file(home),
        "UPDATE people SET person = zeroblob(157), profile = zeroblob(157), shown = zeroblob(157)",
        "UPDATE cases SET body = zeroblob(157)",
        "UPDATE case_keys SET wrapped = zeroblob(157)",
    )

    ran = run(home, "audit", command)

    assert (ran.status, ran.err) == (0, "")


async def test_it_works_next_to_a_running_bot(home: Path) -> None:
    store = await open_store(StorePlace(store_file(home)), home / "var" / "seraf.key")
    looking = [
        asyncio.create_task(asyncio.to_thread(run_apart, home, "audit", command)) for command in ("verify", "export")
    ]
    count = 0
    while not all(task.done() for task in looking):
        await store.write(lambda t: t.audit.append([ENTRIES[1]]))
        count += 1
        await asyncio.sleep(0.01)

    ran: list[Ran] = await asyncio.gather(*looking)

    assert [(each.status, each.err) for each in ran] == [(0, ""), (0, "")]
    assert len((await store.read(lambda t: t.audit.trail())).lines) == len(ENTRIES) + count + 1
    await store.close()
    assert (await asyncio.to_thread(run, home, "audit", "verify")).status == 0
