"""The five actions that decide whether a child is protected, each compared with the key: they come before the items and apart from them.

It counts no item. For a room: `critical_actions` of each row that was finished (place to answer, the first call among
them), then `outcomes_counted`. What is shown of the counts keeps to the smallest group of `agreement`, as every other count does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import DECIDER, NOT_KNOWN, SCHOOL, Age
from seraf.pack import Pack
from seraf.rehearsal.first_call import REACHES, called_by, first_calls, step_of


class Critical(StrEnum):
    """Which action. Its word is the place of the answer, both in what was answered and in the row of a room."""

    DANGER = "danger"
    """Whether the child is in danger, or missing, now."""
    TOLD_OR_SEEN = "told_or_seen"
    """Whether the child told somebody, or somebody saw it."""
    JUDGEMENT = "judgement"
    """Whether there is reason to suspect significant harm."""
    FIRST_CALL = "first-call"
    """Whom to contact first."""
    CATEGORY = "category"
    """The category that the answers come to. It is no answer: it is worked out from them."""


class ActionOutcome(StrEnum):
    """How an action compares with the key."""

    AGREED = "agreed"
    """It is what the key says, or allows."""
    MISSED = "missed"
    """It protects the child less than the key does, or calls somebody who cannot act for this child."""
    OVER_PROTECTIVE = "over-protective"
    """It protects more than the key asks for. It is talked over, and never marked."""
    NOT_ASKED = "not-asked"
    """It was not asked, or not of every item: no difference."""


@dataclass(frozen=True, slots=True)
class CriticalAction:
    """One action: what was done, what the key says, and how the two compare.

    `done` is the answer, None where there was none. `keys` has what the key says first, then what it allows as well;
    empty where it says nothing. For the category both are one figure, or `1-4` where it is a range.
    """

    critical: Critical
    done: str | None
    keys: tuple[str, ...]
    outcome: ActionOutcome

    @property
    def is_asked(self) -> bool:
        """Whether it counts at all."""
        return self.outcome is not ActionOutcome.NOT_ASKED

    @property
    def is_missed(self) -> bool:
        """Whether it is to be learnt from before anything else."""
        return self.outcome is ActionOutcome.MISSED


PROTECTING: Mapping[Critical, tuple[str, ...]] = {
    Critical.DANGER: ("no", "not-known", "missing", "yes"),
    Critical.TOLD_OR_SEEN: ("no", "not-known", "yes"),
    Critical.JUDGEMENT: ("no", "not-sure", "yes"),
}
"""Answers to a question, the one that protects least first; of danger the last two protect alike."""

EMERGENCIES = ("missing", "yes")
"""Answers to danger that both mean 999: neither of them is a miss, or goes further, beside the other."""


def critical_actions(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> tuple[CriticalAction, ...]:
    """The five actions in their order, whatever was asked.

    `given` is all that was answered, by place: items, `age`, questions, and the first call under `Critical.FIRST_CALL`.
    At a contested place both readings agree, and so does what follows from either.
    """
    asked = (_question(critical, key, given=given) for critical in PROTECTING)
    return (*asked, _first_call(pack, key, given=given), _category(pack.instrument, key, given=given))


def outcomes_counted(rows: Iterable[tuple[CriticalAction, ...]]) -> Mapping[Critical, Mapping[ActionOutcome, int]]:
    """For each action how many people came to each outcome. Nothing of it says who; those not asked count as nobody's miss."""
    counts = {critical: Counter[ActionOutcome]() for critical in Critical}
    for row in rows:
        for action in row:
            counts[action.critical][action.outcome] += 1
    return {critical: {outcome: count[outcome] for outcome in ActionOutcome} for critical, count in counts.items()}


def protects_less(keyed: Keyed, given: str) -> bool:
    """Whether an answer at the question of a critical action protects less than the key, by either of its readings."""
    protects = PROTECTING[Critical(keyed.place)].index
    least = min(protects(each) for each in (keyed.answer, keyed.other) if each)
    return protects(as_keyed(keyed, given)) < least


def as_keyed(keyed: Keyed, given: str) -> str:
    """Return the answer in the word that the key has for it: danger and missing are one answer here."""
    if keyed.place != Critical.DANGER or given not in EMERGENCIES or keyed.agrees(given):
        return given
    return next((each for each in (keyed.answer, keyed.other) if each in EMERGENCIES), given)


