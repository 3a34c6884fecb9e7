"""The five actions that decide whether a child is protected, each compared with the agreed answers of a case.

For a group, call `critical_actions` for each person, then `outcomes_counted`. Callers that show the counts must
respect the minimum group sizes of `agreement`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, NOT_ASKED, NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.first_call import EMERGENCIES, REACHES, agreed_calls


class Critical(StrEnum):
    """A critical action. In a rehearsal, and in the `Row` of a person, its value names the person's answer."""

    DANGER = "danger"
    """Is the child in danger, or missing, now?"""
    TOLD_OR_SEEN = "told_or_seen"
    """Has the child told somebody, or has somebody seen it?"""
    JUDGEMENT = "judgement"
    """Is there reason to suspect significant harm?"""
    FIRST_CALL = "first-call"
    """Who is contacted first?"""
    CATEGORY = "category"
    """The category. It is never asked, but computed from the answers."""


class ActionOutcome(StrEnum):
    """The result of comparing a person's answer on a critical action with the agreed answer."""

    AGREED = "agreed"
    """The agreed answers have or allow this answer."""
    MISSED = "missed"
    """The answer protects the child less than the agreed one, or calls somebody who cannot act for this child."""
    OVER_PROTECTIVE = "over-protective"
    """The answer protects the child more than the agreed one. It is discussed, and never marked wrong."""
    NOT_ASKED = "not-asked"
    """The question was not asked or, for the category, some item was not. It counts as neither agreed nor missed."""


@dataclass(frozen=True, slots=True)
class CriticalAction:
    """A critical action: the answer (`done`), the answers that are allowed (`keys`), and the outcome of comparing them.

    `done` is None if there was no answer. `keys` has the agreed answer first; it is empty if there is none for this
    action. A category is one digit, or a range such as `1-4` if unknown items could raise it.
    """

    critical: Critical
    done: str | None
    keys: tuple[str, ...]
    outcome: ActionOutcome

    @property
    def is_asked(self) -> bool:
        """True if the question was asked. For the category, every item must have been asked."""
        return self.outcome is not ActionOutcome.NOT_ASKED

    @property
    def is_missed(self) -> bool:
        """True if the answer protects the child less than the agreed one, or calls somebody who cannot act."""
        return self.outcome is ActionOutcome.MISSED


PROTECTING: Mapping[Critical, tuple[str, ...]] = {
    Critical.DANGER: ("no", "not-known", "missing", "yes"),
    Critical.TOLD_OR_SEEN: ("no", "not-known", "yes"),
    Critical.JUDGEMENT: ("no", "not-sure", "yes"),
}
"""The answers to each question, from the least to the most protective. The last two about danger are equal."""


