"""Tests of the workbench as somebody at a board uses it: a pack is begun, corrected, compared, and tried on cases."""

import json
import re
import shutil
from pathlib import Path

import pytest

from bot.runtime.packs import SHIPPED, fingerprint_of, load_pack, pack_files
from bot.workbench.comparing import LISTED, all_cases
from bot.workbench.editing import begun_from
from tests.support.command_line.cli import run
from tests.support.command_line.desk import made
from tests.support.pack import second_board
from tests.support.pack.second_board import FIRST_BOARD, SHIPPED_FILES
from tests.support.shipped import OTHER_BOARD

SLIPS = [
    ("instrument.toml", 'short = "Drugs"', "short = “Drugs”", "curly quotes stand around a text"),
    ("instrument.toml", "verified = false", "verifid = false", "is not a key; did you mean 'verified'?"),
    ("instrument.toml", 'short = "Drugs"', 'short = "Alcohol"', "'Alcohol' stands more than once"),
    (
        "guidance.toml",
        "every {review:word} months",
        "every six months",
        "says “every six months”; a review is due after 3",
    ),
    ("instrument.toml", 'short = "Drugs"', 'label = "Drugs"', "this stands twice"),
    ("instrument.toml", 'short = "Drugs"', "short = 'Kid's'", "more stands here than one value"),
    ("instrument.toml", 'short = "Drugs"', 'short "Drugs"', "a = is missing after the key"),
    ("contacts.toml", 'value = "01454 615165"', 'value = "ask"', "must be a telephone number"),
    (
        "contacts.toml",
        'value = "01454 615165"',
        'value = "01632 960123"',
        "another number than the one that was checked on 2024-04-30; put the day",
    ),
]
"""Single mistakes: the file, the right text, the wrong text, and words of the fault that is reported."""


