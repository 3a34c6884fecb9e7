"""Writes the bill of materials (CycloneDX 1.6, JSON) and the list of licences: `python -m release.bill`.

Both go to build/release. The same pins give the same bytes. The bill has no date and names no registry.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from release.parts import Part, differences, names_of, parts
from release.pins import pins_of
from release.places import MADE, project

SPACE = UUID("4e1a9b52-5d0c-4f1e-9d2f-6d7f3c1b8a90")
"""The UUID namespace. The serial number of a bill is derived from it and from the bill's content."""


def bill(own: Part, found: Mapping[str, Part]) -> str:
    """Return the bill of materials as JSON: the bot, the libraries that it runs on, and their dependencies."""
    made: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(own, "application")},
        "components": [_component(part, "library") for part in found.values()],
        "dependencies": [
            {"ref": _mark(part), "dependsOn": [_mark(found[name]) for name in part.needs]}
            for part in (own, *found.values())
        ],
    }
    number = uuid5(SPACE, json.dumps(made, sort_keys=True))
    return json.dumps({**made, "serialNumber": f"urn:uuid:{number}"}, indent=2) + "\n"


def licences(found: Iterable[Part]) -> str:
    """Return a Markdown table of every library with its version and licence."""
    rows = "".join(f"| {part.name} | {part.version} | {part.licence} |\n" for part in found)
    return f"# Licences of what the bot runs on\n\n| library | version | licence |\n| --- | --- | --- |\n{rows}"


def _mark(part: Part) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def _component(part: Part, kind: str) -> dict[str, Any]:
    mark = _mark(part)
    said = {"type": kind, "name": part.name, "version": part.version, "bom-ref": mark, "purl": mark}
    return {**said, "licenses": [{"expression": part.licence}]}


def wanted() -> list[str]:
    """Return the requirements of the bot, with a store in PostgreSQL too."""
    said = project()["project"]
    return [*said["dependencies"], *said["optional-dependencies"]["postgresql"]]


def main() -> int:
    """Write the bill and the licences. Return the exit status: 1 if the installed libraries differ from the pinned ones."""
    said, asked = project()["project"], wanted()
    found = parts(asked)
    if faults := list(differences(found, pins_of("postgresql"))):
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        return 1
    MADE.mkdir(parents=True, exist_ok=True)
    own = Part(said["name"], said["version"], said["license"], names_of(asked))
    (MADE / "bill.cdx.json").write_text(bill(own, found), encoding="utf-8")
    (MADE / "licences.md").write_text(licences(found.values()), encoding="utf-8")
    sys.stdout.write(f"build/release: bill.cdx.json and licences.md, {len(found)} libraries\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
