"""The parser of assumed frequencies that depend on the ids of a pack. A pack can leave this file out."""

from seraf.advice.guidance import Guidance
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import ANSWERS
from seraf.pack import IntakeShares, Share
from seraf.reading.toml.conditions import known_words
from seraf.reading.toml.tables import TomlTable

WHOLE = 1_000
"""The sum of the frequencies of all answers to a question: they are in cases per thousand."""


def read_intake(table: TomlTable, instrument: Instrument, guidance: Guidance) -> IntakeShares:
    """Return the frequencies in a table. They are checked against the ids of items and of questions."""
    harm = frozenset(known_words(table, "harm", allowed=[item.id for item in instrument.items]))
    seldom: dict[str, int] = {}
    if rows := table.table("seldom"):
        for item in rows.raw:
            seldom[item] = rows.number(item)
            if instrument.items and item not in instrument:
                rows.fault(item, "not the id of an item")
            elif seldom[item] == 0:
                rows.fault(item, "must be 1 or more, in percent of the other items of its section")
    known: dict[str, tuple[str, ...]] = {question.id: ANSWERS for question in instrument.questions}
    known |= {circumstance.id: circumstance.words for circumstance in guidance.circumstances}
    answers: dict[str, Share] = {}
    if rows := table.table("answers"):
        for question in rows.raw:
            if question not in known:
                rows.fault(question, f"not the id of a question; known: {', '.join(known)}")
            if (share := rows.table(question)) is None:
                continue
            answers[question] = {word: share.number(word) for word in share.raw}
            for word in answers[question]:
                if question in known and word not in known[question]:
                    share.fault(word, f"not an answer to this question; known: {', '.join(known[question])}")
            if sum(answers[question].values()) != WHOLE:
                rows.fault(question, f"the answers must add up to {WHOLE:,} cases")
    return table.closed(IntakeShares(harm, seldom, answers))
