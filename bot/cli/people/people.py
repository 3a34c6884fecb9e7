"""`seraf-bot people`: who gets in, who is there, and whose access ends. Every change is a turn, made while the bot runs."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.access.account import Account, Removed
from bot.cli.frame.break_glass import call_off
from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import Plain, day
from bot.cli.frame.roll import Known, find_person
from bot.cli.frame.second_person import ConfirmedBy
from bot.cli.people.choosing import Order, Wanted, list_as_csv, list_as_json
from bot.cli.people.confirming import confirm_people
from bot.cli.people.inviting import DAYS, MOST_DAYS, demand_label, invite_one, withdraw_one, withdraw_unused
from bot.cli.people.inviting_many import invite_all
from bot.cli.people.listing import print_offers, print_people
from bot.cli.people.removing import is_last_one, leads_alone, remove_one
from bot.cli.people.removing_all import remove_everybody
from bot.cli.people.renewing import read_span, renew_many
from bot.cli.people.telling import write_about
from bot.conversation.changes import giving_role, labelling, locking, renewal
from bot.runtime.errors import SettingsFault
from dialogs.core.role import Role

app = typer.Typer(
    name="people",
    help="Who may use the bot: invite, withdraw, list, confirm, label, role, lock, renew, remove.",
    no_args_is_help=True,
)

Person = Annotated[str, typer.Argument(metavar="ID", help="The id of `people list`, or the Telegram number.")]

Someone = Annotated[str | None, typer.Argument(metavar="ID", help="The id of `people list`, or the Telegram number.")]

Invited = Annotated[str | None, typer.Argument(metavar="ID", help="The id of an open invitation in `people list`.")]

Alone = Annotated[
    bool, typer.Option("--alone", help="Where no administrator is left: told to everybody first, and done a day later.")
]

NEW_PIN = "Before anything is shown a new PIN is chosen. The person holding the phone chooses it. Speak to them first."


@app.command("invite")
def invite(
    role: Annotated[
        Role | None, typer.Option(help="What they may do. An auditor reads the audit and has no assessments.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days for which the code works.")] = DAYS,
    *,
    name: Annotated[str, typer.Option(help="What you call them in the list. It is sealed. Never a child's name.")] = "",
    staff: Annotated[Path | None, typer.Option("--from", help="A CSV file with the columns label and role.")] = None,
    to: Annotated[Path, typer.Option(help="The folder for the slips and the list of those invited.")] = Path(),
    confirmed_by: ConfirmedBy = "",
    alone: Alone = False,
) -> None:
    """Make a code that admits one person once. It is shown here and kept nowhere. For a list of staff: slips to print.

    For an administrator, another one confirms.
    """
    if alone and (role is not Role.ADMIN or confirmed_by):
        raise SettingsFault("--alone goes with --role admin, and without --confirmed-by")
    if staff is not None:
        if role is not None or name:
            raise SettingsFault("--from has roles and labels in its lines: leave out --role and --name")
        at_desk(lambda desk: invite_all(desk, staff, to=to, days=days), makes_store=True)
    elif role is not None:
        invite_them = partial(invite_one, role=role, days=days, name=name, confirmed_by=confirmed_by, is_alone=alone)
        at_desk(invite_them, makes_store=True)
    else:
        roles = ", ".join(Role)
        raise SettingsFault(f"Say what they may do with --role ({roles}), or give a list of staff with --from")


@app.command("list")
def list_people(
    numbers: Annotated[bool, typer.Option("--numbers", help="Their Telegram numbers too.")] = False,
    expiring: Annotated[str, typer.Option(metavar="14d", help="Whose access runs out within so many days.")] = "",
    role: Annotated[Role | None, typer.Option(help="Of this role alone.")] = None,
    *,
    locked: Annotated[bool, typer.Option("--locked", help="Who is locked out by wrong PINs.")] = False,
    by: Annotated[Order, typer.Option(help="Sorted by this.")] = Order.ACTIVE,
    invitations: Annotated[bool, typer.Option("--invitations", help="The open invitations alone.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For programs: people, or with --invitations those.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet, the same.")] = False,
) -> None:
    """Everybody who was ever admitted; those who were removed at the end. Above, the invitations that are open."""
    wanted, within = Wanted(role, locked, by), read_span(expiring, "--expiring") if expiring else None
    form = list_as_json if json else list_as_csv if csv else None
    if not invitations:
        at_desk(lambda desk: print_people(desk, wanted, within=within, form=form, has_numbers=numbers))
    elif expiring or locked or numbers:
        raise SettingsFault("--invitations goes with --role, --by, --json and --csv alone")
    else:
        at_desk(lambda desk: print_offers(desk, wanted, form=form))


@app.command("confirm")
def confirm_everybody(*, confirmed_by: ConfirmedBy = "") -> None:
    """After a restore: confirm that those in the list are those who are to be in. The bot serves nobody before."""
    at_desk(lambda desk: confirm_people(desk, confirmed_by=confirmed_by))


@app.command("withdraw", cls=Plain)
def withdraw(
    invitation: Invited = None,
    *,
    unused: Annotated[bool, typer.Option("--unused", help="All that are open, as after handing out slips.")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="That an administrator is made without a second person, as was announced.")
    ] = False,
) -> None:
    """Cancel an unused invitation, such as one sent to the wrong person."""
    if (invitation is not None, unused, alone).count(True) != 1:
        raise SettingsFault("Name one invitation by its id, or all that are open with --unused, or say --alone")
    if alone:
        at_desk(call_off)
    else:
        at_desk(withdraw_unused if invitation is None else lambda desk: withdraw_one(desk, invitation))


@app.command("remove", cls=Plain)
def remove(
    person: Someone = None,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody, when the bot is given up.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask. The last administrator is removed with this alone.")
    ] = False,
    confirmed_by: ConfirmedBy = "",
) -> None:
    """End somebody's access for good, asked first at a terminal. Their assessment is erased at once, unless it is held.

    That account can never be let in again.

    For everybody, an administrator confirms.
    """
    if (person is not None) == everybody:
        raise SettingsFault("Name one person, or say --all when the bot is given up")
    if person is None:
        at_desk(lambda desk: remove_everybody(desk, is_recorded=yes, confirmed_by=confirmed_by))
    else:
        at_desk(lambda desk: remove_one(desk, person, is_sure=yes))


@app.command("export", cls=Plain)
def export_person(
    person: Person,
    *,
    recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="AGE1…", help="Seal it to this public key. If not given: two plain files."),
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
) -> None:
    """What is kept about somebody, for them to read: access, acts, rehearsals. Nothing about a child or a colleague is in it."""
    at_desk(lambda desk: write_about(desk, person, to=to, recipients=tuple(recipient or ())))


@app.command("lock", cls=Plain)
def lock(person: Person) -> None:
    """Lock somebody's chat at once, as when their phone is lost. They open it again with their PIN."""

    async def do(desk: Workplace) -> None:
        """Lock them, and say what came of it."""
        known = await find_person(desk, person)
        _demand_present(known)
        done = await desk.change(known.record.person, locking(desk.now))
        typer.echo(f"{known.name} {'was locked already' if done is None else 'is locked'}. {_opened_again_by(known)}")
        typer.echo(f"If somebody else may know the PIN and have the phone: seraf-bot people remove {known.name}")

    at_desk(do)


