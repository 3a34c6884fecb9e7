"""The critical actions in words: what each is called, and what was done."""

from typing import assert_never

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words
from seraf.rehearsal.critical_actions import Critical


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
