"""The settings of the web pages and of the organisation's sign-in."""

import re
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.runtime.addresses import is_address, is_this_machine
from dialogs.core.role import GIVEN


class Serves(StrEnum):
    """What the web pages are for: group rehearsals, or real cases."""

    ROOMS = "rooms"
    CASES = "cases"


def split_bind(bind: str) -> tuple[str, int]:
    """Return the address and port of a text such as 127.0.0.1:8080. If the port is missing or malformed, it is -1."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port) if port.isascii() and port.isdecimal() and len(port) <= 5 else -1


def _a_place(bind: str) -> str:
    host, port = split_bind(bind)
    try:
        ip_address(host)
    except ValueError:
        raise ValueError("must be an IP address, a colon and a port, such as 127.0.0.1:8080") from None
    if not 0 <= port <= 65_535:
        raise ValueError("the port must be a number up to 65535")
    return bind


def _typed(address: str) -> str:
    if not address:
        return address
    parts = urlsplit(address)
    if not is_address(address) or parts.path not in ("", "/") or parts.query or parts.username is not None:
        raise ValueError("must be an address (such as https://seraf.example.org) with nothing after it")
    if parts.scheme == "http" and not is_this_machine(str(parts.hostname)):
        raise ValueError("must begin with https:// unless it is this machine: every card would be readable")
    return address.rstrip("/").lower()


def _addresses(given: object) -> object:
    if not isinstance(given, str):
        return given
    words = [word.strip() for word in given.split(",") if word.strip()]
    try:
        return tuple(str(ip_address(word)) for word in words)
    except ValueError:
        raise ValueError("must be IP addresses, with commas") from None


class WebSettings(BaseSettings):
    """The settings of the web pages."""

    web: Serves = Field(
        Serves.ROOMS,
        description="What the pages are for: rooms (rehearsals with others alone) or cases, which needs a way to sign in.",
    )
    web_bind: Annotated[str, AfterValidator(_a_place)] = Field(
        "127.0.0.1:8080",
        description="Address and port on which the pages listen. Any but 127.0.0.1 or ::1 is refused without"
        " SERAF_WEB_CERTIFICATE.",
    )
    web_address: Annotated[str, AfterValidator(_typed)] = Field(
        "",
        description="What people type to reach the pages (such as https://seraf.example.org). Default: http:// and SERAF_WEB_BIND.",
    )
    web_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)] = Field(
        (),
        description="IP addresses of the proxies that do TLS, with commas. X-Forwarded-For and X-Forwarded-Proto are believed from"
        " these alone.",
    )
    web_certificate: Path | None = Field(None, description="File of the certificate chain (PEM), if no proxy does TLS.")
    web_key: Path | None = Field(None, description="File of the certificate's key (PEM).")

    @property
    def pages_address(self) -> str:
        """The address by which people reach the pages."""
        host, port = split_bind(self.web_bind)
        scheme = "http" if self.web_certificate is None else "https"
        return self.web_address or f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    @field_validator("web_key")
    @classmethod
    def _together(cls, key: Path | None, others: ValidationInfo) -> Path | None:
        if (key is None) is not (others.data.get("web_certificate") is None):
            raise ValueError("SERAF_WEB_CERTIFICATE and SERAF_WEB_KEY go together: set both, or neither")
        return key


PAIR = ("web_certificate", "web_key")  # two settings of which both or neither must be set


class Unlock(StrEnum):
    """How people unlock a locked page."""

    PIN = "pin"
    SIGN_IN = "sign-in"


def _an_issuer(issuer: str) -> str:
    if not issuer:
        return issuer
    parts = urlsplit(issuer)
    if not is_address(issuer) or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address such as https://login.example.org/realms/staff, with nothing after it")
    if parts.scheme == "http" and not is_this_machine(str(parts.hostname)):
        raise ValueError("must begin with https:// unless it is this machine: anybody on the way could sign in")
    return issuer


def _pairs(given: object) -> object:
    if not isinstance(given, str):
        return given
    pairs = [tuple(part.strip() for part in word.partition("=")[::2]) for word in given.split(",") if word.strip()]
    wrong = (
        at
        for at, (role, group) in enumerate(pairs, 1)
        if role not in GIVEN or not re.fullmatch(r"[^\s=,][^=,]{0,199}", group)
    )
    if places := ", ".join(map(str, wrong)):
        raise ValueError(f"entry {places} is not role=group, with a role of {', '.join(GIVEN)}")
    if len({group for _, group in pairs}) != len(pairs):
        raise ValueError("a group stands for one role alone")
    return tuple(pairs)


class SignInSettings(WebSettings):
    """The settings of the web pages and of the organisation's sign-in."""

    oidc_issuer: Annotated[str, AfterValidator(_an_issuer)] = Field(
        "",
        description="The issuer of your organisation's sign-in (OpenID Connect), to the letter, such as"
        " https://login.example.org/realms/staff. SERAF_WEB=cases needs one.",
    )
    oidc_client: str = Field("", description="What the bot is called there: its client id.")
    oidc_secret: SecretStr | None = Field(
        None, description="The client's secret there. Keep it secret. Empty for a client that is public there."
    )
    oidc_claim: str = Field(
        "groups", description="The claim of the ID token that names groups or roles, if SERAF_OIDC_ROLES is set."
    )
    oidc_roles: Annotated[tuple[tuple[str, str], ...], NoDecode, BeforeValidator(_pairs)] = Field(
        (),
        description="Which group gets which role: role=group, with commas. Roles: manager, practitioner, trainer, auditor."
        " Empty: all come in by an invitation, as administrators always do.",
    )
    oidc_unlock: Unlock = Field(
        Unlock.PIN,
        description="What opens a locked page: pin (six digits, as in a chat), or sign-in (signing in again; there is no PIN).",
    )
