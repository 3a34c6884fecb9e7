"""Drills: short questions on one rule at a time, made from the instrument and from the bot's own card.

A drill has no story. It gives a few facts, and asks which button they mean, what they score or whom to contact first. The
same seed always gives the same drill, and there are as many as there are seeds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.cases.seed import Seed
from seraf.cases.vignette import FirstCall, Rule
from seraf.form.circumstances import Basis
from seraf.form.instrument import Instrument, Item, Option, Section
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.first_call import card_view, first_calls

SET = 10
"""The number of drills in a set, which takes about three minutes."""


class DrillKind(StrEnum):
    """A kind of drill. Each is about one rule."""

    CURRENT = "current"
    EARLIER = "earlier"
    BOTH = "both"
    EXACTLY_NEAR = "exactly-near"
    EXACTLY_FAR = "exactly-far"
    OLDER = "older"
    LOOK_BACK = "look-back"
    EVER = "ever"
    NOT_ASKED = "not-asked"
    SUSPECTED = "suspected"
    FAMILY = "family"
    ARRANGED = "arranged"
    UNDER_13 = "under-13"
    ONCE = "once"
    BAND = "band"
    RANGE = "range"
    DISCUSSION = "discussion"
    JUDGEMENT = "judgement"
    TOLD = "told"
    HARM = "harm"
    NOTHING = "nothing"


RULES: Mapping[DrillKind, Rule] = {
    **dict.fromkeys((DrillKind.CURRENT, DrillKind.EARLIER, DrillKind.OLDER, DrillKind.EVER), Rule.LOOK_BACK),
    **dict.fromkeys((DrillKind.EXACTLY_NEAR, DrillKind.EXACTLY_FAR, DrillKind.LOOK_BACK), Rule.LOOK_BACK),
    DrillKind.BOTH: Rule.BOTH_COLUMNS,
    **dict.fromkeys((DrillKind.NOT_ASKED, DrillKind.RANGE), Rule.NOT_KNOWN),
    DrillKind.SUSPECTED: Rule.SUSPICION,
    **dict.fromkeys((DrillKind.FAMILY, DrillKind.ARRANGED), Rule.FAMILY),
    **dict.fromkeys((DrillKind.UNDER_13, DrillKind.ONCE), Rule.UNDER_13),
    DrillKind.DISCUSSION: Rule.DISCUSSION,
    DrillKind.JUDGEMENT: Rule.JUDGEMENT,
    DrillKind.TOLD: Rule.TOLD_OR_SEEN,
    DrillKind.HARM: Rule.OTHER_HARM,
}
"""The rule that a kind of drill practises. Kinds that are missing here practise none of them."""


class AnswerKind(StrEnum):
    """What a drill asks for. It decides how its answers are written."""

    BUTTON = "button"
    """An option of an item and its points, as `option/points`."""
    TOTAL = "total"
    """A number of points."""
    CATEGORY = "category"
    """A category, or two as `1-2` between which the case lies."""
    CALL = "call"
    """A `FirstCall`."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill: the facts that it gives, its possible answers, and those that are right, the best one first.

    `case` has the facts as answers to items and questions. `item` is the item that the drill is about, `dates` are the
    days on which it happened, and `numbers` what its texts count. `lead` is the title that leads the bot's own card for
    these facts, or empty. `basis` is where the rule comes from.
    """

    kind: DrillKind
    asked: AnswerKind
    case: Case
    answers: tuple[str, ...]
    right: tuple[str, ...]
    basis: Basis
    today: date
    item: Item | None = None
    dates: tuple[date, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections that drills are made from: one with two look-back windows, one with a single one, one without."""

    signs: Section
    recent: Section
    ever: Section


def sections_of(instrument: Instrument) -> Sections | None:
    """Return the sections that drills are made from, or None if the instrument lacks one: it then has no drills."""
    by_windows = {len(each.windows): each for each in instrument.sections if each.windows is not None}
    if by_windows.keys() < {0, 1, 2} or not any(item.id in instrument.other_harm for item in instrument.items):
        return None
    return Sections(by_windows[2], by_windows[1], by_windows[0])


