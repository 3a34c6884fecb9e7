"""A peer with aiogram. Its handler answers the tap, edits the message, and changes a state that is kept in memory."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bench.peers.cards import Drawn, after, read_cards

CARDS = read_cards(sys.argv[3])


def drawing(card: Drawn) -> Drawn:
    """Return the entities and the keyboard of a card as objects of the library."""
    rows = [[InlineKeyboardButton(**each) for each in row] for row in card["rows"]]
    return {
        "entities": [MessageEntity(**each) for each in card["entities"]],
        "reply_markup": InlineKeyboardMarkup(inline_keyboard=rows),
    }


async def start(message: Message) -> None:
    """Send the first card."""
    await message.answer(CARDS[0]["text"], protect_content=True, **drawing(CARDS[0]))


async def tap(query: CallbackQuery, state: FSMContext) -> None:
    """Answer the tap, change the state, store which button was pressed, and show the next card."""
    assert query.data
    assert isinstance(query.message, Message)
    number, _, code = query.data.partition(":")
    onward = after(query.data, CARDS)
    await state.set_state(f"card:{onward}")
    await state.update_data({number: code})
    await query.answer()
    await query.message.edit_text(CARDS[onward]["text"], **drawing(CARDS[onward]))


async def poll(base: str, token: str, storage: BaseStorage) -> None:
    """Run the bot with its states in this storage, until the process is ended."""
    dispatcher = Dispatcher(storage=storage)
    dispatcher.message.register(start, CommandStart())
    dispatcher.callback_query.register(tap)
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(poll(sys.argv[1], sys.argv[2], MemoryStorage()))
