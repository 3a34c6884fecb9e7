"""Our own style sheet and script, and nothing else: read once, and served from memory."""

from pathlib import Path

from aiohttp import web

from bot.channels.web.visitor import Handler

FOLDER = Path(__file__).parent / "static"

FILES = {
    **{"s.css": "text/css", "screen.css": "text/css"},
    **{"s.js": "text/javascript", "screen.js": "text/javascript"},
}
"""Each file and what it is."""


def static_routes() -> list[web.RouteDef]:
    """Where they are."""
    return [
        *(web.get(f"/{name}", _serving(name, kind)) for name, kind in FILES.items()),
        web.get("/favicon.ico", _none),
    ]


def _serving(name: str, kind: str) -> Handler:
    content = (FOLDER / name).read_bytes()

    async def serve(_: web.Request) -> web.StreamResponse:
        """The file as it was at the start."""
        return web.Response(body=content, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-cache"})

    return serve


async def _none(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)
