"""A second, independent implementation of the SERAF score, from the guidance alone. It imports nothing of `seraf`."""

from collections.abc import Mapping
from datetime import date

V = ("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11")
M = ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12")
S = ("S1", "S2", "S3", "S4", "S5", "S6", "S7")
ALL = V + M + S

OPTIONS = {
    **dict.fromkeys(V + M, ("yes", "no", "not-known")),
    **dict.fromkeys(S, ("current", "recent", "both", "no", "not-known")),
}
"""The options of each item."""

AGES = ("under-13", "13-15", "16-17", "18-25", "not-known")

REVISION_DUE = date(2019, 4, 30)


def category(total: int) -> int:
    if total >= 16:
        return 4
    if total >= 11:
        return 3
    return 2 if total >= 6 else 1


def scored(age: str, given: Mapping[str, str], today: date) -> dict[str, object]:
    """Return the score as `seraf-bot score` prints it, as plain values."""
    answered = {item: option for item, option in given.items() if option != "not-known"}
    unknown = [item for item in ALL if item not in answered]
    present = {item for item, option in answered.items() if option != "no"}
    vulnerability = sum(1 for item in V if item in present)
    moderate = sum(1 for item in M if item in present)
    significant = sum(worth(answered.get(item, "")) for item in S)
    under_13 = 5 if age == "under-13" and any(item in present for item in S) else 0
    total = vulnerability + moderate + significant + under_13
    highest = vulnerability + moderate + significant + most_unknown(unknown) + most_for_age(age, present, unknown)
    return {
        "total": total,
        "category": category(total),
        "subtotals": {"vulnerability": vulnerability, "moderate": moderate, "significant": significant},
        "additions": {"under-13": under_13},
        "answered": 30 - len(unknown),
        "of": 30,
        "unknown": unknown,
        "lowest": {"total": total, "category": category(total)},
        "highest": {"total": highest, "category": category(highest)},
        "manager_discussion": rule_10(total, present, unknown),
        "other_harm": [item for item in ("V1", "V2", "V3", "M4", "M6", "M7") if item in present],
        "cautions": cautions(total, under_13, answered, unknown, today),
    }


def worth(option: str) -> int:
    """Return the points of a significant indicator: 5 in the right column, 1 in the left one, 6 in both."""
    return {"current": 5, "recent": 1, "both": 6}.get(option, 0)


def most_unknown(unknown: list[str]) -> int:
    """Return the maximum of points that unknown items could add: 6 for each significant one, 1 for each other one."""
    return sum(6 if item in S else 1 for item in unknown)


def most_for_age(age: str, present: set[str], unknown: list[str]) -> int:
    """Return the maximum of points that the age could add: 5 if the child may be under 13 and a sign may be present."""
    could_be_present = [item for item in S if item in present or item in unknown]
    return 5 if age in ("under-13", "not-known") and could_be_present else 0


def rule_10(total: int, present: set[str], unknown: list[str]) -> str:
    """Return “yes”, “no” or “possible”: a manager has to discuss a significant sign in Category 1 or 2."""
    if total > 10:
        return "no"
    if present.intersection(S):
        return "yes"
    return "possible" if set(unknown).intersection(S) else "no"


def cautions(total: int, under_13: int, answered: Mapping[str, str], unknown: list[str], today: date) -> list[str]:
    """Return the cautions that apply to the total. S1 to S7 are unverified, so the first caution always applies."""
    said = ["unverified-items"]
    if today > REVISION_DUE:
        said.append("edition-overdue")
    if total in (5, 10, 15):
        said.append("missing-item-at-edge")
    windows = {answered[item] for item in S if item in answered} - {"no"}
    if under_13 and windows == {"recent"}:
        said.append("addition-rests-on-recent")
    if unknown:
        said.append("not-known")
    return said
