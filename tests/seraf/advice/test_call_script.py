"""Tests of the telephone script for every case and profession: at most a minute, in order, and without identifiers."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind
from dialogs.core.replies import Card
from dialogs.core.session import Session
from seraf.advice.call_script import PARTS
from seraf.errors import PackFault
from seraf.form.circumstances import ALWAYS
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, Age
from seraf.reading.pack import read_pack
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.pack.toml import parsed, written
from tests.support.shipped import PACK, SCRIPT, at
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk

NO = dict.fromkeys((*V, *M, *S), "no")
PROFESSIONS = FACT_WORDS["profession"]


def any_answers(draw: random.Random, age: str) -> dict[str, str]:
    words = ("yes", "no", "not-known")
    asked = {key: draw.choice(words) for key in ("danger", "told_or_seen", "allocated", "known")}
    short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances}
    judgement, profession = draw.choice(("yes", "no", "not-sure")), draw.choice(PROFESSIONS)
    return {**asked, **short, "age": age, "judgement": judgement, "profession": profession}


def random_calls(seed: str) -> Iterator[tuple[Mapping[str, str], tuple[Card, ...]]]:
    draw = random.Random(seed)
    for _ in range(100):
        age, responses = random_seraf(draw)
        yield responses, tuple(cards(over_a_result(Kind.CALLING, any_answers(draw, age), responses)))


def script_of(session: Session) -> str:
    return spoken_on(cards(session)[0])


def spoken_on(card: Card) -> str:
    return card.paragraphs[-1].text


def said(answers: Mapping[str, str] | None = None, /, **responses: str) -> str:
    return script_of(over_a_result(Kind.CALLING, {"age": "13-15", **(answers or {})}, {**NO, **responses}))


def parts_of(text: str) -> list[str]:
    result = [(text, each.part) for each in PACK.calling.lines for text in (each.text, of_an_adult(each.text))]
    shapes = [(re.escape(text).replace(r"\{items\}", ".+"), part) for text, part in result]
    return [next(part for shape, part in shapes if re.fullmatch(shape, line)) for line in text.splitlines()]


def of_an_adult(text: str) -> str:
    return text.replace("The child", "The person")


@each_seed(100, 2)
def test_the_script_takes_a_minute_at_most_for_every_case(seed: int) -> None:
    for _, found in random_calls(f"call {seed}"):
        words = spoken_on(found[0]).split()
        assert len(words) <= 150, found[0].text
        assert max(len(card.text) for card in found) <= 1_000, found
        assert "BRISK" not in spoken_on(found[0])


@pytest.mark.parametrize("danger", ["missing", "not-known", "yes"])
@pytest.mark.parametrize("profession", PROFESSIONS)
def test_the_script_takes_a_minute_when_everything_applies(profession: str, danger: str) -> None:
    answers = {
        "profession": profession,
        "danger": danger,
        "age": "not-known",
        "judgement": "yes",
        "missing_now": danger,
    }
    so = dict.fromkeys(("told_or_seen", "moved", "online", "network", "going_on"), "yes")

    text = said({**so, **answers, "safe": "not-known"}, **dict.fromkeys((*V, *M), "yes"), **dict.fromkeys(S, "both"))

    assert len(text.split()) <= 150, text
    assert {"who", "told", "moved", "online", "signs", "ask", "when"} <= set(parts_of(text))


@each_seed(100, 2)
def test_every_serious_sign_of_now_is_named_while_anything_else_could_be_left_out(seed: int) -> None:
    """A current significant item is replaced by “one more” last of all, after the earlier periods were left out."""
    for responses, (first, *_) in random_calls(f"signs {seed}"):
        text = spoken_on(first)
        now = [PACK.instrument.item(each) for each in S if responses.get(each) in ("current", "both")]
        is_cut = any((item.inquiry.spoken or item.label) not in text for item in now)
        is_bare = is_cut or (any(responses[item.id] == "both" for item in now) and "(earlier too)" not in text)
        assert not (is_bare and re.search(r"Also: |Not known: |months ago|first learned|I am not sure", text)), text
        assert not is_cut or "(earlier too)" not in text, text
        assert not is_cut or len(text.split()) > 130, text


def test_the_least_grave_facts_are_left_out_first() -> None:
    """In a long case, signs of other harm stay. Since when these are known, and earlier signs, are left out."""
    long = dict.fromkeys(("V2", "V3", "M4", "M7", "M11"), "yes") | dict.fromkeys(("S1", "S2"), "both")
    answers = {"told_or_seen": "yes", "judgement": "not-sure", "lives_elsewhere": "yes"}

    text = said(answers, **long, S6="recent", S7="not-known")
    longer = said({**answers, "safe": "not-tonight", "moved": "yes", "danger": "missing"}, **long, S6="recent")

    assert "others" in parts_of(text)
    assert "since" not in parts_of(text)
    assert not {"since", "earlier", "unknown"} & set(parts_of(longer))


@each_seed(1_000, 24)
def test_each_voice_is_its_own(seed: int) -> None:
    draw = random.Random(f"voice {seed}")
    age, responses = random_seraf(draw)
    answers = any_answers(draw, age)

    text = script_of(over_a_result(Kind.CALLING, answers, responses))

    if age == "18-25":
        assert not re.search(r"\b(the|a) child\b|parents", text, re.IGNORECASE), text
    if answers["profession"] == "police":
        assert "101" not in text
        assert "asks the police" not in text
    if answers["profession"] == "social-care":
        assert "referral." not in text.replace("National Referral Mechanism referral", ""), text
        assert "24 hours" not in text


def test_the_script_names_who_what_since_when_unknowns_who_knows_the_ask_and_the_deadline_in_order() -> None:
    text = said({"allocated": "no"}, S1="current", S4="recent", M5="yes", S5="not-known")

    parts = ["who", "concern", "signs", "earlier", "others", "since", "unknown", "knows", "unsure", "ask", "when"]
    assert parts_of(text) == parts
    named = dict(zip(parts, text.splitlines(), strict=True))
    assert "missing overnight" in named["signs"]
    assert "cars with unknown drivers" in named["earlier"]
    assert "unexplained money or gifts" in named["unknown"]


@pytest.mark.parametrize(
    ("profession", "who"),
    [
        *(("police", "police officer"), ("social-care", "social worker"), ("school", "school")),
        *(("health", "role, service"), ("preventative", "early help"), ("residential", "carer at")),
        *(("leaving-care", "adviser to a care leaver"), ("other", "role and service")),
    ],
)
def test_each_profession_introduces_itself(profession: str, who: str) -> None:
    assert who in said({"profession": profession}).splitlines()[0]


CATEGORY_4 = dict.fromkeys(S[:4], "current")
CATEGORY_3 = dict.fromkeys(V[3:], "yes") | {"M1": "yes", "M2": "yes", "M9": "yes"}


@pytest.mark.parametrize(
    ("answers", "responses", "ask"),
    [
        ({"profession": "social-care"}, CATEGORY_4, "which is required"),
        ({"profession": "social-care", "judgement": "yes"}, {}, "holding a strategy discussion"),
        ({"profession": "social-care"}, {}, "whether there are reasonable grounds"),
        ({"age": "18-25"}, CATEGORY_4, "a plan today with the police"),
        ({"age": "18-25", "judgement": "yes"}, {}, "a plan with the police"),
        ({"age": "18-25"}, {}, "who takes this up with the person"),
        ({"danger": "missing"}, {}, "What will you do now to make the child safe"),
        ({"network": "yes"}, {}, "Other children may be in danger"),
        ({"age": "under-13"}, {"M7": "yes"}, "do you tell the police, or do I"),
        ({"danger": "yes", "profession": "police"}, {}, "police powers"),
        ({"moved": "yes"}, {}, "National Referral Mechanism"),
        ({"profession": "police"}, CATEGORY_4, "I can bring what the police know"),
        ({}, CATEGORY_4, "which calls for a strategy discussion"),
        ({"told_or_seen": "yes"}, CATEGORY_4, "Category 4. Is home safe"),
        ({"told_or_seen": "yes"}, {}, "Who asks the police about evidence"),
        ({"told_or_seen": "yes", "profession": "police"}, {}, "to a strategy discussion"),
        ({}, CATEGORY_3, "The SERAF is in Category 3"),
        ({"danger": "yes"}, {}, "What will you do now"),
        ({"judgement": "yes"}, {}, "take this as a referral"),
        ({"online": "yes"}, {"M11": "yes"}, "Who else may be in danger"),
        ({"safe": "not-tonight"}, {"V2": "yes"}, "Where can the child sleep tonight"),
        ({}, {"S5": "current"}, "reasonable grounds, and should I refer"),
        ({"profession": "health"}, {"V2": "yes"}, "what should I do"),
        ({"profession": "school"}, {}, "Schools discuss any concern with you"),
        ({"profession": "police"}, {}, "I can share what the police know"),
        ({"profession": "health"}, {}, "should I refer"),
    ],
)
def test_the_request_follows_the_case(answers: dict[str, str], responses: dict[str, str], ask: str) -> None:
    assert ask in said(answers, **responses)


@pytest.mark.parametrize(
    ("answers", "responses", "part", "told"),
    [
        ({"danger": "missing"}, {}, "danger", "The child is missing"),
        ({"danger": "yes"}, {}, "danger", "danger now"),
        ({"safe": "danger"}, {"V2": "yes"}, "danger", "danger now"),
        ({"danger": "not-known", "missing_now": "not-known"}, {}, "danger", "last seen"),
        ({"danger": "not-known", "missing_now": "no"}, {}, "danger", "do not know whether the child is in danger"),
        ({"going_on": "yes"}, {"V2": "yes"}, "danger", "harmed now"),
        ({"going_on": "not-known"}, {"M4": "yes"}, "danger", "may hurt themselves"),
        ({"told_or_seen": "yes"}, {}, "told", "The child told"),
        ({"told_or_seen": "yes", "age": "18-25"}, {}, "told", "The person told"),
        ({"moved": "yes", "age": "18-25"}, {}, "moved", "to be exploited"),
        ({"online": "yes"}, {"M11": "yes"}, "online", "looked at the phone"),
        ({"safe": "not-tonight"}, {"V2": "yes"}, "tonight", "may not be safe tonight"),
        ({"safe": "not-known"}, {"V2": "yes"}, "tonight", "do not know whether the child is safe tonight"),
    ],
)
def test_urgent_facts_come_before_the_signs(
    answers: dict[str, str], responses: dict[str, str], part: str, told: str
) -> None:
    text = said(answers, **responses)

    assert part in parts_of(text)
    assert told in text


def test_a_child_whose_whereabouts_are_known_was_not_last_seen() -> None:
    assert "last seen" not in said({"danger": "not-known", "missing_now": "no"})


@pytest.mark.parametrize(
    ("answers", "responses", "told"),
    [
        ({"parents_told": "yes", "going_on": "yes"}, {"V2": "yes"}, "not tell the parents until we have agreed"),
        ({"family": "yes", "parents_told": "yes"}, {}, "not tell the parents until we have agreed"),
        ({"going_on": "no"}, {"V2": "yes"}, "knows / does not know"),
        ({"parents_told": "unsafe"}, {}, "not safe to tell the parents"),
        ({"parents_told": "yes"}, {}, "The parents know."),
        ({"parents_told": "no"}, {}, "have not been told"),
        ({"parents_told": "not-known"}, {}, "do not know whether the parents know"),
        ({"parents_told": "yes", "safe": "not-tonight"}, {"S1": "current"}, "not discuss it further with them"),
        ({"parents_told": "yes", "moved": "yes"}, {}, "not discuss it further with them"),
        ({"age": "18-25", "danger": "not-known"}, {}, "could not reach"),
        ({"age": "18-25"}, {}, "asked what the person wants"),
        ({}, {}, "The parents [know / do not know]."),
    ],
)
def test_the_parents_knowledge_is_stated_as_answered_or_left_open(
    answers: dict[str, str], responses: dict[str, str], told: str
) -> None:
    """While harm at home may go on, no parent is told before social care agrees. Harm that is over is no obstacle."""
    assert told in said(answers, **responses)


def test_harm_at_home_is_named_as_harm_and_not_only_exploitation() -> None:
    """If there is also a sign of exploitation, the call is about that sign."""
    assert "harmed [at home / by whom]" in said({}, V2="yes", V3="yes")
    assert "harmed" not in said({}, V2="yes", S4="current")


def test_one_item_that_is_left_is_named_and_not_counted() -> None:
    text = said({}, **dict.fromkeys(S[:4], "not-known"))

    assert "Not known: missing overnight, a controlling adult, abuse by a controlling adult and cars" in text
    assert "one more" not in text


def test_a_disclosure_has_its_own_call_script_before_the_first_item() -> None:
    """An item that was not asked about yet is not called unknown."""
    talk = Talk().start(role="Health").press("Neither", "Yes", "Call")

    assert "told" in parts_of(spoken_on(talk.card))
    assert "unknown" not in parts_of(spoken_on(talk.card))


def test_an_adult_is_asked_about_consent_and_not_about_school() -> None:
    asked = cards(over_a_result(Kind.CALLING, {"age": "18-25", "profession": "leaving-care"}, NO))[1].text
    of_a_child = cards(over_a_result(Kind.CALLING, {"age": "13-15"}, NO))[1].text

    assert "Does the person agree? If not, what serious risk makes you share?" in asked
    assert not re.search("nobody's consent|School", asked)
    assert re.search("nobody's consent", of_a_child)


def test_separate_harm_is_named_first_and_the_rest_is_counted() -> None:
    text = said(**dict.fromkeys((*V, *M), "yes"))

    assert "Known or suspected: emotional neglect at home, physical abuse in the family, sexual abuse" in text
    assert "more on my list." in text


def test_the_second_card_lists_their_questions_and_whom_to_call() -> None:
    session = over_a_result(Kind.CALLING, {"age": "13-15", "profession": "police"}, NO)

    first, second = cards(session)

    assert "• Name, date of birth, address. Say them on the telephone only." in second.text
    assert "• What do the police hold" in second.text
    assert "ART 01454 866000" in second.text
    assert [button.label for button in first.buttons] == ["What they will ask", "Contacts", "Back", "Urgent"]
    assert [button.label for button in second.buttons] == ["What to say", "Contacts", "Back", "Urgent"]


def test_from_the_result_it_is_the_case_s_own() -> None:
    talk = Talk().open_with().answer(["No"] * 23).answer(["Past 6 months"]).answer(["Not in 12 months"] * 6).close()

    talk.press("No", "Call")
    assert "missing overnight" in talk.text
    talk.press("What they will ask", "What to say", "Back")
    assert talk.text.startswith("BRISK OTTER 41 · what to do")


def test_call_in_a_case_opens_its_own_words_where_there_are_any() -> None:
    """“For this case” is missing until an item is answered or a disclosure recorded: nothing can be reported yet."""
    talk = Talk().command("call")
    assert "For this case" not in talk.labels
    talk = Talk().open_with().command("call")
    assert "For this case" not in talk.labels

    talk.press("Back").answer(["No"] * 3).answer(["Yes"]).command("call").press("For this case")

    assert "family breakdown" in talk.text
    assert "Category" not in talk.text
    talk.press("Back", "Back")
    assert talk.session.phase is Phase.ITEMS


def test_a_disclosure_is_still_there_after_the_words_for_the_case() -> None:
    talk = Talk().open_with().press("Yes")
    talk.command("call").press("For this case")
    assert talk.session.overlay is not None
    assert talk.session.overlay.kind is Kind.CALLING


def test_an_item_without_a_spoken_name_uses_its_label() -> None:
    session = over_a_result(Kind.CALLING, {"age": "13-15"}, {"G1": "current", "G2": "earlier", "G3": "no"})

    card = show(session, other_board.SCRIPT, at("2026-03-04T12:00"))

    assert spoken_on(card) == "I am [name].\nI know of or suspect: Missing overnight and 1 more."


def test_a_script_with_places_that_cannot_be_filled_does_not_start() -> None:
    files = parsed(other_board.FOLDER)
    calling = files["calling.toml"]
    calling["rest"] = "more"
    calling["joined"] = "{items} and {"
    calling["say"][0]["text"] = "I am {name}."
    calling["say"][1]["text"] = "I know {items:>9}."
    calling["say"][1]["list"]["sections"] = ["nowhere"]
    calling["asked"][0]["if"] = {"age": ["old"]}

    with pytest.raises(PackFault) as caught:
        read_pack({name: written(raw) for name, raw in files.items()})

    assert [fault.partition(": ")[0] for fault in caught.value.faults] == [
        "calling.toml.say[0].text",
        "calling.toml.say[1].list.sections",
        "calling.toml.say[1].text",
        "calling.toml.asked[0].if.age",
        "calling.toml.joined",
        "calling.toml.rest",
    ]


def test_the_pack_has_lines_for_every_part() -> None:
    by_part = {part: [line for line in PACK.calling.lines if line.part == part] for part in PARTS}

    assert all(by_part.values())
    always = ("who", "concern", "since", "knows", "ask", "when")
    assert all(by_part[part][-1].condition.asks == () for part in always)
    assert SCRIPT.pack is PACK


def test_a_board_s_sentence_that_exceeds_a_minute_is_kept() -> None:
    """Optional parts of the script are dropped, but required parts are never cut."""
    (who, *_) = (line for line in PACK.calling.lines if line.part == "who")
    long = replace(who, text="word " * 200, condition=ALWAYS)
    calling = replace(PACK.calling, lines=(long, *PACK.calling.lines))

    spoken = calling.spoken(PACK.instrument, Case(Age.UNDER_13, Responses.of({**NO, "S1": "both"})), facts={})

    assert spoken[0] == long.text
    assert set(spoken[-2:]) <= {line.text for line in PACK.calling.lines if line.part in ("ask", "when")}


@pytest.mark.parametrize(
    ("signs", "ends"),
    [
        (5, "family breakdown and domestic abuse in the family."),
        (6, "domestic abuse in the family and drink or drugs in the family."),
        (7, "domestic abuse in the family and two more on my list."),
        (10, "domestic abuse in the family and five more on my list."),
    ],
)
def test_unnamed_items_are_counted_and_a_single_one_is_named(signs: int, ends: str) -> None:
    """Five items are named, in instrument order. A single sixth is named too, as “one more” would not be shorter."""
    listing = next(line for line in PACK.calling.lines if line.listing and line.listing.names == 5)
    calling = replace(PACK.calling, lines=(replace(listing, condition=ALWAYS),))
    ticked = dict.fromkeys((*V, *M)[:signs], "yes")

    (said,) = calling.spoken(PACK.instrument, Case(Age.UNDER_13, Responses.of({**NO, **ticked})), facts={})

    assert said.endswith(f", {ends}")
    assert said.startswith("Also: emotional neglect at home, physical abuse in the family, sexual abuse, ")
