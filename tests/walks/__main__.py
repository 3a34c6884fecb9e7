"""`python -m tests.walks` lists walks that no longer match the bot; with `--write`, it rewrites their cards."""

import sys

from tests.support.walks.reading import read_walk, walk_files
from tests.support.walks.showing import shown_by_the_core
from tests.support.walks.writing import written


def main(arguments: list[str]) -> int:
    """Write or check all walks, or those whose names contain an argument; return how many are out of date."""
    is_to_write = "--write" in arguments
    words = [each for each in arguments if not each.startswith("--")]
    old = 0
    for path in walk_files():
        if words and not any(word in path.name for word in words):
            continue
        text = written(shown_by_the_core(read_walk(path)))
        if text == path.read_text(encoding="utf-8"):
            continue
        sys.stdout.write(f"{path.name}: {'written' if is_to_write else 'out of date'}\n")
        if is_to_write:
            path.write_text(text, encoding="utf-8")
        old += not is_to_write
    return old


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
