"""Editing and removing messages of a chat."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes.telegram.api.sending import chat_id, read_text
from tests.fakes.telegram.state.chats import Chat
from tests.fakes.telegram.state.keyboards import Keyboard, read_inline
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.refusals import NOT_MODIFIED, Refusal, bad_request
from tests.fakes.telegram.state.world import World

DELETE_WITHIN = timedelta(hours=48)
MOST_AT_ONCE = 100


def edit_text(world: World, call: dict[str, Any]) -> dict[str, Any]:
    """Answer editMessageText. Without `reply_markup`, the message loses its keyboard, as at Telegram."""
    text, entities = read_text(call, longest="MESSAGE_TOO_LONG")
    keyboard = _keyboard(call)
    chat, message = _to_edit(world, call)
    if message.media or not message.text:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, replace(message, text=text, entities=entities, keyboard=keyboard))


def edit_keyboard(world: World, call: dict[str, Any]) -> dict[str, Any]:
    keyboard = _keyboard(call)
    chat, message = _to_edit(world, call)
    return _edit(world, chat, message, replace(message, keyboard=keyboard))


def delete_message(world: World, call: dict[str, Any]) -> bool:
    chat = world.chat(chat_id(call))
    if "message_id" not in call:
        raise bad_request("message identifier is not specified")
    if call["message_id"] not in chat.messages:
        raise bad_request("message to delete not found")
    _delete(world, chat, [call["message_id"]])
    return True


def delete_messages(world: World, call: dict[str, Any]) -> bool:
    """Answer deleteMessages.

    It skips missing messages, and deletes none if one may not be deleted. A list that is too long or repeats an id is
    also recorded as a violation. Otherwise a bot that then retries each message alone would hide its mistake.
    """
    message_ids = call.get("message_ids")
    if not message_ids:
        raise bad_request("message identifiers are not specified")
    if not isinstance(message_ids, list):
        raise bad_request("expected an Array of message identifiers")
    if len(message_ids) > MOST_AT_ONCE or len(set(map(str, message_ids))) < len(message_ids):
        world.violations.append("deleteMessages: more than 100 messages, or one twice")
    if len(message_ids) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(message_id, int) for message_id in message_ids):
        raise bad_request("message identifier must be a Number")
    chat = world.chat(chat_id(call))
    _delete(world, chat, [message_id for message_id in message_ids if message_id in chat.messages])
    return True


def _delete(world: World, chat: Chat, message_ids: list[int]) -> None:
    for message_id in message_ids:
        message = chat.messages[message_id]
        if chat.kind == "group" and not message.by_bot:
            raise bad_request("message can't be deleted")
        if world.clock() - message.date > DELETE_WITHIN:
            raise bad_request("message can't be deleted for everyone")
    for message_id in dict.fromkeys(message_ids):
        chat.take(message_id, who=str(world.bot["first_name"]))


def _to_edit(world: World, call: dict[str, Any]) -> tuple[Chat, Message]:
    chat = world.open_chat(chat_id(call))
    if "message_id" not in call:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(call["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, before: Message, after: Message) -> dict[str, Any]:
    if before == after:
        raise Refusal(400, NOT_MODIFIED)
    after = replace(after, edited=world.clock())
    chat.put(after, deed="edited", who=str(world.bot["first_name"]))
    return world.told(after)


def _keyboard(call: dict[str, Any]) -> Keyboard:
    markup = call.get("reply_markup")
    if isinstance(markup, dict) and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return () if markup is None else read_inline(markup)
