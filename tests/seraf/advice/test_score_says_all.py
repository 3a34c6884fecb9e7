"""Tests that `seraf-bot score` prints what a result shows first (lead, actions and contacts) and limits its input."""

import contextlib
import json
import os
import resource
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.consult.score import MAX_BYTES
from bot.runtime.clock import local_time
from seraf.advice.action_plan import MOST
from seraf.advice.answer import contacts_as_values, lead_as_values
from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.reading.form.request import as_request, read_request
from tests.support.command_line.cli import COMMAND, PLAIN, run
from tests.support.shipped import INSTRUMENT, PACK

LOW = Case(Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in INSTRUMENT.items}), {"told_or_seen": "yes"})
"""A case with no points, of a child who has disclosed something."""

A_PIPE = 1 << 17
"""A number of bytes greater than a pipe's buffer and what a reader reads ahead."""

MEMORY = 1 << 30
"""The memory limit of a command in bytes, which is more than a whole command needs."""


@dataclass(frozen=True, slots=True)
class Stopped:
    at: datetime

    def now(self) -> datetime:
        return self.at


def asked(case: Case) -> bytes:
    result = case.answers.get("told_or_seen") == "yes"
    return json.dumps({"age": case.age, "responses": dict(case.responses), "told_or_seen": result}).encode()


def test_a_score_says_what_leads_with_others_views_and_without_them(tmp_path: Path) -> None:
    """A view that says “less” stands beside the lead. Without views, neither key is printed."""
    plan = replace(LOW, answers={"told_or_seen": "no", "danger": "no", "judgement": "no", "profession": "health"})
    less, more = {"says": "less", "why": ["plan-holds"]}, {"says": "more", "level": "call", "role": "manager"}

    found = {}
    for views in ([], [less], [less, more]):
        typed = json.dumps(as_request(plan) | {"views": views}).encode()
        found[len(views)] = json.loads(run(tmp_path, "score", "-", "--at", "2026-03-04T12:00", typed=typed).out)

    leads = {count: (each["lead"]["urgency"], each.get("first", {}).get("urgency")) for count, each in found.items()}
    assert leads == {0: ("plan", None), 1: ("plan", "plan"), 2: ("call", "plan")}
    assert [found[count].get("views") for count in found] == [None, [less], [less, more]]
    assert "Call ART and make a referral" in [line["title"] for line in found[2]["actions"]]


def test_the_lead_is_printed_with_its_reason_and_basis(tmp_path: Path) -> None:
    """A reader of the 0 points alone could think that the child is safe."""
    first = CaseView(INSTRUMENT, LOW).advice(PACK.guidance).leads[0]

    printed = json.loads(run(tmp_path, "score", "-", typed=asked(LOW)).out)

    said = {
        "id": first.id,
        "urgency": first.urgency.word,
        "title": first.title,
        "text": first.text,
        "source": first.basis.source,
        "says": first.basis.says,
        "law": first.basis.law,
        "ours": first.basis.ours,
    }
    assert printed["lead"] == said == lead_as_values(first)
    assert (printed["total"], next(iter(printed))) == (0, "lead")


def test_actions_are_printed_as_on_the_card(tmp_path: Path) -> None:
    """Without them, a program that reads the score would not know whom to call."""
    result = {"age": "13-15", "told_or_seen": True, "facts": {"profession": "school"}}

    printed = json.loads(run(tmp_path, "score", "-", typed=json.dumps(result).encode()).out)

    assert list(printed)[:2] == ["lead", "actions"]
    assert printed["lead"]["urgency"] == "call"
    by_line = {each["line"]: each for each in printed["actions"]}
    assert len(by_line) == len(printed["actions"]) <= MOST
    assert {"care", "police", "manager"} <= set(by_line)
    assert "referral" in by_line["care"]["title"]
    assert by_line["care"]["by"] == "call"
    assert all(each["why"] and each["source"] for each in by_line.values())
    assert {each["by"] for each in by_line.values()} <= {each.id for each in PACK.guidance.plan.deadlines}


@pytest.mark.parametrize(("hour", "first"), [(11, "art"), (23, "edt")])
def test_everybody_to_call_is_printed_the_likelier_to_answer_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hour: int, first: str
) -> None:
    clock = Stopped(datetime(2026, 1, 14, hour, tzinfo=UTC))
    monkeypatch.setattr("bot.cli.consult.score.SystemClock", lambda: clock)

    contacts = json.loads(run(tmp_path, "score", "-", typed=asked(LOW)).out)["contacts"]

    assert contacts == contacts_as_values(PACK.contacts.by_likelihood(local_time(clock.now())))
    assert [each["id"] for each in contacts[:2]] == ["emergency", first]
    assert {each["id"]: each["confirmed"] for each in contacts} == {
        each.id: each.confirmed for each in PACK.contacts.all
    }


def test_a_contact_is_printed_with_its_name_number_and_hours() -> None:
    unset = replace(PACK.contacts["art"], value="", confirmed=False)

    (values,) = contacts_as_values((unset,))

    assert values == {"id": "art", "name": unset.name, "value": "", "when": unset.when, "confirmed": False}


def faulty(count: int) -> bytes:
    return json.dumps({"age": "13-15", "responses": {f"X{number}": "yes" for number in range(count)}}).encode()


@pytest.mark.parametrize(("count", "lines", "last"), [(20, 20, "responses.X19: "), (21, 21, "… and 1 more")])
def test_more_than_twenty_faults_are_a_count(tmp_path: Path, count: int, lines: int, last: str) -> None:
    ran = run(tmp_path, "score", "-", typed=faulty(count))

    said = ran.err.splitlines()
    assert (ran.status, ran.out, len(said)) == (2, "", lines)
    assert said[0].startswith("seraf-bot: responses.X0: not an item")
    assert said[-1].startswith(f"seraf-bot: {last}")


def test_unreported_faults_are_counted() -> None:
    """The message lists only the first faults and counts the rest. The exception has all of them."""
    with pytest.raises(RequestFault) as caught:
        read_request(faulty(1_234), PACK)

    assert len(caught.value.faults) == 1_234
    assert str(caught.value).splitlines()[20:] == ["… and 1214 more"]


def test_a_pipe_without_end_is_read_to_the_limit_and_no_further(tmp_path: Path) -> None:
    """Input beyond the limit is not read from standard input. A pipe that is named as a file is refused."""
    os.mkfifo(tmp_path / "pipe")
    named = run(tmp_path, "score", "pipe")
    fed = 0
    with subprocess.Popen(
        [*COMMAND, "score", "-"], cwd=tmp_path, env=PLAIN, stdin=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as reading:
        assert reading.stdin is not None
        assert reading.stderr is not None
        with contextlib.suppress(BrokenPipeError):
            for _ in range(1_000):
                fed += reading.stdin.write(b" " * 8_192) or 0
        said = reading.stderr.read().decode()

    assert (named.status, reading.returncode) == (2, 2)
    assert "not a plain file" in named.err
    assert f"over {MAX_BYTES:,} bytes" in said
    assert MAX_BYTES < fed <= MAX_BYTES + A_PIPE


def test_a_file_of_a_pack_without_end_is_refused_too(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "instrument.toml").symlink_to("/dev/zero")

    ended = subprocess.run(
        [*COMMAND, "items"],
        cwd=tmp_path,
        env=PLAIN | {"HOME": str(tmp_path), "SERAF_PACK": "pack"},
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert "instrument.toml: cannot be read (not a plain file)" in ended.stderr.decode()
