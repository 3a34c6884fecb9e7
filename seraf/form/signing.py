"""Who signed what: a line binds a person, a role and a day to the words that were signed, so that changed words are unsigned.

It refuses to know how a key is checked: that is handed in, and where nothing is, nobody has signed.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

WHOLE = "pack"
"""What is signed when all of a pack is."""

ENOUGH = 2
"""People who have to sign: authors of a pack do not see their own slips."""

Verify = Callable[[str, str, str], bool]
"""Whether a text has this signature of this public key."""


def unverified(text: str, proof: str, key: str) -> bool:
    """False: no signature stands where none can be checked."""
    return False


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may sign, and the public key that they sign with, as SSH writes it."""

    by: str
    key: str

    @property
    def person(self) -> str:
        """The name in small letters and single spaces: however it is written, it is one person."""
        return _person(self.by)


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's word for items, or for the whole pack. Each of `digests` says for which, and for which words: “V1 0b67…”. `proof` is
    made with their key, over all that stands before it. `is_proven` says that it is theirs.
    """

    by: str
    role: str
    on: date
    digests: tuple[str, ...]
    proof: str = ""
    is_proven: bool = False

    @property
    def person(self) -> str:
        """Each who signed, as a signer is called."""
        return _person(self.by)

    @property
    def text(self) -> str:
        """What is signed with the key: who, as what, on which day, and the digest of each; as JSON, of which there is one reading."""
        return json.dumps([self.by, self.role, self.on.isoformat(), *self.digests], ensure_ascii=False)

    @property
    def subjects(self) -> frozenset[str]:
        """What it is for, whether or not that was changed since."""
        return frozenset(each.partition(" ")[0] for each in self.digests)

    def is_of(self, signers: Iterable[Signer], verify: Verify) -> bool:
        """Whether it was made with a key of this person, as the pack has them."""
        return any(each.person == self.person and verify(self.text, self.proof, each.key) for each in signers)

    def binds(self, of: str, words: str) -> bool:
        """Whether it was given for these words."""
        return digest_of(of, words) in self.digests


def digest_of(of: str, words: str) -> str:
    """What is signed, with the SHA-256 (hex) over its words."""
    return f"{of} {hashlib.sha256(words.encode()).hexdigest()}"


def signed_words(table: Mapping[str, object], *, without: Iterable[str] = ()) -> str:
    """All that a table of the file says, as one text that any change of it changes, and nothing that is not in the file."""
    left = {key: each for key, each in table.items() if key not in set(without)}
    return json.dumps(left, ensure_ascii=False, sort_keys=True, default=str)


def signers_of(signatures: Iterable[Signature], of: str, words: str) -> frozenset[str]:
    """The people whose signature stands for these words."""
    return frozenset(each.person for each in signatures if each.is_proven and each.binds(of, words))


def _person(name: str) -> str:
    return " ".join(name.casefold().split())
