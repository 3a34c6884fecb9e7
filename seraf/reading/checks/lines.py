"""Prepares the faults of a pack for its author, with file, line, table (counted from 1), and what to do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

FAULT = re.compile(r"(?P<file>[\w/.-]+?\.toml)(?:\.(?P<path>[^:]*))?: (?P<what>.*)", re.DOTALL)
STEP = re.compile(r"(?P<key>[^.\[\]]+)(?:\[(?P<at>\d+)\])?")
HEADER = re.compile(r"\s*(?P<many>\[)?\[(?P<name>[^\]]+)\]")
KEY = re.compile(r'\s*"?(?P<key>[\w-]+)"?\s*=')
LOST = "is not one of: "
EMPTY = "has no items"
SAME = re.compile(rf"(?P<file>[\w/.-]+), line (?P<line>\d+)(?: \([^)]*\))?: (?P<what>'[^']*' {LOST}.*)", re.DOTALL)
QUOTED = re.compile(r"^'([^']+)'")
WORD = re.compile(r"(?:has|says) '([^']+)'")

UNREADABLE = ("missing; a pack has this file", "not TOML", "not UTF-8", "nested deeper")
UK_DATE = "a date is written year first and without quotes, such as 2027-01-31"
MOST_PLACED = 60
"""The maximum number of faults whose lines are looked up, which is slow in a large file."""

MARK = "\ufeff"
PLAIN: Mapping[str, str] = {
    "not TOML: Cannot ": "this stands twice; a key stands once in its table, and a table in [ ] once in a file",
    "not TOML: Invalid value": (
        'no value stands after the =; write a text in straight quotes ("), a number, true or false, a date, or a list in [ ]'
    ),
    "not TOML: Expected newline": "more stands here than one value, or a quote or a bracket is missing",
    "not TOML: Expected '='": "a = is missing after the key",
    "not TOML: Unclosed array": "a list is not closed; end it with ]",
}
"""For beginnings of messages of the TOML parser, an explanation that the author of the file understands."""


def placed_faults(faults: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the faults to correct first, each with its line. Faults that may be consequences of these are left out."""
    texts = {name: content.decode("utf-8", "replace").splitlines() for name, content in files.items()}
    # Unreadable files come first, then the form, since the other files are checked against it.
    broken = [fault for fault in faults if any(f": {what}" in fault for what in UNREADABLE)]
    form = [fault for fault in faults if fault.startswith("instrument.toml")]
    first = tuple(_without_echoes(broken or form or faults))
    placed = _gathered([_placed(fault, texts) for fault in first[:MOST_PLACED]])
    return tuple(dict.fromkeys((*placed, *first[MOST_PLACED:])))


def _without_echoes(faults: Sequence[str]) -> Iterator[str]:
    """Yield one fault per mistake. A missing and a misspelt key of a table are one mistake. So are an id that does not
    exist and an id that nothing refers to.
    """
    meant: dict[str, str] = {}
    for fault in faults:
        path, _, what = fault.partition(": ")
        known = re.match(r"not a key that is known here; known: (.*)", what, re.DOTALL)
        near = get_close_matches(path.rpartition(".")[2], known[1].split(", "), 1, 0.6) if known else []
        if near:
            meant[fault] = near[0]
    echoes = {f"{fault.partition(': ')[0].rpartition('.')[0]}.{near}" for fault, near in meant.items()}
    is_renamed = any(f"section: {LOST}" in re.sub(rf"'[^']*' {LOST}", LOST, fault) for fault in faults)
    for fault in faults:
        path, _, what = fault.partition(": ")
        if is_renamed and what.endswith(EMPTY):
            continue
        if fault in meant:
            yield f"{path}: is not a key; did you mean {meant[fault]!r}?"
        elif not (path in echoes and what.startswith("missing")):
            yield fault


def _gathered(placed: Sequence[str]) -> Iterator[str]:
    """Yield each fault once. If it occurs on several lines, as after an id was renamed, it lists all of them."""
    alike = [SAME.fullmatch(fault) for fault in placed]
    lines: dict[tuple[str, str], list[int]] = {}
    for match in filter(None, alike):
        lines.setdefault((match["file"], match["what"]), []).append(int(match["line"]))
    for fault, same in zip(placed, alike, strict=True):
        at = lines.pop((same["file"], same["what"]), None) if same else [0]
        if at:
            others = ", ".join(map(str, sorted(set(at[1:]))))
            yield f"{fault}; the same at line {others}" if others else fault


