"""When a rule of a pack holds, what it rests on, and the short questions that decide which next steps are meant. It knows no card."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN

OURS, LAW = "ours", "law"
"""The source of a rule that rests on no heading: our own reason, or a law alone."""


@dataclass(frozen=True, slots=True)
class Basis:
    """`says` is a sentence of the guidance word for word, and `heading` the one it stands under; `law` names a law; `ours` is our reason.

    A rule of a pack that was written before there were voices has a heading alone, or nothing at all.
    """

    says: str = ""
    heading: str = ""
    law: str = ""
    ours: str = ""

    @property
    def source(self) -> str:
        """The heading of the guidance; where there is none, “law” if a law alone is named, else “ours”."""
        return self.heading or (LAW if self.law and not self.ours else OURS)

    @property
    def is_written(self) -> bool:
        """Whether it says what the rule rests on; false where an older pack names a heading alone, or nothing."""
        return bool(self.says or self.law or self.ours)


Facts = Mapping[str, frozenset[str]]
"""What is so of a case: for each fact, the words that hold for it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks for: every key must be met, and any one of a key's words meets it. With no keys it always holds."""

    asks: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether the facts meet every key; a fact that is not there meets nothing."""
        for key, words in self.asks:  # a loop, since a turn asks this a thousand times
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                return False
        return True


ALWAYS = Condition()
"""The condition that asks for nothing."""


def any_holds(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Whether any of the conditions is met; with none there is nothing to meet, and it always holds."""
    for condition in conditions:
        for key, words in condition.asks:  # as `holds` does, which a turn would call a few hundred times from here
            known = facts.get(key)
            if known is None or words.isdisjoint(known):
                break
        else:
            return True
    return not conditions


EVIDENCE = "evidence"
"""The fact that there is evidence of exploitation, by the pack's own conditions."""

THERE, NOT_THERE = frozenset({"yes"}), frozenset({"no"})
"""What is so of it."""

NOTHING_SAID: frozenset[str] = frozenset()
UNPUT = frozenset({NOT_ASKED})
"""What is so of a question that was never put."""

NOTHING_THERE = frozenset({"no", NOT_ASKED})
"""Words that bring no question about."""


def given_for(circumstance_id: str) -> str:
    """Return the key under which it is stored what an answer was given for; it is compared with nothing else."""
    return f"{circumstance_id}.for"


@dataclass(frozen=True, slots=True)
class Choice:
    """One tick of a circumstance: the answer that it gives, and the label of its button."""

    answer: str
    short: str


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One short question, asked only where it matters.

    One with a `card` is a tick among others of that card, and `rest` is what it gets when it is not ticked and none of
    the others is so: where No must never be given unsaid, another word. One without is asked alone, its ticks being all
    that may be answered apart from “not known”; with `at_once` it is asked as soon as it matters. `note` stands under it.
    `matters` holds conditions any of which makes it matter (none: always); where any of `implied` holds, the first
    tick is so without asking. An answer in `again` belongs to the ticks that it was given for: once another tick brings the
    question about, it counts as not asked, and the question is put again.
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
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Every word that may be its answer."""
    _words: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rest = (self.rest,) if self.rest else ()
        words = tuple(dict.fromkeys((*(tick.answer for tick in self.ticks), *rest, NOT_KNOWN)))
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "_words", frozenset(words))

    def is_implied(self, facts: Facts) -> bool:
        """Whether the facts answer it without asking."""
        return bool(self.implied) and any_holds(self.implied, facts)

    def is_asked(self, facts: Facts) -> bool:
        """Whether it is put: it matters, or was ticked and may have to be taken back; never where it is implied."""
        return (any_holds(self.matters, facts) or self.is_kept(facts)) and not self.is_implied(facts)

    def is_kept(self, facts: Facts) -> bool:
        """Whether it stays on the check page though it matters no longer, because of what was answered."""
        # A tick still counts then, so it stays where it can be seen and taken back (ADR 0025). So does “not known” to
        # what cannot wait: it may lead.
        is_open = self.at_once and NOT_KNOWN in facts.get(self.id, NOTHING_SAID)
        return is_open or self.tick_in(facts) is not None

    def brought_by(self, facts: Facts) -> frozenset[str]:
        """Return what brings the question about, as words such as `present=V2`; answers that say that nothing is there do not count."""
        holding = [condition for condition in self.matters if condition.holds(facts)]
        asks = [(key, word) for condition in holding for key, words in condition.asks for word in words & facts[key]]
        return frozenset(f"{key}={word}" for key, word in asks if word not in NOTHING_THERE)

    def is_stale(self, facts: Facts) -> bool:
        """Return whether the answer was given for fewer ticks than bring the question about now, so that it is put again."""
        given, said = facts.get(given_for(self.id)), facts.get(self.id, NOTHING_SAID)
        # Without a note of what it was given for (a request, a code, an older release) an answer stands as it is.
        if given is None or said.isdisjoint(self.again):
            return False
        (noted,) = given
        return not self.brought_by(facts) <= frozenset(noted.split(" "))

    def is_waiting(self, answers: Mapping[str, str], *, settled: Facts) -> bool:
        """Return whether nobody has answered it, or another tick has made the answer stale."""
        if self.id not in answers:
            return True
        return bool(self.again) and self.is_stale({**settled, self.id: frozenset({answers[self.id]})})

    def tick_in(self, facts: Facts) -> Choice | None:
        """The tick that was given, if any."""
        given = facts.get(self.id, NOTHING_SAID)
        for tick in self.ticks:
            if tick.answer in given:
                return tick
        return None

    def settled(self, facts: Facts) -> frozenset[str]:
        """What is so of it: what the facts imply, else what was answered; else that nobody was asked."""
        if self.implied and any_holds(self.implied, facts):
            return frozenset({self.ticks[0].answer})
        # Guidance is always today's, so an answer given under an earlier pack may be a word that this one does not
        # know: it then counts as not asked, and never as No.
        said = facts.get(self.id)
        if self.again and self.is_stale(facts):
            return UNPUT
        return (said & self._words or UNPUT) if said else UNPUT


def settle(circumstances: Iterable[Circumstance], evidence: tuple[Condition, ...], *, facts: Facts) -> Facts:
    """The facts with every circumstance settled, in their order, and with whether there is evidence of exploitation."""
    weighed = {key for condition in evidence for key, _ in condition.asks}
    # Evidence may rest on a circumstance that is settled later, and a circumstance on evidence: it is weighed again
    # whenever something that it rests on has changed, and each circumstance sees what is so by then.
    known, is_weighed = dict(facts), False
    for each in circumstances:
        if each.implied and not is_weighed:  # nothing else reads it meanwhile
            known[EVIDENCE], is_weighed = _weighed(evidence, known), True
        known[each.id] = each.settled(known)
        is_weighed = is_weighed and each.id not in weighed
    known[EVIDENCE] = _weighed(evidence, known)
    return known


def _weighed(evidence: tuple[Condition, ...], known: Facts) -> frozenset[str]:
    return THERE if evidence and any_holds(evidence, known) else NOT_THERE
