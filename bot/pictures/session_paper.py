"""The paper of a room for the session (A4, PDF/UA-1): where people differ, how far they agree, the key, and what to talk about."""

from typing import Any

from bot.pictures.heat_map import cell
from bot.pictures.setting import pdf
from dialogs.core.wording import Wording
from dialogs.rehearsal.together.report import Figure, Report, ReportRow, map_line, report_legend


def as_session_paper(report: Report, wording: Wording) -> bytes:
    """The paper as the bytes of a PDF. Nothing on it can be tied to a person."""
    return pdf("session.typ", on_session_paper(report, wording))


def on_session_paper(report: Report, wording: Wording) -> dict[str, Any]:
    """Everything that the template shows, in its order."""
    say = wording.say
    titles = {name: say(f"rehearsal-report.part.{name}") for name in ("numbers", "closing")}
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
        "parts": [_part(name, rows, wording) for name, rows in report.parts if rows],
        "figures": [_figure(figure) for figure in report.figures],
        "closing": report.closing,
        "footer": say("rehearsal-report.footer", title=report.vignette),
        "page": say("rehearsal-report.page", page="{page}", pages="{pages}"),
    }


def _part(name: str, rows: tuple[ReportRow, ...], wording: Wording) -> dict[str, Any]:
    return {"title": wording.say(f"rehearsal-report.part.{name}"), "rows": [_row(row, wording) for row in rows]}


def _row(row: ReportRow, wording: Wording) -> dict[str, Any]:
    return {
        "title": row.title,
        "label": row.label,
        "cells": [cell(each, wording) for each in row.cells],
        "alt": map_line(row, wording),
        "words": row.words,
        "reading": [each for each in (row.reading.key, row.reading.cites, row.reading.other) if each],
        "prompt": row.prompt,
    }


def _figure(figure: Figure) -> dict[str, str]:
    return {"title": figure.title, "words": figure.words}
