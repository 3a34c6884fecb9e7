"""Why somebody was not signed in, as words for the log: never what was sent, and never a name."""

from enum import StrEnum

from bot.runtime.errors import PassingFault


class Amiss(StrEnum):
    """What a sign-in can fail by, or a sign-off."""

    NOT_BEGUN = "not begun in this browser, or too long ago"
    STATE = "state"
    SAID_NO = "the organisation's sign-in said no"
    NO_CODE = "no code"
    CODE = "code refused"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    NOT_FRESH = "not signed in anew"
    NO_SIGN_OFF = "no sign-off"


class NotSignedIn(Exception):
    """A sign-in that does not count. What a person can do is begin again."""

    def __init__(self, why: Amiss) -> None:
        super().__init__(str(why))
        self.why = why


class ProviderFault(PassingFault):
    """The organisation's sign-in cannot be reached, or does not answer as OpenID Connect says; and what was found."""
