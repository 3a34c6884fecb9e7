"""`seraf-bot people`: invitations, the list of people, and changes to their access. All of it works while the bot runs."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.access.account import Removed, state_of
from bot.cli.context import CommandContext, Known, find_person, held_of, roll, with_store
from bot.cli.people.inviting import DAYS, MOST_DAYS, demand_label, invite_all, invite_one, withdraw_one, withdraw_unused
from bot.cli.people.listing import (
    Order,
    Wanted,
    list_as_csv,
    list_as_json,
    near,
    people_lines,
    print_offers,
    print_people,
)
from bot.cli.second_person import ALONE, ConfirmedBy, call_off, have_confirmed, is_restore_waiting
from bot.cli.terminal import Plain, day, demand_consent, demand_free, demand_yes, many, read_span, write_all, write_new
from bot.conversation.changes import extension, giving_role, labelling, locking, removal, renewal
from bot.conversation.records import references_of
from bot.operations.backup.file_format import SEALED_ENDING, recipients_of, sealed_to
from bot.operations.papers import AboutPerson
from bot.runtime.errors import SettingsFault
from bot.storage.tables import Tables
from bot.storage.values import Done
from bot.trail.audit import AuditEvent, is_used_since_restore
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING, Role
from dialogs.locked import AccountState

app = Typer(no_args_is_help=True)

Person = Annotated[str, Argument(metavar="ID", help="The id of `people list`, or the Telegram number.")]
Someone = Annotated[str | None, Argument(metavar="ID", help="The id of `people list`, or the Telegram number.")]

SEALED = f"about-you.{SEALED_ENDING}"


@app.command("invite")
def invite(
    role: Annotated[Role | None, Option(help="What they may do. An auditor reads the audit alone.")] = None,
    days: Annotated[int, Option(min=1, max=MOST_DAYS, help="Days for which the code works.")] = DAYS,
    *,
    name: Annotated[str, Option(help="What you call them in the list. It is sealed. Never a child's name.")] = "",
    staff: Annotated[Path | None, Option("--from", help="A CSV file with the columns label and role.")] = None,
    to: Annotated[Path, Option(help="The folder for the slips and the list of those invited.")] = Path(),
    confirmed_by: ConfirmedBy = "",
    alone: Annotated[
        bool, Option("--alone", help="If no administrator is left: everybody is told, then a day passes.")
    ] = False,
) -> None:
    """Make a code that admits one person once. It is shown only here, and not stored. With --from, make slips for a list of staff.

    Another administrator has to confirm the invitation of an administrator.
    """
    if alone and (role not in ADMINISTERING or confirmed_by):
        raise SettingsFault("--alone goes with --role admin, and without --confirmed-by")
    if staff is not None:
        if role is not None or name:
            raise SettingsFault("--from has roles and labels in its lines: leave out --role and --name")
        with_store(lambda context: invite_all(context, staff, to=to, days=days), makes_store=True)
    elif role is not None:
        invite_them = partial(invite_one, role=role, days=days, name=name, confirmed_by=confirmed_by, is_alone=alone)
        with_store(invite_them, makes_store=True)
    else:
        roles = ", ".join(Role)
        raise SettingsFault(f"Say what they may do with --role ({roles}), or give a list of staff with --from")


@app.command("list")
def list_people(
    numbers: Annotated[bool, Option("--numbers", help="Their Telegram numbers too.")] = False,
    expiring: Annotated[str, Option(metavar="14d", help="Whose access runs out within so many days.")] = "",
    role: Annotated[Role | None, Option(help="Of this role alone.")] = None,
    *,
    locked: Annotated[bool, Option("--locked", help="Who is locked out by wrong PINs.")] = False,
    by: Annotated[Order, Option(help="Sorted by this.")] = Order.ACTIVE,
    invitations: Annotated[bool, Option("--invitations", help="The open invitations alone.")] = False,
    json: Annotated[bool, Option("--json", help="For programs: people, or with --invitations those.")] = False,
    csv: Annotated[bool, Option("--csv", help="For a spreadsheet, the same.")] = False,
) -> None:
    """List the unused invitations, then everybody who was ever admitted. Removed people come last."""
    wanted, within = Wanted(role, locked, by), read_span(expiring, "--expiring") if expiring else None
    form = list_as_json if json else list_as_csv if csv else None
    if not invitations:
        with_store(lambda context: print_people(context, wanted, within=within, form=form, has_numbers=numbers))
    elif expiring or locked or numbers:
        raise SettingsFault("--invitations goes with --role, --by, --json and --csv alone")
    else:
        with_store(lambda context: print_offers(context, wanted, form=form))


@app.command("confirm")
def confirm_everybody(*, confirmed_by: ConfirmedBy = "") -> None:
    """Confirm, after a restore, that everybody in the list should have access. Until then the bot serves nobody."""

    async def do(context: CommandContext) -> None:
        if not await is_restore_waiting(context):
            raise SettingsFault("No restored backup waits to be confirmed. Nothing was changed.")
        present = [known for known in await roll(context) if known.admitted]
        for line in people_lines(present, context, has_numbers=False):
            echo(line)
        # An administrator who was made alone since the restore replaces the second person: it took the delay too.
        if not is_used_since_restore(await context.store.read(lambda t: t.audit.entries())):
            await have_confirmed(context, confirmed_by, about=AuditEvent.PEOPLE_CONFIRMED)
        entry = Entry(context.now, context.operator, AuditEvent.PEOPLE_CONFIRMED)
        await context.store.write(lambda t: t.restores.confirm(entry))
        count = many(len(present), "person is", more="people are")
        echo(f"{count} in, as the list says. The bot serves them from now on.")

    with_store(do)


@app.command("withdraw", cls=Plain)
def withdraw(
    invitation: Annotated[
        str | None, Argument(metavar="ID", help="The id of an open invitation in `people list`.")
    ] = None,
    *,
    unused: Annotated[bool, Option("--unused", help="All that are open, as after handing out slips.")] = False,
    alone: Annotated[
        bool, Option("--alone", help="That an administrator is made without a second person, as was announced.")
    ] = False,
) -> None:
    """Cancel an unused invitation, such as one sent to the wrong person."""
    if (invitation is not None, unused, alone).count(True) != 1:
        raise SettingsFault("Name one invitation by its id, or all that are open with --unused, or say --alone")
    if alone:
        with_store(call_off)
    else:
        with_store(withdraw_unused if invitation is None else lambda context: withdraw_one(context, invitation))


@app.command("remove", cls=Plain)
def remove(
    person: Someone = None,
    *,
    everybody: Annotated[bool, Option("--all", help="Everybody, when the bot is given up.")] = False,
    yes: Annotated[bool, Option("--yes", help="Do not ask. Removes the last administrator too.")] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """End a person's access for good, after a question at the terminal. Their assessment is erased at once, unless it is held.

    That account can never be admitted again. An administrator has to confirm the removal of everybody.
    """
    if (person is not None) == everybody:
        raise SettingsFault("Name one person, or say --all when the bot is given up")
    if person is None:
        with_store(lambda context: _remove_everybody(context, is_recorded=yes, confirmed_by=confirmed_by))
    else:
        with_store(lambda context: _remove_one(context, person, is_sure=yes))


async def _remove_one(context: CommandContext, person: str, *, is_sure: bool) -> None:
    known = await find_person(context, person)
    is_last = await _leads_alone(context, known)
    if is_last and not is_sure:
        raise SettingsFault(f"{_last_one(known)}\nIf there is to be none, run it again with --yes.")
    if not isinstance(known.account, Removed):
        called, account = known.name, known.admitted
        if account:
            label = f"“{account.admission.name}”, " if account.admission.name else ""
            called += f" ({label}{account.admission.role})"
        question = f"Remove {called} for good? That account can never be let in again"
        lost = [head.reference for head in known.record.heads if not head.held]
        if not lost:
            question += "."
        else:
            erased = f"assessment {lost[0]} is" if len(lost) == 1 else f"assessments {', '.join(lost)} are"
            question += f", and {erased} erased for good: it has to be in the case record first."
        demand_yes(question, is_given=is_sure)

    def delete(tables: Tables) -> None:
        """Delete the training rooms that the person ran, the pairs that they were in, and their reminders."""
        tables.rooms.forget_of(known.record.person, context.now)
        tables.reminders.forget_of(known.record.person)

    # Before the removal, so that an interrupted removal can be run again.
    await context.store.write(delete)
    done = await context.change(known.record.person, removal(context.now))
    if done is None:
        echo("They were removed already, and stay removed. Nothing was changed.")
        return
    _describe_removal(done, known, context=context)
    if is_last:
        echo("No administrator is left, so that nobody can confirm what needs a second person, or use /people.")
        lapsed = [other.who for other in await roll(context) if _is_admin(other)]
        renew = f"Renew one whose access has run out: seraf-bot people renew {lapsed[0]}" if lapsed else ""
        echo(renew or f"Make one, which everybody is told of and which takes a day: {ALONE}")


def _last_one(known: Known) -> str:
    return (
        f"{known.name} is the last administrator who is admitted: without one nobody can confirm what needs a second person,"
        " or use /people. Nothing was changed. Have another one come in first, which this one confirms: seraf-bot people invite"
        f" --role admin --confirmed-by {known.name}"
    )


def _is_admin(known: Known) -> bool:
    return known.admitted is not None and known.admitted.admission.role in ADMINISTERING


async def _leads_alone(context: CommandContext, known: Known) -> bool:
    """Return True if this person is an administrator and no other administrator's admission is in force."""
    others = [one for one in await roll(context) if _is_admin(one) and one.record.person != known.record.person]
    return _is_admin(known) and not any(one.admitted and context.now < one.admitted.admission.until for one in others)


