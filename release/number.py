"""The version number of a release.

`python -m release.number` checks that all files and tags agree on it; with `--tag` it tags the commit too. Between
releases the number ends in `.dev0`, and the CHANGELOG begins with “Unreleased”.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

from packaging.version import Version

from release import papers
from release.places import ROOT, project

UNRELEASED = "Unreleased"


def sections(changelog: str) -> list[str]:
    """Return the first word of each heading in the CHANGELOG, newest first: `Unreleased`, or a version number."""
    return [heading.split()[0] for heading in re.findall(r"^## (.+)$", changelog, re.MULTILINE)]


def faults(number: str, changelog: str, tags: Sequence[str]) -> Iterator[str]:
    """Yield a line for each contradiction between the number, the CHANGELOG and the tags of this commit."""
    first, *others = sections(changelog)
    released = [Version(each) for each in (first, *others) if each != UNRELEASED]
    if released != sorted(released, reverse=True) or UNRELEASED in others:
        yield "CHANGELOG.md: the newest release does not stand first"
    if first == UNRELEASED and not (Version(number).is_devrelease and Version(number) > released[0]):
        yield f"CHANGELOG.md has unreleased changes: {number} should be a .dev0 after {released[0]}"
    if first != UNRELEASED and first != number:
        yield f"CHANGELOG.md begins with {first}, pyproject.toml says {number}"
    yield from (f"this commit is tagged {tag}, pyproject.toml says {number}" for tag in tags if tag != f"v{number}")


def unnamed(changelog: str, tags: Sequence[str]) -> Iterator[str]:
    """Yield a line for each release in the CHANGELOG that has no tag, unless there are no tags at all."""
    if tags:
        released = (each for each in sections(changelog) if each != UNRELEASED)
        yield from (
            f"{each} is in CHANGELOG.md, and no commit is tagged v{each}" for each in released if f"v{each}" not in tags
        )


def _git(*words: str) -> str:
    """Return the output of git, or an empty string if git fails or is not installed."""
    try:
        return subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def found() -> list[str]:
    """Return all contradictions in this project. In a copy without git or tags, the tags are not checked."""
    tags = [tag for tag in _git("tag", "--points-at", "HEAD").splitlines() if re.match(r"v\d", tag)]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    number = project()["project"]["version"]
    every = [tag for tag in _git("tag", "--list", "v*").splitlines() if tag]
    return [*faults(number, changelog, tags), *unnamed(changelog, every), *papers.faults(number)]


def _untagged(number: str) -> Iterator[str]:
    if Version(number).is_devrelease:
        yield f"{number} is no release: give CHANGELOG.md and pyproject.toml its number, and commit"
    if _git("status", "--porcelain"):
        yield "there are changes that are not committed"


def main(arguments: Sequence[str]) -> int:
    """Check the release and, with `--tag`, tag it. Return the exit status: 1 if a check failed, 2 for wrong arguments."""
    if tuple(arguments) not in ((), ("--tag",)):
        sys.stderr.write("usage: python -m release.number [--tag]\n")
        return 2
    number = project()["project"]["version"]
    if wrong := [*found(), *(_untagged(number) if arguments else ())]:
        sys.stderr.writelines(f"{each}\n" for each in wrong)
        return 1
    if arguments:
        subprocess.run(
            ("git", "tag", "--annotate", f"v{number}", "--message", f"seraf-bot {number}"), cwd=ROOT, check=True
        )
    sys.stdout.write(f"v{number}\n" if arguments else f"{number}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
