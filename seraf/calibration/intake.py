"""An assumed intake: cases generated from a seed by the frequencies below and those of a pack. No real case was used.

The frequencies are our own, set by hand so that about two thirds of the cases reach Category 1 and a tenth Category 4.
No safeguarding lead has reviewed them. A board can use its own cases instead, as JSON requests, one on each line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from seraf.case_view import CaseView
from seraf.cases.seed import Seed
from seraf.form.instrument import Item
from seraf.form.responses import Case, Responses, marks
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import IntakeShares, Pack, Share

USUAL = 4_000
"""The default number of cases, with which the figures in the documents were calculated."""

WHOLE = 1_000
"""The sum of the frequencies in every `Share`: they are in cases per thousand."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of concern, and the assumed frequencies (per thousand) of answers in cases at that level.

    `cases` is the frequency of the level itself. `lasting` and `recent` are how often an item is ticked: one without a
    look-back window, and one with a window. `signs` has the frequencies of how many items are ticked that need a talk
    with the manager; the other fields have the frequencies of answers to a question.
    """

    cases: int
    lasting: int
    recent: int
    signs: Share
    danger: Share
    told_or_seen: Share
    judgement: Share
    allocated: Share


LEVELS = (
    Level(
        cases=610,
        lasting=105,
        recent=70,
        signs={"1": 70, "0": 930},
        danger={"yes": 5, "missing": 10, NOT_KNOWN: 45, "no": 940},
        told_or_seen={"yes": 60, NOT_KNOWN: 50, "no": 890},
        judgement={"yes": 40, "not-sure": 180, "no": 780},
        allocated={"yes": 180, NOT_KNOWN: 90, "no": 730},
    ),
    Level(
        cases=190,
        lasting=330,
        recent=260,
        signs={"1": 170, "0": 830},
        danger={"yes": 10, "missing": 20, NOT_KNOWN: 60, "no": 910},
        told_or_seen={"yes": 100, NOT_KNOWN: 80, "no": 820},
        judgement={"yes": 120, "not-sure": 350, "no": 530},
        allocated={"yes": 300, NOT_KNOWN: 90, "no": 610},
    ),
    Level(
        cases=90,
        lasting=450,
        recent=380,
        signs={"2": 50, "1": 550, "0": 400},
        danger={"yes": 20, "missing": 30, NOT_KNOWN: 80, "no": 870},
        told_or_seen={"yes": 200, NOT_KNOWN: 100, "no": 700},
        judgement={"yes": 450, "not-sure": 350, "no": 200},
        allocated={"yes": 450, NOT_KNOWN: 60, "no": 490},
    ),
    Level(
        cases=110,
        lasting=480,
        recent=430,
        signs={"4": 150, "3": 300, "2": 400, "1": 150},
        danger={"yes": 50, "missing": 80, NOT_KNOWN: 110, "no": 760},
        told_or_seen={"yes": 350, NOT_KNOWN: 100, "no": 550},
        judgement={"yes": 750, "not-sure": 170, "no": 80},
        allocated={"yes": 600, NOT_KNOWN: 40, "no": 360},
    ),
)
"""The levels, those of least concern first."""

WINDOW: Share = {Meaning.EARLIER: 250, Meaning.CURRENT: 750}
"""How often a ticked sign was present only in the earlier window, and how often in the current one."""

THOROUGH: Share = {"10": 700, "70": 250, "300": 50}
"""For each number of items per thousand left “not known”: how frequent people are who leave that many."""

PROFESSION: Share = {
    **{"school": 340, "health": 180, "preventative": 160, "residential": 100, "police": 80, "social-care": 80},
    **{"leaving-care": 20, "other": 40},
}
AGE: Share = {Age.UNDER_13: 120, Age.FROM_13_TO_15: 480, Age.FROM_16_TO_17: 350, NOT_KNOWN: 30, Age.FROM_18_TO_25: 20}

STAGE: Share = {"review": 230, NOT_KNOWN: 50, "first": 720}
KNOWN: Share = {"yes": 300, NOT_KNOWN: 200, "no": 500}

OTHERWISE: Share = {"yes": 50, NOT_KNOWN: 100, "no": 850}
"""The frequencies of the answers to a question for which the pack has no `Share`."""

JUDGED_AT_HARM: Share = {"no": 50, "not-sure": 250, "yes": 700}
"""The assumed judgements if abuse continues: most people who report it also suspect significant harm."""

JUDGED_AFTER_TOLD: Share = {"no": 150, "not-sure": 250, "yes": 600}
JUDGED_AT_A_SIGN: Share = {"yes": 250, "not-sure": 400, "no": 350}
"""The assumed judgements after a disclosure, and those for a serious sign in an otherwise mild case."""


def assumed_cases(
    pack: Pack, *, count: int = USUAL, seed: int = 1, shares: IntakeShares | None = None
) -> Iterator[Case]:
    """Yield `count` cases of an assumed intake for the questions of this pack. The same seed gives the same cases.

    `shares` defaults to those of the pack. Two packs with the same `shares` get the same answers to the questions they
    have in common, so that their leads can be compared.
    """
    for number in range(count):
        yield _case(pack, Seed(f"intake {seed} {number}"), shares=pack.intake if shares is None else shares)


def _case(pack: Pack, seed: Seed, *, shares: IntakeShares) -> Case:
    level = LEVELS[int(_drawn({str(at): level.cases for at, level in enumerate(LEVELS)}, seed, of="level"))]
    profession = _drawn(PROFESSION, seed, of="profession")
    age = _drawn(AGE, seed, of="age")
    if profession == "leaving-care":  # advisers of care leavers work with no younger child
        age = _drawn({Age.FROM_18_TO_25: 600, Age.FROM_16_TO_17: 400}, seed, of="age")
    stage = _drawn(STAGE, seed, of="stage")
    answers = {
        "profession": profession,
        "danger": _drawn(level.danger, seed, of="danger"),
        "told_or_seen": _drawn(level.told_or_seen, seed, of="told_or_seen"),
        "allocated": _drawn(level.allocated, seed, of="allocated"),
        "stage": stage,
        **({} if stage == "first" else {"known": _drawn(KNOWN, seed, of="known")}),
        **{
            each.id: _drawn(shares.answers.get(each.id, OTHERWISE), seed, of=each.id)
            for each in pack.instrument.questions
        },
    }
    case = Case(Age(age), Responses.of(dict(_responses(pack, level, seed, shares=shares))), answers)
    # Until no question is left, since an answer may lead to another question.
    while asked := [
        question
        for question in CaseView(pack.instrument, case).advice(pack.guidance).asked
        if question.id not in case.answers
    ]:
        given = {}
        for question in asked:
            answer = _drawn(shares.answers.get(question.id, OTHERWISE), seed, of=question.id)
            given[question.id] = answer if answer in question.words else question.rest or NOT_KNOWN
        case = Case(case.age, case.responses, {**case.answers, **given})
    judgement = _drawn(_judged(pack, case, level, harm=shares.harm), seed, of="judgement")
    return Case(case.age, case.responses, {**case.answers, "judgement": judgement})


def _drawn(share: Share, seed: Seed, *, of: str) -> str:
    """Return an answer, drawn from the seed with the frequencies of `share`."""
    at = seed.below(sum(share.values()), of)
    return next(answer for answer, end in zip(share, accumulate(share.values()), strict=True) if at < end)


def _responses(pack: Pack, level: Level, seed: Seed, *, shares: IntakeShares) -> Iterator[tuple[str, str]]:
    """Yield, for each item, its id and the id of its option."""
    signs, unknown = pack.instrument.signs, int(_drawn(THOROUGH, seed, of="thorough"))

    def rank(item: Item) -> int:  # a rare sign is ranked later
        return seed.below(WHOLE, f"sign {item.id}") * 100 // shares.seldom.get(item.id, 100)

    drawn = sorted(signs, key=rank)[: int(_drawn(level.signs, seed, of="signs"))]
    for item in pack.instrument.items:
        often = level.lasting if item.section.windows == () else level.recent
        often = often * shares.seldom.get(item.id, 100) // 100
        is_present = item in drawn if item in signs else seed.below(WHOLE, f"there {item.id}") < often
        meaning = Meaning(_drawn(WINDOW, seed, of=f"window {item.id}")) if is_present else Meaning.ABSENT
        if not is_present and seed.below(WHOLE, f"unknown {item.id}") < unknown:
            meaning = Meaning.UNKNOWN
        # The option with the fewest points; an item without an earlier window gets one for the current window.
        options = [option for option in item.section.options if option.means is meaning]
        options = options or [option for option in item.section.options if option.means is Meaning.CURRENT]
        yield item.id, min(options, key=lambda option: option.points).id


def _judged(pack: Pack, case: Case, level: Level, *, harm: frozenset[str]) -> Share:
    """Return the frequencies of the judgements. They depend on the most serious answer of the case."""
    present = marks(pack.instrument, case.responses).present
    harm_now = case.answers.get("going_on") == "yes" and (present & harm or case.answers.get("family") == "yes")
    if level.judgement["yes"] > JUDGED_AT_HARM["yes"]:
        return level.judgement
    if harm_now:
        return JUDGED_AT_HARM
    if case.answers["told_or_seen"] == "yes":
        return JUDGED_AFTER_TOLD
    is_sign = any(item.id in present for item in pack.instrument.signs)
    return JUDGED_AT_A_SIGN if is_sign and level.judgement["yes"] < JUDGED_AT_A_SIGN["yes"] else level.judgement
