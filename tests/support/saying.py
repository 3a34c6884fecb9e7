"""Every sentence that the bot can say: its own and the pack's, with samples in the places that are filled in."""

import re
from collections.abc import Iterator

from textstat import textstat

from dialogs.wording import Wording
from tests.support.shipped import PACK, WORDING

SAMPLES = {
    **{"reference": "BRISK OTTER 41", "date": "May 2026", "due": "April 2019", "names": "ART", "emergency": "999"},
    **{"name": "ART", "value": "999", "about": "At any time.", "terms": "Consent, Clipping", "titles": "Call ART now."},
    **{"label": "Low self-esteem", "response": "Yes", "answer": "Yes", "category": "Category 2 (mild)"},
    **{"lowest": "Category 1 (called “not at risk” on the form)", "highest": "Category 3 (moderate)"},
    **{"who": "You", "text": "Call ART now.", "source": "Ours", "heading": "Consent", "labels": "Back, Help"},
    **{"since": "10:00", "until": "10:20", "board": "The board", "edition": "list 1", "fingerprint": "6075"},
    **{"place": "Moderate 4 of 12", "section": "Vulnerabilities", "error": "b7"},
}
"""What stands in a place when a sentence is judged; a number stands in every other."""

LABELS = ("button", "answer", "change.", "page", "mark", "about", "place", "category", "section.item", "section.ticked")
"""Parts of the wording that are no sentences: labels, headings and lines of a list."""


def said() -> list[str]:
    """Every text of ours, of the wording and of the pack; official labels and headings of the guidance are not ours."""
    return [*_wording(WORDING), *_instrument(), *_guidance(), *_rest()]


def official() -> list[str]:
    """The labels of the form."""
    return [item.label for item in PACK.instrument.items]


def is_sentence(text: str) -> bool:
    """Whether there is enough of it to have a grade: a heading of a few words has none."""
    return len(text.split()) >= 5


def grade(text: str) -> float:
    """The Flesch–Kincaid grade. Lines, bullets and middle dots end a sentence, as they do for the eye."""
    sentences = re.sub(r"\s*[\n·•:]\s*", ". ", text).replace("–", " to ")
    return float(textstat.flesch_kincaid_grade(sentences))


def filled(wording: Wording, key: str) -> str:
    """The sentence of a key with a sample in each place."""
    return wording.say(key, **{place: SAMPLES.get(place, 3) for place in wording.places(key)})


def _wording(wording: Wording) -> Iterator[str]:
    for key in wording.texts:
        if not key.startswith(LABELS):
            yield filled(wording, key)


def _instrument() -> Iterator[str]:
    instrument = PACK.instrument
    yield from instrument.notes
    for section in instrument.sections:
        yield from filter(None, (section.ask, section.note))
    for item in instrument.items:
        yield from filter(None, (item.gloss, item.consider, item.explanation, *item.counts, *item.excludes))
    yield from (text for alert in instrument.alerts for text in (alert.title, alert.text))
    yield from (band.description for band in instrument.bands)
    yield from (missing.note for missing in instrument.missing)


def _guidance() -> Iterator[str]:
    guidance = PACK.guidance
    yield from (text for lead in guidance.leads for text in (lead.title, lead.text))
    yield from (step.text for step in guidance.steps)
    yield from (note.text for note in (*guidance.mixes, *guidance.notes))


def _rest() -> Iterator[str]:
    yield from (term.text for term in PACK.glossary.terms)
    yield from (heading.ask for heading in PACK.recording.headings)
    yield from (text for each in PACK.recording.mirror for text in (each.why, each.instead))
    yield from (text for topic in PACK.guide.topics for text in (topic.title, topic.text))
    for contact in PACK.contacts.all:
        yield from filter(None, (contact.when, contact.note))
