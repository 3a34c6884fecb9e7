"""The plain text of a summary: in the order of the form, short lines, plain signs."""

from dataclasses import replace

import pytest

from dialogs.summarising import summarise
from dialogs.summary_text import BLANK, WIDTH, as_text
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, WORDING
from tests.support.summaries import ALL, NONE, WORST, drawn, finished, noted, summary


def test_the_items_stand_in_the_order_of_the_form() -> None:
    """One after the other, with number, label and response, and before them what to do."""
    text = as_text(summary(), WORDING).replace("\n  ", " ")

    places = [
        text.index(f"{number}. {item.label[:20]}")
        for number, item in enumerate(INSTRUMENT.items, 1)
        if number not in (25,)
    ]
    assert places == sorted(places)
    assert text.index("What to do now") < text.index("The number") < places[0] < text.index("Next steps")


def test_every_tick_and_every_heading_has_a_line_to_be_completed() -> None:
    """Thirty reasons and eight headings where nothing was noted; none for what was not ticked."""
    assert as_text(summary(), WORDING).count(BLANK) == 30 + 8
    assert as_text(summary(WORST, NONE), WORDING).count(BLANK) == 8


def test_what_was_noted_stands_there_instead() -> None:
    """With notes at every place nothing is left to be completed."""
    text = as_text(summary(WORST, ALL, noted("He told the school nurse.")), WORDING)

    assert BLANK not in text
    assert " ".join(text.split()).count("He told the school nurse.") == 38


def test_without_cautions_there_is_nothing_to_bear_in_mind() -> None:
    """The heading stands only above something."""
    text = as_text(replace(summary(WORST, NONE), cautions=()), WORDING)

    assert WORDING.say("result.mind") not in text


def test_every_form_warning_is_in_it() -> None:
    """It is no complete SERAF, no referral, and a working list."""
    told = summary(WORST, NONE)
    text = as_text(told, WORDING).replace("\n  ", " ")

    for warning in told.warnings:
        assert warning in text


def test_reference_edition_fingerprint_and_times_are_in_it() -> None:
    """So that the pasted text says what it is."""
    text = as_text(summary(), WORDING)

    for wanted in ("BRISK OTTER 41", INSTRUMENT.fingerprint, "2026-03-04 12:00 (UTC)", "3 June 2026"):
        assert wanted in text
    assert INSTRUMENT.edition in text.replace("\n  ", " ")


@pytest.mark.parametrize("seed", range(times(500, 40)))
def test_no_line_is_long_and_every_sign_is_plain(seed: int) -> None:
    """Random cases: at most so many characters a line, no tab, and ASCII throughout, since the shipped pack is English."""
    text = as_text(summarise(drawn(seed), SCRIPT, NOON), WORDING)

    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.isascii()
    assert "\t" not in text


def test_letters_of_other_languages_are_kept() -> None:
    """A note in Welsh stays as it was written; only typographic signs are made plain."""
    text = as_text(summary(WORST, ALL, {"V1": "“Tŷ” – dŵr…"}), WORDING)

    assert '"Tŷ" - dŵr...' in text


def test_a_note_of_many_lines_stays_under_its_item() -> None:
    """Lines of a note cannot pass for lines of the form."""
    lines = ["one", "2. two: Yes", "three"]
    session = finished(WORST, ALL, {"V1": "\n".join(lines)})

    text = as_text(summarise(session, SCRIPT, NOON), WORDING)

    for line in lines[1:]:
        assert f"\n    {line}" in text
