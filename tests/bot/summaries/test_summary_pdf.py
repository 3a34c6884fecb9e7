"""Tests of a summary on paper: what to do comes first, tags are accessible, bytes reproducible, and text stays text."""

import io
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bot.summaries.paper import LONG, SIZES, Picture, Sheet, as_pdf, on_paper, pages
from bot.summaries.typesetting import MISSING, settable
from dialogs.core.codes import carried_of
from dialogs.summary.carried import summarise_carried
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary
from tests.support.counts import each_seed, times
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, WORDING
from tests.support.talk.summaries import ALL, HOSTILE, NONE, WORST, drawn, finished, summary, tapped

READABLE = 8.5
"""The smallest readable font size on paper, in points."""


def read(told: Summary, picture: Picture | None = None) -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(told, WORDING, picture=picture)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def figures(reader: PdfReader) -> list[str]:
    root: Any = reader.root_object
    return [str(each.get("/Alt")) for each in elements(root["/StructTreeRoot"]) if each["/S"] == "/Figure"]


def elements(node: Any) -> Iterator[Any]:
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for each in found:
            yield from elements(each)
    elif isinstance(found, DictionaryObject):
        if "/S" in found:
            yield found
        yield from elements(found.get("/K", []))


def png(width: int = 4, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def first_page(told: Summary) -> str:
    return "".join(read(told).pages[0].extract_text().split())


@each_seed(300, 4)
def test_the_first_page_says_what_is_asked_and_by_whom_it_is_taken(seed: int) -> None:
    session = drawn(seed)

    for result in (
        summarise(session, SCRIPT, now=NOON),
        summarise_carried(carried_of(session, INSTRUMENT, today=NOON.today), SCRIPT, now=NOON),
    ):
        page = first_page(result)
        wanted = [
            result.advice.leads[0].title,
            *(each.title for each in result.advice.actions[:1]),
            result.result.count.words,
            result.advice.contacts[0],
            WORDING.say("summary.part.danger"),
        ]
        assert [each for each in wanted if "".join(each.split()) not in page] == []


@pytest.mark.parametrize("profession", ["social-care", "school", "police", "leaving-care"])
def test_of_a_case_with_some_ticks_the_first_page_holds_each_with_its_reason(profession: str) -> None:
    ticked = {**NONE, "V3": "yes", "M3": "yes", "M11": "yes", "S1": "current", "S5": "both"}
    result = summary({**WORST, "profession": profession}, ticked)
    page = first_page(result)

    assert [line.label for line in result.lines if line.is_ticked and "".join(line.label.split()) not in page] == []
    assert page.count("Reason:") == 5
    assert "".join(result.advice.steps[0].text.split()) not in page


def test_letters_are_never_too_small_to_read() -> None:
    sheet = Sheet(summary(), WORDING)

    assert min(*SIZES, LONG) >= READABLE
    assert sheet.size() is None
    assert pages(sheet.pdf(SIZES[-1], "first")) > 1
    assert pages(as_pdf(summary(), WORDING)) > pages(as_pdf(summary(WORST, NONE), WORDING))


def test_the_log_stands_at_its_lines_and_is_complete_after_them() -> None:
    session = tapped(finished(WORST, NONE), ("care", "12:06", "no-answer"), ("care", "12:22", "referral"))
    result = summarise(session, SCRIPT, now=NOON)

    whole = text_of(read(result)).replace(" ", "")
    card, log = whole.split("".join(WORDING.say("summary.part.log").split()))

    for each in result.log:
        assert "".join(each.words.split()) in card
        assert "".join(each.words.split()) in log
    assert card.count("Stillopen.") == len([each for each in result.advice.actions if each.state == "open"])
    assert log.count("Spoketo") == 1
    assert log.count("OPENWed4Mar12:00:") == 4


def test_it_is_tagged_for_those_who_hear_it() -> None:
    reader = read(summary())
    root: Any = reader.root_object
    found = Counter(str(each["/S"]) for each in elements(root["/StructTreeRoot"]))

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the library's own
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata is not None
    assert reader.metadata.title == "For the referral: what to tell ART BRISK OTTER 41"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (found["/H1"], found["/H2"], found["/H3"]) == (1, 18, 3)
    assert (found["/Table"], found["/TH"]) == (7, 3 + 3 + 4 + 3 * 3 + 2)
    assert found["/Figure"] == 1


def test_the_bar_has_a_text_equivalent() -> None:
    result = summary(WORST, {**NONE, "V1": "yes", "S1": "current", "S2": "not-known"})
    assert figures(read(result)) == [
        "A bar of the points. Vulnerabilities: 1 of 11 ticked: 1 point; Moderate risk indicators: 0 of 12 ticked: 0"
        " points; Significant risk indicators: 1 of 7 ticked: 5 points;"
        " Under 13, with a significant risk indicator: 5; Total 11. Lines show where each"
        " category begins: Category 1 at 0, Category 2 at 6, Category 3 at 11, Category 4 at 16. A dashed part shows how"
        " far what is not known could take it: 17."
    ]
    assert "Significant risk indicators: 1 of 7 ticked: 5 points" in text_of(read(result))


def test_everything_that_matters_is_written_on_it() -> None:
    result = summary()
    text = text_of(read(result))

    wanted = [
        *result.warnings,
        result.reference,
        "2026-03-04 12:00 UTC",
        result.form.fingerprint[:12],
        result.advice.leads[0].title,
    ]
    wanted += [line.label for line in result.lines] + [each.title for each in result.headings]
    squeezed = text.replace(" ", "")
    assert [each for each in wanted if each.replace(" ", "") not in squeezed] == []
    assert text.count("Reason:") == 30


def test_the_same_summary_gives_the_same_bytes() -> None:
    """Two copies of a summary can then be compared byte by byte."""
    assert as_pdf(summary(), WORDING) == as_pdf(summary(), WORDING)


def test_a_note_is_on_the_paper_once_whether_or_not_its_item_is_ticked() -> None:
    texts = [text_of(read(summary(WORST, items, {"V1": "Seen twice."}))) for items in (ALL, NONE)]

    assert [text.count("Seen twice.") for text in texts] == [1, 1]


def test_a_hostile_note_is_set_as_it_was_written() -> None:
    result = summary(WORST, ALL, {"V1": HOSTILE})
    text = text_of(read(result))

    assert '#set page(width: 1cm) *bold* $x$ #panic("no")'.replace(" ", "") in text.replace(" ", "")
    assert MISSING in text
    assert read(result).pages[0].mediabox.width > 590


def test_a_hostile_pack_is_set_as_it_was_written() -> None:
    result = summary()
    lines = tuple(replace(line, label=HOSTILE) for line in result.answers.parts[0].lines)
    result = replace(
        result,
        reference=HOSTILE,
        answers=replace(
            result.answers,
            parts=(replace(result.answers.parts[0], title=HOSTILE, lines=lines), *result.answers.parts[1:]),
        ),
        advice=replace(result.advice, leads=(replace(result.advice.leads[0], title=HOSTILE, text=HOSTILE),)),
    )

    reader = read(result)

    assert reader.metadata is not None
    assert "#set page(width: 1cm)" in str(reader.metadata.title)


@settings(max_examples=times(500, 8), deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_at_all_can_be_set(text: str) -> None:
    assert pages(Sheet(summary(WORST, ALL, {"V1": text, "voice": text}), WORDING).pdf(LONG, "whole")) >= 2


def test_signs_that_hide_or_turn_text_are_left_out() -> None:
    assert settable("a\u202eb\u200bc\x07d\ue000e\ud800f") == f"abc d{MISSING}e{MISSING}f"
    assert settable("Tŷ “ŵ” – 6–12 ✓\nx") == "Tŷ “ŵ” – 6–12 ✓\nx"


def test_a_picture_has_its_place_and_its_words() -> None:
    picture = Picture(png(), "Totals of three reviews: 5, 9, 14.")

    assert [each[:6] for each in figures(read(summary(), picture))] == ["A bar ", "Totals"]
    assert on_paper(summary(), WORDING)["picture"] is None
