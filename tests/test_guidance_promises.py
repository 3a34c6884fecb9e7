"""What holds of the guidance whatever the case: nothing put off, nothing offered where it may not be, nobody else's words."""

import random
import re
from collections import Counter
from statistics import median

import pytest

from dialogs.result import result_pages
from dialogs.session import Session
from seraf.findings import facts_of, find
from seraf.guidance import When
from seraf.responses import Case, Responses
from seraf.vocabulary import ANSWERS, FACT_WORDS, Age
from state_machines.assessment import Phase
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT
from tests.test_scoring_oracle import random_seraf

GUIDANCE = PACK.guidance
ONLY_FOR = {
    "Police": "police",
    "Social care": "social-care",
    "School": "school",
    "Health staff": "health",
    "Preventative services": "preventative",
}
"""Who a step is for, where it is for one profession alone."""

MOST_STEPS = 28
MOST_PAGES = 10
"""Of next steps, in any case."""


def random_case(draw: random.Random) -> Case:
    """Any responses, with every question around them answered anyhow, and the short questions that are asked."""
    age, responses = random_seraf(draw)
    answers = {
        "age": age,
        **{key: draw.choice(ANSWERS) for key in ("danger", "told_or_seen", "allocated", "known")},
        **{key: draw.choice(FACT_WORDS[key]) for key in ("stage", "judgement", "profession")},
    }
    for each in GUIDANCE.circumstances:
        case = Case(Age(age), Responses.of(responses), answers)
        if each in GUIDANCE.asked(facts_of(INSTRUMENT, case)):
            answers[each.id] = draw.choice(each.words)
    return Case(Age(age), Responses.of(responses), answers)


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_no_result_is_without_a_lead_and_a_call_and_none_of_it_is_put_off(seed: int) -> None:
    """Somebody is always contacted, always now, and never later than now."""
    facts = facts_of(INSTRUMENT, random_case(random.Random(seed)))

    leads, steps = GUIDANCE.leads_for(facts), GUIDANCE.steps_for(facts)

    assert leads
    assert {step.when for step in steps if step.contacts} == {When.NOW}


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_early_help_stands_alone_nowhere(seed: int) -> None:
    """A SAFeh is offered in Category 2 without rule 10, evidence, other harm or danger, and only by consent."""
    facts = GUIDANCE.settled(facts_of(INSTRUMENT, random_case(random.Random(seed))))

    offered = {step.id for step in GUIDANCE.steps_for(facts) if step.id.startswith("safeh")}

    bars = {("manager_discussion", "no"), ("evidence", "no"), ("other_harm", "no"), ("category", "2")}
    assert len(offered) <= 1
    assert not offered or all(facts[key] == {word} for key, word in bars)
    assert ("safeh-agreed" in offered) == (bool(offered) and facts["consent"] == {"given"})
    assert not offered or not facts["danger"] & {"yes"}


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_a_high_category_asks_for_a_strategy_discussion_first_or_again(seed: int) -> None:
    """In Category 4 a child's steps require it, whatever was judged, decided or reviewed; in Category 3 they speak of it."""
    facts = GUIDANCE.settled(facts_of(INSTRUMENT, random_case(random.Random(seed))))
    text = " ".join(step.text for step in GUIDANCE.steps_for(facts) if step.when is When.NOW)

    if facts["category"] & {"3", "4"} and not facts["age"] & {Age.FROM_18_TO_25}:
        assert "strategy discussion" in text
    if facts["category"] & {"4"} and not facts["age"] & {Age.FROM_18_TO_25}:
        assert re.search(r"strategy discussion is required|requires a strategy|discussion: it is required", text)


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_steps_reach_only_those_for_whom_they_are_meant(seed: int) -> None:
    """One profession's words go to that profession, and nobody of 18 or over is called a child."""
    facts = facts_of(INSTRUMENT, random_case(random.Random(seed)))
    steps, leads = GUIDANCE.steps_for(facts), GUIDANCE.leads_for(facts)

    assert [step.id for step in steps if step.who in ONLY_FOR and ONLY_FOR[step.who] not in facts["profession"]] == []
    if facts["age"] & {Age.FROM_18_TO_25}:
        texts = {step.id: step.text for step in steps} | {lead.id: lead.text for lead in leads}
        assert [key for key, text in texts.items() if re.search(r"\b(the|this) child\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_the_list_of_steps_can_be_read_on_a_phone(seed: int) -> None:
    """At most 28 steps and ten pages of them in any case that there could be, and each page fits."""
    case = random_case(random.Random(seed))
    steps = GUIDANCE.steps_for(facts_of(INSTRUMENT, case))
    answers = Responses.of(dict(case.answers))
    session = Session(3, Phase.RESULT, "1", None, "BRISK OTTER 41", "", answers, case.responses)

    pages = [page for page in result_pages(session, SCRIPT, NOON) if page.kind == "steps"]

    assert len(steps) <= MOST_STEPS
    assert len(pages) <= MOST_PAGES


@pytest.mark.parametrize("seed", range(times(2_000, 150)))
def test_no_sentence_is_said_twice(seed: int) -> None:
    """Of what leads, the steps and what stands beside the number: whoever reads on learns something with every line."""
    facts = facts_of(INSTRUMENT, random_case(random.Random(seed)))
    rules = (*(step.text for step in GUIDANCE.steps_for(facts)), *(note.text for note in GUIDANCE.notes_for(facts)))
    texts = (GUIDANCE.leads_for(facts)[0].text, *rules)

    sentences = Counter(sentence for text in texts for sentence in set(sentences_of(text)))

    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, without their last sign, in small letters."""
    return [part.strip(" .:?").lower() for part in re.split(r"(?<=[.?:]) ", text)]


def test_half_of_all_cases_have_at_most_eighteen_steps() -> None:
    """Over random cases, which have far more going on than most."""
    counts = [
        len(GUIDANCE.steps_for(facts_of(INSTRUMENT, random_case(random.Random(seed)))))
        for seed in range(times(2_000, 300))
    ]

    assert median(counts) <= 18


def test_what_is_not_marked_as_a_contact_asks_for_none() -> None:
    """A step that may stand later speaks of a call only as what follows if things are worse than they seem."""
    unmarked = [step for step in GUIDANCE.steps if not step.contacts and step.when is not When.NOW]
    said = [
        (step.id, sentence)
        for step in unmarked
        for sentence in re.split(r"(?<=[.?:]) ", step.text)
        if re.search(r"\b(call|ring|refer|tell (ART|the police|social))\b", sentence, re.IGNORECASE)
    ]

    assert [(step, sentence) for step, sentence in said if not ALLOWED.search(sentence)] == []


ALLOWED = re.compile(
    r"\bIf\b|\bif\b|reason to call at once|holds? up (any|no) call|wait with the call|before you refer|"
    r"you have referred|Say who rings|refer at once"
)
"""What may be said of a call in a step that is due later."""


def test_no_text_names_the_team_that_is_closed_at_night() -> None:
    """The line of numbers knows the hour; no lead and no step says whom to ring first, but for the duty of schools."""
    texts = [*(lead.text for lead in GUIDANCE.leads), *(step.text for step in GUIDANCE.steps)]

    assert [text for text in texts if re.search(r"call ART|or ART\b", text)] == []


def test_only_the_kinds_of_other_harm_that_were_ticked_are_named() -> None:
    """One tick brings one step."""
    kinds = {"V1": "abuse", "M4": "despair", "M6": "taken-back", "M7": "infection"}
    for item, kind in kinds.items():
        case = Case(Age.FROM_13_TO_15, Responses.of({item: "yes"}))

        steps = GUIDANCE.steps_for(find(INSTRUMENT, case, NOON.today).facts)

        assert [step.id for step in steps if step.id.startswith("other-harm")] == [f"other-harm-{kind}"]
