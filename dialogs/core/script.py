"""What a turn and a card need besides the session: the pack, the bot's wording, and what the channel can do."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Protocol

from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.pack import Pack
from seraf.review.carry_over import Carried
from seraf.search.index import Index


@dataclass(frozen=True, slots=True)
class Wording:
    """The bot's sentences, each under a dotted key of the wording file. `places_of_pack` fills placeholders from the pack."""

    texts: Mapping[str, str]
    places_of_pack: Mapping[str, str] = field(default_factory=dict, repr=False)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence with this key and fill its placeholders. Raise `KeyError` if the key or a value is missing."""
        text = self.texts[key]
        if "{" not in text:
            return text.format() if "}" in text else text
        try:
            return text.format_map(values)
        except KeyError:  # few sentences have a place that the pack fills, so `values` are tried alone first
            return text.format_map({**self.places_of_pack, **values})

    def of_pack(self, places: Mapping[str, str]) -> "Wording":
        """Return the same sentences, with `places` as the values of placeholders that the pack fills."""
        return replace(self, places_of_pack=places)

    def say_first(self, *keys: str) -> str:
        """Return the sentence of the first of these keys that exists. Raise `KeyError` if none of them does."""
        return self.say(next((key for key in keys if key in self.texts), keys[-1]))

    def on(self, channel: str) -> "Wording":
        """Return the wording for one channel. Where there is a sentence `<channel>.<key>`, it replaces the sentence `<key>`."""
        own = {
            key.removeprefix(f"{channel}."): text for key, text in self.texts.items() if key.startswith(f"{channel}.")
        }
        return Wording({**self.texts, **own})

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def places(self, key: str) -> frozenset[str]:
        """Return the names of the placeholders in this sentence that the caller of `say` has to fill."""
        named = {name for _, name, _, _ in Formatter().parse(self.texts[key]) if name}
        return frozenset(named - self.places_of_pack.keys())


def read_wording(content: bytes) -> Wording:
    """Return the wording from a TOML file of nested tables of texts. Raise `PackFault` with every fault of the file."""
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
    """What a channel can do. `name` selects the sentences that say who can read along.

    `keeps`: a conversation survives when its window closes. `can_empty`: the chat can be emptied. `dials`: a tap on a
    number in international form dials it. `copies`: a button can copy a text. `sends_files`: a file can be sent with a
    card. `draws_pages`: a card is a page with room for more than its paragraphs and rows.
    """

    name: str
    keeps: bool
    can_empty: bool
    dials: bool = False
    copies: bool = False
    sends_files: bool = False
    draws_pages: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Return the keys of the sentences that must exist for the channel: who can read along, and how it delivers a summary."""
        return (f"reader.{self.name}", f"to-summary.{self.name}")


class Codes(Protocol):
    """A writer and reader of review codes. The same assessment with the same secret key always gives the same code."""

    def write(self, carried: Carried) -> str:
        """Return the code of a finished assessment, grouped as people copy it."""

    def read(self, code: str) -> Carried | None:
        """Return the assessment in a code, or None if the code was made with another secret key or was copied wrongly."""

    def instrument(self, fingerprint: str) -> Instrument:
        """Return the instrument with this fingerprint. Raise `KeyError` if it is not known."""


class Screening(Protocol):
    """A check of typed text for anything that could identify a person. No such check finds everything."""

    def could_be(self, text: str) -> tuple[str, ...]:
        """Return the kinds of identifier that the text may contain, each once, by their keys under `identifier` in the wording."""


class Questioning(Protocol):
    """What a question in somebody's own words is looked up with: the index of the pack, and the check of what is typed."""

    @property
    def index(self) -> Index: ...

    @property
    def screening(self) -> Screening: ...

    def prepare(self) -> None:
        """Make both now. Else they are made for the first question."""


@dataclass(frozen=True, slots=True)
class NoteTaking:
    """How notes are taken: the check that each has to pass, and for how many days an unfinished or finished case is stored."""

    screening: Screening
    unfinished_days: int = 0
    finished_days: int = 0


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Where an invitation code can be entered: in the bot's chat, on its web pages, or both.

    `pages` is the address of the web pages, or empty if no code can be entered there.
    """

    chat: bool = True
    pages: str = ""

    @property
    def word(self) -> str:
        """Return the last part of the wording keys for these ways in: `chat`, `pages` or `either`."""
        if not self.pages:
            return "chat"
        return "either" if self.chat else "pages"


@dataclass(frozen=True, slots=True)
class Script:
    """What a turn and a card need besides the session, the event and the time.

    Without `codes`, no review codes are offered; without `notes`, no typed text is stored; without `asking`, no
    question is looked up. `rehearsal_codes` are
    used in rehearsals, and no real review accepts them. `is_rehearsal`: the case is made up, and nothing is sent
    outside the rehearsal. `is_silent`: no advice is shown before the result, because the person first says what they
    would do. `link`, followed by a room's code, opens this bot; it is empty if strangers cannot join. `pages` is the
    address where people without an account join a group rehearsal; it is empty if there are no web pages. `shares`: a
    colleague can be asked for a second look. `hides_notes`: what was typed belongs on the pages alone, and is neither shown nor
    sent here.
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
    shares: bool = False
    asking: Questioning | None = None
    hides_notes: bool = False

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
