"""An intake that is assumed: cases drawn from a seed, from the shares that stand here. No real case was looked at for it.

The shares are ours, set by hand so that about two thirds of the cases come to Category 1 and a tenth to Category 4. No
safeguarding lead has seen them. A board tries its own cases instead, as requests in JSON, one a line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from seraf.case_view import CaseView
from seraf.cases.seed import Seed
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, Responses, marks
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import Pack

USUAL = 4_000
"""How many cases the figures in the documents rest on."""

WHOLE = 1_000
"""Every share here is of a thousand cases."""

Share = Mapping[str, int]
"""The answers that a question may get, each with how many of a thousand cases it gets it in."""


@dataclass(frozen=True, slots=True)
class Level:
    """How much there is to tell of a case, and what is assumed of such cases, each of a thousand.

    `lasting` and `recent` are how often an item that asks about all of a life, or about the past months, is ticked; `signs` is how
    many of the signs that stand above a low category are there.
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
"""From the least to tell to the most."""

SELDOM: Mapping[str, int] = {
    **{"V2": 60, "V3": 40, "V9": 60, "M2": 40, "M4": 130, "M6": 15, "M7": 20, "M8": 40, "M12": 30},
    **{"S3": 60, "S6": 60, "S7": 70},
}
"""Of items that are ticked more or less often than the others of their section: as how many in a hundred."""

WINDOW: Share = {Meaning.EARLIER: 250, Meaning.CURRENT: 750}
"""When a sign was there: in the earlier window alone, or in the current one."""

THOROUGH: Share = {"10": 700, "70": 250, "300": 50}
"""How many of a thousand items are left not known; most people look into nearly everything."""

PROFESSION: Share = {
    **{"school": 340, "health": 180, "preventative": 160, "residential": 100, "police": 80, "social-care": 80},
    **{"leaving-care": 20, "other": 40},
}
AGE: Share = {Age.UNDER_13: 120, Age.FROM_13_TO_15: 480, Age.FROM_16_TO_17: 350, NOT_KNOWN: 30, Age.FROM_18_TO_25: 20}

STAGE: Share = {"review": 230, NOT_KNOWN: 50, "first": 720}
KNOWN: Share = {"yes": 300, NOT_KNOWN: 200, "no": 500}

CIRCUMSTANCES: Mapping[str, Share] = {
    "moved": {"yes": 8, NOT_KNOWN: 30, "no": 962},
    "family": {"yes": 40, NOT_KNOWN: 60, "no": 900},
    "young_exploiter": {"yes": 60, NOT_KNOWN: 150, "no": 790},
    "draws_in": {"yes": 20, NOT_KNOWN: 100, "no": 880},
    "network": {"yes": 60, NOT_KNOWN: 150, "no": 790},
    "asylum": {"yes": 10, NOT_KNOWN: 10, "no": 980},
    "disabled": {"yes": 120, NOT_KNOWN: 60, "no": 820},
    "not_at_school": {"yes": 70, NOT_KNOWN: 20, "no": 910},
    "lives_elsewhere": {"yes": 40, NOT_KNOWN: 10, "no": 950},
    "missing_now": {"yes": 20, NOT_KNOWN: 80, "no": 900},
    "online": {"yes": 150, NOT_KNOWN: 250, "no": 600},
    "going_on": {"yes": 200, NOT_KNOWN: 250, "no": 550},
    "reported": {"no": 150, NOT_KNOWN: 300, "yes": 550},
    "safe": {"danger": 5, "not-tonight": 45, NOT_KNOWN: 300, "yes": 650},
    "new_info": {"yes": 400, NOT_KNOWN: 200, "no": 400},
    "grounds": {"yes": 250, "not-decided": 300, NOT_KNOWN: 100, "no": 350},
    "parents_told": {"unsafe": 60, "yes": 300, NOT_KNOWN: 240, "no": 400},
    "consent": {"given": 300, "refused": 80, NOT_KNOWN: 150, "not-yet": 470},
}
"""The short questions of the shipped pack. They are put where the pack puts them."""

OTHERWISE: Share = {"yes": 50, NOT_KNOWN: 100, "no": 850}
"""Any other question of a pack."""

JUDGED_AT_HARM: Share = {"no": 50, "not-sure": 250, "yes": 700}
"""What is judged where abuse is said to be going on now: whoever says that mostly suspects significant harm as well."""

JUDGED_AFTER_TOLD: Share = {"no": 150, "not-sure": 250, "yes": 600}
JUDGED_AT_A_SIGN: Share = {"yes": 250, "not-sure": 400, "no": 350}
"""The same where the child told somebody, and where a serious sign is there in a case that has little else."""

HARM = frozenset({"V1", "V2", "V3", "M6"})
"""Items that say abuse, of which the question rests whether it is going on; despair alone says none."""


def assumed_cases(pack: Pack, *, count: int = USUAL, seed: int = 1) -> Iterator[Case]:
    """Yield the cases of an assumed intake, as this pack asks about them. The same seed gives the same cases.

    Two packs get the same answers to the questions that they share, so that their leads can be compared.
    """
    for number in range(count):
        yield _case(pack, Seed(f"intake {seed} {number}"))


