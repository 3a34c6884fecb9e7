"""Parts: the libraries that the bot runs on, as they are installed, each with its licence and with what it needs itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release.pins import Pin

SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "Apache 2.0": "Apache-2.0",
        "Apache Software License": "Apache-2.0",
        "BSD License": "BSD-3-Clause",
        "ISC License (ISCL)": "ISC",
        "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
        "MIT License": "MIT",
        "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "Python Software Foundation License": "PSF-2.0",
    }
)
"""Licences as classifiers name them, by the names that machines read. Who says only “BSD” has three clauses, as was looked up."""

READ: Mapping[str, str] = MappingProxyType({"pyrage": "MIT"})
"""Licences that a library says nowhere but in the text of its licence, which somebody read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One library as it is installed."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def parts(wanted: Iterable[str]) -> dict[str, Part]:
    """These libraries and all that they need on this machine, by name and in its order."""
    found: dict[str, Part] = {}
    waiting = list(wanted)
    while waiting:
        asked = Requirement(waiting.pop())
        name = canonicalize_name(asked.name)
        if name not in found:
            installed = distribution(name)
            needs = [each for each in map(Requirement, installed.requires or ()) if _counts(each, asked.extras)]
            found[name] = Part(name, installed.version, licence_of(installed), names_of(map(str, needs)))
            waiting += map(str, needs)
    return dict(sorted(found.items()))


def names_of(wanted: Iterable[str]) -> tuple[str, ...]:
    """The libraries that are asked for, each once, by name."""
    return tuple(sorted({canonicalize_name(Requirement(each).name) for each in wanted}))


def licence_of(installed: Distribution) -> str:
    """Under which licence it is, as an SPDX expression; empty where it does not say."""
    said = installed.metadata.json
    classifiers = [each.rpartition(" :: ")[2] for each in said.get("classifier", ()) if each.startswith("License")]
    named = " OR ".join(SPOKEN.get(each, each) for each in classifiers)
    word = str(said.get("license", "")).strip()
    short = SPOKEN.get(word, word) if word and len(word.split()) <= 2 and "Dual" not in word else ""
    return str(said.get("license_expression", "")) or named or short or READ.get(canonicalize_name(installed.name), "")


def differences(found: Mapping[str, Part], pins: Mapping[str, Pin]) -> Iterator[str]:
    """What is installed and not pinned so, what is pinned and not needed, and what names no licence: a line each."""
    wanted = {name: pin for name, pin in pins.items() if pin.is_for_here}
    for name, part in found.items():
        if name not in wanted or wanted[name].version != part.version:
            yield f"{name} {part.version} is installed; the pins say {wanted[name].version if name in wanted else 'nothing'}"
        if not part.licence:
            yield f"{name} {part.version} names no licence"
    yield from (f"{name} is pinned, and nothing needs it" for name in wanted if name not in found)


def _counts(need: Requirement, extras: Iterable[str]) -> bool:
    return need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
