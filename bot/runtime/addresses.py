"""Checks of server addresses in the settings, and their parts."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_address(text: str) -> bool:
    """Return True for an http or https URL with a host. Unlike errors of pydantic's URL type, this never quotes the address."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_this_machine(host: str) -> bool:
    """Return True if the host is `localhost` or a loopback address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def host_and_port(text: str) -> tuple[str, int]:
    """Return host and port of a text such as 127.0.0.1:9464 or [::1]:9464. What is missing or malformed is "" or 0."""
    try:
        parts = urlsplit(f"//{text}")
        return parts.hostname or "", parts.port or 0
    except ValueError:
        return "", 0


def api_address(text: str) -> str:
    """Return the address of a Bot API without a slash at its end. Raise `ValueError`, which does not quote it, if it is not allowed."""
    if not is_address(text) or "/bot" in text:
        raise ValueError("must be an address such as https://api.telegram.org, without /bot and the token")
    parts = urlsplit(text)
    if parts.username is not None or parts.password is not None:
        raise ValueError("must have no user name or password in it: it is shown, and would be sent along")
    if parts.scheme == "http" and not is_this_machine(str(parts.hostname)):
        raise ValueError("must begin with https:// unless it is this machine: else the token and cards are readable")
    return text.rstrip("/")


def own_address(text: str) -> str:
    """Return the text if it is empty or a numeric loopback address with a port. Raise `ValueError` if it is anything else."""
    host, port = host_and_port(text)
    is_own = host != "localhost" and is_this_machine(host) and port != 0 and urlsplit(f"//{text}").netloc == text
    if text and not is_own:
        raise ValueError("must be an address of this machine alone, such as 127.0.0.1:9464: it asks for no password")
    return text
