"""Reading the short questions of a pack, and making sure that they fit on one card."""

from seraf.form.circumstances import Choice, Circumstance
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN
from seraf.reading.form.basis import read_basis
from seraf.reading.form.instrument import MAX_LABEL, TAKEN
from seraf.reading.toml.conditions import Words, read_any
from seraf.reading.toml.tables import TomlTable, unique

CARDS = ("safety", "case")
"""The two cards of ticks."""

MOST = 6
"""Statements on one card: with more, a phone shows no end of it."""


def read_circumstances(table: TomlTable, instrument: Instrument, *, words: Words) -> tuple[Circumstance, ...]:
    """The short questions in their order; the conditions of each may ask for those before it."""
    found: list[Circumstance] = []
    for each in table.tables("circumstances"):
        # Those after it are not settled yet when its own turn comes (`settle` goes by their order).
        before = {earlier.id: (*earlier.words, NOT_ASKED) for earlier in found}
        found.append(_circumstance(each, {**words, **before}))
    _check(table, found, instrument=instrument)
    return tuple(found)


def _circumstance(table: TomlTable, words: Words) -> Circumstance:
    card = table.word("card", CARDS) if "card" in table.raw else ""
    circumstance = Circumstance(
        id=table.name("id"),
        ask=table.text("ask", limit=100),
        # One that says nothing where none was written: whatever is judged later takes the first tick for granted.
        ticks=tuple(_choice(each) for each in table.tables("ticks", at_least=1)) or (Choice("", ""),),
        rest=table.name("rest") if card else "",
        what=table.text("what", limit=500),
        basis=read_basis(table),
        matters=read_any(table, "if", words=words),
        implied=read_any(table, "yes_when", words=words),
        card=card,
        at_once=not card and table.flag_or_false("at_once"),
        again=table.texts("again") if "again" in table.raw else (),
        note="" if card else table.text_or_empty("note", limit=300),
    )
    table.close()
    answers = [tick.answer for tick in circumstance.ticks]
    unique(table, "ticks", ids=answers)
    if NOT_KNOWN in answers or NOT_ASKED in answers:
        table.fault(
            "ticks", f"{NOT_KNOWN!r} and {NOT_ASKED!r} stand beside the ticks; give each tick a word of its own"
        )
    _check_again(table, circumstance)
    if circumstance.rest in answers:
        table.fault("rest", f"{circumstance.rest!r} is what a tick gives; the rest needs another word")
    return circumstance


def _check_again(table: TomlTable, circumstance: Circumstance) -> None:
    for word in circumstance.again:
        if word not in circumstance.words:
            table.fault("again", f"{word!r} is not one of: {', '.join(circumstance.words)}")
    if circumstance.again and not (circumstance.at_once and circumstance.matters):
        table.fault("again", "needs `at_once` and an `if`: only what brings a question about can bring it again")


def _choice(table: TomlTable) -> Choice:
    choice = Choice(answer=table.name("answer"), short=table.text("short", limit=MAX_LABEL))
    table.close()
    return choice


def _check(table: TomlTable, found: list[Circumstance], *, instrument: Instrument) -> None:
    ids = [each.id for each in found]
    ticks = [tick.short for each in found if each.card for tick in each.ticks]
    unique(table, "circumstances", ids=ids)
    unique(table, "circumstances", ids=ticks)
    taken = (
        *TAKEN,
        *(section.id for section in instrument.sections),
        *(item.id for item in instrument.items),
        *(question.id for question in instrument.questions),
    )
    for each in ids:
        if each and each in taken:
            table.fault("circumstances", f"{each!r} is already the name of something else; choose another")
    for card in CARDS:
        count = len([each for each in found if each.card == card])
        if count > MOST:
            table.fault("circumstances", f"{count} statements on the card {card!r}; at most {MOST} fit on one")
