"""Every condition of a pack with its path, so that what is wrong with one can be said where it stands."""

from collections.abc import Iterable, Iterator, Sequence

from seraf.advice.guidance import Guidance
from seraf.form.circumstances import Condition
from seraf.form.instrument import Instrument
from seraf.pack import Pack

Placed = tuple[str, Condition]
"""The path of a condition, and the condition."""


def placed(pack: Pack) -> Iterator[Placed]:
    """All of them, those that ask for nothing included."""
    yield from _of_instrument(pack.instrument)
    yield from _of_guidance(pack.guidance)
    yield from _each("calling.toml.say", "if", conditions=(line.condition for line in pack.calling.lines))
    yield from _each("calling.toml.asked", "if", conditions=(prompt.condition for prompt in pack.calling.prompts))


def _of_instrument(instrument: Instrument) -> Iterator[Placed]:
    yield from _each("instrument.toml.additions", "when", conditions=(each.when for each in instrument.additions))


def _of_guidance(guidance: Guidance) -> Iterator[Placed]:
    for at, asked in enumerate(guidance.circumstances):
        for key, conditions in (("if", asked.matters), ("yes_when", asked.implied)):
            yield from _any(f"guidance.toml.circumstances[{at}].{key}", conditions)
    yield from _each("guidance.toml.evidence", "if", conditions=guidance.evidence)
    plan = guidance.plan
    for kind, rules in (
        ("leads", [each.conditions for each in guidance.leads]),
        ("steps", [each.conditions for each in guidance.steps]),
        ("whom", [each.conditions for each in plan.whom]),
        ("actions", [each.conditions for each in plan.actions]),
        ("details", [each.conditions for each in plan.details]),
    ):
        for at, conditions in enumerate(rules):
            yield from _any(f"guidance.toml.{kind}[{at}].if", conditions)
    yield from _each("guidance.toml.mixes", "if", conditions=(each.condition for each in guidance.mixes))
    yield from _each("guidance.toml.notes", "if", conditions=(each.condition for each in guidance.notes))


def _any(path: str, conditions: Sequence[Condition]) -> Iterator[Placed]:
    """One alone stands without a number, as a table may."""
    return ((f"{path}[{n}]" if len(conditions) > 1 else path, each) for n, each in enumerate(conditions))


def _each(path: str, key: str, *, conditions: Iterable[Condition]) -> Iterator[Placed]:
    return ((f"{path}[{at}].{key}", each) for at, each in enumerate(conditions))
