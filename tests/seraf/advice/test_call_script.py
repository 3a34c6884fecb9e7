"""What to say on the telephone: a minute of it at most, in order, with no identifier, for every case and every profession."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.overlays import Kind
from dialogs.core.replies import Card
from dialogs.core.session import Session
from seraf.advice.call_script import PARTS
from seraf.errors import PackFault
from seraf.form.conditions import ALWAYS
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, Age
from seraf.reading.pack import read_pack
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.pack.saying import grade, is_sentence
from tests.support.pack.toml import parsed, written
from tests.support.shipped import PACK, SCRIPT, at
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk

NO = dict.fromkeys((*V, *M, *S), "no")
PROFESSIONS = FACT_WORDS["profession"]


def any_answers(draw: random.Random, age: str) -> dict[str, str]:
    """Answers to everything around the items, at random."""
    words = ("yes", "no", "not-known")
    asked = {key: draw.choice(words) for key in ("danger", "told_or_seen", "allocated", "known")}
    short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances}
    judgement, profession = draw.choice(("yes", "no", "not-sure")), draw.choice(PROFESSIONS)
    return {**asked, **short, "age": age, "judgement": judgement, "profession": profession}


def random_calls(seed: str) -> Iterator[tuple[Mapping[str, str], tuple[Card, ...]]]:
    """The responses and the cards of a hundred random cases, everything around the items at random."""
    draw = random.Random(seed)
    for _ in range(100):
        age, responses = random_seraf(draw)
        yield responses, tuple(cards(over_a_result(Kind.CALLING, any_answers(draw, age), responses)))


def script_of(session: Session) -> str:
    """What is said, without the heading of the card and whom to call."""
    return cards(session)[0].paragraphs[2].text


def said(answers: Mapping[str, str] | None = None, /, **responses: str) -> str:
    """What is said of a case where what is not named is No."""
    return script_of(over_a_result(Kind.CALLING, {"age": "13-15", **(answers or {})}, {**NO, **responses}))


@each_seed(100, 2)
def test_it_is_a_minute_at_most_whatever_the_case(seed: int) -> None:
    """150 words, on a card of 1,000 characters; with 100 random cases a seed, everything around the items at random."""
    for _, found in random_calls(f"call {seed}"):
        words = found[0].paragraphs[2].text.split()
        assert len(words) <= 150, found[0].text
        assert max(len(card.text) for card in found) <= 1_000, found
        assert "BRISK" not in found[0].paragraphs[2].text


@each_seed(100, 2)
def test_every_serious_sign_of_now_is_named_while_anything_else_could_be_left_out(seed: int) -> None:
    """It is “one more” last of all, and that it was there before as well goes just before; with 100 random cases a seed."""
    for responses, (first, *_) in random_calls(f"signs {seed}"):
        text = first.paragraphs[2].text
        now = [PACK.instrument.item(each) for each in S if responses.get(each) in ("current", "both")]
        is_cut = any((item.spoken or item.label) not in text for item in now)
        is_bare = is_cut or (any(responses[item.id] == "both" for item in now) and "(earlier too)" not in text)
        assert not (is_bare and re.search(r"Also: |Not known: |months ago|first learned|I am not sure", text)), text
        assert not is_cut or "(earlier too)" not in text, text
        assert not is_cut or len(text.split()) > 130, text


def test_what_is_least_grave_is_left_out_first() -> None:
    """In a long case signs of other harm are still said, where since when it is known, and older signs, are not."""
    text = said(
        {"told_or_seen": "yes", "safe": "not-tonight", "judgement": "not-sure", "lives_elsewhere": "yes"},
        **dict.fromkeys(("V2", "V3", "M4", "M7", "M11"), "yes"),
        **dict.fromkeys(("S1", "S2"), "both"),
        S6="recent",
        S7="not-known",
    )

    assert "Also: " in text
    assert "I first learned" not in text
    assert "months ago" not in text


@each_seed(1_000, 60)
def test_each_voice_is_its_own(seed: int) -> None:
    """No adult is called a child, no officer asks for 101, no social worker refers, and nothing is promised to parents."""
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


def test_it_is_said_in_order_who_what_since_when_what_is_not_known_who_knows_the_ask_and_by_when() -> None:
    """A school with one sign, another long ago, one thing not known, and nobody told."""
    text = said({"allocated": "no"}, S1="current", S4="recent", M5="yes", S5="not-known")

    assert text.splitlines() == [
        "I am [name, role, school].",
        "A child aged 13 to 15 may be sexually exploited.",
        "In the past six months, known or suspected: missing overnight.",
        "Six to twelve months ago: cars with unknown drivers.",
        "Also: time away from school or work.",
        "I first learned of this [when].",
        "Not known: unexplained money or gifts.",
        "The child [knows / does not know] that I am calling. The parents [know / do not know].",
        "I am not sure if there is significant harm.",
        "There is, or was, a serious sign. Are there reasonable grounds? Should I refer now?",
        "You decide within 24 hours. When will I hear, on [number]? Your name and reference?",
    ]


@pytest.mark.parametrize(
    ("profession", "begins"),
    [
        ("police", "I am a police officer: [name, team]."),
        ("social-care", "I am a social worker: [name, team]. I am bringing people together about a child."),
        ("school", "I am [name, role, school]."),
        ("health", "I am [name, role, service]."),
        ("preventative", "I am [name, role, youth or early help service]."),
        ("residential", "I am [name], carer at [home]."),
        ("leaving-care", "I am [name], adviser to a care leaver."),
        ("other", "My name is [name]. I am [role and service]."),
    ],
)
def test_each_profession_says_who_they_are(profession: str, begins: str) -> None:
    """A police officer, a carer and a social worker speak otherwise than a school."""
    assert said({"profession": profession}).splitlines()[0] == begins


CATEGORY_4 = dict.fromkeys(S[:4], "current")
CATEGORY_3 = dict.fromkeys(V[3:], "yes") | {"M1": "yes", "M2": "yes", "M9": "yes"}


@pytest.mark.parametrize(
    ("answers", "responses", "ask"),
    [
        ({"profession": "social-care"}, CATEGORY_4, "I am convening the strategy discussion, which is required."),
        ({"profession": "social-care", "judgement": "yes"}, {}, "I am holding a strategy discussion."),
        ({"profession": "social-care"}, {}, "I am deciding on grounds. What do you know"),
        (
            {"age": "18-25"},
            CATEGORY_4,
            "I ask for a plan today with the police and the Safeguarding Coordination Unit.",
        ),
        ({"age": "18-25", "judgement": "yes"}, {}, "I ask for a plan with the police and the Safeguarding"),
        ({"age": "18-25"}, {}, "What do you advise, and who takes this up with the person?"),
        ({"missing_now": "yes"}, {}, "Please take this as a referral. What will you do now"),
        ({"network": "yes"}, {}, "Please take this as a referral. Other children may be in danger"),
        ({"age": "under-13"}, {"M7": "yes"}, "Please take this as a referral. A child under 13"),
        (
            {"danger": "yes", "profession": "police"},
            {},
            "Who can make the child safe tonight? Are police powers needed?",
        ),
        ({"moved": "yes"}, {}, "Who makes the National Referral Mechanism referral? Where will the child sleep?"),
        ({"profession": "police"}, CATEGORY_4, "calls for a strategy discussion. I can bring what the police know."),
        (
            {},
            CATEGORY_4,
            "Please take this as a referral: the SERAF is in Category 4, which calls for a strategy discussion.",
        ),
        (
            {"told_or_seen": "yes"},
            CATEGORY_4,
            "Please take this as a referral: Category 4. Is home safe? Who asks the police",
        ),
        ({"told_or_seen": "yes"}, {}, "Is home safe? Who asks the police about evidence?"),
        ({"told_or_seen": "yes", "profession": "police"}, {}, "I can bring what the police know to a strategy"),
        ({}, CATEGORY_3, "The SERAF is in Category 3. Please take this as a referral."),
        ({"danger": "yes"}, {}, "What will you do now to make the child safe?"),
        ({"judgement": "yes"}, {}, "I suspect significant harm.\nPlease take this as a referral."),
        ({"online": "yes"}, {"M11": "yes"}, "Please take this as a referral. Who else may be in danger?"),
        (
            {"safe": "not-tonight"},
            {"V2": "yes"},
            "Where can the child sleep tonight? What should I do until you ring back?",
        ),
        ({}, {"S5": "current"}, "There is, or was, a serious sign."),
        ({"profession": "health"}, {"V2": "yes"}, "What do you want to do about this, and what should I do?"),
        ({"profession": "school"}, {}, "Schools discuss any concern with you."),
        ({"profession": "police"}, {}, "What do you know that I do not? I can share what the police know."),
        ({"profession": "health"}, {}, "What do you advise, and should I refer?"),
    ],
)
def test_what_is_asked_follows_the_case(answers: dict[str, str], responses: dict[str, str], ask: str) -> None:
    """By role, age, category, what was told, judgement, the serious sign and other harm, the first that holds."""
    assert ask in said(answers, **responses)


@pytest.mark.parametrize(
    ("answers", "responses", "told"),
    [
        ({"missing_now": "yes"}, {}, "I called 999 at [time], reference […]. Missing, last seen"),
        ({"danger": "yes"}, {}, "There is danger now. I called 999"),
        ({"safe": "danger"}, {"V2": "yes"}, "There is danger now. I called 999"),
        ({"danger": "not-known"}, {}, "It is not known whether the child is in danger or missing."),
        ({"told_or_seen": "yes"}, {}, "The child told [whom, when]: […]."),
        ({"told_or_seen": "yes", "age": "18-25"}, {}, "The person told [whom, when]: […]."),
        ({"moved": "yes", "age": "18-25"}, {}, "Moved, or may be moved, to be exploited"),
        ({"online": "yes"}, {"M11": "yes"}, "[Nobody has looked at the phone / who has, and why]."),
        ({"safe": "not-known"}, {"V2": "yes"}, "The child may not be safe tonight: [where, with"),
    ],
)
def test_what_cannot_wait_is_said_before_the_signs(
    answers: dict[str, str], responses: dict[str, str], told: str
) -> None:
    """Danger, what was told, a move, what is online; and that nobody can say it is safe tonight."""
    assert told in said(answers, **responses)


@pytest.mark.parametrize(
    ("answers", "responses", "told"),
    [
        ({"parents_told": "yes"}, {"V2": "yes"}, "I tell the parents only once you agree."),
        ({"family": "yes", "parents_told": "yes"}, {}, "I tell the parents only once you agree."),
        ({"parents_told": "unsafe"}, {}, "It is not safe to tell the parents."),
        ({"parents_told": "yes"}, {}, "The child [knows / does not know] that I am calling. The parents know."),
        ({"parents_told": "no"}, {}, "The parents have not been told."),
        ({"parents_told": "not-known"}, {}, "I do not know whether the parents know."),
        (
            {"parents_told": "yes", "safe": "not-tonight"},
            {"S1": "current"},
            "The parents know. I discuss nothing more with them until you agree.",
        ),
        (
            {"parents_told": "yes", "moved": "yes"},
            {},
            "The parents know. I discuss nothing more with them until you agree.",
        ),
        ({"age": "18-25", "danger": "not-known"}, {}, "[I asked what the person wants: own words / I could not reach"),
        ({"age": "18-25"}, {}, "I asked what the person wants: [own words]."),
        ({}, {}, "The child [knows / does not know] that I am calling. The parents [know / do not know]."),
    ],
)
def test_whether_they_know_is_said_as_it_was_answered_else_left_to_the_voice(
    answers: dict[str, str], responses: dict[str, str], told: str
) -> None:
    """Where harm may be at home, nobody is told before social care agrees."""
    assert told in said(answers, **responses)


def test_harm_at_home_is_said_to_be_harm_and_not_exploitation_alone() -> None:
    """Abuse without a sign of exploitation is named as what it is; with one the sign is what the call is about."""
    assert "A child aged 13 to 15 may have been harmed [at home / by whom]" in said({}, V2="yes", V3="yes")
    assert "A child aged 13 to 15 may be sexually exploited." in said({}, V2="yes", S4="current")


def test_one_item_that_is_left_is_named_and_not_counted() -> None:
    """“And one more” says nothing to whoever listens."""
    text = said({}, **dict.fromkeys(S[:4], "not-known"))

    assert "Not known: missing overnight, a controlling adult, abuse by a controlling adult and cars" in text
    assert "one more" not in text


def test_a_disclosure_has_words_of_its_own_before_the_first_item() -> None:
    """What the child told is asked for, and nothing is said to be unknown that nobody was asked yet."""
    talk = Talk().start(role="Health").press("No", "Yes", "Call script")

    assert "The child told [whom, when]: […]." in talk.text
    assert "Not known" not in talk.text


def test_an_adult_is_asked_about_consent_and_not_about_school() -> None:
    """Nobody's consent is passed over, and an adult has a pathway plan."""
    asked = cards(over_a_result(Kind.CALLING, {"age": "18-25", "profession": "leaving-care"}, NO))[1].text
    of_a_child = cards(over_a_result(Kind.CALLING, {"age": "13-15"}, NO))[1].text

    assert "Does the person agree? If not, what serious risk makes you share?" in asked
    assert not re.search("nobody's consent|School", asked)
    assert "you need nobody's consent" in of_a_child


