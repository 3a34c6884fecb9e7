"""The governance documents to sign: each hazard and threat names its control and existing tests, for this version."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from release import papers
from release.places import project
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN
from tests.support.places import ROOT

PAPERS = ROOT / "docs" / "governance"
PARTS = {
    "hazard-log.md": ("Causes", "Design", "Tests", "Training", "Process"),
    "threat-model.md": ("Control", "Tests", "Residual"),
}
"""The parts that each hazard and each threat must have, by document."""

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")


def read(name: str) -> str:
    return (PAPERS / name).read_text(encoding="utf-8")


def parted(text: str, head: str) -> Mapping[str, str]:
    found = re.split(rf"^### ({head})\b.*$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], (each.split("\n## ")[0] for each in found[2::2]), strict=True))


def shown_in(text: str) -> Iterator[Path]:
    yield from ((PAPERS / link).resolve() for link in re.findall(r"\]\((\.\./\.\./tests/[^)#]*)\)", text))


def shows(path: Path) -> bool:
    if path.suffix == ".py":
        return bool(re.search(r"^\s*(?:async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE))
    return (path.suffix in {".walk", ".csv"} and path.is_file()) or (path.is_dir() and any(path.glob("*.walk")))


PAPERS_IN_PARTS = {
    "hazard-log.md": parted(read("hazard-log.md"), r"H\d\d"),
    "threat-model.md": parted(read("threat-model.md"), r"\d+"),
}
HAZARDS, THREATS = PAPERS_IN_PARTS.values()


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, found in PAPERS_IN_PARTS.items() for number in found]
)
def test_a_hazard_and_a_threat_have_their_controls_and_tests_that_are_there(name: str, number: str) -> None:
    text = PAPERS_IN_PARTS[name][number]
    parts = dict(re.findall(r"^- \*\*([A-Z][a-z]+)\.\*\* (.+?)(?=^- \*\*|\Z)", text, re.MULTILINE | re.DOTALL))
    shown = list(shown_in(parts["Tests"]))

    assert text.partition("\n- **")[0].strip().endswith(".")
    assert tuple(parts) == PARTS[name]
    assert shown
    assert [path.name for path in shown if not shows(path)] == []


def test_numbers_are_given_once_and_in_order() -> None:
    log, model = read("hazard-log.md"), read("threat-model.md")

    assert re.findall(r"^### (H\d\d)", log, re.MULTILINE) == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]
    assert re.findall(r"^### (\d+)\.", model, re.MULTILINE) == [str(number) for number in range(1, len(THREATS) + 1)]


def test_the_table_at_a_glance_has_every_hazard_and_its_risks_are_those_of_the_scale() -> None:
    """The table is ordered by residual risk, and no risk is higher than may be accepted."""
    log = read("hazard-log.md")
    rows = [re.split(r" *\| *", line[2:-2]) for line in log.splitlines() if line.startswith("| ")]
    scale = {row[0]: row[1:] for row in rows}
    groups = [row for row in rows if len(row) == 4 and row[0] in SEVERITIES]
    hazards = [hazard for *_, named in groups for hazard in named.split("; ")]

    assert sorted(hazards) == re.findall(r"^### (H\d\d .+)$", log, re.MULTILINE)
    left = []
    for severity, before, after, named in groups:
        said = [re.fullmatch(r"([a-z ]+), \*\*(\d)\*\*", risk) for risk in (before, after)]
        found = [risk.groups() for risk in said if risk]
        assert len(found) == 2, named
        for likelihood, risk in found:
            assert scale[likelihood][SEVERITIES.index(severity)] == risk, named
        left.append(int(found[1][1]))
    assert left == sorted(left, reverse=True)
    assert max(left) <= 3


def test_the_assessment_counts_the_professions() -> None:
    words = {number: word for word, number in (("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10))}
    professions = [word for word in FACT_WORDS["profession"] if word != NOT_KNOWN]

    dpia = read("dpia.md")

    assert f"| profession | a professional | one of {words[len(professions)]} words |" in dpia


def test_places_to_sign_are_blank() -> None:
    approval = read("safety-case.md").partition("## 8. Approval")[2]
    roles = read("clinical-safety-plan.md").partition("## 2. Who")[2].partition("## 3.")[0]
    rows = [line.strip("| ").split(" | ") for line in f"{approval}{roles}".splitlines() if line.startswith("| ")]
    cells = [cell for first, *others in rows if first not in ("what", "role", "---") for cell in others[-1:]]

    assert len(cells) == 10
    assert [cell for cell in cells if not re.match(r"\*\*\[|–|see \[SECURITY", cell)] == []


def test_all_papers_are_for_the_version_of_the_product() -> None:
    assert list(papers.faults(project()["project"]["version"])) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| Version of the software | 0.1.0 |", "dpia.md is for 0.1.0, the software is 9.1.0"),
        ("", "dpia.md is for no version"),
        ("| Version of the software | 9.1.0 |\n| Version of the software | 9.0.0 |", "dpia.md is for 9.1.0 and 9.0.0"),
    ],
)
def test_a_paper_of_another_version_is_reported(tmp_path: Path, row: str, said: str) -> None:
    for name in papers.NAMES:
        (tmp_path / name).write_text("| Version of the software | 9.1.0 |\n", encoding="utf-8")
    assert list(papers.faults("9.1.0.dev0", tmp_path)) == list(papers.faults("9.1.0", tmp_path)) == []
    (tmp_path / "dpia.md").write_text(f"{row}\n", encoding="utf-8")
    (tmp_path / "safety-case.md").unlink()

    found = list(papers.faults("9.1.0", tmp_path))

    assert [said in found[0], found[1]] == [True, f"safety-case.md is not in {tmp_path}"]


def test_the_command_reports_version_open_places_and_fingerprint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status is 1 if a copy is for another version. Changing one character changes the fingerprint."""
    for name in papers.NAMES:
        (tmp_path / name).write_bytes((PAPERS / name).read_bytes())
    assert papers.main([str(tmp_path)]) == 0
    before = capsys.readouterr().out
    with (tmp_path / "dpia.md").open("a", encoding="utf-8") as paper:
        paper.write(".")
    assert papers.main([str(tmp_path)]) == 0
    after = capsys.readouterr().out

    assert [word for word in papers.NAMES if word not in before] == []
    assert "to be filled in: " in before
    assert len(set(before.splitlines()) ^ set(after.splitlines())) == 2
    assert papers.main(["a", "b"]) == 2
    assert papers.main([str(tmp_path / "none")]) == 1
