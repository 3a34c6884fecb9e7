"""The table of overlays: one row a kind, and none is left out."""

from dialogs.cards.overlay_cards import OVERLAY_CARDS
from dialogs.core.acts import Kind


def test_every_kind_of_overlay_has_one_card_of_its_own() -> None:
    """A kind that is added has no card until it has its row; the stops share one."""
    assert set(OVERLAY_CARDS) == set(Kind)
    assert len({id(card) for card in OVERLAY_CARDS.values()}) == len(Kind)