def set_of(pack: Pack, seed: int, *, weak: tuple[Rule, ...] = ()) -> tuple[DrillKind, ...]:
    """Return the kinds of the drills in a set, each at most once. Those that practise a weak rule come first."""
    kinds = [DrillKind(kind) for kind in Seed(f"set {seed}").ordered(tuple(MAKERS), "kinds")]
    return (
        tuple(sorted(kinds, key=lambda kind: RULES.get(kind) not in weak)[:SET]) if sections_of(pack.instrument) else ()
    )


def drill(pack: Pack, kind: DrillKind, *, seed: int, role: str) -> Drill:
    """Return the drill of this kind with this seed, for a person of this profession."""
    sections = sections_of(pack.instrument)
    assert sections is not None, "an instrument that lacks a section has no drills"
    return MAKERS[kind](_Order(pack, sections, kind, Seed(f"drill {kind} {seed}"), role))


@dataclass(frozen=True, slots=True)
class _Order:
    """What a drill is made for and from."""

    pack: Pack
    sections: Sections
    kind: DrillKind
    seed: Seed
    role: str

    @property
    def today(self) -> date:
        """The day on which the drill plays. It is at most the 28th, so that every month before has the same day."""
        return date(2026, 1 + self.seed.below(12, "month"), 1 + self.seed.below(28, "day"))

    def item(self, section: Section) -> Item:
        """Return an item of the section."""
        return self.seed.one(self.pack.instrument.of_section(section.id), "item")

    def ticked(self, *counts: tuple[Section, Option, int]) -> dict[str, str]:
        """Return responses in which so many items of each section have this option. All other items are absent."""
        given = {item.id: _option(item.section, Meaning.ABSENT).id for item in self.pack.instrument.items}
        for section, option, count in counts:
            items = [item.id for item in self.pack.instrument.of_section(section.id)]
            given |= dict.fromkeys(self.seed.ordered(items, option.id)[:count], option.id)
        return given


def _months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier. The month must have that day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1)


def _option(section: Section, means: Meaning) -> Option:
    return next(option for option in section.options if option.means is means)


def _widest(section: Section) -> Option:
    """Return the option that is worth most: with two look-back windows, that for both."""
    return max(section.options, key=lambda option: option.points)


def _of_item(order: _Order, item: Item, option: Option, *dates: date, **numbers: int) -> Drill:
    """Return a drill that asks for the button of an item and its points.

    Besides the options, it offers the mistake that people make with the widest one: the points of the first.
    """
    section, first = item.section, _option(item.section, Meaning.CURRENT)
    worth = {_widest(section).id: (first.points,)}
    buttons = [f"{each.id}/{points}" for each in section.options for points in (each.points, *worth.get(each.id, ()))]
    numbers |= {"points": option.points, "current": first.points, "most": _widest(section).points}
    numbers |= dict(zip(("window", "reach"), section.windows or (), strict=False))
    return Drill(
        kind=order.kind,
        asked=AnswerKind.BUTTON,
        case=Case(Age.FROM_13_TO_15, Responses.of({item.id: option.id})),
        answers=tuple(dict.fromkeys(buttons)),
        right=(f"{option.id}/{option.points}",),
        basis=Basis(heading=section.source),
        today=order.today,
        item=item,
        dates=dates,
        numbers=numbers,
    )


def _dated(order: _Order) -> Drill:
    """Return a drill on an item with two look-back windows, on days that lie in, between, at the edge of or before them."""
    section, seed, today = order.sections.signs, order.seed, order.today
    near, far = section.windows or (0, 0)
    lately = _months_before(today, seed.below(near, "lately")) - timedelta(days=seed.below(20, "days"))
    before = _months_before(today, near + 1 + seed.below(far - near - 1, "before")) + timedelta(
        days=seed.below(20, "days")
    )
    dates, option = {
        DrillKind.CURRENT: ((lately,), _option(section, Meaning.CURRENT)),
        DrillKind.EARLIER: ((before,), _option(section, Meaning.EARLIER)),
        DrillKind.BOTH: ((before, lately), _widest(section)),
        DrillKind.EXACTLY_NEAR: ((_months_before(today, near),), _option(section, Meaning.CURRENT)),
        DrillKind.EXACTLY_FAR: ((_months_before(today, far),), _option(section, Meaning.EARLIER)),
        DrillKind.OLDER: (
            (_months_before(today, far + 1 + seed.below(12, "older")),),
            _option(section, Meaning.ABSENT),
        ),
    }[order.kind]
    made = _of_item(order, order.item(section), option, *dates)
    # The guidance says nothing of the edges: the reading is ours.
    return replace(made, basis=Basis()) if order.kind in (DrillKind.EXACTLY_NEAR, DrillKind.EXACTLY_FAR) else made


