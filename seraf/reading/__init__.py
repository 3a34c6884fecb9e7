"""Files as bytes become a pack, or every fault in them at once, each with its path."""

from collections.abc import Iterator, Mapping

from seraf.errors import PackFault
from seraf.instrument import Instrument
from seraf.pack import FILES, FRAGMENTS, VIGNETTES, Pack
from seraf.reading.call_script import read_calling
from seraf.reading.contacts import read_contacts
from seraf.reading.fragments import read_fragments
from seraf.reading.glossary import read_glossary
from seraf.reading.guidance import read_guidance
from seraf.reading.guide import read_guide
from seraf.reading.instrument import read_instrument_table
from seraf.reading.recording import read_recording
from seraf.reading.tables import Faults, Table, parse
from seraf.reading.vignettes import read_vignettes


def read_pack(files: Mapping[str, bytes]) -> Pack:
    """The pack in these files (name to content). Raises `PackFault` with every fault of every file."""
    faults = Faults()
    tables = {name: _table(name, files, faults) for name in (*FILES, *(each for each in (FRAGMENTS,) if each in files))}
    instrument = read_instrument_table(tables["instrument.toml"])
    guidance = read_guidance(tables["guidance.toml"], instrument)
    pack = Pack(
        instrument=instrument,
        guidance=guidance,
        contacts=read_contacts(tables["contacts.toml"]),
        glossary=read_glossary(tables["glossary.toml"]),
        recording=read_recording(tables["recording.toml"], instrument),
        guide=read_guide(tables["guide.toml"]),
        calling=read_calling(tables["calling.toml"], instrument, guidance),
        vignettes=read_vignettes(_vignettes(files, faults), instrument, guidance),
        fragments=read_fragments(tables[FRAGMENTS], instrument) if FRAGMENTS in tables else None,
    )
    if faults.found:
        raise PackFault(tuple(faults.found))
    return pack


def read_instrument(content: bytes) -> Instrument:
    """The instrument in the content of an instrument file. Raises `PackFault` with every fault of it."""
    faults = Faults()
    instrument = read_instrument_table(_table("instrument.toml", {"instrument.toml": content}, faults))
    if faults.found:
        raise PackFault(tuple(faults.found))
    return instrument


def _vignettes(files: Mapping[str, bytes], faults: Faults) -> Iterator[Table]:
    """The table of each file that holds a vignette; those that are no TOML are left out, with the fault noted."""
    names = sorted(name for name in files if name.startswith(VIGNETTES))
    return (table for name in names if (table := parse(name, files[name], faults)) is not None)


def _table(name: str, files: Mapping[str, bytes], faults: Faults) -> Table:
    """The file's table; one that is empty and keeps its faults to itself where there is nothing to read."""
    content = files.get(name)
    if content is None:
        faults.add(name, "missing; a pack has this file")
    table = parse(name, content, faults) if content is not None else None
    return table or Table(name, {}, Faults())
