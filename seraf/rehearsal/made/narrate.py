"""A made-up case as sentences: what is said of each item, by whom, and how it opens."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from seraf.case_view import CaseView
from seraf.cases.fragments import CALM, Fragments, KeyRule, Phrasing, Said, Teller, Telling, Today, filled, times_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import Part
from seraf.form.circumstances import Facts, any_holds
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, option_given
from seraf.form.vocabulary import Age, Meaning
from seraf.rehearsal.made.tally import AnswerKind, kinds_of
from seraf.rehearsal.made.targets import PLANS, Ground, Mix, Plan, Target, mixes


@dataclass(frozen=True, slots=True)
class Start:
    """One way of beginning a case: the child's age, the statement that opens it if any does, and the mixes for the rest."""

    age: Age
    opening: Said | None
    mixes: tuple[Mix, ...]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What was asked for: a case from these fragments, for this instrument and aim, of this seed."""

    fragments: Fragments
    instrument: Instrument
    aim: Target
    seed: Seed

    @property
    def plan(self) -> Plan:
        """How a case for the aim is built."""
        return PLANS[self.aim]


def starts(order: CaseRequest) -> Iterator[Start]:
    """Every way of beginning from which the aim can be hit, in an order drawn from the seed."""
    for age in (Age(each) for each in order.seed.ordered(order.plan.ages, "age")):
        for opening in _openings(order, age):
            ground = Ground(order.aim, age, _counted(order.instrument, opening), taken=int(opening is not None))
            kinds, followers = _left(order, age, opening=opening), frozenset(order.fragments.follows)
            found = mixes(order.instrument, ground, kinds=kinds, followers=followers)
            if found:
                yield Start(age, opening, found)


def _openings(order: CaseRequest, age: Age) -> tuple[Said | None, ...]:
    """The statements with which a case may open, in an order drawn from the seed; None alone where none has to."""
    if order.plan.opens is None:
        return (None,)
    fitting = [said for said in order.fragments.told(order.plan.opens) if said.is_of(age)]
    if order.plan.opens is Telling.PLAIN:
        harm = order.instrument.other_harm
        fitting = [said for said in fitting if said.item in harm and _counted(order.instrument, said)]
    names = {" ".join((said.item, said.answer, *sorted(said.settles))): said for said in fitting}
    return tuple(names[name] for name in order.seed.ordered(tuple(names), "opening"))


def _counted(instrument: Instrument, opening: Said | None) -> Mix:
    """What the opening already counts as."""
    answers = opening.answers if opening else ()
    options = ((instrument.item(item).section, instrument.item(item).option(answer)) for item, answer in answers)
    return tuple((AnswerKind(section, option, ()), 1) for section, option in options if option.is_present)


def _left(order: CaseRequest, age: Age, *, opening: Said | None) -> tuple[AnswerKind, ...]:
    """The kinds of answers for the rest, with the items that may still get them."""
    settled = opening.settles if opening else frozenset()
    barred = settled if order.plan.harm else settled | frozenset(order.instrument.other_harm)
    left = (
        AnswerKind(kind.section, kind.option, tuple(item for item in kind.items if item not in barred))
        for kind in kinds_of(order.fragments, order.instrument, age=age)
        if order.plan.asks or kind.option.is_known
    )
    return tuple(kind for kind in left if kind.items)


MOST_OUTSIDE = 2
"""The most statements about what lies outside the window: with more of them a case would read like a list."""


def statements_of(order: CaseRequest, case: Case, *, opening: Said | None) -> tuple[Said, ...]:
    """What is said of every item that is present or not known, the opening first; one that follows another comes after it."""
    settled = opening.settles if opening else frozenset()
    said = {
        item.id: order.fragments.plain(item.id, case.responses.get(item.id) or "")
        for item in order.instrument.items
        if item.id not in settled and case.responses.get(item.id) != absent_of(item)
    }
    names = sorted(order.seed.ordered(tuple(said), "statements"), key=lambda name: _rank(order, case, item=name))
    return tuple(each for each in (opening, *(said[name] for name in names)) if each)


def _rank(order: CaseRequest, case: Case, *, item: str) -> tuple[bool, bool]:
    """What is known comes before what is not, and a person before what they did."""
    return option_given(order.instrument.item(item), case.responses) is None, item in order.fragments.follows


def fillers_of(order: CaseRequest, case: Case, *, taken: tuple[Said, ...]) -> Iterator[Said]:
    """Statements that score nothing, about items that nothing was said of: with these a short case becomes long enough."""
    settled = {item for said in taken for item in said.settles}
    outside = sum(said.telling is Telling.OUTSIDE for said in taken)
    present = CaseView(order.instrument, case).certain["present"]
    could = [said for said in order.fragments.said if said.is_of(case.age) and not said.unless & present]
    fitting = {f"{said.item} {said.telling}": said for said in could if _scores_nothing(order, said)}
    for said in (fitting[name] for name in order.seed.ordered(tuple(fitting), "fillers")):
        is_outside = said.telling is Telling.OUTSIDE
        if not said.settles & settled and not (is_outside and outside >= MOST_OUTSIDE):
            settled |= said.settles
            outside += is_outside
            yield said


def _scores_nothing(order: CaseRequest, said: Said) -> bool:
    """Whether it was looked into and not so, or so before the window."""
    means = order.instrument.item(said.item).option(said.answer).means
    return said.telling is Telling.OUTSIDE or (said.telling is Telling.PLAIN and means is Meaning.ABSENT)


def absent_of(item: Item) -> str:
    """The id of the option that says that an item is absent."""
    return next(option.id for option in item.section.options if option.means is Meaning.ABSENT)


PRESSING, REVIEW = 4, 3
"""Of so many cases in which something could press today it does in one, and of so many one is a review."""


def is_uneasy(order: CaseRequest) -> bool:
    """Whether people are uneasy beyond what they can name: high concern at a low number."""
    return order.aim is Target.JUDGEMENT


def facts_told(order: CaseRequest, case: Case, *, statements: Iterable[Said]) -> dict[str, frozenset[str]]:
    """What is so of the items, in which ways it is told, and whether people are uneasy."""
    return {
        **CaseView(order.instrument, case).certain,
        "telling": frozenset(said.telling for said in statements),
        "uneasy": frozenset({"yes" if is_uneasy(order) else "no"}),
    }


def today_of(order: CaseRequest, facts: Facts) -> Today:
    """Where the child is now, in keeping with what is so; of what could press, each kind alike often."""
    fitting = [each for each in order.fragments.today if any_holds(each.conditions, facts)]
    presses = order.plan.presses and not order.seed.below(PRESSING, "presses")
    # The reader makes sure that one calm way fits any child, so the last line always has something to choose from.
    kinds = [each.answers for each in fitting if presses and not each.is_calm] or [CALM]
    kind = order.seed.one(tuple(dict.fromkeys(kinds)), "kind")
    return order.seed.one([each for each in fitting if each.answers == kind], "today")


def stage_of(order: CaseRequest) -> str:
    """Whether it is the first SERAF or a review; where people are uneasy there is no room to tell of one."""
    return "first" if is_uneasy(order) or order.seed.below(REVIEW, "stage") else "review"


def rule_at(fragments: Fragments, place: str, *, facts: Facts) -> KeyRule | None:
    """How the key reads a place, by the first rule for it that holds."""
    rules = (each for each in fragments.keyed if each.place == place)
    return next((each for each in rules if any_holds(each.conditions, facts)), None)


def read_by_key(order: CaseRequest, case: Case, *, told: frozenset[str], facts: Facts) -> Case:
    """The case with what the key reads at items that nothing was said of: never anything that adds a point."""
    places = {each.place for each in order.fragments.keyed if each.place in order.instrument} - told
    for place in sorted(places):
        if rule := rule_at(order.fragments, place, facts=facts):
            case = replace(case, responses=case.responses.give(place, rule.answer))
    return case


def weight(instrument: Instrument, said: Said) -> tuple[bool, int]:
    """How much a statement weighs in a judgement: whether it is of harm in itself, then its points."""
    option = instrument.item(said.item).option(said.answer)
    return option.is_present and said.item in instrument.other_harm, option.points


MOST = 8
"""The most statements of a case. With the bounds of `seraf.reading.cases.frames` its text then stays within 250 words."""
FEWEST_WORDS = 120
ROOM = {Teller.CONCERN: 4, Teller.SCHOOL: 4, Teller.SERVICES: 4, Teller.CHILD: 2}
"""The most statements of each teller, so that a part fits a card. Any two of the first three have room for all."""


ORDER = tuple(Teller)
"""The order of the parts. What is said of somebody comes after the sentence that brings them in."""


@dataclass(frozen=True, slots=True)
class Narrative:
    """A case as it is told: its parts, the sentence that settles each item or question, and why, in the words of the case.

    `rest` closes it, and settles whatever was not spoken of.
    """

    parts: tuple[Part, ...]
    sentences: Mapping[str, str]
    reasons: Mapping[str, str]
    rest: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(part.text.split()) for part in self.parts)


CLOSES = {"review": "stage", "uneasy": "uneasy"}
"""What each closing frame settles: a question, or that people are uneasy."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the statements: the places to fill in, where the child is today, and which frames are used.

    `closing` are those of the last part, before the sentence that closes all: a review, or that people are uneasy.
    """

    places: Mapping[str, str]
    worker: str
    today: Today
    closing: tuple[str, ...] = ()


def tell_case(fragments: Fragments, statements: tuple[Said, ...], *, around: Around, seed: Seed) -> Narrative:
    """The case in four parts, with as many of the statements as it was given."""
    lines = _cast(fragments, statements, lines=(), seed=seed)
    places = {said.item: {**around.places, **_times(fragments, said.item, seed=seed)} for said in statements}
    texts = {said.item: filled(line.text, places[said.item]) for said, line in zip(statements, lines, strict=True)}
    frame = _frames(fragments, around, seed=seed)
    told = {
        teller: [texts[said.item] for said, line in zip(statements, lines, strict=True) if line.teller is teller]
        for teller in Teller
    }
    told[Teller.CONCERN][:0] = [frame["intro"], frame[around.worker]]
    for teller in (Teller.SCHOOL, Teller.SERVICES):
        told[teller] = told[teller] or [frame[f"{teller}_none"]]
    told[Teller.CHILD] += [frame["today"], *(frame[key] for key in around.closing), frame["rest"]]
    titles = {teller: filled(fragments.titles[teller], around.places) for teller in Teller}
    return Narrative(
        parts=tuple(Part(titles[teller], " ".join(told[teller])) for teller in Teller),
        sentences={item: texts[said.item] for said in statements for item in said.settles} | _around(frame, around),
        reasons={item: filled(said.because, places[said.item]) for said in statements for item in said.settles},
        rest=frame["rest"],
    )


def _times(fragments: Fragments, item: str, *, seed: Seed) -> dict[str, str]:
    """When it was what is told of an item: the same words wherever it is spoken of, and as of the item that it follows."""
    of = fragments.follows.get(item, item)
    return times_of({each: seed.one(words, f"{each} {of}") for each, words in fragments.times.items()})


def _frames(fragments: Fragments, around: Around, *, seed: Seed) -> dict[str, str]:
    """One way of each sentence around the statements that could be needed."""
    keys = ("intro", around.worker, "school_none", "services_none", *around.closing, "rest")
    texts = {**{key: fragments.frames[key] for key in keys}, "today": around.today.texts}
    return {key: filled(seed.one(ways, key), around.places) for key, ways in texts.items()}


def _around(frame: Mapping[str, str], around: Around) -> dict[str, str]:
    """The sentences that settle the questions around the items; `stage` where it is a review."""
    today = frame["today"]
    settled = {"danger": today, "told_or_seen": today, "allocated": frame[around.worker]}
    return settled | {CLOSES[key]: frame[key] for key in around.closing}


def _cast(
    fragments: Fragments, statements: tuple[Said, ...], *, lines: tuple[Phrasing, ...], seed: Seed
) -> tuple[Phrasing, ...]:
    """A line for each statement, spread evenly over the tellers, none of whom gets more than there is room for.

    It steps back where it has to. Where each statement has two tellers to choose from, it always ends.
    """
    if len(lines) == len(statements):
        return lines
    load = Counter(line.teller for line in lines)
    said = statements[len(lines)]
    texts = seed.ordered([line.text for line in said.lines], f"line {said.item}")
    cast = {each.item: line.teller for each, line in zip(statements, lines, strict=False)}
    first = ORDER.index(cast.get(fragments.follows.get(said.item, ""), ORDER[0]))
    free = [line for line in said.lines if load[line.teller] < ROOM[line.teller] and ORDER.index(line.teller) >= first]
    for line in sorted(free, key=lambda line: (load[line.teller], texts.index(line.text))):
        found = _cast(fragments, statements, lines=(*lines, line), seed=seed)
        if found:
            return found
    return ()


def spaced(statements: tuple[Said, ...], fillers: Iterable[Said]) -> Iterable[tuple[Said, ...]]:
    """The statements, then with one filler more each time, as many as a case has room for."""
    yield statements
    for filler in fillers:
        if len(statements) == MOST:
            return
        statements = (*statements, filler)
        yield statements
