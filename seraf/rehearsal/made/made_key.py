"""The key of a made-up case: every answer with the sentence that supports it, and what follows from them."""

from dataclasses import dataclass, replace

from seraf.advice.guidance import Guidance
from seraf.cases.fragments import Fragments, Said, Telling
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case
from seraf.form.vocabulary import Meaning
from seraf.rehearsal.first_call import first_calls
from seraf.rehearsal.made.narrate import Narrative
from seraf.rehearsal.made.openings import CaseRequest
from seraf.rehearsal.made.tally import is_wide
from seraf.rehearsal.practised import is_practised
from seraf.score.findings import Discussion, Findings

QUESTIONS = {"danger": "safe", "told_or_seen": "safe", "allocated": "worker", "stage": "first"}
"""The questions that a made-up case settles beside the judgement, and under which name the pack says why."""


WHOLE = (Rule.UNDER_13, Rule.DISCUSSION, Rule.OTHER_HARM, Rule.JUDGEMENT)
"""Rules that hang on the case as a whole, and are practised at each answer that brings them in."""

HIGHEST_LOW = 2
"""The highest category that asks for no contact by itself (“SERAF categories of risk framework”)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A case as it was built: who it is about and what is so, what was found of it, and how it is told."""

    case: Case
    found: Findings
    statements: tuple[Said, ...]
    told: Narrative

    def said_of(self, item: str) -> Said | None:
        """The one statement that settles an item, or None where the closing sentence does."""
        return next((said for said in self.statements if item in said.settles), None)


def judgement_of(instrument: Instrument, found: Findings, *, is_uneasy: bool) -> str:
    """The answer to the judgement question: which frame is told, and which answer the key has."""
    low, signs = instrument.manager_discussion.categories, instrument.manager_discussion.present
    if is_uneasy or found.other_harm or found.score.category not in low or found.facts["current"] & signs:
        return "yes"
    return "not-sure" if found.facts["present"] & signs or found.score.is_range else "no"


def key_of(order: CaseRequest, guidance: Guidance, *, made: Made) -> AgreedKey:
    """The whole key: what follows from the answers is worked out as it is for any other case."""
    items = tuple(_keyed_item(order, item, made=made) for item in order.instrument.items)
    questions = tuple(_keyed_question(order.fragments, place, made=made) for place in (*QUESTIONS, "judgement"))
    keyed = tuple(_practising(order.instrument, each, made=made) for each in (*items, *questions))
    call = _first_call(guidance, made)
    touched = {rule for each in keyed for rule in each.rules}
    return AgreedKey(
        keyed=keyed,
        age=made.case.age,
        total=made.found.score.total,
        category=made.found.score.category,
        first_call=call,
        first_call_because=order.fragments.calls[_why(made)],
        rules=tuple(rule for rule in Rule if rule in touched),
    )


def _practising(instrument: Instrument, keyed: Keyed, *, made: Made) -> Keyed:
    """The answer with the rules that are practised there: those of its own, and those that the case as a whole brings."""
    said = made.said_of(keyed.place)
    rules = (*keyed.rules, *WHOLE) if said or keyed.place == "judgement" else ()
    return replace(
        keyed,
        rules=tuple(rule for rule in rules if is_practised(rule, keyed, instrument=instrument, facts=made.found.facts)),
    )


def _keyed_item(order: CaseRequest, item: Item, *, made: Made) -> Keyed:
    answer = made.case.responses.get(item.id) or ""
    said = made.said_of(item.id)
    name, rules = _reason(item, answer, said=said)
    cites = made.told.sentences[item.id] if said else made.told.rest
    return Keyed(item.id, answer, order.fragments.because[name], cites, rules)


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
    return "present", ()


def _keyed_question(fragments: Fragments, place: str, *, made: Made) -> Keyed:
    answer = made.case.answers[place]
    because = fragments.because[QUESTIONS.get(place, answer.replace("-", "_"))]
    return Keyed(place, answer, because, made.told.sentences.get(place, ""))


def _first_call(guidance: Guidance, made: Made) -> FirstCall:
    """The lead wherever nobody else has to hear of it first: in a low case somebody still should."""
    fitting = first_calls(guidance, made.found.facts)
    return FirstCall.LEAD if FirstCall.LEAD in fitting else fitting[0]


def _why(made: Made) -> str:
    """The name of the reason for the first call."""
    score = made.found.score
    if score.category > HIGHEST_LOW:
        return "high"
    if made.case.answers["judgement"] == "yes":
        return "yes"
    if score.highest.category > HIGHEST_LOW:
        return "could_be_higher"
    return "low" if made.found.manager_discussion is Discussion.NO else "discussion"
