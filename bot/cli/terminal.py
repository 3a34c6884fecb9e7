"""Terminal input and output of commands, in which control characters are escaped, and private files that replace no others."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from typer import Exit, confirm, echo
from typer.core import TyperCommand

from bot.runtime.clock import LONDON
from bot.runtime.errors import SettingsFault
from bot.runtime.files import demand_own_folder, read_at_most, write_private
from bot.summaries.file import File

if TYPE_CHECKING:
    from rich.console import Console


UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters except line feed and tab, direction marks, zero-width characters, and lone surrogates."""

LONGEST = 2_000  # maximum number of characters of one line of a fault, so that a very long name hides no other line
Step = Callable[[], None]  # advances the progress bar by one


def many(count: int, one: str, *, more: str = "") -> str:
    """Return a count with its noun, such as “1 backup” or “2 backups”. `more` is the plural, if it is not the noun with an s."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def day(at: datetime, *, is_short: bool = False) -> str:
    """Return the day in the United Kingdom, such as “4 March 2026”, or “4 Mar 2026” if `is_short`."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y}" if is_short else f"{local.day} {local:%B %Y}"


def hour(at: datetime) -> str:
    """Return the time in the United Kingdom, such as “14:05”."""
    return f"{at.astimezone(LONDON):%H:%M}"


def read_span(words: str, option: str) -> timedelta:
    """Return the duration in an option's text, such as 14d. Raise `SettingsFault` if the text is not a number of days."""
    days = re.fullmatch(r"([0-9]{1,3})d?", words.strip().lower())
    if days is None:
        raise SettingsFault(f"{option}: a number of days, such as 14d")
    return timedelta(days=int(days[1]))


def print_counts(rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Print each row on a line. It has a count, the noun in singular and plural, and what happened to that many."""
    for count, one, more, words in rows:
        echo(f"{count:>6} {one if count == 1 else more} {words}")


def print_table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], *, title: str = "", is_boxed: bool = False
) -> None:
    """Print a table. If the terminal is too narrow, the text in the last column is wrapped."""
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
    """Ask whether the assessment, which will be erased, is in the case record. End the command unless the answer is yes."""
    question = f"Is {f'assessment {reference}' if reference else 'their assessment'} in the case record?"
    demand_yes(f"{question} It will be erased for good.", is_given=is_given)


def demand_yes(question: str, *, is_given: bool) -> None:
    """Ask at the terminal, and end the command with status 1 unless the answer is yes. If there is no terminal, do not ask."""
    if is_given or not is_at_terminal():
        return
    if not confirm(question, err=True):
        echo("Nothing was changed.")
        raise Exit(1)


def is_at_terminal() -> bool:
    """Return True if standard input is a terminal."""
    return sys.stdin.isatty()


def plain_console() -> "Console":
    """Return a console. It breaks lines between words at a terminal, and does not break them in a pipe."""
    from rich.console import Console

    is_shown = isinstance(sys.stdout, VisibleStream) and sys.stdout.is_on_a_terminal
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not is_shown)


def piped_lines() -> Iterator[str]:
    """Yield the lines of standard input. Bytes that are not UTF-8 become replacement characters."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")


@contextmanager
def working(what: str, *, of: int | None = None) -> Iterator[Step]:
    """Show on a terminal that work is in progress, on a line that disappears at the end. Elsewhere, show nothing.

    `what` is always a literal in the code: never a name, a reference or a path.
    """
    stream = sys.__stderr__  # not `VisibleStream`, which claims to be no terminal and escapes cursor movements
    if stream is None or not stream.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counts = () if of is None else (BarColumn(), MofNCompleteColumn())
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *counts, TimeElapsedColumn())
    console = Console(file=stream)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        task = progress.add_task(what, total=of)
        yield lambda: progress.advance(task)


class Plain(TyperCommand):
    """A command whose help shows arguments as REFERENCE, as the documents do, and not as {REFERENCE}."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line after the name of the command, without braces."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]


def visible(text: str) -> str:
    """Return the text with all control characters and invisible characters escaped."""
    return UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class VisibleStream:
    """Standard output or error with control characters escaped. It denies being a terminal, so that nothing is coloured."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        # The rest of the stream stays hidden, since bytes in its `buffer` would bypass `write`.
        if name in ("encoding", "errors", "flush", "fileno", "close"):
            return getattr(self._stream, name)
        raise AttributeError(name)

    def write(self, text: str) -> int:
        self._stream.write(visible(text))
        return len(text)

    def isatty(self) -> bool:
        """Return False, even for a terminal."""
        return False

    @property
    def is_on_a_terminal(self) -> bool:
        """True if the underlying stream is a terminal, which breaks long lines anywhere, even in words."""
        return self._stream.isatty()


ENV = Path(".env")
WRITABLE = 0o022  # permission bits that must not be set on a folder with a private file


def read_given(path: Path, most: int, *, advice: str) -> bytes:
    """Return the content of a file that the user named. Raise `SettingsFault` if it cannot be read or has more than `most` bytes."""
    try:
        content = read_at_most(path, most)
    except OSError as error:
        raise SettingsFault(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise SettingsFault(f"{path}: over {most:,} bytes; {advice}")
    return content


def demand_free(path: Path) -> None:
    """Raise `SettingsFault` if there is a file or link at this path."""
    if os.path.lexists(path):
        raise _taken(path)


def write_new(path: Path, content: bytes, *, then: str = "") -> None:
    """Write a new private file, and print its path and `then`. Raise `SettingsFault` if it exists or cannot be written."""
    try:
        write_private(path, content)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). Name another file.") from None
    echo(f"Written to {path}, for your account alone.{f' {then}' if then else ''}")


def write_all(folder: Path, files: Iterable[File]) -> None:
    """Write the files into a folder, and make it if it is missing. Raise `SettingsFault`, before writing any, if one exists."""
    new = tuple(files)
    taken = [file.name for file in new if (folder / file.name).exists()]
    if taken:
        raise SettingsFault(f"{folder} has {', '.join(taken)} already. Nothing was written: name another folder.")
    for file in new:
        write_new(folder / file.name, file.content)


def demand_private_env() -> None:
    """Raise `SettingsFault` if other accounts can read or replace the file `.env` in the current folder."""
    if ENV.exists():
        demand_private(ENV, mode="600")
        demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)


def demand_private(path: Path, *, mode: str) -> str:
    """Return the mode of a file or folder. Raise `SettingsFault`, with the command that helps, if other accounts have access."""
    permissions = stat.S_IMODE(path.stat().st_mode)
    if permissions & 0o077:
        raise SettingsFault(f"{path} is open to others (mode {permissions:04o}). Close it with: chmod {mode} {path}")
    return f"mode {permissions:04o}"


def _taken(path: Path) -> SettingsFault:
    return SettingsFault(f"{path} is there already, and was left alone. Name a new file.")
