"""Parsers of the contacts and of the call script."""

import re
import tomllib
from collections.abc import Iterator
from string import Formatter

from seraf.advice.call_script import PARTS, SHOWS, Calling, Listing, Prompt, ScriptLine
from seraf.advice.contacts import ELSEWHERE, EMERGENCY, Contact, Contacts, Hours, ReviewTerm
from seraf.advice.guidance import Guidance
from seraf.form.circumstances import EVIDENCE
from seraf.form.instrument import Instrument
from seraf.form.responses import KNOWN, SAYS
from seraf.reading.toml.conditions import Groups, Words, known_words, read_condition, words_for
from seraf.reading.toml.tables import Faults, TomlTable, unique

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEEDED = (EMERGENCY, "art", "edt")

LONG = re.compile(r"0[1-9][0-9]{6,9}")
"""A complete telephone number within the United Kingdom. Shorter numbers, such as 101, are dialled as they are."""

ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
"""A telephone number in international form (E.164), without spaces."""


def read_contacts(table: TomlTable) -> Contacts:
    """Return the contacts in a table, in file order."""
    contacts = Contacts(tuple(_contact(row) for row in table.tables("contacts")))
    table.close()
    unique(table, "contacts", ids=[contact.id for contact in contacts.all])
    values = {contact.id: contact.value for contact in contacts.all}
    for needed in NEEDED:
        if needed not in values:
            table.fault("contacts", f"{needed!r} is missing; it cannot be left out")
        elif not values[needed]:
            table.fault("contacts", f"{needed!r} has no value; write its number, which cannot be left out")
    hours = [contact.hours for contact in contacts.all if contact.id == "art"]
    if hours and not any(hours):
        table.fault(
            "contacts", "'art' has no hours; write when it answers as [[contacts.hours]] with days, from and to"
        )
    if ELSEWHERE not in values:
        table.fault("contacts", f"{ELSEWHERE!r} is missing; it needs no value, and it cannot be left out")
    if values.get(EMERGENCY, "999") != "999":
        table.fault("contacts", f"{EMERGENCY!r} must be 999")
    return contacts


def contacts_in(content: bytes) -> Contacts:
    """Return the contacts in a file that is known to be valid. Placeholders in its texts are left as they are."""
    return read_contacts(TomlTable("contacts.toml", tomllib.loads(content.decode("utf-8")), Faults()))


def undated_numbers(contacts: Contacts, known: Contacts) -> Iterator[tuple[str, str]]:
    """Yield the path and the fault of each number that was changed while its `checked_on` was not."""
    for contact in contacts.renumbered(known):
        yield (
            f"contacts.toml.contacts[{contacts.all.index(contact)}].value",
            f"another number than the one that was checked on {contact.checked_on}; put the day on which this one was"
            " checked into `checked_on`, or take that line out where nobody has checked it",
        )


def _contact(table: TomlTable) -> Contact:
    value = table.text_or_empty("value", limit=40)
    contact = Contact(
        id=table.name("id"),
        name=table.text("name", limit=60),
        value=value,
        dial=_dial(table, value),
        when=table.text_or_empty("when", limit=80),
        note=table.text_or_empty("note", limit=160),
        checked_on=table.day_or_none("checked_on"),
        review=ReviewTerm(
            after=table.number("review_after") if "review_after" in table.raw else 0,
            due=table.day_or_none("review_due"),
        ),
        source=table.text("source"),
        confirmed=table.flag("confirmed"),
        always=table.flag("always"),
        hours=tuple(_hours(row) for row in table.tables("hours")),
    )
    table.close()
    if value and not all(char.isdigit() or char in " +()-" for char in value):
        table.fault("value", "must be a telephone number (digits and spaces), or empty where it is not set")
    if contact.confirmed and contact.value and contact.review.after and not (contact.checked_on or contact.review.due):
        table.fault(
            "review_after", "counts from `checked_on`, which is not there: it would never be due; write the day"
        )
    return contact


