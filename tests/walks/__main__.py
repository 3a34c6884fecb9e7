"""`python -m tests.walks` lists walks that no longer match the bot; with `--write`, it rewrites their cards."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.cheap_pins import use_cheap_pins
from tests.support.second_look.transcript import read, transcripts
from tests.support.walks.reading import read_walk, walk_files
from tests.support.walks.showing import shown_by_the_core
from tests.support.walks.writing import written


def main(arguments: list[str]) -> int:
    """Write or check all walks, or those whose names contain an argument; return how many are out of date."""
    is_to_write = "--write" in arguments
    words = [each for each in arguments if not each.startswith("--")]
    old = 0
    for path, text in _walks(words):
        if text == path.read_text(encoding="utf-8"):
            continue
        sys.stdout.write(f"{path.name}: {'written' if is_to_write else 'out of date'}\n")
        if is_to_write:
            path.write_text(text, encoding="utf-8")
        old += not is_to_write
    return old


def _walks(words: list[str]) -> Iterator[tuple[Path, str]]:
    """Yield the path of each walk whose name contains a word, and its text as the bot is now."""
    for path in [path for path in walk_files() if not words or any(word in path.name for word in words)]:
        yield path, written(shown_by_the_core(read_walk(path)))
    use_cheap_pins()  # before what follows admits anybody
    from tests.support.second_look.places import at_the_store

    for path in [path for path in transcripts() if not words or any(word in path.name for word in words)]:
        yield path, asyncio.run(at_the_store(read(path)))


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
