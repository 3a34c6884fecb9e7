"""The context of a conversation besides its session: a pack, the bot's wording, and the capabilities of the channel."""

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
    """The bot's sentences by dotted key, with named placeholders. The pack fills `places_of_pack` in every sentence."""

    texts: Mapping[str, str]
    places_of_pack: Mapping[str, str] = field(default_factory=dict, repr=False)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence of a key, its placeholders filled. Raise `KeyError` if the key or a value is missing."""
        text = self.texts[key]
        if "{" not in text:
            return text.format() if "}" in text else text
        try:
            return text.format_map(values)
        except KeyError:  # few sentences have a place that the pack fills, so `values` are tried alone first
            return text.format_map({**self.places_of_pack, **values})

    def of_pack(self, places: Mapping[str, str]) -> "Wording":
        """Return the same sentences with the values of `places` for the placeholders that the pack fills."""
        return replace(self, places_of_pack=places)

    def say_first(self, *keys: str) -> str:
        """Return the sentence of the first key that exists. Raise `KeyError` if there is none."""
        return self.say(next((key for key in keys if key in self.texts), keys[-1]))

    def on(self, channel: str) -> "Wording":
        """Return the wording of one channel: a sentence `<channel>.<key>` replaces the general sentence `<key>`."""
        own = {
            key.removeprefix(f"{channel}."): text for key, text in self.texts.items() if key.startswith(f"{channel}.")
        }
        return Wording({**self.texts, **own})

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def places(self, key: str) -> frozenset[str]:
        """Return the names of the placeholders in a sentence that its caller has to fill."""
        named = {name for _, name, _, _ in Formatter().parse(self.texts[key]) if name}
        return frozenset(named - self.places_of_pack.keys())


def read_wording(content: bytes) -> Wording:
    """Return the wording in a TOML file of nested tables of texts. Raise `PackFault`, which lists every fault."""
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
    """The capabilities of a channel. `name` selects the sentences that say who can read it.

    `keeps`: a conversation survives when its window closes. `can_empty`: the chat can be emptied. `dials`: a tap on a
    number in international form dials it. `copies`: a button can copy a text. `sends_files`: a file can be sent with a
    card.
    """

    name: str
    keeps: bool
    can_empty: bool
    dials: bool = False
    copies: bool = False
    sends_files: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Return the keys that the wording must have for the channel: who can read it, and how it gets a summary."""
        return (f"reader.{self.name}", f"to-summary.{self.name}")


class Codes(Protocol):
    """A writer and reader of carry-over codes. The same SERAF and the same secret key always give the same code."""

    def write(self, carried: Carried) -> str:
        """Return the code of a finished SERAF in the spelling that people copy."""

    def read(self, code: str) -> Carried | None:
        """Return the SERAF in a code, or None if the code was made with another secret key or was copied wrongly."""

    def instrument(self, fingerprint: str) -> Instrument:
        """Return the instrument with this fingerprint, as stored in a code. Raise `KeyError` if it is not known."""


class Screening(Protocol):
    """A search of typed text for anything that could identify a person. No search finds everything."""

    def could_be(self, text: str) -> tuple[str, ...]:
        """Return the kinds of identifier that the text may contain, each once, as wording keys under `identifier`."""


@dataclass(frozen=True, slots=True)
class NoteTaking:
    """How short notes are taken: how they are screened, and for how many days a case with notes is stored."""

    screening: Screening
    unfinished_days: int = 0
    finished_days: int = 0


@dataclass(frozen=True, slots=True)
class WaysIn:
    """The ways in which an invitation can be accepted: in the chat of this bot, or on its web pages.

    `pages` is the address of the web pages, empty if invitations cannot be accepted there.
    """

    chat: bool = True
    pages: str = ""

    @property
    def word(self) -> str:
        """Return the name of these ways in wording keys: `chat`, `pages` or `either`."""
        if not self.pages:
            return "chat"
        return "either" if self.chat else "pages"


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that a turn and a card need apart from the session, the event and the time.

    Without `codes`, no carry-over codes are offered; without `notes`, no typed text is stored. `rehearsal_codes` are
    used in rehearsals, and no real review accepts them. `is_rehearsal`: the case is made up, and nothing is sent
    outside the rehearsal. `is_silent`: no advice is shown before the result, because the person first says what they
    would do. `link`, followed by a room's code, opens this bot; it is empty if strangers cannot join. `pages` is the
    address where people without an account join a room; it is empty if there are no web pages.
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
        # Periods and points are those of the instrument that the case began with; the board's names are today's.
        places = {**self.pack.instrument.edition.places, **self.pack.names}
        object.__setattr__(self, "wording", self.wording.of_pack(places))
        # A channel without words for who can read it would fail at the first card: better that it never starts.
        missing = [key for key in self.channel.words if key not in self.wording]
        if missing:
            raise PackFault(
                tuple(f"wording.{key}: missing; say it for the channel {self.channel.name!r}" for key in missing)
            )
