"""Conditions of a pack's rules, the basis of a rule, and the short questions on which next steps depend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN

OURS, LAW = "ours", "law"
"""The `source` of a rule that quotes no heading of the guidance: a reason of our own, or only a law."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The basis of a rule: a sentence of the guidance (`says`) under `heading`, a `law`, or our own reason (`ours`).

    A rule of an older pack has only a heading, or nothing.
    """

    says: str = ""
    heading: str = ""
    law: str = ""
    ours: str = ""

    @property
    def source(self) -> str:
        """The heading of the guidance. Without a heading it is “law” if only a law is given, otherwise “ours”."""
        return self.heading or (LAW if self.law and not self.ours else OURS)

    @property
    def is_written(self) -> bool:
        """True if a quotation, law or reason is given. Rules of older packs may have only a heading, or nothing."""
        return bool(self.says or self.law or self.ours)


Facts = Mapping[str, frozenset[str]]
"""The facts of a case: the name of each fact, with the set of its values."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a rule: each fact in `asks` must have one of its listed values. If `asks` is empty, it holds."""

    asks: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Return True if every fact in `asks` has one of its listed values. A missing fact has none."""
        for key, words in self.asks:  # a loop, since a turn asks this a thousand times
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                return False
        return True


ALWAYS = Condition()
"""The condition that every case meets."""


class Rule(Protocol):
    """A rule of a pack. It applies if any of its conditions holds, or if it has no conditions."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The alternative conditions under which the rule applies."""
        ...


AnyRule = TypeVar("AnyRule", bound=Rule)


def applying(rules: Iterable[AnyRule], facts: Facts) -> list[AnyRule]:
    """Return the rules that apply to these facts, in the order given."""
    applied = []
    for rule in rules:
        for condition in rule.conditions:
            for key, words in condition.asks:  # as `holds` does, which a turn would call a few hundred times from here
                known = facts.get(key)
                if known is None or words.isdisjoint(known):
                    break
            else:
                applied.append(rule)
                break
        else:
            if not rule.conditions:
                applied.append(rule)
    return applied


