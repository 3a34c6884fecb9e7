"""Checks of a made-up case in stages: its ways, its contacts, and its agreed answers at every stage against the bot's card."""

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter

from seraf.advice.contacts import Contact, Contacts
from seraf.advice.guidance import Guidance
from seraf.cases.vignette import CALLS, IN_HOUSE, AgreedKey, CaseStage, StageChoice, Vignette
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import FACT_WORDS
from seraf.rehearsal.first_call import agreed_calls, key_faults
from seraf.rehearsal.unfolding import all_texts, key_by, unread, way_of, ways_to_stages

STAGES, WORDS = (3, 5), (120, 450)
"""The minimum and maximum number of stages, and of words, on each way. An end is a stage too."""

CHOICES, REPLIES = (2, 5), (2, 3)
"""The minimum and maximum number of choices of a stage, and of replies to what the other end asks."""

Fault = tuple[str, str]


def stage_faults(
    vignette: Vignette, instrument: Instrument, *, guidance: Guidance, contacts: Contacts
) -> Iterator[Fault]:
    """Yield the dotted path and the fault of everything that is wrong with the stages, except for their words.

    Whether the agreed answers contradict the card is checked on every way, if every way comes to an end.
    """
    shape = (*_of_choices(vignette, contacts), *_of_ways(vignette))
    yield from shape
    yield from _of_sentences(vignette)
    if not shape:
        yield from dict(_of_keys(vignette, instrument, guidance=guidance)).items()


def _of_choices(vignette: Vignette, contacts: Contacts) -> Iterator[Fault]:
    known = {*IN_HOUSE, *(contact.id for contact in contacts.all)}
    for at, stage in enumerate(vignette.stages):
        place = f"stages[{at}]"
        if stage.choices and not CHOICES[0] <= len(stage.choices) <= CHOICES[1]:
            yield f"{place}.do", f"{len(stage.choices)} choices; a stage has {CHOICES[0]} to {CHOICES[1]}, an end none"
        if stage.choices and not stage.missed:
            yield f"{place}.missed", "missing; say what happens to the child if nothing is done"
        if len({choice.label for choice in stage.choices}) < len(stage.choices):
            yield f"{place}.do", "two choices have one label"
        for number, choice in enumerate(stage.choices):
            here = f"{place}.do[{number}]"
            if choice.rings and choice.rings not in known:
                yield f"{here}.rings", f"{choice.rings!r} is no contact of this pack; known: {', '.join(sorted(known))}"
            elif closed := _closed(stage, choice.rings, contacts):
                yield f"{here}.rings", closed
            yield from _of_fits(choice, here, is_call=choice.rings in CALLS)
            if bool(choice.asks) != bool(choice.replies) or len(choice.replies) not in (0, *REPLIES):
                yield f"{here}.replies", f"`asks` and {REPLIES[0]} to {REPLIES[1]} replies to it go together"
            for count, reply in enumerate(choice.replies):
                yield from _of_fits(reply, f"{here}.replies[{count}]", is_call=False)


def _of_fits(choice: StageChoice, place: str, *, is_call: bool) -> Iterator[Fault]:
    if is_call and choice.fits is not None:
        yield f"{place}.fits", "the bot's card decides on a first call; leave it out"
    if not is_call and choice.fits is None:
        yield f"{place}.fits", "missing; say whether this is in line with the guidance"
    if choice.fits is False and not choice.missed:
        yield f"{place}.missed", "missing; say what this would mean for the child"


def _closed(stage: CaseStage, rings: str, contacts: Contacts) -> str:
    """Return the fault of ringing an office or team that is closed at the clock, or the duty team while the office is open."""
    office = next((contact for contact in contacts.all if contact.id == "art"), None)
    if office is None or rings not in ("art", "allocated", "edt") or is_open(office, stage) == (rings != "edt"):
        return ""
    return f"{rings!r} does not answer on {stage.clock}; write {'art' if rings == 'edt' else 'edt'}"


def is_open(office: Contact, stage: CaseStage) -> bool:
    """Return True if an office is open at the time of a stage."""
    return any(stage.day in hours.days and hours.opens <= stage.at < hours.closes for hours in office.hours)


