"""Documents are held to the software: what is generated is current, and what is written by hand names what there is."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import pytest

from bot.cli.main import app
from bot.runtime.settings import PREFIX, Settings
from docs.conversation import notes_of
from docs.generate import PIECES, ROOT, WHOLE, main
from docs.markdown import fill, table
from state_machines.assessment import TABLE, Phase
from state_machines.diagram import mermaid

MARKDOWN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OTHERS = [ROOT / name for name in ("LICENSE", "NOTICE", ".env.example", ".pre-commit-config.yaml")]
PICTURES = sorted(ROOT.glob("docs/pictures/*"))
CODE = sorted(ROOT.glob("docs/**/*.py"))
RECORDS = sorted(ROOT.glob("docs/adr/0*.md"))

HOSTS = {"api.telegram.org", "t.me", "semver.org", "pre-commit.com", "www.w3.org", "json-schema.org"}
"""The only hosts that a document may name."""

UNWANTED = ("/wo" + "rk/", "/ro" + "ot", "/ho" + "me/", "/tm" + "p/", "TO" + "DO", "FIX" + "ME", "localhost:")
"""Places of one machine, and marks of what was left undone."""


def name_of(path: Path) -> str:
    """A document's path from the root of the project."""
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    """A document's text."""
    return path.read_text(encoding="utf-8")


def links_of(text: str) -> Iterator[str]:
    """The targets of a document's links and pictures, those to other hosts left out."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors_of(text: str) -> set[str]:
    """The anchors that headings make."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the documents to be written to."""
    copytree(ROOT / "docs", tmp_path / "docs", ignore=lambda _, names: [each for each in names if each.endswith(".py")])
    (tmp_path / ".env.example").write_text(text_of(ROOT / ".env.example"), encoding="utf-8")
    return tmp_path


def test_generated_documents_are_current() -> None:
    """What is drawn from code and data is what the code and the data say now; else `make docs-write` is due."""
    assert main(["--check"], ROOT) == 0


def test_a_document_that_is_out_of_date_is_named_and_written_again(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that was changed by hand, and one that is not there."""
    changed, gone = copy / "docs" / "settings.md", copy / "docs" / "glossary.md"
    changed.write_text("Changed by hand.", encoding="utf-8")
    gone.unlink()

    checked = main(["--check"], copy)
    said = capsys.readouterr().err
    untouched = text_of(changed)
    written = main([], copy)

    assert (checked, written, untouched) == (1, 0, "Changed by hand.")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["docs/glossary.md", "docs/settings.md"]
    assert main(["--check"], copy) == 0


def test_an_argument_that_is_not_known_is_said(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written for a misspelt option."""
    assert main(["--chek"], copy) == 2
    assert "usage" in capsys.readouterr().err


def test_a_document_without_a_place_for_a_piece_is_a_mistake() -> None:
    """A piece is never left out in silence."""
    with pytest.raises(ValueError, match="begin facts"):
        fill("No place.", {"facts": "a table"})


def test_a_cell_of_a_table_cannot_break_it() -> None:
    """A bar is written as one, and the end of a line becomes a break."""
    assert table(("a",), [("b|c\nd",)]) == "| a |\n| --- |\n| b\\|c<br>d |\n"


def test_every_setting_is_documented() -> None:
    """In the page of settings and in the example file."""
    names = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]

    for document in ("docs/settings.md", ".env.example"):
        assert [name for name in names if name not in text_of(ROOT / document)] == []


def commands_of_the_bot() -> set[str]:
    """The names of the commands and of the groups of commands."""
    commands = {str(each.name) for each in app.registered_commands}
    return commands | {str(each.name) for each in app.registered_groups}


def test_every_command_is_in_the_readme() -> None:
    """With its name as it is typed."""
    commands = sorted(commands_of_the_bot())

    assert [name for name in commands if f"`seraf-bot {name}" not in text_of(ROOT / "README.md")] == []


def test_commands_that_a_document_names_exist() -> None:
    """Every target of `make` is in the Makefile, and every command of `seraf-bot` in the command line."""
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    commands = commands_of_the_bot()
    unknown = {}
    for path in MARKDOWN:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text_of(path), re.MULTILINE))
        typed = set(re.findall(r"(?:^|`|/|\| |\S=\S+ )seraf-bot ([a-z]+)", text_of(path), re.MULTILINE))
        unknown[name_of(path)] = (named - targets) | (typed - commands)

    assert {name: words for name, words in unknown.items() if words} == {}


def is_broken(path: Path, link: str) -> bool:
    """Whether a link leads to no file or folder that is there, or to no heading that is in it."""
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    return not target.exists() or bool(anchor and anchor not in anchors_of(text_of(target)))


def test_every_link_leads_somewhere() -> None:
    """To a file or folder that is there, and to a heading that is in it."""
    broken = {name_of(path): [link for link in links_of(text_of(path)) if is_broken(path, link)] for path in MARKDOWN}

    assert {name: links for name, links in broken.items() if links} == {}


def test_a_document_names_no_place_of_one_machine_and_no_other_host() -> None:
    """No path of the machine it was written on, no mark of what is left to do, and no host beyond a short list."""
    unwanted = {}
    for path in (*MARKDOWN, *OTHERS, *PICTURES, *CODE):
        hosts = set(re.findall(r"https?://([^/\s\"'`)>]+)", text_of(path))) - HOSTS
        unwanted[name_of(path)] = hosts | {word for word in UNWANTED if word in text_of(path)}

    assert {name: words for name, words in unwanted.items() if words} == {}


def test_the_diagram_is_the_table() -> None:
    """The page of the conversation has the whole of it, as it is drawn from the table."""
    assert f"```mermaid\n{mermaid(TABLE)}```" in text_of(ROOT / "docs" / "conversation.md")


def test_every_phase_says_what_it_is() -> None:
    """The page of the conversation rests on the sentence below each phase."""
    assert set(notes_of(Phase)) == {str(phase) for phase in Phase}


def test_the_picture_shows_a_conversation_up_to_its_result() -> None:
    """The words that were typed were buttons of the cards, so the conversation reached its end; and the picture is XML."""
    picture = ROOT / "docs" / "pictures" / "conversation.svg"

    shown = " ".join("".join(ElementTree.parse(picture).getroot().itertext()).replace("\xa0", " ").split())

    assert "You know enough to call now" in shown
    assert "BRISK OTTER 41 · what to do" in shown
    assert "That is no button here" not in shown


@pytest.mark.parametrize("path", RECORDS, ids=name_of)
def test_a_decision_record_is_short_and_whole(path: Path) -> None:
    """Context, decision and consequences within forty lines, and listed in the index under its own title."""
    text = text_of(path)
    title = text.splitlines()[0].partition(". ")[2]

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 40
    assert f"[{title}]({path.name})" in text_of(path.parent / "README.md")


def test_every_generated_document_is_there_to_be_read() -> None:
    """And nothing is generated that is not in the project."""
    assert [path for path in (*WHOLE, *PIECES) if not (ROOT / path).is_file()] == []
