"""The cards of closed chats in every account state, and all overlays that can be opened there."""

from dataclasses import replace

import pytest

from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.replies import Card
from dialogs.locked import AccountState, AtTheGate, Gate, ask_at, gate_card
from dialogs.turn.commands import ASKED_CLOSED
from tests.support.shipped import NOON, OCCASION, SCRIPT

CLOSED = [each for each in AccountState if each is not AccountState.OPEN]
CARD = 7
EVERY_CLOSED = pytest.mark.parametrize("gate", [Gate(standing) for standing in CLOSED], ids=lambda gate: gate.standing)


def card_of(gate: Gate, notice: str = "") -> Card:
    return gate_card(gate, CARD, script=SCRIPT, now=NOON, notice=notice)


def ask(gate: Gate, event: Event) -> AtTheGate:
    """Return the outcome of an event in a closed chat."""
    return ask_at(gate, event, card=CARD, script=SCRIPT)


def press(gate: Gate, label: str) -> Gate:
    """Return the closed chat after the button with this label was pressed."""
    (code,) = (button.code for button in card_of(gate).buttons if button.label == label)
    return replace(gate, over=ask(gate, Pressed(OCCASION, CARD, code)).over)


def everything_over(gate: Gate) -> list[Gate]:
    """Return the closed chat with each overlay that commands and buttons can open."""
    events: list[Event] = [Commanded(OCCASION, name) for name in ASKED_CLOSED]
    reached, new = [gate], [gate]
    while new:
        here = new.pop()
        pressed = [Pressed(OCCASION, CARD, button.code) for button in card_of(here).buttons]
        for over in {ask(here, event).over for event in [*events, *pressed]}:
            there = replace(gate, over=over)
            if there not in reached:
                reached.append(there)
                new.append(there)
    return reached
