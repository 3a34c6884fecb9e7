"""Cases made to measure: built by exact search on an edge of the form, from sentences of a pack. The same lot, the same case."""

from dataclasses import replace
from datetime import date

from seraf.cases.fragments import Fragments, Home, filled, places_of
from seraf.cases.seed import Lot
from seraf.cases.vignette import Vignette
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from seraf.rehearsal.made.answer_mixes import answers_of
from seraf.rehearsal.made.made_key import Made, judgement_of, key_of
from seraf.rehearsal.made.narrate import FEWEST_WORDS, Around, spaced, tell_case
from seraf.rehearsal.made.openings import CaseRequest, Start, starts
from seraf.rehearsal.made.statements import absent_of, fillers_of, statements_of
from seraf.rehearsal.made.targets import Target
from seraf.score.findings import find

YEARS = {Age.UNDER_13: (10, 11, 12), Age.FROM_13_TO_15: (13, 14, 15), Age.FROM_16_TO_17: (16, 17)}
"""How old a child of a band can be (whole years)."""

NEVER = date.min
"""A day on which no edition is overdue: the key rests on nothing that a calendar decides."""


def measurable(fragments: Fragments, instrument: Instrument) -> tuple[Target, ...]:
    """The aims for which these fragments and this instrument have a case."""
    return tuple(aim for aim in Target if _start(CaseRequest(fragments, instrument, aim, Lot(""))))


def can_measure(fragments: Fragments, instrument: Instrument) -> bool:
    """Whether there is a case for any aim at all; it looks no further than the first."""
    return any(_start(CaseRequest(fragments, instrument, aim, Lot(""))) for aim in Target)


def measure(fragments: Fragments, pack: Pack, *, aim: Target, lot: int) -> Vignette:
    """The case of that lot, with its key. Raises `LookupError` where the fragments have none for the aim."""
    order = CaseRequest(fragments, pack.instrument, aim, Lot(f"{aim} {lot}"))
    start = _start(order)
    if start is None:
        raise LookupError(f"there is no case for {aim}")
    given = dict(start.opening.answers) if start.opening else {}
    answers = answers_of(order.lot.one(start.mixes, "mix"), given, follows=fragments.follows, lot=order.lot)
    home = _home(order, answers)
    case = _case(order, start.age, answers=answers, home=home)
    around = Around(
        places=places_of(
            order.lot.one(fragments.children, "child"), order.lot.one(YEARS[start.age], "years"), home=home.text
        ),
        worker="worker" if case.answers["allocated"] == "yes" else "no_worker",
        view="uneasy" if aim is Target.JUDGEMENT else case.answers["judgement"].replace("-", "_"),
    )
    made = _made(order, start, case=case, around=around)
    return Vignette(
        id=f"{aim}-{order.lot.below(10**6, 'name'):06}",
        title=filled(fragments.title, around.places),
        about=fragments.about,
        warning=fragments.warning,
        parts=made.told.parts,
        key=key_of(order, pack.guidance, made=made),
    )


def _start(order: CaseRequest) -> Start | None:
    return next(starts(order), None)


def _home(order: CaseRequest, answers: dict[str, str]) -> Home:
    """A home that fits what is present."""
    options = {item: order.instrument.item(item).option(answer) for item, answer in answers.items()}
    present = frozenset(item for item, option in options.items() if option.is_present)
    return order.lot.one([home for home in order.fragments.homes if home.needs <= present], "home")


def _case(order: CaseRequest, age: Age, *, answers: dict[str, str], home: Home) -> Case:
    """The whole case: what nothing was said of is absent, and the questions around the items are settled."""
    responses = {item.id: answers.get(item.id, absent_of(item)) for item in order.instrument.items}
    allocated = "yes" if home.has_worker else order.lot.one(("no", "yes"), "worker")
    around = {"age": str(age), "danger": "no", "told_or_seen": "no", "allocated": allocated, "stage": "first"}
    bare = Case(age, Responses.of(responses), around)
    found = find(order.instrument, bare, today=NEVER)
    judgement = judgement_of(order.instrument, found, is_uneasy=order.aim is Target.JUDGEMENT)
    return replace(bare, answers={**around, "judgement": judgement})


def _made(order: CaseRequest, start: Start, *, case: Case, around: Around) -> Made:
    """The case told with as few fillers as make it long enough, or with all where there are too few."""
    statements = statements_of(order, case, opening=start.opening)
    for said in spaced(statements, fillers_of(order, case, taken=statements)):
        told = tell_case(order.fragments, said, around=around, lot=order.lot)
        if told.words >= FEWEST_WORDS:
            break
    return Made(case, find(order.instrument, case, today=NEVER), said, told)
