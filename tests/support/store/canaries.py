"""Words that must never be written to disk (canaries), and how to find them in any encoding."""

import base64
import secrets
from collections.abc import Iterator
from itertools import groupby

CANARY = "canary"
ALIKE = len(CANARY)
"""The number of first letters by which words are grouped in a search. All canaries begin with the same letters."""


def canary() -> str:
    """Return a word that occurs nowhere by chance. It has letters only, so that it can be part of a sentence."""
    return CANARY + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(16))


def encodings(word: str) -> Iterator[bytes]:
    """Yield the word in UTF-8, UTF-16 in both byte orders, hexadecimal, and base 64 at each offset."""
    yield from (word.encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
    yield word.encode().hex().encode()
    for lead in range(3):
        whole = base64.b64encode(b"." * lead + word.encode())
        yield whole[4 if lead else 0 : -4]


def found_in(text: bytes, words: list[str]) -> list[bytes]:
    """Return those encodings of the words that these bytes contain, in upper or lower case."""
    lowered = text.lower()

    def has(form: bytes) -> bool:
        return form in text or form.lower() in lowered

    # The common beginning of several words is searched first. If it is not there, none of these words is.
    return [form for forms in _alike(words) if has(_beginning(forms)) for form in forms if has(form)]


def _alike(words: list[str]) -> Iterator[tuple[bytes, ...]]:
    """Yield, for each group of words with the same first letters and each encoding, the encoded words."""
    for _, alike in groupby(sorted(words), lambda word: word[:ALIKE]):
        yield from zip(*map(encodings, alike), strict=True)


def _beginning(forms: tuple[bytes, ...]) -> bytes:
    """Return the bytes with which all of these begin."""
    first, last = min(forms), max(forms)
    return first[: next((place for place, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), None)]
