"""A signature put into a pack's instrument file: a person's word for what an item, or all of the pack, says today."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from seraf.form.instrument import Instrument
from seraf.form.signing import ENOUGH, WHOLE, Signature, digest_of, signers
from seraf.reading.form.signatures import item_words, pack_words

BLOCK = re.compile(r'\n*\[\[signatures\]\]\nof = "(?P<of>[^"]*)"\nby = "(?P<by>[^"]*)"\n[^\[]*')


def signed_by(
    person: tuple[str, str], of: str, *, on: date, instrument: Instrument, files: Mapping[str, bytes]
) -> bytes:
    """The instrument file with the signature of a person (name and role) for an item or `pack`. An older one of theirs goes.

    Raises `KeyError` where there is no such item.
    """
    by, role = person
    unsigned = Signature(of, by, role, on, "")
    made = replace(unsigned, digest=digest_of(what_is_signed(of, instrument, files), unsigned))
    return (_without(files["instrument.toml"].decode("utf-8"), made).rstrip("\n") + "\n" + _block(made)).encode("utf-8")


def what_is_signed(of: str, instrument: Instrument, files: Mapping[str, bytes]) -> str:
    """What is signed: the words of an item, or of all files."""
    if of != WHOLE:
        return item_words(instrument.item(of))
    return pack_words({name: tomllib.loads(content.decode("utf-8")) for name, content in files.items()})


def standing_signatures(instrument: Instrument, files: Mapping[str, bytes]) -> Iterator[tuple[str, int, bool]]:
    """Of the pack and each item: how many signatures stand, and whether there is one of words that were changed since."""
    whole = what_is_signed(WHOLE, instrument, files)
    for of in (WHOLE, *(item.id for item in instrument.items)):
        words = whole if of == WHOLE else what_is_signed(of, instrument, files)
        given = [each for each in instrument.signatures if each.of == of]
        yield of, len(signers(given, of, words)), any(not each.binds(words) for each in given)


def as_sentences(found: Sequence[tuple[str, int, bool]]) -> Iterator[str]:
    """What is still to be signed, and what was signed and changed."""
    if changed := [of for of, _, is_changed in found if is_changed]:
        yield f"Changed after it was signed: {', '.join(changed)}."
    if missing := [of for of, count, _ in found if count < ENOUGH]:
        yield f"Not signed by {ENOUGH} people: {', '.join(missing)}."


def _without(text: str, made: Signature) -> str:
    """The file without what this person signed of the same before."""
    return BLOCK.sub(lambda found: "\n\n" if (found["of"], found["by"]) == (made.of, made.by) else found[0], text)


def _block(made: Signature) -> str:
    return (
        f'\n[[signatures]]\nof = "{made.of}"\nby = "{made.by}"\nrole = "{made.role}"\n'
        f'on = {made.on.isoformat()}\ndigest = "{made.digest}"\n'
    )