def test_what_is_harm_of_its_own_is_named_first_and_the_rest_is_counted() -> None:
    """With much to say, abuse is named and the rest counted in words."""
    text = said(**dict.fromkeys((*V, *M), "yes"))

    assert "Known or suspected: emotional neglect at home, physical abuse in the family, sexual abuse" in text
    assert "more on my list." in text


def test_the_second_card_says_what_will_be_asked_and_whom_to_call() -> None:
    """Name and address on the telephone only; the police are asked what they hold."""
    session = over_a_result(Kind.CALLING, {"age": "13-15", "profession": "police"}, NO)

    first, second = cards(session)

    assert "• Name, date of birth, address. Say them on the telephone only." in second.text
    assert "• What do the police hold" in second.text
    assert "ART 01454 866000" in second.text
    assert [button.label for button in first.buttons] == ["What they will ask", "Contacts", "Back", "Urgent"]
    assert [button.label for button in second.buttons] == ["What to say", "Contacts", "Back", "Urgent"]


def test_from_the_result_it_is_the_case_s_own() -> None:
    """Call script on the result, and back again."""
    talk = Talk().open_with().answer(["No"] * 23).answer(["Past 6 months"]).answer(["Not in 12 months"] * 6).close()

    talk.press("No", "Call script")
    assert "missing overnight" in talk.text
    talk.press("What they will ask", "What to say", "Back")
    assert talk.text.startswith("BRISK OTTER 41 · what to do")


