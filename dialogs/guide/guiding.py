"""Where in the guide somebody is: its list of chapters, a chapter, a card, or what was found for words they typed.

What was typed is kept nowhere: only the numbers of the cards that it found.
"""

from dataclasses import dataclass

from dialogs.core.overlays import Kind, Overlay
from seraf.reference.guide import Chapter, Guide, Topic

FOUND = 6
"""The most cards that are offered for words that were typed."""

MENU = Overlay(Kind.GUIDE)
"""The list of chapters."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the guide. Nothing of it at all is the list of chapters; `found` are the cards that were found, if any."""

    chapter: Chapter | None = None
    topic: Topic | None = None
    found: tuple[Topic, ...] = ()


def spot_of(about: str, guide: Guide) -> Spot:
    """The place that an overlay is about; the list of chapters where today's guide has no such place."""
    name, _, numbers = about.partition("?")
    indices = [int(number) for number in numbers.split(".") if number]
    found = tuple(guide.topics[index] for index in indices if index < len(guide.topics))
    topic = guide.topic(name)
    return Spot(guide.chapter_of(name) if topic else guide.chapter(name), topic, found)


def at_chapter(chapter: Chapter) -> Overlay:
    """The list of a chapter's cards."""
    return Overlay(Kind.GUIDE, chapter.id)


def at_found(found: tuple[Topic, ...], guide: Guide) -> Overlay:
    """The list of what was found."""
    return Overlay(Kind.GUIDE, _numbers(found, guide))


def at_topic(topic: Topic, guide: Guide, found: tuple[Topic, ...] = ()) -> Overlay:
    """A card, opened from its chapter or from what was found."""
    return Overlay(Kind.GUIDE, topic.id + _numbers(found, guide))


def topics_around(spot: Spot, role: str | None) -> tuple[Topic, ...]:
    """The cards in the list at which somebody is, or from which they opened the card: a person's own role first."""
    if spot.found or spot.chapter is None:
        return spot.found
    return spot.chapter.for_role(role)


def _numbers(found: tuple[Topic, ...], guide: Guide) -> str:
    return f"?{'.'.join(str(guide.topics.index(topic)) for topic in found[:FOUND])}" if found else ""
