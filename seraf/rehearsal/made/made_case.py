"""A generated case and its agreed answers, derived from a seed."""

from dataclasses import dataclass, replace
from datetime import date

from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.cases.fragments import Fragments, Home, KeyRule, Said, Telling, Today, filled, places_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule, Vignette
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
from seraf.rehearsal.made.targets import Target, answers_of, has_two_windows, is_wide
from seraf.rehearsal.progress import is_practised
from seraf.score.scoring import Discussion, Findings

QUESTIONS = ("danger", "told_or_seen", "allocated", "stage", "judgement")
"""The questions to which every generated case has an agreed answer."""

UNSETTLED = ("missing_now", "going_on", "reported")
"""Urgent short questions that no sentence of a generated case settles, each after the questions that lead to it."""

WHOLE = (Rule.UNDER_13, Rule.DISCUSSION, Rule.OTHER_HARM, Rule.JUDGEMENT)
"""Rules that depend on the whole case. They are practised by each answer that makes them apply."""

HIGHEST_LOW = 2
"""The highest category that requires no contact for its own sake (“SERAF categories of risk framework”)."""


@dataclass(frozen=True, slots=True)
class BuiltCase:
    """A case in the making: its answers, findings, statements, text and setting."""

    case: Case
    found: Findings
    statements: tuple[Said, ...]
    told: Narrative
    around: Around

    @property
    def today_because(self) -> str:
        """The reason for the answers to `danger` and `told_or_seen`, if the child's situation today is urgent."""
        return filled(self.around.today.because, self.around.places)

    def said_of(self, item: str) -> Said | None:
        """Return the statement that settles an item; None if the closing sentence settles it."""
        return next((statement for statement in self.statements if item in statement.settles), None)


def key_of(order: CaseRequest, guidance: Guidance, *, made: BuiltCase) -> AgreedKey:
    """Return the agreed answers of a generated case. Score and first call follow from them as in any other case."""
    items = tuple(_keyed_item(order, item, made=made) for item in order.instrument.items)
    questions = tuple(_keyed_question(order, place, made=made) for place in QUESTIONS)
    # Urgent questions that these answers lead to are not known: the case says nothing of them.
    facts, unsettled = made.found.facts, list[Keyed]()
    for place in UNSETTLED:
        if place in {question.id for question in guidance.advise(facts).asked}:
            facts = {**facts, place: frozenset({NOT_KNOWN})}
            unknown = order.seed.one(order.fragments.because["unknown"], f"because {place}")
            because = made.today_because if place == "missing_now" else unknown
            unsettled.append(Keyed(place, NOT_KNOWN, because))
    keyed = tuple(_practising(order.instrument, answer, made=made) for answer in (*items, *questions, *unsettled))
    # In a low case somebody should still hear of it, so the lead comes before nobody.
    fitting = first_calls(guidance, facts)
    touched = {rule for answer in keyed for rule in answer.rules}
    return AgreedKey(
        keyed=keyed,
        age=made.case.age,
        total=made.found.score.total,
        category=made.found.score.category,
        first_call=FirstCall.LEAD if FirstCall.LEAD in fitting else fitting[0],
        first_call_because=order.seed.one(order.fragments.calls[_why(made)], "call"),
        rules=tuple(rule for rule in Rule if rule in touched),
    )


def _practising(instrument: Instrument, keyed: Keyed, *, made: BuiltCase) -> Keyed:
    """Return the answer with all rules that it practises, including those that depend on the whole case."""
    statement = made.said_of(keyed.place)
    rules = (*keyed.rules, *WHOLE) if statement or keyed.place == "judgement" else keyed.rules
    return replace(
        keyed,
        rules=tuple(rule for rule in rules if is_practised(rule, keyed, instrument=instrument, facts=made.found.facts)),
    )