def _case(pack: Pack, seed: Seed) -> Case:
    level = LEVELS[int(_drawn({str(at): each.cases for at, each in enumerate(LEVELS)}, seed, of="level"))]
    profession = _drawn(PROFESSION, seed, of="profession")
    age = _drawn(AGE, seed, of="age")
    if profession == "leaving-care":  # whoever advises care leavers works with no younger child
        age = _drawn({Age.FROM_18_TO_25: 600, Age.FROM_16_TO_17: 400}, seed, of="age")
    stage = _drawn(STAGE, seed, of="stage")
    answers = {
        "profession": profession,
        "danger": _drawn(level.danger, seed, of="danger"),
        "told_or_seen": _drawn(level.told_or_seen, seed, of="told_or_seen"),
        "allocated": _drawn(level.allocated, seed, of="allocated"),
        "stage": stage,
        **({} if stage == "first" else {"known": _drawn(KNOWN, seed, of="known")}),
        **{each.id: _drawn(OTHERWISE, seed, of=each.id) for each in pack.instrument.questions},
    }
    responses = Responses.of(dict(_responses(pack.instrument, level, seed)))
    answered = _asked(pack, Case(Age(age), responses, answers), seed)
    judgement = _drawn(_judged(pack.instrument, answered, level), seed, of="judgement")
    return Case(answered.age, responses, {**answered.answers, "judgement": judgement})


def _drawn(share: Share, seed: Seed, *, of: str) -> str:
    """One of the answers, as often as its share says."""
    at = seed.below(sum(share.values()), of)
    return next(answer for answer, end in zip(share, accumulate(share.values()), strict=True) if at < end)


def _responses(instrument: Instrument, level: Level, seed: Seed) -> Iterator[tuple[str, str]]:
    """Yield each item with its option."""
    signs, unknown = instrument.signs, int(_drawn(THOROUGH, seed, of="thorough"))
    there = _taken(signs, int(_drawn(level.signs, seed, of="signs")), seed)
    for item in instrument.items:
        often = level.lasting if item.section.windows == () else level.recent
        is_there = item.id in there if item in signs else _chance(seed, f"there {item.id}", _weighed(item, often))
        meaning = Meaning(_drawn(WINDOW, seed, of=f"window {item.id}")) if is_there else Meaning.ABSENT
        if not is_there and _chance(seed, f"unknown {item.id}", unknown):
            meaning = Meaning.UNKNOWN
        yield item.id, _option(item, meaning)


def _taken(signs: tuple[Item, ...], count: int, seed: Seed) -> frozenset[str]:
    """So many of the signs; one that is seldom comes later in the order from which they are taken."""
    order = sorted(signs, key=lambda item: seed.below(WHOLE, f"sign {item.id}") * 100 // SELDOM.get(item.id, 100))
    return frozenset(item.id for item in order[:count])


def _weighed(item: Item, often: int) -> int:
    return often * SELDOM.get(item.id, 100) // 100


def _chance(seed: Seed, of: str, often: int) -> bool:
    return seed.below(WHOLE, of) < often


def _option(item: Item, meaning: Meaning) -> str:
    """The option of that meaning with the fewest points; one for the current window where the item has no earlier one."""
    options = [option for option in item.section.options if option.means is meaning]
    options = options or [option for option in item.section.options if option.means is Meaning.CURRENT]
    return min(options, key=lambda option: option.points).id


def _asked(pack: Pack, case: Case, seed: Seed) -> Case:
    """The case with an answer to each short question that the pack puts, those among them that an answer brings about."""
    while True:
        asked = [
            each for each in CaseView(pack.instrument, case).advice(pack.guidance).asked if each.id not in case.answers
        ]
        if not asked:
            return case
        given = {each.id: _said(each, seed) for each in asked}
        case = Case(case.age, case.responses, {**case.answers, **given})


def _said(question: Circumstance, seed: Seed) -> str:
    """An answer that the question has. Where the one that was drawn is none of them: what it gets when it is not ticked, or not known."""
    said = _drawn(CIRCUMSTANCES.get(question.id, OTHERWISE), seed, of=question.id)
    return said if said in question.words else question.rest or NOT_KNOWN


def _judged(instrument: Instrument, case: Case, level: Level) -> Share:
    """What is assumed of the judgement, by the gravest of what was said."""
    present = marks(instrument, case.responses).present
    harm_now = case.answers.get("going_on") == "yes" and (present & HARM or case.answers.get("family") == "yes")
    if level.judgement["yes"] > JUDGED_AT_HARM["yes"]:
        return level.judgement
    if harm_now:
        return JUDGED_AT_HARM
    if case.answers["told_or_seen"] == "yes":
        return JUDGED_AFTER_TOLD
    is_sign = any(item.id in present for item in instrument.signs)
    return JUDGED_AT_A_SIGN if is_sign and level.judgement["yes"] < JUDGED_AT_A_SIGN["yes"] else level.judgement
