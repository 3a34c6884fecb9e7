"""Reading an instrument's rules: additions, bands, the manager's discussion, other harm, and what each rule rests on."""

from collections.abc import Collection, Sequence

from seraf.form.circumstances import OURS, Basis, Condition
from seraf.form.instrument import Addition, Band, ManagerDiscussion
from seraf.form.vocabulary import ANSWERED_FACTS, CATEGORIES, EARLIER_CATEGORY, STILL_COUNTS
from seraf.reading.toml.conditions import Words, read_condition
from seraf.reading.toml.tables import TomlTable, unique

MOST_WORDS = 40
"""Words of a sentence that is quoted: it is the clause that carries the duty, never the passage."""

LONGEST = 400
"""Characters of a sentence that is quoted."""

LONGEST_REASON = 300
"""Characters of a law, and of a reason of our own."""

WRITE = "write `says` with its `heading`, `law`, or `ours` (your reason, a whole sentence)"


def read_basis(table: TomlTable) -> Basis:
    """The basis of a row, with at least one voice. A `source` alone, as older packs have it, is its heading, or says nothing."""
    basis = Basis(
        says=_optional(table, "says", limit=LONGEST),
        heading=_optional(table, "heading", limit=LONGEST),
        law=_optional(table, "law", limit=LONGEST_REASON),
        ours=_optional(table, "ours", limit=LONGEST_REASON),
    )
    source = _optional(table, "source", limit=LONGEST)
    is_new = not {"says", "heading", "law", "ours"}.isdisjoint(table.raw)
    if "source" in table.raw:
        if is_new:
            table.fault("source", "stands next to what takes its place; leave `source` out")
        return basis if is_new else Basis(heading="" if source == OURS else source)
    if not is_new:
        table.fault("ours", f"missing; {WRITE}")
    _check(table, basis)
    return basis


def _optional(table: TomlTable, key: str, *, limit: int) -> str:
    if key in table.raw:
        return table.text(key, limit=limit)
    table.take(key)
    return ""


def _check(table: TomlTable, basis: Basis) -> None:
    if basis.says and "heading" not in table.raw:
        table.fault("heading", "missing; name the heading that `says` stands under, by its exact name")
    if basis.heading and "says" not in table.raw:
        table.fault("says", f"missing; quote the sentence under this heading, or {WRITE.partition(', ')[2]}")
    count = len(basis.says.replace("…", " ").split())
    if count > MOST_WORDS:
        table.fault("says", f"{count} words; quote at most {MOST_WORDS}, the clause that carries the duty")
    if basis.ours and (basis.ours[0].islower() or not basis.ours.endswith(".")):
        table.fault("ours", "must be a whole sentence, with a capital and a full stop")


ABOUT_THE_RESULT = ("highest", "manager_discussion", "other_harm", "unknown", "not_known", "mix")
"""Facts that are known with the result alone, which nothing before it can ask for."""

NEVER_SCORED = (*ANSWERED_FACTS, "category", "hours", EARLIER_CATEGORY, STILL_COUNTS, *ABOUT_THE_RESULT)
"""Facts that no addition may ask for: what the score itself yields, and what is judged or said apart from the child's own facts.

Nor the hour, nor what an earlier SERAF said: a number is of this child, now."""


def read_additions(table: TomlTable, words: Words) -> tuple[Addition, ...]:
    """The additions; each must have a condition, on age, on what is present, or on a question of the pack's own."""
    scored = {key: allowed for key, allowed in words.items() if key not in NEVER_SCORED}
    return tuple(_addition(each, scored) for each in table.tables("additions"))


def _addition(table: TomlTable, words: Words) -> Addition:
    addition = Addition(
        id=table.name("id"),
        label=table.text("label", limit=80),
        points=table.number("points"),
        when=_needed_condition(table, words),
        source=table.text("source"),
    )
    table.close()
    return addition


def read_bands(table: TomlTable) -> tuple[Band, ...]:
    """The bands, which must be the four categories in order, from zero up, without a gap or an overlap."""
    bands = tuple(_band(each) for each in table.tables("bands"))
    if tuple(str(band.category) for band in bands) != CATEGORIES:
        table.fault("bands", f"must be the categories {', '.join(CATEGORIES)}, each once and in this order")
    starts = [band.lowest for band in bands]
    if starts != sorted(set(starts)) or starts[:1] != [0]:
        table.fault("bands", "`from` must begin at 0 and rise from one band to the next")
    # One always stands, so that a pack without bands is a list of faults and no crash while the rest of it is judged.
    return bands or (Band(category=1, lowest=0, name="", description="", source=""),)


def _band(table: TomlTable) -> Band:
    band = Band(
        category=table.number("category"),
        lowest=table.number("from"),
        name=table.text("name", limit=40),
        description=table.text("description", limit=300),
        source=table.text("source"),
    )
    table.close()
    return band


def read_discussion(table: TomlTable, words: Words) -> ManagerDiscussion:
    """The rule that stands above a low category; a pack without it must not start."""
    rule = table.table("manager_discussion")
    if rule is None:
        table.fault("manager_discussion", "missing; the guidance asks for this rule (“Responding to the SERAF”)")
        return ManagerDiscussion(categories=frozenset(), present=frozenset(), source="")
    categories, present = rule.texts("categories", at_least=1), rule.texts("present", at_least=1)
    _known(rule, "categories", given=categories, allowed=CATEGORIES)
    _known(rule, "present", given=present, allowed=words["present"])
    source = rule.text("source")
    rule.close()
    numbers = frozenset(int(each) for each in categories if each in CATEGORIES)
    return ManagerDiscussion(categories=numbers, present=frozenset(present), source=source)


def read_harm(table: TomlTable, items: Sequence[str]) -> tuple[str, ...]:
    """The items that are a reason to contact ART of their own, whatever the total, in the order of the form."""
    rule = table.table("other_harm")
    if rule is None:
        table.fault("other_harm", "missing; list the items that point to significant harm in some other form")
        return ()
    named = rule.texts("items", at_least=1)
    _known(rule, "items", given=named, allowed=items)
    unique(rule, "items", ids=named)
    rule.text("source")
    rule.close()
    return tuple(item for item in items if item in named)


def _needed_condition(table: TomlTable, words: Words) -> Condition:
    found = table.table("when")
    if found is None:
        table.fault("when", "missing; say when it holds")
    return read_condition(found, words)


def _known(table: TomlTable, key: str, *, given: Sequence[str], allowed: Collection[str]) -> None:
    for each in given:
        if each not in allowed:
            table.fault(key, f"{each!r} is not one of: {', '.join(allowed)}")
