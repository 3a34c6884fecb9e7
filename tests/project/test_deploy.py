"""The unit files and the Containerfile: no hardening line is missing, and nothing runs as root."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence

import pytest
import typer.main
from typer.core import TyperGroup

from bot.cli.main import PASSING, WRONG, app
from bot.crypto.keys import MISSING
from bot.operations.watching import LOOK_EVERY, PATIENCE
from bot.watch.vitals import Ailment
from tests.support.places import ROOT

DEPLOY = ROOT / "docs" / "deploy"
KEYED = ("seraf-bot.service", "seraf-bot-backup.service", "seraf-bot-practice.service")
SERVICES = (*KEYED, "seraf-bot-watch.service")
STATE = "/srv/seraf-bot"

LINES = """
UMask=0077 NoNewPrivileges=yes CapabilityBoundingSet= AmbientCapabilities= RestrictSUIDSGID=yes
RestrictNamespaces=yes RestrictRealtime=yes ProtectSystem=strict ReadWritePaths=/srv/seraf-bot/var
ProtectHome=yes PrivateTmp=yes PrivateDevices=yes PrivateMounts=yes PrivateUsers=yes ProtectKernelTunables=yes
ProtectKernelModules=yes ProtectKernelLogs=yes ProtectControlGroups=yes ProtectClock=yes ProtectHostname=yes
ProtectProc=invisible ProcSubset=pid PrivateIPC=yes KeyringMode=private LockPersonality=yes LimitCORE=0
MemorySwapMax=0 MemoryDenyWriteExecute=yes SystemCallFilter=@system-service SystemCallFilter=~@privileged
SystemCallArchitectures=native
"""
HARDENING = tuple(LINES.split())

OF_KEYS = (
    "LoadCredential=seraf.key:/etc/seraf-bot/seraf.key",
    f"SetCredential=seraf.key:{MISSING.decode()}",
    "Environment=SERAF_KEY_CREDENTIAL=seraf.key",
)
"""Lines of the services that need the keys. Without the second, systemd would not start one whose file is gone."""

ALONE = ("Type=oneshot", "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "IPAddressDeny=any")
"""Lines of the services that run briefly and need no network."""

OWN = {
    "seraf-bot.service": (
        *OF_KEYS,
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSec=2min",
        "Restart=on-failure",
        "RestartPreventExitStatus=2",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SocketBindDeny=any",
    ),
    "seraf-bot-backup.service": (*OF_KEYS, *ALONE),
    "seraf-bot-practice.service": (*OF_KEYS, *ALONE),
    "seraf-bot-watch.service": ALONE,
}
"""Further lines of each service. The bot may connect to the network, and is not restarted after a permanent error."""

FLAGS = ("--read-only", "--tmpfs", "--cap-drop=ALL", "--security-opt no-new-privileges", "--ulimit core=0", "--user 1")


def lines_of(name: str, section: str | None = None) -> list[str]:
    """Return the lines of a file without comments, or only those of one section of a unit file."""
    lines, here = [], section is None
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if section is not None and line.startswith("["):
            here = line == f"[{section}]"
        elif here and line and not line.startswith("#"):
            lines.append(line)
    return lines


def values_of(lines: Sequence[str], key: str) -> list[str]:
    return [line.partition("=")[2] for line in lines if line.partition("=")[0] == key]


def missing(lines: Sequence[str], name: str) -> list[str]:
    """Return the hardening lines that a service lacks, or that a later line with the same name undoes."""
    wanted = (*HARDENING, *OWN[name])
    return [
        line
        for line in wanted
        if line not in lines
        or any(f"{line.partition('=')[0]}={value}" not in wanted for value in values_of(lines, line.partition("=")[0]))
    ]


def instructions() -> list[tuple[str, str]]:
    parted = (line.partition(" ") for line in lines_of("Containerfile"))
    return [(word, rest) for word, _, rest in parted]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    start = max(place for place, (word, _) in enumerate(every) if word == "FROM")
    return every[start:]


def test_a_fallback_unsets_every_line_of_keys() -> None:
    page = (DEPLOY / "other-set-ups.md").read_text(encoding="utf-8").partition("only-numbers.conf")[2]
    lines = page.partition("```ini\n")[2].partition("```")[0].splitlines()

    assert {f"{line.partition('=')[0]}=" for line in OF_KEYS} <= set(lines)


@pytest.mark.parametrize("name", SERVICES)
def test_no_hardening_line_is_missing(name: str) -> None:
    assert missing(lines_of(name, "Service"), name) == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_not_run_by_the_superuser(name: str) -> None:
    lines = lines_of(name, "Service")

    assert (values_of(lines, "User"), values_of(lines, "Group")) == (["seraf"], ["seraf"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_command_that_there_is(name: str) -> None:
    lines = lines_of(name, "Service")

    for started in values_of(lines, "ExecStart"):
        program, *words = shlex.split(started.partition(" --")[0])
        command = typer.main.get_command(app)
        for word in words:
            assert isinstance(command, TyperGroup)
            found = command.get_command(typer.Context(command), word)
            assert found is not None
            command = found
        assert program == f"{STATE}/.venv/bin/seraf-bot"
        assert not isinstance(command, TyperGroup)

    assert values_of(lines, "WorkingDirectory") == [STATE]


def test_a_bot_whose_trouble_passes_is_started_again_for_as_long_as_it_takes() -> None:
    """The exit status tells systemd whether the error can pass. If a person has to correct it, there is no restart."""
    lines = lines_of("seraf-bot.service", "Service")

    assert values_of(lines, "Restart") == ["on-failure"]
    assert values_of(lines, "RestartPreventExitStatus") == [str(WRONG)]
    assert values_of(lines_of("seraf-bot.service", "Unit"), "StartLimitIntervalSec") == ["0"]
    assert PASSING not in (0, WRONG)


def test_every_failing_unit_calls_the_alarm_once_an_hour_at_most() -> None:
    """The alarm gets the unit's name. The status check runs every five minutes, and would raise it as often."""
    for name in SERVICES:
        assert values_of(lines_of(name, "Unit"), "OnFailure") == ["seraf-bot-alarm@%n.service"]
    alarm = lines_of("seraf-bot-alarm@.service", "Service")
    assert values_of(lines_of("seraf-bot-alarm@.service", "Unit"), "StartLimitIntervalSec") == ["1h"]
    assert "%i" in values_of(alarm, "ExecStart")[0]
    own = {"ReadWritePaths", "MemorySwapMax"}
    assert [line for line in HARDENING if line not in alarm and line.partition("=")[0] not in own] == []
    assert {"DynamicUser=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "SocketBindDeny=any"} <= set(alarm)
    assert values_of(alarm, "PrivateNetwork") + values_of(alarm, "IPAddressDeny") == [], "it can call out"
    assert values_of(lines_of("seraf-bot-watch.timer", "Timer"), "OnUnitInactiveSec") == ["5min"]


def test_three_looks_within_a_minute_have_to_fail() -> None:
    """A unit counts as failed only after three failed checks. The timer's next check counts from one again."""
    unit, service = (lines_of("seraf-bot-watch.service", section) for section in ("Unit", "Service"))

    assert (values_of(unit, "StartLimitBurst"), values_of(unit, "StartLimitIntervalSec")) == (["3"], ["4min"])
    assert (values_of(service, "Restart"), values_of(service, "RestartSec")) == (["on-failure"], ["20"])


def test_the_watchdog_is_fed_several_times_within_its_time() -> None:
    """The watchdog's time is shorter than the time for which the bot waits for the store (`PATIENCE`)."""
    (named,) = values_of(lines_of("seraf-bot.service", "Service"), "WatchdogSec")
    seconds = 60 * int(named.removesuffix("min"))

    assert LOOK_EVERY * 4 < seconds < PATIENCE


def test_the_page_about_watching_explains_each_ailment() -> None:
    page = (DEPLOY / "watching.md").read_text(encoding="utf-8")

    assert [ailment for ailment in Ailment if f"\n| `{ailment}` | " not in page] == []


def test_the_container_is_looked_at_by_the_same_command() -> None:
    (health,) = [rest for word, rest in last_stage() if word == "HEALTHCHECK"]

    assert health.endswith('CMD ["/opt/seraf-bot/bin/seraf-bot", "status"]')


@pytest.mark.parametrize(
    ("timer", "when"), [("seraf-bot-backup.timer", "hourly"), ("seraf-bot-practice.timer", "Sun *-*-* 04:30:00")]
)
def test_the_backup_is_started_every_hour_and_restored_for_practice_every_week(timer: str, when: str) -> None:
    """A timer and its service share a name. The timer is persistent, in case the machine was off."""
    assert (DEPLOY / timer).with_suffix(".service").is_file()
    assert values_of(lines_of(timer, "Timer"), "OnCalendar") == [when]
    assert values_of(lines_of(timer, "Timer"), "Persistent") == ["true"]
    assert values_of(lines_of(timer, "Install"), "WantedBy") == ["timers.target"]


def test_the_container_runs_as_a_number_that_is_not_the_superusers() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]

    assert len(users) == 1
    assert re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", users[0])
    assert "COPY" not in [word for word, _ in last_stage()][[word for word, _ in last_stage()].index("USER") :]


