"""A pack: an instrument with all that a board adds to it: guidance, contacts, words to explain and to say, what to record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seraf.advice.call_script import Calling
from seraf.advice.contacts import Contacts
from seraf.advice.guidance import Guidance
from seraf.cases.fragments import Fragments
from seraf.cases.vignette import Vignette
from seraf.form.instrument import Instrument
from seraf.reference import Glossary, Guide, Recording

FILES = (
    "instrument.toml",
    "guidance.toml",
    "contacts.toml",
    "glossary.toml",
    "recording.toml",
    "guide.toml",
    "calling.toml",
)
"""The files that make a pack, all of them needed."""

VIGNETTES = "vignettes/"
"""What the names of the files begin with that hold a vignette each. A pack may have none: then nobody can rehearse with it."""

FRAGMENTS = "fragments.toml"
"""The file that a pack may have as well: sentences from which made-up cases are built."""

QUOTES = "quotes.toml"
"""The file that a pack has where its rules quote the guidance: hashes, by which each sentence is looked for under its heading."""


@dataclass(frozen=True, slots=True)
class Pack:
    """All that a board can replace. A session keeps its instrument; all else is today's, `names` too: whom it calls what."""

    instrument: Instrument
    guidance: Guidance
    contacts: Contacts
    glossary: Glossary
    recording: Recording
    guide: Guide
    calling: Calling
    vignettes: tuple[Vignette, ...] = ()
    fragments: Fragments | None = None
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
