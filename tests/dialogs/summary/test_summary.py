"""A summary says all of a finished SERAF in the house's words, and what is still missing."""

import re
from dataclasses import replace

import pytest

from dialogs.core.codes import carried_of
from dialogs.phrases.number import finished_on, in_words
from dialogs.summary.carried import summarise_carried
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary, TappedReason, as_written
from dialogs.summary.text import as_text
from seraf.advice.action_plan import WORDS as URGENCIES
from seraf.form.responses import NOTHING, Responses
from seraf.review.carry_over import FACTS, Carried, in_format
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING
from tests.support.talk.summaries import ALL, NONE, WORST, finished, noted, summary

SHORT = {each.id for each in PACK.guidance.circumstances}
CODED = replace(SCRIPT, codes=CARRIER)


LOW = {"danger": "no", "told_or_seen": "no", "age": "13-15", "judgement": "no", "profession": "health"}
"""Answers to which nothing is due at once."""


def test_everything_of_the_form_is_there_in_its_order() -> None:
    """Thirty lines in three parts, each with its label, its response and its points."""
    told = summary()

    assert [line.id for line in told.lines] == [item.id for item in INSTRUMENT.items]
    assert [line.number for line in told.lines] == list(range(1, 31))
    assert [line.label for line in told.lines] == [item.label for item in INSTRUMENT.items]
    assert [(part.id, part.points, part.most) for part in told.answers.parts] == [
        ("vulnerability", 11, 11),
        ("moderate", 12, 12),
        ("significant", 42, 42),
    ]
    assert sum(line.points for line in told.lines) == 65


def test_the_number_stands_with_its_parts_and_in_words() -> None:
    """Total, additions, what was answered, category, and the professional's own judgement beside it."""
    told = summary()

    assert [(each.id, each.points) for each in told.result.additions] == [("under-13", 5)]
    count = told.result.count
    assert (count.total, count.highest, count.answered, count.of) == (70, 70, 30, 30)
    assert told.result.count.words == "The number: Category 4 (significant)."
    assert told.result.count.lines == ("Total 70. Answered 30 of 30.", "Your judgement: not sure.")
    assert not told.result.count.is_range


def words(told: Summary) -> dict[str, tuple[str, str]]:
    """The answer and the words of every question around the items."""
    return {each.id: (each.answer, each.words) for each in told.answers.facts}


def test_every_question_around_the_items_is_there_whether_it_was_asked_or_not() -> None:
    """Each circumstance of the pack by what it asks; what was ticked, what the rest was, and what nobody was asked."""
    told = summary({**LOW, "family": "yes", "moved": "no", "disabled": "not-known", "consent": "not-yet"}, NONE)

    asked = {each.id: each.ask for each in PACK.guidance.circumstances}
    assert {each.id: each.label for each in told.answers.facts if each.id in asked} == asked
    assert words(told)["family"] == ("yes", "Yes")
    assert words(told)["moved"] == ("no", "No")
    assert words(told)["disabled"] == ("not-known", "Not known")
    assert words(told)["consent"] == ("not-yet", "Nobody has asked yet")
    assert words(told)["network"] == ("", "not asked")
    assert [each.id for each in told.answers.facts][-1] == "judgement"


def test_what_was_not_asked_is_told_from_what_nobody_knows() -> None:
    """Questions of every case too: after “Finish now” neither of these was put."""
    told = words(summary({**LOW, "allocated": "not-known"}, NONE))

    assert told["allocated"] == ("not-known", "Not known")
    assert (told["stage"], told["known"]) == (("", "not asked"), ("", "not asked"))


def test_what_follows_from_an_item_is_so_though_nobody_was_asked() -> None:
    """A child who is out of school by an item is not asked about again."""
    assert words(summary(LOW, {**NONE, "M5": "yes"}))["not_at_school"] == ("yes", "Yes (this follows from an item)")


def test_no_low_number_stands_without_what_it_does_not_show() -> None:
    """In the value itself, so that no form can leave it out; a high one needs no such sentence."""
    low, high = summary(LOW, NONE), summary()

    assert low.result.count.low == "A low number does not mean that the child is safe."
    assert low.result.count.low in low.result.count.lines
    assert low.result.count.low in low.warnings
    assert (high.result.count.low, high.result.count.category) == ("", 4)


def test_nobody_of_eighteen_or_over_is_called_a_child() -> None:
    """In no form of it, from a code of either kind too; but headings of the guidance and what was noted stay as they are."""
    session = finished({**LOW, "age": "18-25"}, NONE, {"voice": "The child in her own words."})
    carried = carried_of(session, INSTRUMENT, today=NOON.today)

    told = summarise(session, SCRIPT, now=NOON)
    others = [summarise_carried(each, SCRIPT, now=NOON) for each in (carried, in_format(carried, 1))]

    assert told.result.count.low == "A low number does not mean that the person is safe."
    assert told.headings[0].note == "The child in her own words."
    for each in (told, *others):
        text = " ".join(as_text(each, WORDING).split()).replace("The child in her own words", "")
        assert re.findall(r"(?i).{20}\b(?:the|this|a) child\b.{20}", re.sub('"[^"]*"', "", text)) == []
    assert "the child" in " ".join(summary(LOW, NONE).warnings)


