"""Which made-up case somebody rehearses: one of the pack's by its id, the next one for them, or one made to measure."""

from collections import Counter
from functools import lru_cache

from dialogs.rehearsal.core.practice import Practice
from seraf.cases.vignette import Vignette
from seraf.pack import Pack
from seraf.rehearsal.made.made_case import measurable, measure
from seraf.rehearsal.made.targets import PLANS, Target, aims_for
from seraf.rehearsal.progress import Course, tallies, weak_rules

MEASURED = "edges"
"""How the recipe of a case that is made to measure begins: `edges/AIM/SEED/EDITION`."""

EDITION = "2"
"""Which way of making cases a recipe is for: one of an earlier way would now be another case, and so is none."""

KEPT = 256
"""Cases made to measure that are kept at hand, since each is drawn many times and takes a while to make."""


class Source:
    """A pack as what a case is made from: the same while its sentences, items and steps are the same ones."""

    __slots__ = ("pack",)

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Source):
            return False
        ours, theirs = self.pack, other.pack
        is_told_alike = ours.fragments is theirs.fragments and ours.guidance is theirs.guidance
        return is_told_alike and ours.instrument is theirs.instrument

    def __hash__(self) -> int:
        return hash(self.pack.instrument.fingerprint)


def is_measured(case: str) -> bool:
    """Whether the name is the recipe of a case that is made to measure."""
    kind, slash, _ = case.partition("/")
    return bool(slash) and kind == MEASURED


def vignette_of(case: str, pack: Pack) -> Vignette | None:
    """The made-up case of that name; None where the pack has it no more."""
    if not is_measured(case):
        return next((each for each in pack.vignettes if each.id == case), None)
    return _made(case, Source(pack))


def next_case(course: Course, pack: Pack) -> str:
    """The id of the made-up case that this person has rehearsed least often; of those, first one that teaches what they missed."""
    counts, weak = Counter(each.vignette for each in course), set(weak_rules(course))
    return min(pack.vignettes, key=lambda each: (counts[each.id], weak.isdisjoint(each.key.rules))).id


def measured_case(course: Course, pack: Pack, *, seed: int) -> str:
    """The recipe of a case that aims at what this person got wrong before; empty where the pack can make none.

    Of the aims that train a rule that was missed (of all, where none was) the seed takes one, so that nobody meets the
    same one over and over.
    """
    can = _aims(Source(pack))
    tried = {rule: (each.right, each.wrong) for rule, each in tallies(course).items()}
    missed = {rule for rule, (_, wrong) in tried.items() if wrong}
    aims = [aim for aim in aims_for(tried) if aim in can]
    aims = [aim for aim in aims if missed & set(PLANS[aim].rules)] or aims
    return f"{MEASURED}/{aims[seed % len(aims)]}/{seed}/{EDITION}" if aims else ""


@lru_cache(maxsize=KEPT)
def _made(case: str, source: Source) -> Vignette | None:
    """The case of a recipe, which is always the same; None where the pack can make none for the aim, or not any more."""
    _, aim, seed, *edition = case.split("/")
    fragments = source.pack.fragments
    if fragments is None or aim not in _aims(source) or edition != [EDITION]:
        return None
    return measure(fragments, source.pack, aim=Target(aim), seed=int(seed))


@lru_cache(maxsize=4)
def _aims(source: Source) -> tuple[Target, ...]:
    """The aims for which a pack has a case, kept at hand since all of them are tried for that."""
    fragments = source.pack.fragments
    return measurable(fragments, source.pack.instrument) if fragments else ()


def make_ready(pack: Pack) -> None:
    """Find out which cases this pack can make, so that nobody waits for that when they ask for the first."""
    _aims(Source(pack))


def case_of(practice: Practice, pack: Pack) -> Vignette:
    """The made-up case of a rehearsal that has one. Where the pack has it no more, the rehearsal is left before."""
    vignette = vignette_of(practice.case, pack)
    assert vignette is not None, "a case that is gone is left"
    return vignette
