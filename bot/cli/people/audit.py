"""`seraf-bot audit`: prints, verifies and exports the audit. It opens no case."""

import json
import os
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option, Typer, echo

from bot.access.account import Account, read_account
from bot.cli.context import CommandContext, with_store
from bot.cli.terminal import many, print_table, working
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SettingsFault
from bot.runtime.files import write_private
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.values import Record
from bot.trail.audit import MONTH, AuditEvent, month_name, since
from bot.trail.chain import NO_LINK, Entry, Head, Linked, Trail, head_of

OUTPUT = "-"
LIMIT = (
    "An older copy of the whole audit, put back, is found only by a head that was noted earlier, elsewhere:"
    " seraf-bot audit verify --anchor HEAD"
)

app = Typer(no_args_is_help=True)


@app.command()
def show(
    month: Annotated[str, Option("--month", help="Only this month (UTC), such as 2026-11.")] = "",
    last: Annotated[int, Option("--last", metavar="N", min=1, help="At most so many, the latest.")] = 50,
) -> None:
    """Print the latest entries of the audit, the newest last, and its head. Note the head elsewhere, to compare it later."""
    if month and not MONTH.fullmatch(month):
        raise SettingsFault("--month is not a month: write the year and the month, such as 2026-11")

    async def read(context: CommandContext) -> tuple[Trail, int]:
        return await context.store.read(lambda t: (t.audit.trail(), t.ledger.number))

    trail, writes = with_store(read)
    lines = [line for line in trail.lines if month in ("", line.month)]
    for segment in trail.segments:
        if segment.dropped is not None and month in ("", segment.month):
            dropped = f"dropped on {segment.dropped:%Y-%m-%d} (entries: {segment.count})"
            echo(f"{month_name(segment.month)}: {dropped}.")
    if len(lines) > last:
        echo(
            f"{many(len(lines) - last, 'earlier entry is', more='earlier entries are')} not shown: --last {len(lines)}"
        )
    rows = list[tuple[str, ...]]()
    for line in lines[-last:]:
        if line.entry is None:
            rows.append((str(line.number), "does not open", "", "", ""))
        else:
            at, about = line.entry.at.astimezone(UTC), f"{line.entry.reference} {line.entry.role}".rstrip()
            rows.append((str(line.number), f"{at:%Y-%m-%d %H:%M:%S}", line.entry.who, line.entry.what, about))
    print_table(("Number", "When (UTC)", "Who", "What", "Reference"), rows)
    echo(f"Head: {head_of(trail)}\nWrites: {writes}\nNote both elsewhere. Nothing was verified here. {LIMIT}")
    echo("Fewer writes later, with the same head, are an older copy of the file.")


@app.command("verify")
def verify_audit(
    anchor: Annotated[str, Option("--anchor", metavar="HEAD", help="A head that was noted earlier.")] = "",
) -> None:
    """Look for entries of the audit that were changed, removed or added. The exit status is 1 if there are any."""
    noted = Head.parse(anchor) if anchor else None
    with working("Checking the audit"):
        audit = with_store(lambda context: look_at_audit(context.store, context.keys, anchor=noted))
    for fault in audit.faults:
        echo(fault)
    if audit.faults:
        raise Exit(1)
    echo(f"Whole: {many(audit.entries, 'entry', more='entries')}.\nHead: {audit.head}")
    if noted is None:
        echo(LIMIT)
    # The last entry of a dropped month can still be compared, since the month's row keeps its link.
    elif any(month.dropped and month.first <= noted.number < month.last for month in audit.segments):
        echo("The head that was noted lies in a month that was dropped; only its number could be compared.")
    else:
        echo("It goes on from the head that was noted.")


@app.command()
def export(
    file: Annotated[str, Argument(metavar="FILE", help="A new file; - is standard output.")] = OUTPUT,
    since_head: Annotated[
        str, Option("--since", metavar="HEAD", help="Only what came after the head that the last export ended with.")
    ] = "",
) -> None:
    """Write the audit as JSON lines, then its head, to a new file of mode 0600. People have their id and label.

    The export itself is an entry, unless there is nothing to export after the head of `--since`.
    """
    if file != OUTPUT and os.path.lexists(file):
        raise _taken(file)
    head = Head.parse(since_head) if since_head else Head(0, NO_LINK)

    def after(trail: Trail) -> tuple[Linked, ...]:
        return since(trail, head) if since_head else tuple(trail.lines)

    def label(record: Record) -> tuple[str, str] | None:
        account = read_account(record.access)
        name = account.admission.name if isinstance(account, Account) else ""
        return (account.audit_id, name) if isinstance(account, Account) and name else None

    async def enter(context: CommandContext) -> tuple[Trail, Mapping[str, str]]:
        """Record the export before it is written. Return the audit, including this entry, and people's labels."""
        trail = await context.store.read(lambda t: t.audit.trail())
        if since_head and not after(trail):
            return trail, {}
        exported = Entry(SystemClock().now(), context.operator, AuditEvent.AUDIT_EXPORTED)
        await context.store.write(lambda t: t.audit.append([exported]))
        labels = dict(filter(None, await context.store.of_each(label)))
        return await context.store.read(lambda t: t.audit.trail()), labels

    trail, labels = with_store(enter)
    lines, last = [_values(line, labels) for line in after(trail)], {"head": str(head_of(trail))}
    written = "".join(json.dumps(values, ensure_ascii=False) + "\n" for values in (*lines, last))
    if file == OUTPUT:
        echo(written, nl=False)
        return
    try:
        write_private(Path(file), written.encode())
    except FileExistsError:
        raise _taken(file) from None
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be written ({error.strerror}); choose another place") from None
    echo(f"{file}: written, mode 0600, {many(len(lines), 'entry', more='entries')}.\nHead: {head_of(trail)}")


def _values(line: Linked, labels: Mapping[str, str]) -> dict[str, object]:
    """Return an entry as JSON values, with the labels of the people in it. If it cannot be decrypted, its values are null."""
    values: dict[str, object] = {"number": line.number, "at": None, "who": None, "what": None, "reference": None}
    if entry := line.entry:
        at, who, reference = entry.at.astimezone(UTC).isoformat(), entry.who, entry.reference
        values |= {"at": at, "who": who, "what": entry.what, "reference": reference}
        more = {"role": entry.role, "who_label": labels.get(who), "reference_label": labels.get(reference)}
        values |= {name: value for name, value in more.items() if value}
    return values | {"link": line.link.hex()}


def _taken(file: str) -> SettingsFault:
    return SettingsFault(f"{file}: is there already, and was left as it is; choose another name")
