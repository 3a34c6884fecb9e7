"""Tests of locked chats: no card shows anything of a case, and whom to call is always one tap away."""

from dataclasses import replace

import pytest

from dialogs.asking import as_question
from dialogs.core.acts import Agree, Clear, Digit, Kind, Overlay, code_of
from dialogs.core.events import IGNORED_KINDS, Began, Commanded, Ignored, Lapsed, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.locked import DIGITS, HELPING, KEYPADS, AccountState, AtTheGate, Gate
from tests.support.shipped import INSTRUMENT, OCCASION, PACK, SCRIPT
from tests.support.talk.closed_chats import CARD, CLOSED, EVERY_CLOSED, ask, card_of, everything_over, press

URGENT, CONTACTS, HELP = Overlay(Kind.URGENT), Overlay(Kind.CONTACTS), Overlay(Kind.HELP)


@EVERY_CLOSED
def test_no_closed_card_shows_anything_of_a_case(gate: Gate) -> None:
    """All reachable cards are tried. Topics of the guide are left out: their texts may contain the name of an item."""
    reached = everything_over(gate)
    of_a_case = [item.label for item in INSTRUMENT.items] + ["item 1 of", "BRISK OTTER", "Total ", "Answered "]

    texts = "\n".join(card_of(each).text for each in reached)
    for topic in PACK.guide.topics:
        texts = texts.replace(topic.text, "")
    codes = {button.code[:2] for each in reached for button in card_of(each).buttons}

    assert len(reached) > 15
    assert [words for words in of_a_case if words in texts] == []
    assert codes <= {"o:", "x", "k", "k:", "y"}


@EVERY_CLOSED
@pytest.mark.parametrize(("name", "kind"), [("urgent", Kind.URGENT), ("call", Kind.CALL), ("contacts", Kind.CONTACTS)])
def test_help_is_one_command_away_from_every_closed_chat(gate: Gate, name: str, kind: Kind) -> None:
    asked = [ask(replace(gate, over=over), Commanded(OCCASION, name)) for over in (None, HELP, URGENT)]

    assert asked == [AtTheGate(Overlay(kind))] * 3


@EVERY_CLOSED
def test_the_glossary_opens_in_a_closed_chat_and_no_word_is_looked_up(gate: Gate) -> None:
    term = PACK.glossary.terms[0].term

    assert ask(gate, Commanded(OCCASION, "explain", term)) == AtTheGate(Overlay(Kind.TERMS, "1"))


def test_a_word_is_explained_to_somebody_whose_role_has_no_cases() -> None:
    gate = Gate(AccountState.NO_CASES)
    question = as_question(Commanded(OCCASION, "explain", PACK.glossary.terms[0].term), "", script=SCRIPT)

    assert PACK.glossary.terms[0].text in card_of(replace(gate, over=ask(gate, question).over)).text


@EVERY_CLOSED
@pytest.mark.parametrize("name", ["pause", "resume", "cancel", "erase", "nothing", "URGENT", ""])
def test_any_other_command_is_refused_with_what_to_do_first(gate: Gate, name: str) -> None:
    assert ask(gate, Commanded(OCCASION, name)) == AtTheGate(None, (Toast(f"closed-{gate.standing}"),))
    assert ask(replace(gate, over=HELP), Commanded(OCCASION, name)).over == HELP
    assert f"toast.closed-{gate.standing}" in SCRIPT.wording


@EVERY_CLOSED
@pytest.mark.parametrize(
    "code", ["s:yes", "g:start", "g:erase", "r:no", "t:V1=yes", "p:1", "c:V1", "o:what:V1", "", "x"]
)
def test_a_button_that_is_not_on_a_closed_card_does_nothing(gate: Gate, code: str) -> None:
    assert ask(gate, Pressed(OCCASION, CARD, code)) == AtTheGate(None, (Toast(f"closed-{gate.standing}"),))


@EVERY_CLOSED
def test_a_button_of_a_card_does_nothing_while_another_lies_over_it(gate: Gate) -> None:
    for code in ("k:0:1", "y", "s:yes", "o:erase:", "o:more:"):
        asked = ask(replace(gate, over=URGENT), Pressed(OCCASION, CARD, code))
        assert asked == AtTheGate(URGENT, (Toast(f"closed-{gate.standing}"),))


@EVERY_CLOSED
def test_a_button_of_an_earlier_card_is_stale(gate: Gate) -> None:
    for code in ("s:yes", "k:0:1", "o:more:", "x"):
        assert ask(gate, Pressed(OCCASION, CARD - 1, code)) == AtTheGate(None, (Toast("stale"),))


