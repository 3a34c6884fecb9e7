"""The id of a person in the store, which is a channel and their name on it."""

import hashlib
from dataclasses import dataclass, field

TELEGRAM = "telegram"  # the Telegram channel, whose people are named by their Telegram id
WEB = "web"  # the channel of people who sign in with a browser
FORGOTTEN = "forgotten"  # the channel of removed people, who are named by a keyed hash of their former id


@dataclass(frozen=True, slots=True)
class PersonId:
    """A person on a channel. In the store it is the text `channel:name`."""

    channel: str
    name: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.channel}:{self.name}"

    @classmethod
    def read(cls, text: str) -> "PersonId":
        """Return the person from the stored text. Raise `ValueError`, which does not quote it, if it is not `channel:name`."""
        channel, colon, name = text.partition(":")
        if not (channel and colon and name):
            raise ValueError("a person is named by a channel, a colon, and a name")
        return cls(channel, name)

    @classmethod
    def on_telegram(cls, number: int) -> "PersonId":
        """Return the person with this Telegram id."""
        return cls(TELEGRAM, str(number))

    @classmethod
    def on_web(cls, issuer: str, subject: str) -> "PersonId":
        """Return the person whose name is a hash of an OpenID Connect issuer and subject. No mail address is used."""
        parts = [text.encode() for text in (issuer, subject)]
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return cls(WEB, hashlib.sha256(framed).hexdigest()[:32])
