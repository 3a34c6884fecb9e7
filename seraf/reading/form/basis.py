"""Reading what a row rests on: `says` with its `heading`, `law` and `ours`; of an older pack one `source`."""

from seraf.form.circumstances import OURS, Basis
from seraf.reading.toml.tables import TomlTable

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
