"""Random updates: valid ones of every kind, and the same with invalid values in one or more places."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.support.telegram.home import KIM, SAM, STRANGER

Raw = dict[str, Any]

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, -(2**63), 10**40, 1.5, 1e300),
    *("", " ", "x", "/", "//", "/start", "/" + "x" * 5000, "\x00", "\ud800", "💥" * 40, "a\u202eb", "x" * 5000),
    *([], [[]], [None], [1, "x"], {}, {"id": 1}, {"": None}, [[[[[[[[{}]]]]]]]]),
)
TEXTS: tuple[str, ...] = (
    "/start",
    "/erase",
    "/cancel",
    "/pause",
    "/resume",
    "/help",
    "/urgent",
    "/call",
    "/explain",
    "/explain grooming",
    "/lock",
    "/panic",
    "/start WRONGWRONG2345",
)
TEXTS += ("/contacts", "/START@fake_bot now", "/nothing", "hello", "1", "Yes", "/explain \ud800", "/ start", "\u200b")
CODES: tuple[str, ...] = (
    "s:yes",
    "s:no",
    "s:not-known",
    "s:current",
    "g:start",
    "g:back",
    "g:finish",
    "g:confirm",
    "g:pause",
    "g:erase",
)
CODES += (
    "x",
    "o:more:",
    "o:urgent:",
    "o:terms:1",
    "o:terms:999",
    "o:explain:cse",
    "p:1",
    "p:2",
    "p:-1",
    "t:V1=yes",
    "t:V1=",
)
CODES += ("k", "k:0:0", "k:5:9", "k:0:10", "k:-1:1", "k:1", "k:", "y")
CODES += ("r:no", "r:not-known", "c:V1", "c:age", "o:what:V1", "o::", "", ":", "s:", "s:\ud800")
ATTACHED: tuple[Raw, ...] = (
    {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]},
    {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 1}},
    {"sticker": {}},
    {"location": {"latitude": 1.0, "longitude": 1.0}},
    {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}},
    {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": SAM, "type": "private"}}},
    {"caption": "x"},
    {"new_chat_members": []},
)


def update(draw: Random) -> Raw:
    """Return a random update. Three in four of them contain invalid values."""
    raw = draw.choice((*KINDS.values(), _press, _other))(draw)
    for _ in range(draw.choice((0, 1, 1, 2))):
        _spoil(draw, raw)
    return raw


def sound(draw: Random, *kinds: str) -> Raw:
    """Return a valid random update of one of these kinds."""
    return KINDS[draw.choice(kinds)](draw)


def _user(draw: Random) -> Raw:
    return {"id": draw.choice((SAM, KIM, STRANGER)), "is_bot": False, "first_name": "A"}


def _chat(draw: Random, user: Raw) -> Raw:
    if draw.random() < 0.1:
        return {"id": -draw.randint(1, 9), "type": draw.choice(("group", "supergroup", "channel")), "title": "T"}
    return {"id": user["id"], "type": "private", "first_name": "A"}


def _words(draw: Random) -> Raw:
    user = _user(draw)
    head = {"message_id": draw.randint(1, 10**6), "date": 1, "chat": _chat(draw, user), "from": user}
    return head | (draw.choice(ATTACHED) if draw.random() < 0.2 else {"text": draw.choice(TEXTS)})


def _message(draw: Random) -> Raw:
    return {"message": deepcopy(_words(draw))}


def _edit(draw: Random) -> Raw:
    return {"edited_message": deepcopy(_words(draw)) | {"edit_date": 2}}


def _press(draw: Random) -> Raw:
    user = _user(draw)
    message = {"message_id": draw.randint(1, 50), "date": draw.choice((0, 1)), "chat": _chat(draw, user)}
    query = {"id": str(draw.randint(1, 10**9)), "from": user, "chat_instance": "1", "message": message}
    return {"callback_query": query | {"data": f"{draw.randint(0, 60)}:{draw.choice(CODES)}"}}


def _membership(draw: Random) -> Raw:
    user = _user(draw)
    bot = {"id": 1, "is_bot": True, "first_name": "B"}
    member = {"user": bot, "status": draw.choice(("member", "left", "kicked"))} | {"until_date": 0}
    change = {"chat": _chat(draw, user), "from": user, "date": 1, "old_chat_member": member}
    return {"my_chat_member": change | {"new_chat_member": dict(member)}}


def _other(draw: Random) -> Raw:
    return {draw.choice(("poll", "inline_query", "business_message", "channel_post", "tomorrow")): {"id": "1"}}


def _spoil(draw: Random, raw: Raw) -> None:
    """Replace or remove a random value of an update."""
    holder: Any = raw
    while holder:
        key = draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))
        if draw.random() < 0.4 or not isinstance(holder[key], dict | list) or not holder[key]:
            break
        holder = holder[key]
    if not holder:
        return
    if isinstance(holder, dict) and draw.random() < 0.2:
        del holder[key]
    else:
        holder[key] = deepcopy(draw.choice(JUNK))


KINDS: dict[str, Callable[[Random], Raw]] = {
    "message": _message,
    "edited_message": _edit,
    "callback_query": _press,
    "my_chat_member": _membership,
}
"""The function that draws a random update, for each kind that the bot asks for."""
