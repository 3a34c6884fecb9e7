"""Times as the store keeps them: whole microseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 60 * 60


def aware(moment: datetime) -> datetime:
    """The moment itself; a moment without a time zone is a mistake of the caller and raises `ValueError`."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone cannot be kept")
    return moment


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC, without loss."""
    since = aware(moment) - EPOCH
    return (since.days * DAY + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """The aware UTC moment of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)
