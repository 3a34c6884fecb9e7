"""Reading a guide: chapters in the order of the file, and in each its cards in the order of the file."""

from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN
from seraf.reading.toml.tables import TomlTable, unique
from seraf.reference import Chapter, Guide, Topic, fold

MAX_BUTTON = 20
"""The most characters of a chapter's title and of a card's label, which are on buttons."""

MAX_TEXT = 700
"""The most characters of a card's text, as long as there is room for its headings."""

MAX_SOURCES = 6
"""The most headings of a card, “ours” among them."""

MAX_CARD, A_SOURCE, PARTING = 1_000, 90, 4
"""Characters of a whole card, of the line of one heading at most, and of what parts title, text and headings."""

MAX_ID = 12
"""The most characters of an id, which travels in buttons together with what was found."""

MAX_CHAPTERS, MAX_TOPICS, MAX_IN_CHAPTER = 12, 99, 12
"""The most that fits: buttons on a card, and two digits for what was found."""

ROLES = tuple(word for word in FACT_WORDS["profession"] if word != NOT_KNOWN)


def read_guide(table: TomlTable) -> Guide:
    """The guide in a table. Every chapter has a card, every card a chapter, and no id, title or label stands twice."""
    titles = [(each.name("id", limit=MAX_ID), _title(each)) for each in table.tables("chapters", at_least=1)]
    placed = [(each.word("chapter", (name for name, _ in titles)), _topic(each)) for each in table.tables("topics")]
    table.close()
    chapters = tuple(
        Chapter(name, title, tuple(topic for chapter, topic in placed if chapter == name)) for name, title in titles
    )
    unique(table, "chapters", ids=[*(name for name, _ in titles), *(topic.id for _, topic in placed)])
    unique(table, "chapters", ids=[fold(title) for _, title in titles])
    unique(table, "topics", ids=[fold(topic.short) for _, topic in placed])
    _count(table, chapters, topics=len(placed))
    return Guide(chapters)


def _count(table: TomlTable, chapters: tuple[Chapter, ...], *, topics: int) -> None:
    for index, chapter in enumerate(chapters):
        if not chapter.topics:
            table.fault(f"chapters[{index}]", "needs at least one card in [[topics]]")
        if len(chapter.topics) > MAX_IN_CHAPTER:
            table.fault(f"chapters[{index}]", f"{len(chapter.topics)} cards; at most {MAX_IN_CHAPTER} fit")
    if len(chapters) > MAX_CHAPTERS:
        table.fault("chapters", f"{len(chapters)} of them; at most {MAX_CHAPTERS} fit")
    if topics > MAX_TOPICS:
        table.fault("topics", f"{topics} of them; at most {MAX_TOPICS} fit")


def _title(table: TomlTable) -> str:
    title = table.text("title", limit=MAX_BUTTON)
    table.close()
    return title


def _topic(table: TomlTable) -> Topic:
    title, short = table.text("title", limit=60), table.text_or_empty("short", limit=MAX_BUTTON)
    topic = Topic(
        id=table.name("id", limit=MAX_ID),
        title=title,
        short=short or title,
        text=table.text("text", limit=MAX_TEXT),
        sources=table.texts("sources", at_least=1),
        words=table.texts("words"),
        roles=table.texts("roles"),
    )
    table.close()
    if not short and len(title) > MAX_BUTTON:
        table.fault("short", f"missing, and the title has over {MAX_BUTTON} characters; write a label for the button")
    if len(topic.sources) > MAX_SOURCES:
        table.fault("sources", f"{len(topic.sources)} headings; at most {MAX_SOURCES} fit")
    room = MAX_CARD - len(title) - PARTING - A_SOURCE * len(topic.sources)
    if len(topic.text) > room:
        table.fault("text", f"{len(topic.text)} characters; at most {room} fit above {len(topic.sources)} headings")
    for role in topic.roles:
        if role not in ROLES:
            table.fault("roles", f"{role!r} is not one of: {', '.join(ROLES)}")
    return topic
