"""A person who presses valid and invalid buttons at random, and the rules that every card must obey."""

import random
import re

from dialogs.core.acts import Kind
from dialogs.core.events import IGNORED_KINDS, Began, Commanded, Event, Ignored, Occasion, Pressed, Typed
from dialogs.core.replies import Card
from dialogs.core.session import Session
from dialogs.form.reasons import is_called, is_enough_to_call, urgency_so_far
from dialogs.turn.commands import NAMES
from seraf.advice.action_plan import Urgency
from state_machines.assessment import ASKING, Phase
from tests.support.pack.carrying import MARCH
from tests.support.shipped import CODES, OCCASION, PACK, at
from tests.support.talk.talking import Talk

COMMANDS = (*NAMES[1:-2], "nonsense", "")
WORDS = (
    *("", "cse", "c", "s", "grooming", "no such word", "missing", "child"),
    *("Éèß — ‘quoted’", "x" * 4_000, CODES.write(MARCH)),
)
FORGED = ("", "s:", "s:yes", "s:both", "t:V1=yes", "t:M4=", "r:no", "g:erase", "g:confirm", "p:1", "p:99", "c:S1", "x")
OCCASIONS = (OCCASION, Occasion(at("2026-12-25T03:00", is_bank_holiday=True), "CALM RIVER 12"))

TO_A_RESULT = ("x", "g:resume", "g:confirm", "g:start", "r:", "s:", "l:", "g:back")
TO_AN_ERASURE = ("g:erase", "o:erase:", "o:more:", "x", "g:start", "s:", "l:")
"""The beginnings of the codes to press on the way to a result, or to an erasure, in order of preference."""

FORWARD = 8
"""How many times more likely a button that leads on is than others. With less, random conversations do not get far."""

SHOWS_NOTHING = (Kind.URGENT, Kind.CALL, Kind.CONTACTS)
"""Overlays that another person may see over somebody's shoulder."""

BEFORE_THE_NUMBER = (Phase.WELCOME, *ASKING, Phase.CHECK, Phase.JUDGEMENT, Phase.PAUSED, Phase.ELSEWHERE)

STANDING = frozenset({"Call 999, if you have not yet.", "Act now, if you have not yet."})
"""The only lines in bold that a card may have because of an emergency. They contain no telephone number."""


def next_event(draw: random.Random, talk: Talk) -> Event:
    """Return a random event: mostly a current button, else an old or forged one, a command, or text."""
    occasion, session, kind = draw.choice(OCCASIONS), talk.session, draw.random()
    if kind < 0.75:
        codes = [button.code for button in talk.card.buttons]
        weights = [FORWARD if code.startswith(TO_A_RESULT) else 1 for code in codes]
        return Pressed(occasion, session.card, draw.choices(codes, weights)[0])
    if kind < 0.82:
        older = draw.choice(talk.cards[-6:])
        return Pressed(occasion, older.token, draw.choice(older.buttons).code)
    if kind < 0.88:
        return Pressed(occasion, session.card + draw.choice((-1, 0, 0, 1)), draw.choice(FORGED))
    if kind < 0.95:
        return Commanded(occasion, draw.choice(COMMANDS), draw.choice(WORDS))
    return draw.choice((Began(occasion), Typed(occasion), Ignored(occasion, draw.choice(IGNORED_KINDS))))


def faults_of_form(card: Card, token: int) -> list[str]:
    """Return what is wrong with a card's token, codes, labels, rows or length."""
    codes = [button.code for button in card.buttons]
    labels = [button.label for button in card.buttons]
    checks = {
        "token": card.token == token,
        "codes are long": all(1 <= len(code.encode()) <= 40 for code in codes),
        "codes are not unique": len(codes) == len(set(codes)),
        "labels are not unique": len(labels) == len(set(labels)),
        "labels are long": all(1 <= len(each.label) <= (20 if row[1:] else 34) for row in card.rows for each in row),
        "rows are wide or empty": all(1 <= len(row) <= 3 for row in card.rows),
        "no buttons": bool(card.rows),
        "long": len(card.text) <= 1_000,
        "empty paragraphs": all(paragraph.text.strip() for paragraph in card.paragraphs),
        "unfilled": "{" not in card.text and "}" not in card.text,
    }
    return [name for name, is_right in checks.items() if not is_right]


def faults_of_content(card: Card, session: Session) -> list[str]:
    """Return what a card shows although it must not, and what it lacks."""
    overlay, enough = session.overlay, is_enough_to_call(session, PACK)
    asks = overlay is None and session.phase in (*ASKING, Phase.CHECK, Phase.JUDGEMENT)
    codes = {button.code for button in card.buttons}
    result = [paragraph.text for paragraph in card.paragraphs if paragraph.is_strong and paragraph.text in STANDING]
    checks = {
        "a number before the judgement": session.phase not in BEFORE_THE_NUMBER or not shows_number(card, session),
        "what is called for": result == standing(session) or not asks,
        "call": bool({"o:call:", "o:calling:1"} & codes) == enough if asks else True,
        "a case": overlay is None or overlay.kind not in SHOWS_NOTHING or not shows_case(card),
        "no urgent": "o:urgent:" in codes or (overlay is not None and overlay.kind is Kind.URGENT),
        "no what counts": not asks or session.phase is Phase.CHECK or "What counts?" in names(card),
    }
    return [name for name, is_right in checks.items() if not is_right]


def standing(session: Session) -> list[str]:
    """Return the line that every card must have from an emergency until the call was made, otherwise nothing."""
    if not session.has_case or urgency_so_far(session, PACK) is not Urgency.EMERGENCY or is_called(session, PACK):
        return []
    is_police = session.answers.get("profession") == "police"
    return ["Act now, if you have not yet." if is_police else "Call 999, if you have not yet."]


def shows_number(card: Card, session: Session) -> bool:
    """Return True if the card shows a total or a category. An explanation may mention them, and does not count."""
    if session.overlay and session.overlay.kind in (Kind.EXPLAIN, Kind.TERMS, Kind.GUIDE):
        return False
    return re.search(r"Category \d|Total|\d+ points?", card.text) is not None


def shows_case(card: Card) -> bool:
    """Return True if the card shows a reference or an item of the form."""
    references = [occasion.reference for occasion in OCCASIONS]
    return any(words in card.text for words in (*references, *(item.label for item in PACK.instrument.items)))


def names(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def way_out(talk: Talk, end: Phase, wanted: tuple[str, ...]) -> int:
    """Press the button that leads on until this phase is reached. Return the number of taps."""
    for taps in range(120):
        if talk.session.phase is end and talk.session.overlay is None:
            return taps
        codes = [button.code for button in talk.card.buttons]
        code = next(code for each in wanted for code in codes if code.startswith(each))
        talk.take(Pressed(OCCASION, talk.session.card, code))
    raise AssertionError(f"no way to {end} from {talk.session}")
