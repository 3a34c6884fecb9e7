"""What in a note could point to somebody. It says what kind of thing it could be, and never what was written."""

from bot.screening.identifiers import dates, personal_numbers, whereabouts, without_own
from bot.screening.names import Names, names_of
from seraf.pack import Pack

ORDER = (
    *(
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
    ),
)
"""Every kind that is looked for, in the order in which they are said."""


SHORT = 5
"""Digits of a number that is too short to be anybody's, such as 999."""


class Screener:
    """Looks through notes. It finds forms, not people: what has no form, such as a first name alone, it cannot find."""

    def __init__(self, names: Names, numbers_known: frozenset[str]) -> None:
        self._names = names
        self._numbers_known = numbers_known

    def could_be(self, text: str) -> tuple[str, ...]:
        """Return the kinds of identifier that the text could hold, each once."""
        left = without_own(text, self._numbers_known)
        found = {*personal_numbers(left), *dates(left), *whereabouts(left), *self._names.found(left)}
        return tuple(kind for kind in ORDER if kind in found)


def screener(pack: Pack) -> Screener:
    """Return a screener of notes that knows the names and numbers of the pack itself."""
    values = (contact.value for contact in pack.contacts.all)
    digits = ("".join(filter(str.isdigit, value)) for value in values)
    known = frozenset(each for each in digits if len(each) > SHORT)
    return Screener(names_of(pack), known)
