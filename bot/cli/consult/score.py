"""`seraf-bot score`: what leads, what to do, the score of a case, more steps and whom to call, in JSON; one case or many."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot.cli.consult.items import pack_in_use
from bot.cli.files import read_given
from bot.runtime.clock import LONDON, SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.files import open_plain
from bot.runtime.packs import load_wording
from dialogs.core.script import ChannelFacts, Script
from dialogs.result.actions import card_lines
from seraf.advice.answer import (
    actions_as_values,
    contacts_as_values,
    lead_as_values,
    leads_as_values,
    score_as_values,
    steps_as_values,
)
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.responses import Case
from seraf.pack import Pack
from seraf.reading.form.request import read_request

MAX_BYTES = 1_000_000
"""The largest request that is read, in bytes; with `--lines`, the longest line."""

NEVER_SO_LARGE = "a request is never that large"

PRINTED = ChannelFacts(name="terminal", keeps=False, can_empty=False)
"""What is printed here stays where it was printed, and cannot be tapped."""

SOME_WERE_BAD = 1
"""The exit status if every line was read and some were no request."""

At = Annotated[
    str,
    typer.Option("--at", metavar="TIME", help="The local time of the cards, such as 2026-12-24T15:05. Default: now."),
]


def score(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="A JSON file; - reads standard input.")] = "-",
    *,
    lines: Annotated[bool, typer.Option("--lines", help="A request a line, and an answer a line.")] = False,
    at: At = "",
) -> None:
    """What leads, what to do, the score, more steps and whom to call, JSON in and JSON out. Faults are listed, and nothing is scored."""
    script = printed_script(pack_in_use())
    now = time_said(at)
    if not lines:
        case = read_request(_content(file), script.pack)
        typer.echo(json.dumps(_values(case, script, now=now), ensure_ascii=False, indent=2))
        return
    bad = 0
    with _opened(file) as stream:
        for number, content in _each_line(stream):
            answer = _answer(content, script, now=now)
            bad += "faults" in answer
            typer.echo(json.dumps({"line": number, **answer}, ensure_ascii=False))
    if bad:
        raise typer.Exit(SOME_WERE_BAD)


def printed_script(pack: Pack) -> Script:
    """Return the script of a pack for what is printed at the command line."""
    return Script(pack, load_wording(), PRINTED)


def time_said(text: str) -> LocalTime:
    """Return the local time that an option names, or now; raise `SettingsFault` if it names none."""
    if not text:
        return local_time(SystemClock().now())
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsFault("--at: write a day and a time, such as 2026-12-24T15:05.") from None
    return local_time(said if said.tzinfo else said.replace(tzinfo=LONDON))


def _answer(content: bytes, script: Script, *, now: LocalTime) -> dict[str, object]:
    """Return the values of the case in one line, or its faults."""
    if len(content) > MAX_BYTES:
        return {"faults": [f"over {MAX_BYTES:,} bytes; {NEVER_SO_LARGE}"]}
    try:
        return _values(read_request(content, script.pack), script, now=now)
    except RequestFault as fault:
        return {"faults": str(fault).splitlines()}


def _values(case: Case, script: Script, *, now: LocalTime) -> dict[str, object]:
    """Return what is printed of a case: the lead, the card in its own order, then the number and all else."""
    pack = script.pack
    found = CaseView(pack.instrument, case).find(today=now.today)
    leads = pack.guidance.advise(found.facts).leads
    card = card_lines(case, script, now=now)
    due = [None if each.planned.deadline.from_now else each.due.isoformat() for each in card]
    actions = actions_as_values(each.planned for each in card)
    return {
        "lead": lead_as_values(leads[0]),
        "actions": [{**action, "due": by} for action, by in zip(actions, due, strict=True)],
        "leads": leads_as_values(leads),
        **score_as_values(found),
        "steps": steps_as_values(pack.guidance.advise(found.facts).steps),
        "contacts": contacts_as_values(pack.contacts.by_likelihood(now)),
    }


def _each_line(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not empty, with its number from 1. One that is too long is cut a little above the limit."""
    number = 0
    while content := stream.readline(MAX_BYTES + 2):
        number += 1
        rest = content
        while not rest.endswith(b"\n") and len(rest) > MAX_BYTES:
            rest = stream.readline(MAX_BYTES + 2)
        if content.strip():
            yield number, content.removesuffix(b"\n")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """Open a plain file, or standard input, to be read line by line."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = open_plain(Path(file))
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be read ({error.strerror})") from None
    with opened:
        yield opened


def _content(file: str) -> bytes:
    if file != "-":
        return read_given(Path(file), MAX_BYTES, advice=NEVER_SO_LARGE)
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{file}: over {MAX_BYTES:,} bytes; {NEVER_SO_LARGE}")
    return content