def _describe_removal(done: Done, known: Known, *, context: CommandContext) -> None:
    kept = references_of(done.record)
    erased = [reference for reference in references_of(done.before) if reference not in kept]
    echo(f"{known.name} is removed. Their next message gets the line that every stranger gets.")
    echo(
        "Every browser of theirs is signed out."
        if known.signs_in
        else "The running bot takes their card out of the chat within seconds; if none runs, it does when it starts."
    )
    for reference in kept:
        echo(f"Their assessment {reference} is kept, because of the hold on it. Nobody can open it in the chat.")
        echo(f"Once it is not needed any more: seraf-bot hold lift {reference}")
    for reference in erased:
        echo(f"Their assessment {reference} was erased.")
    if erased:
        echo("Older backups hold it until they go or the keys are rotated.")
    elif not kept:
        echo("They had no assessment.")
    account = "sign-in" if known.signs_in else "Telegram number"
    echo(f"Their {account} stays removed: no invitation{' and no group' if known.signs_in else ''} lets it in.")
    if known.record.person in context.settings.first_administrators:
        echo("It still stands in SERAF_ADMINS, where it no longer counts: take it out.")


async def _remove_everybody(context: CommandContext, *, is_recorded: bool, confirmed_by: str) -> None:
    """After another administrator's confirmation, end everybody's access for good, in one transaction."""
    everybody = await roll(context)
    # Afterwards nobody could confirm the handover of a held assessment.
    if held := sorted({reference for known in everybody for reference in held_of(known.record)}):
        acts = "\n".join(f"seraf-bot hold export {one}, then: seraf-bot hold lift {one}" for one in held)
        raise SettingsFault(f"Nobody was removed, since something is held. Hand it over first:\n{acts}")
    present = [known.record for known in everybody if known.admitted]
    if any(record.heads for record in present):
        demand_consent("", is_given=is_recorded)
    if present:
        await have_confirmed(context, confirmed_by, about=AuditEvent.REMOVED)
    removed = await context.change_all([record.person for record in present], removal(context.now))
    erased = sum(len(done.before.heads) for done in removed)
    echo(f"{many(len(removed), 'person', more='people')} removed, {many(erased, 'assessment')} erased.")
    echo("The running bot takes their cards out of the chats within minutes. If none runs, start it for that.")


