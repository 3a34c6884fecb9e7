"""What a score calls for apart from its number: the manager's discussion, other harm and cautions; and what is known so far."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from seraf.form.conditions import Facts
from seraf.form.evidence import Marks, given_to, marks, shown
from seraf.form.instrument import Instrument
from seraf.form.remembered import remembered
from seraf.form.responses import Case
from seraf.form.vocabulary import ANSWERED_FACTS, Meaning
from seraf.score.scoring import Score, band_of, score, total_of


class Discussion(StrEnum):
    """Whether the guidance asks for a talk with the team manager although the category is low (“Responding to the SERAF”)."""

    YES = "yes"
    NO = "no"
    POSSIBLE = "possible"


class Caution(StrEnum):
    """What a reader of the number has to be told with it."""

    UNVERIFIED_ITEMS = "unverified-items"
    EDITION_OVERDUE = "edition-overdue"
    MISSING_ITEM_AT_EDGE = "missing-item-at-edge"
    ADDITION_RESTS_ON_RECENT = "addition-rests-on-recent"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class Findings:
    """A score with everything that is said with it; `facts` is what the rules of the guidance are judged on."""

    score: Score
    manager_discussion: Discussion
    other_harm: tuple[str, ...]
    cautions: tuple[Caution, ...]
    facts: Facts


@remembered(date)
def find(instrument: Instrument, case: Case, *, today: date) -> Findings:
    """What follows from the case by the instrument. `today` (local date) decides whether the edition is overdue."""
    result = score(instrument, case)
    certain = shown(instrument, case)
    discussion = _manager_discussion(instrument, marks(instrument, case.responses), category=result.category)
    # Whatever the total: a child who is abused at home may score 1 (reading 11, “or in some other form”).
    harm = tuple(item_id for item_id in instrument.other_harm if item_id in certain["present"])
    cautions = tuple(
        caution for caution in Caution if _applies(caution, instrument, case=case, result=result, today=today)
    )
    return Findings(result, discussion, harm, cautions, facts_of(instrument, case))


@remembered()
def facts_of(instrument: Instrument, case: Case) -> Facts:
    """All that is so of a case, its score among it, as the rules of the guidance are judged on it."""
    result, certain = score(instrument, case), shown(instrument, case)
    marked = marks(instrument, case.responses)
    discussion = _manager_discussion(instrument, marked, category=result.category)
    harm = marked.present.intersection(instrument.other_harm)
    return {
        **certain,
        "category": frozenset({str(result.category)}),
        "highest": frozenset({str(result.highest.category)}),
        "manager_discussion": frozenset({discussion}),
        "other_harm": frozenset({"yes" if harm else "no"}),
        "unknown": _unknown(instrument, marked),
        "not_known": marked.not_known,
        "mix": frozenset({"+".join([name for name, points in result.subtotals if points]) or "none"}),
    }


@remembered()
def facts_so_far(instrument: Instrument, case: Case) -> Facts:
    """What is so while somebody still answers: all that was said, and the category that it already comes to.

    What was not answered yet is not in it, nor what only the whole form can tell, so that it only grows.
    """
    certain = shown(instrument, case)
    said = dict(certain)
    for key in ANSWERED_FACTS:
        if key not in case.answers:
            del said[key]
    harm = certain["present"].intersection(instrument.other_harm)
    band = band_of(instrument, total_of(instrument, case, certain=certain))
    return {
        **said,
        "category": frozenset({str(band.category)}),
        "other_harm": frozenset({"yes" if harm else "no"}),
    }


def _unknown(instrument: Instrument, marked: Marks) -> frozenset[str]:
    """Return whether some items are not known, and whether most of those that bring about the manager's discussion are."""
    named = instrument.manager_discussion.present
    serious = [item for item in instrument.items if item.id in named or item.section.id in named]
    missing = [item for item in marked.unknown if item in serious]
    if not marked.unknown:
        return frozenset({"none"})
    return frozenset({"some", "most"} if 2 * len(missing) > len(serious) else {"some"})


def _manager_discussion(instrument: Instrument, marked: Marks, *, category: int) -> Discussion:
    rule = instrument.manager_discussion
    # In Categories 3 and 4 the guidance asks for more than the talk: the referral itself (“SERAF
    # categories of risk framework”).
    if category not in rule.categories:
        return Discussion.NO
    # In either window: “any of the significant risk indicators are identified” names none (reading 10).
    if rule.present & marked.present:
        return Discussion.YES
    # What nobody has looked into is not absent: the talk is then possible, and never “no” (reading 10).
    return Discussion.POSSIBLE if rule.present & marked.not_known else Discussion.NO


def _applies(caution: Caution, instrument: Instrument, *, case: Case, result: Score, today: date) -> bool:
    match caution:
        case Caution.UNVERIFIED_ITEMS:
            return not instrument.is_verified
        case Caution.EDITION_OVERDUE:
            return today > instrument.review_due
        case Caution.MISSING_ITEM_AT_EDGE:
            return _at_edge(instrument, result)
        case Caution.ADDITION_RESTS_ON_RECENT:
            return _rests_on_recent(instrument, case, result=result)
        case Caution.NOT_KNOWN:
            return bool(result.unknown)
    assert_never(caution)


def _at_edge(instrument: Instrument, result: Score) -> bool:
    above = (band.lowest for band in instrument.bands if band.lowest > result.total)
    # By the pack's own edges and points, so that it holds for other boards: with ours it is a total of
    # 5, 10 or 15 (reading 14).
    gap = min(above, default=None)
    return gap is not None and any(result.total + each.points >= gap for each in instrument.missing)


def _rests_on_recent(instrument: Instrument, case: Case, *, result: Score) -> bool:
    """Whether an addition was made although nothing that it asks for is in the current window."""
    made = {name for name, points in result.additions if points}
    wanted = {
        word
        for addition in instrument.additions
        if addition.id in made
        for key, words in addition.when.asks
        if key == "present"
        for word in words
    }
    given = given_to(instrument, case) if wanted else ()
    covered = [option for item, option in given if option and (item.id in wanted or item.section.id in wanted)]
    meanings = {option.means for option in covered if option.is_present}
    return meanings == {Meaning.EARLIER}
