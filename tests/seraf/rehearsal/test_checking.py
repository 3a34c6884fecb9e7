"""Tests of the checks of vignettes: lengths, the first call, and where a rule is practised."""

from dataclasses import replace

import pytest

from seraf.case_view import CaseView
from seraf.cases.vignette import FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.circumstances import Facts
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.checking import Mistake, code_fault, mistakes
from seraf.rehearsal.first_call import first_calls
from seraf.rehearsal.progress import is_practised
from tests.support.shipped import INSTRUMENT, PACK

KAI = next(each for each in PACK.vignettes if each.id == "kai")
NOTHING = Responses.of({item.id: "no" for item in INSTRUMENT.items})
CALM = {"judgement": "no", "danger": "no", "told_or_seen": "no", "allocated": "no", "stage": "first"}
ART, LEAD, NOBODY, ALLOCATED = FirstCall.ART, FirstCall.LEAD, FirstCall.NOBODY, FirstCall.ALLOCATED


def settled(given: dict[str, str], age: Age = Age.FROM_13_TO_15, **answers: str) -> Facts:
    responses = Responses.of({**dict(NOTHING), **given})
    return CaseView(INSTRUMENT, Case(age, responses, {**CALM, **answers})).advice(PACK.guidance).settled


def sentences_of(vignette: Vignette) -> list[str]:
    return [each.what for each in mistakes(vignette, INSTRUMENT, guidance=PACK.guidance) if each.place == "parts"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("word " * 40,) * 3, []),
        (("word " * 50,) * 5, []),
        (("word " * 60, "word " * 59), ["119 words; a vignette has 120 to 250", "2 parts; a vignette has 3 to 5"]),
        (
            ("word " * 40,) * 6 + ("word " * 11,),
            ["251 words; a vignette has 120 to 250", "7 parts; a vignette has 3 to 5"],
        ),
    ],
)
def test_a_vignette_takes_two_minutes_to_read(parts: tuple[str, ...], expected: list[str]) -> None:
    assert sentences_of(replace(KAI, parts=tuple(Part("Somebody", text) for text in parts))) == expected


M3_SAID = "speaks of 'M3', a code that nobody sees; say it in plain words, such as 'Phone concerns'"
S3 = next(each for each in KAI.key.keyed if each.place == "S3")


def other_reasons(because: str = S3.because, other_because: str = S3.other_because) -> Vignette:
    other = replace(S3, because=because, other_because=other_because)
    keyed = tuple(other if each == S3 else each for each in KAI.key.keyed)
    return replace(KAI, key=replace(KAI.key, keyed=keyed))


@pytest.mark.parametrize(
    ("place", "coded"),
    [
        ("title", replace(KAI, title="Kai and M3")),
        ("about", replace(KAI, about="It is about M3.")),
        ("warning", replace(KAI, warning="It speaks of m3.")),
        ("parts[0].title", replace(KAI, parts=(replace(KAI.parts[0], title="M3"), *KAI.parts[1:]))),
        (
            "parts[4].text",
            replace(KAI, parts=(*KAI.parts[:4], replace(KAI.parts[4], text=KAI.parts[4].text + " (M3)"))),
        ),
        ("key.first_call_because", replace(KAI, key=replace(KAI.key, first_call_because="M3 alone is enough."))),
        ("key.answers.S3.because", other_reasons(because="That stands under M3, and not here.")),
        ("key.answers.S3.other_because", other_reasons(other_because="One could count it at M3, M4 or both.")),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_no_text_and_no_reason_names_an_item_by_its_code(place: str, coded: Vignette) -> None:
    """Readers see item numbers and short names; they do not know an id such as “M3”."""
    assert mistakes(coded, INSTRUMENT, guidance=PACK.guidance) == (Mistake(place, M3_SAID),)


def test_every_relative_in_a_story_belongs_to_one_person() -> None:
    unclear = replace(KAI, about="For years his uncle controlled his mother.")

    found = mistakes(unclear, INSTRUMENT, guidance=PACK.guidance)

    assert found == (Mistake("about", "'his mother' could be of two people; name whose it is"),)


@pytest.mark.parametrize("text", ["The M32 is near.", "He has an MP3, and an XM3.", "Category 3.", "Three months.", ""])
def test_text_that_only_resembles_a_code_is_no_fault(text: str) -> None:
    assert code_fault(text, INSTRUMENT) == ""


@pytest.mark.parametrize("word", ["phone", "14", "callers-unknown"])
def test_an_id_that_could_be_plain_english_does_not_count_as_a_code(word: str) -> None:
    named = replace(INSTRUMENT, items=(replace(INSTRUMENT.items[0], id=word),))

    assert code_fault(f"At {word} nobody asked.", named) == ""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (settled({}), (NOBODY, LEAD)),
        (settled({}, allocated="yes"), (NOBODY, LEAD, ALLOCATED)),
        (settled({}, danger="yes", allocated="yes"), (FirstCall.EMERGENCY,)),
        (settled({"S1": "current"}, missing_now="yes"), (FirstCall.EMERGENCY,)),
        (settled({}, told_or_seen="yes"), (ART,)),
        (settled({}, judgement="yes"), (ART,)),
        (settled({"V1": "yes"}), (ART,)),
        (settled({"S2": "both", "S4": "current"}), (ART,)),
        (settled({"S5": "current"}), (LEAD,)),
        (settled({"V2": "yes"}, going_on="yes"), (ART,)),
        (settled({"M4": "yes", "V4": "yes"}, going_on="yes", safe="not-known", allocated="yes"), (ALLOCATED,)),
        (settled({"M6": "yes"}), (ART,)),
        (settled({}, moved="yes"), (ART,)),
        (settled({"M11": "yes"}, online="yes"), (ART,)),
        (settled({"M11": "yes"}), (LEAD,)),
        (settled({}, family="yes"), (ART,)),
        (settled({"V1": "yes"}, safe="danger"), (FirstCall.EMERGENCY,)),
        (settled({}, danger="not-known", missing_now="no"), (LEAD,)),
        (settled({}, danger="not-known", missing_now="not-known"), (ART,)),
        (settled({}, danger="missing"), (FirstCall.EMERGENCY,)),
        (settled({}, draws_in="yes"), (ART,)),
        (settled({}, judgement="yes", lives_elsewhere="yes"), (FirstCall.ELSEWHERE,)),
        (settled({}, judgement="yes", lives_elsewhere="yes", allocated="yes"), (ALLOCATED,)),
        (settled({"S5": "recent"}), (LEAD,)),
        (settled({"S5": "recent"}, allocated="yes"), (LEAD, ALLOCATED)),
        (settled({"S5": "not-known"}), (LEAD,)),
        (settled({}, judgement="not-sure"), (LEAD,)),
        (settled(dict.fromkeys(("V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11"), "not-known")), (NOBODY, LEAD)),
        (settled(dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), "not-known")), (LEAD,)),
    ],
)  # fmt: skip
def test_whom_to_call_first_follows_from_the_facts(facts: Facts, expected: tuple[FirstCall, ...]) -> None:
    assert first_calls(PACK.guidance, facts) == expected


