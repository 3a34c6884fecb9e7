"""The text of a generated case: its statements, their narrators, and the sentences around the statements."""

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
from seraf.rehearsal.made.targets import PLANS, AnswerKind, Ground, Mix, Plan, Target, kinds_of, mixes


@dataclass(frozen=True, slots=True)
class Start:
    """A possible start of a case: the child's age, any opening statement, and the possible mixes of further answers."""

    age: Age
    opening: Said | None
    mixes: tuple[Mix, ...]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A request for a generated case, which holds fragments, an instrument, the target (`aim`) and a seed."""

    fragments: Fragments
    instrument: Instrument
    aim: Target
    seed: Seed

    @property
    def plan(self) -> Plan:
        """The plan for the target."""
        return PLANS[self.aim]


def starts(order: CaseRequest) -> Iterator[Start]:
    """Yield every start from which the target can be reached, in an order that depends on the seed."""
    for age in map(Age, order.seed.ordered(order.plan.ages, "age")):
        for opening in _openings(order, age):
            ground = Ground(order.aim, age, _counted(order.instrument, opening), taken=int(opening is not None))
            settled = opening.settles if opening else frozenset()
            barred = settled if order.plan.harm else settled | frozenset(order.instrument.other_harm)
            left = (
                replace(kind, items=tuple(item for item in kind.items if item not in barred))
                for kind in kinds_of(order.fragments, order.instrument, age=age)
                if order.plan.asks or kind.option.is_known
            )
            kinds, followers = tuple(kind for kind in left if kind.items), frozenset(order.fragments.follows)
            if fitting := mixes(order.instrument, ground, kinds=kinds, followers=followers):
                yield Start(age, opening, fitting)


def _openings(order: CaseRequest, age: Age) -> tuple[Said | None, ...]:
    """Return the possible opening statements, in an order that depends on the seed; only None if none is needed."""
    if order.plan.opens is None:
        return (None,)
    fitting = [statement for statement in order.fragments.told(order.plan.opens) if statement.is_of(age)]
    if order.plan.opens is Telling.PLAIN:
        harm = order.instrument.other_harm
        fitting = [
            statement for statement in fitting if statement.item in harm and _counted(order.instrument, statement)
        ]
    names = {
        " ".join((statement.item, statement.answer, *sorted(statement.settles))): statement for statement in fitting
    }
    return tuple(names[name] for name in order.seed.ordered(tuple(names), "opening"))


def _counted(instrument: Instrument, opening: Said | None) -> Mix:
    """Return those answers of the opening statement that are present, as a mix."""
    answers = opening.answers if opening else ()
    options = ((instrument.item(item).section, instrument.item(item).option(answer)) for item, answer in answers)
    return tuple((AnswerKind(section, option, ()), 1) for section, option in options if option.is_present)


MOST_OUTSIDE = 2
"""The maximum number of statements about events before the look-back window. More would read like a list."""


def statements_of(order: CaseRequest, case: Case, *, opening: Said | None) -> tuple[Said, ...]:
    """Return a statement for each present or unknown item: the opening first, then known items, then unknown ones."""
    settled = opening.settles if opening else frozenset()
    plain = {
        item.id: order.fragments.plain(item.id, case.responses.get(item.id) or "")
        for item in order.instrument.items
        if item.id not in settled and case.responses.get(item.id) != absent_of(item)
    }

    def rank(item: str) -> tuple[bool, bool]:
        """Return a sort key: known items come first, and among equals those that follow another item come last."""
        return option_given(order.instrument.item(item), case.responses) is None, item in order.fragments.follows

    names = sorted(order.seed.ordered(tuple(plain), "statements"), key=rank)
    return tuple(statement for statement in (opening, *(plain[name] for name in names)) if statement)


def fillers_of(order: CaseRequest, case: Case, *, taken: tuple[Said, ...]) -> Iterator[Said]:
    """Yield further statements, which add no points, about items without a statement. They lengthen a short case."""

    def scores_nothing(statement: Said) -> bool:
        """Return True if the item was checked and is absent, or if the event lies before the look-back window."""
        means = order.instrument.item(statement.item).option(statement.answer).means
        return statement.telling is Telling.OUTSIDE or (statement.telling is Telling.PLAIN and means is Meaning.ABSENT)

    settled = {item for statement in taken for item in statement.settles}
    outside = sum(statement.telling is Telling.OUTSIDE for statement in taken)
    present = CaseView(order.instrument, case).certain["present"]
    could = [
        statement for statement in order.fragments.said if statement.is_of(case.age) and not statement.unless & present
    ]
    fitting = {f"{statement.item} {statement.telling}": statement for statement in could if scores_nothing(statement)}
    for statement in (fitting[name] for name in order.seed.ordered(tuple(fitting), "fillers")):
        is_outside = statement.telling is Telling.OUTSIDE
        if not statement.settles & settled and not (is_outside and outside >= MOST_OUTSIDE):
            settled |= statement.settles
            outside += is_outside
            yield statement


def absent_of(item: Item) -> str:
    """Return the id of the item's option that means absent."""
    return next(option.id for option in item.section.options if option.means is Meaning.ABSENT)


