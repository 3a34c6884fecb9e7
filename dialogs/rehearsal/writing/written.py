"""What was typed so far, as the vignette that it describes: nothing is asked here, and nothing is judged."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import asked_line, call_line
from dialogs.rehearsal.writing.question import Given, answer_of
from dialogs.rehearsal.writing.sentences import cited_by, numbers_in
from dialogs.rehearsal.writing.story_questions import THEMES, texts_of
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age
from seraf.rehearsal.checking import NEEDED
from seraf.rehearsal.critical_actions import keyed_case


def vignette_of_form(given: Given, rules: Mapping[str, tuple[Rule, ...]], script: Script) -> Vignette:
    """The vignette; `rules` are those that somebody misses who answers otherwise, by place."""
    taught = tuple(rule for rule in Rule if any(rule in each for each in rules.values()))
    keyed = tuple(_with(each, rules.get(each.place, ())) for each in keyed_so_far(given, script))
    found = CaseView(script.pack.instrument, case_so_far(given, script)).score
    call = answer_of(given["first-call"], call_line(script).answers)
    key = AgreedKey(
        keyed=keyed,
        age=_age(given, script),
        total=found.total,
        category=found.category,
        first_call=FirstCall(call),
        first_call_because=given["first-call/because"],
        rules=taught,
    )
    themes = tuple(THEMES[number - 1] for number in numbers_in(given.get("themes", "")) or ())
    parts = tuple(Part(given[f"part-{at}-title"], text) for at, text in enumerate(texts_of(given), 1))
    return Vignette(given["id"], given["title"], given["about"], given["warning"], parts, key, themes)


def keyed_so_far(given: Given, script: Script) -> tuple[Keyed, ...]:
    """The answers of the key as far as they are given: the items in order, then the questions."""
    beside = tuple(each.id for each in settled_beside(given, script))
    return (*_keyed_base(given, script), *_keyed(beside, given, script))


def case_so_far(given: Given, script: Script) -> Case:
    """The case that these answers describe."""
    return keyed_case(script.pack.instrument, _key_of(keyed_so_far(given, script), given, script))


def silent_items(given: Given, instrument: Instrument) -> frozenset[str]:
    """The ids of the items that nothing in the story speaks of."""
    numbers = numbers_in(given.get("silent", "")) or ()
    return frozenset(item.id for at, item in enumerate(instrument.items, 1) if at in numbers)


def asked_around(given: Given, script: Script) -> tuple[str, ...]:
    """The questions that every key answers, in their order, the judgement last; of a review also what was known before."""
    is_review = answer_of(given.get("stage", ""), asked_line("stage", script).answers) == "review"
    *before, judgement = NEEDED
    return (*before, *(("known",) if is_review else ()), judgement)


def askable_beside(given: Given, script: Script) -> tuple[Circumstance, ...]:
    """The short questions that matter for what was answered before them, for one other reading of that, or for an answer to one of
    them: whoever reads so is asked them.
    """
    instrument, guidance = script.pack.instrument, script.pack.guidance
    base = _keyed_base(given, script)
    cases = [keyed_case(instrument, _key_of(each, given, script)) for each in (base, *_other_readings(base))]
    asked = {each.id for case in cases for each in CaseView(instrument, case).advice(guidance).asked}
    # An answer to one of them can bring another about, such as where the child sleeps tonight where harm is going on.
    first = [each for each in guidance.circumstances if each.id in asked]
    answered = [
        replace(case, answers={**case.answers, each.id: word})
        for case in cases
        for each in first
        for word in each.words
    ]
    asked |= {each.id for case in answered for each in CaseView(instrument, case).advice(guidance).asked}
    return tuple(each for each in guidance.circumstances if each.id in asked)


def settled_beside(given: Given, script: Script) -> tuple[Circumstance, ...]:
    """Those of them that the story settles, by the numbers that were typed."""
    asked, numbers = askable_beside(given, script), numbers_in(given.get("beside", "")) or ()
    return tuple(each for number, each in enumerate(asked, 1) if number in numbers)


def _other_readings(keyed: tuple[Keyed, ...]) -> Iterator[tuple[Keyed, ...]]:
    """The answers with a contested one read the other way, one at a time."""
    for at, each in enumerate(keyed):
        if each.other:
            yield (*keyed[:at], replace(each, answer=each.other), *keyed[at + 1 :])


def _keyed_base(given: Given, script: Script) -> tuple[Keyed, ...]:
    """All but the short questions."""
    instrument = script.pack.instrument
    silent = silent_items(given, instrument)
    items = tuple(item.id for item in instrument.items)
    because = given.get("silent/because", "")
    around = asked_around(given, script)
    quiet = {place: Keyed(place, _unknown(place, instrument), because) for place in items if place in silent}
    loud = {each.place: each for each in _keyed((*items, *around), given, script) if each.place not in quiet}
    both = {**loud, **quiet}
    return tuple(both[place] for place in (*items, *around) if place in both)


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


def _unknown(place: str, instrument: Instrument) -> str:
    options = instrument.item(place).section.options
    return next((option.id for option in options if not option.is_known), NOT_KNOWN)


def _with(keyed: Keyed, rules: tuple[Rule, ...]) -> Keyed:
    return Keyed(keyed.place, keyed.answer, keyed.because, keyed.cites, rules, keyed.other, keyed.other_because)
