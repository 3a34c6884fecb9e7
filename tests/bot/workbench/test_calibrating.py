"""Tests of `what-if` and `calibrate`: results over many cases before and after a change, and answers to a sheet."""

import json
import re
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from bot.cli.consult.score import printed_script
from bot.runtime.packs import SHIPPED, pack_files
from bot.workbench.calibrating import (
    ALL,
    EARLY_HELP,
    NO_PARENTS_MISSING,
    QUIET,
    is_quiet,
    printed_sheet,
    shares_of,
)
from seraf.advice.action_plan import Urgency
from seraf.calibration.intake import assumed_cases
from seraf.calibration.sorting import first_lead
from seraf.case_view import CaseView
from seraf.form.responses import Case
from seraf.form.vocabulary import Age
from seraf.reading.form.request import as_request
from tests.support.command_line.cli import run
from tests.support.places import ROOT
from tests.support.shipped import PACK

COUNT = 200
CASES = tuple(assumed_cases(PACK, count=COUNT))
GENTLER = (b'id = "told"\nurgency = "call"', b'id = "told"\nurgency = "today"')


def changed(folder: Path, before: bytes, after: bytes) -> Path:
    files = pack_files(SHIPPED)
    assert before in files["guidance.toml"]
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content.replace(before, after) if name == "guidance.toml" else content)
    return folder


def row_of(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.strip().startswith(name))
    return re.findall(r"[\d.]+(?: → [\d.]+)? %|–", line)


def test_the_shares_are_those_of_the_leads_of_the_cases(tmp_path: Path) -> None:
    leads = Counter(first_lead(PACK, case).urgency for case in CASES)

    printed = run(tmp_path, "what-if", "--cases", str(COUNT)).out

    shares = [
        100 * count / COUNT
        for count in (
            leads[Urgency.CALL] + leads[Urgency.EMERGENCY],
            *(leads[each] for each in (Urgency.MANAGER, Urgency.TODAY, Urgency.PLAN)),
        )
    ]
    assert row_of(printed, ALL) == [*(f"{share:.1f} %" for share in shares), "100.0 %"]
    assert printed.startswith(f"{COUNT} cases. The intake is assumed")
    assert all(f"role: {role}" in printed for role in ("school", "health", "police", "social-care"))


def test_a_change_of_pack_is_shown_before_and_after(tmp_path: Path) -> None:
    folder = changed(tmp_path / "gentler", *GENTLER)

    printed = run(tmp_path, "what-if", "--cases", str(COUNT), "--pack", str(folder)).out

    calls, *_, of_all = row_of(printed, ALL)
    before, after = (float(each) for each in calls.removesuffix(" %").split(" → "))
    assert after < before
    assert of_all == "100.0 → 100.0 %"
    result = row_of(printed, "told ")[0].removesuffix(" %").split(" → ")
    assert float(result[1]) < float(result[0])
    assert row_of(printed, "missing ")[0].split(" → ")[0] == row_of(printed, "missing ")[0].split(" → ")[
        1
    ].removesuffix(" %")


def test_a_boards_own_cases_are_tried_in_place_of_the_assumed_ones(tmp_path: Path) -> None:
    result = {"age": "13-15", "facts": {"told_or_seen": "yes", "profession": "health"}}
    (tmp_path / "own.jsonl").write_text("\n".join(json.dumps(each) for each in (result, result, {"age": "13-15"})))
    (tmp_path / "wrong.jsonl").write_text('{"age": "13-15"}\n{"age": "soon"}\n')
    (tmp_path / "empty.jsonl").write_text("\n")

    own, wrong, empty = (run(tmp_path, "what-if", "--intake", f"{name}.jsonl") for name in ("own", "wrong", "empty"))

    assert own.out.startswith("3 cases.\n")
    assert row_of(own.out, ALL)[0] == "66.7 %"
    assert (wrong.status, "line 2: " in wrong.err, empty.status) == (2, True, 2)


