"""An act as the short code that a button carries, and back.

A code that comes in is never trusted: it says which act is meant, and the card that is shown says whether that is offered.
"""

from collections.abc import Callable, Mapping
from typing import assert_never

from dialogs.core.acts import (
    Act,
    Administer,
    Agree,
    Change,
    Clear,
    Close,
    Copy,
    Digit,
    Fetch,
    GateAct,
    Go,
    Log,
    Noting,
    Open,
    Page,
    PeopleDeed,
    Rehearse,
    Remind,
    Rest,
    Say,
    Tick,
)
from dialogs.core.overlays import Kind, Overlay
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


def code_of(act: Act | GateAct) -> str:
    """The act's code: at most 40 bytes, different for different acts of one card."""
    match act:
        case Say(answer):
            return f"s:{answer}"
        case Tick(item, option):
            return f"t:{item}={option or ''}"
        case Rest(option):
            return f"r:{option}"
        case Go(trigger):
            return f"g:{trigger}"
        case Page(number):
            return f"p:{number}"
        case Change(place):
            return f"c:{place}"
        case Open(overlay):
            return f"o:{overlay.kind}:{overlay.about}"
        case Close():
            return "x"
        case Copy():
            return "w"
        case Noting() | Remind() | Fetch() | Log() | Rehearse() | Administer():
            return _beside(act)
        case Digit() | Clear() | Agree():
            return _at_the_gate(act)
    assert_never(act)


def _beside(act: Noting | Remind | Fetch | Log | Rehearse | Administer) -> str:
    match act:
        case Noting(deed):
            return f"n:{deed}"
        case Remind(when):
            return f"m:{when}"
        case Fetch(kind):
            return f"d:{kind}"
        case Log(line, what):
            return f"l:{line}={what}"
        case Rehearse(turn, about):
            return f"z:{turn}:{about}"
        case Administer(deed, about):
            return f"a:{deed}:{about}"
    assert_never(act)


def _at_the_gate(act: GateAct) -> str:
    match act:
        case Digit(place, digit):
            return f"k:{place}:{digit}"
        case Clear():
            return "k"
        case Agree():
            return "y"
    assert_never(act)


def act_of(code: str) -> Act | GateAct | None:
    """The act that a code means, of a copy without its text; None where it means none."""
    bare = BARE.get(code)
    if bare is not None:
        return bare
    tag, _, rest = code.partition(":")
    try:
        return READ[tag](rest)
    except (KeyError, ValueError):  # no such tag, or a word that its enumeration does not have
        return None


def _pair(text: str, mark: str) -> tuple[str, str]:
    before, _, after = text.partition(mark)
    return before, after


def _tick(rest: str) -> Tick:
    item, option = _pair(rest, "=")
    return Tick(item, option or None)


def _open(rest: str) -> Open:
    kind, about = _pair(rest, ":")
    return Open(Overlay(Kind(kind), about))


def _digit(rest: str) -> Digit:
    place, digit = _pair(rest, ":")
    return Digit(int(place), int(digit))


def _rehearse(rest: str) -> Rehearse:
    turn, about = _pair(rest, ":")
    return Rehearse(Turn(turn), about)


def _administer(rest: str) -> Administer:
    deed, about = _pair(rest, ":")
    return Administer(PeopleDeed(deed), about)


BARE: Mapping[str, Act | GateAct] = {"x": Close(), "w": Copy(""), "k": Clear(), "y": Agree()}
"""Codes that say all by themselves."""

READ: Mapping[str, Callable[[str], Act | GateAct]] = {
    "s": Say,
    "t": _tick,
    "r": Rest,
    "g": lambda rest: Go(Trigger(rest)),
    "p": lambda rest: Page(int(rest)),
    "c": Change,
    "o": _open,
    "n": Noting,
    "m": Remind,
    "d": Fetch,
    "l": lambda rest: Log(*_pair(rest, "=")),
    "z": _rehearse,
    "a": _administer,
    "k": _digit,
}
"""How what stands after the tag of a code is read."""
