"""`seraf-bot init`, `run`, `web` and `status`: the set-up of the bot, the bot in Telegram and on web pages, and its state."""

import asyncio
import json
import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from typer import Exit, Option, echo

from bot.cli.terminal import ENV, WRITABLE, day, hour, many, print_table
from bot.crypto.at_random import make_reference
from bot.runtime.clock import SystemClock
from bot.runtime.errors import InUse, SettingsFault, StoreFault
from bot.runtime.files import demand_own_folder, write_private
from bot.runtime.logs import log, set_up_logs
from bot.runtime.settings import (
    Settings,
    load_local_settings,
    load_numbers_settings,
    load_settings,
    setting_names,
)
from bot.runtime.single_instance import Alone, is_running
from bot.watch.vitals import Ailment, Vitals, ailments, last_practice, last_vitals, plain_vitals

SECOND_COPY = """Keep a second copy now, apart from this machine and from every backup. On a medium that lies under lock:
  cp -np {key_file} /path/on/offline/medium/seraf-{name}.key
  cmp {key_file} /path/on/offline/medium/seraf-{name}.key
Or on paper, with a printer that keeps nothing, and the paper under lock:
  lp {key_file}
Never send it, and never put it where the backups are. After `seraf-bot keys rotate` make another copy."""


def init() -> None:
    """Write .env and the first key file, each with mode 0600. Existing files are left as they are.

    If there is a store or a backup, no key file is made, since a new one could open neither.
    """
    from bot.crypto.keys import create_key_file, key_place  # slow to import, and needed by no other command here

    demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)
    try:
        write_private(ENV, example().encode())
    except FileExistsError:
        echo(f"{ENV}: is there already, left as it is")
    except OSError as error:
        raise SettingsFault(f"{ENV}: cannot be written here ({error.strerror}); go to a folder of your own") from None
    else:
        echo(
            f"{ENV}: written. Put in it the bot's token (SERAF_TELEGRAM_TOKEN), your own Telegram number (SERAF_ADMINS) and\n"
            "the public keys for backups (SERAF_BACKUP_RECIPIENTS), then run `seraf-bot check`. Everybody else comes in by\n"
            "`seraf-bot people invite`."
        )
    settings = load_settings()
    key_file = key_place(settings)
    if not isinstance(key_file, Path):
        echo(f"The keys come {key_file}: no key file was written")
        return
    is_there, sealed = os.path.lexists(key_file), ""
    if backup := next(settings.backup_folder.glob("*.age"), None):
        sealed = f"a backup, {backup}"
    if os.path.lexists(settings.store.path):  # also a store that is empty, or a link to a missing file
        sealed = f"a store at {settings.store.path}"
    if sealed and not is_there:
        raise SettingsFault(
            f"There is no key file at {key_file}, but there is {sealed}, which its own key file alone opens. No new one was"
            " written. Put your copy of it back there, or name its place in SERAF_KEY_FILE."
        )
    demand_own_folder(key_file.parent, fault=SettingsFault, forbidden=WRITABLE)
    if is_there:
        echo(f"{key_file}: is there already, left as it is")
        return
    keys = create_key_file(key_file)
    echo(f"{key_file}: written. Losing it loses the data: nobody can open the store or a backup without it.")
    echo(SECOND_COPY.format(key_file=shlex.quote(str(key_file)), name=keys.id))


def example() -> str:
    """Return the text of `.env.example`: every setting with its description and its default."""
    text = ""
    for called, (name, field) in zip(setting_names(), Settings.model_fields.items(), strict=True):
        default = ""
        if isinstance(field.default, bool):
            default = "on" if field.default else "off"
        elif isinstance(field.default, str | Path | int) and name != "pack":
            default = str(field.default)
        text += f"# {field.description}\n{called}={default}\n\n"
    return text.removesuffix("\n")


def run_bot(
    web: Annotated[bool, Option("--web", help="Serve the web pages as well, from the same store.")] = False,
    only_numbers: Annotated[
        bool,
        Option("--only-numbers", help="Without keys or a store, tell people whom to call while no other bot polls."),
    ] = False,
) -> None:
    """Run the Telegram bot. It logs “ready” when it is running. Stop it with Ctrl-C or SIGTERM."""
    if not only_numbers:
        _serve(telegram=True, web=web)
    elif web:
        raise SettingsFault("--only-numbers serves no pages: leave out --web")
    else:
        _serve_only_numbers()


def run_web() -> None:
    """Serve the web pages. It logs “ready” when they are served. Stop it with Ctrl-C or SIGTERM."""
    _serve(telegram=False, web=True)


def _serve(*, telegram: bool, web: bool) -> None:
    settings = load_settings()
    alone = Alone(settings.store.path)
    with suppress(StoreFault):  # retried with the store, and people are notified meanwhile
        alone.demand()
    set_up_logs()
    from bot.wiring import Environment, serve  # slow to import: a second bot ends before that

    asyncio.run(serve(settings, Environment(SystemClock(), make_reference, alone=alone), telegram=telegram, web=web))


