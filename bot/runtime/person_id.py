"""Whom the store keeps a row for, as a value: which channel they use, and what they are called there."""

import hashlib
from dataclasses import dataclass, field

TELEGRAM = "telegram"
"""The channel whose numbers the settings name as first administrators, and the command line finds people by."""

WEB = "web"
"""The channel of people who sign in with a browser."""

FORGOTTEN = "forgotten"
"""In place of the channel of somebody who was removed, and whose name is not kept any more: what follows is a keyed hash of it."""

SUBJECT_BYTES = 16
"""Of the hash by which somebody is known who signs in with a browser."""


@dataclass(frozen=True, slots=True)
class PersonId:
    """A person of a channel. As text, which is what the store seals, it is `channel:name`."""

    channel: str
    name: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.channel}:{self.name}"

    @classmethod
    def read(cls, text: str) -> "PersonId":
        """Return the person that a text names. Raise `ValueError` if it names none; its message does not quote the text."""
        channel, colon, name = text.partition(":")
        if not (channel and colon and name):
            raise ValueError("a person is named by a channel, a colon, and a name")
        return cls(channel, name)

    @classmethod
    def on_telegram(cls, number: int) -> "PersonId":
        """Return the person of a Telegram number."""
        return cls(TELEGRAM, str(number))

    @classmethod
    def on_web(cls, issuer: str, subject: str) -> "PersonId":
        """Return the person whom an organisation's sign-in (its issuer) knows under this subject; never by a mail address or a name."""
        parts = [text.encode() for text in (issuer, subject)]
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return cls(WEB, hashlib.sha256(framed).hexdigest()[: 2 * SUBJECT_BYTES])
