"""The parts of a release: pins with hashes, a valid bill of materials, an audit, and one version number."""

import json
import re
from collections.abc import Mapping

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import audit, number
from release.bill import bill, licences, wanted
from release.parts import Part, differences, parts
from release.pins import SETS, Pin, pins_of, read_pins
from release.places import PINS, project
from tests.support.places import ROOT

HASH = "--hash=sha256:" + "0a" * 32
OWN = Part("bot", "1.0", "MIT", ("one",))
FOUND = {"one": Part("one", "1.1", "MIT", ("two",)), "two": Part("two", "2.2", "ISC OR MIT", ())}
WANTED = {name: Pin(name, part.version, "", ("sha256:00",)) for name, part in FOUND.items()}

SAID = """# Changelog

## Unreleased

- A change.

## 1.1.0 (2026-11-26)

## 1.0.0
"""


def asked_for(*extras: str) -> dict[str, Requirement]:
    """Return the requirements of pyproject.toml, including those of these extras and of the extras that they name."""
    said, found = project()["project"], dict[str, Requirement]()
    waiting = said["dependencies"] + [each for extra in extras for each in said["optional-dependencies"][extra]]
    for needed in map(Requirement, waiting):
        if needed.name == said["name"]:
            found |= asked_for(*needed.extras)
        else:
            found[canonicalize_name(needed.name)] = needed
    return found


@pytest.mark.parametrize(
    ("name", "extras"), [("run", ()), ("postgresql", ("postgresql",)), ("test", ("test",)), ("dev", ("dev",))]
)
def test_all_that_is_asked_for_is_pinned_to_a_version_that_fits(name: str, extras: tuple[str, ...]) -> None:
    pins = pins_of(name)

    assert [str(each) for key, each in asked_for(*extras).items() if pins[key].version not in each.specifier] == []


def test_build_requirements_are_pinned_too() -> None:
    (backend,) = map(Requirement, project()["build-system"]["requires"])

    assert pins_of("build")[backend.name].version in backend.specifier


def test_the_pins_agree_and_what_runs_is_in_all() -> None:
    """Each library has the same version and the same hashes in every file."""
    files = {name: pins_of(name) for name in SETS}
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for pin in (each for pins in files.values() for each in pins.values()):
        found.setdefault(pin.name, set()).add((pin.version, pin.hashes))

    assert {name: every for name, every in found.items() if len(every) > 1} == {}
    assert files["run"].keys() < files["postgresql"].keys() < files["test"].keys() < files["dev"].keys()
    assert {path.name for path in PINS.iterdir()} == {f"{name}.txt" for name in SETS}


@pytest.mark.parametrize(
    "line",
    ["one==1.0", "one>=1.0 " + HASH, "one " + HASH, "one==1.0 --hash=md5:00", "--index-url x", "-e .", "one @ x"],
)
def test_a_pin_needs_a_version_and_a_hash_and_no_address(line: str) -> None:
    with pytest.raises(ValueError, match=r"not (one exact|a) version"):
        list(read_pins(line))

    assert next(read_pins(f"# why\none[two]==1.0 ; python_version < '3' \\\n    {HASH}\n")).is_for_here is False


def test_everything_is_installed_from_the_pins() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in (ROOT / "Makefile", *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    ]
    installing = r"^.*(?:/bin/python -m pip (?:install|download|wheel)|\$\(INSTALL\)) .*$"
    result = re.findall(installing, "\n".join(texts), re.MULTILINE)
    closed = ("--require-hashes ", "--no-deps --no-build-isolation", "--no-index --no-deps")

    assert len(result) == 11
    assert [line for line in result if not any(words in line for words in closed)] == []


def test_the_bill_is_of_what_is_pinned() -> None:
    found = parts(wanted())

    assert [each for each in differences(found, pins_of("postgresql")) if "installed" not in each] == []
    assert {"aiohttp", "cryptography", "cffi", "psycopg-binary"} <= found.keys()
    assert found["psycopg"].licence == "LGPL-3.0-only"
    assert "pytest" not in found