def test_call_in_a_case_opens_its_own_words_where_there_are_any() -> None:
    """Before the first item there is nothing to say; after it, one more tap shows it, and never a number."""
    talk = Talk().command("call")
    assert "For this case" not in talk.labels
    talk = Talk().open_with().command("call")
    assert "For this case" not in talk.labels

    talk.press("Back").answer(["Yes"] * 23).press("Past 6 months")
    while talk.session.overlay:
        talk.press("Go on")
    talk.press("Call")

    assert "missing overnight" in talk.text
    assert "Category" not in talk.text
    talk.press("Back")
    assert talk.session.phase is Phase.ITEMS


def test_a_disclosure_is_still_there_after_the_words_for_the_case() -> None:
    """What tells somebody how to act comes back when what was opened from it closes."""
    talk = Talk().open_with().press("Yes")
    talk.command("call").press("For this case")
    assert talk.session.overlay is not None
    assert talk.session.overlay.kind is Kind.CALLING


def test_an_item_without_a_spoken_name_is_said_by_its_label() -> None:
    """Another board's words, its own sentences, and no number in words."""
    session = over_a_result(Kind.CALLING, {"age": "13-15"}, {"G1": "current", "G2": "earlier", "G3": "no"})

    card = show(session, other_board.SCRIPT, at("2026-03-04T12:00"))

    assert card.paragraphs[2].text == "I am [name].\nI know of or suspect: Missing overnight and 1 more."


