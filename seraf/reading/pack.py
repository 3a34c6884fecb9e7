"""Files as bytes become a pack, or every fault in them at once, each with its path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from seraf.advice.contacts import Contacts
from seraf.advice.guidance import read_by_leads
from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.form.signing import Verify, unverified
from seraf.pack import FILES, FRAGMENTS, QUOTES, VIGNETTES, Pack
from seraf.reading.advice.contacts import read_calling, read_contacts, undated_numbers
from seraf.reading.advice.guidance import read_guidance
from seraf.reading.cases.fragments import read_fragments
from seraf.reading.cases.vignettes import read_vignettes
from seraf.reading.form.instrument import read_instrument_table, with_items_signed, with_kept_signed, with_pack_signed
from seraf.reading.reference.glossary import read_glossary
from seraf.reading.reference.guide import read_guide
from seraf.reading.reference.recording import read_recording
from seraf.reading.toml.conditions import NO_GROUPS, Groups, judge_groups, read_groups
from seraf.reading.toml.places import names_in, places_in, with_places
from seraf.reading.toml.tables import Faults, TomlTable, parse
from seraf.review.carry_over import uncarried

READ_TOGETHER = ("instrument.toml", "guidance.toml", "calling.toml")
"""The files whose rules are judged together: while one of them has a fault, nobody can say what no rule would read."""


def read_pack(
    files: Mapping[str, bytes], *, is_proven: bool = False, verify: Verify = unverified, known: Contacts | None = None
) -> Pack:
    """The pack in these files (name to content). Raises `PackFault` with every fault of every file.

    Signatures stand as far as `verify` says that they are their people's.

    What follows from the whole, such as the key of a made-up case, is proven; not where it was before, for these very files.
    With the contacts of a pack that this one may be a copy of, a number that was changed without its day is a fault.
    """
    faults = Faults()
    sources, cases = _sources(files, faults), tuple(_vignettes(files, faults))
    pack, written = _in_places(sources, cases, is_proven=is_proven, verify=verify), (*sources.values(), *cases)
    for path, what in undated_numbers(pack.contacts, known) if known else ():
        faults.add(path, what)
    if not is_proven:
        _judge(pack, written, quotes=files.get(QUOTES), faults=faults)
    if faults.found:
        raise PackFault(tuple(faults.found))
    return replace(pack, instrument=with_pack_signed(pack.instrument, {each.path: each.raw for each in written}))


def _in_places(
    sources: Mapping[str, TomlTable], cases: Sequence[TomlTable], *, is_proven: bool, verify: Verify
) -> Pack:
    """The pack with what the board says once put wherever its words name it; faults are noted by the tables."""
    places = places_in(sources["instrument.toml"].raw)
    tables = {name: with_places(each, places) for name, each in sources.items()}
    groups = _groups(tables["instrument.toml"])
    instrument = with_items_signed(
        read_instrument_table(tables["instrument.toml"], groups), tables["instrument.toml"], verify
    )
    groups = _groups(tables["guidance.toml"], groups)
    guidance = read_guidance(tables["guidance.toml"], instrument, groups=groups)
    return Pack(
        instrument=instrument,
        guidance=guidance,
        contacts=read_contacts(tables["contacts.toml"]),
        glossary=read_glossary(tables["glossary.toml"]),
        recording=read_recording(tables["recording.toml"], instrument),
        guide=read_guide(tables["guide.toml"]),
        calling=read_calling(tables["calling.toml"], instrument, guidance=guidance, groups=groups),
        vignettes=read_vignettes(
            [with_places(each, places) for each in cases], instrument, guidance=guidance, is_proven=is_proven
        ),
        fragments=read_fragments(tables[FRAGMENTS], instrument, is_proven=is_proven) if FRAGMENTS in tables else None,
        names=names_in(sources["instrument.toml"].raw),
    )


def _judge(pack: Pack, written: Sequence[TomlTable], *, quotes: bytes | None, faults: Faults) -> None:
    """Note what is wrong with the pack as a whole; each kind once there is no fault that could be its cause."""
    from seraf.reading.checks.idle import (
        alike_faults,  # what judges a whole pack is slow to import, and seldom needed
        idle_faults,
    )
    from seraf.reading.checks.quotes import quote_faults

    for found in (
        lambda: (*alike_faults(pack), *idle_faults(pack), *_untold(pack)),
        lambda: chain(quote_faults(pack.guidance, quotes, faults=faults), _contradicted(written, pack)),
    ):
        # Otherwise one misspelt word would bring a dozen faults that go away with it, and the first would not be found.
        if not any(fault.startswith(READ_TOGETHER) for fault in faults.found):
            for path, what in found():
                faults.add(path, what)


def _untold(pack: Pack) -> Iterator[tuple[str, str]]:
    """What can change what leads, and no review code could say."""
    for each in uncarried(read_by_leads(pack.guidance)):
        yield "guidance.toml.leads", f"a lead rests on {each!r}, which no review code holds; let no lead rest on it"


def _contradicted(written: Sequence[TomlTable], pack: Pack) -> Iterator[tuple[str, str]]:
    from seraf.reading.checks.agreeing import contradictions, former_names

    yield from contradictions(written, pack.instrument, guidance=pack.guidance)
    names = written[0].raw.get("names")
    yield from former_names(written, names if isinstance(names, dict) else {})


def read_instrument(content: bytes, verify: Verify = unverified) -> Instrument:
    """The instrument in the content of an instrument file, of an earlier release too. Raises `PackFault` with every fault.

    Whether a pack knows every word is judged where the whole pack is read: a kept instrument has to be readable for good.
    """
    faults = Faults()
    source = _table("instrument.toml", {"instrument.toml": content}, faults=faults)
    table = with_places(source, places_in(source.raw))
    instrument = with_items_signed(read_instrument_table(table, read_groups(table), is_kept=True), table, verify)
    if faults.found:
        raise PackFault(tuple(faults.found))
    # An instrument without names is of a release before there were signatures: it counts as it did then (ADR 0010).
    return with_kept_signed(instrument) if "names" in source.raw else replace(instrument, is_signed=True)


def _groups(table: TomlTable, before: Groups = NO_GROUPS) -> Groups:
    """The groups that a file names, with those before it, and every word noted that would be in none of them."""
    groups = read_groups(table, before)
    judge_groups(table, groups)
    return groups


def _sources(files: Mapping[str, bytes], faults: Faults) -> dict[str, TomlTable]:
    """The table of each file but the vignettes, as it is written."""
    names = (*FILES, *(each for each in (FRAGMENTS,) if each in files))
    return {name: _table(name, files, faults=faults) for name in names}


def _vignettes(files: Mapping[str, bytes], faults: Faults) -> Iterator[TomlTable]:
    """The table of each file that holds a vignette; those that are no TOML are left out, with the fault noted."""
    names = sorted(name for name in files if name.startswith(VIGNETTES))
    return (table for name in names if (table := parse(name, files[name], faults=faults)) is not None)


def _table(name: str, files: Mapping[str, bytes], *, faults: Faults) -> TomlTable:
    """The file's table; one that is empty and keeps its faults to itself where there is nothing to read."""
    content = files.get(name)
    if content is None:
        faults.add(name, "missing; a pack has this file")
    table = parse(name, content, faults=faults) if content is not None else None
    return table or TomlTable(name, {}, Faults())