@app.command("export", cls=Plain)
def export_person(
    person: Person,
    *,
    recipient: Annotated[
        list[str] | None, Option(metavar="AGE1…", help="Seal it to this public key. If not given: two plain files.")
    ] = None,
    to: Annotated[Path, Option(help="The folder to write into.")] = Path(),
) -> None:
    """Write what is stored about a person, for them to read: access, acts, rehearsals. Nothing in it is about a child or a colleague."""
    readers = recipients_of(tuple(recipient), where="--recipient") if recipient else []

    async def do(context: CommandContext) -> None:
        known = await find_person(context, person)
        record, store = known.record, context.store
        recalled = await store.recall(record.person)
        assert recalled is not None, "they are on the roll"
        reminders = await store.read(lambda t: t.reminders.due(datetime.max.replace(tzinfo=UTC)))
        messages = await store.read(lambda t: t.messages_to_remove.oldest_first())
        about = AboutPerson(
            record,
            known.account,
            known.who,
            recalled[1],
            sum(message.person == record.person for message in messages),
            tuple(reminder for reminder in reminders if reminder.person == record.person),
            await store.read(lambda t: t.audit.entries()),
            await store.read(lambda t: t.teams.everyone()),
        )
        files = about.files(context.now, terms=context.terms)
        for name in (SEALED,) if readers else (file.name for file in files):
            demand_free(to / name)
        await context.record(AuditEvent.PERSON_EXPORTED, known.who)  # first, so that every export is in the audit
        if readers:
            write_new(to / SEALED, sealed_to(files, readers))
            echo("Nobody here can open it: read the plain one first. Delete it here once it is handed over.")
        else:
            write_all(to, files)
            echo("Read it before you hand it over, and delete it here afterwards.")
        if held_of(known.record) and isinstance(known.account, Removed):
            echo(
                "An assessment of theirs is held, which is not in the paper. What they are told of that is for the data protection lead."
            )
        if not known.who:
            echo("What the audit has of them cannot be found by their number any more, and is not in the paper.")

    with_store(do)


