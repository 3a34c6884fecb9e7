"""Generates the page about the conversation: diagram, phases, questions, overlays and commands."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.runtime.packs import SHIPPED, load_pack, load_wording
from dialogs.core.script import Wording
from dialogs.form.path import CARDS, OPENING, closing, options
from docs.markdown import page, table
from state_machines.assessment import BEGUN, TABLE, Facts, Phase, Trigger
from state_machines.table import Table, mermaid

ANYWHERE = (Trigger.PAUSE, Trigger.RESUME, Trigger.ERASE)
"""Triggers that lead away from nearly every phase. The diagram omits them, since their edges would hide the others."""

ABOUT = """
A conversation is always in one phase. A table of edges in [`state_machines/assessment.py`](../state_machines/assessment.py) says what may
happen there: the first that fits is taken. Questions, items and pages are places within a phase. [Architecture](architecture.md) says how
a turn works, [scoring](scoring.md) how the answers are scored.
"""

OVERLAYS_ABOUT = """
At most one overlay lies over the card, such as urgent help, the guide, a note or [the answer to a question](search.md), and its own
button removes it. The conversation stays where it was. Urgent help and contacts show nothing of the case.
[`acts.py`](../dialogs/core/acts.py) lists all.
"""


COMMANDS_ABOUT = """
They can be typed in every phase. `/help` lists them; [`commands.py`](../dialogs/turn/commands.py) says who may use which.
"""


def conversation_page() -> str:
    """Return the page about the conversation, as Markdown."""
    wording = load_wording()
    return page(
        "The conversation",
        ABOUT,
        "## The way through",
        f"```mermaid\n{mermaid(_without(ANYWHERE))}```",
        f"From {_listed(BEGUN)}, `pause` leads to `paused`, and `resume` back to the same place. From every phase,"
        " `erase` leads to `erased`.",
        "## Phases",
        _phases(),
        "## Before item 1",
        table(("Question", "Answers"), _questions(OPENING, wording)),
        "## After the items",
        table(("Question", "Answers"), _questions((*closing(load_pack(SHIPPED).instrument), CARDS[0]), wording)),
        "## Before the number is shown",
        table(("Question", "Answers"), _questions(("judgement",), wording)),
        "## What may lie over a card",
        OVERLAYS_ABOUT,
        "## Commands",
        COMMANDS_ABOUT,
    )


def notes_of(enum: type[StrEnum]) -> Mapping[str, str]:
    """Return the docstring below each member of an enumeration, by the member's value."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(enum))).body
    assert isinstance(body, ast.ClassDef)
    notes: dict[str, str] = {}
    member = ""
    for line in body.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)]):
                member = enum[name].value
            case ast.Expr(value=ast.Constant(value=str(note))) if member:
                notes[member], member = note, ""
    return notes


def _without(triggers: tuple[Trigger, ...]) -> Table[Facts]:
    return Table(tuple(edge for edge in TABLE.edges if edge.trigger not in triggers))


def _phases() -> str:
    notes = notes_of(Phase)
    return "".join(f"- `{phase}`: {notes[phase]}\n" for phase in Phase)


def _questions(places: Iterable[str], wording: Wording) -> Iterable[tuple[str, str]]:
    for place in places:
        if place in CARDS:
            yield wording.say(f"ask.{place}"), "those of the short questions that matter, as ticks, six on a card"
            continue
        labels = (wording.say_first(f"answer.{place}.{each}", f"answer.{each}") for each in options(place))
        yield wording.say(f"ask.{place}"), " · ".join(labels)


def _listed(phases: Iterable[Phase]) -> str:
    *most, last = (f"`{phase}`" for phase in phases)
    return f"{', '.join(most)} and {last}"
