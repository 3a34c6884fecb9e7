"""Tests that the paper to sign has every text that anybody can be shown, and that none of it is read as markup."""

import io
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints

from pypdf import PdfReader

from bot.workbench.comparing import AS_WRITTEN, UNSEEN, pack_statements
from bot.workbench.papers import as_html_preview, cards_of_pack
from tests.support.command_line.cli import run
from tests.support.pack import second_board
from tests.support.pack.saying import prose
from tests.support.pack.second_board import FIRST_BOARD
from tests.support.shipped import PACK, WORDING


def test_every_sentence_of_the_pack_and_of_the_bot_is_on_it() -> None:
    said = "\n".join(each.text for _, rows in cards_of_pack(second_board.pack(), WORDING) for each in rows)

    assert [text for text in prose(second_board.pack()) if text not in said] == []
    assert [item.label for item in second_board.pack().instrument.items if item.label not in said] == []
    assert "ask Lantern or the Night Lantern Team for the number" in said
    assert [word for word in FIRST_BOARD if f" {word} " in said] == []


def test_the_paper_and_the_page_are_written_as_the_file_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    for name, content in second_board.files().items():
        (folder / name).write_bytes(content)

    for name in ("mine.pdf", "mine.html"):
        assert run(tmp_path, "pack", "preview", "second", "--to", name).status == 0
    assert run(tmp_path, "pack", "preview", "second", "--to", "mine.txt").status == 2
    assert run(tmp_path, "pack", "preview", "second", "--to", "mine.pdf").status == 2

    reader = PdfReader(io.BytesIO((tmp_path / "mine.pdf").read_bytes()))
    assert all("Nowhereshire: first edition" in page.extract_text() for page in reader.pages[:3])
    page = (tmp_path / "mine.html").read_text()
    assert page.count("Second person, role, date") == len(second_board.pack().instrument.items) + 1
    assert "Young carer without support" in page


def test_no_text_is_markup_on_the_page() -> None:
    odd = replace(PACK, names={**PACK.names, "front_door": "<b>ART</b>"})

    assert b"<b>" not in as_html_preview(odd, WORDING)


def test_no_value_of_a_table_that_is_grouped_in_code_is_left_out() -> None:
    for kind, keys in AS_WRITTEN.items():
        hints, groups = get_type_hints(kind), {path.partition(".")[0] for path in keys.values() if "." in path}
        names = [each.name for each in fields(kind) if each.init]
        inner = [f"{name}.{each.name}" for name in names if name in groups for each in fields(hints[name])]
        wanted = {path for path in (*names, *inner) if path not in groups and path.rpartition(".")[2] not in UNSEEN}
        assert wanted == {path for key, path in keys.items() if key not in UNSEEN}


def test_each_part_has_the_name_of_its_key_in_the_pack() -> None:
    result = {(each.card, each.part): each.text for each in pack_statements(PACK)}
    action, item = PACK.guidance.plan.actions[0], PACK.instrument.items[0]

    assert result["Form", "edition"] == PACK.instrument.edition.label
    assert result[f"Form: items {item.id}", "why"] == item.inquiry.why
    assert result[f"Guidance: plan actions {action.id}", "title"] == action.wording.title


def test_conditions_and_urgency_are_written_in_words() -> None:
    result = {(each.card, each.part): each.text for each in pack_statements(PACK)}

    lead = "Guidance: leads danger-police"
    assert result[lead, "urgency"] == "emergency"
    assert result[lead, "when"] == "danger: yes; profession: police"
    assert result[lead, "when, or 2"] == "safe: danger; profession: police"
    assert [
        part for _, part in result if part.startswith((" ", "_")) or "conditions" in part or "when when" in part
    ] == []
