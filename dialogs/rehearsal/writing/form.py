"""The questions about the agreed answers of a made-up case, what a typed line does, and the finished case."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from dialogs.core.script import Script
from dialogs.form.item_cards import asked_in_words
from dialogs.rehearsal.kit.key_paper import asked_line, call_line
from dialogs.rehearsal.writing.question import (
    THEMES,
    FormQuestion,
    Given,
    answer_of,
    asks_text,
    cited_by,
    listed,
    numbered,
    numbers_in,
    offered,
    one_letter,
    some_numbers,
    story_questions,
    texts_of,
)
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette, vignette_file
from seraf.errors import PackFault
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age
from seraf.reading.cases.vignettes import MAX_BECAUSE, read_vignette
from seraf.rehearsal.checking import NEEDED, rests_on_nothing
from seraf.rehearsal.critical_actions import keyed_case
from seraf.rehearsal.first_call import card_view, first_calls
from seraf.rehearsal.progress import is_practised

# Commands that can be typed: ask the last question again, list the story's sentences, or ask a named question again.
BACK, STORY, AGAIN = "back", "story", "again"


@dataclass(frozen=True, slots=True)
class AfterAnswer:
    """The answers after the author typed a line, and the reply to that line, which may be empty."""

    given: Given
    said: str = ""


def next_question(given: Given, script: Script) -> FormQuestion | None:
    """Return the first question that has no valid answer, or None if all have one."""
    questions = chain(story_questions(given, script), key_questions(given, script))
    return next((question for question in questions if _is_open(question, given)), None)


def after_answer_typed(given: Given, text: str, script: Script) -> AfterAnswer:
    """Return the answers after a typed line, which is a command or an answer to the next question."""
    say, words = script.wording.say, text.strip()
    command, _, about = words.partition(" ")
    if words == STORY:
        return AfterAnswer(given, "\n".join(numbered(texts_of(given))))
    if words == BACK:
        questions = chain(story_questions(given, script), key_questions(given, script))
        answered = list(takewhile(lambda question: not _is_open(question, given), questions))
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
    """Return the made-up case that the answers describe. Callers make sure that every question has an answer."""
    rules, chosen = dict[str, tuple[Rule, ...]](), numbers_in(given.get("rules", "")) or ()
    for number, (rule, places) in enumerate(teachable(given, script).items(), 1):
        if number in chosen:
            # Without chosen places a rule is practised at all of them.
            at = numbers_in(given.get(f"rule/{rule}", "")) or tuple(range(1, len(places) + 1))
            for place in (place for count, place in enumerate(places, 1) if count in at):
                rules[place] = (*rules.get(place, ()), rule)
    score = CaseView(script.pack.instrument, case_so_far(given, script)).score
    key = AgreedKey(
        keyed=tuple(replace(keyed, rules=rules.get(keyed.place, ())) for keyed in keyed_so_far(given, script)),
        age=_age(given, script),
        total=score.total,
        category=score.category,
        first_call=FirstCall(answer_of(given["first-call"], call_line(script).answers)),
        first_call_because=given["first-call/because"],
        rules=tuple(rule for rule in Rule if any(rule in practised for practised in rules.values())),
    )
    themes = tuple(THEMES[number - 1] for number in numbers_in(given.get("themes", "")) or ())
    parts = tuple(Part(given[f"part-{at}-title"], text) for at, text in enumerate(texts_of(given), 1))
    return Vignette(given["id"], given["title"], given["about"], given["warning"], parts, key, themes)


def form_mistakes(given: Given, script: Script) -> tuple[str, ...]:
    """Return the mistakes that the reader of packs would find in the finished case, with their paths in its file."""
    pack, made = script.pack, written_vignette(given, script)
    try:
        read_vignette(made.id, vignette_file(made).encode(), pack.instrument, guidance=pack.guidance)
    except PackFault as fault:
        return fault.faults
    return ()


def _is_open(question: FormQuestion, given: Given) -> bool:
    if question.name not in given:
        return True
    return question.can_lapse and bool(question.check(given[question.name]))


def key_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """Yield the questions about the agreed answers, from the age to the rules that the case lets people practise."""
    say, instrument = script.wording.say, script.pack.instrument
    age = asked_line("age", script)
    yield FormQuestion("age", say("writing.ask.age", answers=offered(age.answers)), one_letter(age.answers, script))
    *before, judgement = asked_around(given, script)
    for place in before:
        yield from _place_questions(place, given, script)
    # One question asks for all items that the story does not mention.
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
    """Yield the questions about one item or question: the agreed answer, its sentence, its reason, and any other reading."""
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
    """Yield the questions about the first call and its reason. The first one gives the points and category so far."""
    say, pack, line = script.wording.say, script.pack, call_line(script)
    case = case_so_far(given, script)
    score = CaseView(pack.instrument, case).score
    step = first_calls(pack.guidance, card_view(case, pack.instrument, role=NOT_KNOWN, guidance=pack.guidance).facts)[0]
    fitting = tuple(answer for answer in line.answers if answer.answer == step)

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
    """Return the rules that the answers so far let people practise, each with the items and questions that it concerns."""
    instrument, guidance = script.pack.instrument, script.pack.guidance
    facts = CaseView(instrument, case_so_far(given, script)).advice(guidance).settled
    keyed = keyed_so_far(given, script)
    every = {
        rule: tuple(each.place for each in keyed if is_practised(rule, each, instrument=instrument, facts=facts))
        for rule in Rule
    }
    return {rule: places for rule, places in every.items() if places}


def keyed_so_far(given: Given, script: Script) -> tuple[Keyed, ...]:
    """Return the author's agreed answers so far: to items, to the questions of every made-up case, and to short questions."""
    beside = tuple(each.id for each in settled_beside(given, script))
    return (*_keyed_base(given, script), *_keyed(beside, given, script))