PRESSING, REVIEW = 4, 3
"""If it may have one, one in 4 cases has an urgent situation today. One in 3 cases is a review."""


def is_uneasy(order: CaseRequest) -> bool:
    """Return True if people are more worried than the facts explain: high concern at a low score."""
    return order.aim is Target.JUDGEMENT


def facts_told(order: CaseRequest, case: Case, *, statements: Iterable[Said]) -> dict[str, frozenset[str]]:
    """Return the facts of the items and two more: how statements settle their items, and whether people are uneasy."""
    return {
        **CaseView(order.instrument, case).certain,
        "telling": frozenset(statement.telling for statement in statements),
        "uneasy": frozenset({"yes" if is_uneasy(order) else "no"}),
    }


def today_of(order: CaseRequest, facts: Facts) -> Today:
    """Return a situation of the child today that fits the facts. All kinds of urgent situation are equally likely."""
    fitting = [each for each in order.fragments.today if any_holds(each.conditions, facts)]
    presses = order.plan.presses and not order.seed.below(PRESSING, "presses")
    # The reader of packs ensures that one calm situation fits any child, so the last line always has a choice.
    kinds = [each.answers for each in fitting if presses and not each.is_calm] or [CALM]
    kind = order.seed.one(tuple(dict.fromkeys(kinds)), "kind")
    return order.seed.one([each for each in fitting if each.answers == kind], "today")


def stage_of(order: CaseRequest) -> str:
    """Return “first” or “review”. An uneasy case is never a review, as it has no room for a sentence about that."""
    return "first" if is_uneasy(order) or order.seed.below(REVIEW, "stage") else "review"


def rule_at(fragments: Fragments, place: str, *, facts: Facts) -> KeyRule | None:
    """Return the first rule that applies to the answer to this item or question, or None."""
    rules = (each for each in fragments.keyed if each.place == place)
    return next((each for each in rules if any_holds(each.conditions, facts)), None)


def read_by_key(order: CaseRequest, case: Case, *, told: frozenset[str], facts: Facts) -> Case:
    """Return the case with the answers that rules give to items without a statement. They never add points."""
    places = {each.place for each in order.fragments.keyed if each.place in order.instrument} - told
    for place in sorted(places):
        if rule := rule_at(order.fragments, place, facts=facts):
            case = replace(case, responses=case.responses.give(place, rule.answer))
    return case


def weight(instrument: Instrument, statement: Said) -> tuple[bool, int]:
    """Return how much a statement counts in a judgement: if it is a present item of `other_harm`, and its points."""
    option = instrument.item(statement.item).option(statement.answer)
    return option.is_present and statement.item in instrument.other_harm, option.points


MOST = 8
"""The maximum number of statements. With the bounds of `seraf.reading.cases.frames`, they stay below 250 words."""
FEWEST_WORDS = 120
ROOM = {Teller.CONCERN: 4, Teller.SCHOOL: 4, Teller.SERVICES: 4, Teller.CHILD: 2}
"""The maximum number of statements of each narrator. Any two of the first three narrators can tell all statements."""


ORDER = tuple(Teller)
"""The order of the parts. A person is introduced before any statement about them."""


@dataclass(frozen=True, slots=True)
class Narrative:
    """The text of a case: its parts, and the sentence and the reason for each item or question that is settled.

    `rest` is the closing sentence, which settles every item without a statement.
    """

    parts: tuple[Part, ...]
    sentences: Mapping[str, str]
    reasons: Mapping[str, str]
    rest: str

    @property
    def words(self) -> int:
        """The number of words of all parts."""
        return sum(len(part.text.split()) for part in self.parts)


