"""The action card on a phone: whatever the case and the hour, it is one screen, and what lies behind it are a few pages."""

import random
import textwrap
from collections.abc import Iterator

from dialogs.cards.show import show
from dialogs.core.paging import WIDTH
from dialogs.core.session import Session
from dialogs.form.questions import options
from dialogs.result.action_card import MOST_LINES
from dialogs.result.actions import lines_of
from dialogs.result.result_pages import result_pages
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.dialogs.cards.test_every_card import ASKED
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.shipped import NOON, PACK, SCRIPT, at

HOURS = (NOON, at("2026-03-06T16:40"), at("2026-12-25T03:00", is_bank_holiday=True))

KINDS = ("do", "number", "steps", "close")

OVER = 1
"""Lines that a card may have too many where every title is long and nothing is left to leave out."""


def results(seed: int) -> Iterator[tuple[Session, LocalTime]]:
    """Random cases at their result, with anything around the items answered or not, at different hours."""
    draw = random.Random(f"card {seed}")
    for _ in range(10):
        age, responses = random_seraf(draw)
        around = {key: draw.choice(options(key)) for key in ASKED}
        short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances if draw.random() < 0.5}
        given = Responses.of({"age": age, **around, **short})
        session = Session(
            3, Phase.RESULT, "1", None, "BRISK OTTER 41", "", given, Responses.of(responses), finished="2026-03-04"
        )
        yield session, draw.choice(HOURS)


def height(text: str) -> int:
    """Lines of a phone that a text takes."""
    return sum(max(len(textwrap.wrap(line, WIDTH)), 1) for line in text.split("\n"))


@each_seed(300, 12)
def test_the_action_card_fits_a_screen(seed: int) -> None:
    """At most 25 lines of 44 characters, and 1,000 characters; at least one line, and never more than five."""
    for session, now in results(seed):
        card = show(session, SCRIPT, now)

        assert height(card.text) <= MOST_LINES + OVER, card.text
        assert len(card.text) <= 1_000
        assert 1 <= sum(button.label[:1].isdigit() for button in card.buttons) <= 5


@each_seed(300, 12)
def test_every_page_of_a_result_fits(seed: int) -> None:
    """What to do, how the number adds up, more steps, and how it ends, in that order, each at most 1,000 characters."""
    for session, now in results(seed):
        pages = result_pages(session, SCRIPT, now=now)

        assert tuple(dict.fromkeys(page.kind for page in pages)) == KINDS
        assert len(pages) <= len(KINDS) + 2
        for number, _ in enumerate(pages, 1):
            assert len(show(session.at(str(number)), SCRIPT, now).text) <= 1_000


@each_seed(60, 6)
def test_who_is_told_what_is_shared_is_named_and_never_against_their_safety(seed: int) -> None:
    """Right under “Tell no parent” nobody is to wonder who is meant; and a child is told only where that is safe."""
    for session, now in results(seed):
        lines = (each.planned.title for each in lines_of(session, SCRIPT, now=now) if each.line is CardLine.CHILD)
        for title in (each for each in lines if "share" in each):
            assert "the child" in title, title
            assert "safe" in title or session.answers.get("told_or_seen") == "yes", title
