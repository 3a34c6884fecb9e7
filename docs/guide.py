"""The page of the guide: every card of the shipped pack, with the headings that it rests on and the words that find it."""

from itertools import pairwise

from bot.runtime.packs import SHIPPED, load_pack
from docs.markdown import page
from seraf.reference.guide import Chapter, Topic

ABOUT = """
The guidance in short cards, in our own words, by chapter. In the bot, `/guide` shows them, and `/guide` with a word finds
one. Under each card stand the headings of the guidance on which it rests; “ours” stands for what the guidance does not
say. Then come the words by which the card is found, other than its own.
"""

BULLET = "• "


def guide_page() -> str:
    """Every card, chapter by chapter."""
    return page("Guide", ABOUT, *(part for chapter in load_pack(SHIPPED).guide.chapters for part in _chapter(chapter)))


def _chapter(chapter: Chapter) -> tuple[str, ...]:
    return (f"## {chapter.title}", *map(_card, chapter.topics))


def _card(topic: Topic) -> str:
    rests = ", ".join(source if source == "ours" else f"“{source}”" for source in topic.sources)
    return f"### {topic.title}\n\n{_lines(topic.text)}\n\n*Rests on {rests}. Found by: {', '.join(topic.words)}.*"


def _lines(text: str) -> str:
    """Each line a paragraph of its own; bullets a list."""
    marked = text.replace(f"\n{BULLET}", "\n- ").split("\n")
    parted = [marked[0]]
    for before, line in pairwise(marked):
        parted.append(f"\n{line}" if before.startswith("- ") and line.startswith("- ") else f"\n\n{line}")
    return "".join(parted)
