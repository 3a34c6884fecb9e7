"""What questions in somebody's own words are looked up with."""

from functools import cached_property

from dialogs.core.script import Screening
from seraf.pack import Pack
from seraf.reference import fold
from seraf.search.english import COMMON, PEOPLE
from seraf.search.index import Index, index_of


class Questions:
    """The index of a pack, and a check of questions for anything that could identify somebody.

    Both are made when they are first needed, or before that by `prepare`. Neither holds what is typed.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    @cached_property
    def index(self) -> Index:
        return index_of(self._pack)

    @cached_property
    def screening(self) -> Screening:
        from bot.screening import screener  # slow to import: it has the telephone numbers of every country

        # A word by which something is found is no name, at least in a question, of which nothing is kept.
        phrases = (fold(phrase) for listed in self._pack.search.words.values() for phrase in listed)
        return screener(self._pack).knowing(COMMON | PEOPLE | {phrase for phrase in phrases if " " not in phrase})

    def prepare(self) -> None:  # about a quarter of a second
        _ = self.index, self.screening
