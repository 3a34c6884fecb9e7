"""`seraf-bot hold set | list | export | lift`: holds, which keep an assessment for the police or a court."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.access.due import term_of
from bot.cli.context import CommandContext, Known, held_cases, held_of, roll, with_store
from bot.cli.second_person import ConfirmedBy, have_confirmed
from bot.cli.terminal import Plain, day, demand_consent, demand_free, many, write_new
from bot.conversation.changes import holding, letting_go
from bot.conversation.records import references_of
from bot.operations.backup.file_format import SEALED_ENDING, recipients_of, sealed_to
from bot.operations.backup.held import AuditedHolds, HeldCase, back_up_held, backups_of_holds
from bot.operations.papers import about_papers, entries_of, papers_of
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.settings import load_settings
from bot.storage.sqlite.examining import look_at_audit
from bot.summaries.forms import name_of
from bot.trail.audit import AuditEvent

app = Typer(no_args_is_help=True)

EARLIER = "made for an earlier hold, or before the keys were rotated. Then only the earlier key file opens it."

Words = Annotated[list[str], Argument(metavar="REFERENCE", help="The reference, such as BRISK OTTER 41.")]
Whose = Annotated[str, Option("--person", metavar="ID", help="Whose, if several have it: id or Telegram number.")]


@app.command("set", cls=Plain)
def set_hold(words: Words, person: Whose = "") -> None:
    """Keep this assessment until the hold is lifted: retention, purge, /erase and removing the person do not delete it."""
    reference, settings = _reference(words), load_settings()

    async def do(context: CommandContext) -> tuple[list[HeldCase], AuditedHolds]:
        """Set a hold on every assessment with this reference, since a hold can be lifted later but an erased assessment is lost."""
        held = list[HeldCase]()
        for known in await _with_reference(context, reference, person=person):
            if await context.change(known.record.person, holding(reference, context.now)):
                echo(f"{reference} of {known.name} is held from now on. Purge, /erase and /cancel leave it.")
                if known.admitted:
                    echo("The card of its person says so. They can go on with it and change responses: tell them.")
            elif reference in held_of(known.record):
                echo(f"{reference} of {known.name} is held already. Nothing was changed.")
            else:
                raise _unknown(reference)
            held.append(HeldCase(known.record.person, reference))
        return held, AuditedHolds.of(await context.store.read(lambda t: t.audit.entries()))

    held, audited = with_store(do, settings=settings)
    for case, (own, _) in backups_of_holds(settings, held, audited=audited).items():
        if own is None and not settings.backup_recipients:
            echo(
                "No backup of it alone was made, since SERAF_BACKUP_RECIPIENTS is not set. Set it, then type the same again; until"
                " then no old backup is deleted."
            )
        else:
            path = own or back_up_held(settings, case, at=SystemClock().now())
            echo(f"{path}: a backup of it alone, as it was then. It is kept until the hold is lifted.")


@app.command("list")
def list_held() -> None:
    """List the assessments on hold: the person, since when, who set the hold, and the backup of that assessment alone."""

    async def do(context: CommandContext) -> None:
        held, strange = await held_cases(context), await context.store.examine()
        people = {known.record.person: known for known in await roll(context)}
        entries = await context.store.read(lambda t: t.audit.entries())
        backups = backups_of_holds(context.settings, held, audited=AuditedHolds.of(entries))
        for case in held:
            # The audit may have dropped the entry.
            holds = (entry for entry in reversed(entries) if entry.what == AuditEvent.HOLD_SET)
            since = next((entry for entry in holds if entry.reference == case.reference), None)
            set_on = f"since {day(since.at)}, by {since.who}" if since else "since before the audit begins"
            echo(f"{case.reference}  of {people[case.person].name}  {set_on}")
            own, earlier = backups[case]
            echo(f"  {own or f'no backup of its own yet: seraf-bot hold set {case.reference}'}")
            for path in earlier:
                echo(f"  {path}: {EARLIER}")
        if strange:
            unread = "A held assessment may be among what cannot be read, and is not in the list then."
            raise StoreFault("\n".join((*strange, f"{unread} Look: seraf-bot check")))
        if not held:
            echo("No assessment is held.")

    with_store(do)


@app.command("export", cls=Plain)
def export_held(
    words: Words,
    recipient: Annotated[
        list[str], Option("--recipient", metavar="AGE1…", help="The public key of the reader, not yours.")
    ],
    *,
    person: Whose = "",
    to: Annotated[Path | None, Option(help="The new file. If not given: named by the reference, here.")] = None,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Hand over an assessment on hold, encrypted to its reader. An administrator confirms it. The person may have been removed.

    The file has the summary or the answers so far, the audit's entries, and a list of everything missing. Nobody here can open it.
    """
    reference, readers = _reference(words), recipients_of(tuple(recipient), where="--recipient")

    async def do(context: CommandContext) -> None:
        known = await _only_one(context, reference, person=person, act="export")
        if reference not in held_of(known.record):
            raise SettingsFault(
                f"{reference} is not held: only what is held is handed over. First: seraf-bot hold set {reference}"
            )
        file = to or Path(name_of(reference, SEALED_ENDING))
        demand_free(file)
        now = local_time(context.now)
        recalled = await context.store.recall(known.record.person, reference)
        assert recalled is not None, "they are on the roll"
        record = recalled[0]
        papers = papers_of(record, await context.conversation(), now=now)
        if not await have_confirmed(context, confirmed_by, about=reference):
            raise SettingsFault(
                "Two people hand over an assessment: invite an administrator first. Nothing was written."
            )
        await context.record(AuditEvent.HOLD_EXPORTED, reference)  # first, so that every export is in the audit
        trail = await context.store.read(lambda t: t.audit.trail())
        faults = (await look_at_audit(context.store, context.keys)).faults
        if faults:
            echo("The audit is not whole, which is said in it. Look at: seraf-bot audit verify")
        about = about_papers(record, trail, faults=faults, now=now)
        files = (*papers, entries_of(reference, trail), about)
        write_new(file, sealed_to(files, readers))
        echo(f"In it: {', '.join(paper.name for paper in files)}. Sealed to {many(len(readers), 'reader')}.")
        echo("They open it with: age --decrypt --identity THEIR-KEY-FILE FILE | tar --extract")

    with_store(do)


