"""The card of somebody who is rehearsing. Every card of a rehearsal says first that no child of it is real."""

from dataclasses import replace

from dialogs.cards.show import button, show
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.phrases.landmarks import with_heading, with_numbers
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rehearsed_script import rehearsed_script, shows_numbers
from dialogs.rehearsal.turn.keys import own_rows, shows_seraf
from dialogs.rehearsal.turn.stage_cards import stage_card
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage


def show_rehearsal(practice: Practice, script: Script, *, now: LocalTime, card: int, notice: str = "") -> Card:
    """The card of a rehearsal that is under way; `card` is the token of the person's live card."""
    above = (Paragraph(notice),) if notice else ()
    rows = tuple(tuple(button(key, script) for key in row) for row in own_rows(practice, script))
    session = practice.session
    if session is None or not shows_seraf(practice):
        asks_for = "join" if practice.stage is Stage.MENU else ""
        own = with_heading(
            Card(card, (*above, *stage_card(practice).words(practice, script)), rows, asks_for=asks_for),
            above=len(above),
        )
        return replace(own, paragraphs=_headed(own.paragraphs, practice, script=script))
    within = show(session, rehearsed_script(practice, script), now)
    within = with_numbers(within, script.pack.contacts) if shows_numbers(practice) else within
    paragraphs = _headed((*above, *within.paragraphs), practice, script=script)
    return replace(within, paragraphs=paragraphs, rows=(*within.rows, *rows))


def _headed(paragraphs: tuple[Paragraph, ...], practice: Practice, *, script: Script) -> tuple[Paragraph, ...]:
    """The paragraphs under the line that no child of it is real; where a call is spoken of, also that none is made."""
    say, text = script.wording.say, " ".join(each.text for each in paragraphs)
    numbers = (say("rehearsal.number"), *(each.value for each in script.pack.contacts.all if each.value))
    speaks = any(number in text for number in numbers)
    key = "head-real" if shows_numbers(practice) else "head-calls" if speaks else "head"
    return (Paragraph(say(f"rehearsal.{key}"), is_strong=True), *paragraphs)