def _looked_back(order: _Order) -> Drill:
    section = order.sections.recent
    day = _months_before(order.today, sum(section.windows or ()) + 1 + order.seed.below(5, "months"))
    return _of_item(order, order.item(section), _option(section, Meaning.ABSENT), day)


def _ever(order: _Order) -> Drill:
    section = order.sections.ever
    item, option = order.item(section), _option(section, Meaning.CURRENT)
    return _of_item(order, item, option, years=2 + order.seed.below(8, "years"))


def _said(order: _Order) -> Drill:
    """Return a drill on an item with two look-back windows, of which it is said how it is known or who did it."""
    means = {DrillKind.NOT_ASKED: Meaning.UNKNOWN, DrillKind.FAMILY: Meaning.ABSENT}.get(order.kind, Meaning.CURRENT)
    section = order.sections.signs
    return _of_item(order, order.item(section), _option(section, means))


def _scored(order: _Order, given: dict[str, str], *, asked: AnswerKind, age: Age, **numbers: int) -> Drill:
    """Return a drill that asks for the total or the category of these answers."""
    instrument, signs = order.pack.instrument, order.sections.signs
    case = Case(age, Responses.of(given), {"age": str(age)})
    score = CaseView(instrument, case).score
    added, lowest, highest = sum(points for _, points in score.additions), score.category, score.highest.category
    categories = [band.category for band in instrument.bands]
    if asked is AnswerKind.TOTAL:
        right, basis = str(score.total), Basis(heading=signs.source)
        totals = {score.total, score.total - added, score.total + added, score.total + 1, score.total - 1}
        answers = tuple(map(str, sorted(totals)))
    elif lowest == highest:
        right, basis, answers = str(lowest), Basis(heading=score.band.source), tuple(map(str, categories))
    else:
        right, basis = f"{lowest}-{highest}", Basis(heading=score.band.source)
        answers = tuple(sorted({right, str(lowest), str(highest), f"{categories[0]}-{categories[-1]}"}))
    numbers |= {"total": score.total, "added": added, "from": score.band.lowest, "category": score.category}
    numbers |= {"sign": _option(signs, Meaning.CURRENT).points, "most": _widest(signs).points}
    numbers |= {"window": (signs.windows or (0,))[0]}
    return Drill(order.kind, asked, case, answers, (right,), basis, order.today, numbers=numbers)


def _added(order: _Order) -> Drill:
    """Return a drill on the addition for a child under 13, with one sign or with two."""
    signs, ever, seed = order.sections.signs, order.sections.ever, order.seed
    plain, count, years = 1 + seed.below(4, "plain"), 1 + (order.kind is DrillKind.ONCE), 8 + seed.below(5, "years")
    current = _option(signs, Meaning.CURRENT)
    given = order.ticked((ever, _option(ever, Meaning.CURRENT), plain), (signs, current, count))
    return _scored(order, given, asked=AnswerKind.TOTAL, age=Age.UNDER_13, years=years, plain=plain)


