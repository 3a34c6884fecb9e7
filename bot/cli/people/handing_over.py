"""How a held assessment is handed over: whose it is, who confirms it, what the audit is told before a line is written."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import many
from bot.cli.frame.roll import roll
from bot.cli.frame.second_person import have_confirmed
from bot.cli.frame.writing import demand_free, write_new
from bot.cli.people.bearing import demand_bearers, demand_one
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.operations.case_papers import Handed, entries_of
from bot.operations.handing_over import ENDING, sealed_to
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.storage.sqlite.examining import look_at_audit
from bot.storage.values import Entry, Record
from bot.summaries.file import File
from bot.summaries.forms import name_of
from bot.trail.audit import AuditEvent

Readers = Annotated[
    list[str], typer.Option("--recipient", metavar="AGE1…", help="The public key of whoever is to read it. Not yours.")
]
"""The option of a command that seals what it writes."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What was asked for: which case, and whose where several bear its reference; to whom, into which file, who confirms."""

    reference: str
    readers: list[Any] = field(repr=False)
    person: str
    to: Path | None
    confirmed_by: str

    async def write(self, desk: Workplace) -> None:
        """Have it confirmed, tell the audit, and write it. `SettingsFault` says why it was not."""
        known = demand_one(
            demand_bearers(await roll(desk), self.reference, person=self.person), self.reference, act="export"
        )
        if known.account.held != self.reference:
            raise SettingsFault(
                f"{self.reference} is not held, and only what is held is handed over. First: seraf-bot hold set {self.reference}"
            )
        file = self.to or Path(name_of(self.reference, ENDING))
        demand_free(file)
        files = await self._files(desk, known.record)
        write_new(file, sealed_to(files, self.readers))
        typer.echo(f"In it: {', '.join(each.name for each in files)}. Sealed to {many(len(self.readers), 'reader')}.")
        typer.echo("They open it with: age --decrypt --identity THEIR-KEY-FILE FILE | tar --extract")

    async def _files(self, desk: Workplace, record: Record) -> tuple[File, ...]:
        """What is in it. Once it can be made it is confirmed, and the audit has it before anything leaves."""
        handed = Handed(record, await desk.conversation(), local_time(desk.now))
        papers = handed.papers()
        if not await have_confirmed(desk, self.confirmed_by, about=self.reference):
            raise SettingsFault(
                "Two people hand over an assessment, so invite an administrator first. Nothing was written."
            )
        await desk.store.write(
            lambda t: t.audit.append([Entry(desk.now, desk.operator, AuditEvent.HOLD_EXPORTED, self.reference)])
        )
        trail = await desk.store.read(lambda t: t.audit.trail())
        faults = (await look_at_audit(desk.store, load_key_file(key_place(desk.settings)))).faults
        if faults:
            typer.echo("The audit is not whole, which is said in it. Look at: seraf-bot audit verify")
        return (*papers, entries_of(self.reference, trail), handed.about(trail, faults))
