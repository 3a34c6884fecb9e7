"""A pack: an instrument with everything that a board adds: guidance, contacts, glossary, guide, words for calls, headings."""

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
    *("instrument.toml", "guidance.toml", "contacts.toml", "glossary.toml", "recording.toml", "guide.toml"),
    "calling.toml",
)
"""The files that every pack needs."""

VIGNETTES = "vignettes/"
"""The prefix of files with one vignette each. Without them nobody can rehearse with the pack."""

FRAGMENTS = "fragments.toml"
"""The optional file with sentences from which made-up cases are built."""

INTAKE = "intake.toml"
"""The optional file with the shares of the assumed intake that depend on the ids of the pack."""

Share = Mapping[str, int]
"""The answers to a question, each with its number of cases in a thousand."""

QUOTES = "quotes.toml"
"""The file of a pack that quotes the guidance: hashes, by which each sentence is looked up under its heading."""


@dataclass(frozen=True, slots=True)
class IntakeShares:
    """The shares of an assumed intake that depend on the ids of a pack.

    `harm` are the items that report abuse: the judgement depends on whether it is going on. `seldom` is how often an item is
    ticked, in percent of the other items of its section. `answers` has the answers to questions.
    """

    harm: frozenset[str] = frozenset()
    seldom: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Share] = field(default_factory=dict)


NO_SHARES = IntakeShares()


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that a board can replace. A session keeps its instrument; the rest is always today's, including `names`."""

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
    intake: IntakeShares = NO_SHARES
