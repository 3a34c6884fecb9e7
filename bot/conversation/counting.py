"""What a turn of a real case adds to the counts of a month: what led its result, whether harm was going on, and what came of calls.

It takes values and returns values, so that a turn that is replayed counts once: the store keeps both or neither.
"""

from collections import Counter

from bot.storage.values import MonthlyCount
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.outstanding import reviewed
from dialogs.result.actions import lead_of
from seraf.advice.action_log import OUTCOMES, Logged
from seraf.advice.contacts import LocalTime

LEAD, GOING_ON, OUTCOME = "lead", "going_on", "outcome"
"""What is counted: the reason that leads a result when it is first shown, an answer of then, and what somebody said of a call."""


def counts_of_turn(before: Session, after: Session, script: Script, *, now: LocalTime) -> tuple[MonthlyCount, ...]:
    """Return what the turn from one session to the next counts, in the month of now."""
    month = f"{now.today:%Y-%m}"
    found: list[MonthlyCount] = []
    if after.result.finished and not before.result.finished:
        view = reviewed(after, script, now=now)
        found.append(MonthlyCount(month, LEAD, lead_of(view, script).reason))
        if said := view.case.answers.get(GOING_ON):
            found.append(MonthlyCount(month, GOING_ON, said))
    # Of the same case alone: one that is erased takes nothing back.
    if before.result.log != after.result.log and before.reference == after.reference:
        was, now_is = _outcomes(before.result.log), _outcomes(after.result.log)
        added = {word: now_is[word] - was[word] for word in sorted(was | now_is)}
        found += [MonthlyCount(month, OUTCOME, word, by) for word, by in added.items() if by]
    return tuple(found)


def _outcomes(log: tuple[Logged, ...]) -> Counter[str]:
    """How often each outcome of a call stands in a log."""
    return Counter(each.what for each in log if each.what in OUTCOMES)
