"""What is counted by month, as values: a kind, a word of it and a number. It knows no person, no case and no day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MonthCounts = Mapping[str, Mapping[str, int]]
"""Of one month: by kind and word, how often."""

CountsByMonth = Mapping[str, MonthCounts]
"""By month, such as "2026-11"."""


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """Something that is counted in a month ("2026-11"); `by` is -1 where a tap was taken back."""

    month: str
    kind: str
    word: str
    by: int = 1


def with_counts(before: MonthCounts, added: Iterable[MonthlyCount]) -> dict[str, dict[str, int]]:
    """Return the counts of a month with these added. Nothing falls below nought, since a tap may be taken back in a later month."""
    after = {kind: dict(words) for kind, words in before.items()}
    for each in added:
        words = after.setdefault(each.kind, {})
        words[each.word] = max(words.get(each.word, 0) + each.by, 0)
    return after
