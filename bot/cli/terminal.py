"""How commands talk with a terminal: numbers, times, tables, questions, typed lines, progress, and nothing that would steer it."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TextIO

import typer
from typer.core import TyperCommand

from bot.runtime.clock import LONDON
from bot.runtime.errors import SettingsFault

if TYPE_CHECKING:
    from rich.console import Console


UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters except line end and tab, marks of direction, characters without width, lone surrogates."""

LONGEST = 2_000
"""Characters of one line of a fault; more is cut, so that a name of a thousand letters hides nothing."""

SPAN = re.compile(r"([0-9]{1,3})d?")
"""A number of days, such as 14d."""

Step = Callable[[], None]
"""Reports that one of a known number of pieces is done."""


def many(count: int, one: str, *, more: str = "") -> str:
    """Return a number with its noun: 1 entry, 2 entries. A noun without a plural of its own takes an s."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def day(at: datetime) -> str:
    """Return the day in the United Kingdom, such as 4 March 2026."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def short(at: datetime) -> str:
    """Return the day for a column, such as 4 Mar 2026."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y}"


def hour(at: datetime) -> str:
    """Return the time in the United Kingdom, such as 14:05."""
    return f"{at.astimezone(LONDON):%H:%M}"


def read_span(words: str, option: str) -> timedelta:
    """Return the days that were given with an option; raise `SettingsFault` if there are none."""
    found = SPAN.fullmatch(words.strip().lower())
    if found is None:
        raise SettingsFault(f"{option}: a number of days, such as 14d")
    return timedelta(days=int(found[1]))


def print_counts(rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Print a line for each count, with its noun in the singular or plural and what happened to it."""
    for count, one, more, words in rows:
        typer.echo(f"{count:>6} {one if count == 1 else more} {words}")


def print_table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], *, title: str = "", is_boxed: bool = False
) -> None:
    """Print a table as wide as its text; the last column is folded where the terminal is too narrow."""
    from rich.console import Console  # slow to import, and most commands print no table
    from rich.table import Column, Table

    *first, last = heads
    table = Table(*first, Column(last, overflow="fold"), title=title or None)
    if not is_boxed:
        table.box, table.pad_edge = None, False
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False, emoji=False).print(table)


def demand_consent(reference: str, *, is_given: bool) -> None:
    """Ask before an assessment is erased."""
    question = f"Is {f'assessment {reference}' if reference else 'their assessment'} in the case record?"
    demand_yes(f"{question} It will be erased for good.", is_given=is_given)


def demand_yes(question: str, *, is_given: bool) -> None:
    """Ask at a terminal; a no, or no answer, ends the command with status 1. Where nobody can be asked, go on."""
    if is_given or not is_at_terminal():
        return
    if not typer.confirm(question, err=True):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)


def is_at_terminal() -> bool:
    """Return True if standard input is a terminal, so that somebody can be asked."""
    return sys.stdin.isatty()


def plain_console() -> "Console":
    """Return a console that keeps words whole at a terminal, and leaves lines as they are where it is piped."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def typed_lines(console: "Console") -> Iterator[str]:
    """Yield lines until the end of input, after a prompt at a terminal; Ctrl-C and Ctrl-D end them."""
    if not is_at_terminal():
        yield from piped_lines()
        return
    while True:
        try:
            line = console.input("> ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        yield line


def piped_lines() -> Iterator[str]:
    """Yield the lines of standard input, whatever bytes they are made of."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")


@contextmanager
def working(what: str, *, of: int | None = None) -> Iterator[Step]:
    """Show on a terminal that long work goes on, and how many of how many are done; show nothing anywhere else.

    What it says is written in the code: no name, no reference, no path. It leaves no line behind.
    """
    stream = sys.__stderr__  # `VisibleStream` says that it is no terminal, and writes out what would move a line
    if stream is None or not stream.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counted = () if of is None else (BarColumn(), MofNCompleteColumn())
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counted, TimeElapsedColumn())
    console = Console(file=stream)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as shown:
        task = shown.add_task(what, total=of)
        yield lambda: shown.advance(task)


class Plain(TyperCommand):
    """A command whose help shows arguments as the documents do: REFERENCE, and not {REFERENCE}."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words after the command's name."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]


def visible(text: str) -> str:
    """Return the text with every character that steers a terminal, or is not seen, written out with its number."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def in_one_line(text: str) -> str:
    """Return the visible text for what must stay in its line, such as a name in a table."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


class VisibleStream:
    """Standard output or error that shows only visible text. It says that it is no terminal, so that nothing is coloured."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    # No more of the stream than this: its `buffer` would let bytes past `write`.
    @property
    def encoding(self) -> str:
        """The encoding of the stream."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:
        """What the stream does with characters that its encoding does not have."""
        return self._stream.errors

    def write(self, text: str) -> int:
        """Write the visible text."""
        self._stream.write(visible(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def fileno(self) -> int:
        """Return the file number, for what reads lines with an editor."""
        return self._stream.fileno()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def isatty(self) -> bool:
        """Return False, also for a terminal."""
        return False

    @property
    def is_on_a_terminal(self) -> bool:
        """True if a terminal shows it all the same, which breaks long lines in the middle of a word."""
        return self._stream.isatty()
