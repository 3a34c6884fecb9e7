"""Cases made to measure: built by exact search on an edge of the form, from sentences of a pack. The same seed, the same case."""

from dataclasses import replace
from datetime import date

from seraf.case_view import CaseView
from seraf.cases.fragments import Fragments, Home, Said, Today, filled, places_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import Vignette
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from seraf.rehearsal.made.answer_mixes import answers_of
from seraf.rehearsal.made.made_key import BuiltCase, key_of
from seraf.rehearsal.made.narrate import FEWEST_WORDS, Around, spaced, tell_case
from seraf.rehearsal.made.openings import CaseRequest, Start, starts
from seraf.rehearsal.made.settled import facts_told, is_uneasy, read_by_key, rule_at, stage_of, today_of
from seraf.rehearsal.made.statements import absent_of, fillers_of, statements_of
from seraf.rehearsal.made.targets import Target

YEARS = {Age.UNDER_13: (10, 11, 12), Age.FROM_13_TO_15: (13, 14, 15), Age.FROM_16_TO_17: (16, 17)}
"""How old a child of a band can be (whole years)."""

NEVER = date.min
"""A day on which no edition is overdue: the key rests on nothing that a calendar decides."""


def measurable(fragments: Fragments, instrument: Instrument) -> tuple[Target, ...]:
    """The aims for which these fragments and this instrument have a case."""
    return tuple(aim for aim in Target if _start(CaseRequest(fragments, instrument, aim, Seed(""))))


def can_measure(fragments: Fragments, instrument: Instrument) -> bool:
    """Whether there is a case for any aim at all; it looks no further than the first."""
    return any(_start(CaseRequest(fragments, instrument, aim, Seed(""))) for aim in Target)


def measure(fragments: Fragments, pack: Pack, *, aim: Target, seed: int) -> Vignette:
    """The case of that seed, with its key. Raises `LookupError` where the fragments have none for the aim."""
    order = CaseRequest(fragments, pack.instrument, aim, Seed(f"{aim} {seed}"))
    start = _start(order)
    if start is None:
        raise LookupError(f"there is no case for {aim}")
    given = dict(start.opening.answers) if start.opening else {}
    answers = answers_of(order.seed.one(start.mixes, "mix"), given, follows=fragments.follows, seed=order.seed)
    home = _home(order, answers)
    statements = statements_of(order, _untold(order, start.age, answers=answers), opening=start.opening)
    case, today = _case(order, start.age, answers=answers, home=home, statements=statements)
    around = Around(
        places=places_of(
            order.seed.one(fragments.children, "child"), order.seed.one(YEARS[start.age], "years"), home=home.text
        ),
        worker="worker" if case.answers["allocated"] == "yes" else "no_worker",
        today=today,
        closing=_closing(order, case),
    )
    made = _made(order, case, statements=statements, around=around)
    return Vignette(
        id=f"{aim}-{order.seed.below(10**6, 'name'):06}",
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
    return order.seed.one([home for home in order.fragments.homes if home.needs <= present], "home")


def _untold(order: CaseRequest, age: Age, *, answers: dict[str, str]) -> Case:
    """The case of the items alone: what nothing was said of is absent."""
    return Case(age, Responses.of({item.id: answers.get(item.id, absent_of(item)) for item in order.instrument.items}))


def _case(
    order: CaseRequest, age: Age, *, answers: dict[str, str], home: Home, statements: tuple[Said, ...]
) -> tuple[Case, Today]:
    """The whole case but for the judgement, which rests on all else; and where the child is today."""
    bare = _untold(order, age, answers=answers)
    facts = facts_told(order, bare, statements=statements)
    told = frozenset(item for said in statements for item in said.settles)
    today = today_of(order, facts)
    allocated = "yes" if home.has_worker else order.seed.one(("no", "yes"), "worker")
    around = {"age": str(age), "danger": today.danger, "told_or_seen": today.told_or_seen}
    case = read_by_key(order, bare, told=told, facts=facts)
    return replace(case, answers={**around, "allocated": allocated, "stage": stage_of(order)}), today


def _closing(order: CaseRequest, case: Case) -> tuple[str, ...]:
    """What is told last, before the sentence that closes all."""
    if is_uneasy(order):
        return ("uneasy",)
    return ("review",) if case.answers["stage"] == "review" else ()


def _made(order: CaseRequest, case: Case, *, statements: tuple[Said, ...], around: Around) -> BuiltCase:
    """The case told with as few fillers as make it long enough, or with all where there are too few."""
    for said in spaced(statements, fillers_of(order, case, taken=statements)):
        told = tell_case(order.fragments, said, around=around, seed=order.seed)
        if told.words >= FEWEST_WORDS:
            break
    # The loop ran once at least: `spaced` gives the statements by themselves first.
    found = CaseView(order.instrument, case).find(today=NEVER)
    facts = {**found.facts, **facts_told(order, case, statements=statements)}
    rule = rule_at(order.fragments, "judgement", facts=facts)
    assert rule is not None, "a judgement without a condition always holds"
    judged = replace(case, answers={**case.answers, "judgement": rule.answer})
    facts = {**facts, "judgement": frozenset({rule.answer})}
    return BuiltCase(judged, replace(found, facts=facts), said, told, around)
