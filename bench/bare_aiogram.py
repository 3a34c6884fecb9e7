"""The same with aiogram and its in-memory state: a handler that answers, edits and moves a state, and keeps nothing on disk."""

import asyncio
import sys
from itertools import count

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.card import LABELS, text

NUMBERS = count(1)
dispatcher = Dispatcher(storage=MemoryStorage())


def keyboard() -> InlineKeyboardMarkup:
    """The buttons of the card."""
    rows = [[InlineKeyboardButton(text=label, callback_data=f"1:{label}") for label in row] for row in LABELS]
    return InlineKeyboardMarkup(inline_keyboard=rows)


@dispatcher.message(CommandStart())
async def start(message: Message) -> None:
    """Send the card."""
    await message.answer(text(0), reply_markup=keyboard(), protect_content=True)


@dispatcher.callback_query()
async def tap(query: CallbackQuery, state: FSMContext) -> None:
    """Answer the tap, move the state, and edit the card."""
    number = next(NUMBERS)
    await state.set_state(f"card:{number % 30}")
    await state.update_data(last=query.data)
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.edit_text(text(number), reply_markup=keyboard())


async def main(base: str, token: str) -> None:
    """Poll until the process is ended."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