@app.command("label", cls=Plain)
def label(
    person: Person, name: Annotated[str, typer.Argument(metavar="LABEL", help="What you call them from now on.")]
) -> None:
    """Change what you call somebody in the list. It is sealed, and the audit has that it was changed, not to what. Never a child's name."""

    async def do(desk: Workplace) -> None:
        """Change it, and say what came of it."""
        known, called = await find_person(desk, person), demand_label(name, "LABEL")
        _demand_present(known)
        done = await desk.change(known.record.person, labelling(called, desk.now))
        typer.echo(f"{known.name} is {'already' if done is None else 'now'} called “{called}”.")

    at_desk(do)


@app.command("role", cls=Plain)
def role(
    person: Person, role: Annotated[Role, typer.Argument(metavar="ROLE", help="What they may do from now on.")]
) -> None:
    """Give somebody another role. It counts from their next message; what they began stays theirs."""

    async def do(desk: Workplace) -> None:
        """Give it, and say what came of it."""
        known = await find_person(desk, person)
        _demand_present(known)
        if role is Role.ADMIN:
            raise SettingsFault(
                "Nobody is made an administrator by this. Invite them as one, with another Telegram account, and remove"
                " the old one: seraf-bot people invite --role admin"
            )
        if await leads_alone(desk, known):
            raise SettingsFault(is_last_one(known))
        done = await desk.change(known.record.person, giving_role(role, desk.now))
        article = "an" if role[0] in "aeiou" else "a"
        typer.echo(f"{known.name} is {'already' if done is None else 'now'} {article} {role}.")

    at_desk(do)


@app.command("renew", cls=Plain)
def renew(
    person: Someone = None,
    *,
    expiring: Annotated[str, typer.Option(metavar="14d", help="All whose access runs out within so many days.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="All whose access has not run out.")] = False,
    new_pin: Annotated[
        bool, typer.Option("--new-pin", help="They choose a new PIN; the old one no longer works.")
    ] = False,
) -> None:
    """Renew somebody's access, and forgive wrong PINs. Many at once are renewed and no more: wrong PINs count on."""
    if (person is not None, bool(expiring), everybody).count(True) != 1 or (new_pin and person is None):
        raise SettingsFault("Name one person, or say --expiring 14d, or --all; --new-pin is for one person")
    if person is None:
        within = None if everybody else read_span(expiring, "--expiring")
        at_desk(lambda desk: renew_many(desk, within=within))
        return

    async def do(desk: Workplace) -> None:
        """Renew them, and say what came of it."""
        known = await find_person(desk, person)
        _demand_present(known)
        if await desk.change(known.record.person, renewal(desk.now, desk.terms, has_new_pin=new_pin)) is None:
            raise SettingsFault("They were removed just now. A removed id stays removed.")
        typer.echo(f"{known.name} is admitted until {day(desk.now + desk.terms.renewal)}.")
        typer.echo(NEW_PIN if new_pin else "Their PIN is as it was.")

    at_desk(do)


def _opened_again_by(known: Known) -> str:
    """What opens a chat that is locked now."""
    if isinstance(known.account, Account) and known.account.pin.opens_by_sign_in:
        return "Signing in anew opens the page again."
    has_pin = isinstance(known.account, Account) and bool(known.account.pin.hash)
    return "Their PIN opens the chat again." if has_pin else "They have no PIN: whoever has the phone chooses one."


def _demand_present(known: Known) -> None:
    """`SettingsFault` for somebody who was removed."""
    if isinstance(known.account, Removed):
        raise SettingsFault(
            "They were removed, and a removed id stays removed. Nothing was changed. If they come back, invite"
            " them with another Telegram account: seraf-bot people invite"
        )
