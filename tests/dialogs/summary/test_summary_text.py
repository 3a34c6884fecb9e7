"""The plain text of a summary: in the order of the form, short lines, plain signs."""

from dataclasses import replace

from dialogs.summary.summarise import summarise
from dialogs.summary.text import BLANK, WIDTH, as_text
from seraf.form.responses import Responses
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, WORDING
from tests.support.talk.summaries import ALL, NONE, WORST, drawn, finished, noted, summary, tapped


def test_the_items_stand_in_the_order_of_the_form() -> None:
    """One after the other, with number, label and response, and before them what to do."""
    text = as_text(summary(), WORDING).replace("\n  ", " ")

    places = [
        text.index(f"{number}. {item.label[:20]}", text.index("About the case"))
        for number, item in enumerate(INSTRUMENT.items, 1)
        if number not in (25,)
    ]
    assert places == sorted(places)
    assert text.index("What to do now") < text.index("The number") < places[0] < text.index("More steps")


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

    for wanted in ("BRISK OTTER 41", INSTRUMENT.fingerprint, "2026-03-04 12:00 (UTC)", "4 June 2026"):
        assert wanted in text
    assert INSTRUMENT.edition.label in text.replace("\n  ", " ")


@each_seed(500, 40)
def test_no_line_is_long_and_every_sign_is_plain(seed: int) -> None:
    """Random cases: at most so many characters a line, no tab, and ASCII throughout, since the shipped pack is English."""
    text = as_text(summarise(drawn(seed), SCRIPT, now=NOON), WORDING)

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

    text = as_text(summarise(session, SCRIPT, now=NOON), WORDING)

    for line in lines[1:]:
        assert f"\n    {line}" in text


def test_what_was_tapped_as_a_reason_stands_with_room_for_own_words() -> None:
    """Who says so and since when; where that was skipped, room for the whole reason; and what was noted in its place."""
    session = replace(
        finished(WORST, {**NONE, "V1": "yes", "V2": "yes", "V3": "yes"}, {"V2": "She said so."}),
        answers=replace(
            finished(WORST, {**NONE, "V1": "yes", "V2": "yes", "V3": "yes"}, {"V2": "She said so."}).answers,
            says=Responses.of({"V1": "child", "V2": "record", "V4": "child"}),
            known=Responses.of({"V1": "today", "V4": "today"}),
        ),
    )
    text = " ".join(as_text(summarise(session, SCRIPT, now=NOON), WORDING).split())

    assert f"member: Yes Says: the child. Known since: today. Own words: {BLANK} 2." in text
    assert "member: Yes Says: a record. Own words: She said so. 3." in text
    assert f"Sexual abuse: Yes Reason: {BLANK} 4." in text
    assert text.count("Says:") == 2


def test_each_part_says_how_many_are_ticked() -> None:
    """Not points out of a most, which nobody needs."""
    assert "Significant risk indicators: 1 of 7 ticked: 5 points" in as_text(
        summary(WORST, {**NONE, "S1": "current"}), WORDING
    )


def test_it_ends_with_what_was_done_and_what_is_open() -> None:
    """Each call with a line for a name and a reference; nothing stands behind it."""
    session = tapped(finished(WORST, ALL), ("care", "12:06", "no-answer"), ("care", "12:22", "referral"))
    told = summarise(session, SCRIPT, now=NOON)
    text = as_text(told, WORDING)

    last = text[text.index("Actions and calls (times as tapped; names by hand)") :]
    assert last.splitlines()[2:6] == [
        "Wed 4 Mar 12:06 ART 01454 866000: no answer",
        "Wed 4 Mar 12:22 ART 01454 866000: referral taken; to hear by Thu 5 Mar 12:22",
        f"    Spoke to {BLANK} Reference {BLANK}",
        "OPEN Wed 4 Mar 12:00: Call 999 (due Wed 4 Mar 12:00)",
    ]
    assert last.replace("\n  ", " ").splitlines()[-4:] == [
        each.open_words for each in told.advice.actions if each.open_words
    ]
    assert "\n\n" not in last


def test_the_lines_of_the_card_stand_with_by_when_whom_and_why() -> None:
    """As on the card, and whether each is still open."""
    session = tapped(finished(WORST, ALL), ("child", "12:25", "done"))
    text = " ".join(as_text(summarise(session, SCRIPT, now=NOON), WORDING).split())

    assert (
        "2 Call ART and make a referral | by Wed 4 Mar 12:30 ART 01454 866000. No answer: again in 10 minutes" in text
    )
    assert "Wed 4 Mar 12:25 If it is safe, tell the" in text