def _keyed_item(order: CaseRequest, item: Item, *, made: BuiltCase) -> Keyed:
    answer, statement = made.case.responses.get(item.id) or "", made.said_of(item.id)
    rule = None if statement else rule_at(order.fragments, item.id, facts=made.found.facts)
    if rule:
        # A reading that rests on absence cites the closing sentence, any other the statement that the rule names.
        # A rule may only give an item an answer without points (`read_key_rule`), so a known answer is absent.
        weightiest = _weightiest(order.instrument, made, rule=rule)
        is_absent = order.instrument.item(rule.place).option(rule.answer).is_known
        cites = made.told.rest if is_absent or weightiest is None else made.told.sentences[weightiest.item]
        return _by_rule(rule, made=made, cites=cites)
    name, rules = _reason(item, answer, statement=statement)
    because = order.seed.one(order.fragments.because[name], f"because {item.id}")
    because = filled(because, {**made.around.places, "what": item.short})
    if statement is None:
        return Keyed(item.id, answer, because, made.told.rest, rules)
    return Keyed(item.id, answer, f"{made.told.reasons[item.id]} {because}", made.told.sentences[item.id], rules)


def _by_rule(rule: KeyRule, *, made: BuiltCase, cites: str, first: str = "") -> Keyed:
    """Return the agreed answer that a rule gives. Its reason begins with `first`, a text in the words of the case."""
    because, other = (filled(text, made.around.places) for text in (rule.because, rule.other_because))
    return Keyed(rule.place, rule.answer, f"{first} {because}".strip(), cites, (), rule.other, other)


def _reason(item: Item, answer: str, *, statement: Said | None) -> tuple[str, tuple[Rule, ...]]:
    """Return the key of an answer's reason in `Fragments.because`, and the rules that any other answer misses."""
    if statement is None:
        return "rest", ()
    if statement.telling is Telling.FAMILY:
        return ("family_present", ()) if statement.item == item.id else ("family", (Rule.FAMILY,))
    if statement.telling is Telling.SUSPECTED:
        return "suspected", (Rule.SUSPICION,)
    if statement.telling is Telling.OUTSIDE:
        return "outside", (Rule.LOOK_BACK,)
    option = item.option(answer)
    if option.means is Meaning.UNKNOWN:
        return "unknown", (Rule.NOT_KNOWN,)
    if option.means is Meaning.ABSENT:
        return "absent", ()
    if option.means is Meaning.EARLIER:
        return "earlier", (Rule.LOOK_BACK,)
    if is_wide(item.section, option):
        return "wide", (Rule.BOTH_COLUMNS,)
    if has_two_windows(item.section):
        return "current", (Rule.LOOK_BACK,)
    return ("present" if item.section.windows else "ever"), ()


def _weightiest(instrument: Instrument, made: BuiltCase, *, rule: KeyRule) -> Said | None:
    """Return the weightiest statement of a present item, preferably one that the rule's conditions name, or None."""
    named = frozenset(word for condition in rule.conditions for _, words in condition.asks for word in words)
    present = [
        statement
        for statement in made.statements
        if instrument.item(statement.item).option(statement.answer).is_present
    ]
    among = [statement for statement in present if named & {statement.item, instrument.item(statement.item).section.id}]
    return max(among or present, key=lambda statement: weight(instrument, statement), default=None)


def _keyed_question(order: CaseRequest, place: str, *, made: BuiltCase) -> Keyed:
    rule = rule_at(order.fragments, place, facts=made.found.facts)
    if place == "judgement":
        assert rule is not None, "a judgement without a condition always holds"
        # An urgent situation today comes first, then unease, then the weightiest statement.
        if not made.around.today.is_calm:
            return _by_rule(rule, made=made, cites=made.told.sentences["danger"])
        if is_uneasy(order):
            return _by_rule(rule, made=made, cites=made.told.sentences["uneasy"])
        statement = _weightiest(order.instrument, made, rule=rule)
        if statement is None:
            return _by_rule(rule, made=made, cites=made.told.rest)
        return _by_rule(
            rule, made=made, cites=made.told.sentences[statement.item], first=made.told.reasons[statement.item]
        )
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


def _why(made: BuiltCase) -> str:
    """Return the key, in `Fragments.calls`, of the reason for the first call."""
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
"""The possible ages of a child in each age band (years)."""

NEVER = date.min
"""The day for which findings are computed. No edition is overdue on it: agreed answers must not depend on today."""