def case_so_far(given: Given, script: Script) -> Case:
    """Return the case with the agreed answers that the author has given so far."""
    return keyed_case(script.pack.instrument, _key_of(keyed_so_far(given, script), given, script))


def silent_items(given: Given, instrument: Instrument) -> frozenset[str]:
    """Return the ids of the items that, according to the author, the story does not mention."""
    numbers = numbers_in(given.get("silent", "")) or ()
    return frozenset(item.id for at, item in enumerate(instrument.items, 1) if at in numbers)


def asked_around(given: Given, script: Script) -> tuple[str, ...]:
    """Return the questions that every made-up case answers, the judgement last. At a review, `known` is one of them."""
    is_review = answer_of(given.get("stage", ""), asked_line("stage", script).answers) == "review"
    *before, judgement = NEEDED
    return (*before, *(("known",) if is_review else ()), judgement)


def askable_beside(given: Given, script: Script) -> tuple[Circumstance, ...]:
    """Return the short questions that the author may have to settle.

    They are those that the answers lead to, also with one answer read the other way, with danger not known, or with any
    answer to another short question.
    """
    instrument, guidance = script.pack.instrument, script.pack.guidance
    base = _keyed_base(given, script)
    others = (
        (*base[:at], replace(keyed, answer=other), *base[at + 1 :])
        for at, keyed in enumerate(base)
        for other in (keyed.other, NOT_KNOWN if keyed.place == "danger" else "")
        if other
    )
    cases = [keyed_case(instrument, _key_of(keyed, given, script)) for keyed in (base, *others)]
    asked = {question.id for case in cases for question in CaseView(instrument, case).advice(guidance).asked}
    # One answer can lead to another question, such as where the child sleeps tonight if harm is going on.
    first = [circumstance for circumstance in guidance.circumstances if circumstance.id in asked]
    answered = [
        replace(case, answers={**case.answers, circumstance.id: word})
        for case in cases
        for circumstance in first
        for word in circumstance.words
    ]
    asked |= {question.id for case in answered for question in CaseView(instrument, case).advice(guidance).asked}
    return tuple(circumstance for circumstance in guidance.circumstances if circumstance.id in asked)


def settled_beside(given: Given, script: Script) -> tuple[Circumstance, ...]:
    """Return the short questions that, according to the author, the story settles."""
    asked, numbers = askable_beside(given, script), numbers_in(given.get("beside", "")) or ()
    return tuple(each for number, each in enumerate(asked, 1) if number in numbers)


def _keyed_base(given: Given, script: Script) -> tuple[Keyed, ...]:
    """Return the agreed answers so far, without those to short questions."""
    instrument, keyed = script.pack.instrument, dict[str, Keyed]()
    silent, because = silent_items(given, instrument), given.get("silent/because", "")
    for item in instrument.items:
        if item.id in silent:
            unknown = next((option.id for option in item.section.options if not option.is_known), NOT_KNOWN)
            keyed[item.id] = Keyed(item.id, unknown, because)
    places = (*(item.id for item in instrument.items), *asked_around(given, script))
    keyed = {**{answer.place: answer for answer in _keyed(places, given, script)}, **keyed}
    return tuple(keyed[place] for place in places if place in keyed)


def _keyed(places: tuple[str, ...], given: Given, script: Script) -> Iterator[Keyed]:
    texts = texts_of(given)
    for place in places:
        line = asked_line(place, script)
        answer = answer_of(given.get(place, ""), line.answers)
        other = answer_of(given.get(f"{place}/other", ""), line.answers)
        if answer:
            yield Keyed(
                place=place,
                answer=answer,
                because=given.get(f"{place}/because", ""),
                cites=cited_by(given.get(f"{place}/cites", ""), texts) or "",
                other=other,
                other_because=given.get(f"{place}/other-because", "") if other else "",
            )


def _key_of(keyed: tuple[Keyed, ...], given: Given, script: Script) -> AgreedKey:
    return AgreedKey(keyed, _age(given, script), 0, 1, FirstCall.NOBODY, "", ())


def _age(given: Given, script: Script) -> Age:
    return Age(answer_of(given.get("age", ""), asked_line("age", script).answers) or Age.NOT_KNOWN)
