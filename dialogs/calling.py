"""Whom to call, in one line that fits on any card."""

from dialogs.script import Script
from seraf.contacts import Contact, LocalTime


def contact_line(script: Script, now: LocalTime, *, is_open_case: bool = False) -> str:
    """Whom to call in one line, the likelier to answer first; in an open case the allocated social worker before all."""
    contacts = script.pack.contacts
    names = " · ".join(_named(contact, script, now) for contact in contacts.safeguarding(now))
    key = "contact.line-open-case" if is_open_case else "contact.line"
    return script.wording.say(key, names=names, emergency=contacts["emergency"].value)


def _named(contact: Contact, script: Script, now: LocalTime) -> str:
    key = "contact.closed" if contact.hours and not contact.is_open(now) else "contact.open"
    return script.wording.say(key, name=contact.name, value=contact.value)
