"""The card of a closed chat: the notice, the keypad, or why it is closed, and always whom to call."""

from dialogs.cards.overlay_cards import ASKS_FOR, overlay_paragraphs, overlay_rows
from dialogs.cards.show import button
from dialogs.core.acts import Act, Agree, Clear, Digit, GateAct
from dialogs.core.keys import CALL, CONTACTS, HELP, URGENT
from dialogs.core.overlays import WHOM_TO_CALL
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script
from dialogs.locked.gate import DIGITS, KEYPADS, AccountState, Gate, front
from dialogs.phrases.landmarks import with_landmarks
from dialogs.phrases.whom_to_call import urgent_line
from seraf.advice.contacts import LocalTime

TAPPED, TO_TAP = "●", "○"


def gate_card(gate: Gate, token: int, *, script: Script, now: LocalTime, notice: str = "") -> Card:
    """The card of a closed chat. A notice, where there is one, stands above it."""
    above = (Paragraph(notice),) if notice else ()
    if gate.over is not None:
        session = front(token, gate.over)
        rows = overlay_rows(gate.over, session, script=script, now=now)
        paragraphs = overlay_paragraphs(gate.over, session, script=script, now=now)
        card = Card(
            token,
            (*above, *paragraphs),
            tuple(tuple(button(key, script) for key in row) for row in rows),
            asks_for=ASKS_FOR.get(gate.over.kind, ""),
            goes_first=gate.over.kind in WHOM_TO_CALL,
        )
        return with_landmarks(card, script, above=len(above))
    helping = tuple(button(key, script) for key in (URGENT, CALL, CONTACTS))
    card = Card(token, (*above, *_paragraphs(gate, script, now)), (*_rows(gate, script), helping))
    return with_landmarks(card, script, above=len(above))


def _paragraphs(gate: Gate, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    say = script.wording.say
    name = "new-pin-again" if gate.is_again else str(gate.standing)
    title = Paragraph(say(f"gate.{name}.title"), is_strong=True)
    text = Paragraph(say(f"gate.{name}.text"))
    if gate.standing in (AccountState.UNREACHABLE, AccountState.STRANGER):
        return (title, text, Paragraph(urgent_line(script, now)))
    if gate.standing not in KEYPADS:
        return (title, text)
    dots = TAPPED * gate.entered + TO_TAP * (DIGITS - gate.entered)
    return (title, text, Paragraph(say("gate.entered", entered=gate.entered, of=DIGITS, dots=dots)))


def _rows(gate: Gate, script: Script) -> tuple[tuple[Button, ...], ...]:
    if gate.standing is AccountState.NOTICE:
        return ((_own("agree", Agree(), script=script),),)
    if gate.standing is AccountState.NO_CASES:
        return ((button(HELP, script),),)
    if gate.standing not in KEYPADS:
        return ()
    keys = [Button(str(digit), Digit(gate.entered, digit)) for digit in gate.layout]
    last = (keys[9], _own("clear", Clear(), script=script))
    return (*(tuple(keys[start : start + 3]) for start in range(0, 9, 3)), last)


def _own(word: str, act: Act | GateAct, *, script: Script) -> Button:
    return Button(script.wording.say(f"button.{word}"), act)
