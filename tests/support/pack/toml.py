"""Writes values as TOML, so that a test can change one value of a pack's files and read the pack again."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from seraf.errors import PackFault
from seraf.pack import FILES, INTAKE, QUOTES, SEARCH, VIGNETTES, Pack
from seraf.reading.pack import read_pack

Raw = dict[str, Any]
"""The values of a parsed TOML file."""


def written(raw: Mapping[str, Any]) -> bytes:
    """Return the values as TOML, in UTF-8."""
    return "".join(f"{_text(key)} = {_value(value)}\n" for key, value in raw.items()).encode("utf-8", "surrogatepass")


def parsed(folder: Path) -> dict[str, Raw]:
    """Parse the required files of a pack, and those of the optional ones that it has."""
    names = [name for name in (*FILES, INTAKE, SEARCH, QUOTES) if (folder / name).exists()]
    return {name: tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in names}


def with_few_words(files: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return a smaller pack with little glossary and guide, which few faults concern, and few words to find things by."""
    searched = {kind: list(rows.items())[:2] for kind, rows in files.get(SEARCH, {}).items()}
    few: dict[str, Raw] = {
        SEARCH: {kind: dict(searched[kind]) for kind in ("items", "contacts", "commands", "asks") if kind in searched},
        "glossary.toml": {"terms": files["glossary.toml"]["terms"][:3]},
        "guide.toml": {kind: rows[-1:] for kind, rows in files["guide.toml"].items()},
    }
    return {name: few.get(name, raw) for name, raw in files.items()}


def stated(folder: Path, places: Mapping[str, str]) -> dict[str, Raw]:
    """Return the parsed files of a pack, with its placeholders filled in."""
    return {name: _stated(raw, places) for name, raw in parsed(folder).items()}


def _stated(value: Any, places: Mapping[str, str]) -> Any:
    match value:
        case str():
            return re.sub(r"{([^{}]+)}", lambda found: places.get(found[1], found[0]), value)
        case dict():
            return {key: _stated(each, places) for key, each in value.items()}
        case list():
            return [_stated(each, places) for each in value]
        case _:
            return value


def vignettes(folder: Path) -> dict[str, Raw]:
    """Parse every made-up case of a pack. Its agreed answers fit only the pack's own instrument and guidance."""
    paths = sorted((folder / VIGNETTES).glob("*.toml"))
    return {f"{VIGNETTES}{path.name}": tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def read(files: Mapping[str, Raw]) -> Pack:
    """Return the pack that these parsed files describe."""
    return read_pack({name: written(raw) for name, raw in files.items()})


def faults_of(files: Mapping[str, Raw]) -> tuple[str, ...]:
    """Return every fault of these files. Empty if they are a valid pack."""
    try:
        read(files)
    except PackFault as fault:
        return fault.faults
    return ()


def edited(folder: Path, name: str, edit: Callable[[Raw], object]) -> dict[str, Raw]:
    """Return the parsed files of a pack, after `edit` has changed one of them in place."""
    files = parsed(folder)
    edit(files[name])
    return files


Asks = tuple[tuple[str, frozenset[str]], ...]


def meant(condition: Mapping[str, list[Any]], groups: Mapping[str, Mapping[str, list[str]]]) -> Asks:
    """Return what a condition asks, with each group name replaced by the options of the group."""
    lists = [(key, words) for key, given in condition.items() for words in (given if _is_nested(given) else [given])]
    return tuple(
        (key, frozenset(word for each in words for word in groups.get(key, {}).get(each, [each])))
        for key, words in lists
    )


def _is_nested(given: list[Any]) -> bool:
    return bool(given) and isinstance(given[0], list)


def groups_of(files: Mapping[str, Raw]) -> dict[str, dict[str, list[str]]]:
    """Return the groups of options that the files of a pack define, by fact and name."""
    named: dict[str, dict[str, list[str]]] = {}
    for raw in files.values():
        for key, groups in raw.get("groups", {}).items():
            named[key] = {**named.get(key, {}), **groups}
    return named


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case dict():
            return "{" + ", ".join(f"{_text(key)} = {_value(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(_value(each) for each in value) + "]"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class Absent:
    """The class of `ABSENT`. Its `repr` is the same in every process, as the ids of parametrised tests must be."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()
"""Stands for a value that is to be removed."""


def put(raw: Any, path: str, value: object) -> None:
    """Set the value at a dotted path (a number is a list index), or remove it if the value is `ABSENT`."""
    *way, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    for step in way:
        raw = raw[step]
    if value is ABSENT:
        del raw[last]
    elif isinstance(last, int) and last == len(raw):
        raw.append(value)
    else:
        raw[last] = value
