"""What the SERAF within a rehearsal is held by: no number to ring but under `Urgent`, and in a test no word of what to do."""

from dataclasses import replace

from dialogs.core.overlays import Kind
from dialogs.core.script import Script
from dialogs.form.at_once import is_stopped
from dialogs.rehearsal.core.practice import Practice
from seraf.advice.contacts import Contact, Contacts
from seraf.rehearsal.progress import Mode

REAL = frozenset({Kind.URGENT, Kind.CONTACTS})
"""Cards for a real child, on which the numbers are real also while somebody rehearses."""

SHORT = 3
"""Digits of a number that everybody knows, such as 999: no lesson can do without it."""


def shows_numbers(practice: Practice) -> bool:
    """Whether the card is one for a real child."""
    session = practice.session
    return session is not None and session.overlay is not None and session.overlay.kind in REAL


def is_silent(practice: Practice) -> bool:
    """Whether nothing is said yet of what the answers call for: in a test, one is asked first whom one would call."""
    return practice.mode is not Mode.PRACTICE and practice.first_call is None


def rehearsed_script(practice: Practice, script: Script) -> Script:
    """The script of the SERAF within a rehearsal: nothing is noted, and its codes are not those of real ones."""
    pack = script.pack if shows_numbers(practice) else replace(script.pack, contacts=_without_numbers(script))
    quiet = replace(script, codes=script.rehearsal_codes, notes=None, is_rehearsal=True)
    return replace(quiet, pack=pack, is_silent=is_silent(practice))


def without_hints(practice: Practice) -> Practice:
    """The rehearsal without the stop card, which gives the answer away, where nothing is said yet."""
    session = practice.session
    if session is None or not is_silent(practice) or not is_stopped(session):
        return practice
    return replace(practice, session=session.beneath(None))


def _without_numbers(script: Script) -> Contacts:
    stands_for = script.wording.say("rehearsal.number")
    return Contacts(tuple(_without_number(each, stands_for) for each in script.pack.contacts.all))


def _without_number(contact: Contact, stands_for: str) -> Contact:
    if sum(map(str.isdigit, contact.value)) <= SHORT:
        return contact
    return replace(contact, value=stands_for, dial="")
