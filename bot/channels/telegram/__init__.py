"""The Telegram channel. Telegram's own words (update, callback query, chat, message id) live here and nowhere else."""

import os

from bot.runtime.person_id import TELEGRAM
from dialogs.core.script import ChannelFacts

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library then gives time spans instead of bare seconds

FACTS = ChannelFacts(name=TELEGRAM, keeps=True, can_empty=True, dials=True, copies=True, sends_files=True)
"""Facts about Telegram: sessions outlive the app, the bot can remove its messages, and a tap on a number dials it."""