def allowed_calls(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> tuple[FirstCall, ...]:
    """The first calls that fit the key, its own first; by the reading that was taken where it is contested.

    Where the key or that reading says 999, nothing else fits, whatever duty somebody has. Otherwise ART fits wherever there
    is a worry, and for a school always (“Schools role in …”), for which nobody never does; a manager wherever the result
    itself sends to one, and for whoever decides on the child's file, who calls no front door of their own. What goes less
    far than step 1 of the card, for the reading that was taken and for that profession, never fits.
    """
    taken = key.read_as({place: as_keyed(keyed, said) for place, said in given.items() if (keyed := key.of(place))})
    readings = [_facts(pack.instrument, each) for each in (key, taken)]
    fitting = [call for facts in readings for call in first_calls(pack.guidance, facts)]
    # Before what a role may do instead: no duty of a school, and no talk with a manager, stands in for 999 (ADR 0035).
    if FirstCall.EMERGENCY in fitting:
        return (FirstCall.EMERGENCY,)
    presses, role = (
        max(pack.guidance.advise(facts).leads[0].urgency for facts in readings),
        given.get("profession", NOT_KNOWN),
    )
    manager = (FirstCall.LEAD,) if presses < Urgency.CALL or role == DECIDER else ()
    art = (FirstCall.ART,) if role == SCHOOL or FirstCall.NOBODY not in fitting else ()
    least = REACHES[step_of(taken, role, instrument=pack.instrument, guidance=pack.guidance).call]
    calls = dict.fromkeys((called_by(key.first_call, role), *fitting, *manager, *art))
    return tuple(call for call in calls if REACHES[call] >= least and (role != SCHOOL or call is not FirstCall.NOBODY))


def _facts(instrument: Instrument, key: AgreedKey) -> Facts:
    return CaseView(instrument, keyed_case(instrument, key)).facts


def _question(critical: Critical, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    done, keyed = given.get(critical), key.of(critical)
    readings = tuple(each for each in (keyed.answer, keyed.other) if each) if keyed else ()
    if done is None or keyed is None:
        return CriticalAction(critical, done, readings, ActionOutcome.NOT_ASKED)
    is_more, agrees = not protects_less(keyed, done), keyed.agrees(as_keyed(keyed, done))
    return CriticalAction(critical, done, readings, _outcome(agrees=agrees, is_more=is_more))


def _first_call(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    done, allowed = given.get(Critical.FIRST_CALL), allowed_calls(pack, key, given=given)
    if done is None:
        return CriticalAction(Critical.FIRST_CALL, None, allowed, ActionOutcome.NOT_ASKED)
    called = FirstCall(done)
    is_more = REACHES[called] > min(REACHES[each] for each in allowed)
    return CriticalAction(Critical.FIRST_CALL, done, allowed, _outcome(agrees=called in allowed, is_more=is_more))


def _category(instrument: Instrument, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    """By the lowest category first: what is not known and was taken for No makes the highest lower, which is a miss."""
    reached = CaseView(instrument, answered_case(instrument, given)).score
    done, keyed = (
        (each.category, each.highest.category)
        for each in (reached, CaseView(instrument, keyed_case(instrument, key.read_as(given))).score)
    )
    # What was never asked is no difference (ADR 0035): somebody who stopped half-way would seem to have missed it.
    is_whole = all(item.id in given for item in instrument.items)
    outcome = _outcome(agrees=done == keyed, is_more=done > keyed) if is_whole else ActionOutcome.NOT_ASKED
    return CriticalAction(Critical.CATEGORY, _spanned(done), (_spanned(keyed),), outcome)


def _outcome(*, agrees: bool, is_more: bool) -> ActionOutcome:
    """By whether it is what the key allows, and whether it protects more than the least that the key allows."""
    if agrees:
        return ActionOutcome.AGREED
    return ActionOutcome.OVER_PROTECTIVE if is_more else ActionOutcome.MISSED


def _spanned(categories: tuple[int, int]) -> str:
    lowest, highest = categories
    return str(lowest) if lowest == highest else f"{lowest}-{highest}"


def answered_case(instrument: Instrument, given: Mapping[str, str]) -> Case:
    """The case that answers describe, each under its place."""
    responses = {place: answer for place, answer in given.items() if place in instrument}
    answers = {place: answer for place, answer in given.items() if place not in instrument}
    return Case(Age(given.get("age", Age.NOT_KNOWN)), Responses.of(responses), answers)


def keyed_case(instrument: Instrument, key: AgreedKey) -> Case:
    """The case that a key describes."""
    return key.case(frozenset(item.id for item in instrument.items))


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A contested answer, and what the whole key comes to when it alone is read the other way.

    `total` in points and `category` (1 to 4) are those of the other reading. `calls` are the first calls that fit it,
    `moves_call` says that the key's own is not among them.
    """

    keyed: Keyed
    total: int
    category: int
    calls: tuple[FirstCall, ...]
    moves_category: bool
    moves_call: bool


def other_readings(pack: Pack, key: AgreedKey) -> tuple[OtherReading, ...]:
    """Every contested answer of a key, in its order."""
    return tuple(_read(pack, key, keyed=keyed) for keyed in key.keyed if keyed.is_contested)


def calls_for(pack: Pack, case: Case) -> tuple[FirstCall, ...]:
    """The first calls that fit a case, the likeliest first."""
    return first_calls(pack.guidance, CaseView(pack.instrument, case).facts)


def _read(pack: Pack, key: AgreedKey, *, keyed: Keyed) -> OtherReading:
    case = keyed_case(pack.instrument, key.read_as({keyed.place: keyed.other}))
    found, calls = CaseView(pack.instrument, case).score, calls_for(pack, case)
    return OtherReading(
        keyed=keyed,
        total=found.total,
        category=found.category,
        calls=calls,
        moves_category=found.category != key.category,
        moves_call=key.first_call not in calls,
    )
