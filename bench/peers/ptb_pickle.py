"""A peer with python-telegram-bot's `ConversationHandler`.

A pickle file, written once a second, stores its states. Such a handler takes one update at a time, as its documentation
demands.
"""

import sys
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)

from bench.peers.ptb_bare import CARDS, start, tap

Context = ContextTypes.DEFAULT_TYPE
Handler = BaseHandler[Update, Context, Any]


async def begun(update: Update, context: Context) -> int:
    """Send the first card."""
    await start(update, context)
    return 0


async def onward(update: Update, context: Context) -> int:
    """Show the next card, store which button was pressed, and go on to the next state."""
    query = update.callback_query
    assert query
    assert query.data
    assert context.user_data is not None
    number, _, code = query.data.partition(":")
    context.user_data[number] = code
    await tap(update, context)
    return (int(number) + 1) % len(CARDS)


def main(base: str, token: str, file: str) -> None:
    """Run the bot until the process is ended."""
    persistence = PicklePersistence(f"{file}.pickle", update_interval=1)
    application = Application.builder().token(token).base_url(f"{base}/bot").persistence(persistence).build()
    entry: Handler = CommandHandler("start", begun)
    states: dict[object, list[Handler]] = {
        number: [CallbackQueryHandler(onward, pattern=f"^{number}:")] for number in range(len(CARDS))
    }
    application.add_handler(
        ConversationHandler(entry_points=[entry], states=states, fallbacks=[entry], name="form", persistent=True)
    )
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:4])
