"""`seraf-bot score`: what leads, what to do, the score of a case, more steps and whom to call, in JSON."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.desk.pack_in_use import pack_in_use
from bot.runtime.at_most import read_at_most
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from seraf.advice.answer import actions_as_values, contacts_as_values, lead_as_values, score_as_values, steps_as_values
from seraf.reading.form.request import read_request
from seraf.score.findings import find

MAX_BYTES = 1_000_000
"""The largest request that is read, in bytes."""


def score(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="A JSON file; - reads standard input.")] = "-",
) -> None:
    """What leads, what to do, the score, more steps and whom to call, JSON in and JSON out. Faults are listed, and nothing is scored."""
    pack = pack_in_use()
    case = read_request(_content(file), pack)
    now = local_time(SystemClock().now())
    found = find(pack.instrument, case, today=now.today)
    first, *_ = pack.guidance.leads_for(found.facts)
    values = {
        "lead": lead_as_values(first),
        "actions": actions_as_values(
            pack.guidance.planned_for(found.facts, hour=pack.guidance.hour(now, pack.contacts))
        ),
        **score_as_values(found),
        "steps": steps_as_values(pack.guidance.steps_for(found.facts)),
        "contacts": contacts_as_values(pack.contacts.by_likelihood(now)),
    }
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _content(file: str) -> bytes:
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else read_at_most(Path(file), MAX_BYTES)
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{file}: over {MAX_BYTES:,} bytes; a request is never that large")
    return content
