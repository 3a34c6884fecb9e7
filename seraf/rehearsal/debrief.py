"""The debrief of a rehearsal: its critical actions, items, category and rules, compared with the agreed answers."""

from dataclasses import dataclass, replace

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction, critical_actions, keyed_case
from seraf.rehearsal.first_call import MEANS
from seraf.rehearsal.progress import is_missed


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that differs from the agreed one, or one where two are accepted, which is never wrong.

    `moves` says that the agreed answer would change the category, or its range, that the person's answers lead to.
    """

    keyed: Keyed
    given: str
    moves: bool

    @property
    def is_contested(self) -> bool:
        """True if two answers are accepted and this is one of them. It is then only discussed."""
        return self.keyed.is_contested and self.keyed.agrees(self.given)


@dataclass(frozen=True, slots=True)
class Debrief:
    """The result of a rehearsal, compared with the agreed answers of its case (the key).

    `critical` holds the five critical actions, which are counted separately. Of the `of` items asked, `agreed` agree
    with the key; `left_out` items were not asked. `differences` are other answers that differ from the key: those that
    would change the category first, then denied signs first and merely cautious answers last. `talked_over` are the
    answers where two are accepted. A rule is `missed` if an answer suggests that the person does not know it, and `met`
    if it was tested and not missed. `pressing` is the title of the lead for the person's own answers if it is more
    urgent than their first call, although that call is allowed or the key is less urgent; otherwise it is empty.
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
        """The critical actions whose answer protected less than the agreed one."""
        return tuple(action.critical for action in self.critical if action.is_missed)

    @property
    def asked(self) -> int:
        """The number of critical actions that were asked."""
        return sum(action.is_asked for action in self.critical)


def debrief(pack: Pack, key: AgreedKey, *, case: Case, first_call: FirstCall | None) -> Debrief:
    """Return the comparison of the answers in `case`, and of a first call, with the agreed answers."""
    given = {**dict(case.responses), **case.answers}
    called = {str(Critical.FIRST_CALL): str(first_call)} if first_call else {}
    critical = critical_actions(pack, key, given={**given, **called})
    instrument, taken = pack.instrument, keyed_case(pack.instrument, key.read_as(given))
    results = [Difference(keyed, given[keyed.place], moves=False) for keyed in key.places if keyed.place in given]
    agreed = [result.keyed for result in results if result.keyed.agrees(result.given)]
    wrong = [result for result in results if not result.keyed.agrees(result.given)]
    # The places of critical actions are compared above, and not repeated.
    differences = [
        replace(result, moves=_moves(instrument, case, keyed=result.keyed))
        for result in wrong
        if result.keyed.place not in tuple(Critical)
    ]
    missed = frozenset(
        rule for result in wrong for rule in missed_at(result.keyed, result.given, instrument=instrument)
    )
    # No single answer shows this rule: the five points depend on the age and on any sign together.
    if Rule.UNDER_13 in key.rules and _added(instrument, case) < _added(instrument, taken):
        missed |= {Rule.UNDER_13}
    # A rule is tested by an agreeing answer that somebody who ticks nothing would not give as well.
    ticks = ((item, case.responses.get(item.id)) for item in instrument.items)
    has_tick = any(answer is not None and item.option(answer).is_present for item, answer in ticks)
    tested = {rule for keyed in agreed for rule in keyed.rules if has_tick or keyed.place not in instrument}
    items = [result for result in results if result.keyed.place in instrument]
    # A missed first call is reported by itself, but not a concern that only the person's own answers raise.
    (call,) = (action.outcome for action in critical if action.critical is Critical.FIRST_CALL)
    is_calmer = call is ActionOutcome.MISSED and bool(_pressing(pack, case, called=key.first_call))
    is_open = is_calmer or call is ActionOutcome.AGREED
    return Debrief(
        critical=critical,
        agreed=sum(keyed.place in instrument for keyed in agreed),
        of=len(items),
        left_out=sum(keyed.place in instrument for keyed in key.places) - len(items),
        differences=tuple(sorted(differences, key=lambda result: (not result.moves, _caution(result, instrument)))),
        talked_over=tuple(result for result in results if result.is_contested),
        met=tuple(rule for rule in Rule if rule in tested - missed),
        missed=tuple(rule for rule in Rule if rule in missed),
        pressing=_pressing(pack, case, called=first_call) if is_open else "",
    )


def _caution(difference: Difference, instrument: Instrument) -> int:
    """Return the rank of a difference: 0 if a sign with points was denied, 2 if “not known” stands for a No, else 1."""
    keyed, given = difference.keyed, difference.given
    if keyed.place not in instrument:
        return 2 if (keyed.answer, given) == ("no", NOT_KNOWN) else 1
    item = instrument.item(keyed.place)
    answer, agreed = item.option(given), item.option(keyed.answer)
    if answer.means is Meaning.ABSENT:
        return 0 if agreed.points > 0 else 1
    return 2 if agreed.means is Meaning.ABSENT and not answer.is_known else 1


def _pressing(pack: Pack, case: Case, *, called: FirstCall | None) -> str:
    """Return the title of the first lead for these answers if it is more urgent than the call, or else an empty string.

    A person who decides on the child's file may ask a manager first. The duty of schools to call is ignored: it is
    stated wherever it applies, and is not a concern that the person raised.
    """
    anybody = replace(case, answers={fact: word for fact, word in case.answers.items() if fact != "profession"})
    lead = CaseView(pack.instrument, anybody).advice(pack.guidance).leads[0]
    is_decider = called is FirstCall.LEAD and case.answers.get("profession") == "social-care"
    is_late = called is not None and MEANS[called] < lead.urgency
    return lead.title if is_late and (lead.urgency is Urgency.EMERGENCY or not is_decider) else ""


def missed_at(keyed: Keyed, given: str | None, *, instrument: Instrument) -> tuple[Rule, ...]:
    """Return the rules that an answer missed. There are none if the answer agrees or was not given."""
    if given is None or keyed.agrees(given):
        return ()
    return tuple(rule for rule in keyed.rules if is_missed(rule, keyed, given=given, instrument=instrument))


def _added(instrument: Instrument, case: Case) -> int:
    """Return the points of all additions of a case."""
    return sum(points for _, points in CaseView(instrument, case).score.additions)


def _moves(instrument: Instrument, case: Case, *, keyed: Keyed) -> bool:
    """Return True if the agreed answer would change the category of a case, or its highest possible category."""
    if keyed.place == "age":
        changed = replace(case, age=Age(keyed.answer))
    elif keyed.place in instrument:
        changed = replace(case, responses=case.responses.give(keyed.place, keyed.answer))
    else:
        changed = replace(case, answers={**case.answers, keyed.place: keyed.answer})
    before, after = CaseView(instrument, case).score, CaseView(instrument, changed).score
    return (before.category, before.highest.category) != (after.category, after.highest.category)
