"""A transition table as data, the shared state machine built from it, and its diagram. It stores no conversations."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from transitions import EventData, Machine

Facts = TypeVar("Facts", bound=Hashable)

MOST = 2_000
"""The maximum number of transitions cached for a table. The only data about a case in a cache key are its facts."""


@dataclass(frozen=True, slots=True)
class Edge(Generic[Facts]):
    """A transition from `source` to `dest` by a trigger, allowed if it has no guard or if its guard is true."""

    source: StrEnum
    trigger: StrEnum
    dest: StrEnum
    guard: Callable[[Facts], bool] | None = None


class Table(Generic[Facts]):
    """Transitions in order of precedence: the first one that is allowed is taken."""

    def __init__(self, edges: tuple[Edge[Facts], ...]) -> None:
        self.edges = edges
        phases = dict.fromkeys(phase for edge in edges for phase in (edge.source, edge.dest))
        # No model, or the library would move the shared machine itself; and no automatic transitions, which the table
        # does not have (ADR 0001).
        self._machine = Machine(
            model=None, states=[str(phase) for phase in phases], initial=None, auto_transitions=False, send_event=True
        )
        for edge in edges:
            self._machine.add_transition(
                str(edge.trigger), str(edge.source), str(edge.dest), conditions=_as_condition(edge.guard)
            )
        self._cached = lru_cache(maxsize=MOST)(self._advance)

    def advance(self, phase: StrEnum, trigger: StrEnum, *, facts: Facts) -> str | None:
        """Return the phase to which the trigger leads, or None if no transition is allowed."""
        return self._cached(phase, trigger, facts)

    def _advance(self, phase: StrEnum, trigger: StrEnum, facts: Facts, /) -> str | None:
        # The library raises if a phase does not have the trigger, which is normal here, such as after an old button.
        if not any(edge.source == phase and edge.trigger == trigger for edge in self.edges):
            return None
        cursor = _Cursor(str(phase))
        moved = self._machine.events[str(trigger)].trigger(cursor, facts=facts)
        return cursor.state if moved else None


class _Cursor:
    """The object that the shared machine moves during one turn. It is used in place of a registered model."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _as_condition(guard: Callable[[Facts], bool] | None) -> list[str | Callable[..., bool | None]]:
    if guard is None:
        return []

    def holds(event: EventData) -> bool:
        return guard(event.kwargs["facts"])

    return [holds]


def mermaid(table: Table[Facts]) -> str:
    """Return the table as a Mermaid diagram, with one arrow for each pair of phases, labelled with all its triggers."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in table.edges:
        labels = arrows.setdefault((edge.source, edge.dest), [])
        if edge.trigger not in labels:
            labels.append(edge.trigger)
    lines = [f"    {source} --> {dest}: {', '.join(labels)}" for (source, dest), labels in arrows.items()]
    return "\n".join(("stateDiagram-v2", *lines)) + "\n"