CLOSES = {"review": "stage", "uneasy": "uneasy"}
"""For each sentence before the closing one, what it settles: the stage of the case, or that people are uneasy."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the statements: placeholder values, the sentence about a social worker, the situation today.

    `closing` names the sentences before the closing sentence of the last part: about a review, or unease.
    """

    places: Mapping[str, str]
    worker: str
    today: Today
    closing: tuple[str, ...] = ()


def tell_case(fragments: Fragments, statements: tuple[Said, ...], *, around: Around, seed: Seed) -> Narrative:
    """Return the text of a case, in four parts, with all these statements."""
    lines = _cast(fragments, statements, lines=(), seed=seed)
    places = {
        statement.item: {**around.places, **_times(fragments, statement.item, seed=seed)} for statement in statements
    }
    texts = {
        statement.item: filled(line.text, places[statement.item])
        for statement, line in zip(statements, lines, strict=True)
    }
    # One variant of each sentence that may be needed around the statements.
    keys = ("intro", around.worker, "school_none", "services_none", *around.closing, "rest")
    variants = {**{key: fragments.frames[key] for key in keys}, "today": around.today.texts}
    frame = {key: filled(seed.one(ways, key), around.places) for key, ways in variants.items()}
    told = {
        teller: [
            texts[statement.item] for statement, line in zip(statements, lines, strict=True) if line.teller is teller
        ]
        for teller in Teller
    }
    told[Teller.CONCERN][:0] = [frame["intro"], frame[around.worker]]
    for teller in (Teller.SCHOOL, Teller.SERVICES):
        told[teller] = told[teller] or [frame[f"{teller}_none"]]
    told[Teller.CHILD] += [frame["today"], *(frame[key] for key in around.closing), frame["rest"]]
    titles = {teller: filled(fragments.headings.titles[teller], around.places) for teller in Teller}
    today = frame["today"]
    return Narrative(
        parts=tuple(Part(titles[teller], " ".join(told[teller])) for teller in Teller),
        sentences={
            **{item: texts[statement.item] for statement in statements for item in statement.settles},
            **{"danger": today, "told_or_seen": today, "allocated": frame[around.worker]},
            **{CLOSES[key]: frame[key] for key in around.closing},
        },
        reasons={
            item: filled(statement.because, places[statement.item])
            for statement in statements
            for item in statement.settles
        },
        rest=frame["rest"],
    )


def _times(fragments: Fragments, item: str, *, seed: Seed) -> dict[str, str]:
    """Return the wordings of periods for the statement about an item. An item that follows another has the same."""
    of = fragments.follows.get(item, item)
    return times_of({each: seed.one(words, f"{each} {of}") for each, words in fragments.times.items()})


def _cast(
    fragments: Fragments, statements: tuple[Said, ...], *, lines: tuple[Phrasing, ...], seed: Seed
) -> tuple[Phrasing, ...]:
    """Return one wording for each statement, spread evenly over the narrators within the limits of `ROOM`.

    It backtracks, and always finds one if each statement has at least two of the first three narrators.
    """
    if len(lines) == len(statements):
        return lines
    load = Counter(line.teller for line in lines)
    statement = statements[len(lines)]
    texts = seed.ordered([line.text for line in statement.lines], f"line {statement.item}")
    cast = {statement.item: line.teller for statement, line in zip(statements, lines, strict=False)}
    first = ORDER.index(cast.get(fragments.follows.get(statement.item, ""), ORDER[0]))
    free = [
        line for line in statement.lines if load[line.teller] < ROOM[line.teller] and ORDER.index(line.teller) >= first
    ]
    for line in sorted(free, key=lambda line: (load[line.teller], texts.index(line.text))):
        if whole := _cast(fragments, statements, lines=(*lines, line), seed=seed):
            return whole
    return ()


def spaced(statements: tuple[Said, ...], fillers: Iterable[Said]) -> Iterable[tuple[Said, ...]]:
    """Yield the statements alone, then with one, two and more fillers, up to `MOST` statements in all."""
    yield statements
    for filler in fillers:
        if len(statements) == MOST:
            return
        statements = (*statements, filler)
        yield statements