def put(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(("name", "right", "wrong", "said"), SLIPS)
def test_one_slip_is_one_fault_at_its_line(tmp_path: Path, name: str, right: str, wrong: str, said: str) -> None:
    spoilt = SHIPPED_FILES[name].decode().replace(right, wrong, 1)
    line = next(at for at, text in enumerate(spoilt.splitlines(), 1) if wrong.split("\n")[0] in text)
    folder = put(tmp_path / "pack", {**SHIPPED_FILES, name: spoilt.encode()})

    ran = run(tmp_path, "pack", "check", str(folder))

    assert ran.status == 2
    found = ran.err.strip().splitlines()
    assert len(found) == 1, found
    assert f"{name}, line {line}" in found[0] or said.endswith("more than once")
    assert said in found[0]


def test_a_copy_takes_a_new_number_with_a_new_date(tmp_path: Path) -> None:
    assert run(tmp_path, "pack", "copy", "--to", "mine").status == 0
    assert fingerprint_of(pack_files(tmp_path / "mine")) == fingerprint_of(pack_files(SHIPPED))
    assert run(tmp_path, "pack", "copy", "--to", "mine").status == 2

    contacts = tmp_path / "mine" / "contacts.toml"
    dated = contacts.read_text().replace("01454 866000", "01632 960123").replace("2024-04-30", "2026-03-02", 1)
    contacts.write_text(dated)
    run(tmp_path, "pack", "copy", "mine", "--to", "later")
    (tmp_path / "later" / "contacts.toml").write_text(dated.replace("01632 960123", "01632 960456"))
    first, second = (run(tmp_path, "pack", "diff", *pair) for pair in ((str(SHIPPED), "mine"), ("mine", "later")))

    assert (first.status, second.status) == (0, 2)
    assert "01632 960456" in second.out
    assert "(contacts 2, art → value): another number than the one that was checked on 2026-03-02" in second.err


def test_a_new_pack_reports_its_missing_texts(tmp_path: Path) -> None:
    ran = run(tmp_path, "pack", "new", "Nowhereshire", "--to", "mine")
    assert ran.status == 0
    assert {path.name for path in (tmp_path / "mine").iterdir()} == set(SHIPPED_FILES)
    assert run(tmp_path, "pack", "new", "Nowhereshire", "--to", "mine").status == 2
    assert run(tmp_path, "pack", "new", 'No"where', "--to", "other").status == 2

    faults = run(tmp_path, "pack", "check", "mine").err.strip().splitlines()

    assert len(faults) == 7
    assert all("empty; write a text" in fault for fault in faults)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("new", "Nowhere", "--to", "file"), "--to: file cannot be made (File exists). Name a new folder."),
        (
            ("new", "Nowhere", "--to", "file/below"),
            "--to: file/below cannot be made (Not a directory). Name a new folder.",
        ),
        (("check", "nowhere"), "seraf-bot: nowhere is not a folder. Name the folder"),
        (("check", "file"), "seraf-bot: file is not a folder. Name the folder"),
        (("diff", str(SHIPPED), "nowhere"), "seraf-bot: nowhere is not a folder. Name the folder"),
        (("what-if", str(SHIPPED), "file"), "file: has no case. Write requests as JSON, one a line."),
        (("preview", str(SHIPPED), "--to", "paper.doc"), "paper.doc must end in .pdf or .html."),
        (
            ("sign", str(SHIPPED), "V99", "--by", "A", "--role", "B", "--key", "file"),
            "'V99' is neither an item of this pack nor 'pack'.",
        ),
    ],
)
def test_a_slip_on_the_command_line_is_reported_plainly(tmp_path: Path, asked: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()

    ran = run(tmp_path, "pack", *asked)

    assert ran.status == 2
    assert said in ran.err


def test_a_valid_pack_is_reported_with_its_missing_signatures(tmp_path: Path) -> None:
    folder = put(tmp_path / "second", second_board.files())

    ran = run(tmp_path, "pack", "check", str(folder))

    assert ran.out.startswith("Nowhereshire, first edition: 31 items. In order.\nNot signed by 2 people: pack, V1, V2")
    assert not [word for word in FIRST_BOARD if word in ran.out]


def test_an_older_pack_loads_and_the_command_lists_what_to_add(tmp_path: Path) -> None:
    ran = run(tmp_path, "pack", "check", str(OTHER_BOARD))

    said = [line for line in ran.out.splitlines() if "`source` alone" in line]
    assert ran.status == 0
    assert [re.search(r"\((\w+): ", line)[1] for line in said] == ["leads", "actions", "steps", "mixes"]  # type: ignore[index]
    assert all(line.endswith("`law`, or `ours` (your reason, a whole sentence).") for line in said)
    assert "`source` alone" not in run(tmp_path, "pack", "check", str(SHIPPED)).out


def test_a_board_makes_the_hashes_of_its_own_guidance_and_quotes_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OTHER_BOARD, tmp_path / "mine"))
    guidance, text = folder / "guidance.toml", tmp_path / "guidance.txt"
    quoting = 'says = "they must ring the front door today"\nheading = "Where to ring"'
    guidance.write_text(guidance.read_text().replace('source = "ours"', quoting, 1))
    text.write_text("# Where to ring\nIf they are worried, they must ring the front door today.\n")

    assert "make it with `seraf-bot pack quotes`" in run(tmp_path, "pack", "check", "mine").err
    made = run(tmp_path, "pack", "quotes", "guidance.txt", "--to", "mine")
    assert (made.status, run(tmp_path, "pack", "check", "mine").status) == (0, 0)
    assert "front door" not in (folder / "quotes.toml").read_text()

    text.write_text("# Where to ring\nIf they are worried, they may ring the front door today.\n")
    assert run(tmp_path, "pack", "quotes", "guidance.txt", "--to", "mine").status == 0
    line = 1 + guidance.read_text().splitlines().index(quoting.splitlines()[0])
    assert f"guidance.toml, line {line}" in run(tmp_path, "pack", "check", "mine").err


