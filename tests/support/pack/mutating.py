"""Damages a valid pack at one random place. Each kind of damage states whether the result can still be a valid pack."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support.pack.toml import Raw

OPTIONAL = {"note", "gloss", "value", "checked_on", "hours", "if", "also", "notes", "additions", "alerts", "enough"}
OPTIONAL |= {"missing", "questions", "dial", "review_after", "review_due"}
OPTIONAL |= {"missing", "questions", "short", "words", "roles"}
OPTIONAL |= {"ask", "why", "spoken", "asking", "family_harm", "assault"}
OPTIONAL |= {"groups"}
OPTIONAL |= {"circumstances", "evidence", "contacts", "yes_when", "reason", "card", "at_once", "rest"}
OPTIONAL |= {"deadlines", "whom", "actions", "details", "minutes", "at_close", "opens", "working_days", "months"}
OPTIONAL |= {"calls", "covers", "folded", "refers", "asks", "from_now", "again"}
OPTIONAL |= {"says", "heading", "law", "ours"}
OPTIONAL |= {"themes", "rules", "cites", "other", "other_because"}
OPTIONAL |= {"needs", "worker", "telling", "ages", "unless", "follows", "concern", "school", "services", "child"}
"""TOML keys that a table may lack."""

EMPTY = {"note", "gloss", "value", "why", "spoken", "short", "cites", "within", "reminder"}
"""TOML keys whose text may be empty."""

SEARCHED = {"items", "contacts", "commands", "asks"}
"""The tables of `search.toml` in a shortened pack. Each may be missing, and so may the words of anything."""

CONDITIONS = ("if", "when", "yes_when")


@dataclass(frozen=True, slots=True)
class Spot:
    """One value within parsed TOML: the table or list that contains it, its key there, and the path from the top."""

    holder: Any
    key: Any
    way: tuple[Any, ...]

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    @property
    def is_in_condition(self) -> bool:
        """True if the value is within a condition (`if`, `when` or `yes_when`)."""
        return len(self.way) > 1 and any(step in CONDITIONS for step in self.way[:-1])

    @property
    def is_group(self) -> bool:
        """True if the value is a named group of options, a name that only one board uses, or what finds a command or tests
        the search. A pack may choose such keys freely, and leave them out where nothing refers to them.
        """
        is_free = self.way[0] in ("commands", "asks") and self.is_searched and len(self.way) == 2
        return is_free or self.way[0] == "groups" or self.way[:2] == ("names", "others")

    @property
    def is_searched(self) -> bool:
        """True if the value is a table of words to find things by, or the words of one thing."""
        is_named = len(self.way) == 2 and isinstance(self.key, str)
        return self.way[0] in SEARCHED and (isinstance(self.value, dict) or is_named)


Spoil = Callable[[random.Random, Raw], bool]
"""A function that makes a random change in a parsed file. It returns False if no value there could be changed."""


def spots(raw: Any, way: tuple[Any, ...] = ()) -> Iterator[Spot]:
    """Yield every value of a parsed file, at every depth."""
    steps = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in steps:
        yield Spot(raw, key, (*way, key))
        yield from spots(value, (*way, key))


def _one(draw: random.Random, raw: Raw, fits: Callable[[Spot], bool]) -> Spot | None:
    fitting = [spot for spot in spots(raw) if fits(spot)]
    return draw.choice(fitting) if fitting else None


MAY_BE_LEFT_OUT = {("contacts", "when"), ("sections", "windows"), ("mirror", "mirror"), ("say", "sections")}
MAY_BE_LEFT_OUT |= {("names", "local"), ("sections", "within"), ("sections", "reminder")}
"""TOML keys, each with its top-level table, that may be missing there but are required in other tables."""


def _is_needed(spot: Spot) -> bool:
    may_be_left_out = (str(spot.way[0]), str(spot.key)) in MAY_BE_LEFT_OUT
    is_named = isinstance(spot.holder, dict) and not spot.is_group and not spot.is_searched
    return is_named and spot.key not in OPTIONAL and not may_be_left_out


def drop_needed(draw: random.Random, raw: Raw) -> bool:
    """Remove a TOML key that is required."""
    spot = _one(draw, raw, lambda spot: _is_needed(spot) and not spot.is_in_condition)
    return spot is not None and spot.holder.pop(spot.key) is not None


def drop_any(draw: random.Random, raw: Raw) -> bool:
    """Remove any value, such as a table of a list, an option in a condition, or a note."""
    spot = _one(draw, raw, lambda _: True)
    return spot is not None and spot.holder.pop(spot.key) is not None


def rename(draw: random.Random, raw: Raw) -> bool:
    """Misspell a TOML key."""
    spot = _one(draw, raw, lambda spot: isinstance(spot.holder, dict) and not spot.is_group)
    if spot:
        spot.holder[f"{spot.key}x"] = spot.holder.pop(spot.key)
    return spot is not None


def retype(draw: random.Random, raw: Raw) -> bool:
    """Replace a value by one of another type."""
    spot = _one(draw, raw, lambda _: True)
    others = [7, 1.5, "text", True, [1], {"x": 1}, date(2026, 1, 1)]
    if spot:
        spot.holder[spot.key] = draw.choice([each for each in others if type(each) is not type(spot.value)])
    return spot is not None


def repeat(draw: random.Random, raw: Raw) -> bool:
    """Duplicate a table that has an id."""
    spot = _one(draw, raw, lambda spot: isinstance(spot.holder, list) and "id" in _keys(spot.value))
    if spot:
        spot.holder.insert(draw.randrange(len(spot.holder) + 1), spot.value)
    return spot is not None


def unknown_word(draw: random.Random, raw: Raw) -> bool:
    """Let a condition test for an option that does not exist."""
    spot = _one(draw, raw, lambda spot: spot.is_in_condition and isinstance(spot.value, str))
    if spot:
        spot.holder[spot.key] = f"{spot.value}-or-so"
    return spot is not None


def unordered_bands(draw: random.Random, raw: Raw) -> bool:
    """Let a band begin at the same total as the one before it, or let the first band begin above 0."""
    spot = _one(draw, raw, lambda spot: spot.key == "from" and spot.way[0] == "bands")
    if spot:
        index = spot.way[1]
        spot.holder[spot.key] = draw.randint(1, 5) if index == 0 else raw["bands"][index - 1]["from"]
    return spot is not None


def misplaced_points(draw: random.Random, raw: Raw) -> bool:
    """Give points to an option that means absent or unknown."""
    spot = _one(draw, raw, lambda spot: spot.key == "points" and spot.holder.get("means") in ("absent", "unknown"))
    if spot:
        spot.holder[spot.key] = draw.randint(1, 9)
    return spot is not None


def hostile(draw: random.Random, raw: Raw) -> bool:
    """Replace a text with one that is too long, or that has control or invisible characters."""
    spot = _one(draw, raw, lambda spot: isinstance(spot.value, str))
    if spot:
        spot.holder[spot.key] = draw.choice(
            [f"{spot.value}x" * 1001, f"{spot.value}\x00", "\x1b[2J", "a\u202eb", "a\x7f"]
        )
    return spot is not None


def empty(draw: random.Random, raw: Raw) -> bool:
    """Replace a required text with an empty one."""
    spot = _one(draw, raw, lambda spot: isinstance(spot.value, str) and spot.key not in EMPTY and not _is_free(spot))
    if spot:
        spot.holder[spot.key] = draw.choice(["", "  ", "\n"])
    return spot is not None


def another_value(draw: random.Random, raw: Raw) -> bool:
    """Change a text, number, flag or date to another value of the same type."""
    spot = _one(draw, raw, lambda spot: isinstance(spot.value, str | int | date))
    if spot:
        spot.holder[spot.key] = _other(draw, spot.value)
    return spot is not None


def another_order(draw: random.Random, raw: Raw) -> bool:
    """Shuffle a list. In half of the cases it is a top-level list of the file, whose order may matter."""
    is_any = draw.random() < 0.5
    spot = _one(
        draw, raw, lambda spot: isinstance(spot.value, list) and len(spot.value) > 1 and _is_outer(spot, is_any)
    )
    if spot:
        draw.shuffle(spot.value)
    return spot is not None


NEVER_A_PACK: tuple[Spoil, ...] = (
    *(drop_needed, rename, retype, repeat, unknown_word, unordered_bands, misplaced_points, hostile, empty),
)
"""Kinds of damage after which the pack must be refused."""

PERHAPS_A_PACK: tuple[Spoil, ...] = (drop_any, another_value, another_order)
"""Kinds of damage after which the pack may still be valid."""


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def _is_outer(spot: Spot, is_any: bool) -> bool:
    return is_any or len(spot.way) == 1


def _is_free(spot: Spot) -> bool:
    return bool(spot.key == "when" and spot.way[0] == "contacts")


def _other(draw: random.Random, value: str | int | date) -> str | int | date:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return draw.choice([f"{value}x", f"{value} x", value[:-1] or "x", value.upper()])
    return draw.choice([0, value + 1, 12]) if isinstance(value, int) else date(2031, 12, 31)
