"""Tests of made-up cases (P3 of docs/promises.md): each tests its target, is proven, and teaches nobody to wait."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.fragments import PLACES, TIMES, Fragments, Phrasing, Said, Teller, Telling, filled, places_of, times_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule, Vignette
from seraf.form.circumstances import Facts
from seraf.form.vocabulary import Age
from seraf.reading.cases.vignettes import MAX_BECAUSE, MAX_PART
from seraf.rehearsal.checking import mistakes, unclear_kin, unclear_place
from seraf.rehearsal.first_call import low_keys
from seraf.rehearsal.made.made_case import can_measure, measurable, measure
from seraf.rehearsal.made.narrate import MOST, Around, spaced, tell_case
from seraf.rehearsal.made.targets import PLANS, Target, aims_for
from tests.support import oracle
from tests.support.counts import times
from tests.support.oracle import ALL
from tests.support.pack.saying import grade, prose
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, NOON, PACK

SEEDS = times(590, 8)
"""The number of seeds for each target; a full run makes 10,000 cases."""

WINDOW = re.compile(r"\b(months?|weeks?|weekends?|years?|yearly|now|night of)\b")

MARKED = {**dict.fromkeys(PLACES, "x"), **times_of(dict.fromkeys(TIMES, "months ago"))}
"""A value for each placeholder of a sentence: “months ago” for a time, “x” for anything else."""


def fragments() -> Fragments:
    assert PACK.fragments is not None
    return PACK.fragments


def made(aim: Target) -> Iterator[Vignette]:
    return (measure(fragments(), PACK, aim=aim, seed=seed) for seed in range(SEEDS))


def given(vignette: Vignette) -> dict[str, str]:
    return {each.place: each.answer for each in vignette.key.keyed if each.place in oracle.ALL}


def scored(age: str, answers: dict[str, str]) -> tuple[int, int, int]:
    found = oracle.scored(age, answers, NOON.today)
    total, highest = found["total"], found["highest"]
    assert isinstance(total, int)
    assert isinstance(highest, dict)
    return total, oracle.category(total), highest["category"]


def moves(vignette: Vignette, others: list[dict[str, str]], *, age: str = "") -> bool:
    return any(scored(age or vignette.key.age, other)[1] != vignette.key.category for other in others)


def is_hit(aim: Target, it: Vignette) -> bool:
    """Return True if the case tests its target, by the oracle and by the agreed answers."""
    answers, key = given(it), it.key
    present = {item for item in oracle.S if answers[item] not in ("no", "not-known")}
    result = {rule: [each.place for each in key.keyed if rule in each.rules] for rule in Rule}
    match aim:
        case Target.BELOW_2 | Target.AT_2 | Target.BELOW_3 | Target.AT_3 | Target.BELOW_4 | Target.AT_4:
            totals = {"below-2": 5, "at-2": 6, "below-3": 10, "at-3": 11, "below-4": 15, "at-4": 16}
            return key.total == totals[aim] and bool(present)
        case Target.BOTH_COLUMNS:
            return moves(it, [answers | {item: "current"} for item, answer in answers.items() if answer == "both"])
        case Target.UNDER_13:
            return key.age == Age.UNDER_13 and moves(it, [answers], age="13-15")
        case Target.UNDER_13_EARLIER:
            windows = {answers[item] for item in present}
            return key.age == Age.UNDER_13 and windows == {"recent"} and moves(it, [answers], age="13-15")
        case Target.FAMILY:
            others = [answers | {item: "current"} for item in result[Rule.FAMILY] if item in oracle.S]
            return bool({"V1", "V2"} & {*result[Rule.OTHER_HARM]}) and moves(it, others)
        case Target.LOOK_BACK:
            outside = [item for item in result[Rule.LOOK_BACK] if answers[item] == "no"]
            return moves(it, [answers | {item: "recent" if item in oracle.S else "yes"} for item in outside])
        case Target.SUSPICION:
            return moves(it, [answers | {item: "no"} for item in result[Rule.SUSPICION]])
        case Target.NOT_KNOWN:
            return scored(key.age, answers)[2] > key.category and len(result[Rule.NOT_KNOWN]) > 1
        case Target.JUDGEMENT:
            return key.category < 3 and not present and result[Rule.JUDGEMENT] == ["judgement"]
        case Target.DISCUSSION:
            return key.category < 3 and bool(present) and set(result[Rule.DISCUSSION]) == present
        case Target.LITTLE:
            return key.category == 1 and not present and not {*result[Rule.OTHER_HARM]}
        case Target.OTHER_HARM:
            return key.category == 1 and not present and len(result[Rule.OTHER_HARM]) == 1


def wrongs(aim: Target, it: Vignette) -> Iterator[object]:
    yield from mistakes(it, INSTRUMENT, guidance=PACK.guidance)
    if scored(it.key.age, given(it))[:2] != (it.key.total, it.key.category):
        yield "another total"
    if not is_hit(aim, it):
        yield "beside its edge"
    if not set(PLANS[aim].rules) & set(it.key.rules):
        yield "trains nothing that it is for"
    yield from ambiguous(it)
    yield from unbounded(it)


def ambiguous(it: Vignette) -> Iterator[str]:
    """Yield the items with no sentence or several, and the sentences with two meanings."""
    rest = it.parts[-1].text
    cited = Counter(each.cites for each in it.key.keyed if each.place in oracle.ALL and not each.is_contested)
    answers: dict[str, set[str]] = {}
    for each in it.key.keyed:
        if each.place in oracle.ALL and each.is_contested and each.answer not in ("no", "not-known"):
            yield f"{each.place} is told, and contested"
        if each.place in oracle.ALL and not each.is_contested:
            answers.setdefault(each.cites, set()).add(each.answer)
            if it.text.count(each.cites) != 1:
                yield f"{each.cites!r} is not there once"
    for sentence, said in answers.items():
        if rest.endswith(sentence) and said != {"no"}:
            yield "something present rests on the last sentence"
        if not rest.endswith(sentence) and cited[sentence] > 1 and "no" not in said:
            yield f"{sentence!r} is cited by {cited[sentence]}"


def unbounded(it: Vignette) -> Iterator[str]:
    """Yield the parts, texts and reasons that are too long for a card, and placeholders that were not filled."""
    if not 3 <= len(it.parts) <= 4 or not 120 <= len(it.text.split()) <= 250:
        yield "too short or too long"
    if any(len(part.text) > MAX_PART or len(part.title) > 40 for part in it.parts):
        yield "a part without room"
    if any(
        not 0 < len(text) <= MAX_BECAUSE for each in it.key.keyed for text in (each.because, each.other_because or "-")
    ):
        yield "a reason without room"
    if "{" in it.text + it.title or "}" in it.text + it.title:
        yield "a place is left open"
    if grade(it.text) > 8:
        yield "hard to read"


@pytest.mark.prove
@pytest.mark.parametrize("aim", Target)
def test_every_case_is_on_its_edge_and_proven(aim: Target, promise: Promise) -> None:
    """P3: the checks of vignettes and the oracle accept it, each item has one sentence, and all fits on cards."""
    found = [(it.id, each) for it in made(aim) for each in wrongs(aim, it)]

    assert found == []
    promise.reached("P3", asked=SEEDS, reached=SEEDS, of="made-up cases, scored twice")


@pytest.mark.parametrize("aim", Target)
def test_cases_differ_and_the_same_seed_gives_the_same_case(aim: Target) -> None:
    cases = list(made(aim))

    assert len({it.text for it in cases}) >= 0.9 * len(cases)
    assert cases[:5] == [measure(fragments(), PACK, aim=aim, seed=seed) for seed in range(5)]


def test_no_made_up_story_blames_a_child() -> None:
    texts = [text for text in prose(fragments()) if text != fragments().headings.about]

    assert [text for text in texts if PACK.recording.mirrored(text)] == []


@pytest.mark.parametrize("said", fragments().said, ids=lambda said: f"{said.item} {said.answer} {said.telling}")
def test_every_line_within_a_window_names_its_time(said: Said) -> None:
    lines = [filled(line.text, MARKED) for line in said.lines if not said.item.startswith("V")]

    assert [line for line in lines if not WINDOW.search(line.lower())] == []


def test_every_aim_can_be_measured_with_the_shipped_fragments() -> None:
    assert measurable(fragments(), INSTRUMENT) == tuple(Target)
    assert can_measure(fragments(), INSTRUMENT)


def test_an_aim_without_sentences_is_not_offered_and_not_made() -> None:
    """A board whose pack has no sentences for a suspicion gets an error, not another case."""
    bare = replace(fragments(), said=tuple(each for each in fragments().said if each.telling is not Telling.SUSPECTED))

    assert measurable(bare, INSTRUMENT) == tuple(aim for aim in Target if aim is not Target.SUSPICION)
    with pytest.raises(LookupError, match="no case for suspicion"):
        measure(bare, PACK, aim=Target.SUSPICION, seed=1)


def test_missed_actions_come_first_then_untried_ones() -> None:
    """The target whose rule has the greatest share of misses comes first; rules that were never missed come last."""
    tried = dict.fromkeys(Rule, (3, 0)) | {Rule.FAMILY: (1, 2), Rule.SUSPICION: (0, 2), Rule.JUDGEMENT: (3, 1)}
    del tried[Rule.NOT_KNOWN]

    order = aims_for(tried)

    assert order[:4] == (Target.SUSPICION, Target.FAMILY, Target.JUDGEMENT, Target.NOT_KNOWN)
    assert sorted(order) == sorted(Target)


def test_somebody_new_begins_with_the_edges_in_their_own_order() -> None:
    assert aims_for({}) == tuple(Target)


def said_of(item: str, *tellers: Teller) -> Said:
    lines = tuple(Phrasing(teller, f"{teller} tells of {item}.") for teller in tellers)
    return Said(((item, "yes"),), Telling.PLAIN, "So it is.", (), frozenset(), lines)


def test_a_case_with_nothing_to_add_stays_short() -> None:
    few = tuple(each for each in fragments().said if each.answer != "no" or each.item == "M10")
    bare = replace(fragments(), said=few)

    cases = [measure(bare, PACK, aim=Target.OTHER_HARM, seed=seed) for seed in range(60)]

    whats = {each.what for it in cases for each in mistakes(it, INSTRUMENT, guidance=PACK.guidance)}
    assert whats
    assert all(" words; " in what for what in whats)


def test_no_case_exceeds_its_room() -> None:
    many = [said_of(item, Teller.SCHOOL) for item in oracle.V]

    assert [len(each) for each in spaced((), many)] == list(range(MOST + 1))
    assert [len(each) for each in spaced((), many[:2])] == [0, 1, 2]


def test_narrators_are_chosen_again_when_one_has_too_much_to_tell() -> None:
    """Four statements that one narrator alone can make leave no room for a fifth, so another narrator makes it."""
    either = said_of("V1", Teller.CONCERN, Teller.SERVICES)
    only = [said_of(item, Teller.CONCERN) for item in ("V2", "V3", "V4", "V5")]
    around = Around(places_of(fragments().children[0], 14, home="at home"), "worker", fragments().today[0])

    result = tell_case(fragments(), (either, *only), around=around, seed=Seed("a"))

    assert result.sentences["V1"] == "services tells of V1."


def test_a_wide_range_alone_leads_to_the_lead() -> None:
    """Nothing points to harm, but unknown items could raise the result: tell the safeguarding lead today."""
    cases = (measure(fragments(), PACK, aim=Target.NOT_KNOWN, seed=seed) for seed in range(400))

    found = next(it for it in cases if it.key.first_call_because in fragments().calls["could_be_higher"])

    assert found.key.first_call is FirstCall.LEAD
    assert found.key.category < 3 <= scored(found.key.age, given(found))[2]


def made_cases(aim: Target) -> Iterator[Vignette]:
    return (measure(fragments(), PACK, aim=aim, seed=10_000 + seed) for seed in range(SEEDS))


def lines_in(vignette: Vignette) -> list[tuple[Said, str]]:
    name, _, years = vignette.title.partition(", ")
    child = next(each for each in fragments().children if each.name == name)
    places = {**places_of(child, int(years), home=""), **times_of({each: f"<{each}>" for each in TIMES})}
    lines = [(said, filled(line.text, places)) for said in fragments().said for line in said.lines]
    found = ((said, found_in(vignette.text, text)) for said, text in lines)
    return [(said, text) for said, text in found if text]


def found_in(text: str, line: str) -> str:
    """Return the sentence as the text has it, with any of its possible dates; an empty string if it is not there."""
    if not all(piece in text for piece in re.split("<[A-Za-z]+>", line)):
        return ""
    pattern = re.escape(line)
    for each, ways in fragments().times.items():
        pattern = re.sub(f"<{each}>", f"(?i:{'|'.join(ways)})", pattern, flags=re.IGNORECASE)
    found = re.search(pattern, text)
    return found[0] if found else ""


def unclear(vignette: Vignette) -> Iterator[str]:
    """Yield items told twice or unlike the agreed answer, and untold ones that the last sentence leaves open."""
    key, result = {each.place: each for each in vignette.key.keyed}, lines_in(vignette)
    settled = Counter(item for said, _ in result for item in said.settles)
    yield from (f"{item} is told {count} times" for item, count in settled.items() if count > 1)
    yield from (
        f"{item} is told as {answer}"
        for said, _ in result
        for item, answer in said.answers
        if key[item].answer != answer
    )
    yield from (f"{item} cites another" for said, text in result for item in said.settles if key[item].cites != text)
    rest = [key[item] for item in ALL if item not in settled and (key[item].answer == "no" or not key[item].other)]
    if {each.answer for each in rest} != {"no"} or len({each.cites for each in rest}) != 1:
        yield "what nothing is said of is not closed"
    if not vignette.parts[-1].text.endswith(rest[0].cites):
        yield "something is told after the end"


@pytest.mark.prove
def test_no_sentence_of_a_case_denies_its_key(promise: Promise) -> None:
    """P3: each item is told once, as in the agreed answers; the last sentence says that there was nothing else."""
    found = [(vignette.id, each) for aim in Target for vignette in made_cases(aim) for each in unclear(vignette)]

    assert found == []
    promise.reached(
        "P3", asked=len(Target) * SEEDS, reached=len(Target) * SEEDS, of="made-up cases, each item told once"
    )


def test_the_story_names_an_adult_before_the_abuse() -> None:
    cases = [it for aim in Target for it in made_cases(aim) if {"S2", "S3"} <= {said.item for said, _ in lines_in(it)}]

    assert cases
    for it in cases:
        where = {said.item: it.text.index(text) for said, text in lines_in(it)}
        answers = {each.place: each.answer for each in it.key.keyed}
        assert (where["S2"] < where["S3"], answers["S2"] == answers["S3"]) == (True, True), it.text


def test_a_child_in_care_has_a_social_worker() -> None:
    """Foster carers and children's homes occur only with broken family ties."""
    cases = [
        it for aim in Target for it in made_cases(aim) if "foster carers" in it.text or "children's home" in it.text
    ]
    answers = [{each.place: each.answer for each in it.key.keyed} for it in cases]

    assert {(each["V4"], each["allocated"]) for each in answers} == {("yes", "yes")}


