"""The model of a phone, by cards whose lines were counted by hand, and the pictures and the report that rest on it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from dialogs.core.acts import Close, Kind, Open, Overlay, Say, Tick
from dialogs.core.replies import Button, Card, Paragraph
from docs.phone.__main__ import main, numbers
from docs.phone.cards import Shown, different, heading, is_item, is_tick_list, shown_in
from docs.phone.drawing import sheet
from docs.phone.measure import VISIBLE, Cut, Line, as_shown, cut_labels, fits, height, lines
from docs.phone.report import report
from tests.support.shipped import NOON
from tests.support.talk.phone import measured
from tests.support.walks.model import FOLDER

WALK = FOLDER / "03-both-columns.walk"
PNG = b"\x89PNG\r\n\x1a\n"


def card(*paragraphs: str | Paragraph, rows: tuple[tuple[str, ...], ...] = ()) -> Card:
    """A card of these paragraphs, plain where they are only words, and of buttons with these labels."""
    texts = tuple(each if isinstance(each, Paragraph) else Paragraph(each) for each in paragraphs)
    return Card(1, texts, tuple(tuple(Button(label, Close()) for label in row) for row in rows))


def words(length: int) -> str:
    """So many characters that no line can part."""
    return "x" * length


def said_by(svg: str) -> str:
    """All words of a drawing."""
    return " ".join(text for text in ElementTree.fromstring(svg).itertext() if text.strip())


def drawn(shown: Card) -> str:
    """All words of one card on its phone."""
    return said_by(sheet([Shown(shown, NOON.at, is_printed=True)], 1).svg)


def test_words_are_kept_whole_and_an_empty_line_parts_paragraphs() -> None:
    """44 characters fit a line; a list keeps its own lines."""
    shown = lines(card(f"{words(40)} abc {words(5)}", "– one\n– two"))

    assert shown == (Line(f"{words(40)} abc"), Line(words(5)), Line(""), Line("– one"), Line("– two"))


def test_a_strong_line_holds_one_character_less() -> None:
    """It is a little wider."""
    text = f"{words(40)} abc"

    assert lines(card(Paragraph(text))) == (Line(text),)
    assert lines(card(Paragraph(text, is_strong=True))) == (Line(words(40), True), Line("abc", True))


def test_a_word_that_is_longer_than_a_line_goes_on_in_the_next() -> None:
    """Nothing runs out of the bubble."""
    assert lines(card(words(50))) == (Line(words(44)), Line(words(6)))


@pytest.mark.parametrize(
    ("shown", "px"),
    [
        (card("Yes?"), 20 + 21),
        (card("Yes?", rows=(("Yes", "No"),)), 20 + 21 + 39),
        (card("A", "B", rows=(("Yes",), ("No",))), 20 + 3 * 21 + 2 * 39),
        (card(words(38)), 20 + 21),
        (card(words(39)), 20 + 21 + 14),
        (card(words(44), "end"), 20 + 3 * 21),
    ],
)
def test_a_card_is_as_high_as_its_lines_its_rows_and_its_frame(shown: Card, px: int) -> None:
    """A line is 21 px, a row 39, the frame 20, and the time 14 where the last line has no room for it."""
    assert height(shown) == px
    assert measured([shown, shown]) == [px, px]


@pytest.mark.parametrize(("in_row", "most"), [(1, 28), (2, 20), (3, 12), (4, 9)])
def test_a_label_fits_up_to_the_room_of_its_row(in_row: int, most: int) -> None:
    """One character more is cut."""
    assert fits(words(most), in_row)
    assert not fits(words(most + 1), in_row)
    assert as_shown(words(most), in_row) == words(most)
    assert as_shown(words(most + 1), in_row) == f"{words(most)}…"


def test_the_labels_that_do_not_fit_are_found() -> None:
    """With the number of buttons in their row: the same label fits a row of two."""
    shown = card(
        "When?", rows=(("Both", "Not in 12 months", "Not known"), ("Both", "Not in 12 months"), ("Older than ever",))
    )

    assert cut_labels(shown) == (Cut("Not in 12 months", 3),)
    assert [as_shown(each, 3) for each in ("Not in 12 months", "Change what else")] == ["Not in 12 mo…", "Change what…"]


def test_items_and_tick_lists_are_told_from_other_cards() -> None:
    """By what their buttons do, not by their words."""
    what, other = Button("What?", Open(Overlay(Kind.WHAT, "V1"))), Button("What?", Open(Overlay(Kind.WHAT, "age")))
    yes, tick, about = (
        Button("Yes", Say("yes")),
        Button("Alone", Tick("V1", "yes")),
        Button("Moved", Tick("moved", "yes")),
    )
    cards = [Card(1, (), (row,)) for row in ((yes, what), (yes, other), (what,), (tick, what), (about, other))]

    assert [is_item(each) for each in cards] == [True, False, False, False, False]
    assert [is_tick_list(each) for each in cards] == [False, False, False, True, False]


def test_a_card_goes_by_its_strong_words() -> None:
    """On one line, and by its first words where it has none."""
    assert heading(card("BRISK OTTER 41", Paragraph("Is it\nso?", is_strong=True))) == "Is it so?"
    assert heading(card("BRISK OTTER 41", "Is it so?")) == "BRISK OTTER 41"


def test_cards_are_different_by_words_and_rows_alone() -> None:
    """Their token does not tell them apart."""
    same = card("A", rows=(("Yes",), ("No",)))
    later = Card(2, same.paragraphs, same.rows)

    assert different([same, later, card("A", rows=(("Yes", "No"),))]) == (later, card("A", rows=(("Yes", "No"),)))


def test_the_report_counts_the_high_cards_and_names_what_is_cut() -> None:
    """The highest first, and each label with how often it is cut."""
    high, low = card(*"abcdefghijklmnopq"), card("low", rows=(("These are right", "No", "Go"),))

    said = list(report([low, high]))

    assert said[0] == "2 different cards"
    assert said[1] == "all: 2, median 396.5 px, highest 713 px"
    assert said[2:5] == ["items: 0", "tick lists: 0", "higher than 684 px: 1, of them tick lists 0"]
    assert said[7:9] == ["   713 px  a", "    80 px  low"]
    assert said[-1] == "  in a row of 3: “These are right” (15) is “These are ri…”, on 1 card"
    assert list(report([high]))[-1] == "Every label fits its row."


def test_numbers_are_read_as_ranges_and_alone() -> None:
    """In the order in which they stand."""
    assert numbers("3-5,9,1") == (3, 4, 5, 9, 1)


def test_a_walk_is_drawn_card_by_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One PNG for each card that was chosen, in a folder that is made for them."""
    assert main([str(WALK), str(tmp_path / "new"), "--cards", "1,3"]) == 0

    files = sorted((tmp_path / "new").iterdir())
    assert [path.name for path in files] == ["03-both-columns-001.png", "03-both-columns-003.png"]
    assert all(path.read_bytes().startswith(PNG) for path in files)
    assert capsys.readouterr().out.splitlines() == [str(path) for path in files]


