"""Words that must be found nowhere on a disk, and the forms in which they are looked for."""

import base64
import secrets
from collections.abc import Iterator


def canary() -> str:
    """A word that is found by chance nowhere, of letters alone, so that it may stand in a sentence."""
    return "canary" + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(16))


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
    return [form for word in words for form in encodings(word) if form in text or form.lower() in lowered]