def critical_actions(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> tuple[CriticalAction, ...]:
    """Return the five actions in the order of `Critical`, even if they were not asked.

    `given` maps items, `age`, questions and `Critical.FIRST_CALL` to answers. If a second answer is accepted as well,
    both agree, and so does everything that follows from either.
    """
    asked = (_question(critical, key, given=given) for critical in PROTECTING)
    return (*asked, judged_call(pack, key, given=given), _category(pack.instrument, key, given=given))


def outcomes_counted(rows: Iterable[tuple[CriticalAction, ...]]) -> Mapping[Critical, Mapping[ActionOutcome, int]]:
    """Return, for each critical action, how many people had each outcome."""
    counts = {critical: Counter[ActionOutcome]() for critical in Critical}
    for row in rows:
        for action in row:
            counts[action.critical][action.outcome] += 1
    return {critical: {outcome: count[outcome] for outcome in ActionOutcome} for critical, count in counts.items()}


def protects_less(keyed: Keyed, given: str) -> bool:
    """Return True if an answer to a critical question protects less than every accepted answer."""
    protects = PROTECTING[Critical(keyed.place)].index
    least = min(protects(each) for each in (keyed.answer, keyed.other) if each)
    return protects(as_keyed(keyed, given)) < least


def as_keyed(keyed: Keyed, given: str) -> str:
    """Return the answer. If it is danger or missing, which count as one, return the one of these that is accepted."""
    if keyed.place != Critical.DANGER or given not in EMERGENCIES or keyed.agrees(given):
        return given
    return next((each for each in (keyed.answer, keyed.other) if each in EMERGENCIES), given)


def allowed_calls(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> tuple[FirstCall, ...]:
    """Return the first calls that agree with the bot's own card, that of its step 1 first.

    The card is that of the agreed answers, with the accepted second ones in `given`, for the profession in `given`.
    """
    taken = key.read_as({place: as_keyed(keyed, answer) for place, answer in given.items() if (keyed := key.of(place))})
    role = given.get("profession", NOT_KNOWN)
    return agreed_calls(taken, role=role, instrument=pack.instrument, guidance=pack.guidance)


def calls_by_role(pack: Pack, key: AgreedKey) -> Mapping[FirstCall, tuple[str, ...]]:
    """Return the professions for which the agreed first call is another one than `first_call`, by that call."""
    calls: dict[FirstCall, tuple[str, ...]] = {}
    for role in (role for role in FACT_WORDS["profession"] if role not in (NOT_KNOWN, NOT_ASKED)):
        call, *_ = allowed_calls(pack, key, given={"profession": role})
        if call is not key.first_call:
            calls[call] = (*calls.get(call, ()), role)
    return calls


def _question(critical: Critical, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    done, keyed = given.get(critical), key.of(critical)
    readings = tuple(each for each in (keyed.answer, keyed.other) if each) if keyed else ()
    if done is None or keyed is None:
        return CriticalAction(critical, done, readings, ActionOutcome.NOT_ASKED)
    is_more, agrees = not protects_less(keyed, done), keyed.agrees(as_keyed(keyed, done))
    return CriticalAction(critical, done, readings, _outcome(agrees=agrees, is_more=is_more))


def judged_call(pack: Pack, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    """Return the first call in `given`, compared with those that the card for the agreed answers and this profession allows."""
    done, allowed = given.get(Critical.FIRST_CALL), allowed_calls(pack, key, given=given)
    if done is None:
        return CriticalAction(Critical.FIRST_CALL, None, allowed, ActionOutcome.NOT_ASKED)
    called = FirstCall(done)
    is_more = REACHES[called] > min(REACHES[each] for each in allowed)
    return CriticalAction(Critical.FIRST_CALL, done, allowed, _outcome(agrees=called in allowed, is_more=is_more))


def _category(instrument: Instrument, key: AgreedKey, *, given: Mapping[str, str]) -> CriticalAction:
    """Return the category compared with the agreed one: the one reached, and the highest that unknown items allow.

    A No to an item that is not known lowers the highest category, and is therefore a miss.
    """
    reached = CaseView(instrument, answered_case(instrument, given)).score
    done, keyed = (
        (each.category, each.highest.category)
        for each in (reached, CaseView(instrument, keyed_case(instrument, key.read_as(given))).score)
    )
    # An item that was not asked is no difference (ADR 0035): somebody who stopped half-way would seem to have missed it.
    is_whole = all(item.id in given for item in instrument.items)
    outcome = _outcome(agrees=done == keyed, is_more=done > keyed) if is_whole else ActionOutcome.NOT_ASKED
    return CriticalAction(Critical.CATEGORY, _spanned(done), (_spanned(keyed),), outcome)


def _outcome(*, agrees: bool, is_more: bool) -> ActionOutcome:
    """Return the outcome. `is_more` means that the answer protects more than the least protective accepted one."""
    if agrees:
        return ActionOutcome.AGREED
    return ActionOutcome.OVER_PROTECTIVE if is_more else ActionOutcome.MISSED


def _spanned(categories: tuple[int, int]) -> str:
    lowest, highest = categories
    return str(lowest) if lowest == highest else f"{lowest}-{highest}"


def answered_case(instrument: Instrument, given: Mapping[str, str]) -> Case:
    """Return the case with these answers, whose keys are ids of items and questions."""
    responses = {place: answer for place, answer in given.items() if place in instrument}
    answers = {place: answer for place, answer in given.items() if place not in instrument}
    return Case(Age(given.get("age", Age.NOT_KNOWN)), Responses.of(responses), answers)


def keyed_case(instrument: Instrument, key: AgreedKey) -> Case:
    """Return the case that has the agreed answers of this key."""
    return key.case(frozenset(item.id for item in instrument.items))


def without_sign(instrument: Instrument, key: AgreedKey, item: str) -> tuple[int, int]:
    """Return the points and the category (1 to 4) of the agreed answers if this item alone were answered with No."""
    case = keyed_case(instrument, key)
    no = next(option.id for option in instrument.item(item).section.options if option.means is Meaning.ABSENT)
    score = CaseView(instrument, replace(case, responses=Responses.of({**dict(case.responses), item: no}))).score
    return score.total, score.category


@dataclass(frozen=True, slots=True)
class OtherReading:
    """An agreed answer with an accepted second one, and the result of the case if only this answer were the second.

    `total` (points), `category` (1 to 4) and `calls` (allowed first calls) are those with the second answer.
    `moves_call` says that the agreed first call is not among `calls`.
    """

    keyed: Keyed
    total: int
    category: int
    calls: tuple[FirstCall, ...]
    moves_category: bool
    moves_call: bool


def other_readings(pack: Pack, key: AgreedKey) -> tuple[OtherReading, ...]:
    """Return an `OtherReading` for each agreed answer that has an accepted second one, in the order of the key."""
    readings = []
    for keyed in (keyed for keyed in key.keyed if keyed.is_contested):
        taken = key.read_as({keyed.place: keyed.other})
        score = CaseView(pack.instrument, keyed_case(pack.instrument, taken)).score
        calls = allowed_calls(pack, taken, given={})
        reading = OtherReading(
            keyed=keyed,
            total=score.total,
            category=score.category,
            calls=calls,
            moves_category=score.category != key.category,
            moves_call=key.first_call not in calls,
        )
        readings.append(reading)
    return tuple(readings)
