"""Reading an instrument: its sections, items and options, and who signed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seraf.form.instrument import Instrument, Item, Missing, Option, Question, Section
from seraf.form.signing import ENOUGH, WHOLE, Signature, Signer, Verify, signed_words, signers_of
from seraf.form.vocabulary import EARLIER_CATEGORY, FACT_WORDS, STILL_COUNTS, Informant, Meaning
from seraf.pack import QUOTES
from seraf.reading.form.rules import (
    read_additions,
    read_bands,
    read_discussion,
    read_harm,
)
from seraf.reading.toml.conditions import Groups, known_words, read_asking, words_for
from seraf.reading.toml.places import REVIEW_MONTHS, places_in, read_names
from seraf.reading.toml.tables import TomlTable, unique

KEY, SIGNERS = "signatures", "signers"
OF_SIGNING = (KEY, SIGNERS)
"""What of an instrument file is about who signed it, and so is not signed."""

UNSIGNED = ("contacts.toml", QUOTES)
"""Files that no signature is about: a number is right when somebody has rung it, and that person confirms it; hashes are no words."""

BY_NAME = "digest"
"""What a signature of an earlier release has, for which a name was enough: it is read, and proves nothing."""


def read_signatures(table: TomlTable, verify: Verify) -> tuple[Signature, ...]:
    """The signatures, whether they still bind or not, each proven where it was made with a key of its person."""
    signers = tuple(_signer(each) for each in table.tables(SIGNERS))
    people = {each.key: each.person for each in signers}
    if any(people[each.key] != each.person for each in signers):
        table.fault(SIGNERS, "two people have one key; each signs with their own")
    given = map(_signature, table.tables(KEY))
    return tuple(replace(each, is_proven=each.is_of(signers, verify)) for each in given)


def with_items_signed(instrument: Instrument, table: TomlTable, verify: Verify) -> Instrument:
    """The instrument with the signatures of its file. Items are verified too that two people signed as they are; it is signed where
    all are.
    """
    signatures = read_signatures(table, verify)
    words = item_words(table.raw)
    signed = {of for of, each in words.items() if len(signers_of(signatures, of, each)) >= ENOUGH}
    items = tuple(replace(item, verified=item.verified or item.id in signed) for item in instrument.items)
    return replace(instrument, items=items, signatures=signatures, is_signed=all(item.id in signed for item in items))


def item_words(raw: Mapping[str, object]) -> dict[str, str]:
    """What is signed of each item, by its id: all that is asked, scored and explained, its section among it, as people read it.

    It is what the file says, and never what becomes of it here: no release that reads more of a file unsigns one.
    """
    sections = {str(row.get("id")): row for row in _rows(raw, "sections")}
    return {
        str(row.get("id")): signed_words(
            {**row, "section": sections.get(str(row.get("section")))}, without=["verified"]
        )
        for row in _rows(raw, "items")
    }


def pack_words(raw: Mapping[str, Mapping[str, object]]) -> str:
    """What is signed of a pack: every file as it is written, but the numbers, who may sign, and the signatures themselves."""
    said = {name: each for name, each in raw.items() if name not in UNSIGNED}
    form = {key: each for key, each in said.get("instrument.toml", {}).items() if key not in OF_SIGNING}
    return signed_words({**said, "instrument.toml": form})


def with_pack_signed(instrument: Instrument, raw: Mapping[str, Mapping[str, object]]) -> Instrument:
    """The instrument, signed where two people signed every item, and two the whole pack as it is."""
    whole = len(signers_of(instrument.signatures, WHOLE, pack_words(raw))) >= ENOUGH
    return replace(instrument, is_signed=instrument.is_signed and whole)


def with_kept_signed(instrument: Instrument) -> Instrument:
    """The same of one that is kept alone, whose pack is no more: its items are judged, and that two people signed all of it."""
    given = (each for each in instrument.signatures if each.is_proven)
    whole = {each.person for each in given if WHOLE in each.subjects}
    return replace(instrument, is_signed=instrument.is_signed and len(whole) >= ENOUGH)


def _signer(table: TomlTable) -> Signer:
    # Without what SSH lets stand after a key, by which one key could pass for two.
    signer = Signer(by=table.text("by", limit=60), key=" ".join(table.text("key", limit=200).split()[:2]))
    table.close()
    return signer


def _signature(table: TomlTable) -> Signature:
    by, role, on = table.text("by", limit=60), table.text("role", limit=60), table.day("on")
    if BY_NAME in table.raw:
        signature = Signature(by, role, on, (f"{table.name('of')} {table.text(BY_NAME, limit=64)}",))
    else:
        signature = Signature(by, role, on, table.texts("digests", at_least=1), table.text("proof"))
    table.close()
    return signature


def _rows(raw: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = raw.get(key)
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


MAX_LABEL = 18
"""The most characters of a button's label: 20, less the mark of the one that was chosen."""

TAKEN = (
    *(*FACT_WORDS, EARLIER_CATEGORY, STILL_COUNTS),
    *("present", "current", "not_known", "mix", "evidence", "concern", "how", "order", "circumstances"),
)
"""Names of facts and of the questions that every SERAF has, which no id of a pack may take."""


WRITTEN_ONCE = ("alerts", "enough")
"""Tables that instruments had once: they decide nothing any more, and one that was kept with its cases still opens."""


MOST_MONTHS = 12
"""The longest that a review may wait: nobody would remember a child after more."""

MOST_SECTIONS, MOST_ITEMS = 8, 200
"""The most sections, since a rule may name any mix of them and each more doubles the mixes; and the most items."""


