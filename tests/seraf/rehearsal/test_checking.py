"""Tests of the checks of vignettes: lengths, the first call, and where a rule is practised."""

from dataclasses import replace

import pytest

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.circumstances import Facts
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.checking import Mistake, code_fault, mistakes, unclear_kin
from seraf.rehearsal.first_call import first_calls, key_faults
from seraf.rehearsal.progress import is_practised
from tests.support.shipped import INSTRUMENT, PACK

KAI, BEA = (next(each for each in PACK.vignettes if each.id == name) for name in ("kai", "bea"))
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
        (settled({}, told_or_seen="yes", profession="social-care"), (LEAD, ART)),
        (settled({}, judgement="yes"), (ART,)),
        (settled({"V1": "yes"}), (LEAD, ART)),
        (settled({"S2": "both", "S4": "current"}), (ART,)),
        (settled({"S5": "current"}), (LEAD, ART)),
        (settled({"V2": "yes"}, going_on="yes"), (ART,)),
        (settled({"M4": "yes", "V4": "yes"}, going_on="yes", safe="not-known", allocated="yes"), (ALLOCATED, ART)),
        (settled({"M6": "yes"}), (LEAD, ART)),
        (settled({}, moved="yes"), (ART,)),
        (settled({"M11": "yes"}, online="yes"), (ART,)),
        (settled({"M11": "yes"}), (LEAD, ART)),
        (settled({}, family="yes"), (LEAD, ART)),
        (settled({"V1": "yes"}, safe="danger"), (FirstCall.EMERGENCY,)),
        (settled({}, danger="not-known", missing_now="no"), (LEAD, ART)),
        (settled({}, danger="not-known", missing_now="not-known"), (ART,)),
        (settled({}, danger="missing"), (FirstCall.EMERGENCY,)),
        (settled({}, draws_in="yes"), (ART,)),
        (settled({}, judgement="yes", lives_elsewhere="yes"), (FirstCall.ELSEWHERE, ART)),
        (settled({}, judgement="yes", lives_elsewhere="yes", allocated="yes"), (ALLOCATED, ART)),
        (settled({"S5": "recent"}), (LEAD, ART)),
        (settled({"S5": "recent"}, allocated="yes"), (LEAD, ALLOCATED, ART)),
        (settled({"S5": "recent"}, profession="school"), (LEAD, ART)),
        (settled({"S5": "not-known"}), (LEAD, ART)),
        (settled({}, judgement="not-sure"), (LEAD, ART)),
        (settled({}, profession="school"), (ART, LEAD)),
        (settled({}, profession="school", judgement="yes"), (ART,)),
        (settled(dict.fromkeys(("V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11"), "not-known")), (NOBODY, LEAD)),
        (settled(dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), "not-known")), (LEAD, ART)),
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


def faults(key: AgreedKey) -> list[str]:
    return sorted(place for place, _ in key_faults(key, INSTRUMENT, guidance=PACK.guidance))


def rekeyed(key: AgreedKey, place: str, answer: str, other: str = "") -> AgreedKey:
    keyed = (replace(each, answer=answer, other=other) if each.place == place else each for each in key.keyed)
    return replace(key, keyed=tuple(keyed))


def calling(key: AgreedKey, first_call: FirstCall, **answers: str) -> AgreedKey:
    added = (Keyed(place, answer, "It is so.") for place, answer in answers.items())
    return replace(key, first_call=first_call, keyed=(*key.keyed, *added))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (KAI.key, []),
        (calling(KAI.key, LEAD), ["first_call"]),
        (calling(KAI.key, FirstCall.EMERGENCY), ["first_call"]),
        (rekeyed(KAI.key, "judgement", "not-sure"), ["answers.judgement"]),
        (rekeyed(KAI.key, "judgement", "not-sure", "yes"), []),
        (rekeyed(BEA.key, "danger", "yes"), ["answers.judgement", "first_call"]),
        (rekeyed(BEA.key, "V2", "yes"), ["first_call"]),
        (calling(rekeyed(BEA.key, "V2", "yes"), LEAD), []),
        (calling(rekeyed(BEA.key, "V2", "yes"), LEAD, going_on="yes"), ["answers.judgement", "first_call"]),
        (calling(rekeyed(BEA.key, "danger", "not-known"), ART), ["answers.missing_now"]),
        (rekeyed(BEA.key, "danger", "no", "not-known"), ["answers.missing_now"]),
        (calling(rekeyed(BEA.key, "danger", "not-known"), LEAD, missing_now="no"), []),
        (calling(KAI.key, FirstCall.EMERGENCY, safe="danger"), ["answers.danger"]),
        (calling(rekeyed(KAI.key, "danger", "missing"), ART), ["first_call"]),
        (rekeyed(BEA.key, "M11", "yes"), ["first_call"]),
        (rekeyed(BEA.key, "S6", "recent", "no"), ["answers.S6", "first_call"]),
        (calling(rekeyed(BEA.key, "judgement", "not-sure", "no"), LEAD), ["answers.judgement"]),
        (rekeyed(BEA.key, "V5", "no", "yes"), []),
    ],
)
def test_a_key_says_what_the_card_for_its_own_answers_says(key: AgreedKey, expected: list[str]) -> None:
    """The first call, danger, the judgement and each second answer are checked, for every profession at every hour."""
    assert faults(key) == expected


def test_a_judgement_is_not_the_reason_for_itself() -> None:
    """If a board wants a call at any doubt, only the first call is too low; the judgement may stay “not sure”."""
    leads = (replace(each, urgency=Urgency.CALL) if each.id == "doubt" else each for each in PACK.guidance.leads)
    guidance = replace(PACK.guidance, leads=tuple(leads))

    found = key_faults(rekeyed(BEA.key, "judgement", "not-sure"), INSTRUMENT, guidance=guidance)

    assert [place for place, _ in found] == ["first_call"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("For years Femi's father frightened and controlled his mother.", "his mother"),
        ("She is afraid, as their father had hurt their mother.", "their mother"),
        ("The driver she names is her uncle.", ""),
        ("Her mother, who is ill, rang her aunt.", ""),
        ("“My uncle hit her mother.” He told his father.", ""),
    ],
)
def test_unclear_relatives_are_found(text: str, words: str) -> None:
    assert unclear_kin(text) == words
