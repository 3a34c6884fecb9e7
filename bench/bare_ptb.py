"""What a tap costs at least with the library as it comes: a callback handler that answers and edits, and keeps nothing."""

import sys
from itertools import count

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from bench.card import keyboard, text

NUMBERS = count(1)


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the card."""
    assert update.message
    await update.message.reply_text(text(0), reply_markup=keyboard(), protect_content=True)


async def tap(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the tap and edit the card."""
    query = update.callback_query
    assert query
    await query.answer()
    await query.edit_message_text(text(next(NUMBERS)), reply_markup=keyboard())


def main(base: str, token: str) -> None:
    """Poll until the process is ended."""
    application = Application.builder().token(token).base_url(f"{base}/bot").concurrent_updates(8).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tap))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
