"""Values as read back from a store: written, and read from their text as by another program."""

from dialogs.core.codec import SESSIONS, decode, encode
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice


def session_read_again(session: Session) -> Session:
    """Return the session, written to text and read back."""
    text = encode(session)
    SESSIONS.forget()
    return decode(text)


def practice_read_again(practice: Practice, card: int) -> Practice:
    """Return the rehearsal, written to text and read back, its SERAF on the live card."""
    text = encode_practice(practice)
    SESSIONS.forget()
    return decode_practice(text, card)
