"""Where an update comes from: in a private chat only what its owner does counts, and what looks otherwise does nothing."""

from collections.abc import Mapping
from typing import Any

from telegram.constants import ChatType


def is_from_elsewhere(raw: Mapping[str, Any]) -> bool:
    """Whether an update comes into a private chat from anybody but its owner, or from a bot, or through a business account.

    It looks at the update as it came, so that one which the library cannot read is judged alike. What says too little to be
    judged is left to the reading.
    """
    own = ("message", "edited_message", "my_chat_member")
    return any(_is_not_the_owners(raw.get(kind)) for kind in own) or _is_a_foreign_tap(raw.get("callback_query"))


def _is_not_the_owners(said: object) -> bool:
    match said:
        case {"business_connection_id": _} | {"sender_business_bot": _}:
            return True
        case {"chat": {"type": ChatType.PRIVATE, "id": owner}, **rest} if type(owner) is int:
            return not _is_person(rest.get("from"), owner)
    return False


def _is_person(writer: object, owner: int) -> bool:
    match writer:
        case {"id": number, "is_bot": False}:
            return type(number) is int and number == owner
    return False


def _is_a_foreign_tap(tap: object) -> bool:
    """A tap belongs to the one who pressed, who is no bot; on which message is looked at where it is read."""
    match tap:
        case {"message": {"business_connection_id": _}}:
            return True
        case {"from": {"is_bot": is_bot}}:
            return is_bot is not False
    return False
