"""The forms of a summary by name: how each is made, and what its file is called."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.summaries.file import File
from dialogs.core.script import Wording
from dialogs.summary.summary import Summary, as_written
from dialogs.summary.text import as_text

Making = Callable[[Summary, Wording], bytes]


def _as_pdf(summary: Summary, wording: Wording) -> bytes:
    from bot.summaries.paper import as_pdf  # what makes papers is slow to import

    return as_pdf(summary, wording)


def _as_fhir(summary: Summary, wording: Wording) -> bytes:
    from bot.summaries.fhir import as_fhir

    return as_fhir(summary, wording)


MAKING: Mapping[str, tuple[str, Making]] = {
    "pdf": ("pdf", _as_pdf),
    "text": ("txt", lambda summary, wording: as_text(summary, wording).encode()),
    "json": ("json", lambda summary, _: as_json(summary)),
    "fhir": ("fhir.json", _as_fhir),
}
"""For each form the ending of its file, and what makes it."""


def made(form: str, summary: Summary, *, wording: Wording) -> File:
    """Return the summary in this form; raise `KeyError` if there is no such form."""
    ending, make = MAKING[form]
    return File(name_of(summary.reference, ending), make(summary, wording))


def name_of(reference: str, ending: str) -> str:
    """Return what a file about the case of this reference is called."""
    return f"{'-'.join(('seraf', *reference.lower().split()))}.{ending}"


SCHEMA = "seraf-summary"
VERSION = 1
"""The version of the schema. A program that reads it must refuse a version that it does not know."""


def as_values(summary: Summary) -> dict[str, Any]:
    """Return the summary as plain values."""
    return {"schema": SCHEMA, "version": VERSION, **as_written(summary)}


def as_json(summary: Summary) -> bytes:
    """Return the summary as the bytes of a JSON document."""
    return (json.dumps(as_values(summary), ensure_ascii=False, indent=2) + "\n").encode()