def _serve_only_numbers() -> None:
    settings, place = load_numbers_settings(), Path("var/only-numbers")
    alone = Alone(place)
    set_up_logs()
    try:
        alone.demand()
    except InUse:
        raise InUse(
            "`run --only-numbers` is running in this folder already. Stop it before you start another."
        ) from None
    except StoreFault as fault:  # a disk that cannot be written is no reason to leave people without an answer
        log.error("not noted", fault=str(fault))
    from bot.wiring import Environment, serve_only_numbers

    asyncio.run(serve_only_numbers(settings, Environment(SystemClock(), make_reference), place=place))


def status(as_json: Annotated[bool, Option("--json", help="The same in JSON, for a monitor.")] = False) -> None:
    """Say whether the bot runs, receives messages and can save answers, in counts and times only.

    Exit status 0 if it does, 1 if it runs but not in order, 3 if it does not run.
    """
    store, now = load_local_settings().store.path, SystemClock().now()
    runs, vitals, practice = is_running(store), last_vitals(store), last_practice(store)
    ails = () if not runs else (Ailment.STALE,) if vitals is None else ailments(vitals, now)
    if as_json:
        reported = None if vitals is None else plain_vitals(vitals)
        values = {"runs": runs, "in_order": runs and not ails, "ails": ails, "vitals": reported}
        practised = None if practice is None else asdict(practice) | {"at": practice.at.isoformat()}
        echo(json.dumps(values | {"practice": practised}, indent=2))
    else:
        if not runs:
            at = "" if vitals is None else f" It last reported on {day(vitals.at)}, {hour(vitals.at)}."
            echo(f"The bot does not run with this store.{at} Look at its log, then start it. Nobody needs it to call.")
        elif not ails:
            echo("The bot runs, hears people, and can keep what it hears.")
        elif vitals is not None and now - vitals.started < timedelta(seconds=30):  # it is still starting
            started = f"The bot was started {_ago(vitals.started, now)}, and is not in order yet"
            echo(f"{started}: {', '.join(ails)}. Look again in half a minute.")
        else:
            echo(f"The bot runs, but not in order: {', '.join(ails)}. What to do is in docs/deploy/watching.md.")
        rows = [] if vitals is None else list(_rows(vitals, now))
        if practice is not None:
            result = f"NOT whole: {practice.found}" if practice.found else "whole"
            rows.append(("backup restored for practice", f"{_ago(practice.at, now)}, {practice.backup}: {result}"))
        if rows:
            print_table(("What", "Found"), rows)
    if not runs or ails:
        raise Exit(1 if runs else 3)  # as other services do


def _rows(vitals: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    yield "reported", _ago(vitals.at, now)
    yield "started", _ago(vitals.started, now)
    if vitals.asks:
        yield "asked Telegram", _ago(vitals.last.asked, now)
        yield "heard from Telegram", _ago(vitals.last.polled, now)
        yield "answered by Telegram", _ago(vitals.last.answered, now)
        yield "whom to call last delivered", _ago(vitals.reach.delivered, now)
    elif not vitals.leads:
        yield "Telegram", "another copy of the bot leads, and asks it"
    else:
        yield "Telegram", "not asked: people come with a browser alone"
    for host, seconds, leads in vitals.copies:
        yield f"copy on {host}", f"{'leads, ' if leads else ''}seen {_ago(vitals.at - timedelta(seconds=seconds), now)}"
    yield "kept something", _ago(vitals.last.kept, now)
    speed = "" if vitals.traffic.tap_p99 is None else f"; of the latest 99 of 100 within {vitals.traffic.tap_p99:.2f} s"
    yield "taps since the start", f"{vitals.traffic.taps}{speed}"
    yield "refused by Telegram", f"{many(vitals.traffic.refusals, 'time')}, for {vitals.traffic.silence:.0f} s in all"
    for name, count in sorted(vitals.events.items()):
        yield f"event: {name}", str(count)
    around = vitals.around
    yield "people served today", _known(around.people_today)
    newest = "" if around.newest_backup is None else f", the newest {_ago(around.newest_backup, now)}"
    yield "backups", f"{_known(around.backups)}{newest}"
    yield "room on the disk", "not known" if around.disk_free is None else f"{around.disk_free // 1_000_000:,} MB"
    first = "" if around.first_end is None else f", the first on {day(around.first_end)}"
    yield "admissions that run out within 14 days", f"{_known(around.ending)}{first}"
    yield "admissions that have run out", _known(around.ended)
    yield "head of the audit", around.audit or "not known"


def _known(count: int | None) -> str:
    return "not known" if count is None else str(count)


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for span, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= span:
            return f"{many(seconds // span, name)} ago"
    return f"{many(seconds, 'second')} ago"
