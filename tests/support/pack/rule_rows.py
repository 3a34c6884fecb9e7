"""The table of rules in tests/rules: for each rule, cases in which it must apply and cases in which it must not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seraf.advice.action_plan import HOME, HOURS, Hour
from seraf.form.responses import Case, Responses
from seraf.form.second_view import Says, SecondView
from seraf.form.vocabulary import EARLIER_CATEGORY, FACT_WORDS, FLOOR, REASONABLE, SECOND_VIEW, STILL_COUNTS, Age
from tests.support.places import TESTS
from tests.support.shipped import INSTRUMENT, PACK

TABLE = TESTS / "rules" / "rules.txt"

BASE = {
    **{"age": "13-15", "danger": "no", "told_or_seen": "no", "allocated": "no", "stage": "first"},
    **{"judgement": "no", "profession": "other"},
}
"""The answers to questions other than items, unless a case gives others."""

CLOCK = {HOURS: "open", HOME: "leaving"}
"""The time of day, unless a case gives another. It is a fact, but nobody's answer."""

EARLIER = (f"{EARLIER_CATEGORY}=", f"{STILL_COUNTS}=")
"""The beginnings of words that list what an earlier SERAF left. The values after them are separated by commas."""

RAISED = f"{SECOND_VIEW}="
"""The beginning of a word that says what one other person raises the case to."""

CATEGORIES = {
    "C2": ("V4", "V5", "V6", "V7", "V8", "V9"),
    "C3": ("V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "M3", "M9", "M10"),
    "C4": ("V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "M2", "M3", "M8", "M9", "M10", "M11", "M12", "M1"),
}
"""Items that add up to 6, 11 and 16 points."""

WINDOWS = {"c": "current", "r": "recent", "b": "both", "?": "not-known", "": "yes"}


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, with the cases in which it must apply (`holds`) and must not apply (`fails`), as texts of the table."""

    kind: str
    rule: str
    holds: tuple[str, ...]
    fails: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule}"


def rows() -> Iterator[Row]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, holds, fails = line.split("|")
            kind, rule = name.split()
            yield Row(kind, rule, _cases(holds), _cases(fails))


def case_of(words: str) -> Case:
    """Return the case that a text of the table describes."""
    answers, given, is_open = BASE | CLOCK, {item.id: "no" for item in INSTRUMENT.items}, False
    named: dict[str, str] = {}
    earlier: dict[str, frozenset[str]] = {}
    views, floor = tuple[SecondView, ...](), ""
    for word in words.split():
        if word.startswith(EARLIER):
            key, _, stands = word.partition("=")
            earlier[key] = frozenset(stands.split(","))
        elif word.startswith(RAISED):
            _, _, height = word.partition("=")
            is_of_grounds = height == REASONABLE
            views += (SecondView(Says.AS, grounds="yes") if is_of_grounds else SecondView(Says.MORE, height),)
        elif word.startswith(f"{FLOOR}="):
            floor = word.partition("=")[2]
        elif "=" in word:
            key, answer = _answer(word)
            answers[key] = answer
        elif word in CATEGORIES:
            named |= dict.fromkeys(CATEGORIES[word], "yes")
        elif word == "rest?":
            is_open = True
        elif word != "base":
            named |= _item(word)
    said = {key: word for key, word in answers.items() if key not in CLOCK}
    return Case(Age(said["age"]), Responses.of(named if is_open else given | named), said, earlier, views, floor)


def hour_of(words: str) -> Hour:
    """Return the time of day of a case. Without a word about it, the offices are open and no pupil has gone home."""
    return Hour(is_open=f"{HOURS}=closed" not in words.split(), is_after_home_time=f"{HOME}=home" in words.split())


def _answer(word: str) -> tuple[str, str]:
    key, _, answer = word.partition("=")
    asked = PACK.guidance.circumstance(key)
    known = asked.words if asked else FACT_WORDS.get(key, ())
    assert answer in known, f"not an answer of the pack: {word}"
    return key, answer


def _item(word: str) -> dict[str, str]:
    found = re.fullmatch(r"([VMS]\d+)([crb?]?)", word)
    assert found, f"not a word of the table: {word}"
    return {found[1]: WINDOWS[found[2]]}


def _cases(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
