"""Reading what to say on the telephone. Its gaps are for the voice: nothing that points to a child has a place in it."""

from string import Formatter

from seraf.advice.call_script import PARTS, SHOWS, Calling, Listing, Prompt, ScriptLine
from seraf.advice.guidance import Guidance
from seraf.form.circumstances import EVIDENCE
from seraf.form.instrument import Instrument
from seraf.form.responses import KNOWN, SAYS
from seraf.reading.toml.asking import known_words
from seraf.reading.toml.conditions import Words, read_condition, words_for
from seraf.reading.toml.groups import Groups
from seraf.reading.toml.tables import TomlTable

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
