"""Who signed what: a line binds a person, a role and a day to the words that were signed, so that changed words are unsigned."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

WHOLE = "pack"
"""What is signed when all of a pack is."""

ENOUGH = 2
"""People who have to sign: authors of a pack do not see their own slips."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's word for an item, or for the whole pack: `of` says for which, and `digest` for which words."""

    of: str
    by: str
    role: str
    on: date
    digest: str

    @property
    def person(self) -> str:
        """Each who signed, by name in small letters and single spaces: however it is written, it is one person."""
        return " ".join(self.by.casefold().split())

    def binds(self, words: str) -> bool:
        """Whether it was given for these words, by this person, in this role, on this day."""
        return self.digest == digest_of(words, self)


def digest_of(words: str, signature: Signature) -> str:
    """SHA-256 (hex) over the words and everything that the line says of itself but this."""
    said = json.dumps([signature.of, signature.by, signature.role, signature.on.isoformat(), words], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def signed_words(value: object, *, without: Iterable[str] = ()) -> str:
    """All that a value says, as one text that any change of it changes."""
    raw = value if isinstance(value, dict) else asdict(value)  # type: ignore[call-overload]
    left = {key: each for key, each in raw.items() if key not in set(without)}
    return json.dumps(left, ensure_ascii=False, sort_keys=True, default=str)


def signers(signatures: Iterable[Signature], of: str, words: str) -> frozenset[str]:
    """The people whose signature stands for these words."""
    return frozenset(each.person for each in signatures if each.of == of and each.binds(words))
