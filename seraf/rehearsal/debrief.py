"""The debrief of a rehearsal: its critical actions, items, category and rules, compared with the agreed answers."""

from dataclasses import dataclass, replace

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import NOT_KNOWN, PRESENT, Age, Meaning
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction, critical_actions, keyed_case
from seraf.rehearsal.first_call import MEANS
from seraf.rehearsal.progress import is_missed, is_practised


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that differs from the agreed one, or one where two are accepted, which is never wrong.

    `worth` is how many points less the agreed answers would come to with this one in them: positive if a sign was
    denied. `moves` says that it accounts for the category, or the range of categories, being another one than agreed.
    """

    keyed: Keyed
    given: str
    worth: int = 0
    moves: bool = False

    @property
    def is_contested(self) -> bool:
        """True if two answers are accepted and this is one of them. It is then only discussed."""
        return self.keyed.is_contested and self.keyed.agrees(self.given)


@dataclass(frozen=True, slots=True)
class Debrief:
    """The result of a rehearsal, compared with the agreed answers of its case (the key).

    `critical` holds the five critical actions, which are counted separately. Of the `of` items asked, `agreed` agree
    with the key; `left_out` items were not asked. `differences` are other answers that differ from the key: those that
    moved the category first, by the points that they are worth, and of the others denied signs first and merely
    cautious answers last. `talked_over` are the answers where two are accepted. A rule is `missed` if an answer
    suggests that the person does not know it, and `met` if their answers could have missed it and did not. `pressing`
    is the title of the lead for the person's own answers if it is more urgent than their first call, although that call
    is allowed or the key is less urgent; otherwise it is empty.
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
    results = [Difference(keyed, given[keyed.place]) for keyed in key.places if keyed.place in given]
    agreed = [result.keyed for result in results if result.keyed.agrees(result.given)]
    wrong = [result for result in results if not result.keyed.agrees(result.given)]
    # The places of critical actions are compared above, and not repeated.
    apart = [result for result in wrong if result.keyed.place not in tuple(Critical)]
    differences = _weighed(apart, case, instrument=instrument, taken=taken)
    missed = frozenset(
        rule for result in wrong for rule in missed_at(result.keyed, result.given, instrument=instrument)
    )
    # No single answer shows this rule: the five points depend on the age and on any sign together.
    if Rule.UNDER_13 in key.rules and _added(instrument, case) < _added(instrument, taken):
        missed |= {Rule.UNDER_13}
    facts = CaseView(instrument, case).advice(pack.guidance).settled
    blanket = _blanket(instrument, case)
    tested = {
        rule
        for keyed in agreed
        for rule in keyed.rules
        if keyed.place not in blanket
        and (keyed.place == "age" or is_practised(rule, keyed, instrument=instrument, facts=facts))
    }
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
        differences=tuple(sorted(differences, key=lambda result: _rank(result, instrument))),
        talked_over=tuple(result for result in results if result.is_contested),
        met=tuple(rule for rule in Rule if rule in tested - missed),
        missed=tuple(rule for rule in Rule if rule in missed),
        pressing=_pressing(pack, case, called=first_call) if is_open else "",
    )


def _rank(difference: Difference, instrument: Instrument) -> tuple[bool, int, bool]:
    """Return a sort key: what moved the category by its points, denied signs by theirs, “not known” for a No last."""
    keyed, given, worth = difference.keyed, difference.given, difference.worth
    if keyed.place in instrument:
        item = instrument.item(keyed.place)
        is_cautious = item.option(keyed.answer).means is Meaning.ABSENT and not item.option(given).is_known
    else:
        is_cautious = (keyed.answer, given) == ("no", NOT_KNOWN)
    return not difference.moves, -(abs(worth) if difference.moves else max(worth, 0)), is_cautious


def _weighed(apart: list[Difference], case: Case, *, instrument: Instrument, taken: Case) -> list[Difference]:
    """Return the differences with their worth, and those marked that account for another category than the agreed one.

    Each answer is put into the agreed case (`taken`) alone. In the person's own case a sign that is denied among many
    others would seem to move nothing, since no single one of them changes the category.
    """
    score, own = CaseView(instrument, taken).score, CaseView(instrument, case).score
    # With the same category, what counts is how far the items that are not known could raise it.
    is_range = score.category == own.category
    agreed, reached = (each.highest.category if is_range else each.category for each in (score, own))
    weighed = []
    for each in apart:
        changed = CaseView(instrument, _answered(instrument, taken, each.keyed.place, each.given)).score
        worth = score.total - changed.total
        most = score.highest.total - changed.highest.total if is_range else worth
        weighed.append(replace(each, worth=worth, moves=most * (agreed - reached) > 0))
    return weighed


def _answered(instrument: Instrument, case: Case, place: str, answer: str) -> Case:
    """Return the case with another answer to an item, to a question, or on age."""
    if place == "age":
        return replace(case, age=Age(answer))
    if place in instrument:
        return replace(case, responses=case.responses.give(place, answer))
    return replace(case, answers={**case.answers, place: answer})


def _blanket(instrument: Instrument, case: Case) -> frozenset[str]:
    """Return the items of each section that the person answered throughout with No, or with not known: it tests no rule."""
    alike = set[str]()
    for section in instrument.sections:
        given = [(item, case.responses.get(item.id)) for item in instrument.of_section(section.id)]
        kinds = {item.option(answer).means for item, answer in given if answer}
        alike |= {item.id for item, _ in given} if len(kinds) < 2 and kinds.isdisjoint(PRESENT) else set()
    return frozenset(alike)


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
