"""Typesetting with typst from a template and plain values, in memory: no file is written, and no text is read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.summaries.typesetting import compiled, settable_values

FOLDER = Path(__file__).parent
"""Where the templates are. Every word in a picture comes from its values."""

NONE: Mapping[str, bytes] = MappingProxyType({})
"""No pictures."""

DENSITY = 144.0
"""Resolution of a PNG, in dots per inch: two per point, so that letters are sharp on a phone."""


def png(template: str, told: dict[str, Any]) -> bytes:
    """Return one picture as the bytes of a PNG; the same values give the same bytes."""
    return compiled(_files(template, told), format="png", ppi=DENSITY)


def pdf(template: str, told: dict[str, Any], *, pictures: Mapping[str, bytes] = NONE) -> bytes:
    """Return a paper as the bytes of a tagged PDF (PDF/UA-1), without a time of making; the same values give the same bytes."""
    files = {**_files(template, told), **pictures}
    return compiled(files, format="pdf", pdf_standards="ua-1", timestamp=0)


def _files(template: str, told: dict[str, Any]) -> dict[str, bytes]:
    values = json.dumps(settable_values(told)).encode()
    return {"main.typ": (FOLDER / template).read_bytes(), "told.json": values}
