"""Generates the page that names, for each duty of the guidance, the rules that carry it out, or why none does."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.runtime.packs import SHIPPED, load_pack
from docs.markdown import page
from seraf.form.circumstances import Basis
from seraf.pack import Pack
from seraf.reading.checks.quotes import basis_rows

DATA = Path(__file__).parent / "coverage.toml"

ABOUT = """
What each heading of the guidance asks, in our words, and which rules of the pack for South Gloucestershire carry it, or why
none does. A rule has a kind and an id. `sections`, `additions` and `bands` are in `instrument.toml`, `guide` and `recording` in
files of that name, all others in [guidance.toml](../seraf/packs/south-gloucestershire/guidance.toml). There `actions` are lines of
the action card, `details` belong to a line, and `circumstances` are short questions.
"""

OURS = """
## Rules that the guidance does not have

The guidance is silent here. The reason is ours: it is the `ours` of the rule in `guidance.toml`, and
[`pack preview`](writing-a-pack.md#to-verify-items) prints it. A law or national guidance was named from memory, and the board checks it.
"""

BOTH = """
## Where we add to what the guidance says

The rule quotes a sentence of the guidance. Its `ours` says what we add: mostly by when, or a law.
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty under a heading of the guidance: rules that carry it out, or why none does, and rules that mention it."""

    heading: str
    duty: str
    by: tuple[str, ...]
    left_out: str
    see: tuple[str, ...]


def duties() -> Iterator[Duty]:
    """Yield every duty, in the order of the guidance."""
    for heading in tomllib.loads(DATA.read_text(encoding="utf-8"))["headings"]:
        for each in heading["duties"]:
            by, see = tuple(each.get("by", ())), tuple(each.get("see", ()))
            yield Duty(heading["name"], each["duty"], by, each.get("left_out", ""), see)


def rules(pack: Pack) -> dict[str, str]:
    """Return the guidance heading of each rule that may carry out a duty, by kind and id; empty if several apply."""
    instrument = pack.instrument
    return {
        **{key: basis.source for key, basis in bases(pack).items()},
        **{f"sections/{each.id}": each.source for each in instrument.sections},
        **{f"additions/{each.id}": each.source for each in instrument.additions},
        **{f"bands/{each.category}": each.source for each in instrument.bands},
        **{f"recording/{each.id}": each.source for each in pack.recording.headings},
        **{f"recording/{each.id}": each.source for each in pack.recording.mirror},
        **{f"guide/{topic.id}": "" for topic in pack.guide.topics},
    }


def bases(pack: Pack) -> dict[str, Basis]:
    """Return the basis of each rule of `guidance.toml`, by kind and id."""
    return {f"{kind}/{row.id}": row.basis for kind, rows in basis_rows(pack.guidance) for row in rows}


def coverage_page() -> str:
    """Return the page on the coverage of the guidance, as Markdown."""
    held = bases(load_pack(SHIPPED))
    return page(
        "Coverage of the guidance",
        ABOUT,
        *(_section(heading, tuple(asked)) for heading, asked in groupby(duties(), key=lambda duty: duty.heading)),
        OURS,
        _resting({key: basis for key, basis in held.items() if not basis.says}),
        BOTH,
        _resting({key: basis for key, basis in held.items() if basis.says and (basis.law or basis.ours)}),
    )


def _section(heading: str, asked: tuple[Duty, ...]) -> str:
    """Return a section with a heading of the guidance, and a line for each duty under it."""
    return "\n".join((f"### {heading}\n", *(f"- {each.duty} {_carried(each)}" for each in asked)))


def _resting(held: Mapping[str, Basis]) -> str:
    """Return a list of these rules as text, grouped by the law on which they rest, if any, and by the kind of rule."""
    by: dict[str, dict[str, list[str]]] = {}
    for key, basis in sorted(held.items(), key=lambda pair: (pair[1].law, pair[0])):
        by.setdefault(basis.law, {}).setdefault(key.partition("/")[0], []).append(f"`{key}`")
    return "\n".join(_rules_below(law, kinds) for law, kinds in by.items())


def _rules_below(law: str, kinds: Mapping[str, Sequence[str]]) -> str:
    lines = (f"- {', '.join(keys)}" for keys in kinds.values())
    return "\n".join((*((f"\n**Law: {law}**\n",) if law else ()), *lines))


def _carried(duty: Duty) -> str:
    said = ", ".join(f"`{each}`" for each in (*duty.by, *duty.see))
    return f"**Left out:** {duty.left_out} {said}".strip() if duty.left_out else said
