"""What `check` says of telephone numbers: which ones somebody should call."""

from collections.abc import Iterator
from datetime import datetime

from bot.cli.frame.findings import Finding, Verdict
from bot.runtime.clock import local_time
from bot.runtime.errors import SerafError
from bot.runtime.packs import load_pack
from bot.runtime.settings import Settings
from seraf.advice.contacts import Check


def numbers(settings: Settings, checks: tuple[Check, ...], *, now: datetime) -> Iterator[Finding]:
    """One finding per number that is not confirmed or is due to be checked again. A faulty pack is reported elsewhere."""
    try:
        contacts = load_pack(settings.pack).contacts.with_checks(checks)
    except SerafError:
        return
    doubtful = contacts.doubtful(local_time(now).today)
    for contact in doubtful:
        state = "is due for a check" if contact.confirmed else "is not confirmed"
        said = f"{contact.name}, {contact.value}, {state}: call it, then seraf-bot contacts confirm {contact.id}"
        yield Finding("contacts", Verdict.LOOK, said)
    if not doubtful:
        yield Finding("contacts", Verdict.YES, "every number is confirmed, and none is due for a check")
