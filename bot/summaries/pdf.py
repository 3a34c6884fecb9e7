"""A summary as an accessible PDF of two pages (PDF/UA-1), set by typst from memory: no file is written, no text is markup."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from bot.errors import DocumentFault
from bot.summaries.paper import Picture, on_paper
from dialogs.summary import Summary
from dialogs.wording import Wording

TEMPLATE = Path(__file__).with_name("summary.typ")

SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Sizes of the letters (points): the largest with which it fits on two pages is taken."""

LEAST_WITH_NOTES = 4
"""The place in `SIZES` of the smallest that is taken where notes were: then there are more pages instead."""

PAGES = 2
"""Pages of a summary without notes."""

PAGE = re.compile(rb"/Type\s*/Page\b")


def as_pdf(summary: Summary, wording: Wording, picture: Picture | None = None) -> bytes:
    """The summary as the bytes of a PDF; the same summary gives the same bytes."""
    sheet = Sheet(summary, wording, picture)
    sizes = SIZES[: LEAST_WITH_NOTES + 1] if _is_noted(summary) else SIZES
    low, high = 0, len(sizes) - 1
    while low < high:
        middle = (low + high) // 2
        if pages(sheet.pdf(sizes[middle])) <= PAGES:
            high = middle
        else:
            low = middle + 1
    made = sheet.pdf(sizes[low])
    return made if pages(made) >= PAGES else sheet.pdf(sizes[low], is_parted=True)


def pages(pdf: bytes) -> int:
    """How many pages a PDF of this programme has."""
    return len(PAGE.findall(pdf))


class Sheet:
    """One summary, ready to be set in any size."""

    def __init__(self, summary: Summary, wording: Wording, picture: Picture | None = None) -> None:
        told = json.dumps(on_paper(summary, wording, picture)).encode()
        self._files = {"main.typ": TEMPLATE.read_bytes(), "summary.json": told}
        self._made = datetime.fromisoformat(summary.made)

    def pdf(self, size: float, *, is_parted: bool = False) -> bytes:
        """The PDF in letters of so many points; `is_parted` puts the responses on a page of their own."""
        return self._set(size, is_parted=is_parted, format="pdf", pdf_standards="ua-1")

    def _set(self, size: float, *, is_parted: bool, **more: Any) -> bytes:
        sizes = {"size": str(size), "parted": "yes" if is_parted else "no"}
        return compiled(self._files, sys_inputs=sizes, timestamp=int(self._made.timestamp()), **more)


def compiled(files: dict[str, bytes], **more: Any) -> bytes:
    """What typst makes of these files, in memory. `DocumentFault` where it fails: its own message may quote them."""
    try:
        made: bytes = typst.compile(files, ignore_system_fonts=True, **more)
    except typst.TypstError:
        raise DocumentFault(
            "The document could not be set. Ask for the summary as text instead: seraf-bot summary CODE --format text"
        ) from None
    return made


def _is_noted(summary: Summary) -> bool:
    return any(line.note for line in summary.lines) or any(each.note for each in summary.headings)
