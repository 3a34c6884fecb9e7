"""Addresses of servers, as settings have them."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_address(text: str) -> bool:
    """Whether it is an address of a server; the library's own words for what is wrong with one would quote it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_this_machine(host: str) -> bool:
    """Whether what is sent there never leaves the machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
