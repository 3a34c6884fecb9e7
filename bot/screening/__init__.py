"""Screens notes for anything that could identify somebody. Callers learn the kinds of identifier, and never the text that was found."""

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
"""Every kind of identifier, in the order in which a reply names them."""

SHORT = 5  # the maximum number of digits of a public short number, such as 999


class Screener:
    """A search for identifiers by their patterns. It cannot find what has no pattern, such as a first name in lower case."""

    def __init__(self, words_known: frozenset[str], numbers_known: frozenset[str]) -> None:
        self._words_known, self._numbers_known = words_known, numbers_known

    def could_be(self, text: str) -> tuple[str, ...]:
        """Return the kinds of identifier that the text could hold, each once, in `ORDER`."""
        text = without_own(text, self._numbers_known)
        kinds = {*identifiers(text), *(("name",) if has_name(text, self._words_known) else ())}
        return tuple(kind for kind in ORDER if kind in kinds)


def screener(pack: Pack) -> Screener:
    """Return a screener that does not report the names and telephone numbers of this pack."""
    numbers = ("".join(filter(str.isdigit, contact.value)) for contact in pack.contacts.all)
    return Screener(words_known(pack), frozenset(number for number in numbers if len(number) > SHORT))
