"""P28 of docs/promises.md: who is asked for a second look, or to take a case over, reads and does what that allows, and no more."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.core import ties
from dialogs.core.ties import Refusal, Sharing, TieEvent, TieKind
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.second_look.judge import MOST, Judge
from tests.support.second_look.world import PEOPLE, Changed, Happened, Reads, World, run

STEPS = 60


def faults_of(world: World, *, known: int, tried: int) -> list[str]:
    """Return where the product and the judge differ: about the last step, and about one reading."""
    found = list[str]()
    for number in range(known, len(world.history)):
        act = world.history[number]
        if allows(Judge(world.history[:number], act.at), act) is False:
            found.append(f"{act.what} beyond a grant")
    for act in world.refused[tried:]:
        if allows(Judge(world.history, act.at), act):
            found.append(f"{act.what} refused without a reason")
    if world.cases:
        case, person = world.draw.choice(sorted(world.cases)), world.draw.choice(PEOPLE)
        product, judged = world.may_read(person, case), Judge(world.history, world.now).may_read(person, case)
        if product != judged:
            found.append("read beyond a grant" if product else "reading refused without a reason")
    for case, sharing in world.cases.items():
        if sum(tie.kind is TieKind.HOLDER for tie in sharing.ties) != 1:
            found.append("in nobody's hands, or in two people's")
        if len({tie.person for tie in sharing.ties}) != len(sharing.ties):
            found.append("two ties of one person")
        if sharing.holder.person != Judge(world.history, world.now).holder(case):
            found.append("in the wrong hands")
    for person in PEOPLE:
        if Judge(world.history, world.now).holds(person) > MOST["held"]:
            found.append("more than eight")
    return found


def allows(judge: Judge, act: Happened) -> bool | None:
    """Return what the judge says of an act, or None if it has no rule about it."""
    match act.what:
        case "viewed":
            return judge.may_view(act.by, act.case)
        case "taken":
            return judge.may_take(act.by, act.case)
        case "asked":
            return judge.may_be_asked(act.whom, act.case, act.detail, by=act.by)
        case "confirmed":
            return judge.may_confirm(act.by, act.case, whom=act.whom)
        case "opened":
            return judge.is_admitted(act.by) and judge.request(act.by, act.case) is not None
    return None


def faults_of_run(seed: int, *, changed: Changed = ties.changed, reads: Reads = Sharing.reads) -> Counter[str]:
    found, known, tried = Counter[str](), 0, 0
    for world in run(seed, steps=STEPS, changed=changed, reads=reads):
        found.update(faults_of(world, known=known, tried=tried))
        known, tried = len(world.history), len(world.refused)
    return found


@pytest.mark.prove
def test_nobody_reads_or_does_more_than_they_were_asked_for(promise: Promise) -> None:
    """P28: three people and an administrator ask, look, hand over, are locked out and removed; a judge reads the history."""
    runs, happened, faults = times(10_000, 24), Counter[str](), Counter[str]()

    for seed in range(runs):
        known, tried = 0, 0
        for world in run(seed, steps=STEPS):
            faults.update(faults_of(world, known=known, tried=tried))
            known, tried = len(world.history), len(world.refused)
        happened.update(each.what for each in world.history)

    assert {"asked", "code", "typed", "confirmed", "opened", "viewed", "taken", "ended", "removed"} <= happened.keys()
    assert faults == Counter()
    promise.reached("P28", asked=runs, reached=runs, of="runs of three and an administrator: beyond a grant 0")


Fault = Callable[[Sharing, TieEvent, datetime], Sharing | Refusal]


def look_without_end(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if isinstance(event, ties.RequestOpened) and isinstance(after, Sharing):
        tie = after.of(event.who.person)
        assert tie is not None
        return after.with_tie(replace(tie, until=None), tie.person)
    return after


def removal_that_leaves_the_tie(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    return sharing if isinstance(event, ties.PersonLeft) else ties.changed(sharing, event, now)


def code_without_confirmation(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if isinstance(event, ties.CodeClaimed) and isinstance(after, Sharing):
        tie = after.of(event.who.person)
        assert tie is not None
        return after.with_tie(replace(tie, is_claimed=False), tie.person)
    return after


def take_that_leaves_requests(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if isinstance(event, ties.TakenOver) and isinstance(after, Sharing):
        asked = [tie for tie in sharing.at(now).ties if tie.kind.is_request and tie.person != event.who.person]
        for tie in asked:
            after = after.with_tie(tie, tie.person)
    return after


def request_that_never_ends(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if isinstance(event, ties.ColleagueAsked | ties.ClaimConfirmed) and isinstance(after, Sharing):
        for tie in after.ties:
            if tie.kind.is_request and not tie.is_claimed:
                after = after.with_tie(replace(tie, until=now + timedelta(days=2)), tie.person)
    return after


def ended_look_that_goes_on(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    return sharing.at(now) if isinstance(event, ties.TieEnded) and isinstance(after, Sharing) else after


def auditor_who_goes_on_looking(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    return sharing.at(now) if isinstance(event, ties.RoleChanged) else ties.changed(sharing, event, now)


def former_holder_who_reads_for_ever(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if isinstance(event, ties.TakenOver) and isinstance(after, Sharing):
        former = sharing.holder.person
        tie = after.of(former)
        assert tie is not None
        return after.with_tie(replace(tie, until=None), former)
    return after


def more_than_eight(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    if isinstance(event, ties.TakenOver | ties.ColleagueAsked):
        who = replace(event.who if isinstance(event, ties.TakenOver) else event.whom, holds=0)
        event = replace(event, who=who) if isinstance(event, ties.TakenOver) else replace(event, whom=who)
    return ties.changed(sharing, event, now)


def view_by_the_raiser(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    if isinstance(event, ties.ViewSent) and sharing.at(now).reads(event.who.person, now):
        return sharing.at(now)
    return ties.changed(sharing, event, now)


def third_request(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    after = ties.changed(sharing, event, now)
    if after is Refusal.TWO_REQUESTS and isinstance(event, ties.ColleagueAsked):
        tie = ties.Tie(event.whom.person, b"", event.kind, now, now + ties.REQUEST_LASTS, event.by.person)
        return sharing.at(now).with_tie(tie, tie.person)
    return after


def everybody_reads(sharing: Sharing, person: str, now: datetime) -> bool:
    return sharing.of(person) is not None


FAULTS = (
    look_without_end,
    removal_that_leaves_the_tie,
    code_without_confirmation,
    take_that_leaves_requests,
    request_that_never_ends,
    ended_look_that_goes_on,
    auditor_who_goes_on_looking,
    former_holder_who_reads_for_ever,
    view_by_the_raiser,
    third_request,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_judge_finds_a_planted_fault(fault: Fault) -> None:
    assert any(faults_of_run(seed, changed=fault) for seed in range(400))


def test_the_judge_finds_reading_by_whoever_was_asked() -> None:
    assert any(faults_of_run(seed, reads=everybody_reads) for seed in range(40))
