"""A person who acts at random on the web pages, and a check that the right data is shown and stored."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from bot.conversation.records import session_of
from bot.rehearsal.mode import practice_of
from bot.storage.store import Store
from dialogs.core.acts import Given, code_of
from tests.support.shipped import WEB_SCRIPT
from tests.support.telegram.mirror import Mirror, expected, foreseen
from tests.support.web.browser import Browser
from tests.support.web.expecting import faults_of
from tests.support.web.seeing import Page, seen

COMMANDS = ("start", "urgent", "help", "pause", "resume", "explain", "nothing")
REMEMBERED = 50


class Actor:
    """A person with a browser, and a prediction of their conversation by the core."""

    def __init__(self, browser: Browser, mirror: Mirror, draw: Random) -> None:
        self.browser = browser
        self.mirror = replace(mirror, script=WEB_SCRIPT)
        self.draw = draw
        self._sent: list[Mapping[str, str]] = []
        self._pages: list[Page] = []

    @property
    def person(self) -> str:
        """The id under which the store knows the person."""
        return f"web:{self.browser.badge.partition('.')[0]}"

    async def act(self) -> None:
        """Do something at random, including what a bad connection can cause, and check the page that follows."""
        chance = self.draw.random()
        if chance < 0.35 and self._sent:
            await self._repeat()
        elif chance < 0.45:
            await self._command()
        elif self.browser.page.boxes and chance < 0.8:
            await self._fill_in(self.browser.page)
        else:
            await self._press(self.draw.choice(foreseen(self.browser.page.presses)), self.browser.page)
        await self.look()

    async def look(self) -> Page:
        """Open the page, check that it shows the predicted card, and return it."""
        page = await self._opened()
        shown = seen(expected(self.browser.answer.text))
        faults = faults_of(shown, self.mirror.card, self.mirror.script)
        assert faults == [], f"{faults}\n{self.browser.answer.text}"
        self._pages = [*self._pages[-REMEMBERED:], page]
        return page

    async def is_kept(self, store: Store, mirror: Mirror | None = None) -> bool:
        """Return True if the store has the predicted session and rehearsal."""
        found, copy = await store.recall(self.person), mirror or self.mirror
        if found is None or practice_of(found[0]) != copy.held.practice:
            return False
        return copy.is_kept_as(session_of(found[0]))

    async def _opened(self) -> Page:
        """Open the page. Subclasses do this over a connection that may fail."""
        return await self.browser.open()

    async def _command(self) -> None:
        """Send a random command from the menu."""
        name = self.draw.choice(COMMANDS)
        self.mirror.type(f"/{name}")
        await self._send({"nonce": self.browser.page.nonce, "command": name, "words": ""})

    async def _fill_in(self, page: Page) -> None:
        """Tick some boxes and say something of the rest, or choose an answer, and send it."""
        rest = [each for each in page.boxes if each.attributes["name"] == "rest"]
        if not rest:
            choices = [each for each in page.boxes if each.attributes["name"] == "press"]
            await self._press(self.draw.choice(choices).attributes["value"], page)
            return
        ticks = [each for each in page.boxes if each.attributes["type"] == "checkbox"]
        ticked = [at for at in range(len(ticks)) if self.draw.random() < 0.2]
        said = self.draw.choice(rest).attributes["value"]
        self.mirror.press(f"{page.token}:{code_of(Given(said, sum(1 << at for at in ticked)))}")
        boxes = {ticks[at].attributes["name"]: "1" for at in ticked}
        await self._send({"nonce": page.nonce, "ticks": page.token, **boxes, "rest": said})

    async def _press(self, press: str, page: Page) -> None:
        self.mirror.press(press)
        await self._send({"nonce": page.nonce, "press": press})

    async def _repeat(self) -> None:
        """Send an earlier form again, unchanged or with a current nonce, or press a button of an outdated page."""
        chance, presses = self.draw.random(), [form for form in self._sent if "press" in form]
        if chance < 0.4:
            await self._post(self.draw.choice(self._sent))
        elif chance < 0.6 and presses:
            await self._post({**presses[-1], "nonce": self.browser.page.nonce})
        else:
            page = self.draw.choice(self._pages)
            before = self.mirror.session
            if page.presses and page.token != self.browser.page.token:
                await self._press(self.draw.choice(page.presses), page)
                assert self.mirror.session == before, "the core lets no older card count"

    async def _send(self, form: Mapping[str, str]) -> None:
        self._sent = [*self._sent[-REMEMBERED:], form]
        for _ in range(self.draw.choice((1, 1, 2))):
            await self._post(form)

    async def _post(self, form: Mapping[str, str]) -> None:
        """Send a form, and check that it was accepted. Subclasses do this over a connection that may fail."""
        await self.browser.send_on(form)
        assert self.browser.answer.status == 303