def test_a_strip_shows_phones_side_by_side(tmp_path: Path) -> None:
    """Every line of the cards is in it, as text, and so is the clock of the walk."""
    printed = [each for each in shown_in(WALK) if each.is_printed]

    assert main([str(WALK), str(tmp_path), "--cards", "2-3", "--strip", "2", "--svg"]) == 0

    (path,) = tmp_path.iterdir()
    said = said_by(path.read_text(encoding="utf-8"))
    assert path.name == "03-both-columns-strip.svg"
    assert [line.text for each in printed[1:3] for line in lines(each.card) if line.text not in said] == []
    assert "16:45" in said


def test_a_row_of_phones_is_wider_and_a_second_row_is_higher() -> None:
    """A phone is 390 px wide and 844 high, with 26 px around it; a card that is higher than the screen makes it longer."""
    low, high = (Shown(each, NOON.at, is_printed=True) for each in (card("Yes?"), card(*"abcdefghijklmnopq")))
    sizes = [(each.width, each.height) for each in (sheet([low] * 2, 2), sheet([low] * 3, 2), sheet([high], 2))]

    assert sizes == [(858, 896), (858, 1766), (442, 26 + 100 + 713 + 8 + 60 + 26)]


def test_a_label_is_drawn_cut_as_on_a_phone() -> None:
    """And a text with signs of a markup language is drawn as it is."""
    said = drawn(card("A&E <now>", rows=(("Not in 12 months", "No", "Yes"),)))

    assert ("A&E <now>" in said, "Not in 12 mo…" in said, "Not in 12 months" in said) == (True, True, False)


def test_the_end_of_the_screen_is_drawn_on_a_card_that_is_higher() -> None:
    """With how far one has to scroll; on a card that just fits there is no such line."""
    fitting = card(*"abcdefghijklmno", rows=(("Yes",),))
    higher = card(*"abcdefghijklmno", rows=(("Yes",), ("No",)))

    assert [height(fitting), height(higher)] == [668, 707]
    assert f"684 px screen ends +{707 - VISIBLE}" in drawn(higher)
    assert "684 px" not in drawn(fitting)


def test_a_walk_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """One by itself, or all of a folder."""
    assert main(["--measure", str(WALK)]) == 0

    assert "different cards" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [[str(WALK), "there", "--cards", "999"], ["--measure", "nowhere"], ["none", "there"]])
def test_what_cannot_be_drawn_is_said_and_nothing_is_written(
    wrong: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card that is not there, a folder without walks, a walk that is not there."""
    monkeypatch.chdir(tmp_path)

    assert main(wrong) == 1

    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