def _dial(table: TomlTable, value: str) -> str:
    """Return the number in international form, given or derived; “” if it is short or if there is none."""
    given = table.text_or_empty("dial", limit=16)
    digits = "".join(char for char in value if char.isdigit() or char == "+")
    # From abroad +44 takes the place of the leading 0.
    derived = f"+44{digits[1:]}" if LONG.fullmatch(digits) else digits if ABROAD.fullmatch(digits) else ""
    if given and not ABROAD.fullmatch(given):
        table.fault("dial", "must be a + and 7 to 15 digits, with no spaces, such as +441632960000")
    # People read one number and the telephone dials the other: they must never differ.
    elif given and (not value or derived not in ("", given)):
        table.fault("dial", f"{given} does not ring what stands as `value`")
    return given or derived


def _hours(table: TomlTable) -> Hours:
    days = table.texts("days", at_least=1)
    for day in days:
        if day not in DAYS:
            table.fault("days", f"{day!r} is not one of: {', '.join(DAYS)}")
    opens, closes = table.clock("from"), table.clock("to")
    if opens >= closes:
        table.fault("to", "must be later than `from`")
    return table.closed(Hours(frozenset(DAYS.index(day) for day in days if day in DAYS), opens, closes))


def read_calling(table: TomlTable, instrument: Instrument, *, guidance: Guidance, groups: Groups) -> Calling:
    """Return the call script in a table. Its conditions can test the facts of steps, and who reported what when."""
    words = {
        **words_for(
            [section.id for section in instrument.sections],
            [item.id for item in instrument.items],
            questions=[question.id for question in instrument.questions],
            groups=groups,
        ),
        EVIDENCE: ("yes", "no"),
        **{circumstance.id: circumstance.words for circumstance in guidance.circumstances},
        "says": SAYS,
        "first_known": KNOWN,
        "last_known": KNOWN,
    }
    prompts = (
        row.closed(
            Prompt(
                text=row.text("text", limit=200),
                source=row.text("source"),
                condition=read_condition(row.table("if"), words),
            )
        )
        for row in table.tables("asked", at_least=1)
    )
    return table.closed(
        Calling(
            lines=tuple(_line(row, words, instrument=instrument) for row in table.tables("say", at_least=1)),
            prompts=tuple(prompts),
            numbers=table.texts("numbers"),
            joined=_placed(table, "joined", limit=60, places={"items", "last"}),
            both=_placed(table, "both", limit=60, places={"item"}),
            rest=_placed(table, "rest", limit=60, places={"count"}),
        )
    )


def _line(table: TomlTable, words: Words, *, instrument: Instrument) -> ScriptLine:
    listing, rows = None, table.table("list")
    if rows is not None:
        listing = rows.closed(
            Listing(
                sections=frozenset(
                    known_words(rows, "sections", allowed=[section.id for section in instrument.sections])
                ),
                shows=rows.word("shows", SHOWS),
                names=rows.number("names"),
            )
        )
    return table.closed(
        ScriptLine(
            part=table.word("part", PARTS),
            text=_placed(table, "text", limit=160, places={"items"} if listing else set()),
            source=table.text("source"),
            condition=read_condition(table.table("if"), words),
            listing=listing,
        )
    )


def _placed(table: TomlTable, key: str, *, limit: int, places: set[str]) -> str:
    """Return a text that must contain exactly these placeholders. Any other would raise an error during a call."""
    text = table.text(key, limit=limit)
    try:
        fields = [(name, form or turn) for _, name, form, turn in Formatter().parse(text)]
        is_right = {name for name, _ in fields if name is not None} == places and not any(form for _, form in fields)
    except ValueError:
        is_right = False
    if text and not is_right:
        wanted = ", ".join(f"{{{place}}}" for place in sorted(places)) or "none"
        table.fault(key, f"its places in braces must be just these: {wanted}")
        return ""
    return text
