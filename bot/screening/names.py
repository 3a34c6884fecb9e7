"""The search for names of people in a note, by capitals and neighbouring words. There is no list of names, so it misses some.

A word with a capital that no rule explains could be a name. A name without capitals is hardly ever found, and a
name that is also a common word is found only next to a title.
"""

import re
from collections.abc import Set
from itertools import chain, pairwise
from pathlib import Path

from seraf.pack import Pack


def _words(name: str) -> frozenset[str]:
    return frozenset(Path(__file__).with_name(name).read_text(encoding="utf-8").split())


BEGIN = _words("beginning_words.txt")  # words that begin a sentence in a professional's note
KNOWN = BEGIN | _words("capitalised_words.txt")
"""Words that may have a capital without being a name: those in `BEGIN`, and words for times, peoples, countries, brands and services."""

MONTHS_AND_NAMES = frozenset({"april", "may", "june", "august", "summer", "mark", "will"})  # are first names too

NAMES_IN_ED = frozenset(
    ("ahmed", "mohammed", "mohamed", "muhammed", "alfred", "jared", "fred", "wilfred", "ted", "ned", "reed", "creed")
)
"""Names with the ending of a past tense."""

WORD = re.compile(r"[^\W\d_][\w'’-]*")

TITLED = re.compile(r"\b(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm][Xx])\b\.?\s+([^\W\d_][\w'’-]+)")
"""A title that is never another word (Mr, Mrs, Ms, Mx), with the word after it, which may have no capital."""

RANKED = re.compile(
    r"\b(?:Miss|[Dd]r|[Pp]rof(?:essor)?|Rev(?:erend)?|Sir|Lady|Dame|Lord|PC|DC|DS|DI|DCI|PCSO|Sgt|Sergeant|Inspector|Constable|Nurse|"
    r"[Uu]ncle|[Aa]unt(?:ie|y)?|[Nn]an(?:ny)?|[Gg]randma|[Gg]randad|[Cc]ousin|Sister|Coach|Pastor|Imam)\b\.?\s+([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""A title or a word for a relative, with the capitalised word after it."""

CUED = re.compile(
    r"\b(?:called|named|name is|name was|name's|known as|aka|nicknamed|nickname is|goes by|met|meets|meeting|told|texted|texts|"
    r"messaged|messages|dating|with|loves|(?:step)?(?:mother|mum|mam|father|dad)|brother|sister|son|daughter|friend|mate|boyfriend|"
    r"girlfriend|partner|ex|teacher|worker|neighbour|man|boy|girl|male|female|lad|guy|child|adult|landlord|manager)\b"
    r",?\s+(?:an? )?[\"“‘']?([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)"
)
"""A word that is usually followed by a person's name, with the capitalised word after it."""

SPEAKING = re.compile(
    r"([A-ZÀ-ÞŁŚŻŠŽČ][\w'’-]+)\s+(?:said|says|told|thinks|wants|wanted|denied|denies|feels|felt|knows|knew|loves|admitted|disclosed|"
    r"rang|texted|lives|stays|stayed|met|hates|cried|ran|hit|reports|explained|refused|seemed|seems|looked|looks|has a|is scared|"
    r"is afraid|is (?:\d+|\w+teen)|was (?:seen|found|hit|with|missing|crying))\b"
)
"""A capitalised word, with a verb after it whose subject is usually a person."""

OWNING = re.compile(r"([A-ZÀ-ÞŁŚŻŠŽČ][\w-]+)['’]s\b")
VERB = re.compile(r"\w{3,}(?:ing|ed)")
BEFORE_A_SENTENCE = '.!?:;•…“”"‘(–—'  # characters after which a sentence, quotation or list item begins
INITIALLED = re.compile(r"(?<![\w.])(?:(?![AI]\s)[A-Z]\.?\s?){1,3}\s*([A-ZÀ-ÞŁŚŻŠŽČ][a-zà-ÿ'’-]{2,})")

LONG_CAPITALS = 4  # a word of at least this many capitals is not taken for an acronym


def has_name(text: str, known: Set[str]) -> bool:
    """Return True if the text may contain a name. `known` has the words, in lower case, that are not names."""
    titled = (match[1] for pattern in (TITLED, RANKED) for match in pattern.finditer(text))
    if any(word.lower() not in BEGIN for word in titled):
        return True
    cued = (match[1] for pattern in (CUED, SPEAKING, OWNING, INITIALLED) for match in pattern.finditer(text))
    words = list(WORD.finditer(text))
    before = ((word[0], text[: word.start()].rstrip()) for word in words)
    within = (word for word, start in before if start and start[-1] not in BEFORE_A_SENTENCE)
    if any(_is_strange(word, known) for word in chain(cued, within)):
        return True
    spaced = ((one[0], other[0]) for one, other in pairwise(words) if not text[one.end() : other.start()].strip())
    return any(_begins(one, known) and _is_strange(other, known) for one, other in spaced)


def _begins(word: str, known: Set[str]) -> bool:
    """Return True if the word could be a first name at the beginning of a sentence, and not a verb."""
    if word[0].isupper() and word.lower() in MONTHS_AND_NAMES:
        return True
    return _is_strange(word, known) and (not VERB.fullmatch(word) or word.lower() in NAMES_IN_ED)


def _is_strange(word: str, known: Set[str]) -> bool:
    """Return True if the word has a capital that nothing explains, since neither it nor its singular is known."""
    if not word[0].isupper() or len(word) < 2 or (word.isupper() and len(word) < LONG_CAPITALS):
        return False
    plain = re.sub(r"['’]s?$", "", word).replace("’", "'").lower()
    parts = [part.replace("'", "") for part in plain.split("-") if part]
    return not all(part in known or part.removesuffix("s") in known for part in parts)


def words_known(pack: Pack) -> frozenset[str]:
    """Return the words, in lower case, that are not names: those in `KNOWN`, and those in the names and labels of the pack."""
    instrument = pack.instrument
    texts = [instrument.edition.board, instrument.edition.name, *(contact.name for contact in pack.contacts.all)]
    texts += [name for term in pack.glossary.terms for name in (term.term, *term.also)]
    texts += [item.label for item in instrument.items]
    texts += [title for heading in pack.recording.headings for title in (heading.title, heading.short)]
    own = {word.lower().removesuffix("'s") for text in texts for word in re.findall(r"[^\W\d_]+(?:['’]\w+)?", text)}
    return KNOWN | own
