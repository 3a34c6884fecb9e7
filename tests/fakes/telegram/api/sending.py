"""Sending a new message into a chat."""

from typing import Any

from tests.fakes.telegram.api.parameters import Upload
from tests.fakes.telegram.state.chats import Chat
from tests.fakes.telegram.state.keyboards import Keyboard, read_inline
from tests.fakes.telegram.state.refusals import bad_request
from tests.fakes.telegram.state.texts import LONGEST_TEXT, Entities, of_a_bot, tidy, units
from tests.fakes.telegram.state.world import World

LONGEST_CAPTION = 1024
OTHER_KEYBOARDS = ("keyboard", "remove_keyboard", "force_reply")


def send_message(world: World, call: dict[str, Any]) -> dict[str, Any]:
    text, entities = read_text(call, longest="message is too long")
    keyboard = _keyboard(call)
    chat = world.open_chat(chat_id(call))
    also = _reply(world, chat, call)
    message = world.add_message(
        chat,
        world.bot,
        text=text,
        entities=entities,
        keyboard=keyboard,
        protected=bool(call.get("protect_content")),
        silent=bool(call.get("disable_notification")),
        also=also,
    )
    return world.told(message)


def send_document(world: World, call: dict[str, Any]) -> dict[str, Any]:
    """Answer sendDocument. The message keeps the file's bytes as `content`."""
    upload = call.get("document")
    if not isinstance(upload, Upload):
        raise bad_request("there is no document in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    text, entities = tidy(call.get("caption", ""), _entities(call.get("caption_entities")))
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    keyboard = _keyboard(call)
    chat = world.open_chat(chat_id(call))
    message = world.add_message(
        chat,
        world.bot,
        text=text,
        entities=entities,
        keyboard=keyboard,
        protected=bool(call.get("protect_content")),
        silent=bool(call.get("disable_notification")),
        media={"document": _document(upload)},
        also=_reply(world, chat, call),
        content=upload.content,
    )
    return world.told(message)


def chat_id(call: dict[str, Any]) -> int:
    """Return the id of the chat that a call names. Raise a Refusal if it names none."""
    if "chat_id" not in call:
        raise bad_request("chat_id is empty")
    return int(call["chat_id"])


def read_text(call: dict[str, Any], *, longest: str) -> tuple[str, Entities]:
    """Return a call's text and entities. Raise a Refusal if the text is empty, or too long, which `longest` says."""
    if not call.get("text"):
        raise bad_request("message text is empty")
    text, entities = tidy(str(call["text"]), _entities(call.get("entities")))
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request(longest)
    return text, of_a_bot(text, entities)


def _entities(found: object) -> Entities:
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(entity, dict) for entity in found):
        raise bad_request("can't parse entities JSON object")
    return tuple(found)


def _keyboard(call: dict[str, Any]) -> Keyboard:
    markup = call.get("reply_markup")
    if markup is None or (isinstance(markup, dict) and any(name in markup for name in OTHER_KEYBOARDS)):
        return ()
    return read_inline(markup)


def _reply(world: World, chat: Chat, call: dict[str, Any]) -> dict[str, Any]:
    wanted = call.get("reply_parameters")
    if wanted is None:
        return {}
    found = chat.messages.get(int(wanted.get("message_id", 0)))
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return {} if found is None else {"reply_to_message": world.told(found)}


def _document(upload: Upload) -> dict[str, Any]:
    return {
        "file_id": f"file-{upload.name}",
        "file_unique_id": f"unique-{upload.name}",
        "file_name": upload.name,
        "mime_type": upload.media_type,
        "file_size": len(upload.content),
    }
