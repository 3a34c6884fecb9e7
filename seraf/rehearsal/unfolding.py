"""The way that somebody takes through a made-up case in stages, and what is known and agreed at each of its steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from seraf.case_view import CaseView
from seraf.cases.vignette import CALLS, AgreedKey, CaseStage, Keyed, Part, Rule, StageChoice, Vignette
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import NOT_KNOWN, PRESENT
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, judged_call, keyed_case
from seraf.rehearsal.first_call import REACHES

UNREAD = {"told_or_seen": "no", "judgement": "not-sure"}
"""The answers to two questions before anything that was read settles them. Any other question is then not known."""


@dataclass(frozen=True, slots=True)
class StageStep:
    """A stage that was reached, and what was done there. `reply` answers what the other end asked back."""

    stage: CaseStage
    choice: StageChoice | None = None
    reply: StageChoice | None = None

    @property
    def options(self) -> tuple[StageChoice, ...]:
        """What can be chosen now: a choice of the stage, a reply, or nothing, as the step is over or the stage an end."""
        if self.choice is None:
            return self.stage.choices
        return self.choice.replies if self.reply is None else ()

    @property
    def done(self) -> tuple[StageChoice, ...]:
        """The choice and the reply, as far as they were made."""
        return tuple(each for each in (self.choice, self.reply) if each is not None)

    @property
    def next(self) -> str:
        """The id of the stage that this step leads to, or an empty text while something is still to be chosen."""
        if self.choice is None or self.options:
            return ""
        return (self.reply.next if self.reply else "") or self.choice.next

    @property
    def texts(self) -> tuple[str, ...]:
        """What was read at this step."""
        return (self.stage.text, *(each.then for each in self.done))


Way = tuple[StageStep, ...]


def way_of(vignette: Vignette, taken: str) -> Way:
    """Return the steps of somebody who chose these options: the position of each, as one digit. The last step is not over."""
    stages = {stage.id: stage for stage in vignette.stages}
    way = [StageStep(vignette.stages[0])]
    for digit in taken:
        way[-1] = chosen(way[-1], way[-1].options[int(digit)])
        if way[-1].next:
            way.append(StageStep(stages[way[-1].next]))
    return tuple(way)


def chosen(step: StageStep, option: StageChoice) -> StageStep:
    """Return the step after one of its options."""
    return replace(step, choice=option) if step.choice is None else replace(step, reply=option)


def straight(vignette: Vignette, taken: str) -> str:
    """Return the options with the next one of somebody who does what is due for most roles, or as they are at an end."""
    step = way_of(vignette, taken)[-1]
    reach = REACHES[step.stage.first_call]  # at night, the duty team stands in for the allocated one
    due = (REACHES[CALLS[each.rings]] == reach if each.fits is None else each.fits for each in step.options)
    return next((f"{taken}{at}" for at, is_due in enumerate(due) if is_due), f"{taken}0" if step.options else taken)


def is_way(vignette: Vignette, taken: str) -> bool:
    """Return True if these options can be chosen, one after the other."""
    return all(
        digit.isdecimal() and int(digit) < len(way_of(vignette, taken[:at])[-1].options)
        for at, digit in enumerate(taken)
    )


def longest(vignette: Vignette) -> int:
    """Return the number of stages on the longest way, or 0 if the vignette has none."""
    return max((len(way_of(vignette, taken)) for taken in ways_to_stages(vignette)), default=0)


def ways_to_stages(vignette: Vignette) -> Iterator[str]:
    """Yield the options of a way to each stage, once for everything that can be known there. Nothing is done at it yet."""
    seen, ways = set(), [""] if vignette.stages else []
    while ways:
        way = way_of(vignette, taken := ways.pop())
        if way[-1].choice is None:
            read = tuple(_is_read(each, _texts(way)) for each in vignette.key.keyed)
            state = (way[-1].stage.id, read, tuple(each for step in way for each in step.stage.answers))
            if state in seen:
                continue
            seen.add(state)
            yield taken
        ways += (f"{taken}{at}" for at in range(len(way[-1].options)))


def parts_of(way: Way) -> tuple[Part, ...]:
    """Return what was read on a way, in order: each stage under its time, and what followed each choice under its label."""
    return tuple(
        Part(step.stage.clock, step.stage.text)
        if option is None
        else Part(option.label, "\n\n".join(filter(None, (option.then, option.asks))))
        for step in way
        for option in (None, *step.done)
    )


def options_made(way: Way) -> tuple[StageChoice | None, ...]:
    """Return, for each part of a way, the choice or reply that it follows, or None for a stage."""
    return tuple(option for step in way for option in (None, *step.done))


def straight_parts(vignette: Vignette) -> tuple[Part, ...]:
    """Return for paper what somebody reads who does what is due, without saying what they do, and at the end what others learn."""
    taken = ""
    while (further := straight(vignette, taken)) != taken:
        taken = further
    way = way_of(vignette, taken)
    last = len(way) - 1
    texts = ((*step.texts, *(unread(vignette, way) if at == last else ())) for at, step in enumerate(way))
    return tuple(Part(step.stage.clock, " ".join(each)) for step, each in zip(way, texts, strict=True))


def unread(vignette: Vignette, way: Way) -> tuple[str, ...]:
    """Return the sentences on which agreed answers rest, and which were not read on this way, in the order of the stages."""
    texts = _texts(way)
    cited = dict.fromkeys(each.cites for each in vignette.key.keyed if not _is_read(each, texts))
    whole = "\n".join(all_texts(vignette))
    return tuple(sorted(cited, key=whole.find))


def all_texts(vignette: Vignette) -> Iterator[str]:
    """Yield every text of the stages: of each stage, then what follows its choices and replies."""
    for stage in vignette.stages:
        yield stage.text
        for choice in stage.choices:
            yield from (choice.then, *(reply.then for reply in choice.replies))


def _texts(way: Way) -> tuple[str, ...]:
    return tuple(text for step in way for text in step.texts)


def _is_read(keyed: Keyed, texts: tuple[str, ...]) -> bool:
    return any(keyed.cites in text for text in texts)


def key_by(vignette: Vignette, way: Way, instrument: Instrument) -> AgreedKey:
    """Return the agreed answers by the last step of a way: what was not read by then is not known.

    At a stage that is no end, the answers and the first call of the stages come before those of the whole vignette.
    """
    stage, texts, key = way[-1].stage, _texts(way), vignette.key
    rows = {each.place: each for step in way for each in step.stage.answers} if stage.choices else {}
    agreed = (each if _is_read(each, texts) else _unread(each, instrument) for each in key.keyed)
    keyed = {each.place: each for each in agreed} | rows
    if not rows and tuple(keyed.values()) == key.keyed and not stage.choices:
        return key
    practised = {rule for each in keyed.values() for rule in each.rules} | {Rule.UNDER_13}
    known = replace(key, keyed=tuple(keyed.values()), rules=tuple(rule for rule in key.rules if rule in practised))
    score = CaseView(instrument, keyed_case(instrument, known)).score
    known = replace(known, total=score.total, category=score.category)
    if not stage.choices:
        return known
    return replace(known, first_call=stage.first_call, first_call_because=stage.first_call_because)


def _unread(keyed: Keyed, instrument: Instrument) -> Keyed:
    """Return the agreed answer before the sentence that it rests on was read, which rests on nothing."""
    answer = UNREAD.get(keyed.place, NOT_KNOWN)
    if keyed.place in instrument:
        answer = next(each.id for each in instrument.item(keyed.place).section.options if not each.is_known)
    return Keyed(keyed.place, answer, "")


def outcome_of(pack: Pack, option: StageChoice, key: AgreedKey, *, given: Mapping[str, str]) -> ActionOutcome:
    """Return whether an option is in line with the agreed answers by then, for the profession in `given`."""
    if option.fits is not None:
        return ActionOutcome.AGREED if option.fits else ActionOutcome.MISSED
    return judged_call(pack, key, given={**given, Critical.FIRST_CALL: CALLS[option.rings]}).outcome


@dataclass(frozen=True, slots=True)
class StageDebrief:
    """What somebody did at a stage, compared with what was due by then.

    `outcome` is the worst of the choice and the reply. `due` are the choices in line for this profession. `answered` is
    how many items they had answered by then, and `overlooked` the agreed answers by then that are a sign, and that they
    had answered otherwise.
    """

    step: StageStep
    outcome: ActionOutcome
    due: tuple[StageChoice, ...]
    answered: int
    overlooked: tuple[Keyed, ...]


def debriefed_stages(
    pack: Pack, vignette: Vignette, taken: str, *, role: str, by_stage: tuple[Responses, ...] = ()
) -> tuple[StageDebrief, ...]:
    """Return the debrief of each stage at which something was done. `by_stage` are the person's answers at that time."""
    way, told = way_of(vignette, taken), []
    for at, step in enumerate(way):
        if step.choice is None:
            break
        key = key_by(vignette, (*way[:at], StageStep(step.stage)), pack.instrument)
        own = dict(by_stage[at] if at < len(by_stage) else NOTHING)
        given = {**own, "profession": role}
        outcomes = [outcome_of(pack, option, key, given=given) for option in step.done]
        worst = next((each for each in WORST_FIRST if each in outcomes), ActionOutcome.AGREED)
        due = (each for each in step.stage.choices if outcome_of(pack, each, key, given=given) is ActionOutcome.AGREED)
        items = {item.id: item for item in pack.instrument.items}
        overlooked = (
            each
            for each in key.keyed
            if each.place in own and each.place in items and not each.agrees(own[each.place])
            if items[each.place].option(each.answer).means in PRESENT
        )
        count = sum(place in items for place in own)
        told.append(StageDebrief(step, worst, tuple(due), count, tuple(overlooked)))
    return tuple(told)


WORST_FIRST = (ActionOutcome.MISSED, ActionOutcome.OVER_PROTECTIVE)
