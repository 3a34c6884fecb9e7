"""The model of a phone's screen, checked with cards whose lines were counted by hand; its pictures and its report."""

from pathlib import Path

import pytest

from dialogs.core.acts import Close, Kind, Open, Overlay, Say, Tick
from dialogs.core.page import Button
from dialogs.core.replies import Card, Paragraph
from docs.phone.__main__ import main, numbers
from docs.phone.cards import different, is_item, is_tick_list
from docs.phone.measure import Cut, Line, as_shown, cut_labels, fits, height, lines
from tests.support.talk.phone import measured
from tests.support.walks.model import FOLDER

WALK = FOLDER / "03-both-columns.walk"
PNG = b"\x89PNG\r\n\x1a\n"


def card(*paragraphs: str | Paragraph, rows: tuple[tuple[str, ...], ...] = ()) -> Card:
    texts = tuple(each if isinstance(each, Paragraph) else Paragraph(each) for each in paragraphs)
    return Card(1, texts, tuple(tuple(Button(label, Close()) for label in row) for row in rows))


def words(length: int) -> str:
    return "x" * length


def test_words_are_kept_whole_and_an_empty_line_parts_paragraphs() -> None:
    shown = lines(card(f"{words(40)} abc {words(5)}", "– one\n– two"))

    assert shown == (Line(f"{words(40)} abc"), Line(words(5)), Line(""), Line("– one"), Line("– two"))


def test_a_strong_line_holds_one_character_less() -> None:
    text = f"{words(40)} abc"

    assert lines(card(Paragraph(text))) == (Line(text),)
    assert lines(card(Paragraph(text, is_strong=True))) == (Line(words(40), True), Line("abc", True))


def test_a_word_longer_than_a_line_wraps() -> None:
    assert lines(card(words(50))) == (Line(words(44)), Line(words(6)))


@pytest.mark.parametrize(
    ("shown", "px"),
    [
        *((card("Yes?"), 20 + 21), (card("Yes?", rows=(("Yes", "No"),)), 20 + 21 + 39)),
        *((card("A", "B", rows=(("Yes",), ("No",))), 20 + 3 * 21 + 2 * 39), (card(words(38)), 20 + 21)),
        *((card(words(39)), 20 + 21 + 14), (card(words(44), "end"), 20 + 3 * 21)),
    ],
)
def test_a_card_is_as_high_as_its_lines_its_rows_and_its_frame(shown: Card, px: int) -> None:
    assert height(shown) == px
    assert measured([shown, shown]) == [px, px]


@pytest.mark.parametrize(("in_row", "most"), [(1, 28), (2, 20), (3, 12), (4, 9)])
def test_a_label_fits_up_to_the_room_of_its_row(in_row: int, most: int) -> None:
    assert fits(words(most), in_row)
    assert not fits(words(most + 1), in_row)
    assert as_shown(words(most), in_row) == words(most)
    assert as_shown(words(most + 1), in_row) == f"{words(most)}…"


def test_the_labels_that_do_not_fit_are_found() -> None:
    shown = card(
        "When?", rows=(("Both", "Not in 12 months", "Not known"), ("Both", "Not in 12 months"), ("Older than ever",))
    )

    assert cut_labels(shown) == (Cut("Not in 12 months", 3),)
    assert [as_shown(each, 3) for each in ("Not in 12 months", "Change what else")] == ["Not in 12 mo…", "Change what…"]


def test_items_and_tick_lists_are_distinguished_from_other_cards() -> None:
    what, other = Button("What?", Open(Overlay(Kind.WHAT, "V1"))), Button("What?", Open(Overlay(Kind.WHAT, "age")))
    yes, tick, about = (
        Button("Yes", Say("yes")),
        Button("Alone", Tick("V1", "yes")),
        Button("Moved", Tick("moved", "yes")),
    )
    cards = [Card(1, (), (row,)) for row in ((yes, what), (yes, other), (what,), (tick, what), (about, other))]

    assert [is_item(each) for each in cards] == [True, False, False, False, False]
    assert [is_tick_list(each) for each in cards] == [False, False, False, True, False]


def test_cards_are_different_by_words_and_rows_alone() -> None:
    same = card("A", rows=(("Yes",), ("No",)))
    later = Card(2, same.paragraphs, same.rows)

    assert different([same, later, card("A", rows=(("Yes", "No"),))]) == (later, card("A", rows=(("Yes", "No"),)))


def test_numbers_are_read_as_ranges_and_alone() -> None:
    assert numbers("3-5,9,1") == (3, 4, 5, 9, 1)


def test_a_walk_is_drawn_card_by_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(WALK), str(tmp_path / "new"), "--cards", "1,3"]) == 0

    files = sorted((tmp_path / "new").iterdir())
    assert [path.name for path in files] == ["03-both-columns-001.png", "03-both-columns-003.png"]
    assert all(path.read_bytes().startswith(PNG) for path in files)
    assert capsys.readouterr().out.splitlines() == [str(path) for path in files]


@pytest.mark.parametrize("wrong", [[str(WALK), "there", "--cards", "999"], ["--measure", "nowhere"], ["none", "there"]])
def test_an_undrawable_picture_is_reported_and_not_written(
    wrong: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(wrong) == 1

    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
