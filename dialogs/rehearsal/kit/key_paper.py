"""The papers about one made-up case: the handout, and the key with all its readings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from string import ascii_lowercase

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import category_name, quotable
from dialogs.rehearsal.kit.paper import (
    Blank,
    Block,
    Boxed,
    Bullets,
    Circles,
    Leaf,
    Prose,
    Quoted,
    ThreeColumns,
    TrainingPaper,
)
from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.form.instrument import Item
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, NOT_ASKED, NOT_KNOWN
from seraf.rehearsal.critical_actions import OtherReading, allowed_calls, other_readings
from seraf.rehearsal.session_plan import Demand, MatchedPair
from seraf.score.scoring import band_of

BEFORE = ("age", "danger", "told_or_seen", "allocated", "stage")
"""What is asked before the items, of every case alike: what leads first, and what the points and the first call rest on."""

JUDGEMENT, CALL = "judgement", "first-call"
"""What is asked after them: the judgement, and whom to contact first."""

FIXED = {"yes": "y", "no": "n", NOT_KNOWN: "?"}
"""The letters of answers that are the same everywhere."""


@dataclass(frozen=True, slots=True)
class LetteredAnswer:
    """One answer of a line: its letter, the word that it is kept as, and its label."""

    letter: str
    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of the sheet: the place that it answers, its number on the form (empty for a question), what it asks, its answers."""

    place: str
    number: str
    about: str
    answers: tuple[LetteredAnswer, ...]

    @property
    def letters(self) -> str:
        """Its letters, as they may be typed."""
        return "".join(each.letter for each in self.answers)


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Lines that are typed in one go: those before the items, those of a section, those after."""

    title: str
    ask: str
    lines: tuple[AnswerLine, ...]


def answer_parts(script: Script) -> tuple[AnswerPart, ...]:
    """The whole sheet, in order. It is the same for every case, so that it says nothing of any."""
    say, instrument = script.wording.say, script.pack.instrument
    sections = (
        AnswerPart(
            section.title,
            section.ask,
            tuple(_of_item(item, instrument.number(item.id)) for item in instrument.of_section(section.id)),
        )
        for section in instrument.sections
    )
    return (
        AnswerPart(say("kit.sheet.before"), say("kit.sheet.before-how"), tuple(_asked(BEFORE, script))),
        *sections,
        AnswerPart(say("kit.sheet.after"), say("kit.sheet.after-how"), tuple(_after(script))),
    )


def lettered(pairs: Iterable[tuple[str, str]]) -> tuple[LetteredAnswer, ...]:
    """Each answer (word and label) with its letter: y, n and ? where it is one of those, else a, b, c in order."""
    others, found = iter(ascii_lowercase), list[LetteredAnswer]()
    for answer, label in pairs:
        found.append(LetteredAnswer(FIXED.get(answer) or next(others), answer, label))
    return tuple(found)


def words_of(place: str) -> tuple[str, ...]:
    """What a question around the items may be answered with on paper."""
    return tuple(word for word in FACT_WORDS.get(place, ANSWERS) if word != NOT_ASKED)


def asked_line(place: str, script: Script) -> AnswerLine:
    """The line of an item, or of a question around them."""
    instrument = script.pack.instrument
    if place in instrument:
        return _of_item(instrument.item(place), instrument.number(place))
    (line,) = _asked((place,), script)
    return line


def call_line(script: Script) -> AnswerLine:
    """The line on which whom to contact first is answered."""
    say = script.wording.say
    calls = lettered((call, say(f"first-call.{call}")) for call in FirstCall)
    return AnswerLine(CALL, "", say("rehearsal.first-call.title"), calls)


def _of_item(item: Item, number: int) -> AnswerLine:
    options = lettered((option.id, option.label) for option in item.section.options)
    return AnswerLine(item.id, str(number), item.label, options)


def _asked(places: Iterable[str], script: Script) -> Iterator[AnswerLine]:
    for place in places:
        circumstance = script.pack.guidance.circumstance(place)
        words = circumstance.words if circumstance else words_of(place)
        answers = lettered((word, answer_in_words(place, word, script=script)) for word in words)
        about = f"ask.{place}"
        yield AnswerLine(
            place,
            "",
            script.wording.say(about) if about in script.wording else asked_in_words(place, script),
            answers,
        )


def _after(script: Script) -> Iterator[AnswerLine]:
    yield from _asked((JUDGEMENT,), script)
    yield call_line(script)


def how_matched(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """What the two share and in what they differ, a line each; and that nobody has measured how hard they are."""
    say = script.wording.say
    named = {"first": pair.first.title, "second": pair.second.title}
    one, other = (_told(each, script) for each in pair.demands)
    lines = (
        say(f"kit.pair.{'same' if a == b else 'other'}", what=say(f"kit.pair.{name}"), one=a, other=b, **named)
        for name, a, b in zip(("lead", "call", "category", "ticked"), one, other, strict=True)
    )
    return (*lines, say("kit.pair.story"), say("kit.pair.measured"))


def _told(demand: Demand, script: Script) -> tuple[str, str, str, str]:
    lead = next(each for each in script.pack.guidance.leads if each.id == demand.lead)
    say = script.wording.say
    return lead.title, say(f"first-call.{demand.call}"), str(demand.category), str(demand.ticked)


MISSED_AT_A_COST = ("danger", "told_or_seen", "judgement")
"""The answers that stand before all others, with the first call and the category."""

Cells = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def key_paper(vignette: Vignette, script: Script) -> TrainingPaper:
    """The model answers with their reasons. It is for the trainer, and is not handed out before the group has talked."""
    say = script.wording.say
    return TrainingPaper(
        name="model-answers",
        title=say("kit.key.title"),
        about=vignette.title,
        leaves=(Leaf("", (Boxed(tuple(say("kit.key.for-trainer").split("\n"))),)), *key_leaves(vignette, script)),
        footer=say("kit.footer.key", title=vignette.title),
    )


def key_leaves(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """Everything of the key but that it is the trainer's."""
    instrument = script.pack.instrument
    items = tuple(
        Leaf(section.plural, (_table(_of_places({item.id for item in items}, vignette), script),))
        for section in instrument.sections
        if (items := instrument.of_section(section.id))
    )
    around = (_critical(vignette, script), *prompts(vignette, script), *_rules(vignette, script))
    return (*around, *items, *_others(vignette, script))


