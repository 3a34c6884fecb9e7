"""What a made-up case has around its statements: which texts there must be, and how long each may be."""

from collections.abc import Iterable

from seraf.cases.fragments import PLACES
from seraf.reading.toml.tables import TomlTable

Bounds = tuple[int, int, int]
"""The fewest and the most words, and the most characters."""

LINE: Bounds = (8, 17, 110)
"""A statement. With these bounds eight statements always make a case of 120 to 250 words, and four fit a card."""

FRAMES: dict[str, Bounds] = {
    "intro": (5, 12, 80),
    "no_worker": (4, 8, 60),
    "worker": (4, 8, 60),
    "school": (5, 8, 60),
    "school_none": (5, 8, 60),
    "services": (5, 8, 60),
    "services_none": (5, 8, 60),
    "safe": (13, 20, 130),
    "yes": (13, 20, 130),
    "uneasy": (13, 20, 130),
    "not_sure": (13, 20, 130),
    "no": (13, 20, 130),
    "rest": (18, 26, 150),
}
"""The sentences around the statements, each in several ways: who it is about, what else is known, how the child is, your view."""

BECAUSE = (
    *("present", "current", "earlier", "wide", "suspected", "outside", "absent", "rest", "unknown", "family"),
    *("family_present", "worker", "first", "safe", "yes", "not_sure", "no"),
)
"""Why an answer is the agreed one, by how it was told."""

CALLS = ("yes", "high", "discussion", "could_be_higher", "low")
"""Why the first call is the one of the key."""

VARIANTS = 2
"""The fewest ways of saying a thing."""


def read_frames(table: TomlTable) -> dict[str, tuple[str, ...]]:
    """The sentences around the statements."""
    frames = {}
    for key, bounds in FRAMES.items():
        frames[key] = table.texts(key, at_least=VARIANTS)
        judge(table, key, texts=frames[key], bounds=bounds)
    table.close()
    return frames


def read_reasons(table: TomlTable, keys: Iterable[str]) -> dict[str, str]:
    """Texts without places, one at each key."""
    reasons = {key: table.text(key, limit=200) for key in keys}
    table.close()
    return reasons


def judge(table: TomlTable, key: str, *, texts: Iterable[str], bounds: Bounds) -> None:
    """Note every text that is too short or too long, does not end as a sentence does, or has a place that there is not."""
    fewest, most, longest = bounds
    for text in texts:
        words = len(text.split())
        if not fewest <= words <= most:
            table.fault(key, f"{text!r} has {words} words; write {fewest} to {most}")
        if len(text) > longest:
            table.fault(key, f"{text!r} has {len(text)} characters; at most {longest} fit")
        if not text.endswith((".", "?", "!", "”")):
            table.fault(key, f"{text!r} does not end as a sentence does")
        judge_places(table, key, text=text)


def judge_places(table: TomlTable, key: str, *, text: str, known: Iterable[str] = PLACES) -> None:
    """Note braces that are no place."""
    rest = text
    for place in known:
        rest = rest.replace(f"{{{place}}}", "")
    if "{" in rest or "}" in rest:
        table.fault(key, f"{text!r} has a place that is not known here; known: {', '.join(sorted(known))}")


def sub(table: TomlTable, key: str) -> TomlTable:
    """The table at a key; where there is none, an empty one, with the fault noted once."""
    found = table.table(key)
    if found is None and key not in table.raw:
        table.fault(key, f"missing; write a table [{key}]")
    return found or TomlTable(f"{table.path}.{key}", {}, type(table.faults)())