@EVERY_CLOSED
def test_whom_to_call_is_a_tap_away_on_an_earlier_card(gate: Gate) -> None:
    """A chat may lock at the moment in which somebody looks for a number, with the earlier card still on the screen."""
    assert ask(gate, Pressed(OCCASION, CARD - 1, "o:urgent:")) == AtTheGate(URGENT)
    for code in HELPING:
        tapped = Pressed(OCCASION, CARD - 1, code)
        assert ask(replace(gate, over=CONTACTS), tapped) == ask(gate, tapped)


@EVERY_CLOSED
def test_starting_in_a_closed_chat_shows_its_card(gate: Gate) -> None:
    assert ask(replace(gate, over=CONTACTS), Began(OCCASION)) == AtTheGate(None)


@EVERY_CLOSED
def test_typed_or_sent_content_is_answered_and_changes_nothing(gate: Gate) -> None:
    over = replace(gate, over=URGENT)

    assert ask(over, Typed(OCCASION)) == AtTheGate(URGENT, (Toast("typed-locked"),))
    for kind in IGNORED_KINDS:
        assert ask(over, Ignored(OCCASION, kind)) == AtTheGate(URGENT, (Toast(f"ignored-{kind}"),))
    assert ask(over, Lapsed(OCCASION)).over == URGENT


GATES = [
    *(Gate(standing) for standing in CLOSED),
    *(Gate(standing, entered=entered) for standing in KEYPADS for entered in range(DIGITS + 1)),
    Gate(AccountState.NEW_PIN, is_again=True),
    Gate(AccountState.LOCKED, layout=(9, 3, 0, 1, 2, 5, 4, 8, 7, 6)),
]
"""Every state of a locked chat, without an overlay."""


@EVERY_CLOSED
def test_every_closed_card_keeps_to_its_measures(gate: Gate) -> None:
    for card in map(card_of, everything_over(gate)):
        assert len(card.text) <= 1_000, card.text
        assert max(map(len, card.rows)) <= 3
        assert all(0 < len(button.label) <= 20 for button in card.buttons)
        assert len({button.code for button in card.buttons}) == len(card.buttons)


@pytest.mark.parametrize("gate", GATES)
def test_whom_to_call_is_one_tap_away_from_every_closed_card(gate: Gate) -> None:
    labels = [button.label for button in card_of(gate).buttons]

    assert labels[-3:] == ["Urgent", "Call", "Contacts"]
    for label in labels[-3:]:
        over = press(gate, label)
        assert "999" in card_of(over).text
        assert (card_of(over).goes_first, card_of(gate).goes_first) == (True, False)
        assert press(over, "Back") == gate


@pytest.mark.parametrize("gate", GATES)
def test_a_closed_card_explains_itself_and_what_to_do(gate: Gate) -> None:
    card = card_of(gate)
    key = "new-pin-again" if gate.is_again else gate.standing

    assert card.paragraphs[0].text == SCRIPT.wording.say(f"gate.{key}.title")
    assert card.paragraphs[0].is_strong
    assert card.paragraphs[1].text == SCRIPT.wording.say(f"gate.{key}.text")


@pytest.mark.parametrize("gate", [gate for gate in GATES if gate.standing in KEYPADS])
def test_a_keypad_has_its_keys_in_the_order_that_it_is_given(gate: Gate) -> None:
    card = card_of(gate)
    codes = [code_of(Digit(gate.entered, digit)) for digit in gate.layout] + [code_of(Clear())]

    assert [button.code for button in card.buttons][:11] == codes
    assert [len(row) for row in card.rows] == [3, 3, 3, 2, 3]
    assert f"{gate.entered} of 6 digits: {'●' * gate.entered}{'○' * (6 - gate.entered)}" in card.text


def test_the_notice_is_agreed_to_by_a_button_and_only_there() -> None:
    agreeing = [gate.standing for gate in GATES if code_of(Agree()) in [each.code for each in card_of(gate).buttons]]
    tapping = {gate.standing for gate in GATES if "k" in [each.code for each in card_of(gate).buttons]}

    assert agreeing == [AccountState.NOTICE]
    assert tapping == KEYPADS


def test_a_notice_is_above_the_card_and_its_overlays() -> None:
    gate = Gate(AccountState.LOCKED)

    assert card_of(gate, "Look again.").paragraphs[0].text == "Look again."
    assert card_of(replace(gate, over=Overlay(Kind.URGENT)), "Look again.").paragraphs[0].text == "Look again."
    assert card_of(gate).paragraphs[0].text != ""


def test_an_auditor_finds_help() -> None:
    gate = Gate(AccountState.NO_CASES)

    over = press(gate, "Help")

    assert over.over == Overlay(Kind.HELP)
    assert press(over, "Back") == gate
