"""How a person's own rehearsals went, in words. Nobody else is shown it."""

from datetime import date

from dialogs.number import in_words
from dialogs.replies import Paragraph
from dialogs.script import Script
from seraf.progress import Course, is_mastered, mastered, tallies
from seraf.vignette import Rule

MOST_WEAK = 3
"""Rules that are named for another look: more at once help nobody."""

LATEST = 6
"""Rehearsals that are listed; the counts of rules go over all that are kept."""


def course_paragraphs(course: Course, script: Script) -> tuple[Paragraph, ...]:
    """The latest rehearsals, the rules that are mastered, and those that are worth another look."""
    say = script.wording.say
    title = Paragraph(say("own-course.title"), is_strong=True)
    if not course:
        return (title, Paragraph(say("own-course.none")))
    lines = [
        say(
            "own-course.line",
            day=in_words(date.fromisoformat(each.day)),
            mode=say(f"mode.{each.mode}"),
            agreed=each.agreed,
            of=each.of,
        )
        for each in course[-LATEST:]
    ]
    known = mastered(course)
    rules = [
        say(f"own-course.{name}", rules=", ".join(say(f"rule.{rule}.name") for rule in found))
        for name, found in (("mastered", known), ("again", _weak(course)))
        if found
    ]
    told = [title, Paragraph("\n".join(lines))]
    told += [Paragraph("\n".join(rules))] if rules else []
    told += [Paragraph(say("own-course.picture"))] if offers_picture(course, script) else []
    return tuple(told)


def offers_picture(course: Course, script: Script) -> bool:
    """Whether the course may be asked for as a picture: where the channel takes a file, and there is a point to draw."""
    return script.channel.sends_files and any(each.of for each in course)


def _weak(course: Course) -> tuple[Rule, ...]:
    """The rules that were missed and are not mastered, the most missed first."""
    wrong = {rule: each.wrong for rule, each in tallies(course).items() if each.wrong and not is_mastered(course, rule)}
    return tuple(sorted(wrong, key=lambda rule: -wrong[rule]))[:MOST_WEAK]
