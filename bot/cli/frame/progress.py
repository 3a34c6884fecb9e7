"""That long work goes on, shown at a terminal while it lasts; nothing anywhere else. It refuses to know what is worked on.

What it says is written in the code: no name, no reference, no path. It leaves no line behind.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[], None]
"""Says that one of so many is done."""


@contextmanager
def working(what: str, *, of: int | None = None) -> Iterator[Step]:
    """Show what is done, for how long, and where it is known how many of how many; nothing where standard error is no terminal."""
    stream = sys.__stderr__  # its stand-in says that it is no terminal, and writes out what would move a line
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
