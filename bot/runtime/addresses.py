"""Checks of server addresses in the settings, and their parts."""

from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit


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


def address_fault(text: str) -> str:
    """Return why the address of a PostgreSQL database cannot be used, or an empty string. The reason never quotes it.

    As in libpq, there may be several hosts with commas between them, in their place or as the parameter `host`.
    """
    parts = urlsplit(text)
    who, _, places = parts.netloc.rpartition("@")
    more = parse_qs(parts.query, keep_blank_values=True)
    if ":" in who or "password" in more:
        return "must have no password in it: name a file or a credential with it (SERAF_STORE_PASSWORD_FILE), or use a service file"
    if not parts.path.strip("/") and not more.keys() & {"dbname", "service"}:
        return "must name the database, as in postgresql://seraf@db1,db2/seraf"
    hosts = [unquote(place.rpartition(":")[0] if ":" in place else place) for place in places.split(",")]
    hosts = [host for given in more.get("host", []) for host in given.split(",")] or hosts
    is_local = all(not host or host.startswith("/") or is_this_machine(host.strip("[]")) for host in hosts)
    if not (is_local and "service" not in more) and more.get("sslmode") != ["verify-full"]:
        return "must end with ?sslmode=verify-full unless the server is on this machine: else nobody proves which server answers"
    return ""
