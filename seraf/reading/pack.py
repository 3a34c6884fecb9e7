"""The parser of the files of a pack. It returns the pack, or else reports every fault at once, each with its path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from seraf.advice.contacts import Contacts
from seraf.advice.guidance import read_by_leads
from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.form.signing import Verify, unverified
from seraf.pack import FILES, INTAKE, NO_SHARES, NO_WORDS, QUOTES, SEARCH, VIGNETTES, Pack
from seraf.reading.advice.contacts import read_calling, read_contacts, undated_numbers
from seraf.reading.advice.guidance import read_guidance
from seraf.reading.cases.intake import read_intake
from seraf.reading.cases.vignettes import read_vignettes
from seraf.reading.form.instrument import read_instrument_table, with_items_signed, with_kept_signed, with_pack_signed
from seraf.reading.reference import read_glossary, read_guide, read_recording, read_search
from seraf.reading.toml.conditions import NO_GROUPS, Groups, judge_groups, read_groups
from seraf.reading.toml.places import names_in, places_in, with_places
from seraf.reading.toml.tables import Faults, TomlTable, parse
from seraf.review.carry_over import uncarried

READ_TOGETHER = ("instrument.toml", "guidance.toml", "calling.toml")
"""The files whose rules are checked together. If one of them has a fault, useless rules are not reported."""


def read_pack(
    files: Mapping[str, bytes], *, is_proven: bool = False, verify: Verify = unverified, known: Contacts | None = None
) -> Pack:
    """Return the pack in these files (name to content). Raise `PackFault` with every fault of every file.

    A signature counts if `verify` confirms it. Unless exactly these files were checked before (`is_proven`), the pack
    is also checked as a whole, including the agreed answers of made-up cases. `known` are the contacts of a pack from
    which this one may be copied. A number that differs while `checked_on` is the same is then a fault.
    """
    faults = Faults()
    names = (*FILES, *(name for name in (INTAKE, SEARCH) if name in files))
    sources = {name: _table(name, files, faults=faults) for name in names}
    parsed = [parse(name, files[name], faults=faults) for name in sorted(files) if name.startswith(VIGNETTES)]
    cases = [table for table in parsed if table is not None]
    pack, written = _in_places(sources, cases, is_proven=is_proven, verify=verify), (*sources.values(), *cases)
    for path, what in undated_numbers(pack.contacts, known) if known else ():
        faults.add(path, what)
    if not is_proven:
        _judge(pack, written, quotes=files.get(QUOTES), faults=faults)
    if faults.found:
        raise PackFault(tuple(faults.found))
    return replace(pack, instrument=with_pack_signed(pack.instrument, {table.path: table.raw for table in written}))


def _in_places(
    sources: Mapping[str, TomlTable], cases: Sequence[TomlTable], *, is_proven: bool, verify: Verify
) -> Pack:
    """Return the pack with every placeholder filled. The tables record the faults."""
    places = places_in(sources["instrument.toml"].raw)
    tables = {name: with_places(table, places) for name, table in sources.items()}
    groups = _groups(tables["instrument.toml"])
    instrument = with_items_signed(
        read_instrument_table(tables["instrument.toml"], groups), tables["instrument.toml"], verify
    )
    groups = _groups(tables["guidance.toml"], groups)
    guidance = read_guidance(tables["guidance.toml"], instrument, groups=groups)
    contacts = read_contacts(tables["contacts.toml"])
    return Pack(
        instrument=instrument,
        guidance=guidance,
        contacts=contacts,
        glossary=read_glossary(tables["glossary.toml"]),
        recording=read_recording(tables["recording.toml"], instrument),
        guide=read_guide(tables["guide.toml"]),
        calling=read_calling(tables["calling.toml"], instrument, guidance=guidance, groups=groups),
        vignettes=read_vignettes(
            [with_places(table, places) for table in cases],
            instrument,
            guidance=guidance,
            contacts=contacts,
            is_proven=is_proven,
        ),
        names=names_in(sources["instrument.toml"].raw),
        intake=read_intake(tables[INTAKE], instrument, guidance) if INTAKE in tables else NO_SHARES,
        search=read_search(tables[SEARCH]) if SEARCH in tables else NO_WORDS,
    )


def _judge(pack: Pack, written: Sequence[TomlTable], *, quotes: bytes | None, faults: Faults) -> None:
    """Record the faults of the pack as a whole. A check is left out if earlier faults could cause what it finds."""
    # These modules are slow to import and seldom needed.
    from seraf.reading.checks.agreeing import contradictions, former_names
    from seraf.reading.checks.idle import alike_faults, idle_faults
    from seraf.reading.checks.quotes import quote_faults
    from seraf.reading.checks.raising import raising_faults
    from seraf.reading.checks.searching import word_faults

    def uncarried_leads() -> Iterator[tuple[str, str]]:
        for fact in uncarried(read_by_leads(pack.guidance)):
            yield "guidance.toml.leads", f"a lead rests on {fact!r}, which no review code holds; let no lead rest on it"

    names = written[0].raw.get("names")
    for checks in (
        lambda: (*alike_faults(pack), *idle_faults(pack), *uncarried_leads(), *word_faults(pack)),
        lambda: chain(
            raising_faults(pack),
            quote_faults(pack.guidance, quotes, faults=faults, cases=pack.vignettes),
            contradictions(written, pack.instrument, guidance=pack.guidance),
            former_names(written, names if isinstance(names, dict) else {}),
        ),
    ):
        # Otherwise one misspelt word would cause a dozen faults that go with it, and hide the first.
        if not any(fault.startswith(READ_TOGETHER) for fault in faults.found):
            for path, what in checks():
                faults.add(path, what)


def read_instrument(content: bytes, verify: Verify = unverified) -> Instrument:
    """Return the instrument in an instrument file of this or an earlier release. Raise `PackFault` with all faults.

    A stored instrument must stay readable forever. Checks of the whole pack are therefore left to `read_pack`.
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
    """Return the groups of a file together with those in `before`. Record a fault for every value without a group."""
    groups = read_groups(table, before)
    judge_groups(table, groups)
    return groups


def _table(name: str, files: Mapping[str, bytes], *, faults: Faults) -> TomlTable:
    """Return the file's table. If it cannot be read, return an empty one whose further faults are not reported."""
    content = files.get(name)
    if content is None:
        faults.add(name, "missing; a pack has this file")
    table = parse(name, content, faults=faults) if content is not None else None
    return table or TomlTable(name, {}, Faults())
