"""`seraf-bot hold set | lift`: an assessment that has to be kept, for the police or a court, by its reference."""

import re
from dataclasses import replace
from typing import Annotated

import typer

from bot.access.lapses import term_of
from bot.access.standing import Access, read_access
from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import Plain, day, demand_consent
from bot.cli.frame.roll import Known, roll
from bot.cli.frame.second_person import ConfirmedBy, have_confirmed
from bot.conversation.changes import holding, letting_go
from bot.conversation.records import reference_of
from bot.runtime.errors import SettingsFault
from bot.storage.values import Done

app = typer.Typer(
    name="hold", help="Keep an assessment for the police or a court, and end the hold.", no_args_is_help=True
)

Words = Annotated[list[str], typer.Argument(metavar="REFERENCE", help="The reference, such as BRISK OTTER 41.")]
Whose = Annotated[
    str, typer.Option("--person", metavar="ID", help="Whose, where several bear it: their id, or Telegram number.")
]


@app.command("set", cls=Plain)
def set_hold(words: Words, person: Whose = "") -> None:
    """Keep this assessment until the hold is lifted.

    Retention, purge, /erase and removing the person do not delete it.
    """
    reference = _reference(words)

    async def do(desk: Workplace) -> None:
        """Hold every assessment of this reference: too many can be released later, and one erased cannot come back."""
        for known in _demand(await roll(desk), reference, person=person):
            if await desk.change(known.record.person, holding(reference, desk.now)):
                _tell_held(known, reference)
            elif known.access.held:
                typer.echo(f"{reference} of {known.name} is held already. Nothing was changed.")
            else:
                raise _nothing(reference)

    at_desk(do)


@app.command("lift", cls=Plain)
def lift(
    words: Words,
    person: Whose = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is in the case record.")] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """End the hold, confirmed by an administrator: normal retention applies again. If the person was removed, it is erased at once."""
    reference = _reference(words)

    async def do(desk: Workplace) -> None:
        """Lift the one hold of this reference."""
        known, *others = _demand(await roll(desk), reference, person=person)
        if others:
            choices = [f"seraf-bot hold lift {reference} --person {_id(each)}" for each in (known, *others)]
            raise SettingsFault(
                "\n".join((f"{reference} is the reference of several. Say whose, by one of these:", *choices))
            )
        if _is_erased_with(known, reference, desk=desk):
            demand_consent(reference, is_given=yes)
        if known.access.held == reference:
            await have_confirmed(desk, confirmed_by, about=reference)
        done = await desk.change(known.record.person, letting_go(reference, desk.now))
        typer.echo(
            f"{reference} is not held. Nothing was changed." if done is None else _lifted(done, reference, desk=desk)
        )

    at_desk(do)


def _tell_held(known: Known, reference: str) -> None:
    """Print what a hold does, and what it does not."""
    typer.echo(f"{reference} of {known.name} is held from now on. Purge, /erase and /cancel leave it alone.")
    if isinstance(known.access, Access):
        typer.echo(
            "The card of its person says so. They can go on with it and change responses, but can begin no other"
        )
        typer.echo("one until the hold is lifted: tell them. A backup that is taken now keeps it as it is now.")
    typer.echo("Take that backup, and keep it: seraf-bot backup create")


def _is_erased_with(known: Known, reference: str, *, desk: Workplace) -> bool:
    """Whether the assessment goes with its hold: its person was removed, or its term is over."""
    if known.access.held != reference:
        return False
    if not isinstance(known.access, Access):
        return True
    term = term_of(replace(known.access, held=""), known.record, terms=desk.terms)
    return term is not None and term <= desk.now


def _lifted(done: Done, reference: str, *, desk: Workplace) -> str:
    access = read_access(done.record.access)
    term = term_of(access, done.record, terms=desk.terms) if isinstance(access, Access) else None
    if term is None:
        return f"{reference} is not held any more. Its person had been removed, so it was erased now."
    if term <= desk.now:
        return (
            f"{reference} is not held any more. Its term is over: the running bot erases it now; else seraf-bot purge"
        )
    return (
        f"{reference} is not held any more. The usual terms count again: it is erased on {day(term)} at the earliest."
    )


def _reference(words: list[str]) -> str:
    """The reference in the words of the command line, quoted or not, in any case."""
    return " ".join(re.findall(r"\w+", " ".join(words).upper()))


def _demand(everybody: tuple[Known, ...], reference: str, *, person: str) -> list[Known]:
    """Whose assessments bear this reference; `SettingsFault` when there is none."""
    whose = person.strip().lower()
    bearing = [known for known in everybody if reference and reference_of(known.record) == reference]
    found = [known for known in bearing if not whose or known.is_called(whose)]
    if not found:
        raise _nothing(reference)
    return found


def _nothing(reference: str) -> SettingsFault:
    return SettingsFault(
        f"No assessment {reference or 'without a reference'} is kept here. Look at how it is spelt: seraf-bot audit show"
        " has what was begun and what was erased.\nWhat was erased is gone from this store, and a hold cannot bring it back."
        " A backup of an earlier day may have it: keep those, and ask those who asked you."
    )


def _id(known: Known) -> str:
    return known.access.who if isinstance(known.access, Access) else known.number
