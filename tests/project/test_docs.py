"""The documents match the software: generated ones are up to date, and handwritten ones name things that exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import get_args
from xml.etree import ElementTree

import pytest

from bot.cli.main import COMMANDS
from bot.runtime.packs import load_wording
from bot.runtime.settings import setting_names
from dialogs.core.events import Event
from dialogs.core.role import Role
from docs.generate import ROOT, main
from state_machines.assessment import Phase

MARKDOWN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OTHERS = [ROOT / name for name in ("LICENSE", "NOTICE", ".env.example", ".pre-commit-config.yaml")]
PICTURES = sorted(ROOT.glob("docs/pictures/*.svg"))
CODE = sorted(ROOT.glob("docs/**/*.py"))
RECORDS = sorted(ROOT.glob("docs/adr/0*.md"))

SOURCES = ("bot", "dialogs", "docs", "seraf", "state_machines", "tests")

NAMED_RECORD = re.compile(r"(?:ADR |adr/|[Dd]ecisions? )(0\d{3})\b")

HOSTS = {
    "api.telegram.org",
    "127.0.0.1:8080",
    "chat.example.org",
    "login.example.org",
    "login.microsoftonline.com",
    "seraf.example.org",
    "t.me",
    "semver.org",
    "pre-commit.com",
    "www.w3.org",
    "json-schema.org",
}
"""The hosts that a document may name. `example.org` is reserved for examples."""

UNWANTED = ("/wo" + "rk/", "/ro" + "ot", "/ho" + "me/", "/tm" + "p/", "TO" + "DO", "FIX" + "ME", "localhost:")
"""Paths of a single machine, and marks of unfinished work, which no document may contain."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links_of(text: str) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors_of(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    copytree(ROOT / "docs", tmp_path / "docs", ignore=lambda _, names: [each for each in names if each.endswith(".py")])
    (tmp_path / "seraf" / "packs").mkdir(parents=True)
    for name in (".env.example", "seraf/packs/proven.txt"):
        (tmp_path / name).write_text(text_of(ROOT / name), encoding="utf-8")
    return tmp_path


def test_generated_documents_are_current() -> None:
    assert main(["--check"], ROOT) == 0


def test_a_document_that_is_out_of_date_is_named_and_written_again(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed, gone = copy / "docs" / "settings.md", copy / "docs" / "conversation.md"
    changed.write_text("Changed by hand.", encoding="utf-8")
    gone.unlink()

    checked = main(["--check"], copy)
    said = capsys.readouterr().err
    untouched = text_of(changed)
    written = main([], copy)

    assert (checked, written, untouched) == (1, 0, "Changed by hand.")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["docs/conversation.md", "docs/settings.md"]
    assert main(["--check"], copy) == 0


def test_every_setting_is_documented() -> None:
    for document in ("docs/settings.md", ".env.example"):
        assert [name for name in setting_names() if name not in text_of(ROOT / document)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        found = [(page.parent / link.partition("#")[0]).resolve() for link in links_of(text_of(page))]
        waiting += [each for each in found if each in MARKDOWN]

    assert [name_of(page) for page in MARKDOWN if page not in reached] == []


def test_commands_that_a_document_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    commands = set(COMMANDS)
    unknown = {}
    for path in MARKDOWN:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text_of(path), re.MULTILINE))
        typed = set(re.findall(r"(?:^|`|/|\| |\S=\S+ )seraf-bot ([a-z]+(?:-[a-z]+)*)", text_of(path), re.MULTILINE))
        unknown[name_of(path)] = (named - targets) | (typed - commands)

    assert {name: words for name, words in unknown.items() if words} == {}


