"""What a made-up case practises, and how somebody's rehearsals went."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from seraf.cases.vignette import Keyed, Rule
from seraf.errors import SerafError
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.rehearsal.critical_actions import PROTECTING, Critical, protects_less


def is_practised(rule: Rule, keyed: Keyed, *, instrument: Instrument, facts: Facts) -> bool:
    """Whether somebody who answers otherwise at this place may have missed the rule, given the facts of the whole key."""
    if keyed.place in instrument:
        return _at_item(rule, keyed, instrument=instrument, facts=facts)
    return _at_question(rule, keyed, facts=facts)


def _at_question(rule: Rule, keyed: Keyed, *, facts: Facts) -> bool:
    if rule is Rule.JUDGEMENT:
        return keyed.place == "judgement" and keyed.answer == "yes" and not facts["category"].isdisjoint({"1", "2"})
    if rule is Rule.TOLD_OR_SEEN:
        return keyed.place == "told_or_seen"
    return rule is Rule.NOT_KNOWN and keyed.answer == NOT_KNOWN


def _at_item(rule: Rule, keyed: Keyed, *, instrument: Instrument, facts: Facts) -> bool:
    item = instrument.item(keyed.place)
    answer = item.option(keyed.answer)
    has_two_windows = any(option.means is Meaning.EARLIER for option in item.section.options)
    match rule:
        case Rule.BOTH_COLUMNS:
            return has_two_windows and answer.means is Meaning.CURRENT and answer.points > _least(item)
        case Rule.FAMILY:
            return has_two_windows
        case Rule.UNDER_13:
            return Age.UNDER_13 in facts["age"] and has_two_windows and answer.is_present
        case Rule.NOT_KNOWN:
            return not answer.is_known
        case Rule.DISCUSSION:
            return "yes" in facts["manager_discussion"] and answer.is_present and has_two_windows
        case Rule.OTHER_HARM:
            return item.id in instrument.other_harm and answer.is_present
        case Rule.LOOK_BACK:
            return answer.is_known
        case Rule.SUSPICION:
            return answer.is_present
        case Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


def is_missed(rule: Rule, keyed: Keyed, *, given: str, instrument: Instrument) -> bool:
    """Whether this answer, which is not the key's, is one that somebody gives who does not know the rule of that place.

    The addition for a child under 13 is missed by the whole case, or by the age.
    """
    if keyed.place not in instrument:
        return _is_missed_at_question(rule, keyed, given=given)
    item = instrument.item(keyed.place)
    said, agreed = item.option(given), item.option(keyed.answer)
    match rule:
        case Rule.BOTH_COLUMNS:
            return said.is_present
        case Rule.LOOK_BACK:
            has_windows = any(option.means is Meaning.EARLIER for option in item.section.options)
            # With two windows any other tick is one in the wrong window; with one, the slip shows as a Yes
            # for a No or the reverse.
            return said.is_present if has_windows else said.is_known and said.is_present is not agreed.is_present
        case Rule.FAMILY:
            return said.is_present
        case Rule.NOT_KNOWN:
            return said.is_known and not said.is_present
        case Rule.DISCUSSION | Rule.OTHER_HARM | Rule.SUSPICION:
            return not said.is_present
        case Rule.UNDER_13 | Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


def _is_missed_at_question(rule: Rule, keyed: Keyed, *, given: str) -> bool:
    """To protect more than the key asks for is to miss no rule."""
    if rule is Rule.NOT_KNOWN:
        return given == "no"
    return keyed.place not in PROTECTING or protects_less(keyed, given)


def _least(item: Item) -> int:
    return min(option.points for option in item.section.options if option.means is Meaning.CURRENT)


MOST_KEPT = 200
"""Rehearsals that a course holds; the oldest goes when there is one more."""

IN_A_ROW = 3
"""Different vignettes in which a rule is met, with no miss since, before it counts as mastered."""

VERSION = 2
"""The version that is written. A newer one is refused and left alone. The first knew no critical actions."""


class NewerCourse(SerafError):
    """A course that a newer release wrote."""


class Mode(StrEnum):
    """How somebody rehearsed."""

    PRACTICE = "practice"
    """Told after each item."""
    TEST = "test"
    """Told at the end."""
    EDGES = "edges"
    """A case built on the edge of a rule."""
    ROOM = "room"
    """Among a group."""
    PAIR = "pair"
    """With one other person."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One rehearsal that was finished.

    `day` is its ISO date (local), `vignette` the id of the case: one that was built has an id of its own each time.
    `slips` are the critical actions that were missed, of the `asked` that were asked: 0 where that was not kept yet.
    `agreed` of `of` items are the key's. A rule that was met at one place and missed at another counts as missed.
    """

    day: str
    vignette: str
    mode: Mode
    slips: tuple[Critical, ...]
    asked: int
    agreed: int
    of: int
    missed: tuple[Rule, ...]
    met: tuple[Rule, ...]

    @property
    def kept(self) -> int:
        """How many critical actions were not missed; one that protects more than the key asks for is not marked."""
        return self.asked - len(self.slips)


Course = tuple[Rehearsed, ...]
"""Rehearsals in the order in which they were finished."""


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many rehearsals a rule was met, and in how many it was missed."""

    right: int
    wrong: int


