"""`seraf-bot summary CODE`: the summary of a SERAF from its review code. Where there is a store, its audit has that it was read."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.channels.terminal import FACTS
from bot.cli.files import write_new
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
from seraf.review.carry_over import Carried, NewerCode

INPUT = "-"
"""Standard input, so that a code is neither in the shell's history nor in the list of processes."""

UNREAD = (
    "This bot did not make that code: a character is wrong or missing, or it was made with another key file or another"
    " list of items. Compare it with the case record, and set SERAF_KEY_FILE and SERAF_PACK to those of the bot."
)


class SummaryFormat(StrEnum):
    """The formats of a summary."""

    PDF = "pdf"
    TEXT = "text"
    JSON = "json"
    FHIR = "fhir"


def summary(
    code: Annotated[str, typer.Argument(help="The review code, as it is in the case record; - reads standard input.")],
    form: Annotated[
        SummaryFormat | None,
        typer.Option("--format", help="The format of the summary. If not given: as the file's name says, else text."),
    ] = None,
    *,
    to: Annotated[Path | None, typer.Option(help="Write to this new file (mode 0600). Needed for PDF.")] = None,
) -> None:
    """The summary of a SERAF from its review code. It says what a code cannot hold. Where there is a store, its audit has that
    a code was read or refused.
    """
    kind = _form(form, to)
    settings = load_local_settings()
    pack = load_pack(settings.pack)
    codes = codes_of(settings, pack)
    carried = _read(code, codes, settings=settings)
    script = Script(pack, load_wording(), FACTS, codes)
    told = summarise_carried(carried, script, now=local_time(SystemClock().now()))
    content = made(kind, told, wording=script.wording).content
    if to is None:
        typer.echo(content.decode(), nl=False)
    else:
        write_new(to, content, then="Put it in the case record, then delete it here.")


def _read(code: str, codes: CodesInForce, *, settings: LocalSettings) -> Carried:
    """Return what the code holds, once it is in the audit that it was read or refused."""
    try:
        carried = codes.read(sys.stdin.readline(LONGEST) if code == INPUT else code)
    except NewerCode:
        _note(settings, AuditEvent.CODE_REFUSED)
        raise
    _note(settings, AuditEvent.CODE_READ if carried else AuditEvent.CODE_REFUSED)
    if carried is None:
        raise SettingsFault(UNREAD)
    return carried


def _note(settings: LocalSettings, what: AuditEvent) -> None:
    """Enter in the audit that a code was read or refused, and by whom, before anything is said. What was typed is not entered."""
    if settings.store.exists():
        from bot.operations.backup.service import note_in_audit  # slow to import, and most machines have no store

        note_in_audit(settings, what, at=SystemClock().now())


def _form(given: SummaryFormat | None, to: Path | None) -> SummaryFormat:
    """Return the format that was asked for, else that of the file's name, else text."""
    named = _named(to) if to else None
    if given and named and given is not named:
        raise SettingsFault(f"{to} is the name of another format than --format {given}. Leave one of them out.")
    form = given or named or SummaryFormat.TEXT
    if form is SummaryFormat.PDF and to is None:
        raise SettingsFault("A PDF is not printed: name a new file for it, such as --to summary.pdf")
    return form


def _named(to: Path) -> SummaryFormat | None:
    """Return the format of the longest ending that the name has."""
    endings = sorted(((ending, form) for form, (ending, _) in MAKING.items()), key=lambda pair: -len(pair[0]))
    return next((SummaryFormat(form) for ending, form in endings if to.name.lower().endswith(f".{ending}")), None)


def codes_of(settings: LocalSettings, pack: Pack, *, domain: Domain = REAL) -> CodesInForce:
    """Return the review codes of this pack under the keys in use; raise `KeyFault` if the keys cannot be used."""
    keys = load_key_file(key_place(settings))
    return codes_in_force(keys, (pack.instrument,), clock=SystemClock(), domain=domain)
