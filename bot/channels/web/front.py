"""What somebody sees who is not known, where there is no way to sign in."""

from aiohttp import web

from bot.channels.protocol import Scripted
from bot.channels.web.page.markup import element
from bot.channels.web.page.whole import plain_page
from bot.channels.web.visitor import Handler


def front_of(bare: Scripted) -> Handler:
    """The page for everybody who is not known."""

    async def front(_: web.Request) -> web.StreamResponse:
        """Say that nobody can sign in here, and where a room is joined."""
        words = bare.script.wording
        about = element("p", words.say("browser.front.text"))
        joining = element("p", element("a", words.say("browser.room.title"), href="/room"))
        html = plain_page(words, about, joining, heading=words.say("browser.front.title"))
        return web.Response(text=html, content_type="text/html")

    return front
