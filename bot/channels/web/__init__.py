"""The web channel. Terms of the web (request, response, cookie, form, page) are used only in this package."""

from bot.runtime.person_id import WEB
from dialogs.core.script import ChannelFacts

FACTS = ChannelFacts(name=WEB, keeps=True, can_empty=False, copies=True, sends_files=True, draws_pages=True)
"""What a browser can do. A session outlives its window, telephone numbers are links, and a page always shows something."""
