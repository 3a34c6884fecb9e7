"""People with SSH keys who sign the files of a pack."""

import subprocess
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.workbench.editing import digests_of, signed_with
from seraf.form.signing import WHOLE, Signature

DAY = date(2026, 3, 4)


@dataclass(frozen=True, slots=True)
class Lead:
    """A person with a role, who has an SSH key."""

    by: str
    role: str

    @property
    def key(self) -> Path:
        return key_called(self.by)

    @property
    def public(self) -> str:
        return self.key.with_suffix(".pub").read_text(encoding="ascii").strip()


LEADS = (Lead("Lead one", "Safeguarding lead"), Lead("Lead two", "Head of service"))


def with_signers(files: dict[str, bytes], people: Iterable[Lead] = LEADS) -> dict[str, bytes]:
    """Return the files of a pack with these people as its signers."""
    rows = "".join(f'\n[[signers]]\nby = "{each.by}"\nkey = "{each.public}"\n' for each in people)
    return {**files, "instrument.toml": files["instrument.toml"].rstrip(b"\n") + b"\n" + rows.encode()}


def with_signature(files: dict[str, bytes], person: Lead, *what: str) -> dict[str, bytes]:
    """Return the files with one more signature of `person`, for these items or the whole pack."""
    unsigned = Signature(person.by, person.role, DAY, digests_of(what, files))
    return {**files, "instrument.toml": signed_with(person.key, unsigned, files=files)}


def signed_items(files: dict[str, bytes], people: Sequence[Lead] = LEADS) -> dict[str, bytes]:
    """Return the files with these people as signers, after each of them signed every item, but not the whole pack."""
    files = with_signers(files, people)
    items = [row["id"] for row in tomllib.loads(files["instrument.toml"].decode())["items"]]
    for person in people:
        files = with_signature(files, person, *items)
    return files


def signed_all(files: dict[str, bytes], people: Sequence[Lead] = LEADS) -> dict[str, bytes]:
    """Return the files with these people as signers, after each of them signed every item and the whole pack."""
    files = signed_items(files, people)
    for person in people:
        files = with_signature(files, person, WHOLE)
    return files


@cache
def key_called(name: str, kind: str = "ed25519") -> Path:
    """Return the path of the private SSH key with this name, which is created once."""
    path = Path(_folder().name) / f"{name} {kind}"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(path)], check=True)
    return path


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()
