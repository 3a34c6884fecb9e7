"""An act as the short code that a button carries, and back.

A code that comes in is never trusted: it says which act is meant, and the card that is shown says whether that is offered.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

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
    return WRITTEN[type(act)](act)


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


def _always(code: str) -> Callable[[Any], str]:
    return lambda _: code


WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Say: lambda act: f"s:{act.answer}",
    Tick: lambda act: f"t:{act.item}={act.option or ''}",
    Rest: lambda act: f"r:{act.option}",
    Go: lambda act: f"g:{act.trigger}",
    Page: lambda act: f"p:{act.number}",
    Change: lambda act: f"c:{act.place}",
    Open: lambda act: f"o:{act.overlay.kind}:{act.overlay.about}",
    Noting: lambda act: f"n:{act.deed}",
    Remind: lambda act: f"m:{act.when}",
    Fetch: lambda act: f"d:{act.kind}",
    Log: lambda act: f"l:{act.line}={act.what}",
    Rehearse: lambda act: f"z:{act.turn}:{act.about}",
    Administer: lambda act: f"a:{act.deed}:{act.about}",
    Digit: lambda act: f"k:{act.place}:{act.digit}",
    **{type(act): _always(code) for code, act in BARE.items()},
}
"""How an act of each kind is written. By a table, since a card has a dozen buttons, and to try one kind after the other is dear."""

assert set(WRITTEN) == {*get_args(Act), *get_args(GateAct)}, "an act without a code"
