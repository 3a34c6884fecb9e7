"""Words that must not be on a disk, and the encodings in which they are searched."""

import base64
import secrets
from collections.abc import Iterator
from itertools import groupby

CANARY = "canary"
ALIKE = len(CANARY)
"""How many letters words have in common that are looked for together."""


def canary() -> str:
    """Return a word that nothing contains by chance, of letters only, so that a sentence may contain it."""
    return CANARY + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(16))


def encodings(word: str) -> Iterator[bytes]:
    """Return the word in five encodings: UTF-8, UTF-16 in both orders, hexadecimal, and base 64 at every offset."""
    yield from (word.encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
    yield word.encode().hex().encode()
    for lead in range(3):
        whole = base64.b64encode(b"." * lead + word.encode())
        yield whole[4 if lead else 0 : -4]


def found_in(text: bytes, words: list[str]) -> list[bytes]:
    """Return which forms of the words these bytes contain, in either case."""
    lowered = text.lower()

    def has(form: bytes) -> bool:
        return form in text or form.lower() in lowered

    # What all forms of words that begin alike begin with is looked for first: where that is not there, none of them is.
    return [form for forms in _alike(words) if has(_beginning(forms)) for form in forms if has(form)]


def _alike(words: list[str]) -> Iterator[tuple[bytes, ...]]:
    """Return the words in one encoding, grouped by their first letters."""
    for _, alike in groupby(sorted(words), lambda word: word[:ALIKE]):
        yield from zip(*map(encodings, alike), strict=True)


def _beginning(forms: tuple[bytes, ...]) -> bytes:
    """Return their common beginning."""
    first, last = min(forms), max(forms)
    return first[: next((place for place, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), None)]
