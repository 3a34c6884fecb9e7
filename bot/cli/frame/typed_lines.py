"""What somebody types to a command, line by line: at a terminal after a prompt, else as it is piped in."""

import sys
from collections.abc import Iterator

from rich.console import Console

from bot.cli.frame.plain import is_at_terminal


def plain_console() -> Console:
    """Where a command talks with somebody: whole words to a line at a terminal, lines as they are where it is piped."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def typed_lines(console: Console) -> Iterator[str]:
    """Lines until the end of input; Ctrl-C and Ctrl-D just end them."""
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
    """Lines of standard input, whatever bytes they are made of."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")
