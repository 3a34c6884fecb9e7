"""A rehearsal compared with its key: the critical actions, then where the items agree, what moved the category, and missed rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction, critical_actions, keyed_case
from seraf.rehearsal.first_call import MEANS
from seraf.rehearsal.progress import is_missed
from seraf.score.scoring import Score


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not the key's, or one where experts could differ (`is_contested`), which is never wrong.

    `moves` says that the key's answer in its place would make another category, or another range of categories, of what
    was answered.
    """

    keyed: Keyed
    given: str
    moves: bool

    @property
    def is_contested(self) -> bool:
        """Whether it is taught as a discussion."""
        return self.keyed.is_contested and self.keyed.agrees(self.given)


@dataclass(frozen=True, slots=True)
class Debrief:
    """What a rehearsal came to, compared with its key.

    `critical` are the five actions, which lead and are counted apart. `agreed` of the `of` items that were asked are the
    key's; `left_out` items were not asked, which is no difference. `differences` are at items and at questions that are no
    critical action, those that moved the category first; in both halves a sign that was denied comes first, and what was only
    too careful last. `talked_over` are the contested places that were answered one way or the other. A rule is `missed` where
    an answer is one that somebody gives who does not know it, and `met` where it was put to the test and not missed. `pressing`
    is the lead that follows from the own answers, where the key allows the first call, or has a calmer one itself, and that
    lead does not: a worry that nobody acted on; empty otherwise.
    """

    critical: tuple[CriticalAction, ...]
    agreed: int
    of: int
    left_out: int
    differences: tuple[Difference, ...]
    talked_over: tuple[Difference, ...]
    met: tuple[Rule, ...]
    missed: tuple[Rule, ...]
    pressing: str = ""

    @property
    def slips(self) -> tuple[Critical, ...]:
        """The critical actions that were missed: above them stands no praise."""
        return tuple(each.critical for each in self.critical if each.is_missed)

    @property
    def asked(self) -> int:
        """How many critical actions were asked."""
        return sum(each.is_asked for each in self.critical)


def debrief(pack: Pack, key: AgreedKey, *, case: Case, first_call: FirstCall | None) -> Debrief:
    """The case as it was answered, compared with the key."""
    given = {**dict(case.responses), **case.answers}
    called = {str(Critical.FIRST_CALL): str(first_call)} if first_call else {}
    critical = critical_actions(pack, key, given={**given, **called})
    instrument, taken = pack.instrument, keyed_case(pack.instrument, key.read_as(given))
    results = [Difference(each, given[each.place], moves=False) for each in key.places if each.place in given]
    wrong = [each for each in results if not each.keyed.agrees(each.given)]
    beside = (
        replace(each, moves=_moves(instrument, case, keyed=each.keyed)) for each in wrong if not _is_critical(each)
    )
    reached, keyed = CaseView(instrument, case).score, CaseView(instrument, taken).score
    missed = frozenset(rule for each in wrong for rule in missed_at(each.keyed, each.given, instrument=instrument))
    # No single answer shows it: the five points hang on the age and on any sign together.
    missed |= {Rule.UNDER_13} if Rule.UNDER_13 in key.rules and _added(reached) < _added(keyed) else set()
    items = [each for each in results if each.keyed.place in instrument]
    # A first call that was missed says so itself, but for a worry of one's own that the key does not have.
    is_calmer = _came_out(critical, ActionOutcome.MISSED) and bool(_pressing(pack, case, called=key.first_call))
    is_open = is_calmer or _came_out(critical, ActionOutcome.AGREED)
    return Debrief(
        critical=critical,
        agreed=sum(each.keyed.agrees(each.given) for each in items),
        of=len(items),
        left_out=sum(each.place in instrument for each in key.places) - len(items),
        differences=tuple(sorted(beside, key=lambda each: (not each.moves, _care(each, instrument)))),
        talked_over=tuple(each for each in results if each.is_contested),
        met=tuple(rule for rule in Rule if rule in _tested(results, case, instrument=instrument) - missed),
        missed=tuple(rule for rule in Rule if rule in missed),
        pressing=_pressing(pack, case, called=first_call) if is_open else "",
    )