def test_the_container_needs_no_shell() -> None:
    words = dict(last_stage())

    assert "RUN" not in words
    assert words["ENTRYPOINT"].startswith('["/opt/seraf-bot/bin/seraf-bot"')
    assert words["CMD"] == '["run"]'
    assert [rest for word, rest in instructions() if word == "RUN" and not rest.startswith("[")] == []


def test_the_container_keeps_its_state_in_a_volume() -> None:
    """The volume is the only writable folder, and the bot reads its settings from it."""
    words = dict(last_stage())

    assert words["WORKDIR"] == STATE
    assert words["VOLUME"] == f'["{STATE}"]'
    assert "PYTHONDONTWRITEBYTECODE=1" in words["ENV"]


def test_the_container_file_names_no_registry() -> None:
    """Whoever builds the image chooses the base, so there is no default."""
    bases = [rest.partition(" ")[0] for word, rest in instructions() if word == "FROM"]

    assert bases == ["${BASE}"] * 3
    assert instructions()[0] == ("ARG", "BASE")
    assert not re.search(r"https?:|index-url|ADD ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))


def test_no_key_lies_in_the_folder_that_is_written_to() -> None:
    assert values_of(lines_of("seraf-bot-watch.service", "Service"), "LoadCredential") == []
    for name in KEYED:
        (source,) = values_of(lines_of(name, "Service"), "LoadCredential")
        assert not source.partition(":")[2].startswith(STATE)
    page = (DEPLOY / "other-set-ups.md").read_text(encoding="utf-8")
    assert "--secret seraf.key,uid=10001,gid=10001,mode=0400" in page
    assert "SERAF_KEY_FILE=/run/secrets/seraf.key" in page


@pytest.mark.parametrize(("base", "status"), [("python:3.12-slim@sha256:" + "a1" * 32, 0), ("python:3.12-slim", 1)])
def test_a_base_without_its_digest_is_refused(base: str, status: int) -> None:
    """The first step of the build checks this, before anything is downloaded."""
    _, *words = json.loads(next(rest for word, rest in instructions() if word == "RUN"))

    assert subprocess.run([sys.executable, *words], env={"BASE": base}, capture_output=True).returncode == status


def test_the_container_installs_nothing_without_a_hash() -> None:
    runs = [rest for word, rest in instructions() if word == "RUN" and '"pip"' in rest]
    closed = ('"--require-hashes"', '"--no-deps", "--no-build-isolation"', '"--no-deps", "--no-index"')

    assert len(runs) == 4
    assert [each for each in runs if not any(words in each for words in closed)] == []


def test_the_image_holds_the_software_and_nothing_else() -> None:
    given = {line.removeprefix("!") for line in lines_of("Containerfile.dockerignore") if line.startswith("!")}
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }

    assert lines_of("Containerfile.dockerignore")[0] == "*"
    assert copied == given
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_every_run_of_the_container_has_its_flags() -> None:
    page = (DEPLOY / "other-set-ups.md").read_text(encoding="utf-8").replace("\\\n", " ")
    runs = [re.sub(r" +", " ", line) for line in page.splitlines() if line.startswith("podman run")]

    assert len(runs) == 2
    assert [(flag, run) for run in runs for flag in FLAGS if flag not in run] == []
