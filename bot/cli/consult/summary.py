"""`seraf-bot summary CODE`: the summary that a review code contains. If there is a store, its audit records the reading."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, echo

from bot.channels.terminal import FACTS
from bot.cli.terminal import write_new
from bot.crypto.code_cipher import LONGEST, REAL, CodesInForce, Domain, codes_in_force
from bot.crypto.keys import key_place, load_key_file
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import LocalSettings, load_local_settings
from bot.summaries.forms import MAKING, made
from bot.trail.audit import AuditEvent
from dialogs.core.script import Script
from dialogs.summary.carried import summarise_carried
from seraf.pack import Pack
from seraf.review.carry_over import NewerCode


class SummaryFormat(StrEnum):
    """The formats of a summary, each a key of `MAKING`."""

    PDF = "pdf"
    TEXT = "text"
    JSON = "json"
    JSON_1 = "json-1"
    FHIR = "fhir"


def summary(
    code: Annotated[str, Argument(help="The review code, as it is in the case record; - reads standard input.")],
    form: Annotated[
        SummaryFormat | None,
        Option("--format", help="The format of the summary. If not given: as the file's name says, else text."),
    ] = None,
    *,
    to: Annotated[Path | None, Option(help="Write to this new file (mode 0600). Needed for PDF.")] = None,
) -> None:
    """Print the summary of a SERAF from its review code, or say that the code was not made here.

    The summary lists everything that a code cannot contain. The audit of the store, if there is one, records the attempt.
    """
    name = to.name.lower() if to else ""
    endings = sorted(((ending, kind) for kind, (ending, _) in MAKING.items()), key=lambda pair: -len(pair[0]))
    named = next((SummaryFormat(kind) for ending, kind in endings if name.endswith(f".{ending}")), None)
    if form and named and form is not named:
        raise SettingsFault(f"{to} is the name of another format than --format {form}. Leave one of them out.")
    chosen = form or named or SummaryFormat.TEXT
    if chosen is SummaryFormat.PDF and to is None:
        raise SettingsFault("A PDF is not printed: name a new file for it, such as --to summary.pdf")
    settings = load_local_settings()
    pack = load_pack(settings.pack)
    codes = codes_of(settings, pack)
    try:
        # From standard input a code is neither in the shell's history nor in the list of processes.
        carried = codes.read(sys.stdin.readline(LONGEST) if code == "-" else code)
    except NewerCode:
        _record(settings, AuditEvent.CODE_REFUSED)
        raise
    _record(settings, AuditEvent.CODE_READ if carried else AuditEvent.CODE_REFUSED)
    if carried is None:
        raise SettingsFault(
            "This bot did not make that code: a character is wrong or missing, or it was made with another key file or another"
            " list of items. Compare it with the case record, and set SERAF_KEY_FILE and SERAF_PACK to those of the bot."
        )
    script = Script(pack, load_wording(), FACTS, codes)
    carried_summary = summarise_carried(carried, script, now=local_time(SystemClock().now()))
    content = made(chosen, carried_summary, wording=script.wording).content
    if to is None:
        echo(content.decode(), nl=False)
    else:
        write_new(to, content, then="Put it in the case record, then delete it here.")


def _record(settings: LocalSettings, what: AuditEvent) -> None:
    """Enter in the audit of the store, if there is one, that a code was read or refused, but not the code itself."""
    if settings.store.address or settings.store.path.exists():
        from bot.operations.backup.service import note_in_audit  # slow to import, and most machines have no store

        note_in_audit(settings, what, at=SystemClock().now())


def codes_of(settings: LocalSettings, pack: Pack, *, domain: Domain = REAL) -> CodesInForce:
    """Return the reader and writer of this pack's review codes with the keys in use. Raise `KeyFault` if there are no usable keys."""
    keys = load_key_file(key_place(settings))
    return codes_in_force(keys, (pack.instrument,), clock=SystemClock(), domain=domain)
