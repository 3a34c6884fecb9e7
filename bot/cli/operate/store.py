"""`seraf-bot accept`, `purge`, `upgrade`, `keys rotate` and `store copy`: commands that change a whole store."""

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from typer import Exit, Option, Typer, echo

from bot.cli.context import READERS_WAIT, CommandContext, held_cases, with_store
from bot.cli.operate.backup import take_and_describe
from bot.cli.second_person import ConfirmedBy, have_confirmed
from bot.cli.terminal import day, demand_yes, many, print_counts, working
from bot.crypto.keys import CodeChange, Keychain, key_place, load_key_file, load_keys, load_ring, writable
from bot.operations.backup.file_format import recipients_of
from bot.operations.backup.service import bring_up
from bot.operations.housekeeping import forget, forget_removed
from bot.operations.housekeeping import purge as erase_what_is_over
from bot.operations.moving import move_store, reopen
from bot.operations.readiness import demand_confirmed, demand_store
from bot.operations.rotation import Rotated, rotate_keys
from bot.runtime.clock import SystemClock
from bot.runtime.errors import DamagedStore, EarlierStore, InUse, SettingsFault, StoreFault, StoreUnavailable
from bot.runtime.settings import Settings, load_settings, place_named
from bot.runtime.single_instance import Alone, is_running
from bot.storage.opening import open_desk, running_copies
from bot.storage.session import Moved, StoreSession
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.transaction import HELD_UP
from bot.storage.tables import Tables
from bot.trail.audit import AuditEvent, operator_of
from bot.trail.chain import Entry
from seraf.errors import SerafError

ACCEPTED = """From now on every row counts as it lies there. Look before you go on:
- `seraf-bot people list`: is anybody admitted who was removed, or renewed whose time was over?
- `seraf-bot audit show`: when did it happen, and what was done in the days before?
- What does not open stays refused; restoring a backup is the way for that."""

LATER = (
    "What is erased is overwritten. Copies that SQLite made of it may be left in the file until the bot rewrites it, which it does"
    " once a day. To have it done now, stop the bot and run `seraf-bot purge`."
)


def accept(
    yes: Annotated[bool, Option("--yes", help="Do it. Without this it only says what it found.")] = False,
) -> None:
    """Accept rows that another program restored, changed or deleted. Restoring the latest backup is better."""
    settings = load_settings()
    demand_store(settings)

    def count_anew(session: StoreSession) -> None:
        """Enter every row as it is now in a new ledger, and record that in the audit. A bot may be running."""
        tables, at = Tables(session, load_ring(key_place(settings), own_key(session))), SystemClock().now()
        try:
            tables.ledger.follow()
            number = tables.ledger.number + 1
        except StoreFault:
            number = int(at.timestamp())  # higher than any count, so that no running bot takes it for an older copy
        tables.audit.append([Entry(at, operator_of(settings), AuditEvent.STORE_ACCEPTED)])
        tables.ledger.count_anew(number)

    try:
        faults = with_store(lambda context: context.store.examine())
    except (DamagedStore, EarlierStore, StoreUnavailable):
        raise  # nothing in it can be accepted
    except StoreFault as fault:  # such as a missing ledger
        faults = (str(fault),)
    for line in faults:
        echo(line)
    if not faults:
        echo("Every row is the one that the bot wrote last. There is nothing to accept.")
    elif yes:
        with open_desk(settings.store, key_place(settings)) as desk:
            desk.transact(count_anew)
        echo(ACCEPTED)
    else:
        echo("Nothing was changed. To let all of it count as it is: seraf-bot accept --yes")
        raise Exit(1)


def purge() -> None:
    """Erase everything past its retention time now, except held assessments. The bot does the same by itself."""

    async def erase(context: CommandContext) -> None:
        await demand_confirmed(context.store)
        erased, errors = await erase_what_is_over(context.store, await context.conversation(), now=context.now)
        forgotten = await forget(context.store, context.now, audit_months=context.settings.audit_months)
        names = await forget_removed(context.store, context.now)
        faults, left = list[str](), ""
        if errors:
            cases = many(len(errors), "assessment is past its term", more="assessments are past their term")
            faults.append(
                f"{cases} and could not be erased ({', '.join(errors)}). Everything else was. A newer version of the bot may"
                " have written what is left: purge with that one."
            )
        # Rewrite the file, so that no copy is left in it, unless a bot runs, which does so itself. A server rewrites a table at any time.
        try:
            with nullcontext() if context.store.is_shared else Alone(context.settings.store.path):
                await context.store.scrub()
        except InUse:
            echo(LATER)
        except StoreFault as fault:
            left = str(fault)
        if not left and not await context.store.is_gone(seconds=READERS_WAIT):
            left = HELD_UP
        rows = (
            (erased, "assessment", "assessments", "erased"),
            (names, "name", "names", "of removed people forgotten"),
            (forgotten.codes, "code", "codes", "of invitations forgotten"),
            (forgotten.events, "key", "keys", "of events forgotten"),
            (forgotten.entries, "entry", "entries", "of the audit dropped"),
        )
        print_counts(rows)
        if left:
            faults.append(
                "What is counted here was erased, but copies of it may be left in a file until a `seraf-bot purge` goes"
                f" through. {left}"
            )
        if faults:
            raise StoreFault("\n".join(faults))

    with_store(erase)


