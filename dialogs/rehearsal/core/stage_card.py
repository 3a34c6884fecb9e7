"""The card of a stage as one value: its words and its buttons stand side by side, where the capability is."""

from collections.abc import Callable
from dataclasses import dataclass

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from state_machines.rehearsal import Turn

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
