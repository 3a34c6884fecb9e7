"""What could be a person's name: best effort, by capitals and by the words around them. There is no list of names.

A word with a capital that nothing explains could be one; a name without capitals is hardly ever found, and one that is also a
common word is found only next to a title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.screening.words import BEGIN, KNOWN, MONTHS_AND_NAMES, NAMES_IN_ED
from seraf.pack import Pack

WORD = re.compile(r"[^\W\d_][\w'’-]*")

TITLED = re.compile(r"\b(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm][Xx])\b\.?\s+([^\W\d_][\w'’-]+)")
"""A title that is never anything else, and any word after it."""

RANKED = re.compile(
    r"\b(?:Miss|[Dd]r|[Pp]rof(?:essor)?|Rev(?:erend)?|Sir|Lady|Dame|Lord|PC|DC|DS|DI|DCI|PCSO|Sgt|Sergeant|Inspector|Constable|Nurse|"
    r"[Uu]ncle|[Aa]unt(?:ie|y)?|[Nn]an(?:ny)?|[Gg]randma|[Gg]randad|[Cc]ousin|Sister|Coach|Pastor|Imam)\b\.?\s+([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""A title or a kinship, and a word with a capital."""

CUED = re.compile(
    r"\b(?:called|named|name is|name was|name's|known as|aka|nicknamed|nickname is|goes by|met|meets|meeting|told|texted|texts|"
    r"messaged|messages|dating|with|loves|(?:step)?(?:mother|mum|mam|father|dad)|brother|sister|son|daughter|friend|mate|boyfriend|"
    r"girlfriend|partner|ex|teacher|worker|neighbour|man|boy|girl|male|female|lad|guy|child|adult|landlord|manager)\b"
    r",?\s+(?:an? )?[\"“‘']?([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""Words after which a capital is mostly a person."""

SPEAKING = re.compile(
    r"([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)\s+(?:said|says|told|thinks|wants|wanted|denied|denies|feels|felt|knows|knew|loves|admitted|disclosed|"
    r"rang|texted|lives|stays|stayed|met|hates|cried|ran|hit|reports|explained|refused|seemed|seems|looked|looks|has a|is scared|"
    r"is afraid|is (?:\d+|\w+teen)|was (?:seen|found|hit|with|missing|crying))\b"
)
"""Somebody who does what people do."""

OWNING = re.compile(r"([A-ZÀ-ÞŁŚŻŠŽČ][\w-]+)['’]s\b")
VERB = re.compile(r"\w{3,}(?:ing|ed)")
BEFORE_A_SENTENCE = '.!?:;•…“”"‘(–—'
"""Signs after which a sentence, or something like one, begins."""

INITIALLED = re.compile(r"(?<![\w.])(?:(?![AI]\s)[A-Z]\.?\s?){1,3}\s*([A-ZÀ-ÞŁŚŻŠŽČ][a-zà-ÿ'’-]{2,})")

LONG_CAPITALS = 4
"""Letters of a word in capitals that is read as a word, and not as an acronym."""


@dataclass(frozen=True, slots=True)
class Names:
    """Looks for names; `known` are words that are none, in lower case."""

    known: frozenset[str]

    def found(self, text: str) -> Iterator[str]:
        """Yield whether the text could hold a name."""
        if self._is_in(text):
            yield "name"

    def _is_in(self, text: str) -> bool:
        titled = (found[1] for pattern in (TITLED, RANKED) for found in pattern.finditer(text))
        if any(word.lower() not in BEGIN for word in titled):
            return True
        patterns = (CUED, SPEAKING, OWNING, INITIALLED)
        if any(self._is_strange(found[1]) for pattern in patterns for found in pattern.finditer(text)):
            return True
        if any(self._is_strange(word) for word in words_within(text)):
            return True
        return any(self._begins(one) and self._is_strange(other) for one, other in pairs(text))

    def _begins(self, word: str) -> bool:
        """Return True if a word could be a first name: not where it is a verb that begins a sentence."""
        if word[0].isupper() and word.lower() in MONTHS_AND_NAMES:
            return True
        return self._is_strange(word) and (not VERB.fullmatch(word) or word.lower() in NAMES_IN_ED)

    def _is_strange(self, word: str) -> bool:
        """Return True if the word has a capital that nothing explains."""
        if not word[0].isupper() or len(word) < 2 or (word.isupper() and len(word) < LONG_CAPITALS):
            return False
        plain = re.sub(r"['’]s?$", "", word).replace("’", "'").lower()
        parts = [part for part in plain.split("-") if part]
        return not all(self._is_known(part.replace("'", "")) for part in parts)

    def _is_known(self, word: str) -> bool:
        """Return True if it is a known word or its plural."""
        return word in self.known or word.removesuffix("s") in self.known


def words_within(text: str) -> Iterator[str]:
    """Yield each word that begins no sentence, nor anything like one."""
    for word in WORD.finditer(text):
        before = text[: word.start()].rstrip()
        if before and before[-1] not in BEFORE_A_SENTENCE:
            yield word[0]


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of words with only a space between them."""
    words = list(WORD.finditer(text))
    for one, other in pairwise(words):
        if text[one.end() : other.start()].strip() == "":
            yield one[0], other[0]


def names_of(pack: Pack) -> Names:
    """Return a search for names that takes none of the pack's own words for one."""
    instrument = pack.instrument
    texts = [instrument.edition.board, instrument.edition.name, *(contact.name for contact in pack.contacts.all)]
    texts += [name for term in pack.glossary.terms for name in (term.term, *term.also)]
    texts += [item.label for item in instrument.items]
    texts += [title for heading in pack.recording.headings for title in (heading.title, heading.short)]
    own = {word.lower().removesuffix("'s") for text in texts for word in re.findall(r"[^\W\d_]+(?:['’]\w+)?", text)}
    return Names(KNOWN | own)