def test_every_sentence_can_be_read_aloud() -> None:
    """Short and plain: at grade 11 at most, and most at 8."""
    lines = [line.text.replace("{items}", "missing overnight") for line in PACK.calling.lines]
    prompts = [prompt.text for prompt in PACK.calling.prompts]
    grades = sorted(grade(text) for text in (*lines, *prompts) if is_sentence(text))

    assert grades[-1] <= 11
    assert grades[len(grades) // 2] <= 8


def test_a_script_with_places_that_cannot_be_filled_does_not_start() -> None:
    """Every fault at once, each with its path."""
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


def test_the_parts_that_the_pack_says_are_all_that_there_are() -> None:
    """Each part has a line, and the last of those that must always be said holds always."""
    by_part = {part: [line for line in PACK.calling.lines if line.part == part] for part in PARTS}

    assert all(by_part.values())
    always = ("who", "concern", "since", "knows", "ask", "when")
    assert all(by_part[part][-1].condition.asks == () for part in always)
    assert SCRIPT.pack is PACK


def test_a_sentence_of_a_board_that_is_longer_than_a_minute_is_said_all_the_same() -> None:
    """Everything that may be left out is, and what has to be said is never cut."""
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
def test_what_is_not_named_is_counted_and_one_alone_is_named_instead(signs: int, ends: str) -> None:
    """The first five by name, in the order of the form; of six the sixth too, since “one more” is as long as a name."""
    listing = next(line for line in PACK.calling.lines if line.listing and line.listing.names == 5)
    calling = replace(PACK.calling, lines=(replace(listing, condition=ALWAYS),))
    ticked = dict.fromkeys((*V, *M)[:signs], "yes")

    (said,) = calling.spoken(PACK.instrument, Case(Age.UNDER_13, Responses.of({**NO, **ticked})), facts={})

    assert said.endswith(f", {ends}")
    assert said.startswith("Also: emotional neglect at home, physical abuse in the family, sexual abuse, ")
