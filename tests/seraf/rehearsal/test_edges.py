"""Cases made to measure: each hits its edge, has a proven key, and says one thing of every item."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import pytest

from seraf.cases.fragments import (
    PLACES,
    TIMES,
    Fragments,
    Phrasing,
    Said,
    Teller,
    Telling,
    filled,
    places_of,
    times_of,
)
from seraf.cases.seed import Seed
from seraf.cases.vignette import FirstCall, Rule, Vignette
from seraf.form.vocabulary import Age
from seraf.reading.cases.vignettes import MAX_BECAUSE, MAX_PART
from seraf.rehearsal.checking import mistakes
from seraf.rehearsal.made.made_case import can_measure, measurable, measure
from seraf.rehearsal.made.narrate import MOST, ORDER, Around, spaced, tell_case
from seraf.rehearsal.made.targets import PLANS, Target, aims_for
from tests.support import oracle
from tests.support.counts import times
from tests.support.pack.saying import grade, prose
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, NOON, PACK

FRAGMENTS = PACK.fragments
SEEDS = times(590, 8)
"""How many cases of each aim: 10,000 in all when everything is to be proved."""

WINDOW = re.compile(r"\b(months?|weeks?|weekends?|years?|yearly|now|night of)\b")
"""Words that say when."""

MARKED = {**dict.fromkeys(PLACES, "x"), **times_of(dict.fromkeys(TIMES, "months ago"))}
"""What fills the places of a line of which only the time is looked for."""


def fragments() -> Fragments:
    """The shipped fragments, which there are."""
    assert FRAGMENTS is not None
    return FRAGMENTS


def made(aim: Target) -> Iterator[Vignette]:
    """So many cases of an aim."""
    return (measure(fragments(), PACK, aim=aim, seed=seed) for seed in range(SEEDS))


def given(vignette: Vignette) -> dict[str, str]:
    """Item to answer, as the key has it."""
    return {each.place: each.answer for each in vignette.key.keyed if each.place in oracle.ALL}


def scored(age: str, answers: dict[str, str]) -> tuple[int, int, int]:
    """The total, the category and the highest category that a second hand makes of it."""
    found = oracle.scored(age, answers, NOON.today)
    total, highest = found["total"], found["highest"]
    assert isinstance(total, int)
    assert isinstance(highest, dict)
    return total, oracle.category(total), highest["category"]


def changed(answers: dict[str, str], old: str, new: str) -> list[dict[str, str]]:
    """The answers with one item changed from one to another, once for each that has the old one."""
    return [answers | {item: new} for item, answer in answers.items() if answer == old]


def moves(vignette: Vignette, others: list[dict[str, str]], *, age: str = "") -> bool:
    """Whether any of these other readings lands in another category."""
    return any(scored(age or vignette.key.age, other)[1] != vignette.key.category for other in others)


def is_hit(aim: Target, it: Vignette) -> bool:
    """Whether the case stands on the edge that was aimed at, judged by the oracle and by the key's own answers."""
    answers, key = given(it), it.key
    present = {item for item in oracle.S if answers[item] not in ("no", "not-known")}
    told = {rule: [each.place for each in key.keyed if rule in each.rules] for rule in Rule}
    match aim:
        case Target.BELOW_2 | Target.AT_2 | Target.BELOW_3 | Target.AT_3 | Target.BELOW_4 | Target.AT_4:
            totals = {"below-2": 5, "at-2": 6, "below-3": 10, "at-3": 11, "below-4": 15, "at-4": 16}
            return key.total == totals[aim] and bool(present)
        case Target.BOTH_COLUMNS:
            return moves(it, changed(answers, "both", "current"))
        case Target.UNDER_13:
            return key.age == Age.UNDER_13 and moves(it, [answers], age="13-15")
        case Target.UNDER_13_EARLIER:
            windows = {answers[item] for item in present}
            return key.age == Age.UNDER_13 and windows == {"recent"} and moves(it, [answers], age="13-15")
        case Target.FAMILY:
            others = [answers | {item: "current"} for item in told[Rule.FAMILY] if item in oracle.S]
            return bool({"V1", "V2"} & {*told[Rule.OTHER_HARM]}) and moves(it, others)
        case Target.LOOK_BACK:
            outside = [item for item in told[Rule.LOOK_BACK] if answers[item] == "no"]
            return moves(it, [answers | {item: "recent" if item in oracle.S else "yes"} for item in outside])
        case Target.SUSPICION:
            return moves(it, [answers | {item: "no"} for item in told[Rule.SUSPICION]])
        case Target.NOT_KNOWN:
            return scored(key.age, answers)[2] > key.category and len(told[Rule.NOT_KNOWN]) > 1
        case Target.JUDGEMENT:
            return key.category < 3 and not present and told[Rule.JUDGEMENT] == ["judgement"]
        case Target.DISCUSSION:
            return key.category < 3 and bool(present) and set(told[Rule.DISCUSSION]) == present
        case Target.LITTLE:
            return key.category == 1 and not present and not {*told[Rule.OTHER_HARM]}
        case Target.OTHER_HARM:
            return key.category == 1 and not present and len(told[Rule.OTHER_HARM]) == 1


def wrongs(aim: Target, it: Vignette) -> Iterator[object]:
    """Everything that is wrong with a case, or nothing."""
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
    """Items that more or less than one sentence speaks of, and sentences that say two things."""
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
    """Parts, words and reasons that a card has no room for, and places that were not filled in."""
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
    """The checker of vignettes, the oracle, one sentence for each item, and the bounds of a card: nothing is wrong."""
    found = [(it.id, each) for it in made(aim) for each in wrongs(aim, it)]

    assert found == []
    promise.reached("P3", asked=SEEDS, reached=SEEDS, of="made-up cases, scored twice")


