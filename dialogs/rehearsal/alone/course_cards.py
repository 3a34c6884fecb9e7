"""A person's past rehearsals (their course), as a card and as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs, Rows
from dialogs.core.page import Listed, SectionPart, Text, TextLook, Ways, WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script, Wording
from dialogs.phrases.number import in_words
from dialogs.rehearsal.core.practice import Practice, is_drills, vignette_of
from dialogs.rehearsal.core.stage_card import BACK, StageCard, critical_names
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Course, Mode, Rehearsed, mastered, weak_rules
from state_machines.rehearsal import Turn

OWN_COURSE = "own-course"  # the kind of the document with the picture
SMOOTHED = 5  # number of rehearsals in each running mean: the one at the point, and those just before it


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """One rehearsal in per cent: items answered as agreed, critical actions not missed, and the running mean of each.

    The values for critical actions are None if the rehearsal recorded none.
    """

    items: int
    items_mean: int
    critical: int | None
    critical_mean: int | None


@dataclass(frozen=True, slots=True)
class CoursePicture:
    """The content of the picture of past rehearsals. `first` and `last` are days in words; `legend` names the two lines,
    critical actions first. `text` says everything in words, or why there are no points.
    """

    title: str
    axis: str
    legend: tuple[str, str]
    first: str
    last: str
    points: tuple[CoursePoint, ...]
    text: tuple[str, ...]


def course_picture(course: Course, wording: Wording) -> CoursePicture:
    """Return the picture of past rehearsals, with two lines. A rehearsal in which no item was compared has no point."""
    # A set of drills has no items. In an earlier release a generated case had, and its critical actions were recorded.
    counted = tuple(each for each in course if each.of and (each.mode is not Mode.EDGES or each.asked))
    items = [100 * rehearsed.agreed / rehearsed.of for rehearsed in counted]
    critical = [100 * rehearsed.kept / rehearsed.asked if rehearsed.asked else None for rehearsed in counted]
    points = tuple(
        CoursePoint(round(share), mean or 0, None if kept is None else round(kept), kept_mean)
        for share, mean, kept, kept_mean in zip(items, _means(items), critical, _means(critical), strict=True)
    )
    days = [_day(rehearsed) for rehearsed in counted] or [""]
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


def _means(shares: Sequence[float | None]) -> tuple[int | None, ...]:
    """Return for each rehearsal the mean of the known shares of the last `SMOOTHED`, or None if its own share is unknown."""
    means = []
    for end, share in enumerate(shares, 1):
        known = [value for value in shares[max(0, end - SMOOTHED) : end] if value is not None]
        means.append(None if share is None else round(sum(known) / len(known)))
    return tuple(means)


def _text(counted: Course, points: tuple[CoursePoint, ...], *, wording: Wording) -> tuple[str, ...]:
    say, latest, count = wording.say, counted[-1], len(counted)
    first, last = _day(counted[0]), _day(latest)
    spanned = "one" if count == 1 else "same-day" if first == last else "many"
    compared = [rehearsed for rehearsed in counted if rehearsed.asked]
    critical = [say("course-picture.kept", kept=latest.kept, asked=latest.asked)] if latest.asked else []
    agreed = [say("course-picture.agreed", agreed=latest.agreed, of=latest.of)]
    if count > 1:
        heights = [point.items for point in points]
        begins, ends, over = heights[0], points[-1].items_mean, min(count, SMOOTHED)
        low, high = min(heights), max(heights)
        right = sum(not rehearsed.slips for rehearsed in compared)
        critical += [say("course-picture.none-missed", right=right, count=len(compared))]
        agreed += [say("course-picture.range", begins=begins, ends=ends, over=over, lowest=low, highest=high)]
    return (say(f"course-picture.{spanned}", count=count, first=first, last=last), *critical, *agreed)


def _day(rehearsed: Rehearsed) -> str:
    return in_words(date.fromisoformat(rehearsed.day))


COURSE = Key(Rehearse(Turn.COURSE), "course")
PICTURE = Key(Rehearse(Turn.DRAW, OWN_COURSE), "course-picture")

MOST_WEAK = 3  # maximum number of rules that the card tells people to practise, since more at once do not help
LATEST = 6  # maximum number of rehearsals listed on the card; rules are counted over all of them


def _course_words(practice: Practice, script: Script) -> Paragraphs:
    """Return the latest rehearsals, the critical actions missed in them, the rules to practise, and the mastered rules."""
    say, course = script.wording.say, practice.history.course
    title = Paragraph(say("own-course.title"), is_strong=True)
    if not course:
        return (title, Paragraph(say("own-course.none")))
    lines = [_line(rehearsed, script) for rehearsed in course[-LATEST:]]
    rules = _advice(course, script)
    picture = (say("own-course.picture"),) if _offers_picture(course, script) else ()
    texts = ("\n".join(lines), *(("\n".join(rules),) if rules else ()), *picture)
    return (title, *map(Paragraph, texts))


def _line(rehearsed: Rehearsed, script: Script) -> str:
    say, vignette = script.wording.say, vignette_of(rehearsed.vignette, script.pack)
    kind = "line-before" if not rehearsed.asked else "line" if rehearsed.of else "line-critical"
    return say(
        f"own-course.{kind}",
        day=_day(rehearsed),
        mode=say(f"mode.{rehearsed.mode}"),
        title=vignette.title
        if vignette
        else say(f"own-course.{'drills' if is_drills(rehearsed.vignette) else 'earlier'}"),
        kept=rehearsed.kept,
        asked=rehearsed.asked,
        agreed=rehearsed.agreed,
        of=rehearsed.of,
    )


def _advice(course: Course, script: Script) -> list[str]:
    """Return the critical actions that were missed lately, the rules to practise, and the mastered rules."""
    say, slipped = script.wording.say, {slip for rehearsed in course[-LATEST:] for slip in rehearsed.slips}
    missed = critical_names(tuple(critical for critical in Critical if critical in slipped), script)
    rules = [say("own-course.missed", missed=missed)] if missed else []
    for name, named in (("again", weak_rules(course)[:MOST_WEAK]), ("mastered", mastered(course))):
        if named:
            rules.append(say(f"own-course.{name}", rules="; ".join(say(f"rule.{rule}.name") for rule in named)))
    return rules


def _course_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with every past rehearsal, the latest first, below what to practise."""
    say, course = script.wording.say, practice.history.course
    if not course:
        return plain
    advice = _advice(course, script)
    lines = SectionPart(say("leaf.rehearsals"), (Listed(tuple(_line(each, script) for each in reversed(course))),))
    picture = (Text(say("own-course.picture"), TextLook.HINT),) if _offers_picture(course, script) else ()
    ways = (each for each in plain.parts if isinstance(each, Ways))
    return replace(plain, parts=(*map(Text, advice), lines, *picture, *ways))


def _offers_picture(course: Course, script: Script) -> bool:
    """Return True if the channel can send files and the picture would have at least one point."""
    return script.channel.sends_files and any(each.of and each.mode is not Mode.EDGES for each in course)


def _course_rows(practice: Practice, script: Script) -> Rows:
    return ((*((PICTURE,) if _offers_picture(practice.history.course, script) else ()), BACK),)


COURSE_CARD = StageCard(_course_words, _course_rows, _course_page)
