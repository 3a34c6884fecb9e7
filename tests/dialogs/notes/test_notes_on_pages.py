"""Tests that what is typed where notes are kept on pages alone is shown there, and nowhere else in any card or document."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.assemble import hides_notes, note_taking
from bot.channels.telegram import FACTS as TELEGRAM
from bot.channels.terminal import FACTS as TERMINAL
from bot.channels.web import FACTS as WEB
from bot.runtime.settings import load_local_settings
from bot.summaries.forms import MAKING, made
from bot.summaries.paper import on_paper
from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import Noted
from dialogs.core.script import ChannelFacts, Script
from dialogs.core.session import Session
from dialogs.core.ties import TieKind
from dialogs.notes.noting import as_note, take_note
from dialogs.second_look import looking
from dialogs.second_look.looking import CaseReading
from dialogs.summary.summarise import summarise
from tests.support.shipped import NOON, OCCASION, PACK, SCRIPT, WEB_SCRIPT
from tests.support.talk.crawling import over
from tests.support.talk.notes import TAKING
from tests.support.talk.summaries import ALL, WORST, finished, handed, noted

CANARY = "she kept the quetzal feather"
HIDING = replace(SCRIPT, hides_notes=True)
ON_PAGES = replace(WEB_SCRIPT, notes=TAKING)


def case() -> Session:
    return handed(finished(WORST, ALL, noted(CANARY)))


def reading(script: Script) -> Iterator[str]:
    read = CaseReading(case(), "Sam Reid", TieKind.LOOK, True, "14:41", script, NOON)
    for card in (looking.reading_card(read), *(looking.answers_card(read, page=page) for page in range(1, 9))):
        yield "\n".join(paragraph.text for paragraph in card.paragraphs)


def test_no_card_and_no_document_of_another_channel_has_a_word_of_them() -> None:
    draft = replace(case().told, draft=CANARY)
    sessions = [
        replace(case(), told=draft).beneath(overlay)
        for overlay in (None, Overlay(Kind.NOTES, "1"), Overlay(Kind.NOTE, "V1"), Overlay(Kind.MIRROR, "V1"))
    ]
    cards = [card.text for session in sessions for _, card in over(session, HIDING, NOON, set())]
    summary = summarise(case(), HIDING, now=NOON)
    papers = [made(form, summary, wording=HIDING.wording).content.decode("latin-1") for form in MAKING if form != "pdf"]

    texts = (*cards, *reading(HIDING), *papers, json.dumps(on_paper(summary, HIDING.wording)))
    assert len(cards) > 30
    assert [text for text in texts if "quetzal" in text] == []
    assert "pages: 38. They are not here" in summary.warnings[0]
    assert any("pages: 38. They are not here" in text for text in reading(HIDING))
    assert any("pages: 38. They are not here" in text for text in cards)


def test_on_a_page_whoever_looks_reads_each_reason_at_its_answer() -> None:
    text = "\n".join(reading(ON_PAGES))

    assert text.count("quetzal") >= 38
    assert "They are not here" not in text


def test_nothing_typed_elsewhere_becomes_a_note() -> None:
    session = case().beneath(Overlay(Kind.NOTE, "V1"))
    event = Noted(OCCASION, CANARY, session.card)

    assert take_note(session, event, script=HIDING).session.answers == session.answers
    assert as_note(event, CANARY, session=session, script=HIDING) == event


@pytest.mark.parametrize(
    ("word", "facts", "takes"),
    [
        *(("pages", WEB, True), ("pages", TELEGRAM, False), ("pages", TERMINAL, False)),
        *(("on", TELEGRAM, True), ("on", WEB, True), ("off", WEB, False)),
    ],
)
def test_the_setting_says_where_they_are_taken(
    word: str, facts: ChannelFacts, takes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAF_NOTES", word)
    settings = load_local_settings()

    assert (note_taking(settings, PACK, facts) is not None) == takes
    assert hides_notes(settings, facts) == (word == "pages" and not takes)
