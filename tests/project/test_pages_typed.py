"""What the other pages of `docs/deploy` have somebody type or write: the watch, what leads do, settings, the lines for pages."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.settings import setting_names
from tests.project.test_deploying import NOT_FOUND, SEEN, text_of
from tests.support.command_line.deploying import DEPLOY, Machine, typed
from tests.support.command_line.runbooks import FENCE, Organisation, Step, organisation

LEADS = tuple(dict.fromkeys(re.findall(r"`(seraf-bot [^`]+)`", text_of("leads.md"))))
"""What leads have somebody type, each once, in the order of the page."""

IDS = {"people withdraw ID": "people withdraw INVITATION", " ID": " PERSON"}
ANOTHER = re.compile(r"SERAF_(?!ADMINS\b)[A-Z_]+[A-Z]")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """An organisation in which they are typed one after another."""
    made = organisation(tmp_path_factory.mktemp("organisation"))
    (made.folder / "staff.csv").write_text("label,role\nDuty desk,practitioner\n", encoding="utf-8")
    return made


@pytest.mark.parametrize("line", LEADS)
def test_what_leads_have_typed_does_it(here: Organisation, line: str) -> None:
    """With an id in its place; a further administrator is confirmed by one who is there."""
    for word, value in IDS.items():
        line = line.replace(word, value)

    ran = here.play(Step(f"{line} --confirmed-by ADMIN" if "--role admin" in line else line))

    assert ran.status == 0, ran.err


def test_what_is_typed_to_watch_the_bot_does_it(tmp_path: Path) -> None:
    """Units that are shipped, and exports of the audit of which the second goes on where the first ended."""
    machine, desk = Machine(tmp_path / "machine"), organisation(tmp_path)
    head = ""
    for line in typed(text_of("watching.md")):
        ran = replace(desk, head=head).play(Step(line)) if line.startswith("seraf-bot") else machine.play(line)
        assert ran.status == 0, f"{line}\n{ran.out}{ran.err}"
        head = next(iter(re.findall(r"\d+:\S+", ran.out)), "")

    assert head


@pytest.mark.parametrize("page", sorted(path.name for path in DEPLOY.glob("*.md")))
def test_a_setting_that_a_page_names_is_one(page: str) -> None:
    """Else a reader writes a line that nothing reads."""
    assert set(ANOTHER.findall(text_of(page))) <= set(setting_names())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_the_lines_for_pages_fit_the_unit(tmp_path: Path) -> None:
    """They are read over those of the unit, and nothing is found but that the paths are an example."""
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        shutil.copy(path, tmp_path / path.name)
    (lines,) = [block for mark, block in FENCE.findall(text_of("web.md")) if mark == "ini"]
    folder = tmp_path / "seraf-bot.service.d"
    folder.mkdir()
    (folder / "web.conf").write_text(lines, encoding="utf-8")

    ran = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "seraf-bot.service")], capture_output=True, text=True, timeout=120
    )

    ours = [line for line in ran.stderr.splitlines() if "seraf-bot" in line.partition(":")[0]]
    assert [line for line in ours if SEEN not in line or NOT_FOUND not in line] == []
