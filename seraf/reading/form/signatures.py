"""Reading the signatures of an instrument file, and what they come to: which items two people signed, and whether all is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seraf.form.instrument import Instrument, Item
from seraf.form.signing import ENOUGH, WHOLE, Signature, signed_words, signers
from seraf.reading.toml.tables import TomlTable

KEY = "signatures"
UNSIGNED = ("contacts.toml",)
"""Files that no signature is about: a number is right when somebody has rung it, and that person confirms it."""


def read_signatures(table: TomlTable) -> tuple[Signature, ...]:
    """The signatures, whether they still bind or not, and whether there still is what was signed."""
    return tuple(_signature(each) for each in table.tables(KEY))


def with_signed(items: Sequence[Item], signatures: Sequence[Signature]) -> tuple[Item, ...]:
    """The items, those verified too that two people signed as they are."""
    return tuple(replace(item, verified=item.verified or is_signed(item, signatures)) for item in items)


def is_signed(item: Item, signatures: Sequence[Signature]) -> bool:
    """Whether two people signed the item as it is."""
    return len(signers(signatures, item.id, item_words(item))) >= ENOUGH


def item_words(item: Item) -> str:
    """What is signed of an item: all that is asked, scored and explained."""
    return signed_words(item, without=["verified"])


def pack_words(raw: Mapping[str, Mapping[str, object]]) -> str:
    """What is signed of a pack: every file as it is written, but the numbers and the signatures themselves."""
    said = {name: each for name, each in raw.items() if name not in UNSIGNED}
    form = {key: each for key, each in said.get("instrument.toml", {}).items() if key != KEY}
    return signed_words({**said, "instrument.toml": form})


def with_pack_signed(instrument: Instrument, raw: Mapping[str, Mapping[str, object]]) -> Instrument:
    """The instrument, signed where two people signed every item, and two the whole pack as it is."""
    given = instrument.signatures
    items = all(is_signed(item, given) for item in instrument.items)
    whole = items and len(signers(given, WHOLE, pack_words(raw))) >= ENOUGH
    return replace(instrument, is_signed=whole)


def with_kept_signed(instrument: Instrument) -> Instrument:
    """The same of one that is kept alone, whose pack is no more: its items are judged, and that two people signed all of it.

    One of a release before there were signatures counts as it did then.
    """
    given = instrument.signatures
    whole = len({each.person for each in given if each.of == WHOLE}) >= ENOUGH
    return replace(instrument, is_signed=whole and all(is_signed(item, given) for item in instrument.items))


def _signature(table: TomlTable) -> Signature:
    signature = Signature(
        of=table.name("of"),
        by=table.text("by", limit=60),
        role=table.text("role", limit=60),
        on=table.day("on"),
        digest=table.text("digest", limit=64),
    )
    table.close()
    return signature
