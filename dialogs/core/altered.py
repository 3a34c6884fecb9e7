"""A value of which some fields are others, for less than what `dataclasses.replace` takes: a turn needs it often."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

Value = TypeVar("Value")


def altering(kind: type[Value]) -> Callable[[Value, Mapping[str, Any]], Value]:
    """What gives a copy of such a value with these fields so: for a frozen dataclass with slots, whose own check is made too."""
    names = tuple(vars(kind)["__dataclass_fields__"])
    values, puts = attrgetter(*names), tuple([getattr(kind, name).__set__ for name in names])
    check: Callable[[Value], None] | None = getattr(kind, "__post_init__", None)

    def altered(value: Value, new: Mapping[str, Any]) -> Value:
        """The copy."""
        after = object.__new__(kind)
        for put, one in zip(puts, values(value), strict=True):
            put(after, one)
        for name, one in new.items():
            object.__setattr__(after, name, one)
        if check is not None:
            check(after)
        return after

    return altered
