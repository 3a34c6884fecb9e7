"""How a stage of a rehearsal is drawn, and what the SERAF within it is held by."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from dialogs.core.acts import Kind, Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words
from dialogs.form.reasons import is_stopped
from dialogs.rehearsal.core.practice import Practice, case_of
from seraf.advice.contacts import Contact, Contacts
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Turn

REAL = frozenset({Kind.URGENT, Kind.CONTACTS})
"""Cards for a real child, on which the numbers are real also while somebody rehearses."""

SHORT = 3
"""Digits of a number that everybody knows, such as 999: no lesson can do without it."""


def shows_numbers(practice: Practice) -> bool:
    """Whether the card is one for a real child."""
    session = practice.session
    return session is not None and session.overlay is not None and session.overlay.kind in REAL


def is_silent(practice: Practice) -> bool:
    """Whether nothing is said yet of what the answers call for: in a test, one is asked first whom one would call."""
    return practice.mode is not Mode.PRACTICE and practice.first_call is None


def rehearsed_script(practice: Practice, script: Script) -> Script:
    """The script of the SERAF within a rehearsal: nothing is noted, and its codes are not those of real ones."""
    pack = script.pack if shows_numbers(practice) else replace(script.pack, contacts=_without_numbers(script))
    quiet = replace(script, codes=script.rehearsal_codes, notes=None, is_rehearsal=True)
    return replace(quiet, pack=pack, is_silent=is_silent(practice))


def without_hints(practice: Practice) -> Practice:
    """The rehearsal without the stop card, which gives the answer away, where nothing is said yet."""
    session = practice.session
    if session is None or not is_silent(practice) or not is_stopped(session):
        return practice
    return replace(practice, session=session.beneath(None))


def _without_numbers(script: Script) -> Contacts:
    stands_for = script.wording.say("rehearsal.number")
    return Contacts(tuple(_without_number(each, stands_for) for each in script.pack.contacts.all))


def _without_number(contact: Contact, stands_for: str) -> Contact:
    if sum(map(str.isdigit, contact.value)) <= SHORT:
        return contact
    return replace(contact, value=stands_for, dial="")


Page = tuple[Paragraph, ...]

BACK = Key(Rehearse(Turn.BACK), "back")
LEAVE = Key(Rehearse(Turn.LEAVE), "leave-rehearsal")
STORY = Key(Rehearse(Turn.TELL), "story")
REPORT = Key(Rehearse(Turn.REPORT), "report")
NEXT = Key(Rehearse(Turn.PICK), "next-case")
GO_ON = Key(Rehearse(Turn.GO_ON), "go-on")


def no_rows(_practice: Practice, _script: Script) -> Rows:
    """No button but those at the foot of every card."""
    return ()


@dataclass(frozen=True, slots=True)
class StageCard:
    """How a stage is drawn: its words, and its own buttons, without those at the foot."""

    words: Callable[[Practice, Script], Page]
    rows: Callable[[Practice, Script], Rows] = no_rows


def titled(key: str, script: Script) -> Page:
    """A title and its text."""
    title = Paragraph(script.wording.say(f"rehearsal.{key}.title"), is_strong=True)
    return (title, *map(Paragraph, script.wording.say(f"rehearsal.{key}.text").split("\n\n")))


def about_case(practice: Practice, script: Script, *, how: Page) -> Page:
    """What the made-up case is about and what may be hard to read, `how` it is taken, and who supports."""
    say, vignette = script.wording.say, case_of(practice, script.pack)
    title = Paragraph(vignette.title, is_strong=True)
    warning = Paragraph(say("rehearsal.warning", warning=vignette.warning))
    return (title, Paragraph(vignette.about), warning, *how, Paragraph(say("rehearsal.support")))


def turning(page: int, pages: int) -> tuple[Key, ...]:
    """The keys to the page before and the one after, where there are any."""
    earlier = (Key(Rehearse(Turn.PAGE, str(page - 1)), "earlier"),) if page > 1 else ()
    later = (Key(Rehearse(Turn.PAGE, str(page + 1)), "later"),) if page < pages else ()
    return (*earlier, *later)


def critical_names(critical: tuple[Critical, ...], script: Script) -> str:
    """The actions by name, in one line."""
    return "; ".join(script.wording.say(f"critical.{each}") for each in critical)


def done_in_words(critical: Critical, done: str | None, *, script: Script) -> str:
    """What was done, as its button says it; for the category, between which two it lies where it is a range."""
    say = script.wording.say
    if done is None:
        return say("rehearsal.report.not-asked")
    match critical:
        case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
            return answer_in_words(critical, done, script=script)
        case Critical.FIRST_CALL:
            return say(f"first-call.{done}")
        case Critical.CATEGORY:
            low, _, high = done.partition("-")
            return say("critical.between" if high else "critical.one", low=low, high=high)
    assert_never(critical)
