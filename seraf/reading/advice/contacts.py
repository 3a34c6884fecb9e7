"""Reading whom to call, and what to say."""

import re
import tomllib
from collections.abc import Iterator
from string import Formatter

from seraf.advice.call_script import PARTS, SHOWS, Calling, Listing, Prompt, ScriptLine
from seraf.advice.contacts import ELSEWHERE, EMERGENCY, Contact, Contacts, Hours
from seraf.advice.guidance import Guidance
from seraf.form.circumstances import EVIDENCE
from seraf.form.instrument import Instrument
from seraf.form.responses import KNOWN, SAYS
from seraf.reading.toml.conditions import Groups, Words, known_words, read_condition, words_for
from seraf.reading.toml.tables import Faults, TomlTable, unique

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEEDED = (EMERGENCY, "art", "edt")

HOME = "+44"
"""What stands for the leading 0 of a number when it is rung from anywhere."""

LONG = re.compile(r"0[1-9][0-9]{6,9}")
"""A whole number within the United Kingdom. Shorter ones, such as 101, are rung as they are."""

ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
"""A number in international form (E.164), without spaces."""


def read_contacts(table: TomlTable) -> Contacts:
    """The contacts in a table, in its order."""
    contacts = Contacts(tuple(_contact(each) for each in table.tables("contacts")))
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
    """The contacts in a file that is known to be in order, its placeholders as they are written."""
    return read_contacts(TomlTable("contacts.toml", tomllib.loads(content.decode("utf-8")), Faults()))


def undated_numbers(contacts: Contacts, known: Contacts) -> Iterator[tuple[str, str]]:
    """A fault, with its path, for each number that was changed and kept the day on which another number was checked."""
    for each in contacts.renumbered(known):
        yield (
            f"contacts.toml.contacts[{contacts.all.index(each)}].value",
            f"another number than the one that was checked on {each.checked_on}; put the day on which this one was"
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
        review_after=_months(table),
        review_due=table.day_or_none("review_due"),
        source=table.text("source"),
        confirmed=table.flag("confirmed"),
        always=table.flag("always"),
        hours=tuple(_hours(each) for each in table.tables("hours")),
    )
    table.close()
    if value and not all(char.isdigit() or char in " +()-" for char in value):
        table.fault("value", "must be a telephone number (digits and spaces), or empty where it is not set")
    if contact.confirmed and contact.value and contact.review_after and not (contact.checked_on or contact.review_due):
        table.fault(
            "review_after", "counts from `checked_on`, which is not there: it would never be due; write the day"
        )
    return contact


def _dial(table: TomlTable, value: str) -> str:
    """The value in international form: as given, or made from it; empty for a short number, and where there is none."""
    given = table.text_or_empty("dial", limit=16)
    made = _international(value)
    if given and not ABROAD.fullmatch(given):
        table.fault("dial", "must be a + and 7 to 15 digits, with no spaces, such as +441632960000")
    # People read one number and the telephone rings the other: the two must never be different ones.
    elif given and (not value or made not in ("", given)):
        table.fault("dial", f"{given} does not ring what stands as `value`")
    return given or made


def _international(value: str) -> str:
    digits = "".join(char for char in value if char.isdigit() or char == "+")
    if LONG.fullmatch(digits):
        return HOME + digits[1:]
    return digits if ABROAD.fullmatch(digits) else ""


def _months(table: TomlTable) -> int:
    return table.number("review_after") if "review_after" in table.raw else 0


def _hours(table: TomlTable) -> Hours:
    days = table.texts("days", at_least=1)
    for day in days:
        if day not in DAYS:
            table.fault("days", f"{day!r} is not one of: {', '.join(DAYS)}")
    opens, closes = table.clock("from"), table.clock("to")
    if opens >= closes:
        table.fault("to", "must be later than `from`")
    table.close()
    return Hours(frozenset(DAYS.index(day) for day in days if day in DAYS), opens, closes)


PLACES = {
    "text": frozenset({"items"}),
    "rest": frozenset({"count"}),
    "joined": frozenset({"items", "last"}),
    "both": frozenset({"item"}),
}
"""What is filled in; a text without a listing has no place."""


def read_calling(table: TomlTable, instrument: Instrument, *, guidance: Guidance, groups: Groups) -> Calling:
    """The words for a call; their conditions may ask for all that the steps may ask for."""
    words = {
        **words_for(
            [section.id for section in instrument.sections],
            [item.id for item in instrument.items],
            questions=[question.id for question in instrument.questions],
            groups=groups,
        ),
        EVIDENCE: ("yes", "no"),
        **{each.id: each.words for each in guidance.circumstances},
        "says": SAYS,
        "first_known": KNOWN,
        "last_known": KNOWN,
    }
    calling = Calling(
        lines=tuple(_line(each, words, instrument=instrument) for each in table.tables("say", at_least=1)),
        prompts=tuple(_prompt(each, words) for each in table.tables("asked", at_least=1)),
        numbers=table.texts("numbers"),
        joined=_placed(table, "joined", text=table.text("joined", limit=60), places=PLACES["joined"]),
        both=_placed(table, "both", text=table.text("both", limit=60), places=PLACES["both"]),
        rest=_placed(table, "rest", text=table.text("rest", limit=60), places=PLACES["rest"]),
    )
    table.close()
    return calling


def _line(table: TomlTable, words: Words, *, instrument: Instrument) -> ScriptLine:
    listing = _listing(table.table("list"), instrument)
    line = ScriptLine(
        part=table.word("part", PARTS),
        text=_placed(
            table, "text", text=table.text("text", limit=160), places=PLACES["text"] if listing else frozenset()
        ),
        source=table.text("source"),
        condition=read_condition(table.table("if"), words),
        listing=listing,
    )
    table.close()
    return line


def _listing(table: TomlTable | None, instrument: Instrument) -> Listing | None:
    if table is None:
        return None
    listing = Listing(
        sections=frozenset(known_words(table, "sections", allowed=[section.id for section in instrument.sections])),
        shows=table.word("shows", SHOWS),
        names=table.number("names"),
    )
    table.close()
    return listing


def _prompt(table: TomlTable, words: Words) -> Prompt:
    prompt = Prompt(
        text=table.text("text", limit=200),
        source=table.text("source"),
        condition=read_condition(table.table("if"), words),
    )
    table.close()
    return prompt


def _placed(table: TomlTable, key: str, *, text: str, places: frozenset[str]) -> str:
    """The text, where its places are just those that are filled in; what cannot be filled would stop a call."""
    try:
        found = {name for _, name, form, turn in Formatter().parse(text) if name is not None and not (form or turn)}
        is_plain = all(not form and not turn for _, _, form, turn in Formatter().parse(text))
    except ValueError:
        found, is_plain = {""}, False
    if text and (found != places or not is_plain):
        wanted = ", ".join(f"{{{place}}}" for place in sorted(places)) or "none"
        table.fault(key, f"its places in braces must be just these: {wanted}")
        return ""
    return text
