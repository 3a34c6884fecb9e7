"""Generates the systemd units for several bots on one machine from those for one bot, so both are equally hardened."""

from functools import partial
from pathlib import Path

DEPLOY = Path(__file__).parent / "deploy"

ABOUT = "# Drawn from {name} by `make docs-write`, for several bots on one machine: %i is the name of one."

EACH = (
    ("/srv/seraf-bot/.venv", "/opt/seraf-bot/.venv"),
    ("/srv/seraf-bot", "/srv/seraf-bots/%i"),
    ("/etc/seraf-bot/seraf.key", "/etc/seraf-bot/%i.key"),
    ("User=seraf", "User=seraf-%i"),
    ("Group=seraf", "Group=seraf-%i"),
    ("OnSuccess=seraf-bot-offsite.service", "OnSuccess=seraf-bot-offsite@%i.service"),
    ("seraf@elsewhere:seraf-bot/", "seraf@elsewhere:seraf-bots/%i/"),
    ("SERAF bot", "SERAF bot %i"),
)
"""The texts that are replaced in the units for one bot, in this order. The bots share the installed software."""

NAMES = (
    *("seraf-bot.service", "seraf-bot-backup.service", "seraf-bot-backup.timer", "seraf-bot-offsite.service"),
    *("seraf-bot-watch.service", "seraf-bot-watch.timer", "seraf-bot-practice.service", "seraf-bot-practice.timer"),
)
"""The units for one bot that each of several bots also needs."""


def template(name: str) -> str:
    """Return the template unit for several bots that is generated from the unit for one bot with this name."""
    _, *lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(lines)
    for one, each in EACH:
        text = text.replace(one, each)
    return f"{ABOUT.format(name=name)}\n{text}"


def template_name(name: str) -> str:
    """Return the file name of the template unit that is generated from the unit with this name."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}@.{kind}"


TEMPLATES = {f"docs/deploy/{template_name(name)}": partial(template, name) for name in NAMES}
"""The function that generates each template unit, by the path of its file."""
