"""The commands that a bot has set at Telegram, by scope, and which of them a person sees in the menu."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.telegram.state.refusals import bad_request
from tests.fakes.telegram.state.world import World

MOST_COMMANDS = 100
WIDE_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})

Scope = tuple[str, int]
"""The type of a scope, and the id of its chat, or 0 if the scope is not about one chat."""


def set_my_commands(world: World, call: dict[str, Any]) -> bool:
    """Answer setMyCommands. An empty list removes the commands that this scope had."""
    commands = call.get("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_whose(world, call)] = [_command(command) for command in commands]
    return True


def get_my_commands(world: World, call: dict[str, Any]) -> list[dict[str, str]]:
    """Answer getMyCommands with the commands of exactly this scope and language."""
    return world.commands.get(_whose(world, call), [])


def delete_my_commands(world: World, call: dict[str, Any]) -> bool:
    """Answer deleteMyCommands. A person then sees the commands of the next wider scope again."""
    world.commands.pop(_whose(world, call), None)
    return True


def menu(world: World, chat_id: int, language: str) -> tuple[str, ...]:
    """Return a private chat's menu: the list of the narrowest scope with commands, in the person's language if any."""
    scopes: tuple[Scope, ...] = (("chat", chat_id), ("all_private_chats", 0), ("default", 0))
    lists = (world.commands.get((*scope, code)) for scope in scopes for code in (language, ""))
    return tuple(command["command"] for command in next(filter(None, lists), []))


def _whose(world: World, call: dict[str, Any]) -> tuple[str, int, str]:
    scope = call.get("scope") or {"type": "default"}
    return (*_scope(world, scope), str(call.get("language_code", "")))


def _scope(world: World, raw: Any) -> Scope:
    if not isinstance(raw, Mapping):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    _field(raw, "type")
    if raw["type"] in WIDE_SCOPES:
        return str(raw["type"]), 0
    if raw["type"] not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    _field(raw, "chat_id")
    try:
        chat_id = int(raw["chat_id"])
    except (TypeError, ValueError) as error:
        raise bad_request("chat not found") from error
    return str(raw["type"]), world.chat(chat_id).chat_id


def _field(raw: Mapping[str, Any], name: str) -> None:
    if name not in raw:
        raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")


def _command(raw: Any) -> dict[str, str]:
    name, description = str(raw.get("command", "")).lstrip("/"), str(raw.get("description", ""))
    if not (1 <= len(name) <= 32 and name.isascii() and name.replace("_", "").isalnum() and name == name.lower()):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
