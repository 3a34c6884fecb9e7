"""A board whose pack was begun from the shipped one: a whole walk through it, and everything it can say, has no word of the first."""

import re

import pytest

from dialogs.core.acts import Overlay
from dialogs.core.codec import encode
from dialogs.summary.summarise import summarise
from dialogs.summary.text import as_text
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from state_machines.assessment import Phase
from tests.support.pack.saying import prose
from tests.support.pack.second_board import BOARD, FIRST_BOARD, PACK, SCRIPT
from tests.support.shipped import INSTRUMENT, NOON
from tests.support.talk.crawling import over
from tests.support.talk.talking import Talk
from tests.support.walks.core import replayed
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import read_walk, walk_files

OF_THE_FIRST = re.compile(rf"(?<!\w)(?:{'|'.join(FIRST_BOARD)})(?!\w)|six months|6 months|6–12|12 months|every three")
"""Its names, its windows, and the months of its reviews."""


@pytest.mark.parametrize(
    ("responses", "total", "category"),
    [
        ({"V12": "yes"}, 1, 1),
        ({"S1": "current"}, 5, 2),
        ({"S1": "both", "M1": "yes", "V1": "yes"}, 8, 2),
        ({"S1": "both", "M1": "yes", "V1": "yes", "V12": "yes"}, 9, 3),
        ({"S1": "both", "S2": "current", "M1": "yes", "M2": "yes", "V12": "yes"}, 14, 4),
    ],
)
def test_its_own_item_and_edges_decide(responses: dict[str, str], total: int, category: int) -> None:
    """Categories begin at 5, 9 and 14, and its own vulnerability counts one."""
    found = CaseView(PACK.instrument, Case(Age.FROM_13_TO_15, Responses.of(responses), {})).find(today=NOON.today).score

    assert (found.total, found.category) == (total, category)


def test_a_whole_walk_has_no_word_of_the_first_board() -> None:
    """From the first card to the last page, with whatever can be laid over the welcome, an item, the check and the result."""
    talk = Talk(SCRIPT).begin()
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
        for _, card in over(session, SCRIPT, NOON, met):
            said.append(card.text + " ".join(button.label for button in card.buttons))

    assert len(said) > 300
    assert [found[0] for each in said for found in OF_THE_FIRST.finditer(each)] == []
    assert any("Lantern" in each for each in said)
    assert encode(talk.session)


def test_its_written_walks_and_their_summaries_have_no_word_of_the_first_board() -> None:
    """Three conversations that a practitioner can read, and what goes into the record after them."""
    walks = {path: walk for path in walk_files() if (walk := read_walk(path)).board == BOARD}
    results = [
        [each.session for each in replayed(path, TELEGRAM) if each.session.phase is Phase.RESULT] for path in walks
    ]
    summaries = [as_text(summarise(each[-1], SCRIPT, now=NOON), SCRIPT.wording) for each in results]

    assert len(walks) >= 3
    for text in (*(path.read_text(encoding="utf-8") for path in walks), *summaries):
        assert [found[0] for found in OF_THE_FIRST.finditer(text)] == []
    assert all("Nowhereshire" in each and "Young carer without support" in each for each in summaries)


def test_nothing_in_its_pack_or_in_the_bots_sentences_is_the_first_boards() -> None:
    """Every sentence of the pack, those included that no walk comes by."""
    assert [found[0] for text in _texts(PACK) for found in OF_THE_FIRST.finditer(text)] == []
    assert SCRIPT.wording.say("contact.ask-elsewhere") == "ask Lantern or the Night Lantern Team for the number"


def test_it_asks_another_list() -> None:
    """Its fingerprint is its own: a review code says with which of the two a child was looked at."""
    assert PACK.instrument.fingerprint != INSTRUMENT.fingerprint


def _texts(pack: Pack) -> list[str]:
    return [*prose(pack), *(contact.name for contact in pack.contacts.all)]
