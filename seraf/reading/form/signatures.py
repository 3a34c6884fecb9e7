"""Reading the signatures of an instrument file, and what they come to: which items two people signed, and whether all is."""

from collections.abc import Mapping
from dataclasses import replace

from seraf.form.instrument import Instrument
from seraf.form.signing import ENOUGH, WHOLE, Signature, Signer, Verify, signed_words, signers_of
from seraf.pack import QUOTES
from seraf.reading.toml.tables import TomlTable

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