def test_what_is_not_known_makes_a_range_and_is_never_zero() -> None:
    """An item without a response says so, and the number says how far it could go."""
    told = summary(WORST, {**NONE, "S1": "not-known", "S2": "not-known"} | {"V1": "yes"})

    assert told.result.count.is_range
    assert told.result.count.words.startswith("The number: between Category 1")
    assert (told.result.count.category, told.result.count.highest_category) == (1, 4)
    assert "A low number does not mean that the child is safe." in told.warnings
    assert told.lines[23].answer == "Not known"
    assert summary(WORST, {}).lines[0].answer == "not asked"
    assert summary(WORST, {}).lines[0].response == ""


def test_a_high_number_has_no_warning_of_a_low_one() -> None:
    """The sentence about low numbers stands where it belongs."""
    assert summary().warnings == (
        "This is not a complete SERAF until the reasons and the voices are recorded in the case record.",
        "This is not a referral. It does not replace the case record, your judgement or 999.",
        "Working item list: check it against your board's own form.",
    )


def test_a_verified_list_is_no_working_list() -> None:
    """A board that checked its items is not told to check them."""
    session = replace(finished(WORST, {}), fingerprint=other_board.INSTRUMENT.fingerprint)
    verified = replace(
        other_board.INSTRUMENT, items=tuple(replace(item, verified=True) for item in other_board.INSTRUMENT.items)
    )

    told = summarise(session, replace(SCRIPT, pack=replace(PACK, instrument=verified)), now=NOON)

    assert told.form.is_verified
    assert not any("Working" in each for each in told.warnings)


def test_it_carries_reference_edition_fingerprint_and_times() -> None:
    """So that nobody takes one summary for another."""
    told = summary()

    assert told.reference == "BRISK OTTER 41"
    assert told.form.fingerprint == INSTRUMENT.fingerprint
    assert told.form.edition == INSTRUMENT.edition.label
    assert told.dates.made == "2026-03-04T12:00:00+00:00"
    assert (told.dates.finished, told.dates.review) == ("2026-03-04", "2026-06-04")


def test_the_rule_that_stands_above_a_low_number_is_said() -> None:
    """One current significant sign alone is Category 1, and yet asks for the manager; one not known might."""
    yes = summary(WORST, {**NONE, "S1": "current"})
    possible = summary(WORST, {**NONE, "S1": "not-known"})
    no = summary(WORST, NONE)

    assert tuple(each.result.discussion for each in (yes, possible, no)) == ("yes", "possible", "no")
    assert yes.result.discussion_words.startswith("A significant indicator is present")
    assert possible.result.discussion_words.startswith("The category is low, and a significant indicator is not known")
    assert no.result.discussion_words == ""


def test_harm_of_another_kind_is_named() -> None:
    """Abuse at home is a reason of its own, whatever the number; without it nothing is said."""
    told = summary(WORST, {**NONE, "V2": "yes", "M7": "yes"})

    assert told.result.other_harm == ("V2", "M7")
    assert "Physical abuse by parent, carer or family member; Sexually transmitted infections" in told.result.harm_words
    assert summary(WORST, NONE).result.harm_words == ""


@pytest.mark.parametrize("item", ["S1", "S2"])
def test_no_milder_reason_stands_beside_a_graver_one(item: str) -> None:
    """A sign of the past six months is not also one of before; the text says one thing, and how soon."""
    calm = {
        "danger": "no",
        "told_or_seen": "no",
        "age": "13-15",
        "judgement": "no",
        "profession": "health",
        "safe": "yes",
    }
    told = summarise(finished(calm, NONE | {item: "current"}), SCRIPT, now=NOON)

    assert [each.title for each in told.advice.leads] == ["A serious sign now: talk within the hour."]
    assert "earlier serious sign" not in as_text(told, WORDING)


def test_every_reason_to_call_now_stands_beside_danger() -> None:
    """Danger comes first; that the child told is not lost for it."""
    titles = [each.title for each in summary({**WORST, "judgement": "yes"}, NONE).advice.leads]

    assert titles[0] == "Danger now: call 999."
    assert "There was a disclosure, or it was seen: call now." in titles
    assert not [each for each in titles if "today" in each]


def test_lead_steps_contacts_and_cautions_are_those_of_the_result() -> None:
    """What leads comes first, each step has its source, and every contact is there with what is known of it."""
    told = summary()

    assert (told.advice.leads[0].title, told.advice.leads[0].urgency) == ("Danger now: call 999.", "emergency")
    assert [each.urgency for each in told.advice.leads] == sorted(
        (each.urgency for each in told.advice.leads), key=lambda word: -URGENCIES.index(word)
    )
    assert all(step.source and step.text for step in told.advice.steps)
    assert any("01454 866000" in line for line in told.advice.contacts)
    assert not any("+44" in line for line in told.advice.contacts)
    assert told.cautions