def _care(difference: Difference, instrument: Instrument) -> int:
    """How careful an answer was that is not the key's: a sign that scores was denied (0), or what is No was left open (2)."""
    keyed, given = difference.keyed, difference.given
    if keyed.place not in instrument:
        return 2 if (keyed.answer, given) == ("no", NOT_KNOWN) else 1
    item = instrument.item(keyed.place)
    said, agreed = item.option(given), item.option(keyed.answer)
    if said.means is Meaning.ABSENT:
        return 0 if agreed.points > 0 else 1
    return 2 if agreed.means is Meaning.ABSENT and not said.is_known else 1


def _came_out(critical: tuple[CriticalAction, ...], outcome: ActionOutcome) -> bool:
    """Whether the first call came out so, beside the key."""
    return any(each.critical is Critical.FIRST_CALL and each.outcome is outcome for each in critical)


def _pressing(pack: Pack, case: Case, *, called: FirstCall | None) -> str:
    """The lead that follows from these answers, where it presses more than the call; those who decide ask a manager first.

    The duty that a school has of its own is left out: it is said wherever it holds, and is no worry of theirs.
    """
    anybody = replace(case, answers={fact: said for fact, said in case.answers.items() if fact != "profession"})
    lead = CaseView(pack.instrument, anybody).advice(pack.guidance).leads[0]
    is_decider = called is FirstCall.LEAD and case.answers.get("profession") == "social-care"
    is_late = called is not None and MEANS[called] < lead.urgency
    return lead.title if is_late and (lead.urgency is Urgency.EMERGENCY or not is_decider) else ""


def _is_critical(difference: Difference) -> bool:
    """Whether it is at the place of a critical action, where it is not said a second time."""
    return difference.keyed.place in tuple(Critical)


def missed_at(keyed: Keyed, given: str | None, *, instrument: Instrument) -> tuple[Rule, ...]:
    """The rules that an answer at one place has missed; none where it is the key's, or where nothing was answered."""
    if given is None or keyed.agrees(given):
        return ()
    return tuple(rule for rule in keyed.rules if is_missed(rule, keyed, given=given, instrument=instrument))


def _tested(results: list[Difference], case: Case, *, instrument: Instrument) -> frozenset[Rule]:
    """The rules that were put to the test: where an answer agrees that somebody who ticks nothing would not give as well."""
    has_tick = any(_is_ticked(item, case.responses.get(item.id)) for item in instrument.items)
    agreed = [each.keyed for each in results if each.keyed.agrees(each.given)]
    return frozenset(rule for keyed in agreed for rule in keyed.rules if has_tick or keyed.place not in instrument)


def _is_ticked(item: Item, given: str | None) -> bool:
    return given is not None and item.option(given).is_present


def _added(result: Score) -> int:
    """The points of all additions."""
    return sum(points for _, points in result.additions)


def _moves(instrument: Instrument, case: Case, *, keyed: Keyed) -> bool:
    """Whether the key's answer at this one place would change the category, or the highest that it could be."""
    before, after = CaseView(instrument, case).score, CaseView(instrument, _with(instrument, case, keyed=keyed)).score
    return _categories(before) != _categories(after)


def _categories(result: Score) -> tuple[int, int]:
    """The lowest and the highest category that it may be."""
    return result.category, result.highest.category


def _with(instrument: Instrument, case: Case, *, keyed: Keyed) -> Case:
    if keyed.place == "age":
        return replace(case, age=Age(keyed.answer))
    if keyed.place in instrument:
        return replace(case, responses=case.responses.give(keyed.place, keyed.answer))
    answers: Mapping[str, str] = {**case.answers, keyed.place: keyed.answer}
    return replace(case, answers=answers)
