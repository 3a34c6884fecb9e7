"""The form in which a case is written: what is asked next, what a typed line changes, and the whole as a vignette."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogs.core.script import Script
from dialogs.rehearsal.writing.key_questions import key_questions, teachable
from dialogs.rehearsal.writing.question import FormQuestion, Given
from dialogs.rehearsal.writing.sentences import numbered, numbers_in
from dialogs.rehearsal.writing.story_questions import story_questions, texts_of
from dialogs.rehearsal.writing.written import vignette_of_form
from seraf.cases.vignette import Rule, Vignette, vignette_file
from seraf.errors import PackFault
from seraf.reading.cases.vignettes import read_vignette

BACK, STORY, AGAIN = "back", "story", "again"
"""What may be typed instead of an answer: the last question again, the numbered sentences, a question by its name."""


@dataclass(frozen=True, slots=True)
class AfterAnswer:
    """What was typed so far after one more line, and what is said of that line; empty where there is nothing to say."""

    given: Given
    said: str = ""


def next_question(given: Given, script: Script) -> FormQuestion | None:
    """The first question whose answer is missing, or no longer holds after another was changed; None where all are answered."""
    return next((each for each in _questions(given, script) if _is_open(each, given)), None)


def after_answer_typed(given: Given, text: str, script: Script) -> AfterAnswer:
    """What a line does: it answers the question that is next, or goes back, shows the story, or asks one again."""
    say, words = script.wording.say, text.strip()
    command, _, about = words.partition(" ")
    if words == STORY:
        return AfterAnswer(given, "\n".join(numbered(texts_of(given))))
    if words == BACK:
        return _back(given, script)
    if command == AGAIN:
        return _again(given, about.strip(), script)
    question = next_question(given, script)
    if question is None:
        return AfterAnswer(given, say("writing.all-answered"))
    fault = question.check(words)
    return AfterAnswer(given, fault) if fault else AfterAnswer({**given, question.name: words})


def written_vignette(given: Given, script: Script) -> Vignette:
    """The vignette of a form in which everything is answered."""
    return vignette_of_form(given, _rules(given, script), script)


def form_mistakes(given: Given, script: Script) -> tuple[str, ...]:
    """What is still wrong with the whole, as the reader of packs finds it in the file, each fault with its place."""
    pack, made = script.pack, written_vignette(given, script)
    try:
        read_vignette(made.id, vignette_file(made).encode(), pack.instrument, guidance=pack.guidance)
    except PackFault as fault:
        return fault.faults
    return ()


def _questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    yield from story_questions(given, script)
    yield from key_questions(given, script)


def _is_open(question: FormQuestion, given: Given) -> bool:
    if question.name not in given:
        return True
    return question.can_lapse and bool(question.check(given[question.name]))


def _back(given: Given, script: Script) -> AfterAnswer:
    """The question before the one that is next, without its answer."""
    last = ""
    for question in _questions(given, script):
        if _is_open(question, given):
            break
        last = question.name
    if not last:
        return AfterAnswer(given, script.wording.say("writing.at-start"))
    return AfterAnswer({name: text for name, text in given.items() if name != last})


def _again(given: Given, about: str, script: Script) -> AfterAnswer:
    """A question by its name, such as `S2` or `part-2-text`, with those that belong to it."""
    kept = {name: text for name, text in given.items() if about not in (name, name.partition("/")[0])}
    if kept == given:
        names = ", ".join(dict.fromkeys(name.partition("/")[0] for name in given))
        return AfterAnswer(given, script.wording.say("writing.no-such", about=about, names=names))
    return AfterAnswer(kept)


def _rules(given: Given, script: Script) -> Mapping[str, tuple[Rule, ...]]:
    """The rules that are taught, by place; where no places were named, at all at which a rule can be practised."""
    found, by_place = teachable(given, script), dict[str, tuple[Rule, ...]]()
    chosen = numbers_in(given.get("rules", "")) or ()
    for number, (rule, places) in enumerate(found.items(), 1):
        if number not in chosen:
            continue
        at = numbers_in(given.get(f"rule/{rule}", "")) or tuple(range(1, len(places) + 1))
        for place in (each for count, each in enumerate(places, 1) if count in at):
            by_place[place] = (*by_place.get(place, ()), rule)
    return by_place
