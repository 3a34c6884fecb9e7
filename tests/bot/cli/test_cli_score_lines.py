"""Tests of `score`, which prints the result card for a given hour, and of `score --lines`, which scores many cases."""

import json
import resource
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.consult.score import MAX_BYTES
from dialogs.cards.show import show
from dialogs.core.session import fresh
from seraf.advice.contacts import LocalTime
from seraf.calibration.intake import assumed_cases
from seraf.form.responses import NOTHING, Case, Responses
from seraf.reading.form.request import as_request
from state_machines.assessment import Phase
from tests.support.command_line.cli import COMMAND, PLAIN, run
from tests.support.shipped import PACK, SCRIPT, at

CASES = tuple(assumed_cases(PACK, count=60))
OPEN, CLOSED = "2026-03-03T14:10", "2026-03-05T23:15"
LITTLE = 700_000_000
"""Bytes of address space that suffice for a command that keeps one line of its input in memory."""


def line_of(case: Case) -> str:
    return json.dumps(as_request(case))


def card_text(case: Case, now: LocalTime) -> str:
    answers = Responses.of({**case.answers, "age": str(case.age)})
    session = replace(
        fresh(1, NOTHING),
        phase=Phase.RESULT,
        place="1",
        reference="BRISK OTTER 41",
        answers=replace(fresh(1, NOTHING).answers, around=answers, items=case.responses),
    )
    return "\n".join(paragraph.text for paragraph in show(session, SCRIPT, now).paragraphs)


@pytest.mark.parametrize("hour", [OPEN, CLOSED])
def test_the_lines_of_a_case_are_printed_in_the_order_of_its_card(tmp_path: Path, hour: str) -> None:
    typed = "\n".join(map(line_of, CASES)).encode()

    printed = [
        json.loads(line) for line in run(tmp_path, "score", "--lines", "--at", hour, typed=typed).out.splitlines()
    ]

    assert len(printed) == len(CASES)
    for case, answer in zip(CASES, printed, strict=True):
        text = card_text(case, at(hour))
        places = [text.find(f"{number} {each['title']}") for number, each in enumerate(answer["actions"], 1)]
        assert -1 not in places
        assert places == sorted(places)
        assert answer["lead"]["title"] in text


def test_the_card_is_of_the_hour_that_is_asked_for(tmp_path: Path) -> None:
    case = json.dumps({"age": "13-15", "told_or_seen": True, "facts": {"profession": "health"}}).encode()

    day, night = (json.loads(run(tmp_path, "score", "--at", hour, typed=case).out) for hour in (OPEN, CLOSED))
    in_lines = json.loads(run(tmp_path, "score", "--lines", "--at", CLOSED, typed=case).out)

    assert day["actions"][0]["due"].startswith("2026-03-03T14:40")
    assert night["actions"][0]["due"].startswith("2026-03-05T23:45")
    assert day["actions"][0]["title"] != night["actions"][0]["title"]
    assert [each["id"] for each in (day["contacts"][1], night["contacts"][1])] == ["art", "edt"]
    assert in_lines == {"line": 1, **night}


def test_every_lead_that_holds_is_printed_the_most_urgent_first(tmp_path: Path) -> None:
    """A program that reads only `lead` would miss the less urgent ones in `leads`."""
    case = json.dumps({"age": "under-13", "told_or_seen": True, "judgement": "yes", "responses": {"S1": "current"}})

    printed = json.loads(run(tmp_path, "score", typed=case.encode()).out)

    assert printed["leads"][0]["id"] == printed["lead"]["id"] == "told"
    assert {"judgement", "under-13", "sign"} <= {each["id"] for each in printed["leads"]}


def test_a_bad_line_is_reported_with_its_number_and_the_rest_are_scored(tmp_path: Path) -> None:
    good = line_of(CASES[0])
    lines = [good, '{"age": "twelve", "colour": 1}', "", "x" * (MAX_BYTES + 1), "[" + "0" * MAX_BYTES + "]", "{", good]

    ran = run(tmp_path, "score", "--lines", typed="\n".join(lines).encode())

    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (1, "")
    assert [(each["line"], "faults" in each) for each in answers] == [
        (1, False),
        (2, True),
        (4, True),
        (5, True),
        (6, True),
        (7, False),
    ]
    assert [word for word in ("age:", "colour:") if any(word in fault for fault in answers[1]["faults"])]
    assert f"over {MAX_BYTES:,} bytes" in answers[3]["faults"][0]
    assert {**answers[5], "line": 1} == answers[0]


def test_lines_of_a_file_are_answered_and_a_pipe_that_is_named_as_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(f"{line_of(CASES[0])}\r\n{line_of(CASES[1])}\r\n")

    ran = run(tmp_path, "score", "cases.jsonl", "--lines")
    device = run(tmp_path, "score", "/dev/zero", "--lines")
    missing = run(tmp_path, "score", "none.jsonl", "--lines")

    assert (ran.status, len(ran.out.splitlines())) == (0, 2)
    assert (device.status, missing.status, device.out, missing.out) == (2, 2, "", "")


def test_an_invalid_time_is_reported(tmp_path: Path) -> None:
    ran = run(tmp_path, "score", "--at", "tonight", typed=b'{"age": "13-15"}')

    assert (ran.status, ran.out) == (2, "")
    assert "--at" in ran.err


def test_each_line_is_answered_before_the_next_is_sent(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "score", "--lines"],
        cwd=tmp_path,
        env=PLAIN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for number, case in enumerate(CASES[:2], 1):
            asked.stdin.write(line_of(case).encode() + b"\n")
            said = b""
            while not said.endswith(b"\n"):
                said += asked.stdout.read(1 << 16)
            assert json.loads(said)["line"] == number
        asked.stdin.close()

    assert asked.returncode == 0


def test_a_line_without_end_is_read_in_little_memory(tmp_path: Path) -> None:
    piece, count = b" " * (1 << 20), 600
    with subprocess.Popen(
        [*COMMAND, "score", "--lines"],
        cwd=tmp_path,
        env=PLAIN | {"HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LITTLE, LITTLE)),
    ) as reading:
        assert reading.stdin is not None
        for _ in range(count):
            reading.stdin.write(b"x" + piece)
        said, _ = reading.communicate(b"\n" + line_of(CASES[0]).encode())

    first, second = (json.loads(line) for line in said.splitlines())
    assert reading.returncode == 1
    assert (first["line"], "faults" in first) == (1, True)
    assert (second["line"], "lead" in second) == (2, True)
