"""The parser of the sentences from which practice cases are generated. A board may leave the file out."""

from collections.abc import Iterator

from seraf.cases.fragments import DATED, FORMS, CaseHeadings, Child, Fragments, Home, Phrasing, Said, Teller, Telling
from seraf.form.instrument import Instrument
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
"""For each way of settling an item, what the option of the statement may mean."""


def read_fragments(table: TomlTable, instrument: Instrument, *, is_proven: bool = False) -> Fragments:
    """Return the fragments in a table, for the items of an instrument.

    Unless `is_proven`, also check that at least one case can be generated from them.
    """
    words = rule_words(instrument)
    titles = sub(table, "titles")
    fragments = Fragments(
        headings=CaseHeadings(
            title=_named(table, "title", limit=40),
            about=table.text("about", limit=120),
            warning=table.text("warning", limit=160),
            titles=titles.closed({teller: _named(titles, teller, limit=40) for teller in Teller}),
        ),
        children=tuple(_child(row) for row in table.tables("children", at_least=VARIANTS)),
        homes=tuple(_home(row, instrument) for row in table.tables("homes", at_least=VARIANTS)),
        times=read_times(sub(table, "times")),
        frames=read_frames(sub(table, "frames")),
        because=read_reasons(sub(table, "because"), BECAUSE, limit=MAX_RULE),
        calls=read_reasons(sub(table, "calls"), CALLS, limit=MAX_BECAUSE),
        follows=dict(_follows(row, instrument) for row in table.tables("follows")),
        today=tuple(read_today(row, words) for row in table.tables("today", at_least=1)),
        keyed=tuple(read_key_rule(row, instrument, words=words) for row in table.tables("keyed", at_least=1)),
        said=tuple(_said(row, instrument) for row in table.tables("said", at_least=1)),
    )
    table.close()
    if not is_proven:
        _prove(table, fragments, instrument=instrument)
    return fragments


def _prove(table: TomlTable, fragments: Fragments, *, instrument: Instrument) -> None:
    """Record every fault that can only be found by comparing all fragments."""
    from seraf.rehearsal.checking import code_fault  # these two are slow to import, and the shipped pack is proven
    from seraf.rehearsal.made.made_case import can_measure

    unique(table, "children", ids=[child.name for child in fragments.children])
    ways = [
        (statement.answers, statement.telling)
        for statement in fragments.said
        if statement.telling is not Telling.FAMILY
    ]
    unique(table, "said", ids=[f"{telling} {' '.join(answers[0])}" for answers, telling in ways])
    unique(table, "said", ids=[line.text for statement in fragments.said for line in statement.lines])
    for key, texts in fragments.frames.items():
        unique(table, f"frames.{key}", ids=texts)
    if all(home.needs for home in fragments.homes):
        table.fault("homes", "each needs an item; write one that any child may have")
    if not any(today.is_calm and not today.conditions for today in fragments.today):
        table.fault("today", "each has its danger or its condition; write one that any child may have")
    if not any(rule.place == "judgement" and not rule.conditions for rule in fragments.keyed):
        table.fault("keyed", "every judgement has its condition; write one that always holds")
    for place, text in _placed(fragments):
        if fault := code_fault(text, instrument):
            table.fault(place, f"{text!r} {fault}")
    # Checked last, since the search relies on everything that was checked above.
    if not table.faults.found and not can_measure(fragments, instrument):
        table.fault("said", "there is not enough for a case of any kind; write more of them")