def is_broken(path: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    return not target.exists() or bool(anchor and anchor not in anchors_of(text_of(target)))


def test_every_link_leads_somewhere() -> None:
    broken = {name_of(path): [link for link in links_of(text_of(path)) if is_broken(path, link)] for path in MARKDOWN}

    assert {name: links for name, links in broken.items() if links} == {}


def test_a_link_that_names_a_module_leads_to_it() -> None:
    wrong = [
        f"{name_of(path)}: {label} → {target}"
        for path in MARKDOWN
        for label, target in re.findall(r"\[([\w/]+\.py)\]\(([^)#]+\.py)\)", text_of(path))
        if Path(label).name != Path(target).name
    ]

    assert wrong == []


def test_architecture_names_every_event() -> None:
    page = text_of(ROOT / "docs" / "architecture.md")

    assert [each.__name__ for each in get_args(Event) if f"`{each.__name__}`" not in page] == []
    assert f"There are {('six', 'seven', 'eight')[len(get_args(Event)) - 6]} events" in page


def test_architecture_names_every_phase_that_the_bot_knows() -> None:
    code = "".join(text_of(path) for path in ROOT.glob("bot/**/*.py"))
    known = {Phase[name].value for name in re.findall(r"\bPhase\.([A-Z]+)", code)}

    (said,) = re.findall(r"Of phases `bot` knows (?:\w+):([^.]+)\.", text_of(ROOT / "docs" / "architecture.md"))

    assert set(re.findall(r"`(\w+)`", said)) == known


def test_a_document_names_no_place_of_one_machine_and_no_other_host() -> None:
    unwanted = {}
    for path in (*MARKDOWN, *OTHERS, *PICTURES, *CODE):
        hosts = set(re.findall(r"https?://([^/\s\"'`)>]+)", text_of(path))) - HOSTS
        unwanted[name_of(path)] = hosts | {word for word in UNWANTED if word in text_of(path)}

    assert {name: words for name, words in unwanted.items() if words} == {}


def test_the_picture_of_the_terminal_shows_a_conversation_up_to_its_result() -> None:
    root = ElementTree.parse(ROOT / "docs" / "pictures" / "terminal.svg").getroot()
    shown = " ".join(" ".join(root.itertext()).replace("\xa0", " ").split())

    assert "BRISK OTTER 41 · Significant 5 of 7" in shown
    assert "BRISK OTTER 41 · what to do" in shown
    assert "Nothing was found" not in shown


@pytest.mark.parametrize("path", RECORDS, ids=name_of)
def test_a_decision_record_is_one_page(path: Path) -> None:
    """It has a context, a decision and consequences, and the title that the index has."""
    text = text_of(path)
    title = text.splitlines()[0].partition(". ")[2]

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 40
    assert len(text.split()) <= 300
    assert f"[{title}]({path.name})" in text_of(path.parent / "README.md")


def test_every_cited_record_exists() -> None:
    """Records were merged, so comments, tests and documents must use the numbers that still exist."""
    kept = {path.name[:4] for path in RECORDS}
    naming = [*MARKDOWN, *(path for folder in ("bench", "release", *SOURCES) for path in (ROOT / folder).rglob("*.py"))]
    named = {name_of(path): set(NAMED_RECORD.findall(text_of(path))) - kept for path in naming}

    assert {name: sorted(numbers) for name, numbers in named.items() if numbers} == {}


def test_the_architecture_names_every_table_of_the_store() -> None:
    """If a table were missing, answers to “what do you keep about me?” would leave it out."""
    migrations = "\n".join(text_of(path) for path in ROOT.glob("bot/storage/sqlite/migrations/*.sql"))
    section = text_of(ROOT / "docs" / "architecture.md").partition("| table | what is in it |")[2].partition("\n\n")[0]
    named = {
        name for row in section.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }

    assert named == set(re.findall(r"CREATE TABLE (\w+)", migrations))


def test_the_page_of_rights_has_a_row_for_every_role() -> None:
    """The rights of a new role must be written down before anybody gets it."""
    rows = re.findall(r"^\| ([^|]+) \|", text_of(ROOT / "docs" / "who-sees-what.md"), re.MULTILINE)
    words = {word for row in rows for word in row.split(", ")}

    assert {load_wording().say(f"role.{role}") for role in Role} <= words
