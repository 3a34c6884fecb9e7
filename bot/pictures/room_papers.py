"""Papers of a room: the heat map of the items on which people differ (PNG), and the paper for the session (A4, PDF/UA-1)."""

from fractions import Fraction
from itertools import groupby
from typing import Any

from bot.pictures.setting import pdf, png
from dialogs.core.script import Wording
from dialogs.rehearsal.together.room_report import Cell, Report, ReportRow, map_line, mapped, report_legend

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
DARKEST: Colour = (84, 155, 220)

LIGHTEST = Fraction(1, 10)
"""How far towards the darkest a share begins that is more than nothing, so that it differs from none."""


def shade(share: Fraction) -> str:
    """Return the shade of a share from 0 (white) to 1 (the darkest), as typst reads colours (“#rrggbb”)."""
    return "#{:02x}{:02x}{:02x}".format(*mixed(share))


def mixed(share: Fraction) -> Colour:
    """Return the colour of a share."""
    towards = LIGHTEST + (1 - LIGHTEST) * share if share else Fraction()
    red, green, blue = (round(a + (b - a) * towards) for a, b in zip(WHITE, DARKEST, strict=True))
    return red, green, blue


def as_heat_map(report: Report, wording: Wording) -> bytes:
    """Return the picture as the bytes of a PNG. Its text equivalent is `dialogs.rehearsal.together.room_report.map_alt`."""
    say = wording.say
    told = {
        "head": say("rehearsal-report.head"),
        "title": report.vignette,
        "finished": report.finished,
        "lead": report.lead,
        "about": say("rehearsal-report.map") if mapped(report) else "",
        "outlined": report_legend(report, wording),
        "notes": report.notes,
        "blocks": blocks(report, wording),
        "figures": " · ".join(figure.title for figure in report.figures),
    }
    return png("heat_map.typ", told)


def blocks(report: Report, wording: Wording) -> list[dict[str, Any]]:
    """Return the rows by the options that they offer, each block with its own heads; no row stands in a later part than its own."""
    return [
        {
            "heads": labels,
            "rows": [{"title": row.title, "cells": [cell(each, wording) for each in row.cells]} for row in block],
        }
        for _, part in report.parts
        for labels, block in groupby(_gathered([row for row in part if row.cells]), key=_labels)
    ]


def _gathered(rows: list[ReportRow]) -> list[ReportRow]:
    """Return the rows of a part, those with the same options together, the block of the first row first."""
    places = {labels: number for number, labels in reversed([*enumerate(map(_labels, rows))])}
    return sorted(rows, key=lambda row: places[_labels(row)])


def cell(each: Cell, wording: Wording) -> dict[str, Any]:
    """Return one cell: its number, its shade, and what the key has to do with it."""
    return {
        "label": each.label,
        "people": str(each.people),
        "fill": shade(each.share),
        "mark": str(each.mark),
        "words": wording.say(f"rehearsal-report.in-cell-{each.mark}") if each.mark else "",
    }


def _labels(row: ReportRow) -> tuple[str, ...]:
    return tuple(each.label for each in row.cells)


def as_session_paper(report: Report, wording: Wording) -> bytes:
    """Return the paper as the bytes of a PDF. Nothing on it can be tied to a person."""
    return pdf("session.typ", on_session_paper(report, wording))


def on_session_paper(report: Report, wording: Wording) -> dict[str, Any]:
    """Return everything that the template shows, in its order."""
    say = wording.say
    titles = {name: say(f"rehearsal-report.part.{name}") for name in ("numbers", "closing")}
    parts = [
        {"title": say(f"rehearsal-report.part.{name}"), "rows": [_printed_row(row, wording) for row in rows]}
        for name, rows in report.parts
        if rows
    ]
    return {
        "head": say("rehearsal-report.head"),
        "vignette": report.vignette,
        "day": report.day,
        "finished": report.finished,
        "lead": report.lead,
        "notes": report.notes,
        "map": say("rehearsal-report.map") if report.figures else "",
        "outlined": report_legend(report, wording),
        "titles": titles,
        "parts": parts,
        "figures": [{"title": figure.title, "words": figure.words} for figure in report.figures],
        "closing": report.closing,
        "footer": say("rehearsal-report.footer", title=report.vignette),
        "page": say("rehearsal-report.page", page="{page}", pages="{pages}"),
    }


def _printed_row(row: ReportRow, wording: Wording) -> dict[str, Any]:
    return {
        "title": row.title,
        "label": row.label,
        "cells": [cell(each, wording) for each in row.cells],
        "alt": map_line(row, wording),
        "words": row.words,
        "reading": [each for each in (row.reading.key, row.reading.cites, row.reading.other) if each],
        "prompt": row.prompt,
    }
