"""Takes the pictures of web pages in `docs/pictures/` (`make browser-pictures`): two phones and a projector.

The pages are served only while the pictures are taken, at an address that belongs to nobody. The codes in them are
invalid, and the cases are made up.
"""

import asyncio
import ssl
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.channels.web.site import Site
from tests.support.chromium.windows import IS_THERE, PHONE, WHY_NOT, Screen, free_port, play, started, window
from tests.support.shipped import NOON
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replayed
from tests.support.walks.model import FOLDER as WALKS
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk
from tests.support.web.rooming import Rooming
from tests.support.web.serving import BADGE, SAM, let_in, made

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

FOLDER = Path(__file__).parent / "pictures"
ADDRESS = "https://seraf.example.org"
NAME = ADDRESS.removeprefix("https://")
STILL = replace(PHONE, has_script=False)
PROJECTOR = Screen(1280, 720, has_script=False)
WALK = WALKS / "57-a-teacher-and-category-4.walk"
"""The recorded conversation whose first result is shown."""


CUT = """() => {
    const bar = document.querySelector('.bar').getBoundingClientRect().top;
    const boxes = [...document.querySelectorAll('main :is(h2, p, li li, a, summary)')].map(each => each.getBoundingClientRect());
    const cut = boxes.filter(each => each.top < bar && each.bottom > bar - 4);
    return Math.ceil(Math.max(0, ...cut.map(each => each.bottom - bar + 4)));
}"""
"""How many px a window lacks for the row that the bar at its foot cuts."""


async def main() -> None:
    """Serve the pages, take the pictures, and write them."""
    site = Site(ADDRESS, "127.0.0.1", free_port(), tls=_certified())
    leads_here = (f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{site.port}", "--ignore-certificate-errors")
    async with started(*leads_here) as browser:
        await _of_a_case(browser, site)
        await _of_a_room(browser, site)


async def _of_a_case(browser: "Browser", site: Site) -> None:
    """Take the picture of a phone that shows the result of the recorded conversation."""
    walk = read_walk(WALK)
    around = Surroundings(walk.at, walk.reference)
    house = made(around)
    house.site = site
    await let_in(house, [SAM], now=around.now())
    async with house.listening(), window(browser, STILL, site.address) as context:
        await context.add_cookies([{"name": BADGE, "value": "sam", "url": site.address}])
        page = await context.new_page()
        await page.goto("/")
        for scene in replayed(WALK, WEB)[1:]:
            if "· what to do" in await page.locator("main").inner_text():
                break
            await play(page, [scene])
        await page.set_viewport_size({"width": STILL.width, "height": STILL.height + await page.evaluate(CUT)})
        await page.screenshot(path=FOLDER / "browser-card.png")


async def _of_a_room(browser: "Browser", site: Site) -> None:
    """Take the pictures of a guest's phone, and of the projector before the room begins."""
    around = Surroundings(NOON.at, "BRISK OTTER 41")
    async with (
        Rooming(around, site=site, fresh_code=around.fresh_code).listening() as house,
        window(browser, STILL, site.address) as phones,
        window(browser, PROJECTOR, site.address) as screens,
    ):
        code, screen = await house.host.opened(), await house.host.screen()
        phone, projector = await phones.new_page(), await screens.new_page()
        await phone.goto(f"/room/{code}")
        await _pressed(phone, "Join", "Start the SERAF")
        await _pressed(phone, "Health", "Neither", "No", "Yes", "16–17", "Form order")
        await phone.screenshot(path=FOLDER / "browser-phone.png")
        await projector.goto(screen)
        await _pressed(projector, "Open the screen")
        await projector.screenshot(path=FOLDER / "browser-projector.png")


async def _pressed(page: "Page", *labels: str) -> None:
    """Press these buttons one after another, or choose and continue. Without JavaScript, each loads a whole page."""
    for label in labels:
        choice = page.get_by_role("radio", name=label, exact=True)
        if await choice.count():
            await choice.check()
        await page.get_by_role("button", name="Continue" if await choice.count() else label, exact=True).click()


def _certified() -> ssl.SSLContext:
    """Return a TLS context with a self-signed certificate, valid for an hour. The browser ignores its missing authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made_out = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = NOON.at
    signed = made_out.not_valid_before(now).not_valid_after(now + timedelta(hours=1)).sign(key, hashes.SHA256())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        private = key.private_bytes(serialization.Encoding.PEM, *plain)
        path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    return context


if __name__ == "__main__":
    if not IS_THERE:
        sys.exit(WHY_NOT)
    asyncio.run(main())
