"""Placeholders for what a pack states once, such as `{front_door}`. They are filled before a pack is parsed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from seraf.reading.toml.tables import TomlTable

Places = Mapping[str, str]
"""The values of placeholders, by name."""

PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.:-]*)\}")

NEEDED = ("front_door", "front_door_full", "duty_team", "duty_team_short", "specialist")
"""The names that every board must give: the bot's own sentences contain them."""

OTHERS = "others"
"""The table of further names, for the board's own sentences."""

FORMER = "former"
"""The key of the names of the board from whose pack this one was copied. No text may contain one of them."""

LOCAL = "local"
"""The key of names that only this board has, such as that of a service. A copy of the pack lists them as `former`."""

FILLED_LATER = {"guidance.toml": frozenset({"whom"}), "calling.toml": frozenset({"items", "item", "last", "count"})}
"""For each file, the placeholders that are filled only when a text is shown."""

TAKEN = frozenset({"whom", "items", "item", "last", "count", "what", "name", "board"})
"""The names that a pack cannot define: these placeholders have other values."""

LONGEST_NAME = 80

A_YEAR = 12
"""The number of months in a year."""

WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
"""The numbers from 0 to 20 in words."""

REVIEW_MONTHS = 3
"""The default number of months between reviews (“When to complete a SERAF”)."""


def read_names(table: TomlTable, *, is_kept: bool) -> dict[str, str]:
    """Return the board's names as they are written within a sentence. With `is_kept`, missing names are no fault."""
    rows = table.table("names")
    if rows is None:
        if not is_kept:
            table.fault("names", f"missing; write a table [names] with {', '.join(NEEDED)}")
        return {}
    rows.texts(FORMER)
    rows.texts(LOCAL)
    named = {key: _name(rows, key) for key in NEEDED}
    others = rows.table(OTHERS)
    rows.close()
    if others is None:
        return named
    for key in others.raw:
        if not re.fullmatch(r"[a-z][a-z_]{1,39}", key) or key in (*TAKEN, *NEEDED) or key.endswith("_name"):
            others.fault(key, "cannot be the name of a place; write small letters and _, such as duty_team")
    return named | {key: _name(others, key) for key in others.raw}


def _name(table: TomlTable, key: str) -> str:
    name = table.text(key, limit=LONGEST_NAME)
    if "{" in name or "}" in name:
        table.fault(key, "has a brace; write the name itself")
    return name


def names_in(raw: Mapping[str, object]) -> dict[str, str]:
    """Return each name as written within a sentence, at its start (`{Duty_team}`), and alone (`{duty_team_name}`)."""
    named, head, places = raw.get("names"), raw.get("instrument"), dict[str, str]()
    others = named.get(OTHERS) if isinstance(named, dict) else None
    board = {"board": head.get("board")} if isinstance(head, dict) else {}
    given = {key: named.get(key) for key in NEEDED} if isinstance(named, dict) else {}
    for key, name in {**given, **(others if isinstance(others, dict) else {}), **board}.items():
        if not isinstance(name, str):
            continue
        # A missing name is one fault: its initials replace it elsewhere, so that no sentence has a fault of its own.
        name = name if name.strip() else "".join(word[:1] for word in key.split("_")).upper()
        places |= {key: name, key.capitalize(): capital(name), f"{key}_name": capital(name.removeprefix("the "))}
    return places


def places_in(raw: Mapping[str, object]) -> dict[str, str]:
    """Return the values of all placeholders of an instrument file: names and numbers. Wrong values are left out."""
    places = names_in(raw)
    for key, number in figures_in(raw):
        places |= {
            key: str(number),
            f"{key}:word": in_word(number),
            f"{key}:Word": capital(in_word(number)),
            f"{key}:points": f"{number} point{'' if number == 1 else 's'}",
            f"{key}:past": "past year" if number == A_YEAR else f"past {in_word(number)} months",
        }
    for row in _rows(raw, "bands"):
        if isinstance(row.get("name"), str):
            places[f"category.{row.get('category')}.name"] = str(row["name"])
    places["review_word"] = places["review:word"]
    # The bot's own sentences describe the first section with a current and an earlier window.
    for section in _rows(raw, "sections"):
        name = section.get("id")
        options = [row.get("points") for row in _rows(section, "options") if row.get("means") == "current"]
        points = [number for number in options if isinstance(number, int)]
        if f"reach.{name}" in places and points:
            return places | {
                "window_word": places[f"window.{name}:word"],
                "before_word": places[f"before.{name}:word"],
                "earlier_span": f"{places[f'window.{name}']}–{places[f'reach.{name}']}",
                "most_points": str(max(points)),
                "current_points": str(points[0]),
            }
    return places


def figures_in(raw: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Yield the numbers for placeholders by name: windows, points, additions, categories, and months to a review."""
    for section in _rows(raw, "sections"):
        name, windows = section.get("id"), section.get("windows")
        reach = windows if isinstance(windows, list) and all(type(number) is int for number in windows) else []
        if reach:
            yield f"window.{name}", reach[0]
        if len(reach) > 1:
            yield f"reach.{name}", reach[1]
            yield f"before.{name}", reach[1] - reach[0]
        for option in _rows(section, "options"):
            if type(points := option.get("points")) is int:
                yield f"points.{name}.{option.get('id')}", points
    bands = [(row.get("category"), edge) for row in _rows(raw, "bands") if type(edge := row.get("from")) is int]
    for at, (category, edge) in enumerate(bands):
        yield f"category.{category}.from", edge
        if at + 1 < len(bands):
            yield f"category.{category}.to", bands[at + 1][1] - 1
    for row in _rows(raw, "additions"):
        if type(points := row.get("points")) is int:
            yield f"added.{row.get('id')}", points
    head = raw.get("instrument")
    months = head.get("review_months") if isinstance(head, dict) else None
    yield "review", months if type(months) is int else REVIEW_MONTHS


def with_places(table: TomlTable, places: Places) -> TomlTable:
    """Return the table with its placeholders filled. Unknown placeholders stay, so that checks can find them."""
    # Names are values and are never filled: a brace in a name is a fault, to be shown as written.
    filled = {key: value if key == "names" else _filled(value, places) for key, value in table.raw.items()}
    return TomlTable(table.path, filled, table.faults)


def texts_in(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every string in a parsed TOML value, in file order."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from texts_in(inner, f"{path}[{at}]")


def fill(text: str, places: Places) -> str:
    """Return the text with its placeholders filled. Unknown placeholders stay."""
    return PLACE.sub(lambda match: places.get(match[1], match[0]), text) if "{" in text else text


def in_word(number: int) -> str:
    """Return the number as a sentence has it: up to 20 as a word."""
    return WORDS[number] if 0 <= number < len(WORDS) else str(number)


def capital(text: str) -> str:
    """Return the text with its first letter capitalised."""
    return text[:1].upper() + text[1:]


def _filled(value: object, places: Places) -> object:
    if isinstance(value, str):
        return fill(value, places)
    if isinstance(value, dict):
        return {key: _filled(inner, places) for key, inner in value.items()}
    return [_filled(inner, places) for inner in value] if isinstance(value, list) else value


def _rows(raw: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    rows = raw.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
