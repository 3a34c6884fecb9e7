"""`python -m docs.phone WALK FOLDER` draws the cards of a walk on a phone; `--measure WALKS` prints their heights."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from docs.phone.cards import Shown, shown_in
from docs.phone.drawing import png, sheet
from docs.phone.report import cards_of, report
from tests.support.walks.reading import NoWalk, walk_files

USAGE = "python -m docs.phone WALK FOLDER [--cards 3-7,9] [--all] [--strip 4] [--svg], or --measure WALKS"


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments. Arguments that cannot be parsed end the program with an explanation."""
    parser = argparse.ArgumentParser("python -m docs.phone", USAGE, __doc__)
    parser.add_argument("walk", nargs="?", type=Path, help="a walk, such as tests/walks/03-both-columns.walk")
    parser.add_argument("folder", nargs="?", type=Path, help="where the pictures go; it is made where there is none")
    parser.add_argument("--cards", type=numbers, help="which cards, counted from 1, such as 3-7,9; without it all")
    parser.add_argument("--all", action="store_true", help="also the cards that the walk passes without printing them")
    parser.add_argument("--strip", type=int, metavar="N", help="one picture with N phones side by side")
    parser.add_argument("--svg", action="store_true", help="SVG, whose words are text, where PNG is the rule")
    parser.add_argument(
        "--measure", type=Path, metavar="WALKS", help="a walk or a folder of walks: how high its cards are"
    )
    found = parser.parse_args(arguments)
    if found.measure is None and (found.walk is None or found.folder is None):
        parser.error("a walk and a folder are needed")
    if found.strip is not None and found.strip < 1:
        parser.error("a strip has at least one phone side by side")
    return found


def numbers(words: str) -> tuple[int, ...]:
    """Return the numbers of cards that a text such as “3-7,9” stands for, in this order."""
    found: list[int] = []
    for part in words.split(","):
        first, dash, last = part.partition("-")
        found += range(int(first), int(last if dash else first) + 1)
    return tuple(found)


def main(arguments: Sequence[str]) -> int:
    """Draw the cards and print the files' names, or print the heights. Return 1 if a file or a card is missing."""
    found = arguments_of(arguments)
    try:
        said = list(_measured(found.measure) if found.measure else _drawn(found))
    except (OSError, NoWalk, LookupError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in said)
    return 0


def _measured(path: Path) -> Iterator[str]:
    paths = walk_files(path) if path.is_dir() else [path]
    if not paths:
        raise LookupError(f"{path}: no walk is there")
    return report(cards_of(paths))


def _drawn(found: argparse.Namespace) -> Iterator[str]:
    """Draw the requested cards, and yield the name of each file."""
    shown = [each for each in shown_in(found.walk) if found.all or each.is_printed]
    chosen = found.cards or range(1, len(shown) + 1)
    if missing := [number for number in chosen if not 1 <= number <= len(shown)]:
        raise LookupError(f"{found.walk.name} has {len(shown)} cards, and no card {missing[0]}")
    found.folder.mkdir(parents=True, exist_ok=True)
    name = found.walk.stem
    if found.strip:
        yield _written(found.folder / f"{name}-strip", [shown[number - 1] for number in chosen], found)
        return
    for number in chosen:
        yield _written(found.folder / f"{name}-{number:03}", [shown[number - 1]], found)


def _written(stem: Path, cards: Sequence[Shown], found: argparse.Namespace) -> str:
    path = stem.with_name(f"{stem.name}{'.svg' if found.svg else '.png'}")
    drawn = sheet(cards, found.strip or 1)
    path.write_bytes(drawn.svg.encode() if found.svg else png(drawn))
    return str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
