"""A simulated person in a private chat with the bot, who types, taps, looks and waits."""

# ruff: noqa: ASYNC109 (when these waits time out, they show the chat, which asyncio.timeout cannot)

import asyncio
import re
from dataclasses import replace
from typing import Any

from tests.fakes.telegram.api.commands import menu
from tests.fakes.telegram.people.looking import PATIENCE, Onlooker, Unseen
from tests.fakes.telegram.state.chats import Chat
from tests.fakes.telegram.state.keyboards import Button
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.queries import Answer, Tap
from tests.fakes.telegram.state.texts import command_entities, tidy
from tests.fakes.telegram.state.world import World

QUIET = 0.02  # seconds without an event after which a chat counts as quiet
LINK_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Person(Onlooker):
    """A simulated person with a phone and a private chat with the bot."""

    def __init__(self, world: World, user_id: int, *, first_name: str, username: str | None = None) -> None:
        names: dict[str, Any] = {"first_name": first_name} | ({"username": username} if username else {})
        super().__init__(world, Chat(chat_id=user_id, kind="private", names=names, clock=world.clock))
        self.user: dict[str, Any] = {"id": user_id, "is_bot": False, "language_code": "en", **names}
        self._last_tap: tuple[Message, str] | None = None

    @property
    def answers(self) -> list[Answer]:
        """All answers to this person's taps, in order, including those without a text."""
        return self._world.answers.setdefault(self.user["id"], [])

    @property
    def toasts(self) -> list[str]:
        """The texts of the answers to this person's taps, in order, without empty ones."""
        return [answer.text for answer in self.answers if answer.text]

    @property
    def menu(self) -> tuple[str, ...]:
        """The commands in this person's menu."""
        return menu(self._world, self.chat_id, self.user["language_code"])

    async def send(self, text: str) -> Message:
        clean, _ = tidy(text, ())
        return await self._say(text=clean, entities=command_entities(clean))

    async def ask(self, text: str, *, timeout: float = 20.0) -> Message:
        """Send a text, wait until the bot has written a message after it, and return the bot's newest message."""
        said = await self.send(text)
        await self.until(lambda: self.newest > said.message_id, timeout=timeout, what="no answer")
        return self.card

    async def start(self, code: str = "") -> Message:
        """Press Start, or open a link to the bot. This sends `/start`, followed by the code of the link."""
        if code and not LINK_CODE.fullmatch(code):
            raise ValueError(f"a link to a bot cannot carry {code!r}, only 1 to 64 of A-Z, a-z, 0-9, _ and -")
        return await self.send(f"/start {code}".rstrip())

    async def send_photo(self, caption: str = "") -> Message:
        size = {"file_id": "photo-1", "file_unique_id": "photo-u1", "width": 90, "height": 90, "file_size": 1000}
        return await self.send_media({"photo": [size]}, caption)

    async def send_voice(self) -> Message:
        voice = {"file_id": "voice-1", "file_unique_id": "voice-u1", "duration": 3, "mime_type": "audio/ogg"}
        return await self.send_media({"voice": voice})

    async def send_media(self, media: dict[str, Any], caption: str = "") -> Message:
        """Send other media, given as fields of the Bot API, such as `{"sticker": {...}}`."""
        return await self._say(text=caption, media=media)

    async def forward(self, text: str, *, sender_name: str = "Somebody") -> Message:
        """Forward a text from somebody who hides their account."""
        date = int(self._world.clock().timestamp())
        origin = {"type": "hidden_user", "sender_user_name": sender_name, "date": date}
        return await self._say(text=text, also={"forward_origin": origin})

    async def edit(self, message: Message, text: str) -> Message:
        """Edit one of this person's own messages."""
        clean, _ = tidy(text, ())
        now = self._world.clock()
        edited = replace(message, text=clean, entities=command_entities(clean), edited=now)
        self._room.put(edited, deed="edited", who=self.user["first_name"])
        self._world.announce(edited, "edited_message")
        await asyncio.sleep(0)
        return edited

    async def delete(self, message: Message) -> None:
        """Delete a message for both sides. Telegram does not tell the bot about it."""
        self._room.take(message.message_id, who=self.user["first_name"])
        await asyncio.sleep(0)

    async def click(self, label: str, *, on: Message | None = None) -> Tap:
        """Tap the button with this label on `on`, or on the newest message that has a keyboard."""
        message = on or self.keyboard_message
        if message is None:
            raise Unseen(f"no button [{label}]: no message has a keyboard\n{self.transcript}")
        button = self._button(self._room.messages.get(message.message_id, message), label)
        if button.callback_data is None:
            raise Unseen(f"[{label}] is a {button.action} button, which tells the bot nothing")
        return await self.tap_data(button.callback_data, on=message)

    async def tap_data(self, callback_data: str, *, on: Message) -> Tap:
        """Send a tap with any callback data, even if no button has it."""
        self._last_tap = (on, callback_data)
        tap = self._world.tap(self.user, on, callback_data)
        await asyncio.sleep(0)
        return tap

    async def resend_last_tap(self) -> Tap:
        """Send the last tap again with new ids, as a phone does after losing its connection."""
        if self._last_tap is None:
            raise Unseen("nothing has been tapped yet")
        message, callback_data = self._last_tap
        return await self.tap_data(callback_data, on=message)

    async def press(self, label: str, *, on: Message | None = None, timeout: float = PATIENCE) -> Message:
        """Tap, and wait for the answer and for a change or a toast. Return the bot's newest message."""
        changes, toasts = self._room.changes, len(self.toasts)
        tap = await self.click(label, on=on)
        await self.answered(tap, timeout=timeout)
        what = f"[{label}] was answered, but nothing changed"
        await self._wait(lambda: self._room.changes > changes or len(self.toasts) > toasts, timeout, what)
        return self.card

    async def press_last(self, label: str, *, timeout: float = PATIENCE) -> None:
        """Tap, and wait only for the answer, since the bot may leave no card, for instance after an erasure."""
        await self.answered(await self.click(label), timeout=timeout)

    async def answered(self, tap: Tap, *, timeout: float = PATIENCE) -> Answer:
        """Wait until a tap is answered, and return the answer."""

        def found() -> list[Answer]:
            return [answer for answer in self.answers if answer.query_id == tap.query_id]

        await self._wait(lambda: bool(found()), timeout, f"the tap {tap.callback_data!r} was not answered")
        return found()[0]

    async def settled(self, *, timeout: float = PATIENCE) -> None:
        """Wait until the bot has confirmed all updates and answered all taps, and no event follows for a moment."""
        user_id = self.user["id"]

        def done() -> bool:
            return not self._world.updates.waits_for(self.chat_id) and not self._world.queries.open_for(user_id)

        quiet = False
        while not quiet:
            await self._wait(done, timeout, "the bot had not dealt with everything")
            quiet = not await self._moves()

    async def block(self) -> None:
        await self._change_block(blocked=True)

    async def unblock(self) -> None:
        """Allow the bot to write again."""
        await self._change_block(blocked=False)

    async def _moves(self) -> bool:
        before = len(self._room.acts)
        return await self._room.bell.until(lambda: len(self._room.acts) > before, seconds=QUIET)

    async def _change_block(self, *, blocked: bool) -> None:
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._room.blocked = blocked
        self._room.note(self.user["first_name"], "blocked" if blocked else "unblocked")
        self._world.change_membership(self._room, self.user, before=before, after=after)
        await asyncio.sleep(0)

    async def _say(self, **parts: Any) -> Message:
        if self._room.blocked:
            raise Unseen("a person who has blocked the bot cannot write to it")
        self._room.reachable = True
        message = self._world.add_message(self._room, self.user, **parts)
        self._world.announce(message)
        await asyncio.sleep(0)
        return message

    @staticmethod
    def _button(message: Message, label: str) -> Button:
        found = [button for button in message.buttons if button.label == label]
        if len(found) != 1:
            there = " ".join(f"[{shown}]" for shown in message.labels) or "no buttons"
            problem = "no button" if not found else f"{len(found)} buttons"
            raise Unseen(f"{problem} [{label}] on message {message.message_id}: {there}\n{message.text}")
        return found[0]
