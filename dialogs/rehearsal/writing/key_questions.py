"""Questions about the key: each answer, the sentence that it rests on, why, and whether careful people could differ."""

from collections.abc import Iterator
from functools import partial

from dialogs.core.script import Script
from dialogs.form.item_cards import asked_in_words
from dialogs.rehearsal.kit.key_paper import AnswerLine, LetteredAnswer, asked_line, call_line
from dialogs.rehearsal.writing.question import (
    Check,
    FormQuestion,
    Given,
    answer_of,
    asks_text,
    listed,
    offered,
    one_letter,
    some_numbers,
)
from dialogs.rehearsal.writing.sentences import cited_by, numbers_in
from dialogs.rehearsal.writing.story_questions import texts_of
from dialogs.rehearsal.writing.written import (
    askable_beside,
    asked_around,
    case_so_far,
    keyed_so_far,
    settled_beside,
    silent_items,
)
from seraf.case_view import CaseView
from seraf.cases.vignette import Rule
from seraf.form.instrument import Instrument
from seraf.reading.cases.vignettes import MAX_BECAUSE
from seraf.rehearsal.checking import NEEDED, RESTS_ON_NOTHING
from seraf.rehearsal.critical_actions import calls_for
from seraf.rehearsal.progress import is_practised


def key_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """From the age to the rules that the case teaches."""
    say, instrument = script.wording.say, script.pack.instrument
    age = asked_line("age", script)
    yield FormQuestion("age", say("writing.ask.age", answers=offered(age.answers)), one_letter(age.answers, script))
    *before, judgement = asked_around(given, script)
    for place in before:
        yield from _place_questions(place, given, script)
    yield from _silent_questions(given, script)
    silent = silent_items(given, instrument)
    for item in instrument.items:
        if item.id not in silent:
            yield from _place_questions(item.id, given, script)
    yield from _place_questions(judgement, given, script)
    yield from _beside_questions(given, script)
    yield from _call_questions(given, script)
    yield from _rule_questions(given, script)


def _silent_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """The items that nothing in the story speaks of, all at once."""
    say, instrument = script.wording.say, script.pack.instrument
    items = tuple(item.label for item in instrument.items)
    yield FormQuestion("silent", say("writing.ask.silent", items=listed(items)), some_numbers(len(items), script))
    if given.get("silent"):
        yield asks_text("silent/because", say("writing.ask.silent-because"), MAX_BECAUSE, script=script)


def _place_questions(place: str, given: Given, script: Script) -> Iterator[FormQuestion]:
    """An answer, its sentence, its reason; then another reading with its own reason, where there is one."""
    say, line = script.wording.say, asked_line(place, script)
    about = f"{line.number}. {line.about}" if line.number else line.about
    yield FormQuestion(
        place, say("writing.ask.answer", about=about, answers=offered(line.answers)), one_letter(line.answers, script)
    )
    answer = answer_of(given.get(place, ""), line.answers)
    can_be_none = rests_on_nothing(place, answer, script.pack.instrument)
    key = "writing.ask.cites-or-none" if can_be_none else "writing.ask.cites"
    cites = partial(_cites_fault, given=given, script=script, can_be_none=can_be_none)
    yield FormQuestion(f"{place}/cites", say(key), cites)
    yield asks_text(f"{place}/because", say("writing.ask.because", limit=MAX_BECAUSE), MAX_BECAUSE, script=script)
    yield from _other_questions(line, answer, given, script=script)


def _other_questions(line: AnswerLine, answer: str, given: Given, *, script: Script) -> Iterator[FormQuestion]:
    say, name = script.wording.say, f"{line.place}/other"
    others = offered(tuple(each for each in line.answers if each.answer != answer))
    check = one_letter(line.answers, script, but=answer, may_skip=True)
    yield FormQuestion(name, say("writing.ask.other", answers=others), check)
    if given.get(name):
        because = say("writing.ask.because", limit=MAX_BECAUSE)
        yield asks_text(f"{name}-because", because, MAX_BECAUSE, script=script)


def rests_on_nothing(place: str, answer: str, instrument: Instrument) -> bool:
    """Whether an answer needs no sentence: nobody looked, nobody told, nobody is there."""
    if place in instrument:
        known = {option.id for option in instrument.item(place).section.options if option.is_known}
        return answer not in known
    return place != NEEDED[-1] and answer in RESTS_ON_NOTHING


def _cites_fault(text: str, given: Given, script: Script, *, can_be_none: bool) -> str:
    if not text:
        return "" if can_be_none else script.wording.say("writing.fault.no-sentence")
    return "" if cited_by(text, texts_of(given)) else script.wording.say("writing.fault.sentences")


def _beside_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """The short questions that matter for these answers, as far as the story settles them."""
    asked = askable_beside(given, script)
    names = tuple(asked_in_words(each.id, script) for each in asked)
    if asked:
        text = script.wording.say("writing.ask.beside", questions=listed(names))
        yield FormQuestion("beside", text, some_numbers(len(asked), script))
    for each in settled_beside(given, script):
        yield from _place_questions(each.id, given, script)


def _call_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """Whom to contact first, apart from what the answers come to."""
    say, pack, line = script.wording.say, script.pack, call_line(script)
    case = case_so_far(given, script)
    found, calls = CaseView(pack.instrument, case).score, calls_for(pack, case)
    fitting = tuple(each for each in line.answers if each.answer in calls)
    comes_to = say("writing.comes-to", total=found.total, category=found.category)
    text = say("writing.ask.first-call", comes_to=comes_to, answers=offered(line.answers))
    yield FormQuestion("first-call", text, _call_check(fitting, script))
    because = say("writing.ask.because", limit=MAX_BECAUSE)
    yield asks_text("first-call/because", because, MAX_BECAUSE, script=script)


def _call_check(fitting: tuple[LetteredAnswer, ...], script: Script) -> Check:
    letters = {each.letter for each in fitting}

    def check(text: str) -> str:
        """What is wrong with it."""
        if text.casefold() in letters:
            return ""
        return script.wording.say("writing.fault.first-call", answers=offered(fitting))

    return check


def _rule_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """The rules that the case teaches, of those that can be practised on it, and at which answers."""
    say, found = script.wording.say, teachable(given, script)
    names = tuple(say(f"rule.{rule}.name") for rule in found)
    yield FormQuestion("rules", say("writing.ask.rules", rules=listed(names)), some_numbers(len(found), script))
    for number in numbers_in(given.get("rules", "")) or ():
        rule, places = list(found.items())[number - 1]
        about = listed(tuple(asked_in_words(place, script) for place in places))
        text = say("writing.ask.rule", rule=say(f"rule.{rule}.text"), places=about)
        yield FormQuestion(f"rule/{rule}", text, some_numbers(len(places), script))


def teachable(given: Given, script: Script) -> dict[Rule, tuple[str, ...]]:
    """Each rule that can be practised on these answers, with the places at which it is."""
    instrument, guidance = script.pack.instrument, script.pack.guidance
    facts = CaseView(instrument, case_so_far(given, script)).advice(guidance).settled
    keyed = keyed_so_far(given, script)
    every = {
        rule: tuple(each.place for each in keyed if is_practised(rule, each, instrument=instrument, facts=facts))
        for rule in Rule
    }
    return {rule: places for rule, places in every.items() if places}