def _placed(fault: str, texts: Mapping[str, Sequence[str]]) -> str:
    """Return the fault with its file, line and table."""
    match = FAULT.match(fault)
    if match is None or match["file"] not in texts:
        return fault
    lines, what = texts[match["file"]], match["what"]
    if what.startswith("not UTF-8"):
        line = next((at for at, text in enumerate(lines, 1) if "\ufffd" in text), 1)
        return f"{match['file']}, line {line}: {what}"
    if what.endswith("(at end of document)"):
        return f"{match['file']}, line {len(lines)}: a list or a text is not closed before the file ends"
    if broken := re.search(r"at line (\d+)", what):
        line = int(broken[1])
        return f"{match['file']}, line {line}: {_plainly(lines, line, what=what)}"
    line = _line_at(match["path"] or "", lines, what=what)
    where = _counted(match["path"] or "", lines)
    dated = f"{what}; {UK_DATE}" if what.startswith("must be a date") else what
    return f"{match['file']}, line {line}{f' ({where})' if where else ''}: {dated}"


def _plainly(lines: Sequence[str], line: int, *, what: str) -> str:
    """Return the most likely cause of an error of the TOML parser."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    if re.search(r"=\s*\[?\s*[“”‘’]", text):
        return 'curly quotes stand around a text; write straight ones (")'
    if re.search(r"=\s*\d{1,2}[/. -]\w+[/. -]\d{2,4}", text):
        return UK_DATE
    if text.count('"') % 2:
        return 'a text is not closed; end it with a straight quote (")'
    if line == 1 and text.startswith(MARK):
        return "the file begins with an invisible mark; save it as UTF-8 without BOM"
    return next((plain for begins, plain in PLAIN.items() if what.startswith(begins)), what)


def _line_at(path: str, lines: Sequence[str], *, what: str) -> int:
    """Return the line of a path. If its key is missing, return the line of its table, or 1 if there is no table."""
    steps = _steps(path)
    start, end, left, first = 0, len(lines), steps, 0
    for depth in range(len(steps), 0, -1):
        bounds = _table(steps[:depth], lines)
        if bounds:
            # A fault about all tables of a kind, such as a repeated id, is looked up in the whole file.
            whole = depth == len(steps) and steps[-1][1] is None and lines[bounds[0]].lstrip().startswith("[[")
            (start, end), left, first = (0, len(lines)) if whole else bounds, steps[depth:], bounds[0]
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
            return number + 1 + _lines_further(lines[number:end], at, what=what)
    # An answer of a made-up case is named by what it answers, which stands in its `places`.
    answered = re.compile(rf'\s*places\b.*"{re.escape(key)}"')
    return next((number for number in range(start, len(lines)) if answered.match(lines[number])), start) + 1


def _steps(path: str) -> list[tuple[str, int | None]]:
    """Return the keys of a path, each with its position in a list, or None."""
    return [(step["key"], int(step["at"]) if step["at"] else None) for step in STEP.finditer(path)]


def _lines_further(lines: Sequence[str], at: int | None, *, what: str) -> int:
    """Return how many lines below its key a fault is: at the quoted word in a long text, or at a row of a list."""
    quoted = WORD.match(what)
    if quoted and lines[0].count('"""') == 1:
        further = next((number for number, line in enumerate(lines) if quoted[1] in line), 0)
        if further:
            return further
    return at + 1 if at is not None and lines[0].rstrip().endswith("[") else 0


def _table(steps: Sequence[tuple[str, int | None]], lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the indices of a table's first line and of the line after its last; None if the table has no header."""
    wanted, seen = [key for key, _ in steps], dict[str, int]()
    for number, line in enumerate(lines):
        header = HEADER.match(line)
        if header is None or "=" in line.split("[", 1)[0]:
            continue
        name = header["name"].strip()
        if header["many"]:
            seen[name] = seen.get(name, -1) + 1
            for key in [key for key in seen if key.startswith(f"{name}.")]:
                del seen[key]
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
    """Return the tables in a path, counted from 1, with the id of the innermost table that has an id."""
    steps = _steps(path)
    tables = [f"{key} {at + 1}" if at is not None else key for key, at in steps]
    for depth in range(len(steps), 0, -1):
        rows = steps[:depth]
        bounds = _table(rows, lines) if rows[-1][1] is not None else None
        for line in lines[bounds[0] : bounds[1]] if bounds else ():
            if named := re.match(r'\s*"?id"?\s*=\s*"([^"]+)"', line):
                tables[depth - 1] += f", {named[1]}"
                return " → ".join(tables)
    return " → ".join(tables)
