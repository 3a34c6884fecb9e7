"""A tap as nearly all of them come, read from the plain value: every part is of its type, and in its person's own chat.

It refuses to judge any other: of those the library says whether they are an update at all. What it takes, the library would
have read alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram.constants import ChatType

LATEST = 2**32
"""A date before this (seconds) is one that the library can tell."""

THE_LIBRARYS_OWN = frozenset({"self", "api_kwargs", "bot"})
"""Names that the library has for itself: a value that carries one is for the library to judge."""


@dataclass(frozen=True, slots=True)
class PlainTap:
    """Somebody pressed a button in their own chat: who they are, on which message, and what the button carried."""

    query: str
    person: int
    message: int
    data: str


def plain_tap(raw: Mapping[str, Any]) -> PlainTap | None:
    """The tap in an update that holds nothing else; None where there is none, or where anything about it is odd."""
    query = raw.get("callback_query")
    if len(raw) != 2 or type(query) is not dict or "update_id" not in raw:
        return None
    who, message = query.get("from"), query.get("message")
    if type(who) is not dict or type(message) is not dict or type(message.get("chat")) is not dict:
        return None
    chat = message["chat"]
    numbers = (who.get("id"), chat.get("id"), message.get("message_id"), message.get("date"))
    words = (query.get("id"), query.get("chat_instance"), query.get("data"), who.get("first_name"))
    if not all(type(each) is int for each in numbers) or not all(type(each) is str for each in words):
        return None
    if who.get("is_bot") is not False or "business_connection_id" in message:
        return None
    if chat.get("type") != ChatType.PRIVATE or chat["id"] != who["id"] or not 0 <= message["date"] < LATEST:
        return None
    if any(THE_LIBRARYS_OWN & part.keys() for part in (query, who, chat)):
        return None
    return PlainTap(query["id"], who["id"], message["message_id"], query["data"])