def read_instrument_table(table: TomlTable, groups: Groups, *, is_kept: bool = False) -> Instrument:
    """The instrument in a table, unsigned, with every fault noted in the table's own list; `is_kept` for one of an earlier release."""
    head = table.table("instrument") or TomlTable(f"{table.path}.instrument", {}, table.faults)
    sections = tuple(_section(each) for each in table.tables("sections", at_least=1, at_most=MOST_SECTIONS))
    items = tuple(_item(each, sections) for each in table.tables("items", at_least=1, at_most=MOST_ITEMS))
    questions = tuple(_question(each) for each in table.tables("questions"))
    words = words_for(_ids(sections), _ids(items), questions=_ids(questions), groups=groups)
    instrument = Instrument(
        name=head.text("name"),
        board=head.text("board"),
        edition=head.text("edition", limit=120),
        review_due=head.day("review_due"),
        notes=head.texts("notes"),
        sections=sections,
        items=items,
        additions=read_additions(table, words),
        bands=read_bands(table),
        manager_discussion=read_discussion(table, words),
        other_harm=read_harm(table, [item.id for item in items]),
        missing=tuple(_missing(each, sections) for each in table.tables("missing")),
        questions=questions,
        asking=read_asking(table, items),
        review_months=_review_months(head),
        places=places_in(table.raw),
    )
    _close(table, head, is_kept=is_kept)
    _check_ids(table, instrument)
    return instrument


def _close(table: TomlTable, head: TomlTable, *, is_kept: bool) -> None:
    """Note what nobody asked for. Names were read before all else, as what stands in places: here they are judged."""
    head.close()
    read_names(table, is_kept=is_kept)
    # Who signed is read once it is known what. What the store keeps is never written anew, so that it is read as it once was.
    for key in (*OF_SIGNING, *(WRITTEN_ONCE if is_kept else ())):
        table.take(key)
    table.close()


def _review_months(head: TomlTable) -> int:
    """Months after which the next SERAF is due, at least; a pack may leave it to what the guidance says."""
    if "review_months" not in head.raw:
        return REVIEW_MONTHS
    months = head.number("review_months")
    if not 1 <= months <= MOST_MONTHS:
        head.fault("review_months", f"must be from 1 to {MOST_MONTHS} months, not {months}")
    return months


def _ids(named: Sequence[Section | Item | Question]) -> list[str]:
    return [each.id for each in named]


def _section(table: TomlTable) -> Section:
    section = Section(
        id=table.name("id"),
        title=table.text("title", limit=40),
        plural=table.text("plural", limit=40),
        ask=table.text("ask", limit=200),
        note=table.text_or_empty("note", limit=300),
        source=table.text("source"),
        options=tuple(_option(each) for each in table.tables("options", at_least=2)),
        windows=read_windows(table),
        within=table.text_or_empty("within", limit=40),
        reminder=table.text_or_empty("reminder", limit=60),
    )
    table.close()
    unique(table, "options", ids=[option.id for option in section.options])
    unique(table, "options", ids=[option.label for option in section.options])
    meanings = {option.means for option in section.options}
    # Without a “not known” people would have to press No for what nobody looked into.
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
        ask=tuple(Informant(each) for each in known_words(table, "ask", allowed=tuple(Informant))),
        why=table.text_or_empty("why", limit=100),
        spoken=table.text_or_empty("spoken", limit=40),
    )
    table.close()
    return item


def _question(table: TomlTable) -> Question:
    question = Question(id=table.name("id"), ask=table.text("ask", limit=300))
    table.close()
    return question


def _missing(table: TomlTable, sections: tuple[Section, ...]) -> Missing:
    missing = Missing(
        section=table.word("section", [section.id for section in sections]),
        begins=table.text("begins"),
        points=table.number("points"),
        note=table.text("note"),
    )
    table.close()
    return missing


def _check_ids(table: TomlTable, instrument: Instrument) -> None:
    sections = [section.id for section in instrument.sections]
    items = [item.id for item in instrument.items]
    questions = [question.id for question in instrument.questions]
    unique(table, "sections", ids=sections)
    unique(table, "items", ids=items)
    unique(table, "items", ids=[item.short for item in instrument.items])
    unique(table, "additions", ids=[addition.id for addition in instrument.additions])
    unique(table, "questions", ids=questions)
    # Conditions name facts, sections, items and questions by one word each: two of one name would be one to them.
    _not_taken(table, "sections", ids=sections, taken=TAKEN)
    _not_taken(table, "items", ids=items, taken=(*TAKEN, *sections))
    _not_taken(table, "questions", ids=questions, taken=(*TAKEN, *sections, *items))
    for section in instrument.sections:
        if section.id and not instrument.of_section(section.id):
            table.fault("sections", f"{section.id!r} has no items")


def _not_taken(table: TomlTable, key: str, *, ids: Sequence[str], taken: Sequence[str]) -> None:
    for each in ids:
        if each and each in taken:
            table.fault(key, f"{each!r} is already the name of something else; choose another")


_NO_SECTION = Section(id="", title="", plural="", ask="", note="", source="", options=())


LONGEST = 1200


def read_windows(table: TomlTable) -> tuple[int, ...] | None:
    """The months of `windows`: at most two, the second the greater; None where the pack does not say."""
    value = table.take("windows")
    if value is None:
        return None
    months = tuple(each for each in value if type(each) is int) if isinstance(value, list) else ()
    if not isinstance(value, list) or len(months) < len(value) or not all(1 <= each <= LONGEST for each in months):
        table.fault("windows", f"must be a list of whole numbers of months, each from 1 to {LONGEST}")
    elif len(months) > 2 or list(months) != sorted(set(months)):
        table.fault("windows", "must be at most two numbers, the current window first, then the longer one")
    return months
