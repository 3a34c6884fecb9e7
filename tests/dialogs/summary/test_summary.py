"""Tests that a summary contains everything of a finished SERAF, and what is missing from it, in plain text."""

import re
from dataclasses import replace

from dialogs.core.codes import carried_of
from dialogs.phrases.number import finished_on, in_words
from dialogs.summary.carried import summarise_carried
from dialogs.summary.referral import BLANK, title_of
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary, TappedReason
from dialogs.summary.text import WIDTH, as_text
from seraf.advice.action_plan import WORDS as URGENCIES
from seraf.form.responses import NOTHING, Responses
from seraf.form.second_view import Says
from seraf.review.carry_over import FACTS, Carried, in_format
from tests.support.counts import each_seed
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING
from tests.support.talk.summaries import (
    ALL,
    HELD_BY,
    NONE,
    WORST,
    drawn,
    finished,
    handed,
    noted,
    summary,
    tapped,
)

SHORT = {each.id for each in PACK.guidance.circumstances}
CODED = replace(SCRIPT, codes=CARRIER)


LOW = {"danger": "no", "told_or_seen": "no", "age": "13-15", "judgement": "no", "profession": "health"}
"""Answers that make nothing urgent."""


def test_everything_of_the_form_is_present_in_order() -> None:
    result = summary()

    assert [line.id for line in result.lines] == [item.id for item in INSTRUMENT.items]
    assert [line.number for line in result.lines] == list(range(1, 31))
    assert [line.label for line in result.lines] == [item.label for item in INSTRUMENT.items]
    assert [(part.id, part.points, part.most) for part in result.answers.parts] == [
        ("vulnerability", 11, 11),
        ("moderate", 12, 12),
        ("significant", 42, 42),
    ]
    assert sum(line.points for line in result.lines) == 65


def test_the_number_is_given_with_its_parts_and_in_words() -> None:
    result = summary()

    assert [(each.id, each.points) for each in result.result.additions] == [("under-13", 5)]
    count = result.result.count
    assert (count.total, count.highest, count.answered, count.of) == (70, 70, 30, 30)
    assert result.result.count.words == "The number: Category 4 (significant)."
    assert result.result.count.lines == ("Total 70. Answered 30 of 30.", "Your judgement: not sure.")
    assert not result.result.count.is_range


def words(told: Summary) -> dict[str, tuple[str, str]]:
    return {each.id: (each.answer, each.words) for each in told.answers.facts}


def test_every_question_around_the_items_is_listed_whether_asked_or_not() -> None:
    result = summary({**LOW, "family": "yes", "moved": "no", "disabled": "not-known", "consent": "not-yet"}, NONE)

    asked = {each.id: each.ask for each in PACK.guidance.circumstances}
    assert {each.id: each.label for each in result.answers.facts if each.id in asked} == asked
    assert words(result)["family"] == ("yes", "Yes")
    assert words(result)["moved"] == ("no", "No")
    assert words(result)["disabled"] == ("not-known", "Not known")
    assert words(result)["consent"] == ("not-yet", "Nobody has asked yet")
    assert words(result)["network"] == ("", "not asked")
    assert [each.id for each in result.answers.facts][-1] == "judgement"


def test_not_asked_and_not_known_are_distinguished() -> None:
    result = words(summary({**LOW, "allocated": "not-known"}, NONE))

    assert result["allocated"] == ("not-known", "Not known")
    assert (result["stage"], result["known"]) == (("", "not asked"), ("", "not asked"))


def test_an_answer_implied_by_an_item_counts_without_a_question() -> None:
    assert words(summary(LOW, {**NONE, "M5": "yes"}))["not_at_school"] == ("yes", "Yes (this follows from an item)")


def test_no_low_number_is_shown_without_its_caveat() -> None:
    """The warning is part of the result value, so that no output format can leave it out."""
    low, high = summary(LOW, NONE), summary()

    assert low.result.count.low == "A low number does not mean that the child is safe."
    assert low.result.count.low in low.result.count.lines
    assert low.result.count.low in low.warnings
    assert (high.result.count.low, high.result.count.category) == ("", 4)


