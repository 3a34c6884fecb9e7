"""Every sentence of the bot and of the pack, with sample values for the placeholders."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from dialogs.core.script import Wording
from tests.support.oracles import oracle
from tests.support.shipped import PACK, WORDING

SAMPLES = {
    **{"reference": "BRISK OTTER 41", "date": "May 2026", "due": "April 2019", "names": "ART", "emergency": "999"},
    **{"name": "ART", "value": "999", "about": "At any time.", "terms": "Consent, Clipping", "titles": "Call ART now."},
    **{"label": "Low self-esteem", "response": "Yes", "answer": "Yes", "category": "Category 2 (mild)"},
    **{"lowest": "Category 1 (called “not at risk” on the form)", "highest": "Category 3 (moderate)"},
    **{"who": "You", "text": "Call ART now.", "source": "Ours", "heading": "Consent", "labels": "Back, Help"},
    **{"says": "It is so.", "law": "An Act", "ours": "It is ours."},
    **{"since": "10:00", "until": "10:20", "board": "The board", "edition": "list 1", "fingerprint": "6075"},
    **{"place": "Moderate 4 of 12", "section": "Vulnerabilities", "error": "b7"},
}
"""The sample value of each placeholder. Any other placeholder gets a number."""

LABELS = ("button", "answer", "change.", "page", "mark", "about", "place", "category", "section.item", "section.ticked")
"""The beginnings of wording keys whose texts are labels, headings or lines of a list, not sentences."""


NO_PROSE = frozenset(
    (
        *("id", "source", "sources", "label", "short", "name", "plural", "term", "also", "words", "roles", "phrases"),
        *("value", "dial", "board", "begins", "section", "present", "means", "other_harm"),
        *("asks", "Section.title", "Step.when", "themes", "rules", "steps", "Edition.places", "Pack.names"),
        *("Keyed.place", "Keyed.answer", "Keyed.other", "Keyed.cites", "Key.age", "Key.first_call"),
        *("Basis.says", "Basis.heading", "Basis.law", "SearchWords.commands", "Ask.question", "Ask.fits"),
        *("Line.teller", "Said.telling", "answers", "ages", "unless", "needs", "pronoun", "follows"),
    )
)
"""Fields of a pack that are names, headings, official labels or search terms. All other texts are prose."""


def said() -> list[str]:
    """Return every text of the wording and of the pack, except official labels and headings of the guidance."""
    return [*_wording(WORDING), *dict.fromkeys(prose(PACK))]


def prose(value: object, holder: str = "", field: str = "") -> Iterator[str]:
    """Yield every text within a value of a pack, except in the fields of `NO_PROSE`. New fields are included."""
    if isinstance(value, str):
        if value and not {field, f"{holder}.{field}"} & NO_PROSE and not field.startswith("_"):
            yield value
    elif is_dataclass(value):
        for each in (each for each in fields(value) if each.init):  # the other fields are computed from these
            yield from prose(getattr(value, each.name), type(value).__name__, each.name)
    elif isinstance(value, Mapping) and not field.startswith("_"):
        for each in value.values():
            yield from prose(each, holder, field)
    elif isinstance(value, tuple | frozenset):
        for each in value:
            yield from prose(each, holder, field)


def official() -> list[str]:
    """Return the labels of the official form."""
    return [item.label for item in PACK.instrument.items]


def is_sentence(text: str) -> bool:
    """Return True if the text is long enough for a reading grade, unlike a short heading."""
    return len(text.split()) >= 5


def grade(text: str) -> float:
    """Return the Flesch–Kincaid grade of a text. Line breaks, bullets, middle dots and colons end a sentence."""
    sentences = re.sub(r"\s*[\n·•:]\s*", ". ", text).replace("–", " to ")
    return float(oracle("textstat").textstat.flesch_kincaid_grade(sentences))


def filled(wording: Wording, key: str) -> str:
    """Return the text of a wording key, with a sample value for each placeholder."""
    return wording.say(key, **{place: SAMPLES.get(place, 3) for place in wording.places(key)})


def _wording(wording: Wording) -> Iterator[str]:
    for key in wording.texts:
        if not key.startswith(LABELS):
            yield filled(wording, key)
