"""The check of notes for anything that could identify somebody. Callers learn the kinds of identifier, but not the text found."""

from collections.abc import Set

from bot.screening.identifiers import identifiers, without_own
from bot.screening.names import has_name, words_known
from seraf.pack import Pack

ORDER = (
    "nhs",
    "upn",
    "ni",
    "phone",
    "number",
    "email",
    "web",
    "handle",
    "date",
    "vehicle",
    "postcode",
    "address",
    "name",
)
"""All kinds of identifier, in the order in which a reply names them."""

SHORT = 5  # the maximum number of digits of a short telephone number, such as 999


class Screener:
    """A search for identifiers by patterns. What has no pattern, such as a first name in lower case, is not found."""

    def __init__(self, words_known: frozenset[str], numbers_known: frozenset[str]) -> None:
        self._words_known, self._numbers_known = words_known, numbers_known

    def knowing(self, words: Set[str]) -> "Screener":
        """Return a screener to which these words, in lower case, are no names either."""
        return Screener(self._words_known | words, self._numbers_known)

    def could_be(self, text: str) -> tuple[str, ...]:
        """Return the kinds of identifier that the text may contain, each once, in the order of `ORDER`."""
        text = without_own(text, self._numbers_known)
        kinds = {*identifiers(text), *(("name",) if has_name(text, self._words_known) else ())}
        return tuple(kind for kind in ORDER if kind in kinds)


def screener(pack: Pack) -> Screener:
    """Return a screener that accepts the names and telephone numbers in this pack."""
    numbers = ("".join(filter(str.isdigit, contact.value)) for contact in pack.contacts.all)
    return Screener(words_known(pack), frozenset(number for number in numbers if len(number) > SHORT))
