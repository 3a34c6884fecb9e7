"""`seraf-bot items` and `seraf-bot score`: the items of the pack, and the scores of one case or many, in JSON."""

import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option, echo

from bot.cli.terminal import print_table, read_given
from bot.runtime.clock import LONDON, SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.files import open_plain
from bot.runtime.packs import SHIPPED, load_pack, load_wording
from bot.runtime.starting import is_nothing_set
from dialogs.core.script import ChannelFacts, Script
from dialogs.result.actions import card_lines
from seraf.advice.answer import (
    actions_as_values,
    contacts_as_values,
    items_as_values,
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
from seraf.reading.form.request import read_request, views_as_values

MAX_BYTES = 1_000_000  # the maximum size in bytes of a request, or, with `--lines`, of each line
NEVER_SO_LARGE = "a request is never that large"
PRINTED = ChannelFacts(name="terminal", keeps=False, can_empty=False)
"""What printed cards can do as a channel: they have no buttons, and cannot be removed."""


def items(as_json: Annotated[bool, Option("--json", help="Print JSON for a program.")] = False) -> None:
    """List the items of the pack: ids, labels, options, and whether each was checked against the board's form."""
    instrument = pack_in_use().instrument
    if as_json:
        echo(json.dumps(items_as_values(instrument), ensure_ascii=False, indent=2))
        return
    options = {item.id: ", ".join(option.id for option in item.section.options) for item in instrument.items}
    rows = ((item.id, item.label, options[item.id], "yes" if item.verified else "no") for item in instrument.items)
    title = f"{instrument.edition.board}: {instrument.edition.label}"
    print_table(("Id", "Label", "Options", "Checked"), rows, title=title, is_boxed=True)


def pack_in_use() -> Pack:
    """Return the pack that the settings name. Without settings, return the shipped pack."""
    if is_nothing_set():
        return load_pack(SHIPPED)
    from bot.runtime.settings import load_pack_settings  # slow to import, and not needed without settings

    return load_pack(load_pack_settings().pack)


def printed_script(pack: Pack) -> Script:
    """Return the script for cards of this pack that a command prints."""
    return Script(pack, load_wording(), PRINTED)


def score(
    file: Annotated[str, Argument(metavar="[FILE]", help="A JSON file; - reads standard input.")] = "-",
    *,
    lines: Annotated[bool, Option("--lines", help="A request a line, and an answer a line.")] = False,
    at: Annotated[
        str, Option(metavar="TIME", help="The local time of the cards, such as 2026-12-24T15:05. Default: now.")
    ] = "",
) -> None:
    """Score cases, JSON in and JSON out: leads, actions, the score, more steps and contacts. A faulty case is not scored."""
    script = printed_script(pack_in_use())
    try:
        given = datetime.fromisoformat(at) if at else SystemClock().now()
    except ValueError:
        raise SettingsFault("--at: write a day and a time, such as 2026-12-24T15:05.") from None
    now = local_time(given if given.tzinfo else given.replace(tzinfo=LONDON))
    if not lines:
        if file != "-":
            content = read_given(Path(file), MAX_BYTES, advice=NEVER_SO_LARGE)
        elif len(content := sys.stdin.buffer.read(MAX_BYTES + 1)) > MAX_BYTES:
            raise SettingsFault(f"{file}: over {MAX_BYTES:,} bytes; {NEVER_SO_LARGE}")
        values = _values(read_request(content, script.pack), script, now=now)
        echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    bad = 0
    try:
        opened = nullcontext(sys.stdin.buffer) if file == "-" else open_plain(Path(file))
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be read ({error.strerror})") from None
    with opened as stream:
        for number, content in enumerate(iter(partial(stream.readline, MAX_BYTES + 2), b""), 1):
            rest = content
            while not rest.endswith(b"\n") and len(rest) > MAX_BYTES:  # skip the rest of a line that is too long
                rest = stream.readline(MAX_BYTES + 2)
            request = content.removesuffix(b"\n")
            if not request.strip():
                continue
            answer: dict[str, object]
            try:
                if len(request) > MAX_BYTES:
                    raise RequestFault((f"over {MAX_BYTES:,} bytes; {NEVER_SO_LARGE}",))
                answer = _values(read_request(request, script.pack), script, now=now)
            except RequestFault as fault:
                answer = {"faults": str(fault).splitlines()}
                bad += 1
            echo(json.dumps({"line": number, **answer}, ensure_ascii=False))
    if bad:
        raise Exit(1)


def _values(case: Case, script: Script, *, now: LocalTime) -> dict[str, object]:
    """Return the JSON values of a case: the most urgent advice, the actions in the card's order, then the score and the rest.

    If others saw the case, they are followed by what leads without their views, and by these views.
    """
    pack = script.pack
    finding = CaseView(pack.instrument, case).find(today=now.today)
    advice = pack.guidance.advise(finding.facts)
    card = card_lines(case, script, now=now)
    due = [None if line.planned.deadline.from_now else line.due.isoformat() for line in card]
    actions = actions_as_values(line.planned for line in card)
    return {
        "lead": lead_as_values(advice.leads[0]),
        "actions": [{**action, "due": by} for action, by in zip(actions, due, strict=True)],
        "leads": leads_as_values(advice.leads),
        **score_as_values(finding),
        "steps": steps_as_values(advice.steps),
        "contacts": contacts_as_values(pack.contacts.by_likelihood(now)),
        **(_both_views(case, pack) if case.views else {}),
    }


def _both_views(case: Case, pack: Pack) -> dict[str, object]:
    first = CaseView(pack.instrument, replace(case, views=())).advice(pack.guidance).leads[0]
    return {"first": lead_as_values(first), "views": views_as_values(case.views)}
