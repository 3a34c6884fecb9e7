"""What a pack says once and many sentences name: `{front_door}`, `{category.2.from}`. They are filled before a text is read."""

import re
from collections.abc import Iterator, Mapping, Sequence

from seraf.reading.toml.tables import TomlTable

Places = Mapping[str, str]
"""What stands in each place, by its name."""

PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.:-]*)\}")

NEEDED = ("front_door", "front_door_full", "duty_team", "duty_team_short", "specialist")
"""The names that every board has: the bot's own sentences say them."""

OTHERS = "others"
"""The table of further names, which a board's own sentences say."""

PLACE_NAME = re.compile(r"[a-z][a-z_]{1,39}")

FORMER = "former"
"""The key with names of another board, from whose pack this one was made: no text may have them."""

LOCAL = "local"
"""The key with words for what only this board has, such as a service: a pack that is begun from this one has them as `former`."""

FILLED_LATER = {"guidance.toml": frozenset({"whom"}), "calling.toml": frozenset({"items", "item", "last", "count"})}
"""Places of a file that are filled when somebody is told."""

TAKEN = frozenset({"whom", "items", "item", "last", "count", "what", "name", "board"})
"""What no name may be called: these are filled with something else, in made-up cases too."""

LONGEST_NAME = 80

A_YEAR = 12
"""Its months."""

WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
"""Numbers as they are written in a sentence."""

REVIEW_MONTHS = 3
"""At least every three months, unless a board says otherwise (“When to complete a SERAF”)."""


def read_names(table: TomlTable, *, is_kept: bool) -> dict[str, str]:
    """What the board calls whom, each as it stands within a sentence; an instrument of an earlier release may have none."""
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
        if not PLACE_NAME.fullmatch(key) or key in (*TAKEN, *NEEDED) or key.endswith("_name"):
            others.fault(key, "cannot be the name of a place; write small letters and _, such as duty_team")
    return named | {key: _name(others, key) for key in others.raw}


def _name(table: TomlTable, key: str) -> str:
    name = table.text(key, limit=LONGEST_NAME)
    if "{" in name or "}" in name:
        table.fault(key, "has a brace; write the name itself")
    return name


def names_in(raw: Mapping[str, object]) -> dict[str, str]:
    """Each name as it stands within a sentence, at its beginning (`{Duty_team}`), and by itself (`{duty_team_name}`)."""
    named, head, places = raw.get("names"), raw.get("instrument"), dict[str, str]()
    others = named.get(OTHERS) if isinstance(named, dict) else None
    board = {"board": head.get("board")} if isinstance(head, dict) else {}
    given = {key: named.get(key) for key in NEEDED} if isinstance(named, dict) else {}
    for key, name in {**given, **(others if isinstance(others, dict) else {}), **board}.items():
        if not isinstance(name, str):
            continue
        # A name that is missing is one fault: elsewhere its letters stand for it, so that no sentence has a fault of its own.
        name = name if name.strip() else "".join(word[:1] for word in key.split("_")).upper()
        places |= {key: name, key.capitalize(): capital(name), f"{key}_name": capital(name.removeprefix("the "))}
    return places


def places_in(raw: Mapping[str, object]) -> dict[str, str]:
    """All places that an instrument file gives: its names and its numbers. What is not as it should be is left out."""
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
    return {**places, "review_word": places["review:word"], **_of_two_windows(raw, places)}


def _of_two_windows(raw: Mapping[str, object], places: Places) -> dict[str, str]:
    """What the bot's own sentences say of the first section that has a window now and one before; nothing where none has."""
    for section in _rows(raw, "sections"):
        name = section.get("id")
        options = [row.get("points") for row in _rows(section, "options") if row.get("means") == "current"]
        points = [each for each in options if isinstance(each, int)]
        if f"reach.{name}" in places and points:
            return {
                "window_word": places[f"window.{name}:word"],
                "before_word": places[f"before.{name}:word"],
                "earlier_span": f"{places[f'window.{name}']}–{places[f'reach.{name}']}",
                "most_points": str(max(points)),
                "current_points": str(points[0]),
            }
    return {}


def figures_in(raw: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Every number that a sentence may name: windows and points by section, points that are added, bands, the review."""
    for section in _rows(raw, "sections"):
        yield from _windows(str(section.get("id")), section.get("windows"))
        yield from (
            (f"points.{section.get('id')}.{each.get('id')}", points)
            for each in _rows(section, "options")
            if type(points := each.get("points")) is int
        )
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
    """The table with its places filled; one that is not known stays as it is, so that the reader finds it."""
    # The names are what fills, and are never filled: a brace in one of them is a fault, to be seen as it was written.
    told = {key: value if key == "names" else _told(value, places) for key, value in table.raw.items()}
    return TomlTable(table.path, told, table.faults)


def texts_in(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text within parsed TOML with its path, in the order of the file."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(each, f"{path}.{key}")
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from texts_in(each, f"{path}[{at}]")


def fill(text: str, places: Places) -> str:
    """The text with its places filled."""
    return PLACE.sub(lambda found: places.get(found[1], found[0]), text) if "{" in text else text


def in_word(number: int) -> str:
    """The number as it is written in a sentence."""
    return WORDS[number] if 0 <= number < len(WORDS) else str(number)


def capital(text: str) -> str:
    """The text as it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _windows(section: str, windows: object) -> Iterator[tuple[str, int]]:
    months = windows if isinstance(windows, list) and all(type(each) is int for each in windows) else []
    if months:
        yield f"window.{section}", months[0]
    if len(months) > 1:
        yield f"reach.{section}", months[1]
        yield f"before.{section}", months[1] - months[0]


def _told(value: object, places: Places) -> object:
    if isinstance(value, str):
        return fill(value, places)
    if isinstance(value, dict):
        return {key: _told(each, places) for key, each in value.items()}
    return [_told(each, places) for each in value] if isinstance(value, list) else value


def _rows(raw: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    rows = raw.get(key)
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []
