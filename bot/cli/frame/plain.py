"""How the command line prints numbers, times and its own usage, and how it asks before something is gone for good."""

import sys
from datetime import datetime
from typing import Any

import typer
from typer.core import TyperCommand

from bot.runtime.clock import LONDON


def many(count: int, one: str, *, more: str = "") -> str:
    """A number with its noun: 1 entry, 2 entries. Without a plural of its own, a noun takes an s."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def day(at: datetime) -> str:
    """A day as people in the United Kingdom have it, such as 4 March 2026."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def short(at: datetime) -> str:
    """The same in a column, such as 4 Mar 2026."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y}"


def hour(at: datetime) -> str:
    """The time on the wall, such as 14:05."""
    return f"{at.astimezone(LONDON):%H:%M}"


def demand_consent(reference: str, *, is_given: bool) -> None:
    """Ask before an assessment is erased."""
    question = f"Is {f'assessment {reference}' if reference else 'their assessment'} in the case record?"
    demand_yes(f"{question} It will be erased for good.", is_given=is_given)


def demand_yes(question: str, *, is_given: bool) -> None:
    """Ask at the terminal, where somebody can be asked; a no, or no answer, ends the command with status 1."""
    if is_given or not is_at_terminal():
        return
    if not typer.confirm(question, err=True):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


class Plain(TyperCommand):
    """A command whose help shows arguments as the documents do: REFERENCE, and not {REFERENCE}."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words after the command's name."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]
