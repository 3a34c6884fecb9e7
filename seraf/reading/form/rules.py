"""Parsers of an instrument's rules (additions, bands, manager's discussion, other harm), and of the basis of a rule."""

from collections.abc import Collection, Sequence

from seraf.form.circumstances import OURS, Basis
from seraf.form.instrument import Addition, Band, ManagerDiscussion
from seraf.form.vocabulary import ANSWERED_FACTS, CATEGORIES, EARLIER_CATEGORY, STILL_COUNTS
from seraf.reading.toml.conditions import Words, read_condition
from seraf.reading.toml.tables import TomlTable, unique

MOST_WORDS = 40
"""The maximum number of words of a quotation, which is the clause with the duty and not the whole passage."""

LONGEST, LONGEST_REASON = 400, 300
"""The maximum number of characters of a quotation, and that of a law or of a reason of our own."""

WRITE = "write `says` with its `heading`, `law`, or `ours` (your reason, a whole sentence)"


def read_basis(table: TomlTable) -> Basis:
    """Return the basis in a row. In older packs there is only `source`: a heading, or “ours”."""
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
    if basis.says and "heading" not in table.raw:
        table.fault("heading", "missing; name the heading that `says` stands under, by its exact name")
    if basis.heading and "says" not in table.raw:
        table.fault("says", f"missing; quote the sentence under this heading, or {WRITE.partition(', ')[2]}")
    count = len(basis.says.replace("…", " ").split())
    if count > MOST_WORDS:
        table.fault("says", f"{count} words; quote at most {MOST_WORDS}, the clause that carries the duty")
    if basis.ours and (basis.ours[0].islower() or not basis.ours.endswith(".")):
        table.fault("ours", "must be a whole sentence, with a capital and a full stop")
    return basis


def _optional(table: TomlTable, key: str, *, limit: int) -> str:
    if key in table.raw:
        return table.text(key, limit=limit)
    table.take(key)
    return ""


NEVER_SCORED = (
    *(*ANSWERED_FACTS, "category", "hours", EARLIER_CATEGORY, STILL_COUNTS),
    *("highest", "manager_discussion", "other_harm", "unknown", "not_known", "mix"),
)
"""The facts that no addition may depend on. Points are about the child now, and must not depend on the hour, an
earlier SERAF, a judgement or the score itself.
"""


def read_additions(table: TomlTable, words: Words) -> tuple[Addition, ...]:
    """Return the additions. Each needs a condition about age, present items, or a question of the pack."""
    scored = {key: allowed for key, allowed in words.items() if key not in NEVER_SCORED}
    additions = []
    for row in table.tables("additions"):
        when = row.table("when")
        if when is None:
            row.fault("when", "missing; say when it holds")
        addition = Addition(
            id=row.name("id"),
            label=row.text("label", limit=80),
            points=row.number("points"),
            when=read_condition(when, scored),
            source=row.text("source"),
        )
        additions.append(row.closed(addition))
    return tuple(additions)


def read_bands(table: TomlTable) -> tuple[Band, ...]:
    """Return the bands: the four categories in order, from a total of 0, without gaps or overlaps."""
    bands = tuple(
        row.closed(
            Band(
                category=row.number("category"),
                lowest=row.number("from"),
                name=row.text("name", limit=40),
                description=row.text("description", limit=300),
                source=row.text("source"),
            )
        )
        for row in table.tables("bands")
    )
    if tuple(str(band.category) for band in bands) != CATEGORIES:
        table.fault("bands", f"must be the categories {', '.join(CATEGORIES)}, each once and in this order")
    starts = [band.lowest for band in bands]
    if starts != sorted(set(starts)) or starts[:1] != [0]:
        table.fault("bands", "`from` must begin at 0 and rise from one band to the next")
    # There is always one, so that a pack without bands is a list of faults and not a crash while the rest is checked.
    return bands or (Band(category=1, lowest=0, name="", description="", source=""),)


def read_discussion(table: TomlTable, words: Words) -> ManagerDiscussion:
    """Return the rule for a manager's discussion in low categories. A missing rule is a fault."""
    rule = table.table("manager_discussion")
    if rule is None:
        table.fault("manager_discussion", "missing; the guidance asks for this rule (“Responding to the SERAF”)")
        return ManagerDiscussion(categories=frozenset(), present=frozenset(), source="")
    categories, present = rule.texts("categories", at_least=1), rule.texts("present", at_least=1)
    _known(rule, "categories", given=categories, allowed=CATEGORIES)
    _known(rule, "present", given=present, allowed=words["present"])
    numbers = frozenset(int(category) for category in categories if category in CATEGORIES)
    return rule.closed(ManagerDiscussion(categories=numbers, present=frozenset(present), source=rule.text("source")))


def read_harm(table: TomlTable, items: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the items that are a reason to contact ART at any total, in instrument order."""
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


def _known(table: TomlTable, key: str, *, given: Sequence[str], allowed: Collection[str]) -> None:
    for word in given:
        if word not in allowed:
            table.fault(key, f"{word!r} is not one of: {', '.join(allowed)}")