UNDER_13 = Age.UNDER_13


@pytest.mark.parametrize(
    ("rule", "place", "answer", "facts", "expected"),
    [
        (Rule.BOTH_COLUMNS, "S1", "both", settled({"S1": "both"}), True),
        (Rule.BOTH_COLUMNS, "S1", "current", settled({"S1": "current"}), False),
        (Rule.BOTH_COLUMNS, "M1", "yes", settled({"M1": "yes"}), False),
        (Rule.FAMILY, "S2", "no", settled({}), True),
        (Rule.FAMILY, "V2", "no", settled({}), False),
        (Rule.UNDER_13, "S5", "recent", settled({"S5": "recent"}, UNDER_13), True),
        (Rule.UNDER_13, "S5", "no", settled({}, UNDER_13), False),
        (Rule.UNDER_13, "S5", "recent", settled({"S5": "recent"}), False),
        (Rule.UNDER_13, "M1", "yes", settled({"M1": "yes"}, UNDER_13), False),
        (Rule.LOOK_BACK, "M10", "no", settled({}), True),
        (Rule.LOOK_BACK, "M10", "not-known", settled({"M10": "not-known"}), False),
        (Rule.LOOK_BACK, "danger", "no", settled({}), False),
        (Rule.SUSPICION, "S2", "current", settled({"S2": "current"}), True),
        (Rule.SUSPICION, "S2", "no", settled({}), False),
        (Rule.NOT_KNOWN, "S2", "not-known", settled({"S2": "not-known"}), True),
        (Rule.NOT_KNOWN, "S2", "no", settled({}), False),
        (Rule.NOT_KNOWN, "allocated", "not-known", settled({}, allocated="not-known"), True),
        (Rule.NOT_KNOWN, "allocated", "no", settled({}), False),
        (Rule.DISCUSSION, "S5", "recent", settled({"S5": "recent"}), True),
        (Rule.DISCUSSION, "V5", "yes", settled({"S5": "recent", "V5": "yes"}), False),
        (Rule.DISCUSSION, "S5", "no", settled({"S4": "recent"}), False),
        (Rule.DISCUSSION, "S5", "both", settled({"S5": "both", "S4": "both"}), False),
        (Rule.OTHER_HARM, "M7", "yes", settled({"M7": "yes"}), True),
        (Rule.OTHER_HARM, "M7", "no", settled({}), False),
        (Rule.OTHER_HARM, "M5", "yes", settled({"M5": "yes"}), False),
        (Rule.JUDGEMENT, "judgement", "yes", settled({}, judgement="yes"), True),
        (Rule.JUDGEMENT, "judgement", "yes", settled({"S5": "current", "V5": "yes"}, judgement="yes"), True),
        (Rule.JUDGEMENT, "judgement", "no", settled({}), False),
        (Rule.JUDGEMENT, "judgement", "yes", settled({"S2": "both", "S4": "both"}, judgement="yes"), False),
        (Rule.JUDGEMENT, "danger", "yes", settled({}, danger="yes"), False),
        (Rule.JUDGEMENT, "S2", "current", settled({"S2": "current"}, judgement="yes"), False),
        (Rule.TOLD_OR_SEEN, "told_or_seen", "yes", settled({}, told_or_seen="yes"), True),
        (Rule.TOLD_OR_SEEN, "danger", "yes", settled({}, danger="yes"), False),
        (Rule.TOLD_OR_SEEN, "S2", "current", settled({"S2": "current"}), False),
    ],
)
def test_a_rule_is_practised_only_where_somebody_could_miss_it(
    rule: Rule, place: str, answer: str, facts: Facts, expected: bool
) -> None:
    assert is_practised(rule, Keyed(place, answer, "It is so."), instrument=INSTRUMENT, facts=facts) is expected
