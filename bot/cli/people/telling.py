"""How somebody is told what is kept about them: noted in the audit first, then written to be handed over, or sealed."""

from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.access.account import Removed
from bot.cli.frame.opening import Workplace
from bot.cli.frame.roll import Known, find_person
from bot.cli.frame.writing import demand_free, write_all, write_new
from bot.operations.handing_over import ENDING, readers_of, sealed_to
from bot.operations.person_papers import AboutPerson
from bot.storage.values import Entry
from bot.trail.audit import AuditEvent

SEALED = f"about-you.{ENDING}"
HAND_OVER = "Read it before you hand it over, and delete it here afterwards."
SEALED_NOW = "Nobody here can open it: read the plain one first. Delete it here once it is handed over."


async def write_about(desk: Workplace, person: str, *, to: Path, recipients: tuple[str, ...]) -> None:
    """Write what is kept about somebody into a folder: two files, or one that is sealed."""
    readers = readers_of(recipients) if recipients else []
    known = await find_person(desk, person)
    about = await _gathered(desk, known)
    files = about.files(desk.now, terms=desk.terms)
    for name in (SEALED,) if readers else (each.name for each in files):
        demand_free(to / name)
    await desk.store.write(
        lambda t: t.audit.append([Entry(desk.now, desk.operator, AuditEvent.PERSON_EXPORTED, about.audit_id)])
    )
    if readers:
        write_new(to / SEALED, sealed_to(files, readers))
    else:
        write_all(to, files)
    typer.echo(SEALED_NOW if readers else HAND_OVER)
    if known.account.held and isinstance(known.account, Removed):
        typer.echo(
            "An assessment of theirs is held, which is not in the paper. What they are told of that is for the data protection lead."
        )
    if not about.audit_id:
        typer.echo("What the audit has of them cannot be found by their number any more: none of it is in the paper.")


async def _gathered(desk: Workplace, known: Known) -> AboutPerson:
    """All that is kept of them."""
    person = known.record.person
    recalled = await desk.store.recall(person)
    assert recalled is not None, "they are on the roll"
    store, shown = desk.store, recalled[1]
    reminders = await store.read(lambda t: t.reminders.due(datetime.max.replace(tzinfo=UTC)))
    messages = await store.read(lambda t: t.messages_to_remove.oldest_first())
    return AboutPerson(
        known.record,
        known.account,
        shown,
        sum(each.person == person for each in messages),
        tuple(each for each in reminders if each.person == person),
        await store.read(lambda t: t.audit.entries()),
    )