@app.command("lift", cls=Plain)
def lift(
    words: Words,
    person: Whose = "",
    *,
    yes: Annotated[bool, Option("--yes", help="Do not ask whether it is in the case record.")] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Lift a hold, which an administrator confirms. Retention applies again; if the person was removed, the assessment is erased."""
    reference = _reference(words)

    async def do(context: CommandContext) -> None:
        known = await _only_one(context, reference, person=person, act="lift")
        head = known.record.head_of(reference)
        if head is not None and head.held:
            # Without the hold, the assessment is erased if its person was removed or its term is over.
            term = term_of(replace(head, held=False), terms=context.terms) if known.admitted else context.now
            if term is not None and term <= context.now:
                demand_consent(reference, is_given=yes)
            await have_confirmed(context, confirmed_by, about=reference)
        done = await context.change(known.record.person, letting_go(reference, context.now))
        if done is None:
            echo(f"{reference} is not held. Nothing was changed.")
            return
        left = done.record.head_of(reference)
        term = term_of(left, terms=context.terms) if left is not None else None
        if term is None:
            result = "Its person had been removed, so it was erased now."
        elif term <= context.now:
            result = "Its term is over: the running bot erases it now; else seraf-bot purge"
        else:
            result = f"The usual terms count again: it is erased on {day(term)} at the earliest."
        echo(f"{reference} is not held any more. {result}")

    with_store(do)


def _reference(words: list[str]) -> str:
    return " ".join(re.findall(r"\w+", " ".join(words).upper()))


async def _with_reference(context: CommandContext, reference: str, *, person: str) -> list[Known]:
    whose = person.strip().lower()
    people = [known for known in await roll(context) if reference and reference in references_of(known.record)]
    named = [known for known in people if not whose or known.is_called(whose)]
    if not named:
        raise _unknown(reference)
    return named


async def _only_one(context: CommandContext, reference: str, *, person: str, act: str) -> Known:
    people = await _with_reference(context, reference, person=person)
    if len(people) == 1:
        return people[0]
    names = (known.admitted.audit_id if known.admitted else known.number for known in people)
    choices = [f"seraf-bot hold {act} {reference} --person {name}" for name in names]
    raise SettingsFault("\n".join((f"{reference} is the reference of several. Say whose, by one of these:", *choices)))


def _unknown(reference: str) -> SettingsFault:
    return SettingsFault(
        f"No assessment {reference or 'without a reference'} is kept here. Look at how it is spelt: seraf-bot audit show"
        " has what was begun and what was erased.\nWhat was erased is gone from this store, and a hold cannot bring it back."
        " A backup of an earlier day may have it: keep those, and ask those who asked you."
        "\nWhoever's rows were changed from outside is left out here: see what seraf-bot check says."
    )
