"""A new pack, begun from another: its texts, with everything left empty that only the new board can say."""

import re
import tomllib
from collections.abc import Iterator, Mapping

from seraf.pack import FILES, QUOTES
from seraf.reading.toml.places import FORMER, LOCAL, NEEDED, names_in

STAYS = ("999", "101", "")
"""Numbers that are the same for everybody, and that of people who have none."""

EDITION = "draft 1, not checked against the form"

EMPTIED = re.compile(r"^(?P<key>safeguarding_board|safeguarding_board_short|" + "|".join(NEEDED) + r')( = )".*?"')
LINE = re.compile(r'^(?P<key>\w+) = "(?P<text>[^"]*)"')


def begun_from(files: Mapping[str, bytes], board: str) -> dict[str, bytes]:
    """Return the files of a new pack. The made-up cases of the other board stay behind: they are about its form and its windows.

    The hashes of its guidance come along: until there are those of another, a sentence that is quoted has to stand in it.
    """
    texts = {name: files[name].decode("utf-8") for name in FILES}
    raw = tomllib.loads(texts["instrument.toml"])
    was, former = str(raw["instrument"]["board"]), tuple(former_names_of(raw))
    made = {
        name: text.replace(was, board) if name == "instrument.toml" else _comments(text, was, board=board)
        for name, text in texts.items()
    }
    made["instrument.toml"] = "".join(_instrument(made["instrument.toml"], former))
    made["contacts.toml"] = re.sub(r"\n{3,}", "\n\n", "".join(_contacts(made["contacts.toml"])))
    quotes = {QUOTES: files[QUOTES]} if QUOTES in files else {}
    return {name: text.encode("utf-8") for name, text in made.items()} | quotes


def former_names_of(raw: Mapping[str, object]) -> Iterator[str]:
    """Yield what a board calls whom, and what only it has, as none of another's sentences may: the longest first."""
    names = {name for key, name in names_in(raw).items() if key.endswith("_name") and name != name.capitalize()}
    named = raw.get("names")
    local = named.get(LOCAL, ()) if isinstance(named, dict) else ()
    yield from sorted({*names, *local}, key=lambda name: (-len(name), name))


def _comments(text: str, was: str, *, board: str) -> str:
    """Return the text with the board's name put right in comments; in sentences it is a place."""
    return "".join(
        line.replace(was, board) if line.lstrip().startswith("#") else line for line in text.splitlines(keepends=True)
    )


def _instrument(text: str, former: tuple[str, ...]) -> Iterator[str]:
    """No name, no edition and no item that somebody checked: all of that was the other board's."""
    for line in text.splitlines(keepends=True):
        if line.startswith((f"{LOCAL} = ", "# What is only here")):
            continue
        if line.startswith("[names.others]"):
            listed = ", ".join(f'"{name}"' for name in former)
            yield f"{FORMER} = [{listed}] # no text may have these\n\n"
        line = EMPTIED.sub(r'\g<key>\2""', line)
        line = re.sub(r'^edition = ".*"', f'edition = "{EDITION}"', line)
        yield re.sub(r"^verified = true", "verified = false", line)


def _contacts(text: str) -> Iterator[str]:
    """No number but those that everybody has, none that somebody confirmed, and nothing of when the other board's answer."""
    keeps = True
    for line in text.splitlines(keepends=True):
        found = LINE.match(line)
        if found and found["key"] == "value":
            keeps = found["text"] in STAYS
            yield line if keeps else 'value = ""\n'
        elif keeps:
            yield line
        elif found and found["key"] == "when":
            yield 'when = ""\n'
        elif not line.startswith(("checked_on", "  ")):
            yield line.replace("confirmed = true", "confirmed = false")
