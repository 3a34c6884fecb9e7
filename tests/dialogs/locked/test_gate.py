"""Closed chats: whatever is asked or pressed there, no card shows anything of a case, and whom to call is always one tap away."""

from dataclasses import replace

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import IGNORED_KINDS, Began, Commanded, Ignored, Lapsed, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.locked import HELPING, AtTheGate, Gate
from tests.support.shipped import INSTRUMENT, OCCASION, PACK, SCRIPT
from tests.support.talk.closed_chats import CARD, EVERY_CLOSED, ask, card_of, everything_over

URGENT, CONTACTS, HELP = Overlay(Kind.URGENT), Overlay(Kind.CONTACTS), Overlay(Kind.HELP)


@EVERY_CLOSED
def test_no_closed_card_shows_anything_of_a_case(gate: Gate) -> None:
    """Not one that can be reached: no item, no answer to one, no result, and no way to either. The guide knows no case."""
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
    """Whatever lies over it."""
    asked = [ask(replace(gate, over=over), Commanded(OCCASION, name)) for over in (None, HELP, URGENT)]

    assert asked == [AtTheGate(Overlay(kind))] * 3


@EVERY_CLOSED
def test_a_word_is_explained_in_a_closed_chat_too(gate: Gate) -> None:
    """The glossary knows no case; a word that it has not is answered with the list."""
    term = PACK.glossary.terms[0]

    assert ask(gate, Commanded(OCCASION, "explain", term.term)) == AtTheGate(Overlay(Kind.EXPLAIN, term.id))
    assert ask(gate, Commanded(OCCASION, "explain", "nothing such")) == AtTheGate(
        Overlay(Kind.TERMS, "1"), (Toast("no-term"),)
    )


@EVERY_CLOSED
@pytest.mark.parametrize("name", ["pause", "resume", "cancel", "erase", "nothing", "URGENT", ""])
def test_any_other_command_is_refused_with_what_to_do_first(gate: Gate, name: str) -> None:
    """What lies over the card stays, and every sentence is in the wording."""
    assert ask(gate, Commanded(OCCASION, name)) == AtTheGate(None, (Toast(f"closed-{gate.standing}"),))
    assert ask(replace(gate, over=HELP), Commanded(OCCASION, name)).over == HELP
    assert f"toast.closed-{gate.standing}" in SCRIPT.wording


@EVERY_CLOSED
@pytest.mark.parametrize(
    "code", ["s:yes", "g:start", "g:erase", "r:no", "t:V1=yes", "p:1", "c:V1", "o:what:V1", "", "x"]
)
def test_a_button_that_is_not_on_a_closed_card_does_nothing(gate: Gate, code: str) -> None:
    """Those of an open chat above all, with the live card's own token."""
    assert ask(gate, Pressed(OCCASION, CARD, code)) == AtTheGate(None, (Toast(f"closed-{gate.standing}"),))


@EVERY_CLOSED
def test_a_button_of_a_card_does_nothing_while_another_lies_over_it(gate: Gate) -> None:
    """Neither a digit nor one that leads nowhere from there."""
    for code in ("k:0:1", "y", "s:yes", "o:erase:", "o:more:"):
        asked = ask(replace(gate, over=URGENT), Pressed(OCCASION, CARD, code))
        assert asked == AtTheGate(URGENT, (Toast(f"closed-{gate.standing}"),))


@EVERY_CLOSED
def test_a_button_of_an_earlier_card_is_stale(gate: Gate) -> None:
    """With whatever it said, a digit or a case's."""
    for code in ("s:yes", "k:0:1", "o:more:", "x"):
        assert ask(gate, Pressed(OCCASION, CARD - 1, code)) == AtTheGate(None, (Toast("stale"),))


@EVERY_CLOSED
def test_whom_to_call_is_a_tap_away_on_an_earlier_card(gate: Gate) -> None:
    """A chat may close in the very moment in which somebody needs to know whom to ring; whatever lies over the card of now."""
    assert ask(gate, Pressed(OCCASION, CARD - 1, "o:urgent:")) == AtTheGate(URGENT)
    for code in HELPING:
        tapped = Pressed(OCCASION, CARD - 1, code)
        assert ask(replace(gate, over=CONTACTS), tapped) == ask(gate, tapped)


@EVERY_CLOSED
def test_starting_in_a_closed_chat_shows_its_card(gate: Gate) -> None:
    """What lay over it is gone."""
    assert ask(replace(gate, over=CONTACTS), Began(OCCASION)) == AtTheGate(None)


@EVERY_CLOSED
def test_what_is_typed_or_sent_is_answered_and_changes_nothing(gate: Gate) -> None:
    """As in an open chat; and time that passes asks for nothing."""
    over = replace(gate, over=URGENT)

    assert ask(over, Typed(OCCASION)) == AtTheGate(URGENT, (Toast("typed"),))
    for kind in IGNORED_KINDS:
        assert ask(over, Ignored(OCCASION, kind)) == AtTheGate(URGENT, (Toast(f"ignored-{kind}"),))
    assert ask(over, Lapsed(OCCASION)).over == URGENT