@pytest.mark.parametrize("aim", Target)
def test_cases_differ_and_the_same_lot_is_the_same_case(aim: Target) -> None:
    """Whoever practises again reads another case, and a case can be made again from its seed alone."""
    cases = list(made(aim))

    assert len({it.text for it in cases}) >= 0.9 * len(cases)
    assert cases[:5] == [measure(fragments(), PACK, aim=aim, seed=seed) for seed in range(5)]


def test_cases_read_easily() -> None:
    """The median grade over all aims is one of plain English."""
    assert (
        median(grade(measure(fragments(), PACK, aim=aim, seed=seed).text) for aim in Target for seed in range(5)) <= 6
    )


def test_nothing_that_is_told_blames_a_child() -> None:
    """The pack's own mirror finds nothing in any sentence, outside quotation marks."""
    texts = [text for text in prose(fragments()) if text != fragments().headings.about]

    assert [text for text in texts if PACK.recording.mirrored(text)] == []


@pytest.mark.parametrize("said", fragments().said, ids=lambda said: f"{said.item} {said.answer} {said.telling}")
def test_every_line_within_a_window_says_when(said: Said) -> None:
    """Nobody has to guess whether it lies in the window that the section looks back on."""
    lines = [filled(line.text, MARKED) for line in said.lines if not said.item.startswith("V")]

    assert [line for line in lines if not WINDOW.search(line.lower())] == []


def test_the_parts_are_told_in_one_order() -> None:
    """A first concern, then those who know more, and the child and your own view last."""
    it = measure(fragments(), PACK, aim=Target.FAMILY, seed=1)

    assert len(it.parts) == len(ORDER)
    assert it.parts[0].title == "The first concern"


def test_every_aim_can_be_measured_with_the_shipped_fragments() -> None:
    """A menu may offer all of them."""
    assert measurable(fragments(), INSTRUMENT) == tuple(Target)
    assert can_measure(fragments(), INSTRUMENT)


def test_an_aim_without_sentences_is_not_offered_and_not_made() -> None:
    """A board that wrote nothing of a suspicion has no case for it, and is told so rather than given another."""
    bare = replace(fragments(), said=tuple(each for each in fragments().said if each.telling is not Telling.SUSPECTED))

    assert measurable(bare, INSTRUMENT) == tuple(aim for aim in Target if aim is not Target.SUSPICION)
    with pytest.raises(LookupError, match="no case for suspicion"):
        measure(bare, PACK, aim=Target.SUSPICION, seed=1)


def test_what_somebody_missed_comes_first_then_what_they_never_tried() -> None:
    """The greater share of misses first, and one miss of four too; a rule that was always right comes last."""
    tried = dict.fromkeys(Rule, (3, 0)) | {Rule.FAMILY: (1, 2), Rule.SUSPICION: (0, 2), Rule.JUDGEMENT: (3, 1)}
    del tried[Rule.NOT_KNOWN]

    order = aims_for(tried)

    assert order[:4] == (Target.SUSPICION, Target.FAMILY, Target.JUDGEMENT, Target.NOT_KNOWN)
    assert sorted(order) == sorted(Target)


def test_somebody_new_begins_with_the_edges_in_their_own_order() -> None:
    """Nothing tried yet: no aim is dearer than another."""
    assert aims_for({}) == tuple(Target)


def said_of(item: str, *tellers: Teller) -> Said:
    """Something said of an item, which each of these can tell."""
    lines = tuple(Phrasing(teller, f"{teller} tells of {item}.") for teller in tellers)
    return Said(((item, "yes"),), Telling.PLAIN, "So it is.", (), frozenset(), lines)


def test_without_anything_to_add_a_case_is_short_rather_than_wrong() -> None:
    """A board that wrote nothing of what is absent gets fewer words, and the same proven key."""
    few = tuple(each for each in fragments().said if each.answer != "no" or each.item == "M10")
    bare = replace(fragments(), said=few)

    cases = [measure(bare, PACK, aim=Target.OTHER_HARM, seed=seed) for seed in range(60)]

    whats = {each.what for it in cases for each in mistakes(it, INSTRUMENT, guidance=PACK.guidance)}
    assert whats
    assert all(" words; " in what for what in whats)


def test_no_case_says_more_than_there_is_room_for() -> None:
    """Fillers are added one at a time, up to the most statements of a case."""
    many = [said_of(item, Teller.SCHOOL) for item in oracle.V]

    assert [len(each) for each in spaced((), many)] == list(range(MOST + 1))
    assert [len(each) for each in spaced((), many[:2])] == [0, 1, 2]


def test_who_tells_what_is_chosen_again_where_there_is_no_room_left() -> None:
    """Four things that only the first can tell leave it no room for a fifth, which another tells."""
    either = said_of("V1", Teller.CONCERN, Teller.SERVICES)
    only = [said_of(item, Teller.CONCERN) for item in ("V2", "V3", "V4", "V5")]
    around = Around(places_of(fragments().children[0], 14, home="at home"), "worker", fragments().today[0])

    told = tell_case(fragments(), (either, *only), around=around, seed=Seed("a"))

    assert told.sentences["V1"] == "services tells of V1."


def test_a_wide_range_alone_leads_to_the_lead() -> None:
    """Nothing says outright that there is harm, and what is not known could take it much higher: say so today."""
    cases = (measure(fragments(), PACK, aim=Target.NOT_KNOWN, seed=seed) for seed in range(400))

    found = next(it for it in cases if it.key.first_call_because in fragments().calls["could_be_higher"])

    assert found.key.first_call is FirstCall.LEAD
    assert found.key.category < 3 <= scored(found.key.age, given(found))[2]
