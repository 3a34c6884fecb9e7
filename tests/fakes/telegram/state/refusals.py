"""Telegram's refusals of calls, with its own texts."""

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
BLOCKED = "Forbidden: bot was blocked by the user"
NOT_A_MEMBER = "Forbidden: bot is not a member of the group chat"


class Refusal(Exception):
    """A refused call. `status` and `description` go to the client; `retry_after` is in seconds."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(words: str) -> Refusal:
    """Return a refusal with status 400."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(description: str) -> Refusal:
    return Refusal(403, description)


def too_many(retry_after: int) -> Refusal:
    """Return a refusal with status 429, which asks the bot to wait `retry_after` seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
