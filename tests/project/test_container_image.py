"""The container image, built and run with its page's commands, if there is a container engine and `BASE` is set."""

import os
import shlex
import shutil
import subprocess
from itertools import pairwise

import pytest

from tests.project.test_deploying import text_of
from tests.support.command_line.deploying import typed
from tests.support.places import ROOT

ON_THE_PAGE = "python:3.12-slim@sha256:DIGEST"
"""The base image that the page names as a placeholder."""

BASE = os.environ.get("BASE", "")
ENGINE = next((each for each in ("podman", "docker") if shutil.which(each)), "")
MOUNTS, TERMINAL = frozenset({"--volume", "--env"}), frozenset({"--interactive", "--tty"})

pytestmark = pytest.mark.skipif(
    not (BASE and ENGINE), reason="no engine is here, or BASE names no base with its digest"
)


def words_of(verb: str) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in typed(text_of("other-set-ups.md")) if line.startswith(f"podman {verb} ")]


def engine(*words: str) -> str:
    ran = subprocess.run([ENGINE, *words], cwd=ROOT, capture_output=True, text=True, timeout=1800)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_image_is_built_and_its_commands_run_with_every_flag() -> None:
    (build,) = words_of("build")
    first, _ = words_of("run")
    given = ["", *first[: first.index("seraf-bot")]]
    flags = [word for before, word in pairwise(given) if not {before, word} & MOUNTS and word not in TERMINAL]

    engine(*(word.replace(ON_THE_PAGE, BASE) for word in build))

    assert {"--read-only", "--cap-drop=ALL", "--network"} <= set(flags)
    assert '"V1"' in engine(*flags, "seraf-bot", "items", "--json")
    assert engine(*flags, "seraf-bot", "--version").startswith("seraf-bot ")
    assert engine(*flags, "--entrypoint", "id", "seraf-bot", "-u").strip() == "10001"
