"""The rules that an instrument has apart from its items: additions, bands, and what stands above a low category."""

from dataclasses import dataclass

from seraf.form.conditions import Condition


@dataclass(frozen=True, slots=True)
class Addition:
    """Points added once to a case when a condition holds, such as the five for a child under 13."""

    id: str
    label: str
    points: int
    when: Condition
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """A category of risk: the lowest total that reaches it, its name, and what it means in our words."""

    category: int
    lowest: int
    name: str
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the board's own form that this pack does not have."""

    section: str
    begins: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """A further yes / no / not known question that a board scores by, such as whether the child is disabled."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom not to ask: a parent or carer while an item of `family_harm` may be so, the child about an item of `assault`."""

    family_harm: frozenset[str] = frozenset()
    assault: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManagerDiscussion:
    """The rule that stands above a low category: which categories it covers and which sections or items bring it about."""

    categories: frozenset[int]
    present: frozenset[str]
    source: str
