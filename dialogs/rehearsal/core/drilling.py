"""A set of drills that is under way, and its result."""

import hashlib
from dataclasses import dataclass

from dialogs.core.events import Occasion
from dialogs.rehearsal.core.practice import DRILLS, Practice
from seraf.form.vocabulary import NOT_KNOWN
from seraf.pack import Pack
from seraf.rehearsal.drills import RULES, Drill, DrillKind, drill, set_of
from seraf.rehearsal.progress import Mode, Rehearsed, weak_rules


@dataclass(frozen=True, slots=True)
class DrillSet:
    """A set of drills: its drills as far as they were answered, the next one, and the answers that were given.

    It is stored as `Practice.case`, which has the seed and the kinds, and `Practice.asked`, which has the number of each
    answer that was given.
    """

    drills: tuple[Drill, ...]
    given: tuple[str, ...]
    count: int

    @property
    def right(self) -> int:
        """The number of right answers."""
        return sum(self.is_right(at) for at in range(len(self.given)))

    def is_right(self, at: int) -> bool:
        """Return True if the answer at this position is right."""
        return self.given[at] in self.drills[at].right


def drawn_set(practice: Practice, pack: Pack, *, occasion: Occasion) -> str:
    """Return a new set, as it is stored. The seed comes from the occasion, so that repeating a turn draws the same set."""
    drawn = hashlib.sha256(f"{occasion.reference} {occasion.now.at}".encode()).digest()
    seed = int.from_bytes(drawn[:4])
    kinds = set_of(pack, seed, weak=weak_rules(practice.history.course))
    return "/".join((DRILLS, pack.instrument.fingerprint[:8], str(seed), *kinds))


def drill_set(practice: Practice, pack: Pack) -> DrillSet:
    """Return the set that is under way."""
    _, _, seed, *kinds = practice.case.split("/")
    role = practice.session.answers.get("profession") if practice.session is not None else None
    shown = kinds[: len(practice.asked) + 1]
    drills = tuple(drill(pack, DrillKind(kind), seed=int(seed), role=role or NOT_KNOWN) for kind in shown)
    given = tuple(each.answers[int(at)] for each, at in zip(drills, practice.asked, strict=False))
    return DrillSet(drills, given, len(kinds))


def drilled(practice: Practice, pack: Pack, *, today: str) -> Rehearsed | None:
    """Return the result of a set, or None if it is not finished. A rule that was missed once counts as missed."""
    found = drill_set(practice, pack)
    if len(found.given) < found.count:
        return None
    rules = [(RULES[each.kind], found.is_right(at)) for at, each in enumerate(found.drills) if each.kind in RULES]
    missed = tuple(dict.fromkeys(rule for rule, is_right in rules if not is_right))
    met = tuple(dict.fromkeys(rule for rule, is_right in rules if is_right and rule not in missed))
    return Rehearsed(today, practice.case, Mode.EDGES, (), 0, found.right, found.count, missed, met)
