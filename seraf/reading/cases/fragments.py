"""Reading the sentences from which made-up cases are built. A board may leave the file out."""

from collections.abc import Iterator, Mapping

from seraf.cases.fragments import DATED, FORMS, Child, Fragments, Home, Phrasing, Said, Teller, Telling
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import Age, Meaning
from seraf.reading.cases.frames import (
    BECAUSE,
    CALLS,
    LINE,
    MAX_NAME,
    MAX_OWN,
    MAX_RULE,
    VARIANTS,
    WAYS,
    judge,
    judge_places,
    read_frames,
    read_reason,
    read_reasons,
    read_times,
    sub,
)
from seraf.reading.cases.vignettes import MAX_BECAUSE, read_key_rule, read_today, rule_words
from seraf.reading.toml.tables import TomlTable, unique

SPEAKS = {
    Telling.PLAIN: frozenset(Meaning),
    Telling.SUSPECTED: frozenset({Meaning.CURRENT, Meaning.EARLIER}),
    Telling.OUTSIDE: frozenset({Meaning.ABSENT}),
    Telling.FAMILY: frozenset({Meaning.CURRENT}),
}
"""What an answer may mean that is told in that way."""


def read_fragments(table: TomlTable, instrument: Instrument, *, is_proven: bool = False) -> Fragments:
    """The fragments in a table, for the items of an instrument. They have to be enough for a case of some kind, which is
    tried unless it was before.
    """
    words = rule_words(instrument)
    fragments = Fragments(
        title=_named(table, "title", limit=40),
        about=table.text("about", limit=120),
        warning=table.text("warning", limit=160),
        titles=_titles(sub(table, "titles")),
        children=tuple(_child(each) for each in table.tables("children", at_least=VARIANTS)),
        homes=tuple(_home(each, instrument) for each in table.tables("homes", at_least=VARIANTS)),
        times=read_times(sub(table, "times")),
        frames=read_frames(sub(table, "frames")),
        because=read_reasons(sub(table, "because"), BECAUSE, limit=MAX_RULE),
        calls=read_reasons(sub(table, "calls"), CALLS, limit=MAX_BECAUSE),
        follows=dict(_follows(each, instrument) for each in table.tables("follows")),
        today=tuple(read_today(each, words) for each in table.tables("today", at_least=1)),
        keyed=tuple(read_key_rule(each, instrument, words=words) for each in table.tables("keyed", at_least=1)),
        said=tuple(_said(each, instrument) for each in table.tables("said", at_least=1)),
    )
    table.close()
    if not is_proven:
        _prove(table, fragments, instrument=instrument)
    return fragments


def _prove(table: TomlTable, fragments: Fragments, *, instrument: Instrument) -> None:
    """Note whatever is wrong with the whole of it."""
    from seraf.rehearsal.checking import code_fault  # what proves is slow to import, and the shipped pack was proven
    from seraf.rehearsal.made.made_case import can_measure

    _judge_whole(table, fragments)
    for place, text in _placed(fragments):
        if fault := code_fault(text, instrument):
            table.fault(place, f"{text!r} {fault}")
    # Tried last: the search takes for granted what was judged above.
    if not table.faults.found and not can_measure(fragments, instrument):
        table.fault("said", "there is not enough for a case of any kind; write more of them")


def _judge_whole(table: TomlTable, fragments: Fragments) -> None:
    unique(table, "children", ids=[each.name for each in fragments.children])
    ways = [(each.answers, each.telling) for each in fragments.said if each.telling is not Telling.FAMILY]
    unique(table, "said", ids=[f"{telling} {' '.join(answers[0])}" for answers, telling in ways])
    unique(table, "said", ids=[line.text for each in fragments.said for line in each.lines])
    for key, texts in fragments.frames.items():
        unique(table, f"frames.{key}", ids=texts)
    if all(home.needs for home in fragments.homes):
        table.fault("homes", "each needs an item; write one that any child may have")
    if not any(each.is_calm and not each.conditions for each in fragments.today):
        table.fault("today", "each has its danger or its condition; write one that any child may have")
    if not any(each.place == "judgement" and not each.conditions for each in fragments.keyed):
        table.fault("keyed", "every judgement has its condition; write one that always holds")


def _placed(fragments: Fragments) -> Iterator[tuple[str, str]]:
    """Everything that somebody may read, each with its place."""
    yield from (("title", fragments.title), ("about", fragments.about), ("warning", fragments.warning))
    yield from ((f"titles.{teller}", title) for teller, title in fragments.titles.items())
    yield from ((f"homes[{at}].text", home.text) for at, home in enumerate(fragments.homes))
    yield from ((f"frames.{key}", text) for key, texts in fragments.frames.items() for text in texts)
    yield from ((f"because.{key}", text) for key, texts in fragments.because.items() for text in texts)
    yield from ((f"calls.{key}", text) for key, texts in fragments.calls.items() for text in texts)
    yield from ((f"today[{at}].texts", text) for at, each in enumerate(fragments.today) for text in each.texts)
    yield from (
        (f"keyed[{at}].because", text)
        for at, each in enumerate(fragments.keyed)
        for text in (each.because, each.other_because)
    )
    yield from ((f"said[{at}].because", said.because) for at, said in enumerate(fragments.said))
    yield from (
        (f"said[{at}].{line.teller}", line.text) for at, said in enumerate(fragments.said) for line in said.lines
    )


