"""A summary as an accessible PDF (PDF/UA-1), set by typst from memory: no file is written, no text is markup."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.runtime.errors import DocumentFault
from bot.summaries.paper import Picture, on_paper
from dialogs.core.wording import Wording
from dialogs.summary.summary import Summary

TEMPLATE = Path(__file__).with_name("summary.typ")

SIZES = (9.5, 9.0, 8.5)
"""Sizes of the letters (points): the largest with which the first page holds all that belongs on it is taken."""

LONG = 9.0
"""The size where so much is ticked that no size would do: then what is ticked goes on over the next pages."""

PAGE = re.compile(rb"/Type\s*/Page\b")


def as_pdf(summary: Summary, wording: Wording, *, picture: Picture | None = None) -> bytes:
    """The summary as the bytes of a PDF; the same summary gives the same bytes."""
    sheet = Sheet(summary, wording, picture)
    size = sheet.size()
    return sheet.pdf(size or LONG, is_parted=size is not None)


def pages(pdf: bytes) -> int:
    """How many pages a PDF made here has."""
    return len(PAGE.findall(pdf))


class Sheet:
    """One summary, ready to be set in any size."""

    def __init__(self, summary: Summary, wording: Wording, picture: Picture | None = None) -> None:
        told = json.dumps(on_paper(summary, wording, picture=picture)).encode()
        self._files = {"main.typ": TEMPLATE.read_bytes(), "summary.json": told}
        self._made = datetime.fromisoformat(summary.made)

    def size(self) -> float | None:
        """The largest size with which the first page holds the card, the number and what is ticked; None where there is none."""
        return next((each for each in SIZES if pages(self.first_page(each)) == 1), None)

    def pdf(self, size: float, *, is_parted: bool) -> bytes:
        """The PDF in letters of so many points; `is_parted` puts all else on pages of its own."""
        return self._set(size, "parted" if is_parted else "whole")

    def first_page(self, size: float) -> bytes:
        """Only what belongs on the first page, which may be more than fits there."""
        return self._set(size, "first")

    def _set(self, size: float, what: str) -> bytes:
        sizes, made = {"size": str(size), "what": what}, int(self._made.timestamp())
        return compiled(self._files, sys_inputs=sizes, timestamp=made, format="pdf", pdf_standards="ua-1")


def compiled(files: dict[str, bytes], **more: Any) -> bytes:
    """What typst makes of these files, in memory. `DocumentFault` where it fails: its own message may quote them."""
    import typst  # large, and no command needs it before something is put on paper

    try:
        # Only the fonts of typst: with those of the machine the same summary would give other bytes elsewhere.
        made: bytes = typst.compile(files, ignore_system_fonts=True, **more)
    except typst.TypstError:
        raise DocumentFault(
            "The document could not be set. Ask for the summary as text instead: seraf-bot summary CODE --format text"
        ) from None
    return made