def _exits(stage: CaseStage) -> Iterator[tuple[str, int]]:
    """Yield the id of each stage that a choice leads to, with the words that are read on the way from this one."""
    for choice in stage.choices:
        before = _count(stage.text, choice.then, choice.asks)
        for reply in choice.replies:
            yield reply.next or choice.next, before + _count(reply.then)
        if not choice.replies:
            yield choice.next, before


def _count(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def _of_ways(vignette: Vignette) -> Iterator[Fault]:
    stages = {stage.id: stage for stage in vignette.stages}
    paths = {stage.id: f"stages[{at}]" for at, stage in enumerate(vignette.stages)}
    exits = {stage.id: tuple(_exits(stage)) for stage in vignette.stages}
    lost = [(paths[name], follows) for name, leads in exits.items() for follows, _ in leads if follows not in stages]
    yield from ((f"{place}.do", f"leads to {follows!r}, which is no stage") for place, follows in lost)
    if lost:
        return
    try:
        order = tuple(
            TopologicalSorter({name: [to for to, _ in leads] for name, leads in exits.items()}).static_order()
        )
    except CycleError as cycle:
        yield "stages", f"a way leads back to an earlier stage: {' → '.join(reversed(cycle.args[1]))}"
        return
    reached = {vignette.stages[0].id}
    for name in reversed(order):
        reached |= {to for to, _ in exits[name]} if name in reached else set()
    depth: dict[str, list[int]] = {}
    words: dict[str, list[int]] = {}
    for name in order:  # ends first
        after = exits[name]
        own = _count(stages[name].text)
        depth[name] = [1 + most((depth[to][at] for to, _ in after), default=0) for at, most in enumerate(EXTREMES)]
        words[name] = [
            most((long + words[to][at] for to, long in after), default=own) for at, most in enumerate(EXTREMES)
        ]
    for name in stages:
        if name not in reached:
            yield paths[name], "no way reaches this stage"
        for to, _ in exits[name]:
            if stages[to].day == stages[name].day and stages[to].at < stages[name].at:
                yield (
                    f"{paths[to]}.clock",
                    f"{stages[to].clock} is before {stages[name].clock}, from which it is reached",
                )
    first = vignette.stages[0].id
    for what, (least, most), found in (("stages", STAGES, depth[first]), ("words", WORDS, words[first])):
        if not least <= found[0] or not found[1] <= most:
            yield "stages", f"{found[0]} to {found[1]} {what} on a way; each way has {least} to {most}"


EXTREMES: tuple[Callable[..., int], ...] = (min, max)


def _of_sentences(vignette: Vignette) -> Iterator[Fault]:
    """Yield each sentence that no text has, and the sentences that nobody has read altogether, whichever way they take."""
    texts = tuple(all_texts(vignette))
    for each in vignette.key.keyed:
        if not any(each.cites in text for text in texts):
            yield (
                f"key.answers.{each.place}.cites",
                f"not word for word in any stage: {each.cites!r}; copy it from the story",
            )


def _of_keys(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> Iterator[Fault]:
    """Yield where the agreed answers by then say something else than the card, on some way, for some role."""
    paths = {stage.id: f"stages[{at}]" for at, stage in enumerate(vignette.stages)}
    left, told = [], set[tuple[str, AgreedKey]]()
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        stage, key = way[-1].stage, key_by(vignette, way, instrument)
        if stage.choices and (stage.id, key) in told:
            continue
        told.add((stage.id, key))
        for place, what in key_faults(key, instrument, guidance=guidance):
            yield f"{paths[stage.id]}.{place}", what
        if not stage.choices:
            left.append(unread(vignette, way))
            continue
        due = [CALLS[each.rings] for each in stage.choices if each.fits is None]
        is_other = any(each.fits for each in stage.choices)
        for role in () if is_other else FACT_WORDS["profession"]:
            calls = agreed_calls(key, role=role, instrument=instrument, guidance=guidance)
            if not {*due} & {*calls}:
                yield f"{paths[stage.id]}.do", f"nothing is in line for {role}: its card allows {', '.join(calls)}"
    if left and all(left):
        yield "stages", f"no way has read every sentence of the key; the best lacks: {min(left, key=len)[0]!r}"
