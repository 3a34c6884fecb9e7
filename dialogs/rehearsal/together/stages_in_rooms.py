"""What the host of a room on a case in stages sees of them, and the button that opens the next one."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import Counts, Ended
from seraf.rehearsal.unfolding import longest
from state_machines.rehearsal import Turn

NEXT_STAGE = Key(Rehearse(Turn.GO_ON), "next-stage")


def next_stage_row(practice: Practice, script: Script) -> Rows:
    """Return the button that opens the next stage, until the longest way is open to its end."""
    return ((NEXT_STAGE,),) if _has_more(practice, script) else ()


def stage_line(practice: Practice, script: Script) -> tuple[str, ...]:
    """Return one text on how many stages of a case in stages are open, and how many have chosen at the latest, or nothing."""
    seen = practice.membership.seen
    if not isinstance(seen, Counts) or not case_of(practice, script.pack).stages:
        return ()
    if not _has_more(practice, script):
        return (script.wording.say("rehearsal.room.stages-open"),)
    counts = {"opened": seen.opened, "acted": seen.acted, "joined": seen.joined}
    return (script.wording.say("rehearsal.room.stage", **counts),)


def _has_more(practice: Practice, script: Script) -> bool:
    seen = practice.membership.seen
    return isinstance(seen, Counts) and seen.opened < longest(case_of(practice, script.pack))


def stage_counts(practice: Practice, script: Script) -> tuple[str, ...]:
    """Return one text on how many did what was due at each stage of a case in stages, or nothing."""
    seen = practice.membership.seen
    lines = [
        script.wording.say("rehearsal.room-report.stage", number=number, kept=acted - missed, acted=acted)
        for number, (acted, missed) in enumerate(seen.stages if isinstance(seen, Ended) else (), 1)
    ]
    return ("\n".join(lines),) if lines else ()
