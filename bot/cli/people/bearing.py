"""Whose assessments bear a reference, as it is typed at a desk; and what is said where nobody's does."""

import re

from bot.access.account import Account
from bot.cli.frame.roll import Known
from bot.conversation.records import reference_of
from bot.runtime.errors import SettingsFault


def read_reference(words: list[str]) -> str:
    """The reference in the words of the command line, quoted or not, in any case."""
    return " ".join(re.findall(r"\w+", " ".join(words).upper()))


def demand_bearers(everybody: tuple[Known, ...], reference: str, *, person: str) -> list[Known]:
    """Whose assessments bear this reference; `SettingsFault` when there is none."""
    whose = person.strip().lower()
    bearing = [known for known in everybody if reference and reference_of(known.record) == reference]
    found = [known for known in bearing if not whose or known.is_called(whose)]
    if not found:
        raise nothing_of(reference)
    return found


def demand_one(found: list[Known], reference: str, *, act: str) -> Known:
    """The one whose it is; `SettingsFault` where there are several."""
    known, *others = found
    if not others:
        return known
    choices = [f"seraf-bot hold {act} {reference} --person {_named(each)}" for each in found]
    raise SettingsFault("\n".join((f"{reference} is the reference of several. Say whose, by one of these:", *choices)))


def nothing_of(reference: str) -> SettingsFault:
    """That no assessment bears it, and what to do."""
    return SettingsFault(
        f"No assessment {reference or 'without a reference'} is kept here. Look at how it is spelt: seraf-bot audit show"
        " has what was begun and what was erased.\nWhat was erased is gone from this store, and a hold cannot bring it back."
        " A backup of an earlier day may have it: keep those, and ask those who asked you."
        "\nWhoever's rows were changed from outside is left out here: see what seraf-bot check says."
    )


def _named(known: Known) -> str:
    return known.account.audit_id if isinstance(known.account, Account) else known.number
