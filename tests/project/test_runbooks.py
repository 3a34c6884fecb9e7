"""Every command of every runbook is run, in its order, in a temporary organisation.

A command that must fail has a comment with its exit status, such as `# exit 1`.
"""

import re
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.support.command_line.runbooks import (
    FENCE,
    FILES,
    LOOKED_UP,
    PROGRAMS,
    WORDS,
    Organisation,
    after_a_failure,
    blocks,
    organisation,
)
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "governance" / "runbooks"
RUNBOOKS = sorted(FOLDER.glob("*.md"))

NAMES = """
data-breach failover first-day hold key-leaked leaked-token leaver let-people-in-again lost-key lost-phone put-back restore subject-access
switching-off upgrade
"""

NOT_TYPED = frozenset({"run", "chat", "accept", "status"})
"""Commands that a runbook may mention without having them typed. The service starts `run`, monitoring runs `status`,
`chat` is for a desk, and `accept` never comes first.
"""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def acts(words: str) -> str:
    return " ".join(word for word in words.split()[1:3] if re.fullmatch(r"[a-z]+", word))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return organisation(tmp_path_factory.mktemp("organisation"))


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_every_line_of_a_runbook_does_what_it_is_for(path: Path, made: Organisation, tmp_path: Path) -> None:
    here = made.copied(tmp_path / "bot", without_key=path.stem == "lost-key")

    with after_a_failure(here) if path.stem == "failover" else nullcontext(here) as played:
        for _, step in blocks(read(path)):
            ran = played.play(step)
            assert ran.status == step.status, f"{step.line}\n{ran.out}{ran.err}"


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_runbook_begins_with_what_to_do_now_and_has_lines_that_can_be_played(path: Path) -> None:
    text = read(path)
    typed = list(blocks(text))

    words = {word for _, step in typed for word in re.findall(r"(?<![\w.-])[A-Z]{4,}\b", step.line)}

    assert text.splitlines()[2].startswith("**Now:** ")
    assert [step.line for mark, step in typed if (mark == "sh") != (step.program == "seraf-bot")] == []
    assert {mark for mark, _ in FENCE.findall(text)} <= {"sh", "text"}
    assert {step.program for _, step in typed} <= PROGRAMS.keys() | FILES
    assert words <= WORDS.keys() | LOOKED_UP
    assert any(mark == "sh" for mark, _ in typed)


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_command_that_a_runbook_only_names_is_typed_in_one_of_them(path: Path) -> None:
    """Sentences are not run, so a wrong command in a sentence would otherwise not be noticed."""
    played = {acts(step.line) for each in RUNBOOKS for mark, step in blocks(read(each)) if mark == "sh"}
    named = {acts(words) for words in re.findall(r"`(seraf-bot [^`\n]+)`", FENCE.sub("", read(path)))}

    assert {each for each in named if each.split()[0] not in NOT_TYPED} <= played


def test_there_is_a_runbook_for_each_case() -> None:
    page = read(FOLDER.parent / "README.md")

    assert {path.stem for path in RUNBOOKS} == set(NAMES.split())
    assert [name for name in NAMES.split() if f"(runbooks/{name}.md)" not in page] == []
    assert {*WORDS, *LOOKED_UP} - set(re.findall(r"`([A-Z]+)`(?=[^|\n]*\|)", page)) == set()
