"""On which totals the edges of the categories lie: one below and just at it, and never without a significant indicator."""

import pytest

from seraf.rehearsal.made.targets import PLANS, AnswerCounts, Outlook, Target, category_at

STARTS = {1: 0, 2: 6, 3: 11, 4: 16}
EDGES = {
    **{5: Target.BELOW_2, 6: Target.AT_2},
    **{10: Target.BELOW_3, 11: Target.AT_3},
    **{15: Target.BELOW_4, 16: Target.AT_4},
}
"""Points to the aim that they are."""


def come_to(total: int, *, signs: int) -> Outlook:
    """Answers of so many points, all of them told, with so many significant indicators."""
    category = category_at(STARTS, total)
    return Outlook(
        total=total,
        added=0,
        category=category,
        highest=category,
        counts=AnswerCounts(told=5, signs=signs, current=0, wide=0, unknown=0),
        opening=0,
        sign=5,
        is_low=category < 3,
        starts=STARTS,
    )


@pytest.mark.parametrize("total", range(22))
def test_a_total_is_at_most_one_edge_and_needs_a_sign(total: int) -> None:
    """One sign is enough; a number that came about without any is another aim's."""
    hit = {signs: [aim for aim in EDGES.values() if PLANS[aim].goal(come_to(total, signs=signs))] for signs in range(3)}

    expected = [EDGES[total]] if total in EDGES else []
    assert hit == {0: [], 1: expected, 2: expected}
