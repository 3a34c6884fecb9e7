"""Parsers of a pack's reference parts: glossary, guide, headings of the case record, and phrases that blame a child."""

from seraf.form.instrument import Instrument
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN
from seraf.pack import Ask, SearchWords
from seraf.reading.form.instrument import MAX_LABEL
from seraf.reading.toml.tables import TomlTable, unique
from seraf.reference import Blaming, Chapter, Glossary, Guide, Heading, Recording, Term, Topic, fold

MAX_BUTTON = 20
"""The maximum number of characters of texts on buttons: a term, a chapter's title, and a topic's label."""

MAX_TEXT = 700
"""The maximum number of characters of a topic's text. Long headings can reduce it."""

MAX_SOURCES = 6
"""The maximum number of headings that a topic names, including “ours”."""

MAX_CARD, A_SOURCE, PARTING = 1_000, 90, 4
"""The maximum number of characters of a topic's card, of the line of one heading, and of all separators together."""

MAX_ID = 12
"""The maximum number of characters of an id. Button data contains it together with search results."""

FOUND = ("item", "topic", "term", "contact", "command")
"""The kinds of things that people find. Each has a table with its plural as a name."""

MAX_CHAPTERS, MAX_TOPICS, MAX_IN_CHAPTER = 12, 99, 12
"""The maximum number of chapters, of topics, and of topics in a chapter, as far as buttons and their data have room."""


def read_glossary(table: TomlTable) -> Glossary:
    """Return the terms in a table, in alphabetical order. Two terms with the same name are a fault."""
    terms = tuple(
        row.closed(
            Term(
                id=row.name("id", limit=30),
                term=row.text("term", limit=MAX_BUTTON),
                also=row.texts("also"),
                text=row.text("text", limit=400),
                source=row.text("source"),
            )
        )
        for row in table.tables("terms", at_least=1)
    )
    table.close()
    unique(table, "terms", ids=[term.id for term in terms])
    names = [{fold(name) for name in (term.term, *term.also)} for term in terms]
    unique(table, "terms", ids=[name for of_term in names for name in sorted(of_term)])
    return Glossary(tuple(sorted(terms, key=lambda term: fold(term.term))))


def read_guide(table: TomlTable) -> Guide:
    """Return the guide in a table. Chapters without topics, and repeated ids, titles and labels are faults."""
    titles = [
        (row.name("id", limit=MAX_ID), row.closed(row.text("title", limit=MAX_BUTTON)))
        for row in table.tables("chapters", at_least=1)
    ]
    placed = [(row.word("chapter", (name for name, _ in titles)), _topic(row)) for row in table.tables("topics")]
    table.close()
    chapters = tuple(
        Chapter(name, title, tuple(topic for chapter, topic in placed if chapter == name)) for name, title in titles
    )
    unique(table, "chapters", ids=[*(name for name, _ in titles), *(topic.id for _, topic in placed)])
    unique(table, "chapters", ids=[fold(title) for _, title in titles])
    unique(table, "topics", ids=[fold(topic.short) for _, topic in placed])
    for index, chapter in enumerate(chapters):
        if not chapter.topics:
            table.fault(f"chapters[{index}]", "needs at least one card in [[topics]]")
        if len(chapter.topics) > MAX_IN_CHAPTER:
            table.fault(f"chapters[{index}]", f"{len(chapter.topics)} cards; at most {MAX_IN_CHAPTER} fit")
    if len(chapters) > MAX_CHAPTERS:
        table.fault("chapters", f"{len(chapters)} of them; at most {MAX_CHAPTERS} fit")
    if len(placed) > MAX_TOPICS:
        table.fault("topics", f"{len(placed)} of them; at most {MAX_TOPICS} fit")
    return Guide(chapters)


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
    roles = [word for word in FACT_WORDS["profession"] if word != NOT_KNOWN]
    for role in topic.roles:
        if role not in roles:
            table.fault("roles", f"{role!r} is not one of: {', '.join(roles)}")
    return topic


def read_recording(table: TomlTable, instrument: Instrument) -> Recording:
    """Return the headings and the blaming phrases in a table. A heading with the id of an item is a fault."""
    headings = tuple(
        row.closed(
            Heading(
                id=row.name("id"),
                title=row.text("title", limit=60),
                short=row.text("short", limit=MAX_LABEL),
                ask=row.text("ask", limit=300),
                source=row.text("source"),
            )
        )
        for row in table.tables("headings", at_least=1)
    )
    mirror = tuple(_blaming(row) for row in table.tables("mirror"))
    table.close()
    unique(table, "headings", ids=[heading.id for heading in headings])
    for heading in headings:
        if heading.id in instrument:
            table.fault("headings", f"{heading.id!r} is already the name of an item; choose another")
    unique(table, "headings", ids=[heading.short for heading in headings])
    unique(table, "mirror", ids=[entry.id for entry in mirror])
    return Recording(headings, mirror)


def _blaming(table: TomlTable) -> Blaming:
    blaming = Blaming(
        id=table.name("id"),
        phrases=table.texts("phrases", at_least=1),
        why=table.text("why", limit=200),
        instead=table.text("instead", limit=250),
        source=table.text("source"),
    )
    table.close()
    for phrase in blaming.phrases:
        # A word without letters would match everything, or nothing.
        if not all(fold(word) for word in phrase.split()):
            table.fault("phrases", f"{phrase!r} has no words; write the words themselves")
    return blaming


def read_search(table: TomlTable) -> SearchWords:
    """Return the words by which people find things. Whether the ids are those of the pack is checked with the whole pack."""
    words, commands = dict[str, tuple[str, ...]](), tuple[str, ...]()
    for kind in FOUND:
        if rows := table.table(f"{kind}s"):
            words |= {f"{kind}:{name}": rows.texts(name, at_least=1) for name in rows.raw}
            commands = tuple(rows.raw) if kind == "command" else commands
    asks = table.table("asks")
    listed = tuple(Ask(question, asks.texts(question, at_least=1)) for question in asks.raw) if asks else ()
    return table.closed(SearchWords(words, commands, listed))
