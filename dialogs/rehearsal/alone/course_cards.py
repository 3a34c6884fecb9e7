"""How a person's own rehearsals went, in words. Nobody else is shown it."""

from datetime import date

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.number import in_words
from dialogs.rehearsal.alone.course_picture import OWN_COURSE
from dialogs.rehearsal.core.critical_words import critical_names
from dialogs.rehearsal.core.made_up import vignette_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, Page, StageCard
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Rehearsed, mastered, weak_rules
from state_machines.rehearsal import Turn

COURSE = Key(Rehearse(Turn.COURSE), "course")
PICTURE = Key(Rehearse(Turn.DRAW, OWN_COURSE), "course-picture")

MOST_WEAK = 3
"""Rules that are named for another look: more at once help nobody."""

LATEST = 6
"""Rehearsals that are listed; the counts of rules go over all that are kept."""


def _course_words(practice: Practice, script: Script) -> Page:
    """The latest rehearsals, the critical actions missed in them, rules worth another look, and those that are mastered."""
    say, course = script.wording.say, practice.course
    title = Paragraph(say("own-course.title"), is_strong=True)
    if not course:
        return (title, Paragraph(say("own-course.none")))
    lines = [_line(each, script) for each in course[-LATEST:]]
    slipped = {critical for each in course[-LATEST:] for critical in each.slips}
    missed = critical_names(tuple(critical for critical in Critical if critical in slipped), script)
    rules = [say("own-course.missed", missed=missed)] if missed else []
    rules += [
        say(f"own-course.{name}", rules="; ".join(say(f"rule.{rule}.name") for rule in found))
        for name, found in (("again", weak_rules(course)[:MOST_WEAK]), ("mastered", mastered(course)))
        if found
    ]
    told = [title, Paragraph("\n".join(lines))]
    told += [Paragraph("\n".join(rules))] if rules else []
    told += [Paragraph(say("own-course.picture"))] if _offers_picture(course, script) else []
    return tuple(told)


def _line(each: Rehearsed, script: Script) -> str:
    """One rehearsal: its critical actions, where they were kept, and then its items."""
    return script.wording.say(
        f"own-course.{'line-before' if not each.asked else 'line' if each.of else 'line-critical'}",
        day=in_words(date.fromisoformat(each.day)),
        mode=script.wording.say(f"mode.{each.mode}"),
        title=_title(each.vignette, script),
        kept=each.kept,
        asked=each.asked,
        agreed=each.agreed,
        of=each.of,
    )


def _title(case: str, script: Script) -> str:
    """The title of a made-up case; where the pack has it no more, that it is an earlier one."""
    vignette = vignette_of(case, script.pack)
    return vignette.title if vignette else script.wording.say("own-course.earlier")


def _offers_picture(course: Course, script: Script) -> bool:
    """Whether the course may be asked for as a picture: where the channel takes a file, and there is a point to draw."""
    return script.channel.sends_files and any(each.of for each in course)


def _course_rows(practice: Practice, script: Script) -> Rows:
    return ((*((PICTURE,) if _offers_picture(practice.course, script) else ()), BACK),)


COURSE_CARD = StageCard(_course_words, _course_rows)
