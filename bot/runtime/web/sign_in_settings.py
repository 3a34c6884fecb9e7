"""Settings of the way in to real cases in a browser: the organisation's own sign-in (OpenID Connect)."""

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.runtime.addresses import is_address, is_this_machine
from bot.runtime.web.web_settings import WebSettings

ROLES = ("manager", "practitioner", "trainer", "auditor")
"""Roles that a group can stand for. An administrator is always invited."""

_GROUP = re.compile(r"[^\s=,][^=,]{0,199}")


class Unlock(StrEnum):
    """What opens a page in a browser that has locked."""

    PIN = "pin"
    SIGN_IN = "sign-in"


class SignInSettings(WebSettings):
    """What real cases in a browser need as well."""

    oidc_issuer: str = Field(
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
    oidc_roles: Annotated[tuple[tuple[str, str], ...], NoDecode] = Field(
        (),
        description="Which group gets which role: role=group, with commas. Roles: manager, practitioner, trainer, auditor."
        " Empty: all come in by an invitation, as administrators always do.",
    )
    oidc_unlock: Unlock = Field(
        Unlock.PIN,
        description="What opens a locked page: pin (six digits, as in a chat), or sign-in (signing in again; there is no PIN).",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _an_issuer(cls, issuer: str) -> str:
        if not issuer:
            return issuer
        parts = urlsplit(issuer)
        if not is_address(issuer) or parts.query or parts.fragment or parts.username is not None:
            raise ValueError("must be an address such as https://login.example.org/realms/staff, with nothing after it")
        if parts.scheme == "http" and not is_this_machine(str(parts.hostname)):
            raise ValueError("must begin with https:// unless it is this machine: anybody on the way could sign in")
        return issuer

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _pairs(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        pairs = [tuple(part.strip() for part in word.partition("=")[::2]) for word in given.split(",") if word.strip()]
        wrong = [
            place for place, (role, group) in enumerate(pairs, 1) if role not in ROLES or not _GROUP.fullmatch(group)
        ]
        if wrong:
            places = ", ".join(map(str, wrong))
            raise ValueError(f"entry {places} is not role=group, with a role of {', '.join(ROLES)}")
        if len({group for _, group in pairs}) != len(pairs):
            raise ValueError("a group stands for one role alone")
        return tuple(pairs)
