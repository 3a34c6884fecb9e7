"""Faults of a pack as somebody finds them in an editor: file, line, which table counted from 1, and what to do in plain words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

FAULT = re.compile(r"(?P<file>[\w/.-]+?\.toml)(?:\.(?P<path>[^:]*))?: (?P<what>.*)", re.DOTALL)
STEP = re.compile(r"(?P<key>[^.\[\]]+)(?:\[(?P<at>\d+)\])?")
HEADER = re.compile(r"\s*(?P<many>\[)?\[(?P<name>[^\]]+)\]")
KEY = re.compile(r'\s*"?(?P<key>[\w-]+)"?\s*=')
BROKEN_AT = re.compile(r"at line (\d+)")
LOST = "is not one of: "
EMPTY = "has no items"
SAME = re.compile(rf"(?P<file>[\w/.-]+), line (?P<line>\d+)(?: \([^)]*\))?: (?P<what>'[^']*' {LOST}.*)", re.DOTALL)
UNQUOTED = re.compile(rf"'[^']*' {LOST}")
QUOTED = re.compile(r"^'([^']+)'")
WORD = re.compile(r"(?:has|says) '([^']+)'")
UNKNOWN = re.compile(r"not a key that is known here; known: (.*)", re.DOTALL)

UNREADABLE = ("missing; a pack has this file", "not TOML", "not UTF-8", "nested deeper")
CURLY = 'curly quotes stand around a text; write straight ones (")'
UK_DATE = "a date is written year first and without quotes, such as 2027-01-31"
MOST_PLACED = 60
"""Faults whose lines are looked for: a few more than are ever printed, since looking takes long in a large file."""

NO_END = "a list or a text is not closed before the file ends"
MARK = "\ufeff"
NO_MARK = "the file begins with an invisible mark; save it as UTF-8 without BOM"
PLAIN: Mapping[str, str] = {
    "not TOML: Cannot ": "this stands twice; a key stands once in its table, and a table in [ ] once in a file",
    "not TOML: Invalid value": (
        'no value stands after the =; write a text in straight quotes ("), a number, true or false, a date, or a list in [ ]'
    ),
    "not TOML: Expected newline": "more stands here than one value, or a quote or a bracket is missing",
    "not TOML: Expected '='": "a = is missing after the key",
    "not TOML: Unclosed array": "a list is not closed; end it with ]",
}
"""What a reader of TOML says, by how it begins, and what that is for somebody who has written a line."""


def placed_faults(faults: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The faults that can be put right now, each with its line. What others only follow from is left until these are gone."""
    texts = {name: content.decode("utf-8", "replace").splitlines() for name, content in files.items()}
    now = tuple(_without_echoes(tuple(_first(faults))))
    return tuple(
        dict.fromkeys((*_gathered([_placed(fault, texts) for fault in now[:MOST_PLACED]]), *now[MOST_PLACED:]))
    )


def _first(faults: Sequence[str]) -> Iterator[str]:
    """Files that cannot be read come first, then the form, since the others are judged by it."""
    broken = [fault for fault in faults if any(f": {each}" in fault for each in UNREADABLE)]
    form = [fault for fault in faults if fault.startswith("instrument.toml")]
    yield from broken or form or faults


def _without_echoes(faults: Sequence[str]) -> Iterator[str]:
    """One fault for one slip: a key that is missing and one that is misspelt in the same table are the same.

    So are an id that nothing has and one that nothing names.
    """
    meant = {fault: near for fault in faults if (near := _meant(fault))}
    echoes = {f"{fault.partition(': ')[0].rpartition('.')[0]}.{near}" for fault, near in meant.items()}
    is_renamed = any(f"section: {LOST}" in UNQUOTED.sub(LOST, fault) for fault in faults)
    for fault in faults:
        path, _, what = fault.partition(": ")
        if is_renamed and what.endswith(EMPTY):
            continue
        if fault in meant:
            yield f"{path}: is not a key; did you mean {meant[fault]!r}?"
        elif not (path in echoes and what.startswith("missing")):
            yield fault


def _gathered(placed: Sequence[str]) -> Iterator[str]:
    """What is wrong at several lines in the same words, as where an id was changed that they name, once with all of them."""
    alike = [SAME.fullmatch(each) for each in placed]
    lines: dict[tuple[str, str], list[int]] = {}
    for found in filter(None, alike):
        lines.setdefault((found["file"], found["what"]), []).append(int(found["line"]))
    for each, match in zip(placed, alike, strict=True):
        at = lines.pop((match["file"], match["what"]), None) if match else [0]
        if at:
            others = ", ".join(map(str, sorted(set(at[1:]))))
            yield f"{each}; the same at line {others}" if others else each


def _meant(fault: str) -> str:
    """The key that a misspelt one was likely to be; empty where it is like none."""
    path, _, what = fault.partition(": ")
    found = UNKNOWN.match(what)
    near = get_close_matches(path.rpartition(".")[2], found[1].split(", "), 1, 0.6) if found else []
    return near[0] if near else ""


