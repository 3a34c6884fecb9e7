"""A group chat as seen from outside, from the moment at which somebody adds the bot."""

import asyncio
from typing import TYPE_CHECKING

from tests.fakes.telegram.people.looking import Onlooker
from tests.fakes.telegram.state.chats import Chat
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.texts import command_entities
from tests.fakes.telegram.state.world import World

if TYPE_CHECKING:
    from tests.fakes.telegram.people.person import Person


class Group(Onlooker):
    """A group to which the bot was just added. The bot gets two updates about that, as from Telegram."""

    def __init__(self, world: World, chat_id: int, *, title: str, added_by: "Person") -> None:
        if chat_id >= 0:
            raise ValueError(f"the id of a group is negative, not {chat_id}")
        names, clock = {"title": title}, world.clock
        super().__init__(world, Chat(chat_id=chat_id, kind="group", names=names, clock=clock, reachable=True))
        self._room.note(str(world.bot["first_name"]), "joined")
        world.change_membership(self._room, added_by.user, before="left", after="member")
        joined = world.add_message(self._room, added_by.user, also={"new_chat_members": [dict(world.bot)]})
        world.announce(joined)

    @property
    def bot_is_member(self) -> bool:
        return self._room.reachable

    async def say(self, person: "Person", text: str) -> Message:
        """Let a person write in the group. The bot gets an update only while it is a member."""
        message = self._world.add_message(self._room, person.user, text=text, entities=command_entities(text))
        if self.bot_is_member:
            self._world.announce(message)
        await asyncio.sleep(0)
        return message
