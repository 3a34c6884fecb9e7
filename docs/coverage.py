"""The page that says, for every duty of the guidance, which rule of the pack carries it or why none does."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.runtime.packs import SHIPPED, load_pack
from docs.markdown import page, table
from seraf.form.basis import Basis
from seraf.pack import Pack
from seraf.reading.checks.quotes import basis_rows

DATA = Path(__file__).parent / "coverage.toml"

ABOUT = """
Every heading of the guidance, and what it asks of somebody, in our words. The right-hand column names what carries it in
the pack for South Gloucestershire, as kind and id: `leads`, `actions` (lines of the action card), `details` (what belongs
to a line), `steps`, `circumstances` (short questions), `notes` and `mixes` in `guidance.toml`; `sections`, `additions` and
`bands` in `instrument.toml`; `guide` in `guide.toml`; `recording` in `recording.toml`. Where nothing carries it, the column
says why. The tests fail when a heading has no row, when a rule that is named here is not there, and when a rule of
`guidance.toml` that rests on the guidance is not named.
"""

OURS = """
## Rules that the guidance does not have

The guidance is silent here. The reason is ours; a law or national guidance was named from memory, and the board checks it.
"""

BOTH = """
## Where we add to what the guidance says

The duty is the guidance's, in a sentence that the rule quotes. What is ours, most often by when, or a law, is said here.
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked under a heading: by which rules it is carried, or why by none, and where it is at least said."""

    heading: str
    duty: str
    by: tuple[str, ...]
    left_out: str
    see: tuple[str, ...]


def duties() -> Iterator[Duty]:
    """Every duty, in the order of the guidance."""
    for heading in tomllib.loads(DATA.read_text(encoding="utf-8"))["headings"]:
        for each in heading["duties"]:
            by, see = tuple(each.get("by", ())), tuple(each.get("see", ()))
            yield Duty(heading["name"], each["duty"], by, each.get("left_out", ""), see)


def rules(pack: Pack) -> dict[str, str]:
    """Everything in a pack that may carry a duty, by kind and id, with the heading that it rests on (empty where many)."""
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
    """What each rule of `guidance.toml` rests on, by kind and id."""
    return {f"{kind}/{row.id}": row.basis for kind, rows in basis_rows(pack.guidance) for row in rows}


def coverage_page() -> str:
    """The page, as Markdown."""
    found, held = tuple(duties()), bases(load_pack(SHIPPED))
    return page(
        "Coverage of the guidance",
        ABOUT,
        table(
            ("Heading", "What it asks", "Carried by"),
            ((f"“{each.heading}”", each.duty, _carried(each)) for each in found),
        ),
        OURS,
        _reasons({key: basis for key, basis in held.items() if not basis.says}),
        BOTH,
        _reasons({key: basis for key, basis in held.items() if basis.says and (basis.law or basis.ours)}),
    )


def _reasons(held: Mapping[str, Basis]) -> str:
    """A row for each law and reason, with all the rules that rest on it."""
    by: dict[tuple[str, str], list[str]] = {}
    for key, basis in sorted(held.items()):
        by.setdefault((basis.law, basis.ours), []).append(f"`{key}`")
    return table(("Rules", "Law", "Ours"), ((", ".join(keys), law, ours) for (law, ours), keys in by.items()))


def _carried(duty: Duty) -> str:
    said = ", ".join(f"`{each}`" for each in (*duty.by, *duty.see))
    return f"Left out: {duty.left_out} {said}".strip() if duty.left_out else said
