"""The commands and settings on the pages of `docs/deploy` for monitoring, leads, settings and web pages work."""

import itertools
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from bot.runtime.packs import SHIPPED
from bot.runtime.settings import setting_names
from tests.project.test_deploying import NOT_FOUND, SEEN, text_of
from tests.support.command_line.cli import PLAIN
from tests.support.command_line.deploying import DEPLOY, Machine, typed
from tests.support.command_line.runbooks import BOSS, FENCE, Organisation, Step, organisation

LEADS = tuple(dict.fromkeys(re.findall(r"`(seraf-bot [^`]+)`", text_of("leads.md"))))
"""The commands on the page for leads, in the order of the page."""

IDS = {"people withdraw ID": "people withdraw INVITATION", " ID": " PERSON"}
ANOTHER = re.compile(r"SERAF_(?!ADMINS\b)[A-Z_]+[A-Z]")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    made = organisation(tmp_path_factory.mktemp("organisation"))
    (made.folder / "staff.csv").write_text("label,role\nDuty desk,practitioner\n", encoding="utf-8")
    (made.folder / "teams.csv").write_text(f"team,person,place,away until\nNorth,{BOSS},member,\n", encoding="utf-8")
    (made.folder / "rota.csv").write_text("team,person,day,from,to\nNorth,,monday,18:00,08:00\n", encoding="utf-8")
    return made


@pytest.mark.parametrize("line", LEADS)
def test_the_commands_for_leads_work(here: Organisation, line: str) -> None:
    for word, value in IDS.items():
        line = line.replace(word, value)

    ran = here.play(Step(f"{line} --confirmed-by ADMIN" if "--role admin" in line else line))

    assert ran.status == 0, ran.err


def test_the_commands_for_watching_the_bot_work(tmp_path: Path) -> None:
    machine, desk = Machine(tmp_path / "machine"), organisation(tmp_path)
    head = ""
    for line in typed(text_of("watching.md")):
        ran = replace(desk, head=head).play(Step(line)) if line.startswith("seraf-bot") else machine.play(line)
        assert ran.status == 0, f"{line}\n{ran.out}{ran.err}"
        head = next(iter(re.findall(r"\d+:\S+", ran.out)), "")

    assert head


def ways_of_reaching() -> list[tuple[list[str], str]]:
    found = FENCE.findall(text_of("watching.md"))
    pairs = itertools.pairwise(found)
    return [(one.splitlines(), other) for (mark, one), (second, other) in pairs if (mark, second) == ("ini", "curl")]


def reached(lines: list[str], settings: str, *, folder: Path, address: str) -> None:
    """Run the command of a systemd drop-in file as systemd would: specifiers replaced, its text as input."""
    config = re.sub(r'url = "(\w+)://[^"]*"', rf'url = "\1://{address}"', settings.replace("https://", "http://"))
    (folder / "reach").write_text(re.sub(r"^(ssl-reqd|user = .*)\n", "", config, flags=re.MULTILINE), encoding="utf-8")
    values = [line.partition("=")[2].replace("%i", "seraf-bot.service").replace("%H", "office") for line in lines]
    named = [(line.partition("=")[0], value) for line, value in zip(lines, values, strict=True)]
    text = "".join(f"{value}\n" for name, value in named if name == "StandardInputText").replace("\\n", "\n")
    (command,) = [value for name, value in named if name == "ExecStart"]
    words = [word.replace("${CREDENTIALS_DIRECTORY}", str(folder)) for word in shlex.split(command)]
    assert words[0] == "/usr/bin/curl"
    ran = subprocess.run(["curl", *words[1:]], input=text, capture_output=True, text=True, timeout=60, env=PLAIN)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_alarm_reaches_a_webhook_and_a_mailbox(tmp_path: Path) -> None:
    webhook, mail = ways_of_reaching()
    with a_webhook() as (address, posted):
        reached(*webhook, folder=tmp_path, address=address)
    with a_mailbox() as (address, letters):
        reached(*mail, folder=tmp_path, address=address)

    assert [json.loads(each) for each in posted] == [{"text": "seraf-bot.service failed on office"}]
    (letter,) = letters
    assert ("MAIL FROM:<seraf-bot@example.org>" in letter, "RCPT TO:<on-call@example.org>" in letter) == (True, True)
    assert "Subject: seraf-bot.service failed on office\n\nSee docs/deploy/watching.md" in letter


