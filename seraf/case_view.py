"""Everything that is derived from a case, given its instrument and a guidance: marks, facts, score and advice.

A view is created anew for each event. It computes each part at its first use and caches it.
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
from seraf.form.second_view import facts_of
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
"""The facts whose value is “not asked” while nobody has answered them. Every other unanswered fact is “not known”."""

UNSAID = {key: frozenset({UNASKED.get(key, NOT_KNOWN)}) for key in ANSWERED_FACTS}
"""The initial value of each fact that people answer directly."""


Made = TypeVar("Made")


class CaseView:
    """A case and all that its instrument derives from it, such as `marks`, `certain` facts and `total` points."""

    def __init__(self, instrument: Instrument, case: Case) -> None:
        self.instrument, self.case = instrument, case
        self.marks = marks(instrument, case.responses)
        # Any other answer, such as one to a short question of the guidance, is a fact under its own name.
        self.certain: Facts = {
            **case.earlier,
            **UNSAID,
            **{question.id: frozenset({NOT_KNOWN}) for question in instrument.questions},
            **{key: frozenset((answer,)) for key, answer in case.answers.items()},
            **(facts_of(case.views, case.floor) if case.views or case.floor else {}),
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
        """The `certain` facts, extended by every value that an unknown item, age or question could turn out to have."""
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
        """The highest total (points) that the case could reach if what is unknown became known."""
        # Each unknown item counts its most points, six for a significant one, and may add the points for age as well
        # (reading 7, “Silence is never zero”).
        return sum_of((*self._subtotals, *additions_of(self.instrument, self.possible))) + most_of(self.marks.unknown)

    @cached_property
    def score(self) -> Score:
        """The score of the case: total, subtotals, category, and the lowest and highest possible results."""
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
        """Whether the case, despite a low category, needs a discussion with the team manager."""
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
        """All facts that a guidance's rules can test: the `certain` ones, and those derived from the score."""
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
        """The facts while the questionnaire is unfinished: the answers given, and the category reached so far.

        Unanswered facts, and facts that need all items, are missing: a missing answer must not make a rule apply.
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
        """Return the advice of a guidance on the case."""
        if self._advice is None or self._advice.guidance is not guidance:
            self._advice = Advice(guidance, self.facts)
        return self._advice

    def advice_so_far(self, guidance: Guidance) -> Advice:
        """Return the advice on the case while its questionnaire is unfinished, computed from `facts_so_far`."""
        if self._advice_so_far is None or self._advice_so_far.guidance is not guidance:
            self._advice_so_far = Advice(guidance, self.facts_so_far)
        return self._advice_so_far

    def at_review(self, earlier: Facts) -> "CaseView":
        """Return a view of the same case with these facts from earlier SERAFs as its `earlier` facts."""
        return self.once(
            "at_review", lambda: CaseView(self.instrument, replace(self.case, earlier=earlier)), by=(earlier,)
        )

    def once(self, name: str, make: Callable[[], Made], *, by: tuple[object, ...] = ()) -> Made:
        """Return the value cached under `name`. Compute it if there is none, or if `by`, its other inputs, changed."""
        memo = self._made.get(name)
        if memo is None or memo[0] != by:
            memo = self._made[name] = (by, make())
        return cast(Made, memo[1])

    def to_ask_at_once(self, guidance: Guidance, *, is_again: bool = True) -> Circumstance | None:
        """Return the first short question to ask immediately (`at_once`) that has no valid answer, or None.

        With `is_again`, an answer that a later tick has made stale is not valid.
        """
        settled, answers = self.advice_so_far(guidance).settled, self.case.answers
        # “Not known” is an answer here: a question that cannot wait is asked once, not again at every item.
        for question in guidance.circumstances:
            may_be = question.at_once and (is_again or question.id not in answers)
            if may_be and question.is_waiting(answers, settled=settled) and question.is_asked(settled):
                return question
        return None

    def noted(self, guidance: Guidance, question: str) -> Mapping[str, str]:
        """Return what to store with an answer: the ticks that led to its question; empty if it is asked only once."""
        circumstance = guidance.circumstance(question)
        if circumstance is None or not circumstance.again:
            return {}
        brought = circumstance.brought_by(self.advice_so_far(guidance).settled)
        return {given_for(question): " ".join(sorted(brought))}

    def find(self, *, today: date) -> Findings:
        """Return the score with its cautions on `today` (local date), which decides if the edition is overdue."""
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
