"""`seraf-bot backup create | prune | practise | verify | restore`: copies of the live database, encrypted to their recipients."""

import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option, Typer, echo

from bot.cli.context import CommandContext, held_cases, with_store
from bot.cli.second_person import ALONE, NOBODY_YET, ConfirmedBy, asked_pin, is_without_pins, second_person, wrong_pin
from bot.cli.terminal import Plain, many, print_counts, read_span, working
from bot.crypto.keys import key_place, load_keys
from bot.crypto.pins import Pins
from bot.operations.backup.file_format import Backup, Manifest, identities_of, read_backup
from bot.operations.backup.held import AuditedHolds, HeldCase, back_up_held, backups_of_holds, backups_of_no_hold
from bot.operations.backup.restoring import practise, restore
from bot.operations.backup.service import compare_with_store, delete, examine, old_backups, still_newest, take
from bot.operations.readiness import demand_confirmed
from bot.runtime.clock import SystemClock
from bot.runtime.errors import StoreFault
from bot.runtime.logs import is_journal, set_up_logs
from bot.runtime.settings import Settings, load_settings
from bot.storage.opening import demand_empty
from bot.storage.sqlite.examining import look_at_audit
from bot.trail.audit import AuditEvent
from bot.watch.events import tell
from seraf.errors import SerafError

app = Typer(no_args_is_help=True)

File = Annotated[Path, Argument(metavar="FILE", help="The backup.")]
Identity = Annotated[Path, Option(help="The age identity file of a recipient; its owner's alone (mode 0600).")]

SINCE = """What happened since then is not in it. Do again what you know of, or restore with --replay and an export of the audit:
- Holds that were set since are gone: set them again first, or what they keep may be erased.
- People removed since this backup are admitted again: remove them. Renewals and locks since then are lost: renew, or lock.
- Codes of invitations that were spent or withdrawn since count again: withdraw them.
- What was erased since is there again."""

NEXT = """Nobody is served from it yet. Look at `seraf-bot people list`, and put right who is in. Then an administrator confirms it:
seraf-bot people confirm --confirmed-by ID
Last, erase what is past its term: seraf-bot purge"""

FIRST_MADE = f"Before anybody is served from it, one is made, which takes 24 hours:\n{ALONE}"

REPLAYED = (
    (AuditEvent.REMOVED, "person", "people", "removed"),
    (AuditEvent.ROLE_PRACTITIONER, "person", "people", "given the role of since then"),
    (AuditEvent.BARRED, "person", "people", "barred after wrong PINs"),
    (AuditEvent.WITHDRAWN, "invitation", "invitations", "that opens nothing any more"),
    (AuditEvent.HOLD_SET, "assessment", "assessments", "held"),
    (AuditEvent.HOLD_LIFTED, "assessment", "assessments", "let go"),
    (AuditEvent.ERASED, "assessment", "assessments", "erased"),
)

OTHER_STORE = """The backup itself is whole. If its head is the one on paper, the store here is the wrong one: restore this backup.
If it is not, look for the backup that has it, and do not rely on this one."""


@app.command("create")
def create(
    to: Annotated[Path | None, Option(help="The new file. Default: one named by its time, in the folder.")] = None,
    *,
    if_changed: Annotated[bool, Option("--if-changed", help="Make none if nothing changed since the last.")] = False,
) -> None:
    """Check a copy of the live database and back it up while the bot runs. It needs recipients, but no secret key."""
    settings = load_settings()
    newest = still_newest(settings) if if_changed and to is None else None
    if newest is not None:
        newest.touch()  # the time of a backup is the time until which it is complete
        echo(f"{newest}: still the newest, since nothing was written after it.")
        return
    try:
        take_and_describe(settings, to)
    except SerafError as fault:
        if is_journal(sys.stderr):  # run by a systemd unit: log the fault as an event too
            set_up_logs()
            tell("backup failed", fault=str(fault))
        raise
    echo("All of it was checked before it was encrypted, and found whole.")


def take_and_describe(settings: Settings, to: Path | None = None) -> None:
    """Take a backup, and print what it contains and what it does not."""
    with working("Copying, checking and sealing the store"):
        taken = take(settings, to, at=SystemClock().now())
    recipients = many(len(settings.backup_recipients), "recipient")
    echo(f"{taken.path}: written, mode 0600, encrypted to {recipients}.\nIn it: {_rows_counted(taken.manifest)}.")
    echo(f"Head: {taken.manifest.head}")
    echo(
        "Note that head of the audit down outside this machine: it shows later that nothing was changed or cut off.\n"
        "That the backup was made is the entry after it, and is not in it.\n"
        "The key file is NOT in it, and without it nothing in it can be read: keep a copy apart."
    )


def _rows_counted(manifest: Manifest) -> str:
    rows = manifest.rows
    people, cases = many(rows.get("people", 0), "person", more="people"), many(rows.get("cases", 0), "assessment")
    lines = many(rows.get("audit", 0), "line")
    return f"{many(sum(rows.values()), 'row')}, of which {people}, {cases} and {lines} of the audit"