def test_nobody_of_eighteen_or_over_is_called_a_child() -> None:
    """No output format does so. Headings of the guidance and people's own notes are not changed."""
    session = finished({**LOW, "age": "18-25"}, NONE, {"voice": "The child in her own words."})
    carried = carried_of(session, INSTRUMENT, today=NOON.today)

    result = summarise(session, SCRIPT, now=NOON)
    others = [summarise_carried(each, SCRIPT, now=NOON) for each in (carried, in_format(carried, 1))]

    assert result.result.count.low == "A low number does not mean that the person is safe."
    assert result.headings[0].note == "The child in her own words."
    for each in (result, *others):
        text = " ".join(as_text(each, WORDING).split()).replace("The child in her own words", "")
        assert re.findall(r"(?i).{20}\b(?:the|this|a) child\b.{20}", re.sub('"[^"]*"', "", text)) == []
    assert "the child" in " ".join(summary(LOW, NONE).warnings)


def test_unknown_answers_make_a_range_and_never_zero() -> None:
    result = summary(WORST, {**NONE, "S1": "not-known", "S2": "not-known"} | {"V1": "yes"})

    assert result.result.count.is_range
    assert result.result.count.words.startswith("The number: between Category 1")
    assert (result.result.count.category, result.result.count.highest_category) == (1, 4)
    assert "A low number does not mean that the child is safe." in result.warnings
    assert result.lines[23].answer == "Not known"
    assert summary(WORST, {}).lines[0].answer == "not asked"
    assert summary(WORST, {}).lines[0].response == ""


def test_a_verified_list_is_not_called_a_working_list() -> None:
    session = replace(finished(WORST, {}), fingerprint=other_board.INSTRUMENT.fingerprint)
    verified = replace(
        other_board.INSTRUMENT, items=tuple(replace(item, verified=True) for item in other_board.INSTRUMENT.items)
    )

    result = summarise(session, replace(SCRIPT, pack=replace(PACK, instrument=verified)), now=NOON)

    assert result.form.is_verified
    assert not any("Working" in each for each in result.warnings)


def test_the_rule_that_outranks_a_low_number_is_shown() -> None:
    """One current significant item is Category 1, but needs a talk with the manager; an unknown one may need it."""
    yes = summary(WORST, {**NONE, "S1": "current"})
    possible = summary(WORST, {**NONE, "S1": "not-known"})
    no = summary(WORST, NONE)

    assert tuple(each.result.discussion for each in (yes, possible, no)) == ("yes", "possible", "no")
    assert yes.result.discussion_words.startswith("A significant indicator is present")
    assert possible.result.discussion_words.startswith("The category is low, and a significant indicator is not known")
    assert no.result.discussion_words == ""


def test_harm_of_another_kind_is_named() -> None:
    result = summary(WORST, {**NONE, "V2": "yes", "M7": "yes"})

    assert result.result.other_harm == ("V2", "M7")
    assert (
        "Physical abuse by parent, carer or family member; Sexually transmitted infections" in result.result.harm_words
    )
    assert summary(WORST, NONE).result.harm_words == ""


def test_every_reason_to_call_now_is_next_to_danger() -> None:
    titles = [each.title for each in summary({**WORST, "judgement": "yes"}, NONE).advice.leads]

    assert titles[0] == "Danger now: call 999."
    assert "There was a disclosure, or it was seen: call now." in titles
    assert not [each for each in titles if "today" in each]


def test_lead_steps_contacts_and_cautions_are_those_of_the_result() -> None:
    result = summary()

    assert (result.advice.leads[0].title, result.advice.leads[0].urgency) == ("Danger now: call 999.", "emergency")
    assert [each.urgency for each in result.advice.leads] == sorted(
        (each.urgency for each in result.advice.leads), key=lambda word: -URGENCIES.index(word)
    )
    assert all(step.source and step.text for step in result.advice.steps)
    assert any("01454 866000" in line for line in result.advice.contacts)
    assert not any("+44" in line for line in result.advice.contacts)
    assert result.cautions


def test_a_tapped_reason_appears_only_at_its_tick() -> None:
    reasons = Responses.of({"V1": "child", "V2": "child"})
    session = replace(
        finished(WORST, {**NONE, "V1": "yes"}),
        answers=replace(
            finished(WORST, {**NONE, "V1": "yes"}).answers, says=reasons, known=Responses.of({"V1": "week"})
        ),
    )

    first, second, *_ = summarise(session, SCRIPT, now=NOON).lines

    assert first.tapped == TappedReason("child", "the child", "week", "this week")
    assert second.tapped == TappedReason("", "", "", "")


def test_the_code_is_on_it_if_there_are_codes() -> None:
    session = finished(WORST, ALL)

    result = summarise(session, CODED, now=NOON)

    assert CARRIER.read(result.code) == carried_of(session, INSTRUMENT, today=NOON.today)
    assert summarise(session, replace(SCRIPT, codes=None), now=NOON).code == ""


