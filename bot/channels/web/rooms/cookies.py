"""The one cookie of somebody with a pass: a name that ends with it, and that no script and no other site can use."""

from datetime import datetime

from aiohttp import web

GUEST, SCREEN = "__Host-g", "__Host-v"
"""Of a guest, and of a screen: one browser may show both, as a trainer's own machine does."""

LENGTH = 64


def name_in(request: web.Request, cookie: str) -> str:
    """The name of the pass that a browser holds; empty where it holds none."""
    name = request.cookies.get(cookie, "")
    return name if len(name) == LENGTH and name.isascii() and name.isalnum() else ""


def hold(response: web.StreamResponse, cookie: str, *, name: str, until: datetime, now: datetime) -> None:
    """Let the browser hold a pass until it is over."""
    _set(response, cookie, name, seconds=max(1, int((until - now).total_seconds())))


def drop(response: web.StreamResponse, cookie: str) -> None:
    """Let the browser forget it."""
    _set(response, cookie, "", seconds=0)


def _set(response: web.StreamResponse, cookie: str, value: str, *, seconds: int) -> None:
    response.set_cookie(cookie, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Strict")
