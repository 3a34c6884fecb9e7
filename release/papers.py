"""The governance documents to sign.

`python -m release.papers [FOLDER]` prints the version and fingerprint of each: of the templates, or of completed copies
in FOLDER. Each must name the next release.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packaging.version import Version

from release.places import ROOT, project

PAPERS = ROOT / "docs" / "governance"
NAMES = ("clinical-safety-plan.md", "dpia.md", "hazard-log.md", "safety-case.md", "threat-model.md")
"""The file names of the documents that an organisation signs."""

ROW = re.compile(r"^\| Version of the software \| (.+) \|$", re.MULTILINE)
PLACE = re.compile(r"\[(?:organisation|date)[^\]]*\](?!\()")
"""Matches a placeholder that only the organisation can fill in."""


@dataclass(frozen=True, slots=True)
class Signable:
    """A document to sign: its name, the versions that it names, the number of placeholders left, its SHA-256 hash."""

    name: str
    versions: tuple[str, ...]
    places: int
    fingerprint: str

    @classmethod
    def read(cls, path: Path) -> "Signable":
        """Read a document from its file."""
        content = path.read_bytes()
        text = content.decode("utf-8", errors="replace")
        return cls(path.name, tuple(ROW.findall(text)), len(PLACE.findall(text)), sha256(content).hexdigest())

    def fault(self, release: str) -> str:
        """Return why the document does not belong to this release, or an empty string if it does."""
        if self.versions == (release,):
            return ""
        said = " and ".join(self.versions) or "no version"
        return f"{self.name} is for {said}, the software is {release}: whoever signs it reads CHANGELOG.md, and says its number"


def release_of(number: str) -> str:
    """Return the release that a version number belongs to, such as 1.2.0 for 1.2.0.dev0."""
    return Version(number).base_version


def faults(number: str, folder: Path = PAPERS) -> Iterator[str]:
    """Yield a line for each document that is missing or names another version."""
    for name in NAMES:
        path = folder / name
        said = Signable.read(path).fault(release_of(number)) if path.is_file() else f"{name} is not in {folder}"
        if said:
            yield said


def main(arguments: Sequence[str]) -> int:
    """Print each document with its versions. Return the exit status: 1 if one is missing or names another version."""
    if len(arguments) > 1 or any(each.startswith("-") for each in arguments):
        sys.stderr.write("usage: python -m release.papers [FOLDER]\n")
        return 2
    folder, number = Path(*arguments) if arguments else PAPERS, project()["project"]["version"]
    for name in NAMES:
        if (folder / name).is_file():
            paper = Signable.read(folder / name)
            versions = ", ".join(paper.versions) or "no version"
            sys.stdout.write(f"{name}: {versions}, to be filled in: {paper.places}\n  {paper.fingerprint}\n")
    wrong = tuple(faults(number, folder))
    sys.stderr.writelines(f"{each}\n" for each in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