def upgrade() -> None:
    """Upgrade the store to this version while no bot runs. `run` does the same by itself; no other command does."""
    settings = load_settings()
    demand_store(settings)
    with Alone(settings.store.path), working("Checking a copy, then bringing the store up"):
        upgraded = bring_up(settings, at=SystemClock().now())
    if upgraded is None:
        echo(f"{settings.store}: is of this version already, left as it is")
        return
    if upgraded.backup is not None:
        echo(f"{upgraded.backup}: a backup of before, checked and found whole.")
    else:
        copied = (
            f"Every row was copied into {settings.store.path.parent}"
            if settings.store.address
            else "The file was copied next to itself"
        )
        echo(
            f"SERAF_BACKUP_RECIPIENTS is not set, so nobody could open a backup. {copied} first\n"
            "(mode 0600, every value sealed), found whole, and the copy removed when the store had opened."
        )
    echo(f"{settings.store}: brought from schema {upgraded.found} to {upgraded.made}.")


places = Typer(no_args_is_help=True)

ARRIVED = """Now set SERAF_STORE to {to} wherever this bot runs, and start it. Then make a backup: seraf-bot backup create
The store here opens for nobody any more. Delete it once the bot has run well and the backup was made: what is erased from
now on stays readable in it, with the key file."""


@places.command("copy")
def copy(
    to: Annotated[str, Option(metavar="PLACE", help="A new file, or the address of an empty database in PostgreSQL.")],
) -> None:
    """Move the store to a new file or to PostgreSQL, whole or not at all, while no bot runs. If it is cut short, run it again.

    Every row and value is compared and opened before it counts. The store here then opens for nobody.
    """
    settings = load_settings()
    demand_store(settings)
    place = place_named(settings, to)
    with suppress(Moved):  # an earlier run was cut short, and is finished
        if faults := with_store(lambda context: context.store.examine(), settings=settings):
            raise StoreFault("\n".join((*faults, "Nothing was moved. Look with `seraf-bot check`.")))
    with working("Copying the store, and comparing every row"):
        move_store(settings, place, at=SystemClock().now())
    echo(f"{to}: the store is here now, with every row as it was and a ledger that fits.")
    echo(ARRIVED.format(to=to))


@places.command("reopen")
def open_again(
    yes: Annotated[bool, Option("--yes", help="Do it. Without this it only says what it means.")] = False,
) -> None:
    """Open a store again that was moved, if the one that it was moved to is lost. A backup of that one is better."""
    settings = load_settings()
    demand_store(settings)
    if not yes:
        echo(
            "What was kept since the move is not in the store here: assessments, people, removals and holds. A backup of the other\n"
            "store has them: seraf-bot backup restore\n"
            "Nothing was changed. To go on without them: seraf-bot store reopen --yes"
        )
        raise Exit(1)
    to = reopen(settings, at=SystemClock().now())
    echo(f"The store here opens again, as it was before it was moved. Never open the one at {to} again.")


MOST_DAYS = 400  # maximum number of days for which older codes may still open

app = Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A requested key rotation: the keys before it, and the change of review codes if there is one."""

    settings: Settings
    key_file: Path
    at: datetime
    before: Keychain
    codes: CodeChange | None


@app.callback()
def _keys() -> None:
    """Do nothing. Because of this callback `keys` is a group of commands, although `rotate` is the only one."""


@app.command("rotate")
def rotate(
    no_backup: Annotated[bool, Option("--no-backup", help="Take no new backup afterwards.")] = False,
    codes: Annotated[bool, Option("--codes", help="Change the key of review codes too. Stop the bot.")] = False,
    *,
    old_codes: Annotated[
        int | None,
        Option(min=0, max=MOST_DAYS, metavar="DAYS", help="With --codes: how long older codes open; 0: not at all."),
    ] = None,
    key_file: Annotated[
        Path | None, Option(help="The key file, if the settings name a place that cannot be written.")
    ] = None,
    yes: Annotated[
        bool, Option("--yes", help="Do not ask, where something is held, whether there is a copy of the old key file.")
    ] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Seal everything under new keys, which do not open older backups, and make a new backup. If it is interrupted, run it again."""
    wanted = _wanted(key_file, codes=codes, old_codes=old_codes)
    # Before the keys change, since older backups do not open with the new keys.
    if not no_backup:
        recipients_of(wanted.settings.backup_recipients)

    async def confirmed(context: CommandContext) -> int:
        """Have the rotation confirmed, unless it continues an interrupted one, and return the number of held assessments."""
        held = len(await held_cases(context))
        if held:
            # Asked while the present key file, which held assessments need, can still be copied.
            echo(
                f"{many(held, 'assessment is', more='assessments are')} held. The backup that was taken for the hold opens\n"
                "with the key file as it is now alone, which this writes over. Until the hold is lifted keep one copy of it,\n"
                f"and that backup, both under lock: {wanted.key_file}"
            )
            demand_yes("Is there a copy of the key file as it is now, under lock?", is_given=yes)
        if wanted.before.following is None:
            await have_confirmed(context, confirmed_by, about=AuditEvent.KEYS_ROTATED)
        return held

    held = with_store(confirmed, settings=wanted.settings)
    with working("Sealing everything under new keys"):
        by, store = operator_of(wanted.settings), wanted.settings.store
        rotated = rotate_keys(store, wanted.key_file, at=wanted.at, by=by, codes=wanted.codes)
    _describe(wanted, rotated, is_held=held > 0)
    if no_backup:
        echo("No new backup was taken. Take one soon: seraf-bot backup create")
        return
    try:
        take_and_describe(wanted.settings)
    except SerafError:
        fault = "The keys are changed, but the new backup failed. Put right what is said here: seraf-bot backup create"
        echo(fault, err=True)
        raise


def _wanted(key_file: Path | None, *, codes: bool, old_codes: int | None) -> KeyChange:
    """Return the requested rotation; raise a fault if it is impossible, before anything is changed."""
    settings = load_settings()
    if key_file is not None:  # the two other places of keys take precedence over a file
        settings = settings.model_copy(update={"key_file": key_file, "key_credential": "", "key_command": ""})
    demand_store(settings)
    place, now = key_place(settings), SystemClock().now()
    path, before = writable(place), load_keys(place)
    if codes != (old_codes is not None):
        raise SettingsFault(
            "--codes and --old-codes DAYS go together, since the choice is yours. As long as older codes open, so does a code"
            " that somebody made with the leaked key. With 0 none of them opens: those reviews begin without last time's"
            " answers. Nothing was changed."
        )
    if codes and before.following is not None:
        raise SettingsFault(
            "An earlier rotation was cut short. Finish it, then change the codes: seraf-bot keys rotate"
        )
    others = running_copies(settings.store) if codes else ()
    if ((codes or key_file is not None) and is_running(settings.store.path)) or others:
        of_keys = "could not get the new keys from where it has them"
        reason = "would go on writing codes with the old key" if codes else of_keys
        raise SettingsFault(f"The bot runs, and {reason}. Stop it first. Nothing was changed.")
    change = CodeChange(now, now + timedelta(days=old_codes)) if old_codes is not None else None
    return KeyChange(settings, path, now, before, change)


def _describe(wanted: KeyChange, rotated: Rotated, *, is_held: bool) -> None:
    if rotated.was_begun:
        echo("An earlier rotation had been cut short; it is finished now.")
    echo(f"{many(rotated.values, 'value is', more='values are')} sealed under new keys.")
    echo(f"{wanted.key_file}: now the key file “{rotated.key}”. Keep a new second copy of it in a safe place.")
    if wanted.settings.store.address:
        echo(
            "Every other copy of the bot stops serving until it has this key file: bring it to each of those machines by a way\n"
            "that nobody else can read, and put it in the place of the old one. A copy goes on within half a minute; one that\n"
            "gets its keys from systemd or from a command has to be started again."
        )
    after = load_key_file(wanted.key_file)
    if after.code_secret != wanted.before.current.code_secret:
        until = max((older.until for older in after.older), default=wanted.at)
        if until > wanted.at:
            echo(
                f"Review codes have a new key. Older codes open until {day(until)}, and so does one that was\n"
                "made up with the old key: compare what a code says with the summary in the case record."
            )
        else:
            echo(
                "Review codes have a new key. No older code opens any more: such a review begins without last time's\n"
                "answers. Tell those who work with them."
            )
        echo("Whoever has the old key can still read older codes: that is for the data protection lead.")
    echo(
        f"Destroy every copy of the old key file{' but the one for the hold' if is_held else ''}: with it, what was erased\n"
        "could still be read from older backups. Older backups do not open with the new one: destroy them, or keep them\n"
        "knowing that."
    )
    if is_held:
        echo(
            "When old backups are deleted next, each held assessment gets another backup of its own, as it is then, which\n"
            "opens with the new key file. To have it now: seraf-bot hold set REFERENCE"
        )
