"""The handout, the answer sheet and the model answers of a made-up case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from string import ascii_lowercase

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import category_name, quotable
from dialogs.rehearsal.core.stage_card import role_calls
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
from dialogs.rehearsal.kit.stage_tree import tree
from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.form.instrument import Item
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, NOT_ASKED, NOT_KNOWN
from seraf.rehearsal.critical_actions import OtherReading, allowed_calls, other_readings
from seraf.rehearsal.session_plan import Demand, MatchedPair
from seraf.score.scoring import band_of

# The questions before the items on every answer sheet: those that affect the advice, the points or the first call.
BEFORE = ("age", "danger", "told_or_seen", "allocated", "stage")
FIXED = {"yes": "y", "no": "n", NOT_KNOWN: "?"}  # the answers that have the same letter in every row of the sheet


@dataclass(frozen=True, slots=True)
class LetteredAnswer:
    """A possible answer in a row of the answer sheet: its letter on paper, its id, and its label."""

    letter: str
    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A row of the answer sheet: the item's number (empty for a question), its text, and its possible answers."""

    number: str
    about: str
    answers: tuple[LetteredAnswer, ...]


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Rows of the answer sheet with one heading: the questions before the items, one section, or the questions after."""

    title: str
    ask: str
    lines: tuple[AnswerLine, ...]


def answer_parts(script: Script) -> tuple[AnswerPart, ...]:
    """Return the parts of the answer sheet in order. They are the same for all cases, so that they reveal nothing about one."""
    say, instrument = script.wording.say, script.pack.instrument
    sections = (
        AnswerPart(
            section.title,
            section.ask,
            tuple(_of_item(item, instrument.number(item.id)) for item in instrument.of_section(section.id)),
        )
        for section in instrument.sections
    )
    after = (*_asked(("judgement",), script), call_line(script))
    return (
        AnswerPart(say("kit.sheet.before"), say("kit.sheet.before-how"), tuple(_asked(BEFORE, script))),
        *sections,
        AnswerPart(say("kit.sheet.after"), say("kit.sheet.after-how"), after),
    )


def lettered(pairs: Iterable[tuple[str, str]]) -> tuple[LetteredAnswer, ...]:
    """Return the answers (id and label) with their letters, which are those in `FIXED`, and a, b, c for the others."""
    others = iter(ascii_lowercase)
    return tuple(LetteredAnswer(FIXED.get(answer) or next(others), answer, label) for answer, label in pairs)


def asked_line(place: str, script: Script) -> AnswerLine:
    """Return the row of the answer sheet for this item or question."""
    instrument = script.pack.instrument
    if place in instrument:
        return _of_item(instrument.item(place), instrument.number(place))
    (line,) = _asked((place,), script)
    return line


def call_line(script: Script) -> AnswerLine:
    """Return the row of the answer sheet for the question whom to call first."""
    say = script.wording.say
    calls = lettered((call, say(f"first-call.{call}")) for call in FirstCall)
    return AnswerLine("", say("rehearsal.first-call.title"), calls)


def _of_item(item: Item, number: int) -> AnswerLine:
    options = lettered((option.id, option.label) for option in item.section.options)
    return AnswerLine(str(number), item.label, options)


def _asked(places: Iterable[str], script: Script) -> Iterator[AnswerLine]:
    for place in places:
        circumstance = script.pack.guidance.circumstance(place)
        known = tuple(word for word in FACT_WORDS.get(place, ANSWERS) if word != NOT_ASKED)
        words = circumstance.words if circumstance else known
        answers = lettered((word, answer_in_words(place, word, script=script)) for word in words)
        key = f"ask.{place}"
        about = script.wording.say(key) if key in script.wording else asked_in_words(place, script)
        yield AnswerLine("", about, answers)


def how_matched(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """Return lines that say how the two cases are alike and differ, and that their difficulty was not measured."""
    say = script.wording.say
    named = {"first": pair.first.title, "second": pair.second.title}
    one, other = (_told(demand, script) for demand in pair.demands)
    lines = (
        say(f"kit.pair.{'same' if a == b else 'other'}", what=say(f"kit.pair.{name}"), one=a, other=b, **named)
        for name, a, b in zip(("lead", "call", "category", "ticked"), one, other, strict=True)
    )
    return (*lines, say("kit.pair.story"), say("kit.pair.measured"))


def _told(demand: Demand, script: Script) -> tuple[str, str, str, str]:
    lead = next(lead for lead in script.pack.guidance.leads if lead.id == demand.lead)
    say = script.wording.say
    return lead.title, say(f"first-call.{demand.call}"), str(demand.category), str(demand.ticked)


MISSED_AT_A_COST = ("danger", "told_or_seen", "judgement")  # first on the model answers, with the call and category


def key_paper(vignette: Vignette, script: Script) -> TrainingPaper:
    """Return the model answers with their reasons, for the trainer, who must not hand them out before the group's discussion."""
    say = script.wording.say
    return TrainingPaper(
        name="model-answers",
        title=say("kit.key.title"),
        about=vignette.title,
        leaves=(
            Leaf("", (Boxed(tuple(say("kit.key.for-trainer").split("\n"))),)),
            *tree(vignette, script),
            *key_leaves(vignette, script),
        ),
        footer=say("kit.footer.key", title=vignette.title),
    )


