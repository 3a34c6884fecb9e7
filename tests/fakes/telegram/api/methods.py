"""The methods of the Bot API that the fake knows, by name."""

from collections.abc import Callable
from typing import Any

from tests.fakes.telegram.api.changing import delete_message, delete_messages, edit_keyboard, edit_text
from tests.fakes.telegram.api.commands import delete_my_commands, get_my_commands, set_my_commands
from tests.fakes.telegram.api.sending import chat_id, send_document, send_message
from tests.fakes.telegram.state.refusals import NOT_A_MEMBER, bad_request, forbidden
from tests.fakes.telegram.state.texts import units
from tests.fakes.telegram.state.world import World

LONGEST_TOAST = 200
LONGEST_POLL = 50  # seconds


def get_me(world: World, _call: dict[str, Any]) -> dict[str, Any]:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, call: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer getUpdates. Wait up to `timeout` seconds of real time for the first update."""
    if isinstance(call.get("allowed_updates"), list):
        world.updates.allow(call["allowed_updates"])
    limit = min(max(call.get("limit", 100), 1), 100)
    wait = min(max(call.get("timeout", 0), 0), LONGEST_POLL)
    return await world.updates.fetch(offset=call.get("offset", 0), limit=limit, wait=wait)


def answer_callback_query(world: World, call: dict[str, Any]) -> bool:
    """Answer answerCallbackQuery: once per tap, within 150 seconds of it, with a text of at most 200 characters."""
    text = str(call.get("text", ""))
    if units(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answer(str(call.get("callback_query_id", "")), text=text, alert=bool(call.get("show_alert")))
    return True


def leave_chat(world: World, call: dict[str, Any]) -> bool:
    """Answer leaveChat, which Telegram allows for groups only."""
    chat = world.chat(chat_id(call))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    if not chat.reachable:
        raise forbidden(NOT_A_MEMBER)
    chat.reachable = False
    chat.note(str(world.bot["first_name"]), "left")
    world.change_membership(chat, world.bot, before="member", after="left")
    return True


def get_chat(world: World, call: dict[str, Any]) -> dict[str, Any]:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **world.chat(chat_id(call)).card,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def delete_webhook(world: World, call: dict[str, Any]) -> bool:
    """Answer deleteWebhook. The fake has no webhook, but the call can drop waiting updates."""
    if call.get("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _call: dict[str, Any]) -> dict[str, Any]:
    """Answer getWebhookInfo: the updates that wait, and the kinds that the latest poll with a list of kinds asked for."""
    waiting, allowed = len(world.updates.pending), world.updates.allowed
    found = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    return found if allowed is None else {**found, "allowed_updates": sorted(allowed)}


METHODS: dict[str, Callable[[World, dict[str, Any]], Any]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_keyboard,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "leaveChat": leave_chat,
    "getChat": get_chat,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
