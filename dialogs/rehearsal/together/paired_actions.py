"""The critical actions of a pair in words: what either missed leads, with what the key says."""

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.core.rooms import Beside
from dialogs.rehearsal.core.stage_card import done_in_words
from seraf.rehearsal.critical_actions import CriticalAction

MISSED_BY = {(True, True): "both", (True, False): "mine", (False, True): "theirs", (False, False): "neither"}
"""Which words an action has: whether one missed it oneself, and whether the other did."""


def paired_paragraphs(seen: Beside, script: Script) -> tuple[Paragraph, ...]:
    """How many each of the two missed; those that either missed, then the others."""
    say = script.wording.say
    mine, theirs = (sum(both[at].is_missed for both in seen.critical) for at in (0, 1))
    head = say(
        "rehearsal.pair.missed" if mine or theirs else "rehearsal.pair.none",
        mine=mine,
        theirs=theirs,
        of=len(seen.critical),
    )
    ordered = sorted(seen.critical, key=lambda both: not any(each.is_missed for each in both))
    lines = (Paragraph(_line(*both, script=script)) for both in ordered)
    return (Paragraph(head, is_strong=True), *lines)


def _line(mine: CriticalAction, theirs: CriticalAction, *, script: Script) -> str:
    critical = mine.critical
    return script.wording.say(
        f"rehearsal.pair.{MISSED_BY[mine.is_missed, theirs.is_missed]}",
        name=script.wording.say(f"critical.{critical}"),
        yours=done_in_words(critical, mine.done, script=script),
        theirs=done_in_words(critical, theirs.done, script=script),
        keys=done_in_words(critical, next(iter(mine.keys), None), script=script),
    )
