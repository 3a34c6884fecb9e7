"""Sentences as a professional might write them, and how many of them the screening of notes takes and refuses."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.runtime.packs import SHIPPED, load_pack
from bot.screening import Screener, screener

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the kind of identifier that is in it; empty where there is none."""

    text: str
    kind: str = ""


def passing() -> tuple[Sentence, ...]:
    """Sentences without an identifier, all of which must pass."""
    return tuple(map(Sentence, _lines("passed.txt")))


def refusing() -> tuple[Sentence, ...]:
    """Sentences with an identifier of a form that is looked for, all of which must be refused."""
    return _kinds("refused.txt")


def hard() -> tuple[Sentence, ...]:
    """Sentences that point to somebody in ways that forms do not show: written to see how much gets by."""
    return _kinds("hard.txt")


@cache
def looking() -> Screener:
    """What looks through them: that of the shipped pack."""
    return screener(load_pack(SHIPPED))


def is_refused(sentence: Sentence) -> bool:
    """Whether the sentence is refused, as whatever it may be."""
    return bool(looking().could_be(sentence.text))


def rates() -> tuple[tuple[str, int, int], ...]:
    """Each table, how many of it were refused, and how many there are."""
    tables = {"without an identifier": passing(), "with an identifier": refusing(), "hard": hard()}
    return tuple((name, sum(map(is_refused, table)), len(table)) for name, table in tables.items())


def _kinds(name: str) -> tuple[Sentence, ...]:
    pairs = (line.partition("\t") for line in _lines(name))
    return tuple(Sentence(text, kind) for kind, _, text in pairs)


def _lines(name: str) -> list[str]:
    return [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line]
