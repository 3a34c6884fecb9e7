"""Reading how the key of a made-up case answers what no sentence settles, and where the child of a case can be today."""

from seraf.cases.fragments import PLACES, KeyRule, Telling, Today
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, Meaning
from seraf.reading.cases.frames import MAX_RULE, NOW, WAYS, judge, read_reason
from seraf.reading.cases.vignettes import MAX_BECAUSE
from seraf.reading.toml.conditions import Words, read_any, words_for
from seraf.reading.toml.tables import TomlTable

QUESTIONS = ("danger", "told_or_seen", "judgement")
"""Questions that a rule of the key may answer."""


def rule_words(instrument: Instrument) -> Words:
    """What a condition here may ask for: what is so of a case, in what way something is told, and whether people are uneasy."""
    ids = [each.id for each in instrument.sections], [each.id for each in instrument.items]
    own = words_for(*ids, questions=[each.id for each in instrument.questions])
    return {**own, "telling": tuple(Telling), "uneasy": ANSWERS[:2]}


def read_today(table: TomlTable, words: Words) -> Today:
    """Where a child can be today, with the answers to danger and to what was told."""
    danger, told = table.word("danger", ANSWERS), table.word("told_or_seen", ANSWERS)
    texts = table.texts("texts", at_least=WAYS)
    judge(table, "texts", texts=texts, bounds=NOW)
    today = Today(danger, told, texts, _reason(table, "because"), read_any(table, "if", words=words))
    table.close()
    return today


def read_key_rule(table: TomlTable, instrument: Instrument, *, words: Words) -> KeyRule:
    """A rule of the key. Of an item it may only say what adds no points, since the search has counted them."""
    place = table.word("place", (*QUESTIONS, *(item.id for item in instrument.items)))
    allowed = FACT_WORDS.get(place) or _options(instrument, place)
    other = table.word("other", allowed) if "other" in table.raw else ""
    rule = KeyRule(
        place,
        table.word("answer", _unscored(instrument, place) if place in instrument else allowed),
        _reason(table, "because", limit=MAX_RULE if place == "judgement" else MAX_BECAUSE),
        other,
        _reason(table, "other_because") if other else "",
        read_any(table, "if", words=words),
    )
    table.close()
    if other == rule.answer:
        table.fault("other", "the other reading is the same as the first")
    return rule


def _reason(table: TomlTable, key: str, *, limit: int = MAX_BECAUSE) -> str:
    return read_reason(table, key, limit=limit, known=PLACES)


def _options(instrument: Instrument, place: str) -> tuple[str, ...]:
    return tuple(option.id for option in instrument.item(place).section.options) if place in instrument else ()


def _unscored(instrument: Instrument, place: str) -> tuple[str, ...]:
    present = (Meaning.CURRENT, Meaning.EARLIER)
    return tuple(option.id for option in instrument.item(place).section.options if option.means not in present)
