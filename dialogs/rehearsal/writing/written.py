"""The answers typed so far, as the vignette that they describe."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import asked_line, call_line
from dialogs.rehearsal.writing.question import Given, answer_of, numbers_in
from dialogs.rehearsal.writing.story_questions import THEMES, cited_by, texts_of
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age
from seraf.rehearsal.checking import NEEDED
from seraf.rehearsal.critical_actions import keyed_case


def vignette_of_form(given: Given, rules: Mapping[str, tuple[Rule, ...]], script: Script) -> Vignette:
    """Return the vignette; `rules` are those that a different answer misses, by place."""
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


def keyed_so_far(given: Given, script: Script) -> tuple[Keyed, ...]:
    """Return the answers of the key typed so far: the items in order, then the questions."""
    beside = tuple(each.id for each in settled_beside(given, script))
    return (*_keyed_base(given, script), *_keyed(beside, given, script))


def case_so_far(given: Given, script: Script) -> Case:
    """Return the case that these answers describe."""
    return keyed_case(script.pack.instrument, _key_of(keyed_so_far(given, script), given, script))


def silent_items(given: Given, instrument: Instrument) -> frozenset[str]:
    """Return the ids of the items that the story does not mention."""
    numbers = numbers_in(given.get("silent", "")) or ()
    return frozenset(item.id for at, item in enumerate(instrument.items, 1) if at in numbers)


def asked_around(given: Given, script: Script) -> tuple[str, ...]:
    """Return the questions that every key answers, in order, the judgement last; for a review also the earlier knowledge."""
    is_review = answer_of(given.get("stage", ""), asked_line("stage", script).answers) == "review"
    *before, judgement = NEEDED
    return (*before, *(("known",) if is_review else ()), judgement)


def askable_beside(given: Given, script: Script) -> tuple[Circumstance, ...]:
    """Return the short questions that the author may have to settle.

    They are those that the answers lead to, also with any single other reading, with danger not known, or with any answer to
    another short question.
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
    """Return the short questions that the story settles, by the numbers typed."""
    asked, numbers = askable_beside(given, script), numbers_in(given.get("beside", "")) or ()
    return tuple(each for number, each in enumerate(asked, 1) if number in numbers)


def _keyed_base(given: Given, script: Script) -> tuple[Keyed, ...]:
    """Return the answers of the key without the short questions."""
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
