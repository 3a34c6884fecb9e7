"""What to find out: which items are not known, what each could do to the category, and who may know. It never delays a call."""

from dataclasses import dataclass
from enum import IntEnum

from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, option_given
from seraf.form.vocabulary import Informant
from seraf.score.scoring import band_of
from seraf.what_if.ways_up import AlikeItems, Upward, brings_discussion, can_cross, upward

OWN_AMONG = 2
"""A person's own agency is asked first where it is among so many likeliest to know."""


class GapEffect(IntEnum):
    """What an item that is not known could do, the greatest first."""

    ALONE = 0
    """By itself it could reach a higher category."""
    DISCUSSION = 1
    """By itself it could bring the talk with the team manager about."""
    TOGETHER = 2
    """With other items that are not known it could reach a higher category."""
    NEITHER = 3
    """It could not move the category."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One item that is not known: what it could do, the highest category that it reaches alone, and the points that it could add.

    `whom` are those who may be asked in this case, the likeliest first; empty where the pack names nobody.
    """

    item: Item
    effect: GapEffect
    category: int
    points: int
    whom: tuple[Informant, ...]


def order_to_ask(view: CaseView) -> tuple[str, ...]:
    """The items that are not known, in the order in which they are shown: by whom to ask, the weightiest first."""
    return tuple(gap.item.id for _, group in to_find_out(view) for gap in group)


def to_find_out(view: CaseView) -> tuple[tuple[Informant | None, tuple[Gap, ...]], ...]:
    """What is not known, by whom to ask; `profession`, where it was asked, says who can look in their own records."""
    return by_whom(gaps(view), view.case.answers.get("profession", ""))


def gaps(view: CaseView) -> tuple[Gap, ...]:
    """What is not known, ordered by what it could do to the category, then by how far."""
    instrument, unknown, total = view.instrument, view.marks.unknown, view.total
    up = upward(view, unknown)
    talks = {item for each in brings_discussion(view) for item in each.items}
    edges = tuple(band.lowest - total for band in instrument.bands if band.lowest > total)
    reached: dict[str, tuple[GapEffect, int]] = {}
    for kind in up.kinds:
        reached |= dict.fromkeys(kind.items, _reached(kind, up, edges=edges, talks=talks))
    left_out = _left_out(instrument, view.case)
    found = []
    for item in unknown:
        effect, points = reached.get(item.id, (GapEffect.NEITHER, 0))
        if effect is not GapEffect.ALONE and item.id in talks:
            effect = GapEffect.DISCUSSION
        category = band_of(instrument, total + points).category
        whom = tuple([each for each in item.ask if each not in left_out])
        found.append(Gap(item, effect, category, points, whom))
    return tuple(sorted(found, key=lambda gap: (gap.effect, -gap.category, -gap.points)))


def _reached(kind: AlikeItems, up: Upward, *, edges: tuple[int, ...], talks: set[str]) -> tuple[GapEffect, int]:
    """What an item of a kind could do to the category, and the points that it could add by itself."""
    points = max([move.points + up.brought(move.meets) for move in kind.moves])
    if any(edge <= points for edge in edges):
        return GapEffect.ALONE, points
    crosses = not talks.issuperset(kind.items) and can_cross(up, kind, edges=edges)
    return GapEffect.TOGETHER if crosses else GapEffect.NEITHER, points


def _left_out(instrument: Instrument, case: Case) -> frozenset[Informant]:
    """Who may not be asked in this case.

    A parent or carer only where nothing of family harm is ticked and nothing of it is open (“Involvement of parents/
    carers”: where assessment shows that it is safe). The child about nothing once they have told (“Information
    sharing”: no leading questions).
    """
    harm = instrument.asking.family_harm
    # Not known is not enough: a parent is asked only once every kind of harm at home was answered No (ADR 0025).
    parent = () if all(_is_ruled_out(each, instrument, case=case) for each in harm) else (Informant.PARENT,)
    child = (Informant.CHILD,) if case.answers.get("told_or_seen") == "yes" else ()
    return frozenset((*parent, *child))


def _is_ruled_out(item_id: str, instrument: Instrument, *, case: Case) -> bool:
    option = option_given(instrument.item(item_id), case.responses)
    return option is not None and not option.is_present


def by_whom(found: tuple[Gap, ...], own: str) -> tuple[tuple[Informant | None, tuple[Gap, ...]], ...]:
    """The gaps by whom to ask: the person's own agency where it is likely to know, else the likeliest; the weightiest group first.

    Each gap stands in one group, in its order; `None` is the group of those for which the pack names nobody.
    """
    groups: dict[Informant | None, list[Gap]] = {}
    for gap in found:
        # One's own records cost no telephone call; but whoever is unlikely to know is not asked
        # merely because they are near.
        mine = next((each for each in gap.whom[:OWN_AMONG] if each == own), None)
        groups.setdefault(mine or next(iter(gap.whom), None), []).append(gap)
    return tuple((whom, tuple(each)) for whom, each in groups.items())
