"""Tests of a room's QR code, heat map and paper as files: built from the trainer's data, and refused without a room."""

import io

import pytest
import segno
from pypdf import PdfReader

from bot.rehearsal.documents import LONGEST, MAKING
from dialogs.rehearsal.core.practice import Membership, Practice
from dialogs.rehearsal.together.cards import MAP, PAPER, QR
from seraf.cases.vignette import Vignette
from seraf.rehearsal.agreement import Row
from state_machines.rehearsal import Stage, Together
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.shipped import LINK
from tests.support.talk.gathering import CODE, Guest, Table, hosting
from tests.support.talk.rooms import drawn_rows, room_of

ROBIN: Vignette = next(each for each in REHEARSAL_SCRIPT.pack.vignettes if each.id == "robin")


def closed(rows: tuple[Row, ...]) -> Practice:
    seen = room_of(rows, vignette=ROBIN)
    return Practice(stage=Stage.ROOM_REPORT, together=Together.ROOM, case=ROBIN.id, membership=Membership(seen=seen))


def test_the_code_of_an_open_room_leads_to_it() -> None:
    file = MAKING[QR](hosting(Table()).practice, REHEARSAL_SCRIPT)
    drawn = io.BytesIO()
    segno.make(f"{LINK}{CODE}", micro=False).save(drawn, kind="png", scale=12, border=4)

    assert file is not None
    assert file.content == drawn.getvalue()
    assert "/join ABCD-2345" in file.caption
    assert f"{LINK}{CODE}" in file.caption


@pytest.mark.parametrize("kind", [QR, MAP, PAPER])
def test_without_a_room_there_is_no_file(kind: str) -> None:
    table = Table()
    host = hosting(table)
    guest = Guest(table)
    guest.join()
    host.press("End the room", "Close and compare")

    assert MAKING[kind](guest.practice, REHEARSAL_SCRIPT) is None
    assert MAKING[kind](host.practice, REHEARSAL_SCRIPT) is None
    assert MAKING[kind](Practice(), REHEARSAL_SCRIPT) is None


def test_a_heat_map_is_also_given_in_words_where_they_fit() -> None:
    few, many = closed(tuple({"V1": answer} for answer in ("yes", "no", "no", "no", "no"))), closed(drawn_rows(60, 2))

    short, long = MAKING[MAP](few, REHEARSAL_SCRIPT), MAKING[MAP](many, REHEARSAL_SCRIPT)

    assert short is not None
    assert long is not None
    assert "Percent agreement" in short.caption
    assert "The card of the room says the same in words." in long.caption
    assert max(len(short.caption), len(long.caption)) <= LONGEST


def test_the_paper_of_a_room_can_be_printed() -> None:
    file = MAKING[PAPER](closed(drawn_rows(9, 3)), REHEARSAL_SCRIPT)

    assert file is not None
    text = PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
    assert "Robin, 14" in text
    assert "9 of 9 people finished." in text
