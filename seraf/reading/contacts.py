"""Reading a board's contacts. The emergency number cannot be left out, nor ART, nor the Emergency Duty Team."""

from seraf.contacts import EMERGENCY, Contact, Contacts, Hours
from seraf.reading.tables import Table, unique

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEEDED = (EMERGENCY, "art", "edt")


def read_contacts(table: Table) -> Contacts:
    """The contacts in a table, in its order."""
    contacts = Contacts(tuple(_contact(each) for each in table.tables("contacts")))
    table.close()
    unique(table, "contacts", [contact.id for contact in contacts.all])
    values = {contact.id: contact.value for contact in contacts.all}
    for needed in NEEDED:
        if not values.get(needed):
            table.fault("contacts", f"{needed!r} is missing or has no value; it cannot be left out")
    if values.get(EMERGENCY, "999") != "999":
        table.fault("contacts", f"{EMERGENCY!r} must be 999")
    return contacts


def _contact(table: Table) -> Contact:
    contact = Contact(
        id=table.name("id"),
        name=table.text("name", limit=60),
        value=table.text_or_empty("value", limit=40),
        when=table.text_or_empty("when", limit=80),
        note=table.text_or_empty("note", limit=160),
        checked_on=table.day_or_none("checked_on"),
        source=table.text("source"),
        confirmed=table.flag("confirmed"),
        always=table.flag("always"),
        hours=tuple(_hours(each) for each in table.tables("hours")),
    )
    table.close()
    if contact.value and not all(char.isdigit() or char in " +()-" for char in contact.value):
        table.fault("value", "must be a telephone number (digits and spaces), or empty where it is not set")
    return contact


def _hours(table: Table) -> Hours:
    days = table.texts("days", at_least=1)
    for day in days:
        if day not in DAYS:
            table.fault("days", f"{day!r} is not one of: {', '.join(DAYS)}")
    opens, closes = table.clock("from"), table.clock("to")
    if opens >= closes:
        table.fault("to", "must be later than `from`")
    table.close()
    return Hours(frozenset(DAYS.index(day) for day in days if day in DAYS), opens, closes)