@app.command("lock", cls=Plain)
def lock(person: Person) -> None:
    """Lock a person's chat at once, for example when their phone is lost. They open it again with their PIN."""

    async def do(context: CommandContext) -> None:
        known = await _find_present(context, person)
        done = await context.change(known.record.person, locking(context.now))
        pin = known.admitted.pin if known.admitted else None
        if pin and pin.opens_by_sign_in:
            opening = "Signing in again opens the page."
        elif pin and pin.hash:
            opening = "Their PIN opens the chat again."
        else:
            opening = "They have no PIN: whoever has the phone chooses one."
        echo(f"{known.name} {'was locked already' if done is None else 'is locked'}. {opening}")
        echo(f"If somebody else may know the PIN and have the phone: seraf-bot people remove {known.name}")

    with_store(do)


@app.command("label", cls=Plain)
def label(person: Person, name: Annotated[str, Argument(metavar="LABEL", help="What you call them now.")]) -> None:
    """Change a person's label in the list. Never use a child's name. The audit records that the label changed, but not the label itself."""

    async def do(context: CommandContext) -> None:
        known, called = await _find_present(context, person), demand_label(name, "LABEL")
        done = await context.change(known.record.person, labelling(called, context.now))
        echo(f"{known.name} is {'already' if done is None else 'now'} called “{called}”.")

    with_store(do)


@app.command("role", cls=Plain)
def role(person: Person, role: Annotated[Role, Argument(metavar="ROLE", help="What they may do now.")]) -> None:
    """Give a person another role, from their next message on. They keep what they have begun."""

    async def do(context: CommandContext) -> None:
        known = await _find_present(context, person)
        if role in ADMINISTERING:
            raise SettingsFault(
                "Nobody is made an administrator by this. Invite them as one, with another Telegram account, and remove"
                " the old one: seraf-bot people invite --role admin"
            )
        if await _leads_alone(context, known):
            raise SettingsFault(_last_one(known))
        done = await context.change(known.record.person, giving_role(role, context.now))
        article = "an" if role[0] in "aeiou" else "a"
        echo(f"{known.name} is {'already' if done is None else 'now'} {article} {role}.")

    with_store(do)


@app.command("renew", cls=Plain)
def renew(
    person: Someone = None,
    *,
    expiring: Annotated[str, Option(metavar="14d", help="All whose access runs out within so many days.")] = "",
    everybody: Annotated[bool, Option("--all", help="All whose access has not run out.")] = False,
    new_pin: Annotated[bool, Option("--new-pin", help="They choose a new PIN; the old one is void.")] = False,
) -> None:
    """Renew a person's access and reset their wrong PINs. If many people are renewed at once, their wrong PINs still count."""
    if (person is not None, bool(expiring), everybody).count(True) != 1 or (new_pin and person is None):
        raise SettingsFault("Name one person, or say --expiring 14d, or --all; --new-pin is for one person")
    if person is None:
        within = None if everybody else read_span(expiring, "--expiring")
        with_store(lambda context: _renew_many(context, within=within))
        return

    async def do(context: CommandContext) -> None:
        known = await _find_present(context, person)
        if await context.change(known.record.person, renewal(context.now, context.terms, has_new_pin=new_pin)) is None:
            raise SettingsFault("They were removed just now. A removed id stays removed.")
        echo(f"{known.name} is admitted until {day(context.now + context.terms.renewal)}.")
        chosen = "Before anything is shown a new PIN is chosen. The person holding the phone chooses it. Speak to them first."
        echo(chosen if new_pin else "Their PIN is as it was.")

    with_store(do)


async def _renew_many(context: CommandContext, *, within: timedelta | None) -> None:
    """Renew, in one transaction, everybody whose admission ends within `within`, or with None everybody whose admission is in force."""
    everybody = await roll(context)
    chosen = [known.record.person for known in near(everybody, context.now, within=within)]
    renewed = await context.change_all(chosen, extension(context.now, context.terms))
    if renewed:
        until = day(context.now + context.terms.renewal)
        echo(f"{many(len(renewed), 'person', more='people')} renewed, until {until}.")
    else:
        echo(f"Nobody was renewed: nobody's access {'counts now' if within is None else 'runs out so soon'}.")
    # Lapsed access and wrong PINs stay as they are, since each needs a decision about one person.
    present = [known.admitted for known in everybody if known.admitted]
    states = [state_of(account, context.now, terms=context.terms) for account in present]
    for state, words in ((AccountState.LAPSED, "Run out"), (AccountState.BARRED, "Locked after wrong PINs")):
        if count := states.count(state):
            echo(f"{words}, and left so: {count}. Each that should come back: seraf-bot people renew ID")


async def _find_present(context: CommandContext, person: str) -> Known:
    known = await find_person(context, person)
    if isinstance(known.account, Removed):
        raise SettingsFault(
            "They were removed, and a removed id stays removed. Nothing was changed. If they come back, invite"
            " them with another Telegram account: seraf-bot people invite"
        )
    return known
