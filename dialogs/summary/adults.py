"""A summary about a young adult, in which nobody is called a child; what somebody noted is left as it was written."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from dialogs.core.session import Session
from dialogs.phrases.adults import said_of_an_adult
from dialogs.summary.summary import Summary
from seraf.form.vocabulary import Age

NOTED = "note"
"""The place of own words."""


def of_whom(session: Session, summary: Summary) -> Summary:
    """The summary in words that fit whom it is about."""
    if session.answers.get("age") != Age.FROM_18_TO_25:
        return summary
    said: Summary = _said(summary)
    return said


def _said(value: Any) -> Any:
    match value:
        case str():
            return said_of_an_adult(value)
        case tuple():
            return tuple(map(_said, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    names = (each.name for each in fields(value) if each.name != NOTED)
    return replace(value, **{name: _said(getattr(value, name)) for name in names})
