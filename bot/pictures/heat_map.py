"""The heat map of a room: items on which people differ, how many gave each response, as shade and as number."""

from itertools import groupby
from typing import Any

from bot.pictures.setting import png
from bot.pictures.shades import shade
from dialogs.core.wording import Wording
from dialogs.rehearsal.together.report import Cell, Report, ReportRow, mapped, report_legend


def as_heat_map(report: Report, wording: Wording) -> bytes:
    """The picture as the bytes of a PNG. Its text equivalent is `dialogs.rehearsal.together.report.map_alt`."""
    say = wording.say
    told = {
        "head": say("rehearsal-report.head"),
        "title": report.vignette,
        "finished": report.finished,
        "about": say("rehearsal-report.map") if mapped(report) else "",
        "outlined": report_legend(report, wording),
        "notes": report.notes,
        "blocks": blocks(report, wording),
        "figures": " · ".join(figure.title for figure in report.figures),
    }
    return png("heat_map.typ", told)


def blocks(report: Report, wording: Wording) -> list[dict[str, Any]]:
    """The rows by the options that they offer, each block with its own heads, the block of the most different row first."""
    shown = mapped(report)
    places = {labels: number for number, labels in reversed([*enumerate(map(_labels, shown))])}
    rows = sorted(shown, key=lambda row: places[_labels(row)])
    return [
        {"heads": labels, "rows": [_row(row, wording) for row in block]} for labels, block in groupby(rows, key=_labels)
    ]


def cell(each: Cell, wording: Wording) -> dict[str, Any]:
    """One cell: its number, its shade, and what the key has to do with it."""
    return {
        "label": each.label,
        "people": str(each.people),
        "fill": shade(each.share),
        "mark": str(each.mark),
        "words": wording.say(f"rehearsal-report.in-cell-{each.mark}") if each.mark else "",
    }


def _labels(row: ReportRow) -> tuple[str, ...]:
    return tuple(each.label for each in row.cells)


def _row(row: ReportRow, wording: Wording) -> dict[str, Any]:
    return {"title": row.title, "cells": [cell(each, wording) for each in row.cells]}
