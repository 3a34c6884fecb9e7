"""Rules that are judged all at once hold just where each of them does by itself."""

import random
from collections.abc import Mapping

from seraf.form.conditions import ALWAYS, Condition, Facts, any_holds
from seraf.form.rule_index import RuleIndex
from tests.support.counts import each_seed

FACTS, WORDS = ("age", "present", "lead"), ("a", "b", "c", "d")


def drawn_condition(draw: random.Random) -> Condition:
    """One that may ask of a fact twice, or of nothing."""
    asks = [(draw.choice(FACTS), frozenset(draw.sample(WORDS, draw.randint(1, 3)))) for _ in range(draw.randint(0, 3))]
    return Condition(tuple(asks))


def drawn_facts(draw: random.Random) -> Facts:
    """Some of the facts, each with no word or several, words among them that no rule asks for."""
    known: Mapping[str, frozenset[str]] = {
        fact: frozenset(draw.sample((*WORDS, "e"), draw.randint(0, 4))) for fact in FACTS if draw.random() < 0.8
    }
    return known


@each_seed(300, 8)
def test_they_hold_as_one_by_one(seed: int) -> None:
    """In their order, each once, with as many conditions as there are."""
    draw = random.Random(seed)
    rules = [(at, tuple(drawn_condition(draw) for _ in range(draw.randint(0, 4)))) for at in range(12)]
    index = RuleIndex(rules)

    for _ in range(20):
        facts = drawn_facts(draw)
        assert index.holding(facts) == [at for at, conditions in rules if any_holds(conditions, facts)]


def test_without_rules_none_holds() -> None:
    """And one that asks for nothing always does."""
    assert RuleIndex[str]([]).holding({}) == []
    assert RuleIndex([("it", (ALWAYS,)), ("that", ())]).holding({}) == ["it", "that"]
