"""What is done at the machine where no administrator is left: it is announced to everybody, waited for, or called off."""

from datetime import datetime, timedelta

import typer

from bot.access.account import Account
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import day, hour, many
from bot.cli.frame.roll import roll
from bot.cli.frame.second_person import Administrators
from bot.conversation.changes import telling
from bot.runtime.errors import SettingsFault
from bot.storage.values import Entry
from bot.trail.audit import AuditEvent
from bot.trail.break_glass import DELAY, Announcement, announced, is_used_since_restore

HOURS = DELAY // timedelta(hours=1)
AGAIN = "seraf-bot people invite --role admin --alone"
CALL_OFF = "seraf-bot people withdraw --alone"
CONFIRM = "seraf-bot people confirm"


async def demand_announced(desk: Workplace) -> bool:
    """True once it was announced, everybody was told, and the time is over; false where it was announced only now.

    `SettingsFault` where somebody is an administrator, who has to confirm instead, and while it is waited for. While a restore waits
    to be confirmed the bot serves nobody: it can tell nobody, and nobody can choose a PIN. Then the day begins with the announcement.
    """
    administrators, is_restored = await Administrators.of(desk), await is_restore_waiting(desk)
    able = sorted(who for who, (account, _) in administrators.people.items() if account.pin.hash or not is_restored)
    if able:
        ids = " | ".join(able)
        raise SettingsFault(f"There is an administrator, also where their access has run out: --confirmed-by {ids}")
    if not administrators.was_one:
        raise SettingsFault("Nobody was ever an administrator here, so that nobody has to confirm: leave out --alone")
    found = announced(await desk.store.read(lambda t: t.audit.entries()), desk.now)
    if found is None:
        await (_announce_unheard(desk) if is_restored else _announce(desk))
        return False
    waiting = [known for known in await roll(desk) if _is_to_be_told(known.account)]
    if waiting and not is_restored:
        raise SettingsFault(
            f"{many(len(waiting), 'person was', more='people were')} not told of it yet: the bot tells them while it runs. The"
            f" {HOURS} hours begin then."
        )
    if desk.now < found.opens:
        raise SettingsFault(f"{_said(found)} It can be done from {_moment(found.opens)} on: {AGAIN}")
    return True


async def is_restore_waiting(desk: Workplace) -> bool:
    """True while a backup was restored and nobody has confirmed who is in."""
    return await desk.store.read(lambda t: t.restores.waiting()) is not None


async def tell_of_use(desk: Workplace) -> None:
    """Where a restore waits, have everybody told of it once it is confirmed, and say how: nobody could be told before."""
    if not await is_restore_waiting(desk):
        return
    people = [known.record.person for known in await roll(desk) if isinstance(known.account, Account)]
    await desk.change_all(people, telling(AuditEvent.BREAK_GLASS_USED, desk.now))
    typer.echo(
        "The restored backup still waits. Look at `seraf-bot people list`, and put right who is in. Then confirm it, which needs"
        f" nobody else now: {CONFIRM}\nThe bot then tells everybody that this was done, and the code can be used."
    )


async def may_confirm_restore(desk: Workplace) -> bool:
    """True if a code for an administrator was made alone since the restore, after its day: that stands for the second person."""
    return is_used_since_restore(await desk.store.read(lambda t: t.audit.entries()))


async def call_off(desk: Workplace) -> None:
    """End what was announced, so that it has to be announced again; `SettingsFault` where nothing is."""
    found = announced(await desk.store.read(lambda t: t.audit.entries()), desk.now)
    if found is None:
        raise SettingsFault("Nobody has asked to make an administrator without a second person. Nothing was changed.")
    await desk.store.write(
        lambda t: t.audit.append([Entry(desk.now, desk.operator, AuditEvent.BREAK_GLASS_CALLED_OFF)])
    )
    typer.echo(f"{_said(found)} It is called off. Ask {found.by} why, and look who works at this machine.")


def standing_announcement(found: Announcement) -> str:
    """What `check` says while it is announced."""
    return (
        f"{_said(found)} It can be done from {_moment(found.opens)} on, at the earliest. If that is wrong: {CALL_OFF}"
    )


async def _announce(desk: Workplace) -> None:
    """Tell everybody, then enter it in the audit: what was entered was told, also where this is cut short."""
    people = [known.record.person for known in await roll(desk) if isinstance(known.account, Account)]
    await desk.change_all(people, telling(AuditEvent.BREAK_GLASS, desk.now))
    await desk.store.write(lambda t: t.audit.append([Entry(desk.now, desk.operator, AuditEvent.BREAK_GLASS)]))
    typer.echo(
        f"Announced, in the audit and to {many(len(people), 'person', more='people')}, whom the running bot tells within seconds."
    )
    _tell_how_it_goes_on()


async def _announce_unheard(desk: Workplace) -> None:
    """Enter it in the audit, and say that nobody hears of it from the bot."""
    await desk.store.write(lambda t: t.audit.append([Entry(desk.now, desk.operator, AuditEvent.BREAK_GLASS)]))
    typer.echo(
        "Announced, in the audit alone: before the restored backup is confirmed the bot serves nobody, so that it can tell nobody."
        " Tell people by another way."
    )
    _tell_how_it_goes_on()


def _tell_how_it_goes_on() -> None:
    typer.echo(f"In {HOURS} hours, and within a week, the same makes the code: {AGAIN}\nTo call it off: {CALL_OFF}")


def _is_to_be_told(account: object) -> bool:
    return (
        isinstance(account, Account) and account.notices.is_news_due and account.notices.news == AuditEvent.BREAK_GLASS
    )


def _said(found: Announcement) -> str:
    return f"On {_moment(found.at)}, {found.by} asked to make an administrator without a second person."


def _moment(at: datetime) -> str:
    return f"{day(at)}, {hour(at)}"
