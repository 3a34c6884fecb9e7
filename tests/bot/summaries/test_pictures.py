"""Tests of pictures and papers of rehearsals: colours that can be told apart, valid files, and an accessible paper."""

import io
import struct
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from bot.pictures.images import WHITE, Colour, as_course_picture, as_heat_map, blocks, mixed
from bot.pictures.papers import as_session_paper
from dialogs.rehearsal.alone.course_cards import course_picture
from dialogs.rehearsal.together.room_report import Report, map_line, mapped
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from tests.bot.summaries.test_summary_pdf import elements, figures, text_of
from tests.support.shipped import WORDING
from tests.support.talk.rooms import CITED, differing_at, drawn_rows, keyed_row, report_of
from tests.support.talk.summaries import HOSTILE

ROOMS = {
    "five": report_of(drawn_rows(5, 1)),
    "sixty": report_of(drawn_rows(60, 2), joined=61),
    "alike": report_of(tuple(keyed_row() for _ in range(9))),
    "one item": report_of(differing_at(8, {"S1": "current"})),
    "too few": report_of(drawn_rows(3, 1)),
}

SHARES = sorted({Fraction(some, people) for people in range(1, 61) for some in range(people + 1)})
"""Every share of people that is possible in a room of up to sixty."""


BLACK: Colour = (0, 0, 0)


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def course_of(count: int) -> Course:
    first = date(2026, 1, 3)
    return tuple(
        Rehearsed(
            (first + timedelta(days=3 * number)).isoformat(),
            *(f"v{number}", Mode.PRACTICE, tuple(Critical)[: number % 3], 5 if number else 0),
            *(15 + number % 15, 30, (), ()),
        )
        for number in range(count)
    )


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def paper(told: Report) -> PdfReader:
    return PdfReader(io.BytesIO(as_session_paper(told, WORDING)))


def test_more_people_are_always_darker_and_the_number_can_always_be_read() -> None:
    lights = [luminance(mixed(share)) for share in SHARES]

    assert all(darker <= lighter for lighter, darker in pairwise(lights))
    assert min(contrast(BLACK, mixed(share)) for share in SHARES) >= 7
    assert contrast(mixed(Fraction(1, 60)), WHITE) > 1.08
    assert contrast(mixed(Fraction(1)), WHITE) > 2.5


@pytest.mark.parametrize("told", ROOMS.values(), ids=ROOMS)
def test_a_heat_map_is_a_png_that_a_chat_takes(told: Report) -> None:
    made = as_heat_map(told, WORDING)

    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert size_of(made)[0] == 1120
    assert sum(size_of(made)) < 10_000
    assert made == as_heat_map(told, WORDING)


def test_the_largest_heat_map_still_fits() -> None:
    other = dict.fromkeys(keyed_row(), "not-known") | {"judgement": "no", "first-call": "nobody", "S5": "no"}
    result = report_of((*(keyed_row() for _ in range(4)), other))

    assert len(result.rows) == 30
    assert sum(size_of(as_heat_map(result, WORDING))) < 10_000


def test_blocks_hold_every_row_once() -> None:
    result = ROOMS["sixty"]
    part = {row.title: at for at, (_, rows) in enumerate(result.parts) for row in rows}

    titles = [row["title"] for block in blocks(result, WORDING) for row in block["rows"]]

    assert sorted(titles) == sorted(row.title for row in mapped(result))
    assert [part[title] for title in titles] == sorted(part[title] for title in titles)
    kinds = {(part[row.title], tuple(cell.label for cell in row.cells)) for row in mapped(result)}
    assert len(blocks(result, WORDING)) == len(kinds)


@pytest.mark.parametrize("told", ROOMS.values(), ids=ROOMS)
def test_a_paper_is_tagged_for_those_who_hear_it(told: Report) -> None:
    reader = paper(told)
    root: Any = reader.root_object
    found = Counter(str(each["/S"]) for each in elements(root["/StructTreeRoot"]))

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the library's own
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == f"REHEARSAL — not a real child: {told.vignette}"
    assert reader.metadata.author is None
    assert found["/H1"] == 1
    assert found["/H3"] == sum(len(rows) for _, rows in told.parts)
    assert figures(reader) == [map_line(row, WORDING) for row in mapped(told)]


@pytest.mark.parametrize("told", ROOMS.values(), ids=ROOMS)
def test_everything_of_the_report_is_written_on_the_paper(told: Report) -> None:
    reader = paper(told)
    squeezed = text_of(reader).replace(" ", "")

    wanted = [told.vignette, told.day, told.finished, *told.lead, *told.notes, *told.closing]
    for row in (row for _, rows in told.parts for row in rows):
        wanted += [row.title, row.label, row.words, row.reading.key, row.reading.cites, row.reading.other, row.prompt]
        wanted += [f"{cell.label}{cell.people}" for cell in row.cells]
    for figure in told.figures:
        wanted += [figure.title, figure.words]
    assert [each for each in wanted if each.replace(" ", "") not in squeezed] == []
    assert all("REHEARSAL" in page.extract_text() for page in reader.pages)
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)


def test_a_hostile_vignette_is_set_as_it_was_written() -> None:
    result = replace(ROOMS["one item"], vignette=HOSTILE)

    assert '#set page(width: 1cm) *bold* $x$ #panic("no")'.replace(" ", "") in text_of(paper(result)).replace(" ", "")
    assert as_heat_map(result, WORDING).startswith(b"\x89PNG")
    assert CITED.replace(" ", "") in text_of(paper(result)).replace(" ", "")


@pytest.mark.parametrize("count", [0, 1, 2, 12, 60, 200])
def test_the_picture_of_a_course_is_a_png_that_a_chat_takes(count: int) -> None:
    made = as_course_picture(course_picture(course_of(count), WORDING))

    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert size_of(made)[0] == 1120
    assert sum(size_of(made)) < 10_000
