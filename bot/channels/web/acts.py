"""What a form says: a pressed button, a command with its words, or a note; bound to channel, person and page."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bot.access.admission import plain_code
from bot.channels.heard import Acted, event_key
from bot.channels.web import FACTS
from bot.channels.web.page.whole import LONGEST_NOTE, LONGEST_WORD
from bot.channels.web.visitor import Visitor
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed

KINDS = ("press", "command", "typed")
"""The ways to act, of which a form has one."""

LONGEST_COMMAND, LONGEST_PRESS, LONGEST_TOKEN = 20, 64, 18


def read_act(form: Mapping[str, str], visitor: Visitor, occasion: Occasion, *, takes_notes: bool) -> Acted | None:
    """What somebody did; None where the form says nothing that can be done. Its nonce is not looked at here.

    The same button of the same page counts once, however often it is sent.
    """
    kinds = [each for each in KINDS if each in form]
    if len(kinds) != 1:
        return None
    (kind,), words = kinds, form.get("words", "").strip()
    event = _event(kind, form[kind], words=words, occasion=occasion)
    if event is None:
        return None
    said = hashlib.sha256("\n".join((kind, form[kind], words)).encode()).hexdigest()
    key = event_key(visitor.person, f"{FACTS.name}/{form.get('nonce', '')}/{said}")
    heard = Acted(key, visitor.person, event, reply_to=key)
    if isinstance(event, Began):
        return replace(heard, code=plain_code(words))
    return replace(heard, words=form[kind]) if isinstance(event, Typed) and takes_notes else heard


def _event(kind: str, value: str, *, words: str, occasion: Occasion) -> Event | None:
    if kind == "press":
        token, colon, code = value.partition(":")
        is_press = colon and len(value) <= LONGEST_PRESS and token.isascii() and token.isdecimal()
        return Pressed(occasion, int(token), code) if is_press and len(token) <= LONGEST_TOKEN else None
    if kind == "typed":
        return Typed(occasion) if len(value) <= LONGEST_NOTE else None
    is_name = value.isascii() and value.isalpha() and value.islower() and len(value) <= LONGEST_COMMAND
    if not is_name or len(words) > LONGEST_WORD:
        return None
    return Began(occasion) if value == "start" else Commanded(occasion, value, words)