@contextmanager
def a_webhook() -> Iterator[tuple[str, list[str]]]:
    """Run a server that accepts JSON within the context. Yield its address, and the list of the bodies that it got."""
    posted = list[str]()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"] == "application/json"
            posted.extend([body] if is_json else [])
            self.send_response(200 if is_json else 415)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing, unlike the base class."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}/hooks/x", posted
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def a_mailbox() -> Iterator[tuple[str, list[str]]]:
    """Run a mail server within the context. Yield its address, and a list of what each session sent."""
    letters = list[str]()

    class Box(StreamRequestHandler):
        def handle(self) -> None:
            said, is_letter = list[str](), False
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                said.append(line)
                if is_letter:
                    while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                        said.append(line)
                is_letter = line == "DATA"
                self.wfile.write(b"354 go on\r\n" if is_letter else b"250 fine\r\n")
                if line == "QUIT":
                    break
            letters.append("\n".join(said))

    server = ThreadingTCPServer(("127.0.0.1", 0), Box)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", letters
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("page", sorted(path.name for path in DEPLOY.glob("*.md")))
def test_a_setting_that_a_page_names_is_one(page: str) -> None:
    assert set(ANOTHER.findall(text_of(page))) <= set(setting_names())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_the_lines_for_pages_fit_the_unit(tmp_path: Path) -> None:
    (lines,) = [block for mark, block in FENCE.findall(text_of("browser.md")) if mark == "ini"]

    assert found_in(tmp_path, "seraf-bot.service", lines) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("unit", ["seraf-bot.service", "seraf-bot-backup.service", "seraf-bot-practice.service"])
def test_the_lines_for_postgresql_fit_each_unit(tmp_path: Path, unit: str) -> None:
    (lines,) = [block for mark, block in FENCE.findall(text_of("postgresql.md")) if mark == "ini"]

    assert found_in(tmp_path, unit, lines) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("way", [0, 1])
def test_the_lines_for_the_alarm_fit_its_unit(tmp_path: Path, way: int) -> None:
    lines, _ = ways_of_reaching()[way]

    assert found_in(tmp_path, "seraf-bot-alarm@.service", "\n".join(lines)) == []


def found_in(folder: Path, unit: str, lines: str) -> list[str]:
    """Return what systemd finds wrong in a unit with these added lines, without complaints about missing paths."""
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        shutil.copy(path, folder / path.name)
    (folder / f"{unit}.d").mkdir()
    (folder / f"{unit}.d" / "own.conf").write_text(lines, encoding="utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", str(folder / unit)], capture_output=True, text=True, timeout=120)
    ours = [line for line in ran.stderr.splitlines() if "seraf-bot" in line.partition(":")[0]]
    return [line for line in ours if SEEN not in line or NOT_FOUND not in line]


def test_a_number_is_changed_as_documented(tmp_path: Path) -> None:
    desk, page = organisation(tmp_path), (DEPLOY.parent / "changing-a-pack.md").read_text(encoding="utf-8")
    lines = [line.replace("OLD", str(SHIPPED)) for line in typed(page)]
    contacts = desk.folder / "my-pack" / "contacts.toml"

    copied = desk.play(Step(lines.pop(0)))
    new_day = contacts.read_text(encoding="utf-8").replace("01454 866000", "01632 960123")
    contacts.write_text(new_day.replace("2024-04-30", "2026-03-02", 1), encoding="utf-8")
    with (desk.folder / ".env").open("a", encoding="utf-8") as settings:
        settings.write("\nSERAF_PACK=my-pack\n")
    statuses = [(line, desk.play(Step(line)).status) for line in lines]

    assert copied.status == 0, copied.err
    assert [line for line, status in statuses if status != 0] == []
    assert "01632 960123\n    confirmed, last seen to be right" in desk.play(Step("seraf-bot contacts list")).out