def test_an_unexpected_unneeded_or_unlicensed_package_is_reported() -> None:
    pins = WANTED | {
        "one": Pin("one", "1.0", "", ()),
        "old": Pin("old", "1", "", ()),
        "far": Pin("far", "1", "os_name == ''", ()),
    }
    nameless = FOUND | {"two": Part("two", "2.2", "", ())}

    assert list(differences(FOUND, WANTED)) == []
    assert list(differences(nameless, pins)) == [
        "one 1.1 is installed; the pins say 1.0",
        "two 2.2 names no licence",
        "old is pinned, and nothing needs it",
    ]


def test_a_bill_is_valid_and_the_same_for_the_same_libraries() -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    made = bill(OWN, FOUND)

    assert validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(made) is None
    assert made == bill(OWN, dict(FOUND)) != bill(OWN, FOUND | {"two": Part("two", "2.3", "MIT", ())})
    assert [each["dependsOn"] for each in json.loads(made)["dependencies"]] == [
        ["pkg:pypi/one@1.1"],
        ["pkg:pypi/two@2.2"],
        [],
    ]
    assert "| two | 2.2 | ISC OR MIT |" in licences(FOUND.values())


@pytest.mark.parametrize(
    ("dependencies", "status", "words"),
    [
        ([{"name": name, "vulns": []} for name in FOUND], 0, "2 libraries looked up, 0 known faults"),
        ([{"name": "one", "vulns": [{"id": "F-1"}]}, {"name": "two", "vulns": []}], 1, "known fault: one: F-1"),
        ([{"name": name, "skip_reason": "not found"} for name in FOUND], 1, "2 of 2 libraries could not be looked up"),
        ([{"name": "one", "vulns": []}], 1, "not looked up: two"),
        ([], 1, "2 of 2 libraries could not be looked up"),
    ],
)
def test_an_audit_that_could_not_look_has_found_nothing_out(
    dependencies: list[object],
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audit, "pins_of", lambda name: WANTED if name == "dev" else {})
    monkeypatch.setattr(audit, "_asked", lambda name: {"dependencies": dependencies if name == "dev" else []})

    assert audit.main() == status
    assert words in capsys.readouterr().out


def test_the_number_is_shown_once() -> None:
    assert number.found() == []


@pytest.mark.parametrize(
    ("own", "changelog", "tags", "words"),
    [
        ("1.2.0.dev0", SAID, [], None),
        ("1.1.0", SAID.replace("## Unreleased", "# Old"), ["v1.1.0"], None),
        ("1.1.0", SAID, [], "should be a .dev0 after 1.1.0"),
        ("1.0.5.dev0", SAID, [], "should be a .dev0 after 1.1.0"),
        ("1.2.0", SAID.replace("## Unreleased", "# Old"), [], "begins with 1.1.0"),
        ("1.2.0.dev0", SAID, ["v1.2.0"], "is tagged v1.2.0"),
        ("2.1.0.dev0", SAID.replace("1.0.0", "2.0.0"), [], "does not stand first"),
    ],
)
def test_a_number_that_does_not_fit_is_reported(own: str, changelog: str, tags: list[str], words: str | None) -> None:
    found = list(number.faults(own, changelog, tags))

    assert found == [] if words is None else words in "\n".join(found)


@pytest.mark.parametrize(
    ("tags", "missing"), [([], []), (["v1.1.0", "v1.0.0"], []), (["v1.1.0"], ["1.0.0 is in CHANGELOG.md"])]
)
def test_a_release_without_its_tag_is_reported(tags: list[str], missing: list[str]) -> None:
    """People install a release by its tag. In a copy without any tag, this check is left out."""
    found = list(number.unnamed(SAID, tags))

    assert [each.partition(",")[0] for each in found] == missing


def test_only_a_release_that_is_committed_is_tagged(monkeypatch: pytest.MonkeyPatch) -> None:
    said: Mapping[tuple[str, ...], str] = {("status", "--porcelain"): " M a"}
    monkeypatch.setattr(number, "_git", lambda *words: said.get(words, ""))
    monkeypatch.setattr(number, "project", lambda: {"project": {"version": "9.0.0.dev0"}})

    assert number.main(("--tag",)) == 1
