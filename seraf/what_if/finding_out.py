"""Which unknown items to ask about, by their possible effect on the category, and who may know. It delays no call."""

from dataclasses import dataclass
from enum import IntEnum

from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, option_given
from seraf.form.vocabulary import Informant
from seraf.score.scoring import band_of
from seraf.what_if.ways_up import brings_discussion, can_cross, upward


class GapEffect(IntEnum):
    """The possible effect of an unknown item. The lowest value is the greatest effect."""

    ALONE = 0  # it could reach a higher category alone
    DISCUSSION = 1  # alone it could make a talk with the team manager necessary
    TOGETHER = 2  # it could reach a higher category with other unknown items
    NEITHER = 3  # it could not change the category


@dataclass(frozen=True, slots=True)
class Gap:
    """An unknown item: its effect, the highest category that it could reach alone, and the points that it could add.

    `whom` are the people to ask in this case, the likeliest to know first. It is empty if nobody may be asked.
    """

    item: Item
    effect: GapEffect
    category: int
    points: int
    whom: tuple[Informant, ...]


def order_to_ask(view: CaseView) -> tuple[str, ...]:
    """Return the ids of the unknown items in the order shown: grouped by whom to ask, the greatest effect first."""
    return tuple(gap.item.id for _, group in to_find_out(view) for gap in group)


def to_find_out(view: CaseView) -> tuple[tuple[Informant | None, tuple[Gap, ...]], ...]:
    """Return the unknown items, grouped by whom to ask, which depends on the profession of the person who asks."""
    return by_whom(gaps(view), view.case.answers.get("profession", ""))


def gaps(view: CaseView) -> tuple[Gap, ...]:
    """Return the unknown items, ordered by effect, then by the category that they could reach, then by points."""
    instrument, unknown, total = view.instrument, view.marks.unknown, view.total
    up = upward(view, unknown)
    talks = {item for first in brings_discussion(view) for item in first.items}
    edges = tuple(band.lowest - total for band in instrument.bands if band.lowest > total)
    reached: dict[str, tuple[GapEffect, int]] = {}
    for kind in up.kinds:
        points = max([move.points + up.brought(move.meets) for move in kind.moves])
        if any(edge <= points for edge in edges):
            effect = GapEffect.ALONE
        elif not talks.issuperset(kind.items) and can_cross(up, kind, edges=edges):
            effect = GapEffect.TOGETHER
        else:
            effect = GapEffect.NEITHER
        reached |= dict.fromkeys(kind.items, (effect, points))
    left_out = _left_out(instrument, view.case)
    gaps = []
    for item in unknown:
        effect, points = reached.get(item.id, (GapEffect.NEITHER, 0))
        if effect is not GapEffect.ALONE and item.id in talks:
            effect = GapEffect.DISCUSSION
        category = band_of(instrument, total + points).category
        whom = tuple([informant for informant in item.inquiry.ask if informant not in left_out])
        gaps.append(Gap(item, effect, category, points, whom))
    return tuple(sorted(gaps, key=lambda gap: (gap.effect, -gap.category, -gap.points)))


def _left_out(instrument: Instrument, case: Case) -> frozenset[Informant]:
    """Return the people who must not be asked in this case.

    A parent or carer must not be asked unless all family harm is ruled out (“Involvement of parents/carers”: where
    assessment shows that it is safe), nor the child after a disclosure (“Information sharing”: no leading questions).
    """
    harm = [option_given(instrument.item(item), case.responses) for item in instrument.asking.family_harm]
    # Not known is not enough: every kind of harm at home must have been answered No (ADR 0025).
    is_safe = all(option is not None and not option.is_present for option in harm)
    parent = () if is_safe else (Informant.PARENT,)
    child = (Informant.CHILD,) if case.answers.get("told_or_seen") == "yes" else ()
    return frozenset((*parent, *child))


def by_whom(found: tuple[Gap, ...], own: str) -> tuple[tuple[Informant | None, tuple[Gap, ...]], ...]:
    """Return the gaps by whom to ask: the person's own agency (`own`) if likely to know, else whoever is likeliest.

    Each gap is in one group. Groups are in the order of their first gaps. The group `None` has gaps with nobody to ask.
    """
    groups: dict[Informant | None, list[Gap]] = {}
    for gap in found:
        # One's own records cost no call, but an agency that is only third likeliest is not asked because it is near.
        mine = next((informant for informant in gap.whom[:2] if informant == own), None)
        groups.setdefault(mine or next(iter(gap.whom), None), []).append(gap)
    return tuple((whom, tuple(group)) for whom, group in groups.items())
