"""Deployment by a newcomer: the pages typed from top to bottom, the wheel, the units of several bots, and the sizes."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.channels.web.guard import READY
from bot.runtime.starting import PREFIX
from docs.units import NAMES, template, template_name
from release.size import MOST, runtime
from tests.project.test_deploy import DEPLOY, FLAGS, HARDENING, lines_of, values_of
from tests.support.command_line.bot_api import TOKEN, bot_api
from tests.support.command_line.cli import PLAIN, run
from tests.support.command_line.deploying import Machine, has_key, typed
from tests.support.command_line.runbooks import FENCE, organisation
from tests.support.places import ROOT

PACKAGES = ("seraf", "state_machines", "dialogs", "bot")
NOT_FOR_THESE = frozenset({"typst", "phonenumbers", "telegram", "aiosqlite"})
NOT_FOUND = "No such file or directory"
SEEN = "is not executable"


def text_of(page: str) -> str:
    return (DEPLOY / page).read_text(encoding="utf-8")


def section_of(page: str, title: str) -> str:
    return text_of(page).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def played(machine: Machine, text: str) -> None:
    for line in typed(text):
        ran = machine.play(line)
        assert ran.status == 0, f"{line}\n{ran.out}{ran.err}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_pages_are_typed_in_the_order_in_which_they_lead_from_one_to_the_next(machine: Machine) -> None:
    played(machine, text_of("installing.md"))

    found = {each.name for each in machine.bot.iterdir()}
    assert found == {".venv", "var", ".env", ".config"}
    assert has_key(machine)
    assert machine.bot.stat().st_mode & 0o777 == 0o700

    for text in (
        text_of("README.md"),
        text_of("backups.md"),
        section_of("other-set-ups.md", "Several bots on one machine"),
    ):
        played(machine, text)
    assert not has_key(machine)
    assert (machine.root / "etc" / "seraf-bot" / "seraf.key").is_file()


def test_the_container_commands_fit_together(machine: Machine) -> None:
    played(machine, section_of("other-set-ups.md", "In a container"))

    assert machine.bot.stat().st_mode & 0o777 == 0o700


def test_the_telegram_setup_commands_work(tmp_path: Path) -> None:
    here = organisation(tmp_path)
    telegram = {"SERAF_TELEGRAM_API": bot_api(), "SERAF_TELEGRAM_TOKEN": TOKEN}
    found = [line.removeprefix(".venv/bin/seraf-bot ") for line in typed(text_of("telegram.md"))]

    assert found == ["check", "run"]
    for line in found:
        ran = run(here.folder, *shlex.split(line if line != "run" else "run --help"), settings=telegram)
        assert ran.status in ((0, 1) if line == "check" else (0,)), f"{line}\n{ran.out}{ran.err}"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_first_administrator_finds_their_number_without_showing_the_token(tmp_path: Path) -> None:
    blocks = [block for _, block in FENCE.findall(text_of("telegram.md")) if block.lstrip().startswith("( ")]
    with updates() as address:
        (tmp_path / ".env").write_text(f"SERAF_TELEGRAM_API={address}\nSERAF_TELEGRAM_TOKEN={TOKEN}\n")
        ran = subprocess.run(["sh", "-c", blocks[0]], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert len(blocks) == 1
    assert '"id": 7' in ran.stdout
    assert TOKEN not in ran.stdout + ran.stderr


@contextmanager
def updates() -> Iterator[str]:
    """Run a minimal Bot API within the context, at which somebody has written to the bot. Yield its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = [{"update_id": 1, "message": {"from": {"id": 7, "is_bot": False}, "text": "/start"}}]
            body = json.dumps({"ok": True, "result": sent if self.path == f"/bot{TOKEN}/getUpdates" else []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing, unlike the base class."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_its_unit_for_each_bot(name: str) -> None:
    one, each = lines_of(name), lines_of(template_name(name))

    assert "\n".join(each) in template(name) or len(each) == len(one)
    differing = [new for old, new in zip(one, each, strict=True) if old != new]
    assert [line for line in differing if "%i" not in line and "/opt/seraf-bot/.venv" not in line] == []
    assert not re.search(r"/srv/seraf-bot/|User=seraf$|seraf\.key:/etc/seraf-bot/seraf\.key", "\n".join(each))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", [*NAMES, *map(template_name, NAMES)])
def test_systemd_finds_nothing_in_a_unit_but_that_the_paths_are_an_example(name: str, tmp_path: Path) -> None:
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        shutil.copy(path, tmp_path / path.name)

    ran = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True, timeout=120
    )

    ours = [line for line in ran.stderr.splitlines() if "seraf-bot" in line.partition(":")[0]]
    assert [line for line in ours if SEEN not in line or NOT_FOUND not in line] == []


def test_the_copies_elsewhere_have_every_hardening_line_that_fits_them() -> None:
    """The unit that copies backups to another machine writes nothing here, has no key, and deletes nothing there."""
    found = lines_of("seraf-bot-offsite.service", "Service")
    (command,) = values_of(found, "ExecStart")
    own = ("ReadWritePaths=", "LoadCredential=seraf.key", "Environment=")

    assert [line for line in HARDENING if line not in found and not line.startswith(own)] == []
    assert not any(line.startswith(own) for line in found)
    assert "--ignore-existing" in command
    assert "--delete" not in command


def test_every_other_program_of_a_unit_is_documented_as_needed() -> None:
    started = "".join(path.read_text(encoding="utf-8") for path in (*DEPLOY.glob("*.service"), DEPLOY / "watching.md"))
    programs = set(re.findall(r"^ExecStart=/usr/bin/(\S+)", started, re.MULTILINE)) - {"systemd-cat"}
    needed = text_of("README.md").partition("You need:\n\n")[2].partition("\n\n")[0]

    assert programs == {"curl", "rsync"}
    assert [each for each in (*programs, "ssh", "git", "Python") if each not in needed] == []


def services_of(compose: str) -> dict[str, str]:
    """Return the text of each service of a compose file, without its comments."""
    plain = re.sub(r"^ *#.*\n", "", text_of(compose), flags=re.MULTILINE)
    section = re.split(r"\n(?=[a-z])", plain.partition("\nservices:")[2])[0]
    return dict(re.findall(r"^  ([a-z-]+):\n((?:    .*\n?)+)", section, re.MULTILINE))


@pytest.mark.parametrize("name", ["compose.yaml", "compose-postgresql.yaml"])
def test_the_compose_file_has_the_flags_of_every_run(name: str) -> None:
    text, services = text_of(name), services_of(name)
    names = {
        "--read-only": "read_only: true",
        "--tmpfs": "/tmp:rw,noexec,nosuid,nodev,size=16m",
        "--cap-drop=ALL": "cap_drop: [ALL]",
        "--security-opt no-new-privileges": "no-new-privileges:true",
        "--ulimit core=0": "ulimits: {core: 0}",
        "--user 1": 'user: "10001:10001"',
    }

    assert [flag for flag in FLAGS if names[flag] not in text] == []
    of_others = {each for each, lines in services.items() if "<<: *bot" not in lines}
    assert of_others == ({"balancer"} if name != "compose.yaml" else set())
    assert [each for each, lines in services.items() if PREFIX in lines] == [], (
        "settings are in the file that the bot reads"
    )
    assert {each for each, lines in services.items() if "ports:" in lines} == of_others


def test_two_copies_run_behind_a_balancer_that_asks_whether_they_can_save() -> None:
    services, balancer = services_of("compose-postgresql.yaml"), text_of("haproxy.cfg")
    copies = {name: lines for name, lines in services.items() if "command: [run, --web]" in lines}
    folders = {lines.partition('volumes: ["')[2].partition(":")[0] for lines in copies.values()}
    asked = dict(re.findall(r"^    server (\w+) ([\d.]+):8443$", balancer, re.MULTILINE))

    assert (set(copies), len(folders)) == ({"one", "two"}, 2)
    assert asked == {name: lines.partition("ipv4_address: ")[2].partition("}")[0] for name, lines in copies.items()}
    assert f"option httpchk GET {READY}\n" in balancer
    address = services["balancer"].partition("ipv4_address: ")[2].partition("}")[0]
    assert f"SERAF_WEB_PROXIES={address}\n" in text_of("compose-postgresql.yaml")
    assert "seraf.key" not in services["balancer"]
    assert {name for name, lines in services.items() if "seraf-bot-1:" in lines} == {
        "one",
        "backup",
        "prune",
        "practice",
    }


def test_a_container_runs_again_after_a_restart_of_the_machine() -> None:
    """After a restart of the machine, a container engine ignores `on-failure`."""
    page, compose = text_of("other-set-ups.md"), text_of("compose.yaml")

    assert re.findall(r"--restart (\S+)", page)[0] == "always"
    assert re.findall(r"restart: (\S+)", compose) == ["always"]
    assert "systemctl enable podman-restart.service" in page
    assert "on-failure" not in page + compose


def test_compose_takes_prunes_tries_out_and_copies_backups_as_the_units_do(tmp_path: Path) -> None:
    """The commands are the same. The container that copies backups has no key of the store."""
    services = dict(re.findall(r"^  ([a-z-]+):\n((?:    .*\n|  #.*\n)+)", text_of("compose.yaml"), re.MULTILINE))
    commands = {
        name: re.split(r",\s*", found[1].replace('"', ""))
        for name, text in services.items()
        if (found := re.search(r"command: \[(.*)\]", text))
    }
    units = [
        command.split("seraf-bot ", 1)[1].split()
        for unit in ("seraf-bot-backup.service", "seraf-bot-practice.service")
        for command in values_of(lines_of(unit, "Service"), "ExecStart")
    ]
    (copied,) = values_of(lines_of("seraf-bot-offsite.service", "Service"), "ExecStart")
    (rsync,) = [line for line in lines_of("Containerfile") if "rsync" in line and line.startswith("ENTRYPOINT")]

    assert [commands[name] for name in ("backup", "prune", "practice")] == units
    for name in ("backup", "prune", "practice"):
        assert run(tmp_path, *commands[name], "--help").status == 0
        assert "network_mode: none" in services[name]
    assert [word for word in shlex.split(copied)[1:5] if f'"{word}"' not in rsync] == []
    assert "StrictHostKeyChecking=yes" in rsync
    assert commands["offsite"][-1] == shlex.split(copied)[-1]
    assert ("seraf.key" in services["offsite"], ":ro" in services["offsite"]) == (False, True)


@pytest.mark.parametrize("words", [("items",), ("score", "case.json"), ("chat",)], ids=lambda words: words[0])
def test_a_desk_command_needs_nothing_of_paper_telephone_numbers_or_telegram(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """The command must start quickly, even where these libraries are not installed."""
    (tmp_path / "case.json").write_text('{"age": "under-13", "responses": {"V1": "yes"}}')
    look = (
        "import sys\nfrom bot.cli.main import app\n"
        f"try: app({list(words)!r})\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", look], cwd=tmp_path, env=PLAIN, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )

    assert NOT_FOR_THESE & set(ran.stderr.decode().split("\n")) == set()


def test_the_bot_s_dependencies_are_small_enough() -> None:
    assert 50_000_000 < sum(runtime().values()) <= MOST


@pytest.mark.prove
def test_the_wheel_is_built_and_installed_without_an_index(tmp_path: Path) -> None:
    source, house, fresh = tmp_path / "source", tmp_path / "wheelhouse", tmp_path / "fresh"
    source.mkdir()
    for name in (*PACKAGES, "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        path = ROOT / name
        shutil.copytree(path, source / name) if path.is_dir() else shutil.copy(path, source / name)
    pip = ("-m", "pip", "--disable-pip-version-check")
    wheel = ("wheel", "-q", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(house), ".")
    subprocess.run([sys.executable, *pip, *wheel], cwd=source, check=True, timeout=300, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True, timeout=300)
    into = (*pip, "--python", str(fresh / "bin" / "python"))
    install = ("install", "-q", "--no-index", "--no-deps", "--find-links", str(house), "seraf-bot")
    subprocess.run([sys.executable, *into, *install], check=True, timeout=300, capture_output=True)

    libraries = next((fresh / "lib").glob("python*/site-packages"))
    others = {
        str(each.relative_to(source)) for name in PACKAGES for each in (source / name).rglob("*.*") if each.is_file()
    }
    wanted = {each for each in others if not each.endswith(".pyc")}
    assert {each for each in wanted if not (libraries / each).is_file()} == set()
    here = os.pathsep.join((str(libraries), *(path for path in sys.path if path.endswith("site-packages"))))
    ran = subprocess.run(
        [fresh / "bin" / "seraf-bot", "items", "--json"],
        cwd=tmp_path,
        env=PLAIN | {"PYTHONPATH": here},
        capture_output=True,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b'"V1"' in ran.stdout
