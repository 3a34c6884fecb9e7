"""The Telegram channel. Telegram's own terms (update, callback query, chat, message id) are used only here."""

import os

from bot.runtime.person_id import TELEGRAM
from dialogs.core.script import ChannelFacts

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library then gives time spans instead of bare seconds

FACTS = ChannelFacts(name=TELEGRAM, keeps=True, can_empty=True, dials=True, copies=True, sends_files=True)
"""Facts about Telegram: sessions outlive the app, messages can be removed, and a tap on a phone number dials it."""
