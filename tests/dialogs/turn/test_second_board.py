"""Tests of a second board's pack, made from the shipped one: no text or recorded walk names the first board."""

import re

from dialogs.core.acts import Overlay
from dialogs.core.codec import encode
from seraf.pack import Pack
from state_machines.assessment import Phase
from tests.support.pack.saying import prose
from tests.support.pack.second_board import FIRST_BOARD, pack, script
from tests.support.shipped import NOON
from tests.support.talk.crawling import over
from tests.support.talk.talking import Talk

OF_THE_FIRST = re.compile(rf"(?<!\w)(?:{'|'.join(FIRST_BOARD)})(?!\w)|six months|6 months|6–12|12 months|every three")


def test_a_whole_walk_has_no_word_of_the_first_board() -> None:
    talk = Talk(script()).begin()
    said, met = list[str](), set[Overlay]()
    crawled = [talk.session]
    talk.open_with().answer(["Yes", "No", "Not known"] * 4)
    assert "Now, or at any time in the past three months?" in talk.text
    crawled.append(talk.session)
    talk.answer(["No"] * 12)
    assert "In the past three months, 3–8 months ago, or both?" in talk.text
    crawled.append(talk.session)
    talk.answer(["Past 3 months", "3–8 months ago", "Both", *["Not in 8 months"] * 4])
    talk.close()
    while talk.session.phase is not Phase.RESULT:
        talk.press("Continue" if "Continue" in talk.labels else "Yes" if "Yes" in talk.labels else talk.labels[0])
    crawled.append(talk.session)

    said += [card.text + " ".join(button.label for button in card.buttons) for card in talk.cards]
    for session in crawled:
        for _, card in over(session, script(), NOON, met):
            said.append(card.text + " ".join(button.label for button in card.buttons))

    assert len(said) > 300
    assert [found[0] for each in said for found in OF_THE_FIRST.finditer(each)] == []
    assert any("Lantern" in each for each in said)
    assert encode(talk.session)


def test_nothing_in_its_pack_or_in_the_bots_sentences_is_the_first_boards() -> None:
    assert [found[0] for text in _texts(pack()) for found in OF_THE_FIRST.finditer(text)] == []
    assert script().wording.say("contact.ask-elsewhere") == "ask Lantern or the Night Lantern Team for the number"


def _texts(pack: Pack) -> list[str]:
    return [*prose(pack), *(contact.name for contact in pack.contacts.all)]
