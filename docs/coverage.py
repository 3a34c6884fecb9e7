"""The page that says, for every duty of the guidance, which rule of the pack carries it or why none does."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.runtime.packs import SHIPPED, load_pack
from docs.markdown import page, table
from seraf.pack import Pack

DATA = Path(__file__).parent / "coverage.toml"

ABOUT = """
Every heading of the guidance, and what it asks of somebody, in our words. The right-hand column names what carries it in
the pack for South Gloucestershire, as kind and id: `leads`, `actions` (lines of the action card), `details` (what belongs
to a line), `steps`, `circumstances` (short questions), `notes` and `mixes` in `guidance.toml`; `sections`, `additions` and
`bands` in `instrument.toml`; `guide` in `guide.toml`; `recording` in `recording.toml`. Where nothing carries it, the column
says why. The tests fail when a heading has no row, when a rule that is named here is not there, and when a rule of
`guidance.toml` that rests on the guidance is not named.
"""

SAID = ("leads", "actions", "details", "steps", "circumstances", "notes", "mixes")
"""The kinds that are said of a case."""

OURS = """
## Rules that rest on no heading

The guidance is silent here; these are ours, and say so wherever they are shown.
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
    guidance, instrument = pack.guidance, pack.instrument
    return {
        **{f"leads/{each.id}": each.source for each in guidance.leads},
        **{f"actions/{each.id}": each.source for each in guidance.plan.actions},
        **{f"details/{each.id}": each.source for each in guidance.plan.details},
        **{f"steps/{each.id}": each.source for each in guidance.steps},
        **{f"circumstances/{each.id}": each.source for each in guidance.circumstances},
        **{f"mixes/{each.id}": each.source for each in guidance.mixes},
        **{f"notes/{each.id}": each.source for each in guidance.notes},
        **{f"sections/{each.id}": each.source for each in instrument.sections},
        **{f"additions/{each.id}": each.source for each in instrument.additions},
        **{f"bands/{each.category}": each.source for each in instrument.bands},
        **{f"recording/{each.id}": each.source for each in pack.recording.headings},
        **{f"recording/{each.id}": each.source for each in pack.recording.mirror},
        **{f"guide/{topic.id}": "" for topic in pack.guide.topics},
    }


def coverage_page() -> str:
    """The page, as Markdown."""
    found = tuple(duties())
    ours = sorted(key for key, source in rules(load_pack(SHIPPED)).items() if source == "ours" and _is_said(key))
    return page(
        "Coverage of the guidance",
        ABOUT,
        table(
            ("Heading", "What it asks", "Carried by"),
            ((f"“{each.heading}”", each.duty, _carried(each)) for each in found),
        ),
        OURS,
        ", ".join(f"`{key}`" for key in ours),
    )


def _is_said(key: str) -> bool:
    return key.partition("/")[0] in SAID


def _carried(duty: Duty) -> str:
    said = ", ".join(f"`{each}`" for each in (*duty.by, *duty.see))
    return f"Left out: {duty.left_out} {said}".strip() if duty.left_out else said
