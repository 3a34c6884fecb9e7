"""The cards of what is told: the story part by part, and who is called first."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows, in_rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, STORY, Page, StageCard, titled, turning
from seraf.cases.vignette import FirstCall
from state_machines.rehearsal import Turn


def _story_words(practice: Practice, script: Script) -> Page:
    say, vignette = script.wording.say, case_of(practice, script.pack)
    part = vignette.parts[practice.page - 1]
    place = say("rehearsal.part", title=vignette.title, page=practice.page, pages=len(vignette.parts))
    last = (Paragraph(say("rehearsal.now-you")),) if practice.page == len(vignette.parts) else ()
    return (Paragraph(place), Paragraph(part.title, is_strong=True), Paragraph(part.text), *last)


def _story_rows(practice: Practice, script: Script) -> Rows:
    parts = len(case_of(practice, script.pack).parts)
    has_begun = practice.session is not None and practice.session.has_case
    asks = (Key(Rehearse(Turn.ASK), "back-to-seraf" if has_begun else "begin-seraf"),)
    later = turning(practice.page, parts)[-1:] if practice.page < parts else ()
    return ((*later, *(asks if has_begun or not later else ()), BACK),)


def _first_call_words(practice: Practice, script: Script) -> Page:
    return titled(practice.stage, script)


def _first_call_rows(_practice: Practice, _script: Script) -> Rows:
    return (*in_rows([Key(Rehearse(Turn.CALL, each), f"first-call.{each}") for each in FirstCall], 2), (STORY,))


STORY_CARD = StageCard(_story_words, _story_rows)
FIRST_CALL_CARD = StageCard(_first_call_words, _first_call_rows)
