"""The questions about the key: each answer, its sentence, its reason, and another reading if experts could differ."""

from collections.abc import Iterator

from dialogs.core.script import Script
from dialogs.form.item_cards import asked_in_words
from dialogs.rehearsal.kit.key_paper import asked_line, call_line
from dialogs.rehearsal.writing.question import (
    FormQuestion,
    Given,
    answer_of,
    asks_text,
    listed,
    numbers_in,
    offered,
    one_letter,
    some_numbers,
)
from dialogs.rehearsal.writing.story_questions import cited_by, texts_of
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
from seraf.reading.cases.vignettes import MAX_BECAUSE
from seraf.rehearsal.checking import rests_on_nothing
from seraf.rehearsal.critical_actions import calls_for
from seraf.rehearsal.progress import is_practised


def key_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """Yield the questions from the age to the rules that the case teaches."""
    say, instrument = script.wording.say, script.pack.instrument
    age = asked_line("age", script)
    yield FormQuestion("age", say("writing.ask.age", answers=offered(age.answers)), one_letter(age.answers, script))
    *before, judgement = asked_around(given, script)
    for place in before:
        yield from _place_questions(place, given, script)
    # Items that the story does not mention are asked at once.
    items = tuple(item.label for item in instrument.items)
    yield FormQuestion("silent", say("writing.ask.silent", items=listed(items)), some_numbers(len(items), script))
    if given.get("silent"):
        yield asks_text("silent/because", say("writing.ask.silent-because"), MAX_BECAUSE, script=script)
    silent = silent_items(given, instrument)
    for item in instrument.items:
        if item.id not in silent:
            yield from _place_questions(item.id, given, script)
    yield from _place_questions(judgement, given, script)
    # The author picks, of the short questions that these answers lead to, those that the story settles.
    if asked := askable_beside(given, script):
        text = say("writing.ask.beside", questions=listed(tuple(asked_in_words(each.id, script) for each in asked)))
        yield FormQuestion("beside", text, some_numbers(len(asked), script))
    for question in settled_beside(given, script):
        yield from _place_questions(question.id, given, script)
    yield from _call_questions(given, script)
    rules = teachable(given, script)
    names = tuple(say(f"rule.{rule}.name") for rule in rules)
    yield FormQuestion("rules", say("writing.ask.rules", rules=listed(names)), some_numbers(len(rules), script))
    for number in numbers_in(given.get("rules", "")) or ():
        rule, places = list(rules.items())[number - 1]
        about = listed(tuple(asked_in_words(place, script) for place in places))
        text = say("writing.ask.rule", rule=say(f"rule.{rule}.text"), places=about)
        yield FormQuestion(f"rule/{rule}", text, some_numbers(len(places), script))


def _place_questions(place: str, given: Given, script: Script) -> Iterator[FormQuestion]:
    """Yield the questions for an answer, its sentence and its reason; then for another reading with its own reason."""
    say, line = script.wording.say, asked_line(place, script)
    about = f"{line.number}. {line.about}" if line.number else line.about
    yield FormQuestion(
        place, say("writing.ask.answer", about=about, answers=offered(line.answers)), one_letter(line.answers, script)
    )
    answer = answer_of(given.get(place, ""), line.answers)
    can_be_none = rests_on_nothing(place, answer, script.pack.instrument)

    def cites_fault(text: str) -> str:
        if not text:
            return "" if can_be_none else say("writing.fault.no-sentence")
        return "" if cited_by(text, texts_of(given)) else say("writing.fault.sentences")

    because = say("writing.ask.because", limit=MAX_BECAUSE)
    yield FormQuestion(
        f"{place}/cites", say("writing.ask.cites-or-none" if can_be_none else "writing.ask.cites"), cites_fault
    )
    yield asks_text(f"{place}/because", because, MAX_BECAUSE, script=script)
    others = offered(tuple(other for other in line.answers if other.answer != answer))
    check = one_letter(line.answers, script, but=answer, may_skip=True)
    yield FormQuestion(f"{place}/other", say("writing.ask.other", answers=others), check)
    if given.get(f"{place}/other"):
        yield asks_text(f"{place}/other-because", because, MAX_BECAUSE, script=script)


def _call_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """Yield the questions for the first call and its reason, with the result of the answers so far."""
    say, pack, line = script.wording.say, script.pack, call_line(script)
    case = case_so_far(given, script)
    score, calls = CaseView(pack.instrument, case).score, calls_for(pack, case)
    fitting = tuple(answer for answer in line.answers if answer.answer in calls)

    def check(text: str) -> str:
        if text.casefold() in {answer.letter for answer in fitting}:
            return ""
        return say("writing.fault.first-call", answers=offered(fitting))

    comes_to = say("writing.comes-to", total=score.total, category=score.category)
    text = say("writing.ask.first-call", comes_to=comes_to, answers=offered(line.answers))
    yield FormQuestion("first-call", text, check)
    because = say("writing.ask.because", limit=MAX_BECAUSE)
    yield asks_text("first-call/because", because, MAX_BECAUSE, script=script)


def teachable(given: Given, script: Script) -> dict[Rule, tuple[str, ...]]:
    """Return each rule that can be practised on these answers, with its places."""
    instrument, guidance = script.pack.instrument, script.pack.guidance
    facts = CaseView(instrument, case_so_far(given, script)).advice(guidance).settled
    keyed = keyed_so_far(given, script)
    every = {
        rule: tuple(each.place for each in keyed if is_practised(rule, each, instrument=instrument, facts=facts))
        for rule in Rule
    }
    return {rule: places for rule, places in every.items() if places}
