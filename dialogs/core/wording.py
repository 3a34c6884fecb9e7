"""Every word that the bot says of its own, by key. It reads the wording file and knows no pack."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Formatter

from seraf.errors import PackFault


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