KAI, BEA = (next(each.key for each in PACK.vignettes if each.id == name) for name in ("kai", "bea"))
ITEMS = frozenset(item.id for item in INSTRUMENT.items)


def low(key: AgreedKey) -> list[str]:
    return [place for place, _ in low_keys(key, INSTRUMENT, guidance=PACK.guidance)]


def rekeyed(key: AgreedKey, place: str, answer: str, other: str = "") -> AgreedKey:
    keyed = (replace(each, answer=answer, other=other) if each.place == place else each for each in key.keyed)
    return replace(key, keyed=tuple(keyed))


def adding(key: AgreedKey, **answers: str) -> AgreedKey:
    return replace(key, keyed=(*key.keyed, *(Keyed(place, answer, "It is so.") for place, answer in answers.items())))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (KAI, []),
        (BEA, []),
        (replace(KAI, first_call=FirstCall.LEAD), ["first_call"]),
        (replace(KAI, first_call=FirstCall.EMERGENCY), []),
        (rekeyed(KAI, "judgement", "not-sure"), ["answers.judgement"]),
        (rekeyed(KAI, "judgement", "not-sure", "yes"), []),
        (rekeyed(BEA, "danger", "yes"), ["first_call", "answers.judgement"]),
        (rekeyed(BEA, "V2", "yes"), ["first_call"]),
        (replace(rekeyed(BEA, "V2", "yes"), first_call=FirstCall.LEAD), []),
        (
            replace(adding(rekeyed(BEA, "V2", "yes"), going_on="yes"), first_call=FirstCall.LEAD),
            ["first_call", "answers.judgement"],
        ),
        (replace(rekeyed(BEA, "danger", "not-known"), first_call=FirstCall.ART), ["answers.missing_now"]),
        (replace(rekeyed(BEA, "danger", "no", "not-known"), first_call=FirstCall.ART), ["answers.missing_now"]),
        (adding(replace(KAI, first_call=FirstCall.EMERGENCY), safe="danger"), ["answers.danger"]),
        (replace(rekeyed(KAI, "danger", "missing"), first_call=FirstCall.ART), ["first_call"]),
        (rekeyed(BEA, "M11", "yes"), ["first_call"]),
        (rekeyed(BEA, "S6", "recent", "no"), ["first_call", "answers.S6"]),
        (rekeyed(BEA, "V5", "no", "yes"), []),
    ],
)
def test_a_key_is_never_less_urgent_than_the_result_for_its_answers(key: AgreedKey, expected: list[str]) -> None:
    """The first call, the judgement and each accepted second answer are checked; with 999 nobody may wait.

    A question without a agreed answer counts as not known, as it does in the bot.
    """
    assert sorted(low(key)) == sorted(expected)


