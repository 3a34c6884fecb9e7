"""`python -m tests.trees` lists the trees that no longer match the pages; with `--write`, it writes them."""

import asyncio
import sys

from tests.support.chromium.windows import started
from tests.support.web.dozen import shapes
from tests.trees import FOLDER, kept_trees, tree_of


async def main(*, is_to_write: bool) -> int:
    """List or write what is out of date. Return 1 if something is and was not written."""
    kept, old = kept_trees(), 0
    async with started() as chromium:
        for name, place in shapes().items():
            tree = await tree_of(chromium, place)
            if tree != kept.pop(name, None):
                sys.stdout.write(f"{name}: {'written' if is_to_write else 'out of date'}\n")
                old += 1
                if is_to_write:
                    (FOLDER / f"{name}.txt").write_text(tree, encoding="utf-8")
    for name in kept:
        sys.stdout.write(f"{name}: no page is of this shape\n")
        if is_to_write:
            (FOLDER / f"{name}.txt").unlink()
    return int(bool(old or kept) and not is_to_write)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(is_to_write="--write" in sys.argv[1:])))
