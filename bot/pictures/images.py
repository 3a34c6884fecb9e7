"""Pictures (PNG) and papers (PDF), made in memory from templates and values. A value is never read as markup."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno

from bot.summaries.typesetting import compiled, settable_values
from dialogs.core.script import Wording
from dialogs.rehearsal.alone.course_cards import CoursePicture
from dialogs.rehearsal.together.room_report import Cell, Report, ReportRow, mapped, report_legend
from dialogs.review.changes import ReviewCourse, ReviewPoint

FOLDER = Path(__file__).parent  # the folder of the templates; all text in a picture comes from its values


def png(template: str, values: dict[str, Any]) -> bytes:
    """Return a picture as PNG. The same values always give the same bytes."""
    return compiled(_files(template, values), format="png", ppi=144.0)  # two dots per point: sharp on a phone


def pdf(template: str, values: dict[str, Any], *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return a paper as tagged PDF (PDF/UA-1). The same values always give the same bytes."""
    files = {**_files(template, values), **(pictures or {})}
    return compiled(files, format="pdf", pdf_standards="ua-1", timestamp=0)


def _files(template: str, values: dict[str, Any]) -> dict[str, bytes]:
    content = json.dumps(settable_values(values)).encode()
    return {"main.typ": (FOLDER / template).read_bytes(), "values.json": content}


@lru_cache(maxsize=64)
def as_qr_code(link: str) -> bytes:
    """Return the QR code (PNG) of a link, large enough to be scanned across a room."""
    picture = io.BytesIO()
    segno.make(link, micro=False).save(picture, kind="png", scale=12, border=4)
    return picture.getvalue()


def as_course_picture(course: CoursePicture) -> bytes:
    """Return the chart (PNG) of a person's past rehearsals. `course.text` says the same in words."""
    values = {
        **asdict(course),
        "legend": course.legend if course.points else (),
        "last": course.last if len(course.points) > 1 else "",
        "lines": [
            [{"height": point.critical, "mean": point.critical_mean} for point in course.points],
            [{"height": point.items, "mean": point.items_mean} for point in course.points],
        ],
    }
    return png("course.typ", values)


LEAST = 18  # the minimum height of the scale in a chart of reviews, in points of the score


def as_review_course(course: ReviewCourse) -> bytes:
    """Return the chart (PNG) of a case's reviews. `course.text` says the same in words."""
    return png("review_course.typ", on_review_course(course))


def on_review_course(course: ReviewCourse) -> dict[str, Any]:
    """Return the values for the template of the chart of reviews."""
    return {
        "title": course.title,
        "legend": course.legend,
        "scale": max(LEAST, *(point.highest or 0 for point in course.points)),
        "bands": [{"lowest": lowest, "label": label} for lowest, label in course.bands],
        "points": [_bar(point) for point in course.points],
    }


def _bar(point: ReviewPoint) -> dict[str, Any]:
    total, highest = point.total or 0, point.highest or 0
    label = "?" if point.total is None else f"{total}" if highest == total else f"{total}–{highest}"
    return {"month": point.month, "total": total, "open": highest - total, "label": label}


Colour = tuple[int, int, int]  # red, green and blue, 0 to 255
WHITE: Colour = (255, 255, 255)
DARKEST: Colour = (84, 155, 220)

LIGHTEST = Fraction(1, 10)  # how far from white the smallest share above zero is, so that it differs from zero


def mixed(share: Fraction) -> Colour:
    """Return the colour for a share, from white for 0 to the darkest for 1."""
    towards = LIGHTEST + (1 - LIGHTEST) * share if share else Fraction()
    red, green, blue = (round(a + (b - a) * towards) for a, b in zip(WHITE, DARKEST, strict=True))
    return red, green, blue


def as_heat_map(report: Report, wording: Wording) -> bytes:
    """Return the heat map (PNG) of the actions and items on which people differed. `map_alt` says the same in words."""
    values = {
        "head": wording.say("rehearsal-report.head"),
        "title": report.vignette,
        "finished": report.finished,
        "lead": report.lead,
        "about": wording.say("rehearsal-report.map") if mapped(report) else "",
        "outlined": report_legend(report, wording),
        "notes": report.notes,
        "blocks": blocks(report, wording),
        "figures": " · ".join(figure.title for figure in report.plain_figures),
    }
    return png("heat_map.typ", values)


def blocks(report: Report, wording: Wording) -> list[dict[str, Any]]:
    """Return the rows of a report in blocks. The rows of a block have the same options, which are its column headings."""
    result = []
    for _, part in report.parts:
        by_labels: dict[tuple[str, ...], list[ReportRow]] = {}
        for row in part:
            if row.cells:
                by_labels.setdefault(tuple(answer.label for answer in row.cells), []).append(row)
        for labels, rows in by_labels.items():
            shown = [{"title": row.title, "cells": [cell(answer, wording) for answer in row.cells]} for row in rows]
            result.append({"heads": labels, "rows": shown})
    return result


def cell(answer: Cell, wording: Wording) -> dict[str, Any]:
    """Return a cell as values for the template: how many people, its shade, and how the answer relates to the agreed one."""
    return {
        "label": answer.label,
        "people": str(answer.people),
        "fill": "#{:02x}{:02x}{:02x}".format(*mixed(answer.share)),
        "mark": str(answer.mark),
        "words": wording.say(f"rehearsal-report.in-cell-{answer.mark}") if answer.mark else "",
    }