def test_a_judgement_is_not_the_reason_for_itself() -> None:
    """If a board wants a call at any doubt, only the first call is too low; the judgement may stay “not sure”."""
    leads = (replace(each, urgency=Urgency.CALL) if each.id == "doubt" else each for each in PACK.guidance.leads)
    guidance = replace(PACK.guidance, leads=tuple(leads))

    found = low_keys(rekeyed(BEA, "judgement", "not-sure"), INSTRUMENT, guidance=guidance)

    assert [place for place, _ in found] == ["first_call"]


FEW = 20


def cases(seeds: int) -> Iterator[tuple[Vignette, Facts]]:
    for aim in Target:
        for seed in range(seeds):
            it = measure(fragments(), PACK, aim=aim, seed=20_000 + seed)
            yield it, CaseView(INSTRUMENT, it.key.case(ITEMS)).facts


def readings(it: Vignette, place: str) -> set[str]:
    keyed = it.key.of(place)
    assert keyed is not None
    return {keyed.answer, keyed.other} - {""}


def waits(it: Vignette, facts: Facts) -> Iterator[str]:
    """Yield each way in which a case would teach people to wait, or to overlook a sign that is linked to another."""
    present, current = facts["present"], facts["current"]
    is_calm = "yes" not in readings(it, "judgement")
    if is_calm and present & {"M1", "M2", "M4", "M6", "M7", "significant"}:
        yield "a sign, and no suspicion"
    if it.key.first_call in (FirstCall.LEAD, FirstCall.NOBODY) and present & {"M1", "M2", "S1", *INSTRUMENT.other_harm}:
        yield "nobody calls"
    if it.key.age is Age.UNDER_13 and present & {"M1", "M2", "M3", "M8", "M11", "significant"} and is_calm:
        yield "a young child waits"
    if "M7" in present and readings(it, "V3") == {"no"}:
        yield "an infection, and no question"
    if "S2" in current and "S7" in present and readings(it, "S3") == {"no"}:
        yield "hurt beside somebody who controls, and no question"


