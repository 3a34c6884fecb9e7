"""The parser of an instrument: its sections, items and options, and its signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seraf.form.instrument import Edition, Inquiry, Instrument, Item, Missing, Option, Question, Section
from seraf.form.signing import ENOUGH, WHOLE, Signature, Signer, Verify, signed_words, signers_of
from seraf.form.vocabulary import (
    EARLIER_CATEGORY,
    FACT_WORDS,
    FLOOR,
    SECOND_VIEW,
    STILL_COUNTS,
    Informant,
    Meaning,
)
from seraf.pack import INTAKE, QUOTES
from seraf.reading.form.rules import read_additions, read_bands, read_discussion, read_harm
from seraf.reading.toml.conditions import Groups, known_words, read_asking, words_for
from seraf.reading.toml.places import REVIEW_MONTHS, places_in, read_names
from seraf.reading.toml.tables import TomlTable, unique

KEY, SIGNERS = "signatures", "signers"
OF_SIGNING = (KEY, SIGNERS)
"""The tables about signing in an instrument file. They are not signed themselves."""

UNSIGNED = ("contacts.toml", QUOTES, INTAKE)
"""The files that are not signed: people confirm numbers by calling them; hashes and frequencies affect no case."""


def with_items_signed(instrument: Instrument, table: TomlTable, verify: Verify) -> Instrument:
    """Return the instrument with the signatures of its file.

    An item whose present text two people signed counts as verified. The instrument is signed if all items are signed.
    """
    signers = tuple(
        # Without the comment that SSH allows after a key, by which one key could pass for two.
        row.closed(Signer(by=row.text("by", limit=60), key=" ".join(row.text("key", limit=200).split()[:2])))
        for row in table.tables(SIGNERS)
    )
    people = {signer.key: signer.person for signer in signers}
    if any(people[signer.key] != signer.person for signer in signers):
        table.fault(SIGNERS, "two people have one key; each signs with their own")
    given = map(_signature, table.tables(KEY))
    signatures = tuple(replace(signature, is_proven=signature.is_of(signers, verify)) for signature in given)
    words = item_words(table.raw)
    signed = {name for name, text in words.items() if len(signers_of(signatures, name, text)) >= ENOUGH}
    items = tuple(replace(item, verified=item.verified or item.id in signed) for item in instrument.items)
    return replace(instrument, items=items, signatures=signatures, is_signed=all(item.id in signed for item in items))


def _signature(table: TomlTable) -> Signature:
    by, role, on = table.text("by", limit=60), table.text("role", limit=60), table.day("on")
    # An earlier release wrote `digest` and accepted a name as proof: such a signature is read and proves nothing.
    if "digest" in table.raw:
        return table.closed(Signature(by, role, on, (f"{table.name('of')} {table.text('digest', limit=64)}",)))
    return table.closed(Signature(by, role, on, table.texts("digests", at_least=1), table.text("proof")))


def item_words(raw: Mapping[str, object]) -> dict[str, str]:
    """Return the signed text of each item, by id: the item and its section as they are written in the file.

    It is not made from parsed values. A release that reads more of the file therefore invalidates no signature.
    """
    sections = {str(row.get("id")): row for row in _rows(raw, "sections")}
    return {
        str(row.get("id")): signed_words(
            {**row, "section": sections.get(str(row.get("section")))}, without=["verified"]
        )
        for row in _rows(raw, "items")
    }


def pack_words(raw: Mapping[str, Mapping[str, object]]) -> str:
    """Return the signed text of a pack: its files as written, without `UNSIGNED` files, signers and signatures."""
    signed = {name: table for name, table in raw.items() if name not in UNSIGNED}
    form = {key: table for key, table in signed.get("instrument.toml", {}).items() if key not in OF_SIGNING}
    return signed_words({**signed, "instrument.toml": form})


def with_pack_signed(instrument: Instrument, raw: Mapping[str, Mapping[str, object]]) -> Instrument:
    """Return the instrument, marked as signed if two people signed every item and two people the whole pack."""
    whole = len(signers_of(instrument.signatures, WHOLE, pack_words(raw))) >= ENOUGH
    return replace(instrument, is_signed=instrument.is_signed and whole)


def with_kept_signed(instrument: Instrument) -> Instrument:
    """Return a stored instrument, marked as signed if its items are and two people signed the pack that it was from."""
    proven = (signature for signature in instrument.signatures if signature.is_proven)
    whole = {signature.person for signature in proven if WHOLE in signature.subjects}
    return replace(instrument, is_signed=instrument.is_signed and len(whole) >= ENOUGH)


def _rows(raw: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = raw.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


MAX_LABEL = 18
"""The maximum number of characters of a button label: 20 without those that mark a chosen button."""

TAKEN = (
    *(*FACT_WORDS, EARLIER_CATEGORY, STILL_COUNTS, SECOND_VIEW, FLOOR),
    *("present", "current", "not_known", "mix", "evidence", "concern", "how", "order", "circumstances"),
)
"""The names of facts, and of questions in every SERAF. No id of a pack may be one of them."""

MOST_MONTHS = 12
"""The maximum number of months between reviews."""

MOST_SECTIONS, MOST_ITEMS = 8, 200
"""The maximum number of sections, and that of items. Each section doubles the number of possible values of `mix`."""


def read_instrument_table(table: TomlTable, groups: Groups, *, is_kept: bool = False) -> Instrument:
    """Return the instrument in a table, without signatures. `is_kept` accepts one that an earlier release stored."""
    head = table.table("instrument") or TomlTable(f"{table.path}.instrument", {}, table.faults)
    sections = tuple(_section(row) for row in table.tables("sections", at_least=1, at_most=MOST_SECTIONS))
    items = tuple(_item(row, sections) for row in table.tables("items", at_least=1, at_most=MOST_ITEMS))
    questions = tuple(
        row.closed(Question(id=row.name("id"), ask=row.text("ask", limit=300))) for row in table.tables("questions")
    )
    section_ids, item_ids, question_ids = ([row.id for row in rows] for rows in (sections, items, questions))
    words = words_for(section_ids, item_ids, questions=question_ids, groups=groups)
    instrument = Instrument(
        edition=Edition(
            name=head.text("name"),
            board=head.text("board"),
            label=head.text("edition", limit=120),
            review_due=head.day("review_due"),
            notes=head.texts("notes"),
            review_months=_review_months(head),
            places=places_in(table.raw),
        ),
        sections=sections,
        items=items,
        additions=read_additions(table, words),
        bands=read_bands(table),
        manager_discussion=read_discussion(table, words),
        other_harm=read_harm(table, item_ids),
        missing=tuple(_missing(row, section_ids) for row in table.tables("missing")),
        questions=questions,
        asking=read_asking(table, items),
    )
    head.close()
    # Names were read before everything else, as values of placeholders; here they are checked.
    read_names(table, is_kept=is_kept)
    # Signatures are read later. Stored instruments are never rewritten: “alerts” and “enough” no longer decide anything.
    for key in (*OF_SIGNING, *(("alerts", "enough") if is_kept else ())):
        table.take(key)
    table.close()
    unique(table, "sections", ids=section_ids)
    unique(table, "items", ids=item_ids)
    unique(table, "items", ids=[item.short for item in items])
    unique(table, "additions", ids=[addition.id for addition in instrument.additions])
    unique(table, "questions", ids=question_ids)
    # Conditions name facts, sections, items and questions by one word: two of the same name could not be told apart.
    taken = {*TAKEN} - {""}
    for key, ids in (("sections", section_ids), ("items", item_ids), ("questions", question_ids)):
        for name in ids:
            if name in taken:
                table.fault(key, f"{name!r} is already the name of something else; choose another")
        taken.update(name for name in ids if name)
    for section in sections:
        if section.id and not instrument.of_section(section.id):
            table.fault("sections", f"{section.id!r} has no items")
    return instrument


def _missing(table: TomlTable, sections: Sequence[str]) -> Missing:
    missing = Missing(
        section=table.word("section", sections),
        begins=table.text("begins"),
        points=table.number("points"),
        note=table.text("note"),
    )
    return table.closed(missing)


def _review_months(head: TomlTable) -> int:
    """Return the maximum number of months until the next SERAF, or the default if the pack does not state it."""
    if "review_months" not in head.raw:
        return REVIEW_MONTHS
    months = head.number("review_months")
    if not 1 <= months <= MOST_MONTHS:
        head.fault("review_months", f"must be from 1 to {MOST_MONTHS} months, not {months}")
    return months


def _section(table: TomlTable) -> Section:
    section = Section(
        id=table.name("id"),
        title=table.text("title", limit=40),
        plural=table.text("plural", limit=40),
        ask=table.text("ask", limit=200),
        note=table.text_or_empty("note", limit=300),
        source=table.text("source"),
        options=tuple(_option(row) for row in table.tables("options", at_least=2)),
        windows=_windows(table),
        within=table.text_or_empty("within", limit=40),
        reminder=table.text_or_empty("reminder", limit=60),
    )
    table.close()
    unique(table, "options", ids=[option.id for option in section.options])
    unique(table, "options", ids=[option.label for option in section.options])
    meanings = {option.means for option in section.options}
    # Without a “not known” option people would have to press No for what was not looked into.
    for needed in (Meaning.CURRENT, Meaning.ABSENT, Meaning.UNKNOWN):
        if needed not in meanings:
            table.fault("options", f"none of them means {needed}; a person must be able to say so")
    return section


def _option(table: TomlTable) -> Option:
    option = Option(
        id=table.name("id"),
        label=table.text("label", limit=MAX_LABEL),
        points=table.number("points"),
        means=Meaning(table.word("means", tuple(Meaning))),
    )
    table.close()
    if option.points and not option.is_present:
        table.fault("points", f"must be 0 for an option that means {option.means}")
    return option


def _item(table: TomlTable, sections: tuple[Section, ...]) -> Item:
    by_id = {section.id: section for section in sections}
    section_id = table.word("section", by_id)
    item = Item(
        id=table.name("id"),
        section=by_id.get(section_id, _NO_SECTION),
        label=table.text("label", limit=200),
        short=table.text("short", limit=MAX_LABEL),
        gloss=table.text_or_empty("gloss", limit=200),
        consider=table.text("consider", limit=160),
        explanation=table.text("explanation", limit=400),
        counts=table.texts("counts", at_least=1),
        excludes=table.texts("excludes", at_least=1),
        source=table.text("source"),
        verified=table.flag("verified"),
        inquiry=Inquiry(
            ask=tuple(Informant(word) for word in known_words(table, "ask", allowed=tuple(Informant))),
            why=table.text_or_empty("why", limit=100),
            spoken=table.text_or_empty("spoken", limit=40),
        ),
    )
    return table.closed(item)


_NO_SECTION = Section(id="", title="", plural="", ask="", note="", source="", options=())


def _windows(table: TomlTable) -> tuple[int, ...] | None:
    """Return the months in `windows`: at most two numbers, the greater one second; None if the pack has none."""
    longest = 1200
    value = table.take("windows")
    if value is None:
        return None
    months = tuple(number for number in value if type(number) is int) if isinstance(value, list) else ()
    if not isinstance(value, list) or len(months) < len(value) or not all(1 <= number <= longest for number in months):
        table.fault("windows", f"must be a list of whole numbers of months, each from 1 to {longest}")
    elif len(months) > 2 or list(months) != sorted(set(months)):
        table.fault("windows", "must be at most two numbers, the current window first, then the longer one")
    return months
