"""How a case for an aim can begin: with whom, and with which statement; and every mix of answers that the rest can be."""

from collections.abc import Iterator
from dataclasses import dataclass

from seraf.cases.fragments import Fragments, Said, Telling
from seraf.cases.seed import Seed
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Age
from seraf.rehearsal.made.answer_mixes import Ground, Mix, mixes
from seraf.rehearsal.made.tally import AnswerKind, kinds_of
from seraf.rehearsal.made.targets import PLANS, Plan, Target


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