def _placed(fault: str, texts: Mapping[str, Sequence[str]]) -> str:
    found = FAULT.match(fault)
    if found is None or found["file"] not in texts:
        return fault
    lines, what = texts[found["file"]], found["what"]
    if what.startswith("not UTF-8"):
        line = next((at for at, text in enumerate(lines, 1) if "\ufffd" in text), 1)
        return f"{found['file']}, line {line}: {what}"
    if what.endswith("(at end of document)"):
        return f"{found['file']}, line {len(lines)}: {NO_END}"
    if broken := BROKEN_AT.search(what):
        line = int(broken[1])
        return f"{found['file']}, line {line}: {_plainly(lines, line, what=what)}"
    line = line_at(found["path"] or "", lines, what=what)
    where = _counted(found["path"] or "", lines)
    return f"{found['file']}, line {line}{f' ({where})' if where else ''}: {_dated(what)}"


def _plainly(lines: Sequence[str], line: int, *, what: str) -> str:
    """What a slip in the writing of a file is most often."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    if re.search(r"=\s*\[?\s*[“”‘’]", text):
        return CURLY
    if re.search(r"=\s*\d{1,2}[/. -]\w+[/. -]\d{2,4}", text):
        return UK_DATE
    if text.count('"') % 2:
        return 'a text is not closed; end it with a straight quote (")'
    if line == 1 and text.startswith(MARK):
        return NO_MARK
    return next((plain for begins, plain in PLAIN.items() if what.startswith(begins)), what)


def _dated(what: str) -> str:
    return f"{what}; {UK_DATE}" if what.startswith("must be a date") else what


def line_at(path: str, lines: Sequence[str], *, what: str = "") -> int:
    """The line at which a path stands; of what is missing, that of its table; 1 where there is neither."""
    steps = [(each["key"], int(each["at"]) if each["at"] else None) for each in STEP.finditer(path)]
    start, end, left, first = 0, len(lines), steps, 0
    for depth in range(len(steps), 0, -1):
        found = _table(steps[:depth], lines)
        if found:
            # Of a fault about all tables of a kind, such as an id that stands twice, the line is looked for in the file.
            whole = depth == len(steps) and steps[-1][1] is None and lines[found[0]].lstrip().startswith("[[")
            (start, end), left, first = (0, len(lines)) if whole else found, steps[depth:], found[0]
            break
    if quoted := QUOTED.match(what):
        named = [at for at in range(start, end) if f'"{quoted[1]}"' in lines[at]]
        if named:
            return named[-1] + 1
    if not left:
        return first + 1
    key, at = left[0]
    for number in range(start, end):
        if (found_key := KEY.match(lines[number])) and found_key["key"] == key:
            return number + 1 + (_to_word(lines[number:end], what) or _into_list(lines[number:end], at))
    return start + 1


def _to_word(lines: Sequence[str], what: str) -> int:
    """How many lines further the word stands that a fault quotes, in a text of several lines; 0 where it has one."""
    found = WORD.match(what)
    if found is None or lines[0].count('"""') != 1:
        return 0
    return next((at for at, line in enumerate(lines) if found[1] in line), 0)


def _into_list(lines: Sequence[str], at: int | None) -> int:
    """How many lines further a row of a list stands, where the list has a line for each."""
    return at + 1 if at is not None and lines[0].rstrip().endswith("[") else 0


def _table(steps: Sequence[tuple[str, int | None]], lines: Sequence[str]) -> tuple[int, int] | None:
    """The lines of a table, from its header to the next; None where it has no header of its own."""
    wanted, seen = [key for key, _ in steps], dict[str, int]()
    for number, line in enumerate(lines):
        header = HEADER.match(line)
        if header is None or "=" in line.split("[", 1)[0]:
            continue
        name = header["name"].strip()
        if header["many"]:
            seen[name] = seen.get(name, -1) + 1
            for each in [each for each in seen if each.startswith(f"{name}.")]:
                del seen[each]
        if name.split(".") == wanted and all(
            at is None or seen.get(".".join(wanted[: depth + 1])) == at for depth, (_, at) in enumerate(steps)
        ):
            return number, _end(lines, number, name)
    return None


def _end(lines: Sequence[str], start: int, name: str) -> int:
    for number in range(start + 1, len(lines)):
        header = HEADER.match(lines[number])
        if header and not header["name"].strip().startswith(f"{name}."):
            return number
    return len(lines)


def _counted(path: str, lines: Sequence[str]) -> str:
    """The tables on the way, counted from 1 as people count, with the id of the innermost that has one."""
    steps = list(STEP.finditer(path))
    said = [f"{each['key']} {int(each['at']) + 1}" if each["at"] else each["key"] for each in steps]
    for depth in range(len(steps), 0, -1):
        rows = [(each["key"], int(each["at"]) if each["at"] else None) for each in steps[:depth]]
        found = _table(rows, lines) if rows[-1][1] is not None else None
        for line in lines[found[0] : found[1]] if found else ():
            if named := re.match(r'\s*"?id"?\s*=\s*"([^"]+)"', line):
                said[depth - 1] += f", {named[1]}"
                return " → ".join(said)
    return " → ".join(said)