def test_the_assumed_intake_is_printed_as_requests_that_give_the_same_shares(tmp_path: Path) -> None:
    """A board can then see which cases are assumed, and `score --lines` reads every line."""
    printed = run(tmp_path, "calibrate", "intake", "--cases", "40").out
    (tmp_path / "intake.jsonl").write_text(printed)

    scored = run(tmp_path, "score", "intake.jsonl", "--lines")
    own = run(tmp_path, "what-if", "--intake", "intake.jsonl").out
    assumed = run(tmp_path, "what-if", "--cases", "40").out

    assert [json.loads(line) for line in printed.splitlines()] == [as_request(case) for case in CASES[:40]]
    assert (scored.status, len(scored.out.splitlines())) == (0, 40)
    assert own.splitlines()[1:] == assumed.splitlines()[1:]


def test_another_board_s_pack_is_tried_with_its_own_shares(tmp_path: Path) -> None:
    folder, settings = tmp_path / "other", {"SERAF_PACK": str(tmp_path / "other")}
    copytree(ROOT / "tests" / "packs" / "other-board", folder)
    assumed = 'harm = ["G1"]\n[seldom]\nB1 = 1\n[answers]\ndisabled = {{ {} }}\n'
    (folder / "intake.toml").write_text(assumed.format("yes = 1000"))

    cases = [json.loads(line) for line in run(tmp_path, "calibrate", "intake", settings=settings).out.splitlines()]
    tried = run(tmp_path, "what-if", "--cases", "40", settings=settings)
    (folder / "intake.toml").write_text(assumed.format("perhaps = 10"))
    refused = run(tmp_path, "what-if", settings=settings)

    assert {case["facts"]["disabled"] for case in cases} == {"yes"}
    assert sum(case["responses"]["B1"] == "yes" for case in cases) * 20 < sum(
        case["responses"]["B2"] == "yes" for case in cases
    )
    assert (tried.status, row_of(tried.out, ALL)[3]) == (0, "0.0 %")
    assert refused.status == 2
    assert all(fault in refused.err for fault in ("not an answer to this question", "must add up to 1,000 cases"))


def test_parents_of_a_missing_child_are_asked_and_early_help_is_named() -> None:
    cases = [
        case
        for case in assumed_cases(PACK)
        if case.answers["danger"] == "missing" or CaseView(PACK.instrument, case).score.category == 2
    ]
    shares = shares_of(printed_script(PACK), cases[:300])

    missing = [table for table in shares.tables if table.startswith(NO_PARENTS_MISSING)]
    assert len(missing) == 2
    assert [shares.share(table, "yes") for table in missing] == [0, 0]
    assert all(shares.tables[table].total() > 20 for table in missing)
    help_tables = [table for table in shares.tables if table.startswith(EARLY_HELP)]
    assert [shares.share(table, "nowhere") for table in help_tables] == [0, 0]


def test_the_quiet_group_has_nothing_but_its_number_and_the_short_questions() -> None:
    def quiet(case: Case) -> bool:
        return is_quiet(CaseView(PACK.instrument, case).advice(PACK.guidance).settled, PACK.instrument)

    def graver(case: Case, **answers: str) -> Case:
        return Case(case.age, case.responses, {**case.answers, **answers})

    found = [case for case in CASES if quiet(case)]

    assert 0.4 < len(found) / COUNT < 0.8
    for case in found[:50]:
        for answers in (
            {"told_or_seen": "yes"},
            {"judgement": "yes"},
            {"danger": "yes"},
            {"danger": "missing"},
            {"safe": "danger"},
        ):
            assert not quiet(graver(case, **answers))
        assert not quiet(Case(case.age, case.responses.give("S1", "recent"), case.answers))
    assert shares_of(printed_script(PACK), found).tables[QUIET].total() == len(found)


def test_a_sheet_has_every_answer_of_its_cases_and_no_advice_of_the_bot(tmp_path: Path) -> None:
    lines = run(tmp_path, "calibrate", "sheet", "--cases", "40").out
    text = " ".join(lines.split())

    assert len(re.findall(r"^Case \d+\.", lines, re.MULTILINE)) == 40
    for lead in PACK.guidance.leads:
        assert lead.title not in text
    assert not re.search(r"Category|points|score", text)
    blocks = re.split(r"(?m)^Case \d+\. ", lines)[1:]
    for case, block in zip(CASES[:40], blocks, strict=True):
        said = " ".join(block.split())
        for item, option in case.responses:
            assert (PACK.instrument.item(item).label in said) == (option != "no")
        asked = [each for each in PACK.guidance.circumstances if case.answers.get(each.id, "no") != "no"]
        if case.age is not Age.FROM_18_TO_25:  # of an adult the questions say “person”
            assert [each.ask for each in asked if each.ask not in said] == []


