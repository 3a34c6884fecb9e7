"""Which made-up case comes next: the one rehearsed least, or one made to measure for what somebody got wrong."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from dialogs.rehearsal.core import practice as made_up
from dialogs.rehearsal.core.practice import Source, is_measured, make_ready, measured_case, next_case, vignette_of
from seraf.cases.vignette import Rule
from seraf.rehearsal.made.targets import PLANS, Target
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from tests.support.shipped import PACK

PLAIN = replace(PACK, fragments=None)


def course(*vignettes: str, missed: Iterable[Rule] = (), met: Iterable[Rule] = ()) -> Course:
    """A course of rehearsals of these, each with these rules missed and met."""
    return tuple(
        Rehearsed("2026-03-04", each, Mode.TEST, (), 5, 30, 30, tuple(missed), tuple(met)) for each in vignettes
    )


def test_the_next_case_is_the_first_of_those_rehearsed_least() -> None:
    """In the order of the pack."""
    first, second, third = (each.id for each in PACK.vignettes[:3])

    assert next_case((), PACK) == first
    assert next_case(course(first, third), PACK) == second
    assert next_case(course(*(each.id for each in PACK.vignettes), first), PACK) == second


def test_of_those_rehearsed_least_one_that_teaches_what_was_missed_comes_first() -> None:
    """So that a rule for which no case is made to measure comes round again as well."""
    first = PACK.vignettes[0].id
    teaches = next(each.id for each in PACK.vignettes[1:] if Rule.TOLD_OR_SEEN in each.key.rules)

    assert next_case(course(first, missed=[Rule.TOLD_OR_SEEN]), PACK) == teaches


def test_a_case_made_to_measure_is_the_same_whenever_it_is_told() -> None:
    """Its recipe is enough, and it has a key."""
    case = measured_case((), PACK, seed=7)
    told = vignette_of(case, PACK)

    assert is_measured(case)
    assert told is not None
    assert vignette_of(case, replace(PACK, contacts=PACK.contacts)) is told


def test_it_aims_at_what_was_missed() -> None:
    """For whatever seed, the case practises a rule that somebody gets wrong, and they meet more than one."""
    missing = course("bea", "kai", missed=[Rule.BOTH_COLUMNS], met=[each for each in Rule if each != Rule.BOTH_COLUMNS])
    aims = {Target(measured_case(missing, PACK, seed=seed).split("/")[1]) for seed in range(16)}

    assert all(Rule.BOTH_COLUMNS in PLANS[aim].rules for aim in aims)
    assert Target.BOTH_COLUMNS in aims
    assert len(aims) > 1


def test_whoever_missed_nothing_meets_every_aim() -> None:
    """Over many seeds."""
    aims = {measured_case((), PACK, seed=seed).split("/")[1] for seed in range(len(Target))}

    assert aims == set(Target)


def test_a_pack_without_sentences_makes_none() -> None:
    """Neither a new one nor one of which the recipe was kept; an aim that is none is none, and so is a recipe of before."""
    assert measured_case((), PLAIN, seed=7) == ""
    assert vignette_of("edges/family/7/2", PACK) is not None
    assert [vignette_of("edges/family/7/2", PLAIN), vignette_of("edges/nothing/7/2", PACK)] == [None, None]
    assert [vignette_of(f"edges/family/7{old}", PACK) for old in ("", "/1", "/2/2")] == [None, None, None]
    assert vignette_of("nobody", PACK) is None


def test_a_source_is_the_same_while_its_parts_are() -> None:
    """Other numbers to ring make no other case; other sentences do."""
    assert Source(PACK) == Source(replace(PACK, contacts=PACK.contacts))
    assert Source(PACK) != Source(PLAIN)
    assert Source(PACK) != PACK


def test_once_it_is_ready_nobody_waits_for_what_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """All aims are tried before, and not when somebody asks for their first case."""
    make_ready(PACK)

    monkeypatch.setattr(made_up, "measurable", lambda *_: pytest.fail("it is tried while somebody waits"))

    assert is_measured(measured_case((), PACK, seed=1))
