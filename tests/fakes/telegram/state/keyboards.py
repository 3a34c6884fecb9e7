"""Inline keyboards, checked as Telegram checks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.state.refusals import bad_request

ACTIONS = frozenset(
    {"url", "callback_data", "web_app", "login_url", "copy_text", "callback_game", "pay"}
    | {"switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"}
)
OTHER_FIELDS = frozenset({"text", "style", "icon_custom_emoji_id"})
MOST_BUTTONS = 100


@dataclass(frozen=True, slots=True)
class Button:
    """One button, with the fields that the Bot API has for it."""

    raw: Mapping[str, Any]

    @property
    def label(self) -> str:
        return str(self.raw["text"])

    @property
    def action(self) -> str:
        """The name of the button's action field, such as `callback_data` or `copy_text`."""
        return next(name for name in self.raw if name in ACTIONS)

    @property
    def callback_data(self) -> str | None:
        """The callback data of the button, or None if its action is another."""
        found = self.raw.get("callback_data")
        return None if found is None else str(found)


Keyboard = tuple[tuple[Button, ...], ...]


def read_inline(markup: object) -> Keyboard:
    """Return the keyboard of a `reply_markup`. Raise a Refusal if Telegram would not accept it."""
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return tuple(tuple(_read_button(raw) for raw in row) for row in rows if row)


def _read_button(raw: object) -> Button:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not str(raw.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    unknown = sorted(set(raw) - ACTIONS - OTHER_FIELDS)
    actions = sorted(set(raw) & ACTIONS)
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if unknown or len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: exactly one action expected, found {actions + unknown}")
    _check_action(actions[0], raw[actions[0]])
    return Button(raw)


def _check_action(action: str, value: object) -> None:
    if action == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not (isinstance(copied, str) and 1 <= len(copied) <= 256):
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "url" and not str(value).startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