def test_a_child_who_is_missing_is_printed_as_missing() -> None:
    case = next(case for case in assumed_cases(PACK) if case.answers["danger"] == "missing")

    lines = printed_sheet(printed_script(PACK), [case], code="x", is_assumed=True)

    assert ": Missing." in " ".join(" ".join(lines).split())


def test_a_child_whose_place_is_known_is_not_printed_as_one_nobody_knows_of() -> None:
    case = next(case for case in assumed_cases(PACK) if case.answers.get("missing_now") == "no")
    question = PACK.guidance.circumstance("missing_now")
    assert question is not None

    lines = list(printed_sheet(printed_script(PACK), [case], code="x", is_assumed=True))

    (said,) = (line for line in lines if question.ask in line)
    assert "Yes" in said
    assert not said.rstrip().endswith("No.")


def typed(folder: Path, sheet: str, lines: list[str]) -> Path:
    code = next(line for line in sheet.splitlines() if line.startswith("sheet "))
    (folder / "answers.txt").write_text("\n".join((code, *lines)))
    return folder / "answers.txt"


def test_answers_are_compared_with_the_bot_and_between_people(tmp_path: Path) -> None:
    words = {
        Urgency.EMERGENCY: "999",
        Urgency.CALL: "call",
        Urgency.MANAGER: "hour",
        Urgency.TODAY: "today",
        Urgency.PLAN: "plan",
    }
    sheet = run(tmp_path, "calibrate", "sheet", "--cases", "20").out
    bot = [words[first_lead(PACK, case).urgency] for case in CASES[:20]]
    file = typed(tmp_path, sheet, [f"{number} {word} plan" for number, word in enumerate(bot, 1)])

    ran = run(tmp_path, "calibrate", "answers", str(file))

    assert (ran.status, ran.err) == (0, "")
    same = 20 + bot.count("plan")
    assert f"As soon as the bot: {same} of 40 answers ({round(100 * same / 40)} %)" in ran.out
    assert "The bot is later: 0 of 40 answers" in ran.out
    assert "Krippendorff's alpha" in ran.out
    assert "Leads that were disputed:" in ran.out


@pytest.mark.parametrize(("before", "after"), [(r"sheet 1-", "sheet 2-"), (r"-[0-9a-f]{8}", "-00000000")])
def test_answers_to_another_sheet_are_refused(tmp_path: Path, before: str, after: str) -> None:
    """If they were accepted, answers about other cases would count for the cases of this sheet."""
    sheet = run(tmp_path, "calibrate", "sheet", "--cases", "5").out
    file = typed(tmp_path, re.sub(before, after, sheet), ["1 call"])

    ran = run(tmp_path, "calibrate", "answers", str(file))

    assert (ran.status, ran.out) == (2, "")
    assert "has other cases" in ran.err


def test_past_cases_of_a_board_make_a_sheet_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "past.jsonl").write_text("\n".join(json.dumps(as_request(case)) for case in CASES[:30]))
    words = ("--intake", "past.jsonl")

    sheet, again = (run(tmp_path, "calibrate", "sheet", "--cases", "10", *words).out for _ in range(2))
    file = typed(tmp_path, sheet, ["1 call", "10 plan"])
    with_file, without = (
        run(tmp_path, "calibrate", "answers", str(file), *words),
        run(tmp_path, "calibrate", "answers", str(file)),
    )

    assert sheet == again
    assert "The cases are your own" in " ".join(sheet.split())
    assert (with_file.status, without.status) == (0, 2)
    assert with_file.out.startswith("1 people, 10 cases, 2 answers.")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_000_001, None])
def test_an_unreadable_file_of_answers_is_reported(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "answers.txt").write_bytes(content)

    ran = run(tmp_path, "calibrate", "answers", "answers.txt")

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
