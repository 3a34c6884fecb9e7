"""The key of a case for the person who teaches with it: what must not be missed, what to talk about, then every answer with its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import category_name
from dialogs.phrases.quoting import quotable
from dialogs.rehearsal.kit.paper import Block, Boxed, Bullets, Leaf, Prose, Quoted, ThreeColumns, TrainingPaper
from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.rehearsal.critical_actions import OtherReading, allowed_calls, other_readings
from seraf.score.scoring import band_of

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
