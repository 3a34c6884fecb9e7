"""What the recorded conversations (walks) show of a pack: its answers, reasons to act, action lines and steps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from dialogs.form.path import options
from dialogs.form.reasons import is_stopped
from dialogs.phrases.earlier import reviewed
from seraf.advice.action_plan import Hour
from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.form.circumstances import Condition, Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import ANSWERED_FACTS, FACT_WORDS, FLOOR, SECOND_VIEW, Age
from state_machines.assessment import Phase
from tests.support.shipped import NOON, SCRIPT
from tests.support.walks.core import Scene

BY_THE_CLOCK = frozenset({"hours", "home"})
"""Facts that depend on the time of day, not on the case."""

BY_OTHERS = frozenset({SECOND_VIEW, FLOOR})
"""Facts that somebody else brings into the case. A walk is the conversation of one person."""

Covered = frozenset[tuple[str, str]]
"""Pairs of a fact or a kind of rule, and its value or id."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A result page or an emergency card in a walk: its case, and its text."""

    case: Case
    text: str


def sights(scenes: Iterable[Scene]) -> Iterator[Sight]:
    """Yield the result pages and emergency cards of the scenes, except those that another overlay covers."""
    for scene in scenes:
        is_result = scene.session.phase is Phase.RESULT and scene.session.overlay is None
        if scene.is_last and (is_result or is_stopped(scene.session)) and scene.card is not None:
            yield Sight(reviewed(scene.session, SCRIPT, now=NOON).case, scene.card.text)


def wanted(guidance: Guidance) -> Covered:
    """Return everything that at least one walk must show, computed from the pack and the conversation."""
    return frozenset(
        {
            *_facts_wanted(),
            *_answers_wanted(guidance),
            *(("leads", each.id) for each in guidance.leads if each.conditions and not is_of_others(each.conditions)),
            *(("actions", each.id) for each in guidance.plan.actions),
            *(("steps", each.id) for each in guidance.steps if can_be(each.conditions)),
        }
    )


def covered(guidance: Guidance, instrument: Instrument, seen: Iterable[Sight]) -> Covered:
    """Return everything that these pages show."""
    return frozenset(chain.from_iterable(_shown(guidance, instrument, each) for each in seen))


def reading(guidance: Guidance, circumstance: str, word: str) -> str:
    """Return the first answer that no rule distinguishes from `word`, since one walk covers all of them."""
    words = next(each.words for each in guidance.circumstances if each.id == circumstance)
    marks = {each: _told_by(guidance, circumstance, each) for each in words}
    return next(each for each in words if marks[each] == marks[word])


def _told_by(guidance: Guidance, key: str, word: str) -> tuple[bool, ...]:
    """Return, for each condition of the pack about this question, whether this answer meets it."""
    plan = guidance.plan
    conditions = (
        *chain.from_iterable(each.conditions for each in guidance.leads),
        *chain.from_iterable(each.conditions for each in guidance.steps),
        *chain.from_iterable(each.conditions for each in plan.actions),
        *chain.from_iterable(each.conditions for each in plan.details),
        *chain.from_iterable(each.conditions for each in plan.whom),
        *(note.condition for note in (*guidance.notes, *guidance.mixes)),
        *guidance.evidence,
        *chain.from_iterable((*each.matters, *each.implied) for each in guidance.circumstances),
    )
    return tuple(word in words for each in conditions for name, words in each.asks if name == key)


def _answers_wanted(guidance: Guidance) -> Iterator[tuple[str, str]]:
    for each in guidance.circumstances:
        yield from ((each.id, reading(guidance, each.id, word)) for word in each.words)


def _facts_wanted() -> Iterator[tuple[str, str]]:
    """Yield every value of every fact that can be reached in a conversation."""
    offered: Mapping[str, tuple[str, ...]] = {key: options(key) for key in ANSWERED_FACTS} | {"age": tuple(Age)}
    for key, words in FACT_WORDS.items():
        if key in BY_THE_CLOCK | BY_OTHERS:
            continue
        yield from ((key, word) for word in offered.get(key, words))


def is_of_others(conditions: tuple[Condition, ...]) -> bool:
    """Return True if a rule with these conditions applies only once somebody else has seen the case."""
    return all(any(key in BY_OTHERS for key, _ in condition.asks) for condition in conditions)


def can_be(conditions: tuple[Condition, ...]) -> bool:
    """Return True if a rule with these conditions can apply in a conversation. A result always has a judgement."""
    beyond = ("judgement", frozenset({"not-asked"}))
    return not conditions or any(beyond not in condition.asks for condition in conditions)


def _shown(guidance: Guidance, instrument: Instrument, sight: Sight) -> Iterator[tuple[str, str]]:
    facts = CaseView(instrument, sight.case).facts
    settled = guidance.advise(facts).settled
    yield from ((key, word) for key in FACT_WORDS for word in settled.get(key, ()))
    yield from _answered(guidance, sight.case, settled)
    first = guidance.advise(facts).leads[0]
    if first.title in sight.text:
        yield "leads", first.id
    said = f" {sight.text}".replace("\n", " ")
    for hour in (Hour(is_open=True), Hour(is_open=True, is_after_home_time=True), Hour(is_open=False)):
        planned = guidance.advise(facts).planned(hour=hour)
        yield from (("actions", each.action.id) for each in planned if f" {each.title} · " in said)
    yield from (("steps", step.id) for step in guidance.advise(facts).steps if step.text in sight.text)


def _answered(guidance: Guidance, case: Case, settled: Facts) -> Iterator[tuple[str, str]]:
    """Yield the short questions that were answered or whose answer was implied, each with an equivalent answer."""
    for each in guidance.circumstances:
        if each.id in case.answers or each.is_implied(settled):
            yield from ((each.id, reading(guidance, each.id, word)) for word in settled[each.id])
