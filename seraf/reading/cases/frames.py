"""The sentences around the statements of a made-up case: which ones are needed, and how long each may be."""

from collections.abc import Iterable

from seraf.cases.fragments import DATED, PLACES, TIMES
from seraf.reading.toml.tables import TomlTable
from seraf.rehearsal.checking import unclear_place

Bounds = tuple[int, int, int]
"""The minimum and maximum number of words of a text, and its maximum number of characters."""

LINE: Bounds = (10, 19, 125)
"""The bounds of a statement. Eight of these make a case of 120 to 250 words, and four fit on a card."""

NOW: Bounds = (13, 23, 140)
"""The bounds of a text about the child's situation today, including what was disclosed."""

FRAMES: dict[str, Bounds] = {
    "intro": (5, 11, 80),
    "no_worker": (4, 7, 60),
    "worker": (4, 7, 60),
    "school_none": (5, 8, 60),
    "services_none": (5, 8, 60),
    "review": (7, 12, 80),
    "uneasy": (10, 16, 110),
    "rest": (18, 25, 150),
}
"""The bounds of each sentence around the statements: introduction, social worker, gaps, review, unease and closing."""

BECAUSE = (
    *("ever", "present", "current", "earlier", "wide", "suspected", "outside", "absent", "rest", "unknown", "family"),
    *("family_present", "safe", "untold", "worker", "no_worker", "first", "review"),
)
"""The keys of the reasons for agreed answers. A reason says, for example, how something became known."""

CALLS = ("danger", "told", "yes", "high", "harm", "discussion", "could_be_higher", "low")
"""The keys of the reasons for the first call."""

WAYS, VARIANTS = 3, 2
"""The minimum number of wordings of a sentence, and that of other variants, such as narrators of a statement."""

MAX_OWN, MAX_RULE = 110, 89
"""The maximum number of characters of a reason in the words of the case, and of the reason that follows on its card."""

MAX_NAME, MAX_TIME = 10, 20
"""The maximum number of characters of a first name, and of a wording for a period."""

LONGEST = {**dict.fromkeys(DATED - PLACES, "eighteen months gone"), "name": "N" * MAX_NAME}
"""For each of these placeholders, the value with the most words and characters."""


def read_frames(table: TomlTable) -> dict[str, tuple[str, ...]]:
    """Return the wordings of each sentence around the statements. The keys are those of `FRAMES`."""
    frames = {key: table.texts(key, at_least=WAYS) for key in FRAMES}
    for key, bounds in FRAMES.items():
        judge(table, key, texts=frames[key], bounds=bounds)
    return table.closed(frames)


def read_times(table: TomlTable) -> dict[str, tuple[str, ...]]:
    """Return the wordings of each period. The keys are the members of `TIMES`."""
    times = {key: table.texts(key, at_least=WAYS) for key in TIMES}
    for key, texts in times.items():
        for text in texts:
            if len(text) > MAX_TIME:
                table.fault(key, f"{text!r} has {len(text)} characters; at most {MAX_TIME} fit")
    return table.closed(times)


def read_reasons(table: TomlTable, keys: Iterable[str], *, limit: int) -> dict[str, tuple[str, ...]]:
    """Return the wordings of the reason for each of these keys."""
    reasons = {key: table.texts(key, at_least=VARIANTS) for key in keys}
    for key, texts in reasons.items():
        for text in texts:
            judge_places(table, key, text=text, known=("what", "name"))
            if len(text) > limit:
                table.fault(key, f"{text!r} has {len(text)} characters; at most {limit} fit")
    return table.closed(reasons)


def judge(table: TomlTable, key: str, *, texts: Iterable[str], bounds: Bounds) -> None:
    """Record a fault for each text that is too short or long, has no closing mark, or has an unclear pronoun."""
    fewest, most, longest = bounds
    for text in texts:
        whole = at_longest(text)
        words = len(whole.split())
        if not fewest <= words <= most:
            table.fault(key, f"{text!r} has {words} words; write {fewest} to {most}")
        if len(whole) > longest:
            table.fault(key, f"{text!r} has {len(whole)} characters; at most {longest} fit")
        if not text.endswith((".", "?", "!", "”")):
            table.fault(key, f"{text!r} does not end as a sentence does")
        judge_places(table, key, text=text, known=DATED)
        judge_who(table, key, text=text)


def at_longest(text: str) -> str:
    """Return the text with each placeholder replaced by its longest value."""
    for place, words in LONGEST.items():
        text = text.replace(f"{{{place}}}", words)
    return text


def read_reason(table: TomlTable, key: str, *, limit: int, known: Iterable[str]) -> str:
    """Return a reason. It may contain only the placeholders in `known`, and must fit with their longest values."""
    text = table.text(key)
    if len(at_longest(text)) > limit:
        table.fault(key, f"{len(at_longest(text))} characters; at most {limit} fit")
    judge_places(table, key, text=text, known=known)
    judge_who(table, key, text=text)
    return text


def judge_who(table: TomlTable, key: str, *, text: str) -> None:
    """Record a fault if a pronoun could mean somebody other than the child."""
    if word := unclear_place(text):
        table.fault(key, f"{text!r} could mean two people by {word!r}; write {{name}}, or who else it is")


def judge_places(table: TomlTable, key: str, *, text: str, known: Iterable[str] = PLACES) -> None:
    """Record a fault if the text has braces that are not one of the placeholders in `known`."""
    rest = text
    for place in known:
        rest = rest.replace(f"{{{place}}}", "")
    if "{" in rest or "}" in rest:
        table.fault(key, f"{text!r} has a place that is not known here; known: {', '.join(sorted(known))}")


def sub(table: TomlTable, key: str) -> TomlTable:
    """Return the table under a key. If there is none, record one fault and return an empty table."""
    rows = table.table(key)
    if rows is None and key not in table.raw:
        table.fault(key, f"missing; write a table [{key}]")
    return rows or TomlTable(f"{table.path}.{key}", {}, type(table.faults)())