def test_a_line_waits_for_each_reason_and_each_voice() -> None:
    """Nothing was noted, so every one is empty; the headings are those of the pack."""
    told = summary()

    assert [each.id for each in told.headings] == [
        *("voice", "views", "differences", "vulnerabilities", "concern", "sharing", "child-told", "protective")
    ]
    assert {each.note for each in told.headings} == {""}
    assert {line.note for line in told.lines} == {""}


def test_what_was_noted_stands_in_its_place() -> None:
    """Where an organisation takes notes they are printed with the item or heading that they belong to."""
    told = summary(WORST, ALL, noted("She said so."))

    assert {each.note for each in told.headings} == {"She said so."}
    assert {line.note for line in told.lines} == {"She said so."}


def test_a_reason_that_was_tapped_stands_at_its_tick_alone() -> None:
    """By ids and in words; an item that is not ticked any more has none."""
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


def test_the_code_stands_on_it_where_there_are_codes() -> None:
    """The code of a summary gives the same SERAF back."""
    session = finished(WORST, ALL)

    told = summarise(session, CODED, now=NOON)

    assert CARRIER.read(told.code) == carried_of(session, INSTRUMENT, today=NOON.today)
    assert summarise(session, replace(SCRIPT, codes=None), now=NOON).code == ""


def carried(answers: dict[str, str] = WORST, responses: dict[str, str] = ALL) -> Carried:
    """What a code of such a session holds."""
    return carried_of(finished(answers, responses), INSTRUMENT, today=NOON.today)


def test_a_summary_from_a_code_says_what_no_code_holds() -> None:
    """Reference, day, notes and every question that cannot change what leads are named as missing, and none is answered."""
    told = summarise_carried(carried(), CODED, now=NOON)

    assert told.reference == ""
    assert (told.dates.finished, told.dates.review) == ("2026-03", "2026-06-01")
    assert {fact.id for fact in told.answers.facts} == {
        "danger",
        "told_or_seen",
        "age",
        "judgement",
        *(SHORT & FACTS.keys()),
    }
    assert {"reference", "day of the judgement", "Allocated social worker", "notes", "what was done"} <= set(told.gaps)
    assert "Told or seen" not in told.gaps
    assert CARRIER.read(told.code) == carried()
    assert summary().gaps == ()


def test_the_number_from_a_code_is_the_number_of_the_assessment() -> None:
    """Everything that is scored is in the code."""
    whole, told = summary(), summarise_carried(carried(), CODED, now=NOON)

    assert told.result.count == whole.result.count
    assert [(part.points, part.most) for part in told.answers.parts] == [
        (part.points, part.most) for part in whole.answers.parts
    ]


def test_nothing_is_said_of_questions_that_a_code_does_not_answer() -> None:
    """No step rests on the case being allocated or known, or on a role, since here nobody was asked."""
    unasked = {"allocated", "known", "stage"}
    resting = {
        step.id
        for step in PACK.guidance.steps
        if step.conditions
        and all(
            any(key in unasked and "not-known" not in words for key, words in each.asks) for each in step.conditions
        )
    }

    told = summarise_carried(carried(WORST, NONE), CODED, now=NOON)

    assert resting
    assert not resting & {step.id for step in told.advice.steps}
    assert told.advice.leads


def test_a_code_without_a_judgement_says_that_it_was_not_asked() -> None:
    """The question is then among what is missing."""
    told = summarise_carried(replace(MARCH, judgement="not-asked"), CODED, now=NOON)

    assert told.result.judgement == "not-asked"
    assert told.result.count.lines[-1] == "Your judgement: not asked."


def test_a_boards_own_question_is_carried_and_shown() -> None:
    """Its answer is in the code, so it is not among what is missing."""
    instrument = other_board.INSTRUMENT
    script = replace(SCRIPT, pack=replace(PACK, instrument=instrument))
    question = instrument.questions[0].id
    answers = Responses.of({question: "yes"})
    held = replace(MARCH, responses=NOTHING, fingerprint=instrument.fingerprint, answers=answers)

    told = summarise_carried(held, script, now=NOON)

    assert {fact.id: fact.words for fact in told.answers.facts}[question] == "Yes"


def test_a_session_without_a_day_is_of_today() -> None:
    """The day of the judgement is known of every newer session; an older one is dated when it is read."""
    session = replace(finished(WORST, ALL), result=replace(finished(WORST, ALL).result, finished=""))

    assert finished_on(session, NOON).isoformat() == "2026-03-04"
    assert in_words(finished_on(session, NOON)) == "4 March 2026"


@pytest.mark.parametrize("part", ["leads", "actions", "steps", "cautions", "warnings", "contacts", "headings"])
def test_no_part_of_a_summary_is_empty_where_there_is_something_to_do(part: str) -> None:
    """The worst case has something to say everywhere."""
    assert as_written(summary())[part]


def test_a_summary_hides_nothing_and_names_nobody() -> None:
    """It has no place for a name, a day of birth or an address."""
    places = set(Summary.__dataclass_fields__)

    assert not places & {"name", "person", "child", "born", "address", "author"}
