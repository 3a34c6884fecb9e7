"""Signatures, which bind a person, a role and a day to texts. A text that is changed is no longer signed.

The caller passes the function that verifies a signature. Without one, no signature counts.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

WHOLE = "pack"
"""The subject of a signature of the whole pack."""

ENOUGH = 2
"""The number of people who have to sign: the authors of a pack overlook their own mistakes."""

Verify = Callable[[str, str, str], bool]
"""A function that takes a text, a signature and a public key, and returns True if the signature is valid."""


def unverified(text: str, proof: str, key: str) -> bool:
    """Return False. It is the `Verify` function of callers that cannot verify signatures."""
    return False


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who may sign, and their public key as SSH writes it."""

    by: str
    key: str

    @property
    def person(self) -> str:
        """The name in lower case with single spaces, so that a person who is spelt in two ways is one person."""
        return _person(self.by)


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's signature of items or of the pack. Each of `digests` is a subject and its text's hash (“V1 0b67…”).
    `proof` is made with the person's key over all fields before it; `is_proven` says that it was verified.
    """

    by: str
    role: str
    on: date
    digests: tuple[str, ...]
    proof: str = ""
    is_proven: bool = False

    @property
    def person(self) -> str:
        """The name, normalised like `Signer.person`."""
        return _person(self.by)

    @property
    def text(self) -> str:
        """The text to sign: name, role, day and digests as JSON, which has only one meaning."""
        return json.dumps([self.by, self.role, self.on.isoformat(), *self.digests], ensure_ascii=False)

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects that were signed, even if their texts have changed since."""
        return frozenset(digest.partition(" ")[0] for digest in self.digests)

    def is_of(self, signers: Iterable[Signer], verify: Verify) -> bool:
        """Return True if the signature was made with a key that is listed for this person."""
        return any(signer.person == self.person and verify(self.text, self.proof, signer.key) for signer in signers)

    def binds(self, of: str, words: str) -> bool:
        """Return True if the subject `of` was signed with exactly this text."""
        return digest_of(of, words) in self.digests


def digest_of(of: str, words: str) -> str:
    """Return the subject, followed by the SHA-256 (hex) of its text."""
    return f"{of} {hashlib.sha256(words.encode()).hexdigest()}"


def signed_words(table: Mapping[str, object], *, without: Iterable[str] = ()) -> str:
    """Return a table as one text, which changes if and only if its content does. Keys in `without` are left out."""
    left = {key: signature for key, signature in table.items() if key not in set(without)}
    return json.dumps(left, ensure_ascii=False, sort_keys=True, default=str)


def signers_of(signatures: Iterable[Signature], of: str, words: str) -> frozenset[str]:
    """Return the people with a verified signature of this subject and this text."""
    return frozenset(signature.person for signature in signatures if signature.is_proven and signature.binds(of, words))


def _person(name: str) -> str:
    return " ".join(name.casefold().split())