def _named(table: TomlTable, key: str, *, limit: int) -> str:
    text = table.text(key, limit=limit)
    judge_places(table, key, text=text, known=("name", "years"))
    return text


def _titles(table: TomlTable) -> Mapping[Teller, str]:
    titles = {teller: _named(table, teller, limit=40) for teller in Teller}
    table.close()
    return titles


def _child(table: TomlTable) -> Child:
    child = Child(table.text("name", limit=MAX_NAME), table.word("pronoun", FORMS))
    judge_places(table, "name", text=child.name, known=())
    if " " in child.name:
        table.fault("name", "must be one first name and nothing else")
    table.close()
    return child


def _home(table: TomlTable, instrument: Instrument) -> Home:
    text = table.text("text", limit=50)
    judge_places(table, "text", text=text, known=FORMS["they"])
    if len(text.split()) > 8:
        table.fault("text", "has more than eight words")
    needs = frozenset(table.texts("needs"))
    _judge_items(table, "needs", ids=needs, instrument=instrument)
    has_worker = table.flag_or_false("worker")
    table.close()
    return Home(text, needs, has_worker)


def _follows(table: TomlTable, instrument: Instrument) -> tuple[str, str]:
    item, of = table.text("item"), table.text("of")
    _judge_items(table, "item", ids={item} - {""}, instrument=instrument)
    _judge_items(table, "of", ids={of} - {""}, instrument=instrument)
    table.close()
    if item in instrument and of in instrument and instrument.item(item).section is not instrument.item(of).section:
        table.fault("of", f"{of!r} is of another section than {item!r}")
    return item, of


def _judge_items(table: TomlTable, key: str, *, ids: frozenset[str] | set[str], instrument: Instrument) -> None:
    for each in sorted(ids):
        if each not in instrument and instrument.items:
            table.fault(key, f"{each!r} is not the id of an item")


def _said(table: TomlTable, instrument: Instrument) -> Said:
    item_id, answer = table.text("item"), table.text("answer")
    telling = Telling(table.word("telling", Telling) if "telling" in table.raw else Telling.PLAIN)
    denied = table.texts("denies", at_least=1) if telling is Telling.FAMILY else ()
    ages = tuple(Age(each) for each in table.texts("ages") if _is_age(table, each))
    unless = frozenset(table.texts("unless"))
    because = read_reason(table, "because", limit=MAX_OWN, known=DATED)
    lines = tuple(Phrasing(teller, text) for teller in Teller for text in _texts(table, teller))
    _judge_tellers(table, lines)
    table.close()
    _judge_items(table, "item", ids={item_id} - {""}, instrument=instrument)
    _judge_items(table, "denies", ids={*denied}, instrument=instrument)
    _judge_items(table, "unless", ids=unless, instrument=instrument)
    if item_id in instrument:
        _judge_answer(table, instrument.item(item_id), answer=answer, telling=telling)
    denials = tuple((each, _absent(instrument.item(each))) for each in denied if each in instrument)
    return Said(((item_id, answer), *denials), telling, because, ages, unless, lines)


def _texts(table: TomlTable, teller: Teller) -> tuple[str, ...]:
    texts = table.texts(teller)
    judge(table, teller, texts=texts, bounds=LINE)
    return texts


def _is_age(table: TomlTable, word: str) -> bool:
    if word not in (*Age,):
        table.fault("ages", f"{word!r} is not one of: {', '.join(Age)}")
    return word in (*Age,)


def _judge_tellers(table: TomlTable, lines: tuple[Phrasing, ...]) -> None:
    """With two tellers each, four statements of a teller at most, eight statements always find theirs."""
    if len({line.teller for line in lines} - {Teller.CHILD}) < VARIANTS:
        table.fault("item", "needs a line of two of these at least: concern, school, services")
    if len(lines) < WAYS:
        table.fault("item", f"is told in {len(lines)} ways; write {WAYS} at least")


def _judge_answer(table: TomlTable, item: Item, *, answer: str, telling: Telling) -> None:
    means = {option.id: option.means for option in item.section.options}
    if answer and answer not in means:
        table.fault("answer", f"{answer!r} is not one of: {', '.join(means)}")
    elif answer and means[answer] not in SPEAKS[telling]:
        table.fault("answer", f"{answer!r} cannot be told as {telling}")


def _absent(item: Item) -> str:
    return next(option.id for option in item.section.options if option.means is Meaning.ABSENT)
