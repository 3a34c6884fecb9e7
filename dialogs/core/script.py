"""What a conversation is held by: a pack, the words that the bot says of its own, and what the channel can do."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Protocol

from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.pack import Pack
from seraf.review.carry_over import Carried


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences by dotted key, with named places to fill; `places_of_pack` are those that a pack fills, wherever the sentence is said."""

    texts: Mapping[str, str]
    places_of_pack: Mapping[str, str] = field(default_factory=dict, repr=False)

    def say(self, key: str, **values: object) -> str:
        """The sentence of that key with its places filled; `KeyError` where there is none such."""
        text = self.texts[key]
        if "{" not in text:
            return text.format() if "}" in text else text
        try:
            return text.format_map(values)
        except KeyError:  # few sentences have a place that the pack fills, and many are said on a card
            return text.format_map({**self.places_of_pack, **values})

    def of_pack(self, places: Mapping[str, str]) -> "Wording":
        """The same sentences, as they are said with a pack that fills these places."""
        return replace(self, places_of_pack=places)

    def say_first(self, *keys: str) -> str:
        """The sentence of the first of the keys that there is, for words that may be special or general."""
        return self.say(next((key for key in keys if key in self.texts), keys[-1]))

    def on(self, channel: str) -> "Wording":
        """The same as one channel says it: what its own table has, by the same keys, stands for the general sentences."""
        own = {
            key.removeprefix(f"{channel}."): text for key, text in self.texts.items() if key.startswith(f"{channel}.")
        }
        return Wording({**self.texts, **own})

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def places(self, key: str) -> frozenset[str]:
        """The names of the places that a sentence leaves to its caller."""
        named = {name for _, name, _, _ in Formatter().parse(self.texts[key]) if name}
        return frozenset(named - self.places_of_pack.keys())


def read_wording(content: bytes) -> Wording:
    """The wording in the content of a TOML file of nested tables of texts. Raises `PackFault` with what is wrong."""
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PackFault((f"wording: not TOML in UTF-8: {error}",)) from None
    pairs = list(_flatten(tables, ""))
    faults = tuple(f"wording.{key}: must be a text that says something" for key, text in pairs if not text)
    if faults:
        raise PackFault(faults)
    return Wording(dict(pairs))


def _flatten(tables: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What differs between channels and has to be said or heeded: `name` picks the sentences about who can read it.

    `keeps` is false where nothing outlives the window; `can_empty` is true where everything can be removed from sight;
    `dials` is true where a number is rung by tapping it, if it stands there in international form; `copies` where a
    button puts a text where it can be pasted from; `sends_files` where a file can be sent with a card.
    """

    name: str
    keeps: bool
    can_empty: bool
    dials: bool = False
    copies: bool = False
    sends_files: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The keys of the sentences that every channel must have: who can read it, and what becomes of a summary there."""
        return (f"reader.{self.name}", f"to-summary.{self.name}")


class Codes(Protocol):
    """Carry-over codes: keyed, and yet pure, since the same SERAF always gives the same code."""

    def write(self, carried: Carried) -> str:
        """The code of a finished SERAF, as it is to be copied."""

    def read(self, code: str) -> Carried | None:
        """The SERAF in a code, or None where it was not made here, or was copied wrongly."""

    def instrument(self, fingerprint: str) -> Instrument:
        """The instrument that a code was made with; `KeyError` where none of this fingerprint is known."""


class Screening(Protocol):
    """Looks through what somebody wrote for whatever could point to a person. It can never find everything."""

    def could_be(self, text: str) -> tuple[str, ...]:
        """What the text could hold, as words of `identifier` in the wording, each once; empty where nothing was found."""


@dataclass(frozen=True, slots=True)
class NoteTaking:
    """That short notes are taken, what looks through them, and for how many days they are kept with their case."""

    screening: Screening
    unfinished_days: int = 0
    finished_days: int = 0


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How somebody comes in with the code of an invitation: in the chat of this bot, or at the address of its pages.

    `pages` is empty where nobody is let in by pages.
    """

    chat: bool = True
    pages: str = ""

    @property
    def word(self) -> str:
        """By which of them, as the wording has it."""
        if not self.pages:
            return "chat"
        return "either" if self.chat else "pages"


@dataclass(frozen=True, slots=True)
class Script:
    """All that a turn and a card need apart from the session, the event and the time.

    Without `codes` none are offered; without `notes` nothing that is typed is kept. `rehearsal_codes` are those of
    rehearsals, which no real review opens. `is_rehearsal` says that no child of it is real: nothing goes out of it;
    `is_silent` that nothing is said of what the answers call for before the result, since somebody is asked that first.
    `link` is what the code of a room is put after to make a link to this bot, empty where nobody else can come; `pages` is
    the address of the pages in a browser, where people come to a room without an account; empty where there are none.
    `ways_in` says how an invitation is taken up.
    """

    pack: Pack
    wording: Wording
    channel: ChannelFacts
    codes: Codes | None = None
    notes: NoteTaking | None = None
    rehearsal_codes: Codes | None = None
    is_rehearsal: bool = False
    is_silent: bool = False
    link: str = ""
    pages: str = ""
    ways_in: WaysIn = WaysIn()

    def __post_init__(self) -> None:
        # What a case began with says its own windows and points; whom the board calls what is today's.
        places = {**self.pack.instrument.places, **self.pack.names}
        object.__setattr__(self, "wording", self.wording.of_pack(places))
        # A channel that cannot say who reads along would fail at the first card: better that it never starts.
        missing = [key for key in self.channel.words if key not in self.wording]
        if missing:
            raise PackFault(
                tuple(f"wording.{key}: missing; say it for the channel {self.channel.name!r}" for key in missing)
            )
