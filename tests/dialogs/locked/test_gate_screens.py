"""The cards of closed chats: what each says, the keypad, and whom to call, one tap away."""

from dataclasses import replace

import pytest

from dialogs.core.acts import Agree, Clear, Digit, Kind, Overlay, code_of
from dialogs.locked import DIGITS, KEYPADS, AccountState, Gate
from tests.support.shipped import SCRIPT
from tests.support.talk.closed_chats import CLOSED, EVERY_CLOSED, card_of, everything_over, press

GATES = [
    *(Gate(standing) for standing in CLOSED),
    *(Gate(standing, entered=entered) for standing in KEYPADS for entered in range(DIGITS + 1)),
    Gate(AccountState.NEW_PIN, is_again=True),
    Gate(AccountState.LOCKED, layout=(9, 3, 0, 1, 2, 5, 4, 8, 7, 6)),
]
"""Every closed chat over whose card nothing lies."""


@EVERY_CLOSED
def test_every_closed_card_keeps_to_its_measures(gate: Gate) -> None:
    """At most 1,000 characters, three buttons in a row, and twenty characters on a button."""
    for card in map(card_of, everything_over(gate)):
        assert len(card.text) <= 1_000, card.text
        assert max(map(len, card.rows)) <= 3
        assert all(0 < len(button.label) <= 20 for button in card.buttons)
        assert len({button.code for button in card.buttons}) == len(card.buttons)


@pytest.mark.parametrize("gate", GATES)
def test_whom_to_call_is_one_tap_away_from_every_closed_card(gate: Gate) -> None:
    """The number to dial, and a way back; it goes before other cards."""
    labels = [button.label for button in card_of(gate).buttons]

    assert labels[-3:] == ["Urgent", "Call", "Contacts"]
    for label in labels[-3:]:
        over = press(gate, label)
        assert "999" in card_of(over).text
        assert (card_of(over).goes_first, card_of(gate).goes_first) == (True, False)
        assert press(over, "Back") == gate


@pytest.mark.parametrize("gate", GATES)
def test_a_closed_card_says_what_it_is_and_what_to_do(gate: Gate) -> None:
    """A title and a text of its own for each standing."""
    card = card_of(gate)
    key = "new-pin-again" if gate.is_again else gate.standing

    assert card.paragraphs[0].text == SCRIPT.wording.say(f"gate.{key}.title")
    assert card.paragraphs[0].is_strong
    assert card.paragraphs[1].text == SCRIPT.wording.say(f"gate.{key}.text")


@pytest.mark.parametrize("gate", [gate for gate in GATES if gate.standing in KEYPADS])
def test_a_keypad_has_its_keys_in_the_order_that_it_is_given(gate: Gate) -> None:
    """Three in a row, the last beside Clear; and how many digits were tapped."""
    card = card_of(gate)
    codes = [code_of(Digit(gate.entered, digit)) for digit in gate.layout] + [code_of(Clear())]

    assert [button.code for button in card.buttons][:11] == codes
    assert [len(row) for row in card.rows] == [3, 3, 3, 2, 3]
    assert f"{gate.entered} of 6 digits: {'●' * gate.entered}{'○' * (6 - gate.entered)}" in card.text


def test_the_notice_is_agreed_to_by_a_button_and_only_there() -> None:
    """No other card offers it, and no other has a keypad."""
    agreeing = [gate.standing for gate in GATES if code_of(Agree()) in [each.code for each in card_of(gate).buttons]]
    tapping = {gate.standing for gate in GATES if "k" in [each.code for each in card_of(gate).buttons]}

    assert agreeing == [AccountState.NOTICE]
    assert tapping == KEYPADS


def test_a_notice_stands_above_the_card_and_above_what_lies_over_it() -> None:
    """Such as that taps were lost meanwhile."""
    gate = Gate(AccountState.LOCKED)

    assert card_of(gate, "Look again.").paragraphs[0].text == "Look again."
    assert card_of(replace(gate, over=Overlay(Kind.URGENT)), "Look again.").paragraphs[0].text == "Look again."
    assert card_of(gate).paragraphs[0].text != ""


def test_an_auditor_is_told_where_help_is() -> None:
    """Their card has it beside whom to call, and it leads back."""
    gate = Gate(AccountState.NO_CASES)

    over = press(gate, "Help")

    assert over.over == Overlay(Kind.HELP)
    assert press(over, "Back") == gate