def key_leaves(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """Return the model answers without the note at the top that they are for the trainer."""
    say, instrument, keyed = script.wording.say, script.pack.instrument, vignette.key.keyed
    rules = tuple(say(f"rule.{rule}.text") for rule in vignette.key.rules)
    sections = []
    for section in instrument.sections:
        if items := {item.id for item in instrument.of_section(section.id)}:
            answers = tuple(answer for answer in keyed if answer.place in items)
            sections.append(Leaf(section.plural, (_table(answers, script),)))
    others = tuple(
        answer for answer in keyed if answer.place not in instrument and answer.place not in MISSED_AT_A_COST
    )
    return (
        _critical(vignette, script),
        *prompts(vignette, script),
        *((Leaf(say("kit.key.rules"), (Bullets(rules),), is_whole=True),) if rules else ()),
        *sections,
        *((Leaf(say("kit.key.others"), (_table(others, script),)),) if others else ()),
    )


def prompts(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """Return what to discuss about each contested answer: both readings, what follows from them, and questions.

    Answers that affect the first call come first.
    """
    say, readings = script.wording.say, other_readings(script.pack, vignette.key)
    ordered = sorted(readings, key=lambda reading: (not reading.moves_call, not reading.moves_category))
    if not ordered:
        return (Leaf(say("kit.prompt.title"), (Prose(say("kit.prompt.none")),)),)
    opening = Leaf(say("kit.prompt.title"), (Prose(say("kit.prompt.how")),))
    return (opening, *(_prompt(reading, script) for reading in ordered))


def _critical(vignette: Vignette, script: Script) -> Leaf:
    say, key = script.wording.say, vignette.key
    rows = [_row((keyed,), script) for place in MISSED_AT_A_COST if (keyed := key.of(place))]
    why = [key.first_call_because]
    others = [call for call in allowed_calls(script.pack, key, given={}) if call is not key.first_call]
    why += [say("kit.key.fits", calls=_any_of(others, script))] if others else []
    why += role_calls(key, script.pack, wording=script.wording)
    call = ((say("rehearsal.first-call.title"),), (say(f"first-call.{key.first_call}"),), tuple(why))
    band = band_of(script.pack.instrument, key.total)
    total = ((say("kit.key.category"),), (category_name(band, script),), (say("kit.key.total", total=key.total),))
    years = answer_in_words("age", str(key.age), script=script)
    age = ((say("about.age"),), (years,), (say("rehearsal.feedback.age"),))
    table = ThreeColumns(_head(script), (*rows, call, total, age))
    return Leaf(say("kit.key.critical"), (Prose(say("kit.key.critical-how")), table))


def _prompt(reading: OtherReading, script: Script) -> Leaf:
    say, keyed = script.wording.say, reading.keyed
    answer, other = (answer_in_words(keyed.place, word, script=script) for word in (keyed.answer, keyed.other))
    both = (
        say("kit.prompt.reading", answer=answer, because=keyed.because),
        say("kit.prompt.reading", answer=other, because=keyed.other_because),
    )
    # The consequences of the other reading: those for the first call come first.
    key = "kit.prompt.moves-call" if reading.moves_call else "kit.prompt.same-call"
    call = say(key, other=other, calls=_any_of(reading.calls, script))
    band = category_name(band_of(script.pack.instrument, reading.total), script)
    key = "kit.prompt.moves-category" if reading.moves_category else "kit.prompt.same-category"
    category = say(key, category=band, total=reading.total)
    asked = (*(say(f"rehearsal-report.prompt.{rule}") for rule in keyed.rules), say("kit.prompt.tomorrow"))
    blocks: tuple[Block, ...] = (
        *((Quoted(quotable(keyed.cites)),) if keyed.cites else ()),
        Bullets(both),
        Prose(f"{call} {category}", is_strong=True),
        Prose(say("kit.prompt.ask", answer=answer, other=other)),
        Bullets((say("rehearsal-report.prompt.contested"), *asked)),
    )
    return Leaf(asked_in_words(keyed.place, script), blocks, is_whole=True)


def _any_of(calls: Iterable[FirstCall], script: Script) -> str:
    say = script.wording.say
    return f" {say('kit.prompt.or')} ".join(say(f"first-call.{call}") for call in calls)


def _table(keyed: tuple[Keyed, ...], script: Script) -> ThreeColumns:
    """Return a table of model answers in the order of the items. Successive items with the same answer and reason share a row."""
    items = [item.id for item in script.pack.instrument.items]
    ordered = sorted(keyed, key=lambda each: items.index(each.place) if each.place in items else len(items))
    groups = groupby(ordered, key=lambda each: replace(each, place="", rules=()))
    return ThreeColumns(_head(script), tuple(_row(tuple(group), script) for _, group in groups))


def _row(keyed: tuple[Keyed, ...], script: Script) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
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
    """Return the handout: the story of the case, with a note about support before and after it."""
    say = script.wording.say
    warned = Boxed((vignette.warning, *say("kit.handout.before").split("\n")))
    lines = tuple(Prose(line) for line in say("kit.handout.after").split("\n"))
    return TrainingPaper(
        name="handout",
        title=say("rehearsal.head"),
        about=vignette.title,
        leaves=(
            Leaf("", (warned, Blank(say("kit.support.today")))),
            *story(vignette),
            Leaf(say("kit.handout.next"), lines, is_whole=True),
        ),
        footer=say("kit.footer.handout", title=vignette.title),
    )


def answer_sheet(script: Script) -> TrainingPaper:
    """Return the answer sheet, which one person fills in by hand and without a name. It is the same for every case."""
    say = script.wording.say
    leaves = [Leaf("", (Boxed(tuple(say("kit.sheet.how").split("\n"))), Blank(say("kit.sheet.number"))))]
    for part in answer_parts(script):
        blocks: list[Block] = [Prose(part.ask)]
        # Lines with the same possible answers share one heading.
        for answers, lines in groupby(part.lines, key=lambda line: line.answers):
            letters = tuple((answer.letter, answer.label) for answer in answers)
            blocks.append(Circles(letters, tuple((line.number, line.about) for line in lines)))
        leaves.append(Leaf(part.title, tuple(blocks)))
    return TrainingPaper(
        name="answer-sheet",
        title=say("rehearsal.head"),
        about=say("kit.sheet.title"),
        leaves=tuple(leaves),
        footer=say("kit.footer.sheet"),
    )


def story(vignette: Vignette) -> tuple[Leaf, ...]:
    """Return the parts of the case's story, in order."""
    return tuple(Leaf(part.title, (Prose(part.text),), is_whole=True) for part in vignette.parts)
