"""What the words of the guidance and of the form mean, and how a word that somebody types finds its entry."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """One word or acronym, its other spellings, and its meaning in our words."""

    id: str
    term: str
    also: tuple[str, ...]
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, in alphabetical order."""

    terms: tuple[Term, ...]
    _named: tuple[tuple[Term, tuple[str, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = ((term, (term.term, *term.also, term.id)) for term in self.terms)
        object.__setattr__(self, "_named", tuple((term, tuple(map(fold, names))) for term, names in named))

    def __getitem__(self, term_id: str) -> Term:
        for term in self.terms:
            if term.id == term_id:
                return term
        raise KeyError(term_id)

    def look_up(self, words: str) -> tuple[Term, ...]:
        """The term that is called just this, in any case; else every term that the words begin, or are within; else none."""
        wanted = fold(words)
        if not wanted:
            return ()
        exact = tuple(term for term, names in self._named if wanted in names)
        begun = tuple(term for term, names in self._named if any(name.startswith(wanted) for name in names))
        within = tuple(term for term, names in self._named if any(f" {wanted} " in f" {name} " for name in names))
        return exact[:1] or begun or within


def fold(words: str) -> str:
    """The words in lower case with dashes, slashes and runs of spaces made one space."""
    return " ".join(
        "".join(char if char.isalnum() else " " for char in words.replace("’", "").replace("'", "")).split()
    ).lower()
