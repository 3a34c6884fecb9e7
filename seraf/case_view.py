"""Everything that follows from a case by its instrument: marks, facts, score, and the advice of a guidance.

A view is made once a turn. Each part is computed when first asked for, and no part outlives the view.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, assert_never, cast

from seraf.advice.guidance import Advice, Guidance
from seraf.form.circumstances import Circumstance, Facts, given_for
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, marks
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, NOT_ASKED, NOT_KNOWN, Age, Meaning
from seraf.score.scoring import (
    Caution,
    Discussion,
    Extent,
    Findings,
    Score,
    additions_of,
    band_of,
    most_of,
    subtotals_of,
    sum_of,
)

# “Not known” would claim that somebody was asked: a result may have to say that these three never were (ADR 0038).
UNASKED = {"danger": NOT_ASKED, "told_or_seen": NOT_ASKED, "judgement": NOT_ASKED}
"""The values of facts that were never asked, for those whose value is then not “not known”."""

UNSAID = {key: frozenset({UNASKED.get(key, NOT_KNOWN)}) for key in ANSWERED_FACTS}
"""The answered facts before any answer."""


Made = TypeVar("Made")


class CaseView:
    """A case as its instrument sees it: `marks`, the `certain` facts, the `total` points, and what follows from them."""

    def __init__(self, instrument: Instrument, case: Case) -> None:
        self.instrument, self.case = instrument, case
        self.marks = marks(instrument, case.responses)
        # Any other answer, such as one to a short question of the guidance, is a fact under its own name.
        self.certain: Facts = {
            **case.earlier,
            **UNSAID,
            **{question.id: frozenset({NOT_KNOWN}) for question in instrument.questions},
            **{key: frozenset((answer,)) for key, answer in case.answers.items()},
            "age": frozenset((case.age,)),
            "present": self.marks.present,
            "current": self.marks.current,
            "earlier": self.marks.earlier,
        }
        self._subtotals = subtotals_of(instrument, self.marks)
        self._additions = additions_of(instrument, self.certain)
        self.total = sum_of((*self._subtotals, *self._additions))
        self._advice: Advice | None = None
        self._advice_so_far: Advice | None = None
        self._made: dict[str, tuple[tuple[object, ...], Any]] = {}

    @cached_property
    def possible(self) -> Facts:
        """The facts that could hold: the certain ones, and every value of each unknown item, age and answer."""
        certain, case = self.certain, self.case
        open_answers = {
            question.id: frozenset(ANSWERS)
            for question in self.instrument.questions
            if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN
        }
        # An age that is not known could be under 13: the five points count in the highest total only (reading 4).
        age = frozenset(Age) if case.age is Age.NOT_KNOWN else certain["age"]
        # Every section has an option for the current window, or its pack does not start.
        could_be = self.marks.not_known
        ticked = {"present": certain["present"] | could_be, "current": certain["current"] | could_be}
        return {**certain, **open_answers, "age": age, **ticked}

    @cached_property
    def highest_total(self) -> int:
        """The most points that are still possible."""
        # Each unknown item counts its most points, six for a significant one, and may add the points for age as well
        # (reading 7, “Silence is never zero”).
        return sum_of((*self._subtotals, *additions_of(self.instrument, self.possible))) + most_of(self.marks.unknown)

    @cached_property
    def score(self) -> Score:
        """The score by the instrument's points, additions and bands."""
        unknown, items = self.marks.unknown, len(self.instrument.items)
        band, highest = band_of(self.instrument, self.total), self.highest_total
        # The lowest total is the total itself: unknown items can only add.
        return Score(
            total=self.total,
            band=band,
            subtotals=self._subtotals,
            additions=self._additions,
            answered=items - len(unknown),
            of=items,
            unknown=tuple([item.id for item in unknown]),
            lowest=Extent(self.total, band.category),
            highest=Extent(highest, band_of(self.instrument, highest).category),
        )

    @cached_property
    def manager_discussion(self) -> Discussion:
        """The need for a talk with the team manager although the category is low."""
        rule = self.instrument.manager_discussion
        # In Categories 3 and 4 the guidance asks for the referral itself (“SERAF categories of risk framework”).
        if self.score.category not in rule.categories:
            return Discussion.NO
        # In either window: “any of the significant risk indicators are identified” names no window (reading 10).
        if rule.present & self.marks.present:
            return Discussion.YES
        # An unknown item is not absent: the talk is then possible, and never “no” (reading 10).
        return Discussion.POSSIBLE if rule.present & self.marks.not_known else Discussion.NO

    @cached_property
    def facts(self) -> Facts:
        """Every fact derived from the case, including its score, for the rules of a guidance."""
        score, unknown, signs = self.score, self.marks.unknown, self.instrument.signs
        # “most” is about the items that call for the manager's discussion.
        is_most = 2 * len([item for item in unknown if item in signs]) > len(signs)
        return {
            **self.certain,
            "category": frozenset({str(score.category)}),
            "highest": frozenset({str(score.highest.category)}),
            "manager_discussion": frozenset({self.manager_discussion}),
            "other_harm": self._other_harm,
            "unknown": frozenset(({"some", "most"} if is_most else {"some"}) if unknown else {"none"}),
            "not_known": self.marks.not_known,
            "mix": frozenset({"+".join([name for name, points in score.subtotals if points]) or "none"}),
        }

    @cached_property
    def facts_so_far(self) -> Facts:
        """The facts while the form is unfinished: the answers given, and the category reached so far.

        Unanswered facts, and facts that need the whole form, are left out, so that these facts only ever grow.
        """
        facts = dict(self.certain)
        for key in ANSWERED_FACTS:
            if key not in self.case.answers:
                del facts[key]
        category = band_of(self.instrument, self.total).category
        return {**facts, "category": frozenset({str(category)}), "other_harm": self._other_harm}

    @property
    def _other_harm(self) -> frozenset[str]:
        # Whatever the total: a child abused at home may score 1 (reading 11, “or in some other form”).
        return frozenset({"no" if self.marks.present.isdisjoint(self.instrument.other_harm) else "yes"})

    def advice(self, guidance: Guidance) -> Advice:
        """Return what the guidance says of the case."""
        if self._advice is None or self._advice.guidance is not guidance:
            self._advice = Advice(guidance, self.facts)
        return self._advice

    def advice_so_far(self, guidance: Guidance) -> Advice:
        """Return the advice on the unfinished case by the rules of its result, so that later answers take none of it back."""
        if self._advice_so_far is None or self._advice_so_far.guidance is not guidance:
            self._advice_so_far = Advice(guidance, self.facts_so_far)
        return self._advice_so_far

    def at_review(self, earlier: Facts) -> "CaseView":
        """Return the view of the case together with what still applies from earlier SERAFs."""
        return self.once(
            "at_review", lambda: CaseView(self.instrument, replace(self.case, earlier=earlier)), by=(earlier,)
        )

    def once(self, name: str, make: Callable[[], Made], *, by: tuple[object, ...] = ()) -> Made:
        """Return the cached value of this name, or compute it. `by` holds all that it depends on besides the case."""
        memo = self._made.get(name)
        if memo is None or memo[0] != by:
            memo = self._made[name] = (by, make())
        return cast(Made, memo[1])

    def to_ask_at_once(self, guidance: Guidance, *, is_again: bool = True) -> Circumstance | None:
        """Return the next unanswered question that cannot wait for its turn, if there is one.

        With `is_again`, this includes a question whose answer is stale because of another tick.
        """
        settled, answers = self.advice_so_far(guidance).settled, self.case.answers
        # “Not known” is an answer here: a question that cannot wait is asked once, not again at every item.
        for question in guidance.circumstances:
            may_be = question.at_once and (is_again or question.id not in answers)
            if may_be and question.is_waiting(answers, settled=settled) and question.is_asked(settled):
                return question
        return None

    def noted(self, guidance: Guidance, question: str) -> Mapping[str, str]:
        """Return what to store with the answer to a question that may be asked again: the ticks that led to it."""
        circumstance = guidance.circumstance(question)
        if circumstance is None or not circumstance.again:
            return {}
        brought = circumstance.brought_by(self.advice_so_far(guidance).settled)
        return {given_for(question): " ".join(sorted(brought))}

    def find(self, *, today: date) -> Findings:
        """Return the score with everything shown with it. `today` (local date) decides whether the edition is overdue."""
        harm = tuple([item for item in self.instrument.other_harm if item in self.marks.present])
        cautions = tuple([caution for caution in Caution if self._applies(caution, today=today)])
        return Findings(self.score, self.manager_discussion, harm, cautions, self.facts)

    def _applies(self, caution: Caution, *, today: date) -> bool:
        match caution:
            case Caution.UNVERIFIED_ITEMS:
                return not self.instrument.is_verified
            case Caution.EDITION_OVERDUE:
                return today > self.instrument.edition.review_due
            case Caution.MISSING_ITEM_AT_EDGE:
                # By the pack's own bands and points, so that it holds for other boards: here the totals 5, 10 and 15
                # (reading 14).
                edge = min([band.lowest for band in self.instrument.bands if band.lowest > self.total], default=None)
                return edge is not None and any(
                    self.total + missing.points >= edge for missing in self.instrument.missing
                )
            case Caution.ADDITION_RESTS_ON_RECENT:
                # True if an addition was made although nothing that it asks for is in the current window.
                made = {name for name, points in self.score.additions if points}
                wanted = {
                    word
                    for addition in self.instrument.additions
                    if addition.id in made
                    for key, words in addition.when.asks
                    if key == "present"
                    for word in words
                }
                given = self.marks.given if wanted else ()
                named = [
                    option for item, option in given if option and not wanted.isdisjoint({item.id, item.section.id})
                ]
                return {option.means for option in named if option.is_present} == {Meaning.EARLIER}
            case Caution.NOT_KNOWN:
                return bool(self.score.unknown)
        assert_never(caution)
