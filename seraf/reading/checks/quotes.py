"""Whether a sentence that a rule quotes stands under its heading: a file of hashes says so, which has no word of the guidance.

Of the text under each heading every run of five words is kept as 32 bits of its SHA-256. A quotation stands there if all
its runs do. No word stands in the file; but whoever tries words can see which run is there, so it hides no secret text.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping

from seraf.advice.action_plan import Action, Detail
from seraf.advice.guidance import Guidance, Lead, Note, Step
from seraf.form.circumstances import Basis, Circumstance
from seraf.pack import QUOTES
from seraf.reading.checks.idle import Fault
from seraf.reading.form.rules import WRITE
from seraf.reading.toml.tables import Faults, TomlTable, parse

RUN = 5
"""Words of a run: fewer stand in many places, more would not let a clause be quoted."""

BYTES = 4
"""Bytes that are kept of a hash: a run that is nowhere under a long heading passes once in some millions."""

ELISION = "…"
"""Joins two parts of one passage."""

HEADING = re.compile(r"#+\s+(?P<name>.+?)\s*#*")
MARKUP = re.compile(r"<[^<>]*>|\]\([^()]*\)")
APOSTROPHES = re.compile(r"['’ʼ`]")
WORD = re.compile(r"[^\W_]+")
LINE = 116

NAMED = 5
"""Rules that are named of those that do not say what they rest on."""

Row = Circumstance | Lead | Action | Detail | Step | Note
Runs = Mapping[str, frozenset[bytes]]
"""The hashes of the runs under each heading, by its name."""

HEAD = f"""\
# By which `says` in guidance.toml is checked: of the text under each heading of the guidance, every run of {RUN} words as the
# first {BYTES * 8} bits of its SHA-256, in Base64. No word of the guidance is in it. Made by `seraf-bot pack quotes`; never write in it.
"""


def quotes_file(text: str) -> bytes:
    """The content of the file for a text of the guidance, in which each heading is a line that begins with `#`.

    Words before the first heading are left out. Raises `ValueError` where there is no heading, or one is quoted in the name.
    """
    under: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if found := HEADING.fullmatch(line.strip()):
            words = under.setdefault(found["name"], [])
        else:
            words += _words(line)
    if not under:
        raise ValueError("no line begins with #")
    return (HEAD + "".join(_written(name, _runs(words)) for name, words in under.items())).encode("utf-8")


def _words(text: str) -> list[str]:
    """The words of a text as they are compared: in small letters, without punctuation, quotes and markup."""
    plain = APOSTROPHES.sub("", MARKUP.sub(" ", unicodedata.normalize("NFKC", text)))
    return WORD.findall(plain.casefold())


def _runs(words: list[str]) -> frozenset[bytes]:
    """The hash of every run of so many words."""
    runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset(hashlib.sha256(run.encode()).digest()[:BYTES] for run in runs)


def quote_faults(guidance: Guidance, content: bytes | None, *, faults: Faults) -> Iterator[Fault]:
    """Each quotation that does not stand under its heading; what is wrong with the file itself is noted."""
    quoted = [
        (f"guidance.toml.{kind}[{at}]", row.basis)
        for kind, rows in basis_rows(guidance)
        for at, row in enumerate(rows)
        if row.basis.says
    ]
    if content is None:
        yield from (
            (f"{path}.says", f"cannot be checked without {QUOTES}; make it with `seraf-bot pack quotes`")
            for path, _ in quoted[:1]
        )
        return
    runs = _read(content, faults)
    for path, basis in quoted if runs else ():
        if basis.heading not in runs:
            yield f"{path}.heading", f"{basis.heading!r} is no heading of the guidance; write its exact name"
        else:
            yield from ((f"{path}.says", what) for what in _wrong(basis, runs))


def unexplained(guidance: Guidance) -> Iterator[str]:
    """A sentence for each kind of rows that say no more than an older pack does: a heading without its sentence, or that they are ours."""
    for kind, rows in basis_rows(guidance):
        found = [row.id for row in rows if not row.basis.is_written]
        if found:
            named = ", ".join(found[:NAMED]) + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "")
            yield f"guidance.toml: `source` alone does not say what a rule rests on ({kind}: {named}). In its place {WRITE}."


def basis_rows(guidance: Guidance) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rules of the guidance that rest on something, by the name of their table."""
    yield "circumstances", guidance.circumstances
    yield "leads", guidance.leads
    yield "actions", guidance.plan.actions
    yield "details", guidance.plan.details
    yield "steps", guidance.steps
    yield "mixes", guidance.mixes
    yield "notes", guidance.notes


def _wrong(basis: Basis, runs: Runs) -> Iterator[str]:
    """What is wrong with a quotation, part by part, and where it does stand if it is elsewhere."""
    for part in basis.says.split(ELISION):
        words = _words(part)
        if len(words) < RUN:
            yield f"“{part.strip()}” has {len(words)} words; a part of a quotation has at least {RUN}"
            continue
        found = _runs(words)
        if not found <= runs[basis.heading]:
            others = [name for name, there in runs.items() if found <= there]
            where = f"; it stands under {others[0]!r}" if others else ""
            yield f"“{part.strip()}” does not stand under {basis.heading!r} word for word{where}"


def _read(content: bytes, faults: Faults) -> Runs:
    table = parse(QUOTES, content, faults=faults)
    if table is None:
        return {}
    runs = dict(_heading(each) for each in table.tables("headings", at_least=1))
    table.close()
    return runs


def _heading(table: TomlTable) -> tuple[str, frozenset[bytes]]:
    name, written = table.text("name"), table.take("runs")
    table.close()
    try:
        held = base64.b64decode("".join(str(written).split()), validate=True)
    except binascii.Error:
        table.fault("runs", "was changed by hand; make the file again with `seraf-bot pack quotes`")
        return name, frozenset()
    return name, frozenset(held[at : at + BYTES] for at in range(0, len(held), BYTES))


def _written(name: str, runs: frozenset[bytes]) -> str:
    """A heading with its hashes in their own order, so that nothing of that of the words is left."""
    held = base64.b64encode(b"".join(sorted(runs))).decode("ascii")
    lines = "\n".join(held[at : at + LINE] for at in range(0, len(held), LINE))
    named = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'\n[[headings]]\nname = "{named}"\nruns = """\n{lines}"""\n'