def _in_a_band(order: _Order) -> Drill:
    """Return a drill on the category of a total near the edge of a band."""
    signs, recent, ever, seed = order.sections.signs, order.sections.recent, order.sections.ever, order.seed
    total = seed.one([band.lowest - seed.below(2, "edge") for band in order.pack.instrument.bands[1:]], "band")
    count = min(total // _widest(signs).points, seed.below(3, "signs"))
    rest = total - count * _widest(signs).points
    plain = min(rest, 1 + seed.below(6, "plain"))
    moderate = min(rest - plain, len(order.pack.instrument.of_section(recent.id)))
    given = order.ticked(
        (ever, _option(ever, Meaning.CURRENT), plain),
        (recent, _option(recent, Meaning.CURRENT), moderate),
        (signs, _widest(signs), count),
    )
    counts = {"plain": plain, "moderate": moderate, "signs": count}
    return _scored(order, given, asked=AnswerKind.CATEGORY, age=Age.FROM_13_TO_15, **counts)


def _unknown(order: _Order) -> Drill:
    """Return a drill on a case with one sign that is not known, which could raise its category."""
    signs, ever, seed = order.sections.signs, order.sections.ever, order.seed
    start = seed.one([band.lowest for band in order.pack.instrument.bands[1:]], "band")
    below = start - 1 - seed.below(_widest(signs).points - 1, "below")
    plain = min(max(below, 0), len(order.pack.instrument.of_section(ever.id)))
    given = order.ticked((ever, _option(ever, Meaning.CURRENT), plain), (signs, _option(signs, Meaning.UNKNOWN), 1))
    return _scored(order, given, asked=AnswerKind.CATEGORY, age=Age.FROM_13_TO_15, plain=plain)


CALM = {"danger": "no", "told_or_seen": "no", "allocated": "no", "stage": "first", "judgement": "no", "safe": "yes"}
"""The answers of a case in which nothing is urgent."""

SAID: Mapping[DrillKind, Mapping[str, str]] = {
    DrillKind.JUDGEMENT: {"judgement": "yes"},
    DrillKind.TOLD: {"told_or_seen": "yes"},
    DrillKind.HARM: {"going_on": "yes"},
}
"""What is urgent in a kind of drill on whom to contact first."""


def _called(order: _Order) -> Drill:
    """Return a drill on whom to contact first, for this profession. The answer is step 1 of the bot's own card."""
    instrument, guidance, signs = order.pack.instrument, order.pack.guidance, order.sections.signs
    item = None
    given = order.ticked((signs, _option(signs, Meaning.CURRENT), order.kind is DrillKind.DISCUSSION))
    if order.kind is DrillKind.HARM:
        item = order.seed.one([each for each in instrument.items if each.id in instrument.asking.family_harm], "harm")
        given[item.id] = _option(item.section, Meaning.CURRENT).id
    age = order.seed.one((Age.FROM_13_TO_15, Age.FROM_16_TO_17), "age")
    case = Case(age, Responses.of(given), {**CALM, **SAID.get(order.kind, {}), "age": str(age)})
    view = card_view(case, instrument, role=order.role, guidance=guidance)
    lead = view.advice(guidance).leads[0]
    return Drill(
        kind=order.kind,
        asked=AnswerKind.CALL,
        case=view.case,
        answers=tuple(map(str, FirstCall)),
        right=tuple(map(str, first_calls(guidance, view.facts))),
        basis=lead.basis,
        today=order.today,
        item=item,
        numbers={"total": view.score.total, "window": (signs.windows or (0,))[0]},
        lead=lead.title,
    )


MAKERS: Mapping[DrillKind, Callable[[_Order], Drill]] = {
    **dict.fromkeys((DrillKind.CURRENT, DrillKind.EARLIER, DrillKind.BOTH), _dated),
    **dict.fromkeys((DrillKind.EXACTLY_NEAR, DrillKind.EXACTLY_FAR, DrillKind.OLDER), _dated),
    DrillKind.LOOK_BACK: _looked_back,
    DrillKind.EVER: _ever,
    **dict.fromkeys((DrillKind.NOT_ASKED, DrillKind.SUSPECTED, DrillKind.FAMILY, DrillKind.ARRANGED), _said),
    **dict.fromkeys((DrillKind.UNDER_13, DrillKind.ONCE), _added),
    DrillKind.BAND: _in_a_band,
    DrillKind.RANGE: _unknown,
    **dict.fromkeys((DrillKind.DISCUSSION, DrillKind.JUDGEMENT, DrillKind.TOLD), _called),
    **dict.fromkeys((DrillKind.HARM, DrillKind.NOTHING), _called),
}
"""For each kind, the function that makes a drill of it."""
