"""A rehearsal beside its key: where they agree, which differences moved the category, and which rules were missed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import keyed_case
from seraf.rehearsal.first_call import first_calls
from seraf.rehearsal.practised import is_missed
from seraf.score.findings import facts_of
from seraf.score.scoring import Score, score


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not the key's, or one where experts could differ (`is_contested`), which is never wrong.

    `given` is None where nothing was answered. `moves` says that the key's answer in its place would make another
    category, or another range of categories, of what was answered.
    """

    keyed: Keyed
    given: str | None
    moves: bool

    @property
    def is_contested(self) -> bool:
        """Whether it is taught as a discussion."""
        return self.keyed.is_contested and self.keyed.agrees(self.given)


@dataclass(frozen=True, slots=True)
class Debrief:
    """What a rehearsal came to beside its key.

    `agreed` of the `of` places of the key; `differences` with those that moved the category first, then in the order
    of the key; `talked_over` are the contested places that were answered one way or the other. `reached` is the score of
    what was answered, `keyed` that of the key, with the other reading wherever that was taken. A rule is `missed` where
    an answer is one that somebody gives who does not know it, and `met` where it was put to the test and not missed.
    """

    agreed: int
    of: int
    differences: tuple[Difference, ...]
    talked_over: tuple[Difference, ...]
    reached: Score
    keyed: Score
    is_first_call_right: bool
    met: tuple[Rule, ...]
    missed: tuple[Rule, ...]

    @property
    def is_category_right(self) -> bool:
        """Whether the category, or the range of categories, is the key's."""
        return _categories(self.reached) == _categories(self.keyed)


def debrief(pack: Pack, key: AgreedKey, *, case: Case, first_call: FirstCall | None) -> Debrief:
    """The case as it was answered, beside the key."""
    given = {**dict(case.responses), **case.answers}
    instrument, taken = pack.instrument, keyed_case(pack.instrument, key.read_as(given))
    results = [Difference(keyed, given.get(keyed.place), moves=False) for keyed in key.places]
    wrong = [each for each in results if not each.keyed.agrees(each.given)]
    moving = tuple(replace(each, moves=_moves(instrument, case, keyed=each.keyed)) for each in wrong)
    reached, keyed = score(instrument, case), score(instrument, taken)
    missed = frozenset(rule for each in wrong for rule in missed_at(each.keyed, each.given, instrument=instrument))
    missed |= {Rule.UNDER_13} if Rule.UNDER_13 in key.rules and _added(reached) < _added(keyed) else set()
    fitting = first_calls(pack.guidance, facts_of(instrument, taken))
    return Debrief(
        agreed=len(results) - len(wrong),
        of=len(results),
        differences=tuple(sorted(moving, key=lambda each: not each.moves)),
        talked_over=tuple(each for each in results if each.is_contested),
        reached=reached,
        keyed=keyed,
        is_first_call_right=first_call in {*fitting, *duties(case)},
        met=tuple(rule for rule in Rule if rule in _tested(results, case, instrument=instrument) - missed),
        missed=tuple(rule for rule in Rule if rule in missed),
    )


def missed_at(keyed: Keyed, given: str | None, *, instrument: Instrument) -> tuple[Rule, ...]:
    """The rules that an answer at one place has missed; none where it is the key's, or where nothing was answered."""
    if keyed.agrees(given):
        return ()
    return tuple(rule for rule in keyed.rules if is_missed(rule, keyed, given=given, instrument=instrument))


def _tested(results: list[Difference], case: Case, *, instrument: Instrument) -> frozenset[Rule]:
    """The rules that were put to the test: where an answer agrees that somebody who ticks nothing would not give as well."""
    ticks = {item.id for item in instrument.items if _is_ticked(item, case.responses.get(item.id))}
    agreed = [each.keyed for each in results if each.given is not None and each.keyed.agrees(each.given)]
    return frozenset(
        rule
        for keyed in agreed
        for rule in keyed.rules
        if keyed.place in ticks or keyed.place not in instrument or ticks
    )


def _is_ticked(item: Item, given: str | None) -> bool:
    return given is not None and item.option(given).is_present


def _added(result: Score) -> int:
    """The points of all additions."""
    return sum(points for _, points in result.additions)


def duties(case: Case) -> frozenset[FirstCall]:
    """Whom somebody has to ring whatever a key says: a school discusses any concern with ART (“Schools role in …”)."""
    return frozenset({FirstCall.ART} if case.answers.get("profession") == "school" else ())


def _moves(instrument: Instrument, case: Case, *, keyed: Keyed) -> bool:
    """Whether the key's answer at this one place would change the category, or the highest that it could be."""
    before, after = score(instrument, case), score(instrument, _with(instrument, case, keyed=keyed))
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
