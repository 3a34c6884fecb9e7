"""Checks that a quoted sentence stands under its heading, using a file of hashes that has no text of the guidance.

Under each heading, every run of five consecutive words is stored as the first 32 bits of its SHA-256. A quotation is
right if all of its runs are stored. Anybody who guesses a run can test it, so the file cannot keep a text secret.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from seraf.advice.action_plan import Action, Detail
from seraf.advice.guidance import Guidance, Lead, Note, Step
from seraf.cases.vignette import Vignette
from seraf.form.circumstances import OURS, Basis, Circumstance
from seraf.pack import QUOTES
from seraf.reading.checks.idle import Fault
from seraf.reading.form.rules import WRITE
from seraf.reading.toml.tables import Faults, TomlTable, parse

RUN = 5
"""The number of words in a run. A shorter run could occur in many places; a longer one would rule out short clauses."""

BYTES = 4
"""The number of bytes stored of a hash. By chance, one wrong run in several million is accepted."""

HEADING = re.compile(r"#+\s+(?P<name>.+?)\s*#*")
MARKUP = re.compile(r"<[^<>]*>|\]\([^()]*\)")
WORD = re.compile(r"[^\W_]+")
LINE = 116

NAMED = 5
"""The maximum number of rules without a stated basis that one message names."""

Row = Circumstance | Lead | Action | Detail | Step | Note
Runs = Mapping[str, frozenset[bytes]]
"""For each heading, the hashes of the runs under it."""

HEAD = f"""\
# By which `says` in guidance.toml is checked: of the text under each heading of the guidance, every run of {RUN} words as the
# first {BYTES * 8} bits of its SHA-256, in Base64. No word of the guidance is in it. Made by `seraf-bot pack quotes`; never write in it.
"""


def quotes_file(text: str) -> bytes:
    """Return the file of hashes for a text of the guidance in which each heading is a line that begins with `#`.

    Text before the first heading is left out. Raise `ValueError` if there is no heading.
    """
    under: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if heading := HEADING.fullmatch(line.strip()):
            words = under.setdefault(heading["name"], [])
        else:
            words += _words(line)
    if not under:
        raise ValueError("no line begins with #")
    tables = [HEAD]
    for name, under_heading in under.items():
        # Sorted, so that nothing is left of the order of the words.
        hashes = base64.b64encode(b"".join(sorted(_runs(under_heading)))).decode("ascii")
        lines = "\n".join(hashes[at : at + LINE] for at in range(0, len(hashes), LINE))
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        tables.append(f'\n[[headings]]\nname = "{quoted}"\nruns = """\n{lines}"""\n')
    return "".join(tables).encode("utf-8")


def _words(text: str) -> list[str]:
    """Return the words of a text in the form in which they are compared: lower case, no punctuation and no markup."""
    plain = re.sub(r"['’ʼ`]", "", MARKUP.sub(" ", unicodedata.normalize("NFKC", text)))
    return WORD.findall(plain.casefold())


def _runs(words: list[str]) -> frozenset[bytes]:
    """Return the hash of each run of five words."""
    runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return frozenset(hashlib.sha256(run.encode()).digest()[:BYTES] for run in runs)


def quote_faults(
    guidance: Guidance, content: bytes | None, *, faults: Faults, cases: Iterable[Vignette] = ()
) -> Iterator[Fault]:
    """Yield the path and the fault of each wrong quotation, and of each unknown heading that a choice in a case rests on.

    Faults of the hash file itself are added to `faults`.
    """
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
    runs: Runs = {}
    if table := parse(QUOTES, content, faults=faults):
        runs = table.closed(dict(_heading(row) for row in table.tables("headings", at_least=1)))
    for path, basis in quoted if runs else ():
        if basis.heading not in runs:
            yield f"{path}.heading", f"{basis.heading!r} is no heading of the guidance; write its exact name"
        else:
            yield from ((f"{path}.says", what) for what in _wrong(basis, runs))
    for case in cases if runs else ():
        for source in dict.fromkeys(choice.source for stage in case.stages for choice in stage.choices):
            if source not in (OURS, *runs):
                yield (
                    f"vignettes/{case.id}.toml",
                    f"{source!r} is no heading of the guidance; write its exact name or {OURS!r}",
                )


def unexplained(guidance: Guidance) -> Iterator[str]:
    """Yield a sentence for each kind of rule in which some rules, as in older packs, state no basis but a heading."""
    for kind, rows in basis_rows(guidance):
        ids = [row.id for row in rows if not row.basis.is_written]
        if ids:
            named = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
            yield f"guidance.toml: `source` alone does not say what a rule rests on ({kind}: {named}). In its place {WRITE}."


def basis_rows(guidance: Guidance) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yield the name of each table whose rules have a basis, together with these rules."""
    yield "circumstances", guidance.circumstances
    yield "leads", guidance.leads
    yield "actions", guidance.plan.actions
    yield "details", guidance.plan.details
    yield "steps", guidance.steps
    yield "mixes", guidance.mixes
    yield "notes", guidance.notes


def _wrong(basis: Basis, runs: Runs) -> Iterator[str]:
    """Yield a fault for each part of a quotation that is not under its heading, with a right heading if any."""
    for part in basis.says.split("…"):
        words = _words(part)
        if len(words) < RUN:
            yield f"“{part.strip()}” has {len(words)} words; a part of a quotation has at least {RUN}"
            continue
        runs_of_part = _runs(words)
        if not runs_of_part <= runs[basis.heading]:
            others = [name for name, there in runs.items() if runs_of_part <= there]
            where = f"; it stands under {others[0]!r}" if others else ""
            yield f"“{part.strip()}” does not stand under {basis.heading!r} word for word{where}"


def _heading(table: TomlTable) -> tuple[str, frozenset[bytes]]:
    name, written = table.text("name"), table.take("runs")
    table.close()
    try:
        held = base64.b64decode("".join(str(written).split()), validate=True)
    except ValueError:  # not base64, or not even ASCII
        table.fault("runs", "was changed by hand; make the file again with `seraf-bot pack quotes`")
        return name, frozenset()
    return name, frozenset(held[at : at + BYTES] for at in range(0, len(held), BYTES))