def carried(answers: dict[str, str] = WORST, responses: dict[str, str] = ALL) -> Carried:
    return carried_of(finished(answers, responses), INSTRUMENT, today=NOON.today)


def test_a_summary_from_a_code_names_what_no_code_holds() -> None:
    result = summarise_carried(carried(), CODED, now=NOON)

    assert result.reference == ""
    assert (result.dates.finished, result.dates.review) == ("2026-03", "2026-06-01")
    assert {fact.id for fact in result.answers.facts} == {
        "danger",
        "told_or_seen",
        "age",
        "judgement",
        *(SHORT & FACTS.keys()),
    }
    assert {"reference", "day of the judgement", "Allocated social worker", "notes", "what was done"} <= set(
        result.gaps
    )
    assert "Told or seen" not in result.gaps
    assert CARRIER.read(result.code) == carried()
    assert summary().gaps == ()


def test_the_number_from_a_code_is_the_number_of_the_assessment() -> None:
    whole, result = summary(), summarise_carried(carried(), CODED, now=NOON)

    assert result.result.count == whole.result.count
    assert [(part.points, part.most) for part in result.answers.parts] == [
        (part.points, part.most) for part in whole.answers.parts
    ]


def test_questions_that_a_code_does_not_answer_are_omitted() -> None:
    """A code does not hold the profession, or if the child is allocated or known, so no step may depend on them."""
    unasked = {"allocated", "known", "stage"}
    resting = {
        step.id
        for step in PACK.guidance.steps
        if step.conditions
        and all(
            any(key in unasked and "not-known" not in words for key, words in each.asks) for each in step.conditions
        )
    }

    result = summarise_carried(carried(WORST, NONE), CODED, now=NOON)

    assert resting
    assert not resting & {step.id for step in result.advice.steps}
    assert result.advice.leads


def test_a_code_without_a_judgement_shows_it_as_not_asked() -> None:
    result = summarise_carried(replace(MARCH, judgement="not-asked"), CODED, now=NOON)

    assert result.result.judgement == "not-asked"
    assert result.result.count.lines[-1] == "Your judgement: not asked."


def test_a_boards_own_question_is_carried_and_shown() -> None:
    instrument = other_board.INSTRUMENT
    script = replace(SCRIPT, pack=replace(PACK, instrument=instrument))
    question = instrument.questions[0].id
    answers = Responses.of({question: "yes"})
    held = replace(MARCH, responses=NOTHING, fingerprint=instrument.fingerprint, answers=answers)

    result = summarise_carried(held, script, now=NOON)

    assert {fact.id: fact.words for fact in result.answers.facts}[question] == "Yes"


def test_a_session_without_a_day_is_of_today() -> None:
    """Sessions stored by older releases lack the day of the judgement."""
    session = replace(finished(WORST, ALL), result=replace(finished(WORST, ALL).result, finished=""))

    assert finished_on(session, NOON).isoformat() == "2026-03-04"
    assert in_words(finished_on(session, NOON)) == "4 March 2026"


def test_the_items_follow_the_order_of_the_form() -> None:
    text = as_text(summary(), WORDING).replace("\n  ", " ")

    places = [
        text.rindex(f"{number}. {item.label[:20]}")
        for number, item in enumerate(INSTRUMENT.items, 1)
        if number not in (25,)
    ]
    assert places == sorted(places)
    assert text.index("About the case") < places[0] < text.index("More steps")


def test_every_tick_and_every_heading_has_a_line_to_be_completed() -> None:
    by_hand = 3 + 4 + 1  # who refers, who the child is, who may be behind it

    assert as_text(summary(), WORDING).count(BLANK) == 30 + 8 + by_hand
    assert as_text(summary(WORST, NONE), WORDING).count(BLANK) == 8 + by_hand


def test_a_note_replaces_the_blank() -> None:
    text = as_text(summary(WORST, ALL, noted("He told the school nurse.")), WORDING)

    assert text.count(BLANK) == 3 + 4 + 1  # what is said by voice alone
    assert " ".join(text.split()).count("He told the school nurse.") == 38


def test_without_cautions_there_is_nothing_to_bear_in_mind() -> None:
    assert WORDING.say("result.mind") not in as_text(replace(summary(WORST, NONE), cautions=()), WORDING)


def test_every_form_warning_is_in_it() -> None:
    result = summary(WORST, NONE)
    text = as_text(result, WORDING).replace("\n  ", " ")

    for warning in result.warnings:
        assert warning in text


