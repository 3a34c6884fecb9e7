"""The id of a person in the store: their channel, and their name there."""

import hashlib
from dataclasses import dataclass, field

TELEGRAM = "telegram"  # the channel of Telegram; the settings and the command line name people by their numbers there
WEB = "web"  # the channel of people who sign in with a browser
FORGOTTEN = "forgotten"  # the channel of a removed person, whose name is then only a keyed hash of the original


@dataclass(frozen=True, slots=True)
class PersonId:
    """A person on a channel, stored as the text `channel:name`."""

    channel: str
    name: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.channel}:{self.name}"

    @classmethod
    def read(cls, text: str) -> "PersonId":
        """Return the person that a text names. Raise `ValueError`, without quoting the text, if it names nobody."""
        channel, colon, name = text.partition(":")
        if not (channel and colon and name):
            raise ValueError("a person is named by a channel, a colon, and a name")
        return cls(channel, name)

    @classmethod
    def on_telegram(cls, number: int) -> "PersonId":
        """Return the person with this number on Telegram."""
        return cls(TELEGRAM, str(number))

    @classmethod
    def on_web(cls, issuer: str, subject: str) -> "PersonId":
        """Return the person with a subject at an OpenID Connect issuer, as a hash of both. No mail address or name is used."""
        parts = [text.encode() for text in (issuer, subject)]
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return cls(WEB, hashlib.sha256(framed).hexdigest()[:32])
