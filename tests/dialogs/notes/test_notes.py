"""Tests of notes, without a store: where they can be written, what is refused and why, and when they are erased."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.codec import decode, encode
from dialogs.core.events import Noted, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.notes.noting import LONGEST, MOST, as_note, take_note, takes_words
from seraf.reference import Blaming
from tests.support.command_line.cli import Ran, run
from tests.support.shipped import NOON, OCCASION, PACK, SCRIPT
from tests.support.talk.notes import NOTING, TAKING, NotingTalk
from tests.support.talk.talking import Talk

PLAIN = "The school nurse saw bruises on both arms."
BLAMING = "She stays out with her boyfriend, a lifestyle choice."


@pytest.fixture
def talk() -> NotingTalk:
    talk = NotingTalk()
    talk.open_with().press("Note")
    return talk


def test_without_notes_no_button_leads_to_one() -> None:
    talk = Talk().begin()
    assert "notes" not in talk.text.lower()

    talk.open_with()
    assert "Note" not in talk.labels
    assert talk.type().toasts == ["typed"]
    assert not talk.card.takes_words


def test_a_note_is_not_stored_where_notes_are_off() -> None:
    talk = Talk().open_with()

    talk.take(Noted(OCCASION, PLAIN))

    assert talk.toasts == ["typed"]
    assert not talk.session.answers.notes


def test_there_is_a_way_to_the_notes_from_each_card_of_a_case() -> None:
    talk = NotingTalk()
    talk.open_with().press("Note", "Back", "More", "Notes")
    assert talk.session.overlay == Overlay(Kind.NOTES, "1")

    talk.press("Back").finish()
    for further in ("Continue", "Not sure", "More steps"):
        talk.press("Notes")
        assert talk.session.overlay == Overlay(Kind.NOTES, "1")
        talk.press("Back", further)
    assert "Notes" in talk.labels


def test_a_card_of_ticks_leads_to_the_list() -> None:
    talk = NotingTalk()
    talk.open_with(order="Quick")

    assert "Notes" in talk.labels
    assert "Note" not in talk.labels


def test_a_note_cannot_be_opened_before_a_case() -> None:
    talk = NotingTalk().begin()
    assert not {"Note", "Notes"} & set(talk.labels)

    talk.press("Start")
    assert not {"Note", "Notes"} & set(talk.labels)


def test_words_typed_at_a_note_card_are_stored_at_its_place(talk: NotingTalk) -> None:
    talk.note("  The school nurse\n\nsaw\u202e bruises. ")

    assert talk.session.answers.notes.get("V1") == "The school nurse saw bruises."
    assert talk.toasts == ["note-kept"]
    assert "Kept: The school nurse saw bruises." in talk.text
    assert talk.card.takes_words


def test_the_list_has_the_headings_and_then_the_items_that_are_ticked_or_noted(talk: NotingTalk) -> None:
    talk.press("Back").answer(["Yes"] * 11)
    talk.press("Note")
    talk.note(PLAIN).press("All notes")
    assert talk.labels[:8] == [each.short for each in PACK.recording.headings]
    assert "notes 1 of 3" in talk.text

    talk.press("Next page")
    assert len(talk.labels) == 9 + 4
    talk.press("Next page")

    assert len(talk.chosen) == 1
    assert "1 of 12" in talk.text
    talk.press("Previous", "Previous", "Back")
    assert talk.session.overlay is None


def test_a_page_of_the_list_that_is_gone_is_the_last_that_there_is(talk: NotingTalk) -> None:
    talk.note(PLAIN).press("All notes", "Next page", PACK.instrument.item("V1").short, "Remove it")
    talk.session = replace(talk.session, overlay=Overlay(Kind.NOTES, "2"))

    card = show(talk.session, NOTING, NOON)

    assert "notes 1 of 1" in card.text
    assert PACK.recording.headings[0].short in [button.label for button in card.buttons]


@pytest.mark.parametrize(
    ("text", "toast"),
    [
        *(("", "note-empty"), (" \n\u200b ", "note-empty"), ("x" * (LONGEST + 1), "note-long")),
        *(("Jane Smith saw it.", "note-refused"), ("Ring 07700 900123.", "note-refused")),
    ],
)
def test_a_refused_note_is_answered_with_why_and_the_note_before_stays(talk: NotingTalk, text: str, toast: str) -> None:
    talk.note(PLAIN)

    talk.note(text)

    assert talk.toasts == [toast]
    assert dict(talk.session.answers.notes) == {"V1": PLAIN}
    assert talk.session.told.draft == ""


def test_a_refusal_names_the_kind_and_never_the_words(talk: NotingTalk) -> None:
    talk.note("Jane Smith, 07700 900123, BS99 1AA")

    (toast,) = (effect for effect in talk.effects if isinstance(effect, Toast))
    assert dict(toast.values) == {"kinds": "a telephone number, a postcode, a name"}


def test_the_longest_note_is_stored_and_shown_whole(talk: NotingTalk) -> None:
    words = f"{'so ' * 99}end"[:LONGEST].ljust(LONGEST, "x")

    talk.note(words)

    assert talk.session.answers.notes.get("V1") == words
    assert words in talk.text
    assert len(talk.text) <= 1_000


def test_all_notes_together_have_a_bound(talk: NotingTalk) -> None:
    places = [item.id for item in PACK.instrument.items[: MOST // LONGEST]]
    for place in places:
        talk.session = replace(talk.session, overlay=Overlay(Kind.NOTE, place))
        assert talk.note("x" * LONGEST).toasts == ["note-kept"]
    assert talk.note("y" * LONGEST).toasts == ["note-kept"]

    talk.press("All notes", "Child's voice").take(Noted(OCCASION, "One more."))

    assert talk.toasts == ["note-full"]
    assert talk.session.answers.notes.get("voice") is None


def test_a_note_that_blames_a_child_is_stored_only_after_the_person_decides(talk: NotingTalk) -> None:
    talk.note(BLAMING)

    assert not talk.session.answers.notes
    assert talk.session.told.draft == BLAMING
    assert "“choice”: could you say it in other words?" in talk.text
    assert f"Not kept yet: {BLAMING}" in talk.text
    assert "A note about use of language" in talk.text
    assert "Also to think over: “boyfriend”, “lifestyle”." in talk.text
    assert talk.labels == ["Keep my words", "Write again", "Urgent"]


def test_writing_again_discards_the_first_words(talk: NotingTalk) -> None:
    talk.note(PLAIN).note(BLAMING).press("Write again")
    assert talk.session.told.draft == ""
    assert dict(talk.session.answers.notes) == {"V1": PLAIN}

    talk.note(BLAMING).note("A man of 25 controls her.")

    assert talk.session.told.draft == ""
    assert dict(talk.session.answers.notes) == {"V1": "A man of 25 controls her."}


def test_a_draft_that_nobody_decides_about_is_dropped(talk: NotingTalk) -> None:
    talk.note(BLAMING).command("pause")

    assert talk.session.told.draft == ""
    assert not talk.session.answers.notes


def test_a_draft_that_the_mirror_no_longer_objects_to_can_be_stored(talk: NotingTalk) -> None:
    talk.note(BLAMING)
    talk.session = decode(encode(talk.session).replace(BLAMING, PLAIN))

    assert "Keep this note?" in show(talk.session, NOTING, NOON).text


@pytest.mark.parametrize("entry", PACK.recording.mirror, ids=lambda entry: entry.id)
def test_every_card_of_the_mirror_fits_a_phone(talk: NotingTalk, entry: Blaming) -> None:
    phrase = entry.phrases[0].replace("*", "")

    talk.note(f"{phrase} ".ljust(LONGEST, "z"))

    assert talk.session.told.draft
    assert len(talk.text) <= 1_000


@pytest.mark.parametrize(
    "place", [*(each.id for each in PACK.recording.headings), *(each.id for each in PACK.instrument.items)]
)
def test_every_note_card_fits_a_phone(talk: NotingTalk, place: str) -> None:
    notes = talk.session.answers.notes.give(place, "x" * LONGEST)
    session = replace(
        talk.session, overlay=Overlay(Kind.NOTE, place), answers=replace(talk.session.answers, notes=notes)
    )

    assert len(show(session, NOTING, NOON).text) <= 1_000


def test_words_become_a_note_only_at_an_open_note_card(talk: NotingTalk) -> None:
    typed, closed = Typed(OCCASION), talk.session.at("V1")

    assert as_note(typed, PLAIN, session=talk.session, script=NOTING) == Noted(OCCASION, PLAIN)
    assert as_note(typed, "", session=talk.session, script=NOTING) is typed
    assert as_note(typed, PLAIN, session=closed, script=NOTING) is typed
    assert as_note(typed, PLAIN, session=talk.session, script=SCRIPT) is typed
    pressed = Pressed(OCCASION, 1, "x")
    assert as_note(pressed, PLAIN, session=talk.session, script=NOTING) is pressed


def test_a_note_hides_its_words_in_its_repr() -> None:
    assert PLAIN not in repr(Noted(OCCASION, PLAIN))


def test_where_notes_are_taken_no_more_an_open_note_card_is_closed(talk: NotingTalk) -> None:
    talk.note(PLAIN)

    card = show(talk.session, SCRIPT, NOON)

    assert PLAIN not in card.text
    assert not card.takes_words
    assert not takes_words(talk.session, SCRIPT)
    assert take_note(talk.session, Noted(OCCASION, PLAIN), script=SCRIPT).effects == (Toast("typed"),)


def test_another_answer_to_an_item_leaves_its_note(talk: NotingTalk) -> None:
    talk.note(PLAIN).press("Back", "Not known", "Back", "No", "Back")

    assert dict(talk.session.answers.notes) == {"V1": PLAIN}


def test_the_help_mentions_notes_only_where_they_exist() -> None:
    assert "“Note” on an item" in NotingTalk().begin().command("help").text
    assert "“Note”" not in Talk().begin().command("help").text


@pytest.mark.parametrize(
    "pattern", ["1 ", "0 7 ", "a1 ", "A.", "Ab ", "@a", "born ", "x_", "1/", "two ", "(", "12 may "]
)
def test_nothing_that_fits_a_note_takes_long_to_look_through(pattern: str) -> None:
    """These texts of maximum length could make a regular expression of the screening backtrack for a long time."""
    assert isinstance(TAKING.screening.could_be((pattern * LONGEST)[:LONGEST]), tuple)


ON = {"SERAF_NOTES": "on"}
TO_A_NOTE = ("Start", "School", "Neither", "No", "Yes", "13–15", "Form order", "Note")


def ran(folder: Path, *lines: str, settings: dict[str, str] | None = None) -> Ran:
    return run(folder, "chat", typed="".join(f"{line}\n" for line in lines).encode(), settings=settings or ON)


@pytest.mark.parametrize(
    "line",
    [
        *("The nurse saw bruises.", "call me when it is over, he said", "Explain why he was out.", "pause"),
        "so " * 95 + "end",
    ],
)
def test_a_line_typed_at_a_note_card_is_stored(tmp_path: Path, line: str) -> None:
    out = ran(tmp_path, *TO_A_NOTE, line).out

    assert f"Kept: {line}" in out
    assert list(tmp_path.iterdir()) == []


def test_a_button_and_a_command_are_still_what_they_are(tmp_path: Path) -> None:
    assert "item 1 of 30" in ran(tmp_path, *TO_A_NOTE, "back").out.rsplit("─" * 20, 1)[1]
    assert "Kept:" not in ran(tmp_path, *TO_A_NOTE, "2").out
    assert "In danger now: call 999" in ran(tmp_path, *TO_A_NOTE, "/urgent").out
