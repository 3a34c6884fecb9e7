"""Sentences as a professional might write them, and how many of them the screening of notes takes and refuses."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.runtime.packs import SHIPPED, load_pack
from bot.screening import Screener, screener

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the kind of identifier in it, or an empty text."""

    text: str
    kind: str = ""


def passing() -> tuple[Sentence, ...]:
    return tuple(map(Sentence, _lines("passed.txt")))


def refusing() -> tuple[Sentence, ...]:
    return _kinds("refused.txt")


def hard() -> tuple[Sentence, ...]:
    return _kinds("hard.txt")


@cache
def looking() -> Screener:
    return screener(load_pack(SHIPPED))


def is_refused(sentence: Sentence) -> bool:
    return bool(looking().could_be(sentence.text))


def rates() -> tuple[tuple[str, int, int], ...]:
    tables = {"without an identifier": passing(), "with an identifier": refusing(), "hard": hard()}
    return tuple((name, sum(map(is_refused, table)), len(table)) for name, table in tables.items())


def _kinds(name: str) -> tuple[Sentence, ...]:
    pairs = (line.partition("\t") for line in _lines(name))
    return tuple(Sentence(text, kind) for kind, _, text in pairs)


def _lines(name: str) -> list[str]:
    return [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line]