def test_reference_edition_fingerprint_and_times_are_in_it() -> None:
    text = as_text(summary(), WORDING)

    for wanted in ("BRISK OTTER 41", INSTRUMENT.fingerprint, "2026-03-04 12:00 (UTC)", "4 June 2026"):
        assert wanted in text
    assert INSTRUMENT.edition.label in text.replace("\n  ", " ")


@each_seed(500, 40)
def test_no_line_is_long_and_every_sign_is_plain(seed: int) -> None:
    """The shipped pack is in English, so the text of its summaries is ASCII."""
    text = as_text(summarise(drawn(seed), SCRIPT, now=NOON), WORDING)

    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.isascii()
    assert "\t" not in text


def test_letters_of_other_languages_are_kept() -> None:
    assert '"Tŷ" - dŵr...' in as_text(summary(WORST, ALL, {"V1": "“Tŷ” – dŵr…"}), WORDING)


def test_a_note_of_many_lines_stays_under_its_item() -> None:
    lines = ["one", "2. two: Yes", "three"]
    session = finished(WORST, ALL, {"V1": "\n".join(lines)})

    text = as_text(summarise(session, SCRIPT, now=NOON), WORDING)

    for line in lines[1:]:
        assert f"\n    {line}" in text


def test_a_tapped_reason_is_listed_with_room_for_own_words() -> None:
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
    assert f"Sexual abuse: Yes Reason: {BLANK} Not known" in text
    assert text.count("Says:") == 2


def test_it_ends_with_what_was_done_and_what_is_open() -> None:
    session = tapped(finished(WORST, ALL), ("care", "12:06", "no-answer"), ("care", "12:22", "referral"))
    result = summarise(session, SCRIPT, now=NOON)
    text = as_text(result, WORDING)

    last = text[
        text.index("Actions and calls (times as tapped; names by hand)") : text.index("About the case")
    ].rstrip()
    assert last.splitlines()[2:6] == [
        "Wed 4 Mar 12:06 ART 01454 866000: no answer",
        "Wed 4 Mar 12:22 ART 01454 866000: referral taken; to hear by Thu 5 Mar 12:22",
        f"    Spoke to {BLANK} Reference {BLANK}",
        "OPEN Wed 4 Mar 12:00: Call 999 (due Wed 4 Mar 12:00)",
    ]
    assert last.replace("\n  ", " ").splitlines()[-4:] == [
        each.open_words for each in result.advice.actions if each.open_words
    ]
    assert "\n\n" not in last


def test_the_lines_of_the_card_have_deadline_contact_and_reason() -> None:
    session = tapped(finished(WORST, ALL), ("child", "12:25", "done"))
    text = " ".join(as_text(summarise(session, SCRIPT, now=NOON), WORDING).split())

    assert (
        "2 Call ART and make a referral | by Wed 4 Mar 12:30 ART 01454 866000. No answer: again in 10 minutes" in text
    )
    assert "Wed 4 Mar 12:25 If it is safe, tell the" in text


def test_after_a_handover_each_tick_and_each_entry_of_the_log_is_somebodys() -> None:
    session = tapped(
        handed(finished(WORST, ALL), Says.MORE), ("care", "12:06", "no-answer"), ("police", "12:22", "taken")
    )
    text = " ".join(as_text(summarise(session, SCRIPT, by=HELD_BY, now=NOON), WORDING).split())

    assert "no answer (Sam Reid)" in text
    assert "the police have it (Jo Ames)" in text
    assert (text.count(f"{BLANK} (Sam Reid)"), text.count(f"{BLANK} (Jo Ames)")) == (29, 1)
    assert "Dana Reid, manager, Wed 4 Mar 12:20: more urgent, call now." in text


def test_it_is_a_referral_only_once_that_outcome_was_tapped() -> None:
    session = tapped(finished(WORST, ALL), ("care", "12:06", "called"))
    taken = tapped(session, ("care", "12:06", "called"), ("care", "12:22", "referral"))
    adult = finished({**WORST, "age": "18-25", "profession": "leaving-care"}, ALL)

    titles = [title_of(summarise(each, SCRIPT, now=NOON), WORDING) for each in (session, taken, adult)]
    assert titles == [
        "For the referral: what to tell ART BRISK OTTER 41",
        "Referral, taken Wed 4 Mar 12:22 BRISK OTTER 41",
        "SERAF summary BRISK OTTER 41",
    ]
