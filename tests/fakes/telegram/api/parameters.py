"""The parameters of every method of the fake, with their types, and how to decode them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.telegram.state.refusals import bad_request

Kind = Literal["int", "bool", "str", "json", "file"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes
    media_type: str


_SEND: dict[str, Kind] = {
    "chat_id": "int",
    "disable_notification": "bool",
    "link_preview_options": "json",
    "parse_mode": "str",
    "protect_content": "bool",
    "reply_markup": "json",
    "reply_parameters": "json",
}
_MESSAGE: dict[str, Kind] = {"chat_id": "int", "message_id": "int"}
_COMMANDS: dict[str, Kind] = {"scope": "json", "language_code": "str"}

PARAMETERS: dict[str, dict[str, Kind]] = {
    "getMe": {},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "sendMessage": {**_SEND, "text": "str", "entities": "json"},
    "sendDocument": {
        **_SEND,
        "document": "file",
        "caption": "str",
        "caption_entities": "json",
        "disable_content_type_detection": "bool",
    },
    "editMessageText": {
        **_MESSAGE,
        "text": "str",
        "entities": "json",
        "parse_mode": "str",
        "link_preview_options": "json",
        "reply_markup": "json",
    },
    "editMessageReplyMarkup": {**_MESSAGE, "reply_markup": "json"},
    "deleteMessage": _MESSAGE,
    "deleteMessages": {"chat_id": "int", "message_ids": "json"},
    "answerCallbackQuery": {"callback_query_id": "str", "text": "str", "show_alert": "bool", "cache_time": "int"},
    "setMyCommands": {**_COMMANDS, "commands": "json"},
    "getMyCommands": _COMMANDS,
    "deleteMyCommands": _COMMANDS,
    "leaveChat": {"chat_id": "int"},
    "getChat": {"chat_id": "int"},
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
}


def read(method: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the decoded parameters of a call, and its mistakes that Telegram would ignore, as texts."""
    known = PARAMETERS[method]
    wrong = [f"{method}: unknown parameter {name!r}" for name in raw if name not in known]
    if "parse_mode" in raw and "parse_mode" in known:
        wrong.append(f"{method}: parse_mode is never used here, plain text and entities are")
    return {name: _value(name, known[name], value) for name, value in raw.items() if name in known}, wrong


def _value(name: str, kind: Kind, value: Any) -> Any:
    match kind:
        case "int":
            return _integer(name, value)
        case "bool":
            return value if isinstance(value, bool) else str(value).lower() in {"true", "yes", "1"}
        case "json":
            return _decoded(name, value)
        case "str" | "file":
            return value


def _integer(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise bad_request("chat not found" if name == "chat_id" else f"{name} must be an Integer") from error


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad_request(f"can't parse {name} JSON object") from error
