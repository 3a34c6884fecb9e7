"""A made-up case and its key, built from a seed until both are sound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.cases.fragments import Fragments, Home, KeyRule, Said, Telling, Today, filled, places_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule, Vignette
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.first_call import first_calls
from seraf.rehearsal.made.narrate import (
    FEWEST_WORDS,
    Around,
    CaseRequest,
    Narrative,
    Start,
    absent_of,
    facts_told,
    fillers_of,
    is_uneasy,
    read_by_key,
    rule_at,
    spaced,
    stage_of,
    starts,
    statements_of,
    tell_case,
    today_of,
    weight,
)
from seraf.rehearsal.made.tally import is_wide
from seraf.rehearsal.made.targets import Target, answers_of
from seraf.rehearsal.progress import is_practised
from seraf.score.scoring import Discussion, Findings

QUESTIONS = ("danger", "told_or_seen", "allocated", "stage", "judgement")
"""The questions that a made-up case settles."""

UNSETTLED = ("missing_now", "going_on", "reported")
"""The questions that cannot wait and that no sentence of a made-up case settles, each asked after those that bring it about."""

WHOLE = (Rule.UNDER_13, Rule.DISCUSSION, Rule.OTHER_HARM, Rule.JUDGEMENT)
"""Rules that hang on the case as a whole, and are practised at each answer that brings them in."""

HIGHEST_LOW = 2
"""The highest category that asks for no contact by itself (“SERAF categories of risk framework”)."""


@dataclass(frozen=True, slots=True)
class BuiltCase:
    """A case as it was built: who it is about and what is so, what was found of it, and how it is told."""

    case: Case
    found: Findings
    statements: tuple[Said, ...]
    told: Narrative
    around: Around

    @property
    def today_because(self) -> str:
        """Why danger, or what was told, is answered as it is where something presses."""
        return filled(self.around.today.because, self.around.places)

    def said_of(self, item: str) -> Said | None:
        """The one statement that settles an item, or None where the closing sentence does."""
        return next((said for said in self.statements if item in said.settles), None)


def key_of(order: CaseRequest, guidance: Guidance, *, made: BuiltCase) -> AgreedKey:
    """The whole key: what follows from the answers is worked out as it is for any other case."""
    items = tuple(_keyed_item(order, item, made=made) for item in order.instrument.items)
    questions = tuple(_keyed_question(order, place, made=made) for place in QUESTIONS)
    unsettled = tuple(_unsettled(order, guidance, made=made))
    facts = {**made.found.facts, **{each.place: frozenset({each.answer}) for each in unsettled}}
    keyed = tuple(_practising(order.instrument, each, made=made) for each in (*items, *questions, *unsettled))
    touched = {rule for each in keyed for rule in each.rules}
    return AgreedKey(
        keyed=keyed,
        age=made.case.age,
        total=made.found.score.total,
        category=made.found.score.category,
        first_call=_first_call(guidance, facts),
        first_call_because=order.seed.one(order.fragments.calls[_why(made)], "call"),
        rules=tuple(rule for rule in Rule if rule in touched),
    )


def _practising(instrument: Instrument, keyed: Keyed, *, made: BuiltCase) -> Keyed:
    """The answer with the rules that are practised there: those of its own, and those that the case as a whole brings."""
    said = made.said_of(keyed.place)
    rules = (*keyed.rules, *WHOLE) if said or keyed.place == "judgement" else keyed.rules
    return replace(
        keyed,
        rules=tuple(rule for rule in rules if is_practised(rule, keyed, instrument=instrument, facts=made.found.facts)),
    )


def _keyed_item(order: CaseRequest, item: Item, *, made: BuiltCase) -> Keyed:
    answer, said = made.case.responses.get(item.id) or "", made.said_of(item.id)
    rule = None if said else rule_at(order.fragments, item.id, facts=made.found.facts)
    if rule:
        return _by_rule(rule, made=made, cites=_cited_for(order, rule, made=made))
    name, rules = _reason(item, answer, said=said)
    because = order.seed.one(order.fragments.because[name], f"because {item.id}")
    because = filled(because, {**made.around.places, "what": item.short})
    if said is None:
        return Keyed(item.id, answer, because, made.told.rest, rules)
    return Keyed(item.id, answer, f"{made.told.reasons[item.id]} {because}", made.told.sentences[item.id], rules)


def _by_rule(rule: KeyRule, *, made: BuiltCase, cites: str, first: str = "") -> Keyed:
    """What a rule of the key says, after the reason in the words of the case."""
    because, other = (filled(text, made.around.places) for text in (rule.because, rule.other_because))
    return Keyed(rule.place, rule.answer, f"{first} {because}".strip(), cites, (), rule.other, other)


def _reason(item: Item, answer: str, *, said: Said | None) -> tuple[str, tuple[Rule, ...]]:
    """Why an item has its answer, as the pack names it, and the rules that somebody who answers otherwise has missed."""
    if said is None:
        return "rest", ()
    if said.telling is Telling.FAMILY:
        return ("family_present", ()) if said.item == item.id else ("family", (Rule.FAMILY,))
    if said.telling is Telling.SUSPECTED:
        return "suspected", (Rule.SUSPICION,)
    if said.telling is Telling.OUTSIDE:
        return "outside", (Rule.LOOK_BACK,)
    return _plainly(item, answer)


def _plainly(item: Item, answer: str) -> tuple[str, tuple[Rule, ...]]:
    option = item.option(answer)
    if option.means is Meaning.UNKNOWN:
        return "unknown", (Rule.NOT_KNOWN,)
    if option.means is Meaning.ABSENT:
        return "absent", ()
    if option.means is Meaning.EARLIER:
        return "earlier", (Rule.LOOK_BACK,)
    if is_wide(item.section, option):
        return "wide", (Rule.BOTH_COLUMNS,)
    if any(each.means is Meaning.EARLIER for each in item.section.options):
        return "current", (Rule.LOOK_BACK,)
    return ("present" if item.section.windows else "ever"), ()


def _cited_for(order: CaseRequest, rule: KeyRule, *, made: BuiltCase) -> str:
    """The sentence that a reading rests on: where it is absence, the one that closes all; else what the rule names."""
    said = _weightiest(order.instrument, made, rule=rule)
    # A rule may only give an item what adds no points (`read_key_rule`), so what is known there is absent.
    is_absent = order.instrument.item(rule.place).option(rule.answer).is_known
    return made.told.rest if is_absent or said is None else made.told.sentences[said.item]


def _weightiest(instrument: Instrument, made: BuiltCase, *, rule: KeyRule) -> Said | None:
    """The statement of what is present that weighs most, of those that the rule names; of all, where it names none."""
    named = frozenset(word for condition in rule.conditions for _, words in condition.asks for word in words)
    present = [said for said in made.statements if instrument.item(said.item).option(said.answer).is_present]
    among = [said for said in present if named & {said.item, instrument.item(said.item).section.id}]
    return max(among or present, key=lambda said: weight(instrument, said), default=None)


def _keyed_question(order: CaseRequest, place: str, *, made: BuiltCase) -> Keyed:
    rule = rule_at(order.fragments, place, facts=made.found.facts)
    if place == "judgement":
        assert rule is not None, "a judgement without a condition always holds"
        return _judgement(order, rule, made=made)
    cites, answer = made.told.sentences.get(place, ""), made.case.answers[place]
    if rule and rule.answer == answer:
        return _by_rule(rule, made=made, cites=cites)
    if place == "told_or_seen" and answer == "yes":
        return Keyed(place, answer, made.today_because, cites, (Rule.TOLD_OR_SEEN,))
    if place == "danger" and answer != "no":
        return Keyed(place, answer, made.today_because, cites)
    name = {"danger": "safe", "told_or_seen": "untold", "allocated": made.around.worker}.get(place, answer)
    because = order.seed.one(order.fragments.because[name], name)
    return Keyed(place, answer, filled(because, made.around.places), cites)


def _judgement(order: CaseRequest, rule: KeyRule, *, made: BuiltCase) -> Keyed:
    """The judgement: what presses today first, then that people are uneasy, then the weightiest of what is told."""
    if not made.around.today.is_calm:
        return _by_rule(rule, made=made, cites=made.told.sentences["danger"])
    if is_uneasy(order):
        return _by_rule(rule, made=made, cites=made.told.sentences["uneasy"])
    said = _weightiest(order.instrument, made, rule=rule)
    if said is None:
        return _by_rule(rule, made=made, cites=made.told.rest)
    return _by_rule(rule, made=made, cites=made.told.sentences[said.item], first=made.told.reasons[said.item])


def _unsettled(order: CaseRequest, guidance: Guidance, *, made: BuiltCase) -> Iterator[Keyed]:
    """What cannot wait and is asked of these answers, as not known: the case tells nothing of it."""
    facts = made.found.facts
    for place in UNSETTLED:
        if place in {each.id for each in guidance.advise(facts).asked}:
            facts = {**facts, place: frozenset({NOT_KNOWN})}
            unknown = order.seed.one(order.fragments.because["unknown"], f"because {place}")
            yield Keyed(place, NOT_KNOWN, made.today_because if place == "missing_now" else unknown)


def _first_call(guidance: Guidance, facts: Facts) -> FirstCall:
    """The lead wherever nobody else has to hear of it first: in a low case somebody still should."""
    fitting = first_calls(guidance, facts)
    return FirstCall.LEAD if FirstCall.LEAD in fitting else fitting[0]


def _why(made: BuiltCase) -> str:
    """The name of the reason for the first call."""
    score, answers = made.found.score, made.case.answers
    if answers["danger"] != "no":
        return "danger"
    if answers["told_or_seen"] == "yes":
        return "told"
    if score.category > HIGHEST_LOW:
        return "high"
    if answers["judgement"] == "yes":
        return "yes"
    if made.found.other_harm:
        return "harm"
    if score.highest.category > HIGHEST_LOW:
        return "could_be_higher"
    return "low" if made.found.manager_discussion is Discussion.NO else "discussion"


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