@app.command("prune")
def prune(older_than: Annotated[str, Option("--older-than", metavar="35d", help="Days to keep them.")]) -> None:
    """Delete backups in the folder that are past the given age, except the newest and those whose file names you chose.

    Their age is taken from the time in their names. All backups of the last two days are kept. Of each earlier day the last one is
    kept until it is past the age. A held assessment has its own backup, deleted once the audit shows that the hold was lifted.
    Nothing is deleted if that backup cannot be made, if the store is damaged, or if a restore is not confirmed.
    """
    settings, term, now = load_settings(), read_span(older_than, "--older-than"), SystemClock().now()
    held, audited, people = with_store(_holds, settings=settings)
    for case, (own, _) in backups_of_holds(settings, held, audited=audited).items():
        if own is None:
            echo(f"{back_up_held(settings, case, at=now)}: keeps {case.reference}, which is held.")
    old = old_backups(settings.backup_folder.glob("*.age"), now=now, term=term)
    echo(f"{many(delete(old), 'old backup')} deleted from {settings.backup_folder}.")
    lifted, others = backups_of_no_hold(settings, held, people=people, audited=audited)
    if gone := delete(lifted):
        echo(f"{many(gone, 'backup')} of assessments that are not held any more deleted.")
    for path in others:
        echo(f"{path}: kept. Its assessment is not held here, and the audit has no lifted hold of it.")


async def _holds(context: CommandContext) -> tuple[tuple[HeldCase, ...], AuditedHolds, tuple[str, ...]]:
    """Return the held assessments, the holds in the audit, and the people. Raise `StoreFault` if the store is damaged."""
    await demand_confirmed(context.store)
    looked = await look_at_audit(context.store, context.keys)
    # A backup may be the last copy of a damaged case.
    if faults := (*await context.store.examine(), *looked.faults):
        advice = "No backup was deleted: one of them may be all that is left of what is damaged. Look: seraf-bot check"
        raise StoreFault("\n".join((*faults, advice)))
    audited = AuditedHolds.of(await context.store.read(lambda t: t.audit.entries()))
    people = await context.store.of_each(lambda record: record.person)
    return await held_cases(context), audited, people


@app.command("practise")
def practise_restore() -> None:
    """Restore the newest backup into a temporary folder, without a recipient's key, and examine it. `status` shows the result."""
    with working("Restoring the newest backup for practice"):
        practice = practise(load_settings(), at=SystemClock().now())
    echo(f"{practice.backup}: restored for practice, and found whole. Nothing of it was kept.")


@app.command("verify", cls=Plain)
def verify(file: File, identity: Identity) -> None:
    """Open a backup in memory, and examine every row, sealed value and line of the audit. Exit status 1 if any is wrong."""
    settings = load_settings()
    with working("Opening the backup, and every value in it"):
        backup = read_backup(file, identities_of(identity))
        examined = examine(backup, load_keys(key_place(settings)))
        compared, is_other = ("", False) if examined.findings else compare_with_store(settings, backup.manifest)
    for finding in examined.findings:
        echo(f"WRONG: {finding}")
    if examined.findings:
        echo("Do not rely on this backup. Make another, and look for what changed this one.")
        raise Exit(1)
    manifest = backup.manifest
    echo(f"The backup of {manifest.created} is whole: {_rows_counted(manifest)}.")
    echo(f"Every sealed value opens ({examined.opened}), and the audit is whole up to its head {manifest.head}")
    echo("Compare that head with the one that was noted down when the backup was made.")
    if is_other:
        echo(f"WRONG: {compared}\n{OTHER_STORE}")
        raise Exit(1)
    echo(compared)


@app.command("restore", cls=Plain)
def restore_backup(
    file: File,
    identity: Identity,
    *,
    unproven: Annotated[bool, Option("--unproven", help="Take one of an early release, without proof.")] = False,
    replay: Annotated[
        Path | None,
        Option(metavar="FILE", help="An export of the audit: what was taken away since is taken away again."),
    ] = None,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Check a backup, and restore it to the place in SERAF_STORE: a new file, or an empty database in PostgreSQL.

    An administrator confirms this with their PIN from when the backup was made. The bot serves nobody until you run `people confirm`.
    """
    settings, now = load_settings(), SystemClock().now()
    demand_empty(settings.store)
    with working("Opening the backup"):
        backup = read_backup(file, identities_of(identity))
    second = _second_person(settings, backup, given=confirmed_by, unproven=unproven)
    with working("Checking the backup, and putting it in place"):
        examined, replayed = restore(settings, backup, at=now, confirmed_by=second, unproven=unproven, replay=replay)
    manifest = backup.manifest
    echo(f"{settings.store}: restored as it was at {manifest.created}: {_rows_counted(manifest)}.")
    echo(f"Every sealed value opens ({examined.opened}), and the audit is whole up to {manifest.head}")
    if replay is None:
        echo(SINCE)
    else:
        echo("What was taken away since was taken away again:")
        print_counts((replayed.done[what], one, more, words) for what, one, more, words in REPLAYED)
        for line in replayed.left:
            echo(line)
    if settings.store.address:
        echo(
            f"On every other machine, delete {settings.store.path.name}.number in the state folder: it knows a later state."
        )
    echo(NEXT)


def _second_person(settings: Settings, backup: Backup, *, given: str, unproven: bool) -> str:
    """Return the id of the administrator who confirmed the restore; empty if there is none or the backup is damaged."""
    chain = load_keys(key_place(settings))
    with working("Looking who can confirm"):
        examined, ring = examine(backup, chain, unproven=unproven), chain.ring(backup.manifest.key)
    if examined.findings or ring is None:
        return ""
    if is_without_pins(examined.people):
        echo(f"No administrator in this backup has a PIN: they sign in to pages. So nobody confirms it. {FIRST_MADE}")
        return ""
    second = second_person(examined.people, given, operator=settings.operator)
    if second is None:
        nobody = f"No administrator is left in this backup, so nobody confirms that it is restored. {FIRST_MADE}"
        echo(nobody if examined.had_administrator else NOBODY_YET)
        return ""
    # A wrong PIN is not counted, since there is no store yet (ADR 0054).
    if not Pins(ring.pepper).matches(asked_pin(second.audit_id), second.pin.hash):
        raise wrong_pin(" It is the one that they had when the backup was made.")
    return second.audit_id
