"""The web channel. The web's own terms (request, response, cookie, form, page) are used only here."""

from bot.runtime.person_id import WEB
from dialogs.core.script import ChannelFacts

FACTS = ChannelFacts(name=WEB, keeps=True, can_empty=False, copies=True, sends_files=True)
"""Facts about a browser: sessions outlive the window, phone numbers are links, and there is always a page."""
