"""A pack: an instrument and a board's guidance, contacts, glossary, guide, call script, headings and made-up cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seraf.advice.call_script import Calling
from seraf.advice.contacts import Contacts
from seraf.advice.guidance import Guidance
from seraf.cases.vignette import Vignette
from seraf.form.instrument import Instrument
from seraf.reference import Glossary, Guide, Recording

FILES = (
    *("instrument.toml", "guidance.toml", "contacts.toml", "glossary.toml", "recording.toml", "guide.toml"),
    "calling.toml",
)
"""The files that every pack must contain."""

VIGNETTES = "vignettes/"
"""The prefix of the names of vignette files. Each file holds one made-up case for practice."""

SEARCH = "search.toml"
"""The optional file of words by which people find things (`SearchWords`)."""

INTAKE = "intake.toml"
"""The optional file of assumed frequencies (`IntakeShares`)."""

Share = Mapping[str, int]
"""The possible answers to a question, each with its frequency in cases per thousand."""

QUOTES = "quotes.toml"
"""The file with the hashes of the guidance, by heading. Quotations from the guidance are verified with it."""


@dataclass(frozen=True, slots=True)
class IntakeShares:
    """How often answers occur in an assumed intake, as far as they depend on the ids of a pack.

    `harm` are the ids of items that report abuse; the judgement depends on whether that continues. `seldom` says how
    often an item is ticked, in percent of other items of its section. `answers` maps a question to its `Share`.
    """

    harm: frozenset[str] = frozenset()
    seldom: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Share] = field(default_factory=dict)


NO_SHARES = IntakeShares()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as somebody may type it, and the keys of what fits it, such as `item:S2`."""

    question: str
    fits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchWords:
    """By what words people find things: phrases by key, such as `item:S2`, commands, and questions to check them with."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    commands: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = field(default=(), repr=False)


NO_WORDS = SearchWords()


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that a board can replace. A session keeps its instrument, but uses the newest version of the rest."""

    instrument: Instrument
    guidance: Guidance
    contacts: Contacts
    glossary: Glossary
    recording: Recording
    guide: Guide
    calling: Calling
    vignettes: tuple[Vignette, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    intake: IntakeShares = NO_SHARES
    search: SearchWords = NO_WORDS
