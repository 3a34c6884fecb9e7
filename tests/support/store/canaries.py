"""Words that must be found nowhere on a disk, and the forms in which they are looked for."""

import base64
import secrets
from collections.abc import Iterator
from itertools import groupby

CANARY = "canary"
ALIKE = len(CANARY)
"""How many letters words have in common that are looked for together."""


def canary() -> str:
    """A word that is found by chance nowhere, of letters alone, so that it may stand in a sentence."""
    return CANARY + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(16))


def encodings(word: str) -> Iterator[bytes]:
    """The word in five encodings: UTF-8, UTF-16 of both orders, hexadecimal, and base 64 wherever it begins."""
    yield from (word.encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
    yield word.encode().hex().encode()
    for lead in range(3):
        whole = base64.b64encode(b"." * lead + word.encode())
        yield whole[4 if lead else 0 : -4]


def found_in(text: bytes, words: list[str]) -> list[bytes]:
    """Which forms of the words are in these bytes, in either case."""
    lowered = text.lower()

    def has(form: bytes) -> bool:
        """Whether they are there."""
        return form in text or form.lower() in lowered

    # What all forms of words that begin alike begin with is looked for first: where that is not there, none of them is.
    return [form for forms in _alike(words) if has(_beginning(forms)) for form in forms if has(form)]


def _alike(words: list[str]) -> Iterator[tuple[bytes, ...]]:
    """The words in one encoding, together with those that begin with the same letters."""
    for _, alike in groupby(sorted(words), lambda word: word[:ALIKE]):
        yield from zip(*map(encodings, alike), strict=True)


def _beginning(forms: tuple[bytes, ...]) -> bytes:
    """What all of them begin with."""
    first, last = min(forms), max(forms)
    return first[: next((place for place, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), None)]
