"""The form of a case: its next question, the effect of a typed line, and the finished vignette."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from dialogs.core.script import Script
from dialogs.rehearsal.writing.key_questions import key_questions, teachable
from dialogs.rehearsal.writing.question import FormQuestion, Given, numbers_in
from dialogs.rehearsal.writing.story_questions import numbered, story_questions, texts_of
from dialogs.rehearsal.writing.written import vignette_of_form
from seraf.cases.vignette import Rule, Vignette, vignette_file
from seraf.errors import PackFault
from seraf.reading.cases.vignettes import read_vignette

# Instead of an answer: the last question again, the numbered sentences, or a question by its name.
BACK, STORY, AGAIN = "back", "story", "again"


@dataclass(frozen=True, slots=True)
class AfterAnswer:
    """The answers after a typed line, and the reply to it; empty if there is none."""

    given: Given
    said: str = ""


def next_question(given: Given, script: Script) -> FormQuestion | None:
    """Return the first question whose answer is missing, or has become invalid; None if there is none."""
    return next((question for question in _questions(given, script) if _is_open(question, given)), None)


def after_answer_typed(given: Given, text: str, script: Script) -> AfterAnswer:
    """Return the answers after a typed line: an answer to the next question, or a command."""
    say, words = script.wording.say, text.strip()
    command, _, about = words.partition(" ")
    if words == STORY:
        return AfterAnswer(given, "\n".join(numbered(texts_of(given))))
    if words == BACK:
        answered = list(takewhile(lambda question: not _is_open(question, given), _questions(given, script)))
        if not answered:
            return AfterAnswer(given, say("writing.at-start"))
        return AfterAnswer({name: text for name, text in given.items() if name != answered[-1].name})
    if command == AGAIN:
        # A name such as `S2` or `part-2-text` stands for the questions that belong to it as well.
        about = about.strip()
        others = {name: text for name, text in given.items() if about not in (name, name.partition("/")[0])}
        names = ", ".join(dict.fromkeys(name.partition("/")[0] for name in given))
        return AfterAnswer(others, say("writing.no-such", about=about, names=names) if others == given else "")
    question = next_question(given, script)
    if question is None:
        return AfterAnswer(given, say("writing.all-answered"))
    fault = question.check(words)
    return AfterAnswer(given, fault) if fault else AfterAnswer({**given, question.name: words})


def written_vignette(given: Given, script: Script) -> Vignette:
    """Return the vignette of a completed form."""
    rules, chosen = dict[str, tuple[Rule, ...]](), numbers_in(given.get("rules", "")) or ()
    for number, (rule, places) in enumerate(teachable(given, script).items(), 1):
        if number in chosen:
            # Without chosen places a rule is practised at all of them.
            at = numbers_in(given.get(f"rule/{rule}", "")) or tuple(range(1, len(places) + 1))
            for place in (place for count, place in enumerate(places, 1) if count in at):
                rules[place] = (*rules.get(place, ()), rule)
    return vignette_of_form(given, rules, script)


def form_mistakes(given: Given, script: Script) -> tuple[str, ...]:
    """Return the mistakes of the whole vignette, with their places, as the reader of packs finds them in its file."""
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
