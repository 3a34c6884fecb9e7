"""The web channel. The web's own words (request, response, cookie, form, page) live here and nowhere else."""

from bot.runtime.person_id import WEB
from dialogs.core.script import ChannelFacts

FACTS = ChannelFacts(name=WEB, keeps=True, can_empty=False, copies=True, sends_files=True)
"""Facts about a browser: sessions outlive the window, a number is a link that dials it, and there is always a page."""
