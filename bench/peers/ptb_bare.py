"""The bare bot, the basis of comparison: python-telegram-bot answers taps and edits the message; nothing is stored."""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from bench.peers.cards import Drawn, after, read_cards

CARDS = read_cards(sys.argv[3])


def drawing(card: Drawn) -> Drawn:
    """Return the entities and the keyboard of a card as objects of the library."""
    keyboard = [[InlineKeyboardButton(**each) for each in row] for row in card["rows"]]
    return {
        "entities": [MessageEntity(**each) for each in card["entities"]],
        "reply_markup": InlineKeyboardMarkup(keyboard),
    }


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the first card."""
    assert update.message
    await update.message.reply_text(CARDS[0]["text"], protect_content=True, **drawing(CARDS[0]))


async def tap(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the tap and show the next card."""
    query = update.callback_query
    assert query
    assert query.data
    card = CARDS[after(query.data, CARDS)]
    await query.answer()
    await query.edit_message_text(card["text"], **drawing(card))


def main(base: str, token: str) -> None:
    """Run the bot until the process is ended."""
    application = Application.builder().token(token).base_url(f"{base}/bot").concurrent_updates(True).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tap))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:3])