def measurable(fragments: Fragments, instrument: Instrument) -> tuple[Target, ...]:
    """Return the targets for which these fragments and this instrument can give a case."""
    return tuple(aim for aim in Target if _start(CaseRequest(fragments, instrument, aim, Seed(""))))


def can_measure(fragments: Fragments, instrument: Instrument) -> bool:
    """Return True if a case can be generated for at least one target."""
    return any(_start(CaseRequest(fragments, instrument, aim, Seed(""))) for aim in Target)


def measure(fragments: Fragments, pack: Pack, *, aim: Target, seed: int) -> Vignette:
    """Return the generated case of a seed, with agreed answers. Raise `LookupError` if there is none for the target."""
    order = CaseRequest(fragments, pack.instrument, aim, Seed(f"{aim} {seed}"))
    start = _start(order)
    if start is None:
        raise LookupError(f"there is no case for {aim}")
    given = dict(start.opening.answers) if start.opening else {}
    answers = answers_of(order.seed.one(start.mixes, "mix"), given, follows=fragments.follows, seed=order.seed)
    options = {item: order.instrument.item(item).option(answer) for item, answer in answers.items()}
    present = frozenset(item for item, option in options.items() if option.is_present)
    home = order.seed.one([home for home in fragments.homes if home.needs <= present], "home")
    # Items without a statement are absent.
    responses = {item.id: answers.get(item.id, absent_of(item)) for item in order.instrument.items}
    bare = Case(start.age, Responses.of(responses))
    statements = statements_of(order, bare, opening=start.opening)
    case, today = _case(order, bare, home=home, statements=statements)
    # The frames told last, before the closing sentence.
    closing = ("uneasy",) if is_uneasy(order) else ("review",) if case.answers["stage"] == "review" else ()
    around = Around(
        places=places_of(
            order.seed.one(fragments.children, "child"), order.seed.one(YEARS[start.age], "years"), home=home.text
        ),
        worker="worker" if case.answers["allocated"] == "yes" else "no_worker",
        today=today,
        closing=closing,
    )
    made = _made(order, case, statements=statements, around=around)
    return Vignette(
        id=f"{aim}-{order.seed.below(10**6, 'name'):06}",
        title=filled(fragments.headings.title, around.places),
        about=fragments.headings.about,
        warning=fragments.headings.warning,
        parts=made.told.parts,
        key=key_of(order, pack.guidance, made=made),
    )


def _start(order: CaseRequest) -> Start | None:
    return next(starts(order), None)


def _case(order: CaseRequest, bare: Case, *, home: Home, statements: tuple[Said, ...]) -> tuple[Case, Today]:
    """Return the case without the judgement, which depends on all other answers; and the child's situation today."""
    facts = facts_told(order, bare, statements=statements)
    told = frozenset(item for statement in statements for item in statement.settles)
    today = today_of(order, facts)
    allocated = "yes" if home.has_worker else order.seed.one(("no", "yes"), "worker")
    around = {"age": str(bare.age), "danger": today.danger, "told_or_seen": today.told_or_seen}
    case = read_by_key(order, bare, told=told, facts=facts)
    return replace(case, answers={**around, "allocated": allocated, "stage": stage_of(order)}), today


def _made(order: CaseRequest, case: Case, *, statements: tuple[Said, ...], around: Around) -> BuiltCase:
    """Return the case told with as few further statements (fillers) as make it long enough, or with all of them."""
    for whole in spaced(statements, fillers_of(order, case, taken=statements)):
        told = tell_case(order.fragments, whole, around=around, seed=order.seed)
        if told.words >= FEWEST_WORDS:
            break
    # The loop ran once at least: `spaced` gives the statements by themselves first.
    found = CaseView(order.instrument, case).find(today=NEVER)
    facts = {**found.facts, **facts_told(order, case, statements=statements)}
    rule = rule_at(order.fragments, "judgement", facts=facts)
    assert rule is not None, "a judgement without a condition always holds"
    judged = replace(case, answers={**case.answers, "judgement": rule.answer})
    facts = {**facts, "judgement": frozenset({rule.answer})}
    return BuiltCase(judged, replace(found, facts=facts), whole, told, around)
