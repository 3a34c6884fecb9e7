"""The places in which three people play a transcript: the store alone, and the running bot with chats, pages, or both."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.access.account import Account, Terms, read_account, written
from bot.channels import due_work
from bot.channels.telegram.connecting import Manners
from bot.conversation.changes import RecordChange
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Record
from bot.wiring import Environment, run_until
from dialogs.core.replies import Toast
from dialogs.core.teams import Member, Team, TeamPlace
from tests.fakes.telegram import FakeClock, FakeTelegram, Person, Unseen
from tests.support.chromium.windows import free_port
from tests.support.second_look.three import AUDIT_IDS, Three, come_together
from tests.support.second_look.transcript import NAMES, SAMPLE, Transcript, played, settled
from tests.support.shipped import SCRIPT
from tests.support.telegram.bots import QUICKLY, At
from tests.support.telegram.home import Home
from tests.support.walks.core import sight_of
from tests.support.walks.model import EMPTY, Sight
from tests.support.walks.telegram import never_cut_off, sight_of_message
from tests.support.web.browser import Browser
from tests.support.web.seeing import Page
from tests.support.web.serving import Badges

LASTS = Terms(lock=timedelta(days=1))
TEAM = Team(
    "North",
    tuple(Member(who, TeamPlace(place)) for who, place in zip(AUDIT_IDS, ("member", "manages", "member"), strict=True)),
)
CHATS, PAGES = {"Sam": 7, "Dana": 8, "Jo": 9}, {"Sam": "sam", "Dana": "dana", "Jo": "jo"}
SECONDS, TRIES = 8.0, 5
SOON = 0.01
"""Every how many seconds the bot looks what is due."""

STALE = SCRIPT.wording.say("toast.stale")
ON_PAGES = {
    "Type /look, and after it the code that your colleague says.": "Type the code that your colleague says.",
}
"""What a page says in other words than a chat, which has no field."""

SECOND = "CALM KETTLE 20"
"""The reference of the second case, where one is begun."""


class AtTheStore:
    """The three with a store in memory and no channel. This place says what a transcript has to show."""

    def __init__(self, three: Three) -> None:
        self._people = dict(zip(NAMES, three, strict=True))
        self._clock, self._store, self._notice = three.worker.clock, three.worker.store, ""
        self._begun = 0

    @classmethod
    async def of(cls, transcript: Transcript) -> "AtTheStore":
        three = await come_together(at=transcript.at.astimezone(UTC), terms=LASTS)
        for each in three:
            each.bot = replace(each.bot, references=lambda: SECOND)
        place = cls(three)
        place._begun = len(await place.words())
        return place

    async def press(self, name: str, label: str) -> str:
        one, self._notice = self._people[name], ""
        await one.pass_time()
        await one.press(label)
        return self._said(name)

    async def type(self, name: str, line: str) -> None:
        word, _, words = line.removeprefix("/").partition(" ")
        one = self._people[name]
        await (one.command(word, words) if line.startswith("/") else one.type(line))
        self._notice = self._said(name)

    def _said(self, name: str) -> str:
        toasts = [each for each in self._people[name].effects if isinstance(each, Toast)]
        return " ".join(SCRIPT.wording.say(f"toast.{each.key}", **dict(each.values)) for each in toasts)

    async def sight(self, name: str, expected: Sight) -> Sight:
        one, notice, self._notice = self._people[name], self._notice, ""
        if not notice:
            await one.pass_time()
        return sight_of(one.bot.card(one.record, notice))

    async def change(self, name: str, change: RecordChange) -> None:
        await self._people[name]._turn(change)  # noqa: SLF001 — as an operator would

    async def later(self, time: timedelta) -> None:
        self._clock.at += time
        for one in self._people.values():
            await one.pass_time()
            await one._turn(opened_again(self.now()))  # noqa: SLF001

    def now(self) -> datetime:
        return self._clock.at

    async def words(self) -> list[str]:
        return without_locks((await self._people["Sam"].words())[self._begun :])


def without_locks(words: list[str]) -> list[str]:
    """Return kinds of entries without the locks of idle chats, which a running bot notices at a time of its own."""
    return [word for word in words if word != "locked"]


async def at_the_store(transcript: Transcript) -> str:
    """Play a transcript at the store, and return it with what was shown."""
    return await played(transcript, await AtTheStore.of(transcript))


def opened_again(now: datetime) -> RecordChange:
    """Return what opens an idle chat, as the right PIN does."""

    def decide(record: Record, _: object = None) -> Decision | None:
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        door = replace(account.door, is_locked=False, seen=now)
        return Decision(replace(record, access=written(replace(account, door=door)), due=now))

    return decide


class InChannels:
    """The three with the running bot: some in Telegram, some on pages, over HTTP."""

    def __init__(self, home: Home, clock: FakeClock, store: Store, *, on_pages: frozenset[str]) -> None:
        self._home, self._clock, self._store, self._on_pages = home, clock, store, on_pages
        self._chats = {name: home.server.person(number, first_name=name) for name, number in CHATS.items()}
        self._pages = {name: page_of(home, name) for name in on_pages}
        self._begun, self._orders = 0, 0

    async def begin(self) -> None:
        self._begun = len(await self.words())
        for name, person in self._chats.items():
            if name not in self._on_pages:
                await person.send("/start")
                await person.sees("")
                await person.settled()
                if "Go on" in person.card.labels:
                    await person.press("Go on")
        for browser in self._pages.values():
            async with asyncio.timeout(SECONDS):
                while True:
                    with suppress(ConnectionError):
                        if (await browser.open()) and browser.answer.status == 200:
                            break
                    await asyncio.sleep(0.05)

    async def close(self) -> None:
        for browser in self._pages.values():
            await browser.close()

    async def press(self, name: str, label: str) -> str:
        """Press the button once it is there. What others do may draw the card anew at that moment: then press it again."""
        said, tries = STALE, 0
        while said == STALE and tries < TRIES:
            said, tries = await self._pressed(name, label), tries + 1
        return said

    async def _pressed(self, name: str, label: str) -> str:
        if browser := self._pages.get(name):
            await browser.open()
            await browser.press(label)
            return browser.page.said
        person = self._chats[name]
        with suppress(Unseen):
            await person.until(lambda: label in person.card.labels, timeout=SECONDS)
        tap = await person.click(label)
        answer = await person.answered(tap)
        await person.settled()
        return answer.text or ""

    async def type(self, name: str, line: str) -> None:
        word, _, words = (line.removeprefix("/") if line.startswith("/") else f"ask {line}").partition(" ")
        if browser := self._pages.get(name):
            await browser.open()
            await browser.command(word, words)
        else:
            await self._chats[name].send(line)
            await self._chats[name].settled()

    async def again(self, name: str) -> Page:
        """Send the last form of a page again, as a browser does that had no answer."""
        return await self._pages[name].send(self._pages[name].sent)

    async def write(self, name: str, words: str) -> Page:
        """Type words into the field of a page and send them. Return the page that follows."""
        browser = self._pages[name]
        return await browser.submit(browser.button("Send it"), typed=words)

    async def sight(self, name: str, expected: Sight) -> Sight:
        if browser := self._pages.get(name):
            await browser.open()
            return as_expected(browser, expected)
        person = self._chats[name]
        with suppress(Unseen):
            await person.until(lambda: plain(chat_of(person)) == plain(expected), timeout=SECONDS)
        return chat_of(person)

    async def change(self, name: str, change: RecordChange) -> None:
        self._orders += 1
        inbound = Inbound(f"order {self._orders}", self.now(), self._person(name), change, None)
        await self._store.turns([inbound])

    async def later(self, time: timedelta) -> None:
        self._clock.advance(time.total_seconds())
        for name in NAMES:
            await self.change(name, opened_again(self.now()))

    def now(self) -> datetime:
        return self._clock()

    async def words(self) -> list[str]:
        entries = await self._store.read(lambda t: t.audit.entries())
        return without_locks([str(each.what) for each in entries][self._begun :])

    def _person(self, name: str) -> str:
        return f"web:{PAGES[name]}" if name in self._on_pages else f"telegram:{CHATS[name]}"


def page_of(home: Home, name: str) -> Browser:
    """Return the browser of a person."""
    return Browser(home.pages, PAGES[name])


def chat_of(person: Person) -> Sight:
    """Return what a chat shows."""
    messages = [message for message in person.chat if message.by_bot and not message.media and message.keyboard]
    return sight_of_message(messages[-1]) if messages else (EMPTY,)


def plain(sight: Sight) -> Sight:
    """Return a sight in which every code is the one of transcripts."""
    return tuple(settled(each) for each in sight)


def as_expected(browser: Browser, expected: Sight) -> Sight:
    """Return what is expected if the page shows its strong lines, and else the page's own text.

    A page of one's own plan says in a place of its own what leads, and by when each line is due.
    """
    page = " ".join(browser.page.text.split())
    strong = [line.strip("*") for block in expected for line in block.split("\n") if line.startswith("**")]
    numbered = [re.sub(r"^(✓ )?\d+ ", "", each).partition(" · ")[0] for each in strong]
    numbered = [ON_PAGES.get(each, each) for each in numbered]
    shown = [each in page for each in (numbered if browser.page.shape != "plan" else numbered[1:])]
    if not all(shown):
        return (browser.page.shape, browser.page.text)
    code = re.search(r"^[2-9A-Z]{5} [2-9A-Z]{5}$", browser.page.text, re.MULTILINE)
    return tuple(each.replace(SAMPLE, code[0]) for each in expected) if code else expected


@asynccontextmanager
async def channels(
    transcript: Transcript, folder: Path, *, on_pages: frozenset[str], notes: bool = False
) -> AsyncIterator[InChannels]:
    """Run the bot within the context, and yield the place in which those `on_pages` use a browser and the others Telegram."""
    clock, badges = FakeClock(transcript.at), Badges()
    async with FakeTelegram(clock=clock) as server:
        home = Home(folder, server, frozenset(), has_teams=True, notes=notes, pages=free_port() if on_pages else 0)
        store = await home.opened()
        ids = tuple(f"web:{PAGES[name]}" if name in on_pages else f"telegram:{CHATS[name]}" for name in NAMES)
        await come_together(ids, store=store, at=transcript.at.astimezone(UTC))
        await store.write(lambda t: t.teams.keep(TEAM))
        stopped = asyncio.Event()
        environment = Environment(At(clock), lambda: SECOND, Manners(QUICKLY, 0), identity=badges)
        running = asyncio.create_task(run_until(stopped, home.settings, environment=environment, web=bool(on_pages)))
        place = InChannels(home, clock, store, on_pages=on_pages)
        before, due_work.LOOK_EVERY = due_work.LOOK_EVERY, SOON
        try:
            await place.begin()
            with never_cut_off():
                yield place
        finally:
            due_work.LOOK_EVERY = before
            await place.close()
            stopped.set()
            await running
            await store.close()
        assert server.violations == []
