"""Pictures of pages as a real browser shows them: a guest's phone and a trainer's projector, into `docs/pictures/`.

`make browser-pictures` writes them. The room is open for that alone, its code opens nothing, and the child is made up.
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.support.shipped import NOON
from tests.support.walks.clock import Surroundings
from tests.support.web.chromium import FLAGS, IS_THERE, PROGRAM, WHY_NOT, free_site
from tests.support.web.rooming import Rooming

FOLDER = Path(__file__).parent / "pictures"
PHONE, PROJECTOR = (390, 844), (1280, 720)


async def main() -> None:
    """Open a room, look at it with both, and write what is seen."""
    site = free_site()
    async with (
        Rooming(Surroundings(NOON.at, "BRISK OTTER 41"), site=site).listening() as house,
        async_playwright() as driver,
    ):
        browser = await driver.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        code, screen = await house.host.opened(), await house.host.screen()
        phone = await _opened(browser, f"{site.address}/room/{code}", PHONE)
        await _pressed(phone, "Join", "Next page", "Next page", "Next page", "Next page", "Start the SERAF")
        await _pressed(phone, "Health", "No", "No", "Yes", "16–17", "Form order")
        await phone.screenshot(path=FOLDER / "browser-phone.png")
        projector = await _opened(browser, f"{site.address}{screen}", PROJECTOR)
        await _pressed(projector, "Open the screen")
        await projector.screenshot(path=FOLDER / "browser-projector.png")
        await browser.close()


async def _opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, java_script_enabled=False)
    await page.goto(address)
    return page


async def _pressed(page: Page, *labels: str) -> None:
    """Press one button after the other; without a script each leads to a page that was loaded whole."""
    for label in labels:
        await page.get_by_role("button", name=label, exact=True).click()


if __name__ == "__main__":
    if not IS_THERE:
        sys.exit(WHY_NOT)
    asyncio.run(main())
