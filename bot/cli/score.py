"""`seraf-bot score`: the score of a case in JSON."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock, local_time
from bot.errors import SettingsFault
from bot.packs import load_pack
from bot.settings import load_pack_settings
from seraf.answer import score_as_values, steps_as_values
from seraf.findings import find
from seraf.reading.request import read_request

MAX_BYTES = 1_000_000
"""The largest request that is read, in bytes."""


def score(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="A JSON file; - reads standard input.")] = "-",
) -> None:
    """The score of a case and its next steps, JSON in and JSON out. Everything wrong is listed, and nothing is scored."""
    pack = load_pack(load_pack_settings().pack)
    case = read_request(_content(file), pack)
    found = find(pack.instrument, case, local_time(SystemClock().now()).today)
    values = {**score_as_values(found), "steps": steps_as_values(pack.guidance.steps_for(found.facts))}
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _content(file: str) -> bytes:
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{file}: over {MAX_BYTES:,} bytes; a request is never that large")
    return content
