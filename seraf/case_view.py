"""What follows from a case by its instrument: what is marked, the facts, the score, and the advice of a guidance.

A view is made once a turn, and each part is worked out when it is first asked for. Nothing of it outlives the view.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, assert_never, cast

from seraf.advice.guidance import Advice, Guidance
from seraf.form.circumstances import Circumstance, Facts, given_for
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Marks, marks
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
"""What stands for an answered fact that was never asked, where that is not “not known”."""

SAID_UNKNOWN = frozenset({NOT_KNOWN})
UNSAID = {key: frozenset({UNASKED.get(key, NOT_KNOWN)}) for key in ANSWERED_FACTS}
"""The answered facts before anything was said."""


Made = TypeVar("Made")


class CaseView:
    """A case as its instrument sees it: its `marks`, the facts that are `certain`, its `total` of points, and what follows."""

    def __init__(self, instrument: Instrument, case: Case) -> None:
        self.instrument, self.case = instrument, case
        self.marks = marks(instrument, case.responses)
        self.certain = _certain(instrument, case, marked=self.marks)
        self._subtotals = subtotals_of(instrument, self.marks)
        self._additions = additions_of(instrument, self.certain)
        self.total = sum_of((*self._subtotals, *self._additions))
        self._advice: dict[str, Advice] = {}
        self._made: dict[str, tuple[tuple[object, ...], Any]] = {}

    @cached_property
    def possible(self) -> Facts:
        """The facts that could be so: what is certain, and what each unknown item, age and answer could turn out to be."""
        certain, case = self.certain, self.case
        open_answers = {
            question.id: frozenset(ANSWERS)
            for question in self.instrument.questions
            if case.answers.get(question.id, NOT_KNOWN) == NOT_KNOWN
        }
        # A disputed age could be under 13: the five points count in the highest total, and not in the total (reading 4).
        age = frozenset(Age) if case.age is Age.NOT_KNOWN else certain["age"]
        # a section always has an option for the current window, or its pack does not start
        could_be = self.marks.not_known
        ticked = {"present": certain["present"] | could_be, "current": certain["current"] | could_be}
        return {**certain, **open_answers, "age": age, **ticked}

    @cached_property
    def highest_total(self) -> int:
        """The most points that what is unknown could still make of it."""
        # Each unknown item at its most, six for a significant one, and it may bring the points for age as well
        # (reading 7, “Silence is never zero”).
        return sum_of((*self._subtotals, *additions_of(self.instrument, self.possible))) + most_of(self.marks.unknown)

    @cached_property
    def score(self) -> Score:
        """The score by the instrument's own points, additions and bands."""
        unknown, items = self.marks.unknown, len(self.instrument.items)
        band, highest = band_of(self.instrument, self.total), self.highest_total
        # The lowest is the total itself: what is unknown can only add.
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
        """Whether the guidance asks for a talk with the team manager although the category is low."""
        rule = self.instrument.manager_discussion
        # In Categories 3 and 4 the guidance asks for more than the talk: the referral itself (“SERAF
        # categories of risk framework”).
        if self.score.category not in rule.categories:
            return Discussion.NO
        # In either window: “any of the significant risk indicators are identified” names none (reading 10).
        if rule.present & self.marks.present:
            return Discussion.YES
        # What nobody has looked into is not absent: the talk is then possible, and never “no” (reading 10).
        return Discussion.POSSIBLE if rule.present & self.marks.not_known else Discussion.NO

    @cached_property
    def facts(self) -> Facts:
        """Every fact of the case, its score among them, on which the rules of a guidance are judged."""
        score, marked = self.score, self.marks
        return {
            **self.certain,
            "category": frozenset({str(score.category)}),
            "highest": frozenset({str(score.highest.category)}),
            "manager_discussion": frozenset({self.manager_discussion}),
            "other_harm": self._other_harm,
            "unknown": self._unknown(),
            "not_known": marked.not_known,
            "mix": frozenset({"+".join([name for name, points in score.subtotals if points]) or "none"}),
        }

    @cached_property
    def facts_so_far(self) -> Facts:
        """The facts while somebody still answers: all that was said, and the category that it already comes to.

        What was not answered yet is not in it, nor what only the whole form can tell, so that it only grows.
        """
        said = dict(self.certain)
        for key in ANSWERED_FACTS:
            if key not in self.case.answers:
                del said[key]
        category = band_of(self.instrument, self.total).category
        return {**said, "category": frozenset({str(category)}), "other_harm": self._other_harm}

    @property
    def _other_harm(self) -> frozenset[str]:
        # Whatever the total: a child who is abused at home may score 1 (reading 11, “or in some other form”).
        return frozenset({"no" if self.marks.present.isdisjoint(self.instrument.other_harm) else "yes"})

    def _unknown(self) -> frozenset[str]:
        """Return whether some items are not known, and whether most of those that bring about the manager's discussion are."""
        unknown, serious = self.marks.unknown, self.instrument.signs
        if not unknown:
            return frozenset({"none"})
        missing = [item for item in unknown if item in serious]
        return frozenset({"some", "most"} if 2 * len(missing) > len(serious) else {"some"})

    def advice(self, guidance: Guidance) -> Advice:
        """Return what the guidance says of the case."""
        return self._advised("facts", guidance)

    def advice_so_far(self, guidance: Guidance) -> Advice:
        """Return what the unfinished case already calls for, by the rules of its result: so nothing that was said is taken back."""
        return self._advised("facts_so_far", guidance)

    def _advised(self, facts: str, guidance: Guidance) -> Advice:
        advice = self._advice.get(facts)
        if advice is None or advice.guidance is not guidance:
            advice = self._advice[facts] = Advice(guidance, getattr(self, facts))
        return advice

    def at_review(self, earlier: Facts) -> "CaseView":
        """Return the view of the case with what earlier SERAFs leave standing."""
        return self.once(
            "at_review", lambda: CaseView(self.instrument, replace(self.case, earlier=earlier)), by=(earlier,)
        )

    def once(self, name: str, make: Callable[[], Made], *, by: tuple[object, ...] = ()) -> Made:
        """Return what was made under this name last, or make it. `by` is all that it rests on besides the case."""
        held = self._made.get(name)
        if held is None or held[0] != by:
            held = self._made[name] = (by, make())
        return cast(Made, held[1])

    def to_ask_at_once(self, guidance: Guidance, *, is_again: bool = True) -> Circumstance | None:
        """Return the question that cannot wait for its turn and was not answered yet, if there is one.

        With `is_again` also one whose answer another tick has made stale.
        """
        settled, answers = self.advice_so_far(guidance).settled, self.case.answers
        # “Not known” is an answer here: a question that cannot wait is put once, and not again at every item.
        waiting = (
            each
            for each in guidance.circumstances
            if each.at_once and (is_again or each.id not in answers) and each.is_waiting(answers, settled=settled)
        )
        return next((each for each in waiting if each.is_asked(settled)), None)

    def noted(self, guidance: Guidance, question: str) -> Mapping[str, str]:
        """Return what to store with an answer to a question that may be put again: what it was given for."""
        circumstance = guidance.circumstance(question)
        if circumstance is None or not circumstance.again:
            return {}
        brought = circumstance.brought_by(self.advice_so_far(guidance).settled)
        return {given_for(question): " ".join(sorted(brought))}

    def find(self, *, today: date) -> Findings:
        """Return the score with what is said with it. `today` (local date) decides whether the edition is overdue."""
        harm = tuple([item for item in self.instrument.other_harm if item in self.marks.present])
        cautions = tuple([caution for caution in Caution if self._applies(caution, today=today)])
        return Findings(self.score, self.manager_discussion, harm, cautions, self.facts)

    def _applies(self, caution: Caution, *, today: date) -> bool:
        match caution:
            case Caution.UNVERIFIED_ITEMS:
                return not self.instrument.is_verified
            case Caution.EDITION_OVERDUE:
                return today > self.instrument.review_due
            case Caution.MISSING_ITEM_AT_EDGE:
                # By the pack's own edges and points, so that it holds for other boards: with ours it is a total of
                # 5, 10 or 15 (reading 14).
                edge = min([band.lowest for band in self.instrument.bands if band.lowest > self.total], default=None)
                return edge is not None and any(self.total + each.points >= edge for each in self.instrument.missing)
            case Caution.ADDITION_RESTS_ON_RECENT:
                return self._rests_on_recent()
            case Caution.NOT_KNOWN:
                return bool(self.score.unknown)
        assert_never(caution)

    def _rests_on_recent(self) -> bool:
        """Return whether an addition was made although nothing that it asks for is in the current window."""
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
        covered = [option for item, option in given if option and (item.id in wanted or item.section.id in wanted)]
        return {option.means for option in covered if option.is_present} == {Meaning.EARLIER}


def _certain(instrument: Instrument, case: Case, *, marked: Marks) -> Facts:
    """Return the facts that are certain: age, answers, and the items and sections ticked at all or in the current window.

    Whatever else was answered, such as a circumstance of the guidance, is a fact under its own name.
    """
    return {
        **case.earlier,
        **UNSAID,
        **{question.id: SAID_UNKNOWN for question in instrument.questions},
        **{key: frozenset((answer,)) for key, answer in case.answers.items()},
        "age": frozenset((case.age,)),
        "present": marked.present,
        "current": marked.current,
        "earlier": marked.earlier,
    }
