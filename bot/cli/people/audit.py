"""`seraf-bot audit`: who did what, when, on which reference; read, verified and exported without opening a case."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.access.account import Account, read_account
from bot.cli.frame.plain import many
from bot.cli.frame.progress import working
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.crypto.sealing import KeyRing
from bot.operations.lost_store import demand_store
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SettingsFault
from bot.runtime.owner_only_files import write_private
from bot.runtime.settings import load_settings
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.sqlite.opening import open_store
from bot.storage.store import Store
from bot.storage.values import Entry, Record
from bot.trail.audit import MONTH, NO_LINK, AuditEvent, AuditLook, Head, Linked, Trail, head_of, month_name, since
from bot.trail.operators import operator_of

LAST = 50
"""Entries that are shown where nothing else is said."""

COLUMNS = ("Number", "When (UTC)", "Who", "What", "Reference")
OUTPUT = "-"
CLOSED = "does not open"
LIMIT = (
    "An older copy of the whole audit, put back, is found only by a head that was noted earlier, elsewhere:"
    " seraf-bot audit verify --anchor HEAD"
)

Result = TypeVar("Result")

app = typer.Typer(help="The audit: who did what, when, on which reference. Never a response.", no_args_is_help=True)


@app.command()
def show(
    month: Annotated[str, typer.Option("--month", help="Only this month (UTC), such as 2026-11.")] = "",
    last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="At most so many, the latest.")] = LAST,
) -> None:
    """Print the latest entries, newest last, and the head. Note the head elsewhere, such as on paper, to compare it later."""
    if month and not MONTH.fullmatch(month):
        raise SettingsFault("--month is not a month: write the year and the month, such as 2026-11")

    async def look(store: Store, _: KeyRing) -> tuple[Trail, int]:
        """The trail, and how many writes were counted."""
        return await store.read(lambda t: t.audit.trail()), await store.read(lambda t: t.ledger.number)

    trail, writes = _with_store(look)
    table = Table(*COLUMNS, box=None, pad_edge=False)
    lines = [line for line in trail.lines if month in ("", line.month)]
    for line in lines[-last:]:
        table.add_row(*_cells(line))
    for segment in trail.segments:
        if segment.dropped is not None and month in ("", segment.month):
            typer.echo(
                f"{month_name(segment.month)}: dropped on {segment.dropped:%Y-%m-%d} (entries: {segment.count})."
            )
    if len(lines) > last:
        typer.echo(
            f"{many(len(lines) - last, 'earlier entry is', more='earlier entries are')} not shown: --last {len(lines)}"
        )
    Console(highlight=False, markup=False, emoji=False).print(table)
    typer.echo(f"Head: {head_of(trail)}\nWrites: {writes}\nNote both elsewhere. Nothing was verified here. {LIMIT}")
    typer.echo("Fewer writes later, beside the same head, are an older copy of the file.")


@app.command("verify")
def verify_audit(
    anchor: Annotated[str, typer.Option("--anchor", metavar="HEAD", help="A head that was noted earlier.")] = "",
) -> None:
    """Look for anything changed, removed or put in. Exit status 1 when the audit is not whole."""
    noted = Head.parse(anchor) if anchor else None

    async def look(store: Store, keys: KeyRing) -> AuditLook:
        """All of it, and its faults."""
        return await look_at_audit(store, keys, anchor=noted)

    with working("Looking through the audit"):
        seen = _with_store(look)
    for fault in seen.faults:
        typer.echo(fault)
    if seen.faults:
        raise typer.Exit(1)
    typer.echo(f"Whole: {many(seen.entries, 'entry', more='entries')}.\nHead: {seen.head}")
    if noted is None:
        typer.echo(LIMIT)
    # The last entry of a dropped month can still be compared: its link stands in the month's row, which stays.
    elif any(each.dropped and each.first <= noted.number < each.last for each in seen.segments):
        typer.echo("The head that was noted lies in a month that was dropped; only its number could be compared.")
    else:
        typer.echo("It goes on from the head that was noted.")


@app.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A new file; - is standard output.")] = OUTPUT,
    since_head: Annotated[
        str,
        typer.Option("--since", metavar="HEAD", help="Only what came after the head that the last export ended with."),
    ] = "",
) -> None:
    """Write the entries as JSON lines, the head last, to a new file of mode 0600: who with their label. The export is an entry itself.

    Where nothing came after the head of `--since`, nothing is exported, and that is no entry.
    """
    if file != OUTPUT and os.path.lexists(file):
        raise _taken(file)
    head = Head.parse(since_head) if since_head else Head(0, NO_LINK)

    def after(trail: Trail) -> tuple[Linked, ...]:
        """What is to be exported."""
        return since(trail, head) if since_head else tuple(trail.lines)

    async def enter(store: Store, _: KeyRing) -> tuple[Trail, Mapping[str, str]]:
        """Record the export first, so that none goes unrecorded; the export includes that entry, and what people are called."""
        found = await store.read(lambda t: t.audit.trail())
        if since_head and not after(found):
            return found, {}
        await store.write(
            lambda t: t.audit.append(
                [Entry(SystemClock().now(), operator_of(load_settings()), AuditEvent.AUDIT_EXPORTED)]
            )
        )
        return await store.read(lambda t: t.audit.trail()), dict(filter(None, await store.of_each(_label)))

    trail, labels = _with_store(enter)
    _put(file, tuple(_values(each, labels) for each in after(trail)), trail)


def _label(record: Record) -> tuple[str, str] | None:
    """What somebody is called in the list of people, by the id that the audit has of them."""
    account = read_account(record.access)
    return (
        (account.audit_id, account.admission.name) if isinstance(account, Account) and account.admission.name else None
    )


def _put(file: str, lines: tuple[dict[str, object], ...], trail: Trail) -> None:
    """Print or write the lines and the head, with which the next export goes on."""
    written = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in (*lines, _last(trail)))
    if file == OUTPUT:
        typer.echo(written, nl=False)
        return
    _write(file, written)
    typer.echo(f"{file}: written, mode 0600, {many(len(lines), 'entry', more='entries')}.\nHead: {head_of(trail)}")


def _write(file: str, written: str) -> None:
    """Write the export to a new file; `SettingsFault` where it cannot be."""
    try:
        write_private(Path(file), written.encode())
    except FileExistsError:
        raise _taken(file) from None
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be written ({error.strerror}); choose another place") from None


def _with_store(work: Callable[[Store, KeyRing], Awaitable[Result]]) -> Result:
    """Do this with the store of the settings, which has to be there and whole: nothing is made here."""
    settings = load_settings()
    demand_store(settings)

    async def opened() -> Result:
        """Open, do, close."""
        store = await open_store(settings.store, key_place(settings), is_looked_through=True)
        try:
            return await work(store, load_key_file(key_place(settings)))
        finally:
            await store.close()

    return asyncio.run(opened())


def _cells(line: Linked) -> tuple[str, ...]:
    if line.entry is None:
        return str(line.number), CLOSED, "", "", ""
    entry = line.entry
    about = f"{entry.reference} {entry.role}".rstrip()
    return str(line.number), f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", entry.who, entry.what, about


def _values(line: Linked, labels: Mapping[str, str]) -> dict[str, object]:
    """An entry for a program, with the labels of those whom it names; one that does not open has null for what it says."""
    values: dict[str, object] = {"number": line.number, "at": None, "who": None, "what": None, "reference": None}
    if line.entry is not None:
        at = line.entry.at.astimezone(UTC).isoformat()
        values |= {"at": at, "who": line.entry.who, "what": line.entry.what, "reference": line.entry.reference}
        beside = {
            "role": line.entry.role,
            "who_label": labels.get(line.entry.who),
            "reference_label": labels.get(line.entry.reference),
        }
        values |= {name: value for name, value in beside.items() if value}
    return values | {"link": line.link.hex()}


def _last(trail: Trail) -> dict[str, object]:
    return {"head": str(head_of(trail))}


def _taken(file: str) -> SettingsFault:
    return SettingsFault(f"{file}: is there already, and was left as it is; choose another name")