def _placed(fragments: Fragments) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each fragment that a person may read."""
    headings = fragments.headings
    yield from (("title", headings.title), ("about", headings.about), ("warning", headings.warning))
    yield from ((f"titles.{teller}", title) for teller, title in headings.titles.items())
    yield from ((f"homes[{at}].text", home.text) for at, home in enumerate(fragments.homes))
    for kind, frames in (("frames", fragments.frames), ("because", fragments.because), ("calls", fragments.calls)):
        yield from ((f"{kind}.{key}", text) for key, texts in frames.items() for text in texts)
    yield from ((f"today[{at}].texts", text) for at, today in enumerate(fragments.today) for text in today.texts)
    for at, rule in enumerate(fragments.keyed):
        yield from ((f"keyed[{at}].because", text) for text in (rule.because, rule.other_because))
    yield from ((f"said[{at}].because", statement.because) for at, statement in enumerate(fragments.said))
    for at, statement in enumerate(fragments.said):
        yield from ((f"said[{at}].{line.teller}", line.text) for line in statement.lines)


def _named(table: TomlTable, key: str, *, limit: int) -> str:
    text = table.text(key, limit=limit)
    judge_places(table, key, text=text, known=("name", "years"))
    return text


def _child(table: TomlTable) -> Child:
    child = Child(table.text("name", limit=MAX_NAME), table.word("pronoun", FORMS))
    judge_places(table, "name", text=child.name, known=())
    if " " in child.name:
        table.fault("name", "must be one first name and nothing else")
    return table.closed(child)


def _home(table: TomlTable, instrument: Instrument) -> Home:
    text = table.text("text", limit=50)
    judge_places(table, "text", text=text, known=FORMS["they"])
    if len(text.split()) > 8:
        table.fault("text", "has more than eight words")
    needs = frozenset(table.texts("needs"))
    _judge_items(table, "needs", ids=needs, instrument=instrument)
    return table.closed(Home(text, needs, table.flag_or_false("worker")))


def _follows(table: TomlTable, instrument: Instrument) -> tuple[str, str]:
    item, of = table.text("item"), table.text("of")
    _judge_items(table, "item", ids={item} - {""}, instrument=instrument)
    _judge_items(table, "of", ids={of} - {""}, instrument=instrument)
    table.close()
    if item in instrument and of in instrument and instrument.item(item).section is not instrument.item(of).section:
        table.fault("of", f"{of!r} is of another section than {item!r}")
    return item, of


def _judge_items(table: TomlTable, key: str, *, ids: frozenset[str] | set[str], instrument: Instrument) -> None:
    for item in sorted(ids):
        if item not in instrument and instrument.items:
            table.fault(key, f"{item!r} is not the id of an item")


def _said(table: TomlTable, instrument: Instrument) -> Said:
    item_id, answer = table.text("item"), table.text("answer")
    telling = Telling(table.word("telling", Telling) if "telling" in table.raw else Telling.PLAIN)
    denied = table.texts("denies", at_least=1) if telling is Telling.FAMILY else ()
    ages = table.texts("ages")
    for word in ages:
        if word not in (*Age,):
            table.fault("ages", f"{word!r} is not one of: {', '.join(Age)}")
    unless = frozenset(table.texts("unless"))
    because = read_reason(table, "because", limit=MAX_OWN, known=DATED)
    lines = []
    for teller in Teller:
        texts = table.texts(teller)
        judge(table, teller, texts=texts, bounds=LINE)
        lines += [Phrasing(teller, text) for text in texts]
    # With two narrators each, and at most four statements of one narrator, eight statements always find theirs.
    if len({line.teller for line in lines} - {Teller.CHILD}) < VARIANTS:
        table.fault("item", "needs a line of two of these at least: concern, school, services")
    if len(lines) < WAYS:
        table.fault("item", f"is told in {len(lines)} ways; write {WAYS} at least")
    table.close()
    _judge_items(table, "item", ids={item_id} - {""}, instrument=instrument)
    _judge_items(table, "denies", ids={*denied}, instrument=instrument)
    _judge_items(table, "unless", ids=unless, instrument=instrument)
    if item_id in instrument:
        means = {option.id: option.means for option in instrument.item(item_id).section.options}
        if answer and answer not in means:
            table.fault("answer", f"{answer!r} is not one of: {', '.join(means)}")
        elif answer and means[answer] not in SPEAKS[telling]:
            table.fault("answer", f"{answer!r} cannot be told as {telling}")
    denials = tuple(
        (name, next(option.id for option in instrument.item(name).section.options if option.means is Meaning.ABSENT))
        for name in denied
        if name in instrument
    )
    known_ages = tuple(Age(word) for word in ages if word in (*Age,))
    return Said(((item_id, answer), *denials), telling, because, known_ages, unless, tuple(lines))