@pytest.mark.prove
def test_no_made_up_case_teaches_to_wait(promise: Promise) -> None:
    """P3: strangers at the gate, police at night, a night missing and an infection all need an action."""
    found = [(it.id, each) for it, facts in cases(SEEDS) for each in (*waits(it, facts), *low(it.key))]

    assert found == []
    promise.reached(
        "P3",
        asked=len(Target) * SEEDS,
        reached=len(Target) * SEEDS,
        of="made-up cases, none of them keyed too low",
    )


def test_no_answer_around_the_items_goes_without_saying() -> None:
    """Danger, disclosure, stage, judgement and second answers vary, so that none can be guessed."""
    drawn_cases = [it for it, _ in cases(FEW)]
    given = Counter((each.place, each.answer) for it in drawn_cases for each in it.key.keyed if each.place not in ITEMS)
    calls = Counter(it.key.first_call for it in drawn_cases)
    contested = sum(any(each.is_contested for each in it.key.keyed if each.place in ITEMS) for it in drawn_cases)

    for place in ("danger", "told_or_seen", "stage", "allocated", "judgement"):
        assert max(count for (where, _), count in given.items() if where == place) < 0.97 * len(drawn_cases), place
    assert {answer for place, answer in given if place == "danger"} == {"no", "not-known", "yes"}
    assert {answer for place, answer in given if place == "judgement"} == {"no", "not-sure", "yes"}
    assert set(calls) == {FirstCall.EMERGENCY, FirstCall.ART, FirstCall.ALLOCATED, FirstCall.LEAD}
    assert 0.1 * len(drawn_cases) < contested < 0.7 * len(drawn_cases)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{name} says that {they} {are} well.", ""),
        ("{They} {are} well, and {name} says so.", "{They}"),
        ("{name}'s uncle says that {they} {are} well.", "{they}"),
        ("A nurse saw {name}, and he was hurt.", "he"),
        ("“He said so,” {name} told a nurse.", ""),
    ],
)
def test_in_a_sentence_for_any_child_only_the_child_is_a_pronoun(text: str, word: str) -> None:
    """The sentences are used for a boy, a girl or neither."""
    assert unclear_place(text) == word


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
