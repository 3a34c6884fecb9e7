"""Somebody's own course through rehearsals, as a card and as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script, Wording
from dialogs.phrases.number import in_words
from dialogs.rehearsal.core.practice import Practice, vignette_of
from dialogs.rehearsal.core.stage_card import BACK, Page, StageCard, critical_names
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Rehearsed, mastered, weak_rules
from state_machines.rehearsal import Turn

OWN_COURSE = "own-course"
"""The kind of document that it is."""

SMOOTHED = 5
"""Rehearsals that a line is the mean of, the latest among them."""


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """One rehearsal, in hundredths: items that were answered as the key has them, critical actions that were not missed, and
    the mean of each up to here. `critical` and its mean are None where they were not kept yet.
    """

    items: int
    items_mean: int
    critical: int | None
    critical_mean: int | None


@dataclass(frozen=True, slots=True)
class CoursePicture:
    """What the picture shows. `first` and `last` are days in words, and `text` says all of it; without points, only that.

    `legend` says which line is which: the critical actions, then the items.
    """

    title: str
    axis: str
    legend: tuple[str, str]
    first: str
    last: str
    points: tuple[CoursePoint, ...]
    text: tuple[str, ...]


def course_picture(course: Course, wording: Wording) -> CoursePicture:
    """The picture of a course: two lines, apart. A rehearsal in which no item had a key has no point."""
    counted = tuple(each for each in course if each.of)
    points = _points(counted)
    days = [_day(each) for each in counted] or [""]
    say = wording.say
    return CoursePicture(
        title=say("course-picture.title"),
        axis=say("course-picture.axis"),
        legend=(say("course-picture.legend-critical"), say("course-picture.legend-items")),
        first=days[0],
        last=days[-1],
        points=points,
        text=_text(counted, points, wording=wording) if points else (say("course-picture.none"),),
    )


def _points(counted: Course) -> tuple[CoursePoint, ...]:
    items = [100 * each.agreed / each.of for each in counted]
    critical = [100 * each.kept / each.asked if each.asked else None for each in counted]
    return tuple(
        CoursePoint(round(share), mean or 0, None if kept is None else round(kept), kept_mean)
        for share, mean, kept, kept_mean in zip(items, _means(items), critical, _means(critical), strict=True)
    )


def _means(shares: Sequence[float | None]) -> tuple[int | None, ...]:
    """At each point the mean of up to `SMOOTHED`, itself the last; None where it is not known."""
    means = []
    for end, share in enumerate(shares, 1):
        known = [each for each in shares[max(0, end - SMOOTHED) : end] if each is not None]
        means.append(None if share is None else round(sum(known) / len(known)))
    return tuple(means)


def _text(counted: Course, points: tuple[CoursePoint, ...], *, wording: Wording) -> tuple[str, ...]:
    """When; then the critical actions, then the items: of the latest, and over all."""
    say, latest, count = wording.say, counted[-1], len(counted)
    first, last = _day(counted[0]), _day(latest)
    spanned = "one" if count == 1 else "same-day" if first == last else "many"
    kept = [each for each in counted if each.asked]
    critical = [say("course-picture.kept", kept=latest.kept, asked=latest.asked)] if latest.asked else []
    agreed = [say("course-picture.agreed", agreed=latest.agreed, of=latest.of)]
    if count > 1:
        heights = [point.items for point in points]
        begins, ends, over = heights[0], points[-1].items_mean, min(count, SMOOTHED)
        low, high = min(heights), max(heights)
        critical += [say("course-picture.none-missed", right=sum(not each.slips for each in kept), count=len(kept))]
        agreed += [say("course-picture.range", begins=begins, ends=ends, over=over, lowest=low, highest=high)]
    return (say(f"course-picture.{spanned}", count=count, first=first, last=last), *critical, *agreed)


def _day(rehearsed: Rehearsed) -> str:
    return in_words(date.fromisoformat(rehearsed.day))


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