def add(course: Course, rehearsed: Rehearsed) -> Course:
    """The course with one more rehearsal, without the oldest where there would be too many."""
    return (*course, rehearsed)[-MOST_KEPT:]


def tallies(course: Course) -> Mapping[Rule, Tally]:
    """Each rule that came up, in the order of the rules."""
    outcomes = {rule: [is_met for _, is_met in _outcomes(course, rule)] for rule in Rule}
    return {rule: Tally(each.count(True), each.count(False)) for rule, each in outcomes.items() if each}


def is_mastered(course: Course, rule: Rule) -> bool:
    """Whether the rule was met in three different vignettes since it was last missed; a miss undoes it.

    The same vignette over again shows that it is remembered, so it counts once.
    """
    met: set[str] = set()
    for vignette, is_met in _outcomes(course, rule):
        if not is_met:
            met.clear()
        else:
            met.add(vignette)
    return len(met) >= IN_A_ROW


def mastered(course: Course) -> tuple[Rule, ...]:
    """The rules that are mastered, in the order of the rules."""
    return tuple(rule for rule in Rule if is_mastered(course, rule))


def weak_rules(course: Course) -> tuple[Rule, ...]:
    """The rules that were missed and are not mastered, the most missed first; of those missed alike, what comes before any number."""
    wrong = {rule: each.wrong for rule, each in tallies(course).items() if each.wrong and not is_mastered(course, rule)}
    return tuple(sorted(wrong, key=lambda rule: (-wrong[rule], rule is not Rule.TOLD_OR_SEEN)))


def encode_course(course: Course) -> str:
    """The course as one line of JSON."""
    rows = [
        [each.day, each.vignette, each.mode, each.slips, each.asked, each.agreed, each.of, each.missed, each.met]
        for each in course
    ]
    return json.dumps({"v": VERSION, "course": rows}, separators=(",", ":"), ensure_ascii=False)


def decode_course(text: str) -> Course:
    """The course in a text. Raises `NewerCourse` for a version this release does not know."""
    raw = json.loads(text)
    if raw["v"] > VERSION:
        raise NewerCourse(
            "The store was written by a newer release: run that release, or restore a backup of this one."
        )
    return tuple(map(_rehearsed if raw["v"] == VERSION else _before_critical, raw["course"]))


def _rehearsed(raw: Any) -> Rehearsed:
    day, vignette, mode, slips, asked, agreed, of, missed, met = raw
    return Rehearsed(
        day=day,
        vignette=vignette,
        mode=Mode(mode),
        slips=tuple(map(Critical, slips)),
        asked=asked,
        agreed=agreed,
        of=of,
        missed=tuple(map(Rule, missed)),
        met=tuple(map(Rule, met)),
    )


def _before_critical(raw: Any) -> Rehearsed:
    """One of the first version, in which `agreed` was of all answers; of critical actions it says nothing."""
    day, vignette, mode, agreed, of, missed, met, _ = raw
    return _rehearsed([day, vignette, mode, (), 0, agreed, of, missed, met])


def _outcomes(course: Course, rule: Rule) -> Iterator[tuple[str, bool]]:
    """Each rehearsal in which the rule came up: its vignette, and whether the rule was met and nowhere missed."""
    for each in course:
        if rule in each.missed or rule in each.met:
            yield each.vignette, rule not in each.missed
