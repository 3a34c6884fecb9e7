"""Which made-up case somebody rehearses: one of the pack's by its id, or the next one for them."""

from collections import Counter

from seraf.pack import Pack
from seraf.progress import Course
from seraf.vignette import Vignette


def vignette_of(case: str, pack: Pack) -> Vignette | None:
    """The made-up case of that name; None where the pack has it no more."""
    return next((each for each in pack.vignettes if each.id == case), None)


def next_case(course: Course, pack: Pack) -> str:
    """The id of the made-up case that this person has rehearsed least often, in the order of the pack."""
    counts = Counter(each.vignette for each in course)
    return min(pack.vignettes, key=lambda each: counts[each.id]).id
