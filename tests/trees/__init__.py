"""What a screen reader gets of each shape of a page: roles, names and levels. `python -m tests.trees --write` writes the files."""

from typing import TYPE_CHECKING

from tests.support.chromium.reaching import reaching
from tests.support.chromium.windows import PHONE
from tests.support.places import TESTS
from tests.support.web.dozen import Place

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

FOLDER = TESTS / "trees"


def kept_trees() -> dict[str, str]:
    """Return the reviewed trees by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}


async def tree_of(chromium: "Chromium", place: Place) -> str:
    """Return the accessibility tree of the page at this place."""
    async with reaching(chromium, place, PHONE) as here:
        return await tree_on(here.page)


async def tree_on(page: "Page") -> str:
    """Return the accessibility tree of an open page."""
    return f"title: {await page.title()}\n{await page.locator('body').aria_snapshot()}\n"