def any_holds(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Return True if any of the conditions holds, or if there are no conditions."""
    for condition in conditions:
        for key, words in condition.asks:  # likewise
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                break
        else:
            return True
    return not conditions


EVIDENCE = "evidence"
"""The fact that says whether there is evidence of exploitation, by conditions that the pack defines."""

NOTHING_SAID: frozenset[str] = frozenset()
NOTHING_BROUGHT = frozenset({"no", NOT_ASKED})  # values that lead to no question
UNPUT = frozenset({NOT_ASKED})
"""The value of a short question that was never asked."""


def given_for(circumstance_id: str) -> str:
    """Return the name under which to store, together with an answer, the ticks that led to its question."""
    return f"{circumstance_id}.for"


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer to a short question, and the label of its button."""

    answer: str
    short: str


@dataclass(frozen=True)
class Circumstance:
    """A short question, which is asked only if it matters.

    With a `card`, it is one of the ticks on that card. `rest` is its answer if neither it nor another tick of the card
    applies; if “no” must not be assumed, `rest` is another value. Without a `card` it is asked alone: its answers are
    its ticks and “not known”. With `at_once` it is asked as soon as it matters; `note` is shown below it.

    It matters if any of `matters` holds, or if that is empty. If any of `implied` holds, it gets its first tick without
    being asked. If the answer is in `again`, the question is asked again once further ticks lead to it.
    """

    id: str
    ask: str
    ticks: tuple[Choice, ...]
    rest: str
    what: str
    basis: Basis
    matters: tuple[Condition, ...] = ()
    implied: tuple[Condition, ...] = ()
    card: str = ""
    at_once: bool = False
    again: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every possible answer."""
        rest = (self.rest,) if self.rest else ()
        return tuple(dict.fromkeys((*[tick.answer for tick in self.ticks], *rest, NOT_KNOWN)))

    @cached_property
    def noted_as(self) -> str:
        """The name under which the ticks that led to the question are stored beside its answer."""
        return given_for(self.id)

    @cached_property
    def allowed(self) -> frozenset[str]:
        """Every possible answer, as a set."""
        return frozenset(self.words)

    @cached_property
    def ticked(self) -> frozenset[str]:
        """The answers that are ticks, without `rest` and “not known”."""
        return frozenset([tick.answer for tick in self.ticks])

    def is_implied(self, facts: Facts) -> bool:
        """Return True if the facts already imply its first tick, so that it need not be asked."""
        return bool(self.implied) and any_holds(self.implied, facts)

    def is_asked(self, facts: Facts) -> bool:
        """Return True if it is not implied, and either matters or has an answer that people must be able to change."""
        return (any_holds(self.matters, facts) or self.is_kept(facts)) and not self.is_implied(facts)

    def is_kept(self, facts: Facts) -> bool:
        """Return True if its answer keeps the question on the check page even when it no longer matters."""
        # A tick still counts then, so it stays where people can see and undo it (ADR 0025). “Not known” to a question
        # that cannot wait stays too, since it may lead.
        is_open = self.at_once and NOT_KNOWN in facts.get(self.id, NOTHING_SAID)
        return is_open or not self.ticked.isdisjoint(facts.get(self.id, NOTHING_SAID))

    def brought_by(self, facts: Facts) -> frozenset[str]:
        """Return the facts that lead to the question, such as `present=V2`, without the values “no” and “not asked”."""
        brought = set()
        for condition in self.matters:
            if condition.holds(facts):
                for key, words in condition.asks:
                    brought |= {f"{key}={word}" for word in words & facts[key] - NOTHING_BROUGHT}
        return frozenset(brought)

    def is_stale(self, facts: Facts) -> bool:
        """Return True if facts lead to the question now that did not when it was answered."""
        given, answer = facts.get(self.noted_as), facts.get(self.id, NOTHING_SAID)
        # Without a stored reason (a request, a review code, an older release) the answer stands.
        if given is None or answer.isdisjoint(self.again):
            return False
        (ticks,) = given
        return not self.brought_by(facts) <= frozenset(ticks.split(" "))

    def is_waiting(self, answers: Mapping[str, str], *, settled: Facts) -> bool:
        """Return True if the question has no answer, or a stale one."""
        if self.id not in answers:
            return True
        return bool(self.again) and self.is_stale({**settled, self.id: frozenset({answers[self.id]})})


def settle(circumstances: Iterable[Circumstance], evidence: tuple[Condition, ...], *, facts: Facts) -> Facts:
    """Return the facts, extended by the value of each short question and by whether there is evidence of exploitation.

    The value of a question is what the facts imply, else its answer, else “not asked”. Questions are settled in order.
    """
    weighed = {key for condition in evidence for key, _ in condition.asks}
    # Evidence may depend on a circumstance that is settled later, and a circumstance on evidence: evidence is weighed
    # again whenever a fact that it depends on has changed, and each circumstance sees the facts settled before it.
    known, is_weighed = dict(facts), False
    for circumstance in circumstances:
        if circumstance.implied and not is_weighed:  # only `implied` reads evidence
            known[EVIDENCE], is_weighed = _weighed(evidence, known), True
        if circumstance.implied and any_holds(circumstance.implied, known):
            known[circumstance.id] = frozenset({circumstance.ticks[0].answer})
        elif circumstance.again and circumstance.is_stale(known):
            known[circumstance.id] = UNPUT
        else:
            # The guidance is always today's. An answer from an earlier pack may be a word that it does not know: it then
            # counts as not asked, and never as “no”.
            known[circumstance.id] = known.get(circumstance.id, NOTHING_SAID) & circumstance.allowed or UNPUT
        is_weighed = is_weighed and circumstance.id not in weighed
    known[EVIDENCE] = _weighed(evidence, known)
    return known


def _weighed(evidence: tuple[Condition, ...], known: Facts) -> frozenset[str]:
    return frozenset({"yes"} if evidence and any_holds(evidence, known) else {"no"})
