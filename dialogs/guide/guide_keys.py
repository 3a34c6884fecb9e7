"""The keys of the guide: from the chapters to the cards, from card to card, and back to where somebody was."""

from dialogs.core.acts import Open
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows
from dialogs.core.overlays import Overlay
from dialogs.core.session import Session
from dialogs.guide.guiding import MENU, Spot, at_chapter, at_found, at_topic, spot_of, topics_around
from seraf.reference.guide import Guide, Topic

LEAVE = Key(CLOSE.act, "leave-guide")
"""Out of the guide at once, to what lies under it."""


def guide_rows(about: str, session: Session, guide: Guide) -> Rows:
    """The rows of keys of a place in the guide."""
    spot, role = spot_of(about, guide), session.answers.get("profession")
    if spot.topic:
        return ((*_next(spot.topic, spot, guide, role), _back(spot, guide)), (LEAVE, URGENT))
    if spot.chapter or spot.found:
        cards = [_card(topic, spot, guide) for topic in topics_around(spot, role)]
        return (*in_rows(cards, 2), (_to(MENU, "back"), LEAVE, URGENT))
    chapters = [Key(Open(at_chapter(chapter)), text=chapter.title) for chapter in guide.chapters]
    return (*in_rows(chapters, 2), (CLOSE, URGENT))


def _card(topic: Topic, spot: Spot, guide: Guide) -> Key:
    return Key(Open(at_topic(topic, guide, spot.found)), text=topic.short)


def _next(topic: Topic, spot: Spot, guide: Guide, role: str | None) -> tuple[Key, ...]:
    cards = topics_around(spot, role)
    after = cards[cards.index(topic) + 1 :] if topic in cards else ()
    return (_to(at_topic(after[0], guide, spot.found), "next-card"),) if after else ()


def _back(spot: Spot, guide: Guide) -> Key:
    """Back to the list from which the card was opened."""
    if spot.found:
        return _to(at_found(spot.found, guide), "back")
    return _to(at_chapter(spot.chapter) if spot.chapter else MENU, "back")


def _to(overlay: Overlay, word: str) -> Key:
    return Key(Open(overlay), word)
