"""Values as a store would return them: written as text and read again, without the cache."""

from dialogs.core.codec import SESSIONS, decode, encode
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice


def session_read_again(session: Session) -> Session:
    """Return the session after writing it as text and reading it again."""
    text = encode(session)
    SESSIONS.forget()
    return decode(text)


def practice_read_again(practice: Practice, card: int) -> Practice:
    """Return the rehearsal after writing it as text and reading it again. `card` is the number of the current card."""
    text = encode_practice(practice)
    SESSIONS.forget()
    return decode_practice(text, card)
