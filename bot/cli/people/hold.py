"""`seraf-bot hold set | list | export | lift`: an assessment that has to be kept, for the police or a court, by its reference."""

from pathlib import Path
from typing import Annotated

import typer

from bot.access.account import Account, read_account
from bot.access.due import term_of
from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import Plain, day, demand_consent
from bot.cli.frame.roll import Known, held_here, roll
from bot.cli.frame.second_person import ConfirmedBy, have_confirmed
from bot.cli.people.bearing import demand_bearers, demand_one, nothing_of, read_reference
from bot.cli.people.handing_over import Handover, Readers
from bot.conversation.changes import holding, letting_go
from bot.operations.backup.held import AuditedHolds, HeldCase, back_up_held, backups_of_holds
from bot.operations.handing_over import readers_of
from bot.runtime.clock import SystemClock
from bot.runtime.settings import Settings, load_settings
from bot.storage.values import Done, Entry
from bot.trail.audit import AuditEvent

app = typer.Typer(
    name="hold",
    help="Keep an assessment for the police or a court, hand over what is kept, and end the hold.",
    no_args_is_help=True,
)

EARLIER = "made for an earlier hold, or before the keys were rotated. Then only the earlier key file opens it."

Words = Annotated[list[str], typer.Argument(metavar="REFERENCE", help="The reference, such as BRISK OTTER 41.")]
Whose = Annotated[
    str, typer.Option("--person", metavar="ID", help="Whose, where several bear it: their id, or Telegram number.")
]


@app.command("set", cls=Plain)
def set_hold(words: Words, person: Whose = "") -> None:
    """Keep this assessment until the hold is lifted.

    Retention, purge, /erase and removing the person do not delete it.
    """
    reference, settings = read_reference(words), load_settings()

    async def do(desk: Workplace) -> tuple[list[HeldCase], AuditedHolds]:
        """Hold every assessment of this reference: too many can be released later, and one erased cannot come back."""
        held = list[HeldCase]()
        for known in demand_bearers(await roll(desk), reference, person=person):
            if await desk.change(known.record.person, holding(reference, desk.now)):
                _tell_held(known, reference)
            elif known.account.held:
                typer.echo(f"{reference} of {known.name} is held already. Nothing was changed.")
            else:
                raise nothing_of(reference)
            held.append(HeldCase(known.record.person, reference))
        return held, AuditedHolds.of(await desk.store.read(lambda t: t.audit.entries()))

    _back_up(settings, *at_desk(do, settings=settings))


def _back_up(settings: Settings, held: list[HeldCase], audited: AuditedHolds) -> None:
    """Let each held assessment have a backup of its own, as it is now."""
    for each, own in backups_of_holds(settings, held, audited).items():
        if own.path is None and not settings.backup_recipients:
            typer.echo(
                "No backup of it alone was made, since SERAF_BACKUP_RECIPIENTS is not set. Set it, then type the same again; until"
                " then no old backup is deleted."
            )
        else:
            kept = own.path or back_up_held(settings, each, at=SystemClock().now()).path
            typer.echo(
                f"{kept}: a backup of it alone, as it was when this was made. It is kept until the hold is lifted."
            )


@app.command("list")
def list_held() -> None:
    """The assessments that are held: whose, since when, by whom, and the backup of each alone."""

    async def look(desk: Workplace) -> None:
        """A line for each."""
        held = await held_here(desk)
        people = {known.record.person: known for known in await roll(desk)}
        entries = await desk.store.read(lambda t: t.audit.entries())
        backups = backups_of_holds(desk.settings, held, AuditedHolds.of(entries))
        for each in held:
            typer.echo(f"{each.reference}  of {people[each.person].name}  {_since(each.reference, entries)}")
            own = backups[each]
            typer.echo(f"  {own.path or f'no backup of its own yet: seraf-bot hold set {each.reference}'}")
            for path in own.earlier:
                typer.echo(f"  {path}: {EARLIER}")
        if not held:
            typer.echo("No assessment is held.")

    at_desk(look)


def _since(reference: str, entries: tuple[Entry, ...]) -> str:
    """When the hold was set, and by whom; the audit may have dropped that."""
    said = [each for each in entries if each.what == AuditEvent.HOLD_SET and each.reference == reference]
    return f"since {day(said[-1].at)}, by {said[-1].who}" if said else "since before the audit begins"


@app.command("export", cls=Plain)
def export_held(
    words: Words,
    recipient: Readers,
    *,
    person: Whose = "",
    to: Annotated[Path | None, typer.Option(help="The new file. If not given: named by the reference, here.")] = None,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Hand over a held assessment, also of somebody who was removed, sealed to whoever is to read it. An administrator confirms it.

    In it: the summary, or the answers so far, what the audit has of it, and what is not held. Nobody here can open it.
    """
    wanted = Handover(read_reference(words), readers_of(recipient), person=person, to=to, confirmed_by=confirmed_by)
    at_desk(wanted.write)


@app.command("lift", cls=Plain)
def lift(
    words: Words,
    person: Whose = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is in the case record.")] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """End the hold, confirmed by an administrator: normal retention applies again. If the person was removed, it is erased at once."""
    reference = read_reference(words)

    async def do(desk: Workplace) -> None:
        """Lift the one hold of this reference."""
        known = demand_one(demand_bearers(await roll(desk), reference, person=person), reference, act="lift")
        if _is_erased_with(known, reference, desk=desk):
            demand_consent(reference, is_given=yes)
        if known.account.held == reference:
            await have_confirmed(desk, confirmed_by, about=reference)
        done = await desk.change(known.record.person, letting_go(reference, desk.now))
        typer.echo(
            f"{reference} is not held. Nothing was changed." if done is None else _lifted(done, reference, desk=desk)
        )

    at_desk(do)


def _tell_held(known: Known, reference: str) -> None:
    """Print what a hold does, and what it does not."""
    typer.echo(f"{reference} of {known.name} is held from now on. Purge, /erase and /cancel leave it alone.")
    if isinstance(known.account, Account):
        typer.echo(
            "The card of its person says so. They can go on with it and change responses, but can begin no other"
        )
        typer.echo("one until the hold is lifted: tell them.")


def _is_erased_with(known: Known, reference: str, *, desk: Workplace) -> bool:
    """Whether the assessment goes with its hold: its person was removed, or its term is over."""
    if known.account.held != reference:
        return False
    if not isinstance(known.account, Account):
        return True
    # What is held has no term: it is asked as if it were not.
    term = term_of(known.account.with_held(""), known.record, terms=desk.terms)
    return term is not None and term <= desk.now


def _lifted(done: Done, reference: str, *, desk: Workplace) -> str:
    account = read_account(done.record.access)
    term = term_of(account, done.record, terms=desk.terms) if isinstance(account, Account) else None
    if term is None:
        return f"{reference} is not held any more. Its person had been removed, so it was erased now."
    if term <= desk.now:
        return (
            f"{reference} is not held any more. Its term is over: the running bot erases it now; else seraf-bot purge"
        )
    return (
        f"{reference} is not held any more. The usual terms count again: it is erased on {day(term)} at the earliest."
    )