@pytest.mark.parametrize(
    ("text", "to", "said"),
    [
        (b"They must ring the front door today.", "mine", "no line begins with #. Write # before each heading."),
        (b"# Where\nCaf\xe9", "mine", "not UTF-8 text; save it as UTF-8."),
        (b"# Where\nThey ring.", "nowhere", "--to: nowhere is not a folder."),
    ],
)
def test_an_unquotable_text_is_reported_plainly(tmp_path: Path, text: bytes, to: str, said: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "guidance.txt").write_bytes(text)

    ran = run(tmp_path, "pack", "quotes", "guidance.txt", "--to", to)

    assert (ran.status, said in ran.err, list((tmp_path / "mine").iterdir())) == (2, True, [])


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("items",), "", "Young carer"),
        (("items", "--json"), "", '"V12"'),
        (("score", "case.json"), "", "Lantern"),
        (("chat",), "/contacts\n/explain category 1\n/guide\n", "0 to 4 points"),
        (("contacts", "list"), "", "art: Lantern, 101"),
        (("check",), "", "Lantern"),
        (("rehearse", "cases"), "", "This pack has no made-up cases. Write one"),
    ],
)
def test_no_command_on_a_second_board_mentions_the_first(
    tmp_path: Path, words: tuple[str, ...], typed: str, said: str
) -> None:
    made(tmp_path).admit()
    put(tmp_path / "second", second_board.files())
    (tmp_path / "case.json").write_text(json.dumps({"age": "13-15", "responses": {"S1": "current", "V12": "yes"}}))

    ran = run(tmp_path, *words, typed=typed.encode(), settings={"SERAF_PACK": "second", "COLUMNS": "200"})

    assert said in ran.out
    result = ran.out + ran.err
    assert [word for word in FIRST_BOARD if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", result)] == []


def test_differences_are_shown_as_a_reader_would_notice_them(tmp_path: Path) -> None:
    folder = put(tmp_path / "second", second_board.files())

    lines = run(tmp_path, "pack", "diff", str(SHIPPED), str(folder)).out.splitlines()

    for line in (
        "  - front door: ART",
        "  + front door: Lantern",
        "  + ask: In the past three months, 3–8 months ago, or both?",
        "  + lowest: 14",
        "Form: items V12",
        "  + label: Young carer without support",
    ):
        assert line in lines
    assert run(tmp_path, "pack", "diff", str(folder), str(folder)).out == "Both say the same.\n"


def test_cases_are_tried_on_another_pack(tmp_path: Path) -> None:
    folder = put(tmp_path / "second", second_board.files())
    cases = [{"age": "13-15", "responses": {"S1": "current"}}, {"age": "13-15", "responses": {"M1": "no"}}]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)) + "\n")

    ran = run(tmp_path, "pack", "what-if", str(folder), "cases.jsonl")

    assert ran.out.splitlines() == [
        "Category 1 becomes 2: 1",
        "  line 1: 5 points; “A serious sign now: talk within the hour.” (manager) both times",
        "1 of 2 cases change.",
    ]
    (tmp_path / "cases.jsonl").write_text('\n{"age": "13-15", "responses": {"V99": "yes"}}\n')
    assert "line 2: " in run(tmp_path, "pack", "what-if", str(folder), "cases.jsonl").err
    assert run(tmp_path, "pack", "what-if", str(folder), "none.jsonl").status == 2


def test_without_a_file_all_that_can_be_made_are_tried(tmp_path: Path) -> None:
    moved = SHIPPED_FILES["instrument.toml"].replace(b"from = 6\n", b"from = 7\n")
    folder = put(tmp_path / "moved", {**SHIPPED_FILES, "instrument.toml": moved})

    first, *result, more, last = run(tmp_path, "pack", "what-if", str(folder)).out.splitlines()

    assert re.fullmatch(r"Category 2 becomes 1: \d+", first)
    count = int(first.split()[-1])
    assert len(result) == LISTED < count
    assert all(": 6 points; " in line for line in result)
    assert more == f"  … and {count - LISTED} more"
    assert re.fullmatch(rf"{count} of 3,\d\d\d cases change\.", last)


def test_comparing_a_pack_with_itself_shows_no_change(tmp_path: Path) -> None:
    assert run(tmp_path, "pack", "what-if", str(SHIPPED)).out.startswith("0 of 3,")


def test_made_up_cases_are_those_of_both_forms() -> None:
    """An item that only one of the two packs has is answered “No”, so that no result depends on its being open."""
    one, other = load_pack(SHIPPED), second_board.pack()
    made = [each for each in all_cases(one, other) if each[0].startswith("made up")]

    assert [name for name, _, _ in made] == [f"made up, {each.title}" for each in one.vignettes]
    for _, before, after in made:
        assert after.responses.get("V12") == "no"
        assert after.responses.drop("V12") == before.responses
        assert after.answers == before.answers
        assert {"danger", "told_or_seen", "judgement"} <= set(before.answers)


def test_a_trial_that_takes_too_long_ends_with_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.pack.pack.LONGEST_TRY", -1)

    lines = run(tmp_path, "pack", "what-if", str(SHIPPED)).out.splitlines()

    assert lines[0] == "0 of 0 cases change."
    assert re.fullmatch(r"Time was up: 3,\d\d\d cases were not tried\.", lines[1])


def test_beginning_takes_no_made_up_case_along() -> None:
    assert set(begun_from({**SHIPPED_FILES, "vignettes/kai.toml": b""}, "Nowhere")) == set(SHIPPED_FILES)
