"""Papers as PDF (A4, PDF/UA-1): a sheet of links to a room, the results of a session, and the training documents."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import segno

from bot.pictures.images import cell, pdf
from dialogs.core.script import Wording
from dialogs.rehearsal.kit.paper import TrainingPaper
from dialogs.rehearsal.together.room_report import Report, ReportRow, map_line, report_legend


def as_sheet_of_links(links: Sequence[tuple[str, str]], wording: Wording, *, title: str, page: str) -> bytes:
    """Return QR codes to be cut out, as a PDF. Each of `links` is a link, and the letters to type at `page` instead of it."""
    drawings: dict[str, bytes] = {}
    for number, (link, _) in enumerate(links, 1):
        drawing = io.BytesIO()
        segno.make(link, micro=False).save(drawing, kind="svg", border=2, scale=4)  # the cell around it is white too
        drawings[f"{number}.svg"] = drawing.getvalue()
    values = {
        "title": wording.say("room-links.title", title=title),
        "how": wording.say("room-links.how"),
        "page": page,
        "links": [
            {"letters": letters, "qr": f"{number}.svg", "alt": wording.say("room-links.alt", number=number)}
            for number, (_, letters) in enumerate(links, 1)
        ],
    }
    return pdf("links.typ", values, pictures=drawings)


def as_session_paper(report: Report, wording: Wording) -> bytes:
    """Return the results of a group rehearsal as a PDF. Nothing in it can be traced to a person."""
    say = wording.say

    def printed(row: ReportRow) -> dict[str, Any]:
        return {
            **{name: getattr(row, name) for name in ("title", "label", "words", "prompt")},
            "cells": [cell(answer, wording) for answer in row.cells],
            "alt": map_line(row, wording),
            "reading": [line for line in (row.reading.key, row.reading.cites, row.reading.other) if line],
        }

    values = {
        **{name: getattr(report, name) for name in ("vignette", "day", "finished", "lead", "notes", "closing")},
        "head": say("rehearsal-report.head"),
        "map": say("rehearsal-report.map") if report.figures else "",
        "outlined": report_legend(report, wording),
        "titles": {name: say(f"rehearsal-report.part.{name}") for name in ("numbers", "closing")},
        "parts": [
            {"title": say(f"rehearsal-report.part.{name}"), "rows": [printed(row) for row in rows]}
            for name, rows in report.parts
            if rows
        ],
        "figures": [asdict(figure) for figure in report.figures],
        "footer": say("rehearsal-report.footer", title=report.vignette),
        "page": say("rehearsal-report.page", page="{page}", pages="{pages}"),
    }
    return pdf("session.typ", values)


def as_training_paper(paper: TrainingPaper, wording: Wording) -> bytes:
    """Return a training document as a PDF. The same document always gives the same bytes."""
    leaves = [
        {**asdict(leaf), "blocks": [{"kind": type(block).__name__, **asdict(block)} for block in leaf.blocks]}
        for leaf in paper.leaves
    ]
    page = wording.say("rehearsal-report.page", page="{page}", pages="{pages}")
    return pdf("training_paper.typ", {**asdict(paper), "leaves": leaves, "page": page})