def prompts(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """What to talk about at each contested answer: both readings, what hangs on it, and what to ask the group.

    Those that change whom to call come first.
    """
    say, readings = script.wording.say, other_readings(script.pack, vignette.key)
    found = sorted(readings, key=lambda each: (not each.moves_call, not each.moves_category))
    if not found:
        return (Leaf(say("kit.prompt.title"), (Prose(say("kit.prompt.none")),)),)
    opening = Leaf(say("kit.prompt.title"), (Prose(say("kit.prompt.how")),))
    return (opening, *(_prompt(each, script) for each in found))


def _critical(vignette: Vignette, script: Script) -> Leaf:
    say, key = script.wording.say, vignette.key
    rows = [_row((keyed,), script) for place in MISSED_AT_A_COST if (keyed := key.of(place))]
    why = (key.first_call_because, *_also_right(vignette, script))
    call = ((say("rehearsal.first-call.title"),), (say(f"first-call.{key.first_call}"),), why)
    band = band_of(script.pack.instrument, key.total)
    total = ((say("kit.key.category"),), (category_name(band, script),), (say("kit.key.total", total=key.total),))
    age = (
        (say("about.age"),),
        (answer_in_words("age", str(key.age), script=script),),
        (say("rehearsal.feedback.age"),),
    )
    table = ThreeColumns(_head(script), (*rows, call, total, age))
    return Leaf(say("kit.key.critical"), (Prose(say("kit.key.critical-how")), table))


def _also_right(vignette: Vignette, script: Script) -> Iterator[str]:
    """Whom one may call first as well, by the key and by one's role; nobody where the key says 999."""
    say, key = script.wording.say, vignette.key
    if key.first_call is FirstCall.EMERGENCY:
        return
    others = [call for call in allowed_calls(script.pack, key, given={}) if call is not key.first_call]
    if others:
        yield say("kit.key.fits", calls=_any_of(others, script))
    yield say("rehearsal-report.by-role")


def _prompt(reading: OtherReading, script: Script) -> Leaf:
    say, keyed = script.wording.say, reading.keyed
    answer, other = (answer_in_words(keyed.place, each, script=script) for each in (keyed.answer, keyed.other))
    both = (
        say("kit.prompt.reading", answer=answer, because=keyed.because),
        say("kit.prompt.reading", answer=other, because=keyed.other_because),
    )
    cites = (Quoted(quotable(keyed.cites)),) if keyed.cites else ()
    asked = (*(say(f"rehearsal-report.prompt.{rule}") for rule in keyed.rules), say("kit.prompt.tomorrow"))
    blocks: tuple[Block, ...] = (
        *cites,
        Bullets(both),
        Prose(_hangs(reading, other, script=script), is_strong=True),
        Prose(say("kit.prompt.ask", answer=answer, other=other)),
        Bullets((say("rehearsal-report.prompt.contested"), *asked)),
    )
    return Leaf(asked_in_words(keyed.place, script), blocks, is_whole=True)


def _hangs(reading: OtherReading, other: str, *, script: Script) -> str:
    """What the other reading would change: said first whether it changes whom to call."""
    say = script.wording.say
    calls = _any_of(reading.calls, script)
    call = say("kit.prompt.moves-call" if reading.moves_call else "kit.prompt.same-call", other=other, calls=calls)
    band = category_name(band_of(script.pack.instrument, reading.total), script)
    key = "kit.prompt.moves-category" if reading.moves_category else "kit.prompt.same-category"
    return f"{call} {say(key, category=band, total=reading.total)}"


def _any_of(calls: Iterable[FirstCall], script: Script) -> str:
    say = script.wording.say
    return f" {say('kit.prompt.or')} ".join(say(f"first-call.{call}") for call in calls)


def _others(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """The other questions that the key answers."""
    say, instrument = script.wording.say, script.pack.instrument
    rest = {each.place for each in vignette.key.keyed if each.place not in instrument} - {*MISSED_AT_A_COST}
    return (Leaf(say("kit.key.others"), (_table(_of_places(rest, vignette), script),)),) if rest else ()


def _rules(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """The rules that the case teaches."""
    say = script.wording.say
    rules = Bullets(tuple(say(f"rule.{rule}.text") for rule in vignette.key.rules))
    return (Leaf(say("kit.key.rules"), (rules,), is_whole=True),) if rules.lines else ()


def _of_places(places: Iterable[str], vignette: Vignette) -> tuple[Keyed, ...]:
    wanted = set(places)
    return tuple(each for each in vignette.key.keyed if each.place in wanted)


def _table(keyed: tuple[Keyed, ...], script: Script) -> ThreeColumns:
    """The answers in the order of the form; those of which the same is said stand in one row."""
    items = [item.id for item in script.pack.instrument.items]
    ordered = sorted(keyed, key=lambda each: items.index(each.place) if each.place in items else len(items))
    return ThreeColumns(_head(script), tuple(_row(each, script) for each in _alike(ordered)))


def _alike(keyed: Iterable[Keyed]) -> Iterator[tuple[Keyed, ...]]:
    for _, group in groupby(keyed, key=lambda each: replace(each, place="", rules=())):
        yield tuple(group)


def _row(keyed: tuple[Keyed, ...], script: Script) -> Cells:
    say, first = script.wording.say, keyed[0]
    why = [first.because]
    if first.cites:
        why.append(say("rehearsal-report.cites", cites=quotable(first.cites)))
    if first.other:
        other = answer_in_words(first.place, first.other, script=script)
        why.append(say("rehearsal-report.other", answer=other, because=first.other_because))
    about = tuple(asked_in_words(each.place, script) for each in keyed)
    return about, (answer_in_words(first.place, first.answer, script=script),), tuple(why)


def _head(script: Script) -> tuple[str, str, str]:
    say = script.wording.say
    return say("kit.key.asked"), say("kit.key.answer"), say("kit.key.why")


def handout(vignette: Vignette, script: Script) -> TrainingPaper:
    """The case as it is told. Support is named before it and after."""
    say = script.wording.say
    return TrainingPaper(
        name="handout",
        title=say("rehearsal.head"),
        about=vignette.title,
        leaves=(Leaf("", before_reading(vignette, script)), *story(vignette), after_reading(script)),
        footer=say("kit.footer.handout", title=vignette.title),
    )


def answer_sheet(script: Script) -> TrainingPaper:
    """The sheet on which one person answers by hand, without a name. It is the same for every case."""
    say = script.wording.say
    how = (Boxed(tuple(say("kit.sheet.how").split("\n"))), Blank(say("kit.sheet.number")))
    return TrainingPaper(
        name="answer-sheet",
        title=say("rehearsal.head"),
        about=say("kit.sheet.title"),
        leaves=(Leaf("", how), *(_leaf(part) for part in answer_parts(script))),
        footer=say("kit.footer.sheet"),
    )


def before_reading(vignette: Vignette, script: Script) -> tuple[Block, ...]:
    """What is hard to read, that anyone may leave, and who is there for support."""
    say = script.wording.say
    warned = (vignette.warning, *say("kit.handout.before").split("\n"))
    return (Boxed(warned), Blank(say("kit.support.today")))


def story(vignette: Vignette) -> tuple[Leaf, ...]:
    """The parts of what is told."""
    return tuple(Leaf(part.title, (Prose(part.text),), is_whole=True) for part in vignette.parts)


def after_reading(script: Script) -> Leaf:
    """What to do next, and whom to turn to."""
    say = script.wording.say
    lines = tuple(Prose(line) for line in say("kit.handout.after").split("\n"))
    return Leaf(say("kit.handout.next"), lines, is_whole=True)


def _leaf(part: AnswerPart) -> Leaf:
    """A part of the sheet: lines that share their letters stand under one head."""
    groups = groupby(part.lines, key=lambda line: line.answers)
    return Leaf(part.title, (Prose(part.ask), *(_circles(tuple(lines)) for _, lines in groups)))


def _circles(lines: tuple[AnswerLine, ...]) -> Circles:
    letters = tuple((each.letter, each.label) for each in lines[0].answers)
    return Circles(letters, tuple((line.number, line.about) for line in lines))
