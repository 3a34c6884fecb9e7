"""The installed libraries that the bot runs on, each with its licence and with the libraries that it depends on."""

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
"""The SPDX identifier of each licence name that packages use. Packages that only say “BSD” use the 3-clause licence."""

READ: Mapping[str, str] = MappingProxyType({"pyrage": "MIT"})
"""The licences of libraries whose metadata names none. Somebody has read the text of each licence."""


@dataclass(frozen=True, slots=True)
class Part:
    """An installed library: its name, version, licence (SPDX), and the names of the libraries that it depends on."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def parts(wanted: Iterable[str]) -> dict[str, Part]:
    """Return these libraries and all libraries that they depend on for this machine, sorted and keyed by name."""
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
    """Return the sorted names of the libraries in these requirements, without repetitions."""
    return tuple(sorted({canonicalize_name(Requirement(each).name) for each in wanted}))


def licence_of(installed: Distribution) -> str:
    """Return the licence of an installed library as an SPDX expression, or an empty string if its metadata names none."""
    said = installed.metadata.json
    classifiers = [each.rpartition(" :: ")[2] for each in said.get("classifier", ()) if each.startswith("License")]
    named = " OR ".join(SPOKEN.get(each, each) for each in classifiers)
    word = str(said.get("license", "")).strip()
    short = SPOKEN.get(word, word) if word and len(word.split()) <= 2 and "Dual" not in word else ""
    return str(said.get("license_expression", "")) or named or short or READ.get(canonicalize_name(installed.name), "")


def differences(found: Mapping[str, Part], pins: Mapping[str, Pin]) -> Iterator[str]:
    """Yield a line for each library that is installed but not pinned so, pinned but not needed, or has no licence."""
    wanted = {name: pin for name, pin in pins.items() if pin.is_for_here}
    for name, part in found.items():
        if name not in wanted or wanted[name].version != part.version:
            yield f"{name} {part.version} is installed; the pins say {wanted[name].version if name in wanted else 'nothing'}"
        if not part.licence:
            yield f"{name} {part.version} names no licence"
    yield from (f"{name} is pinned, and nothing needs it" for name in wanted if name not in found)


def _counts(need: Requirement, extras: Iterable[str]) -> bool:
    return need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
