"""Tests of `POST /awake`: a person who is there keeps their page open, and the page knows when it locks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.account import Terms, read_account
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.admitting import access, admit
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.seeing import seen
from tests.support.web.serving import SAM, Serving, made
from tests.support.web.wire import Answer

LOCK = timedelta(minutes=10)


class There:
    """Sam's browser, and the clock of the server."""

    def __init__(self, serving: Serving, around: Surroundings) -> None:
        self.serving, self.around, self.sam = serving, around, Browser(serving.port)

    async def page(self) -> dict[str, str]:
        """Open the page, and return the attributes of its `main` element."""
        await self.sam.open()
        return next(attributes for name, attributes in seen(self.sam.answer.text).elements if name == "main")

    async def stay(self, **headers: str) -> Answer:
        return await self.sam.wire.post("/awake", {}, {**self.sam.headers, **headers})

    async def kept(self) -> tuple[object, ...]:
        """Return everything stored about Sam but the time of their last act, and that time."""
        found = await self.serving.store.recall(SAM)
        assert found is not None
        account = read_account(found[0].access)
        entries = await self.serving.store.read(lambda t: t.audit.entries())
        seen_at = account.door.seen  # type: ignore[union-attr]
        rest = altered(account, seen=None)  # type: ignore[arg-type]
        return (seen_at, (rest, found[0].case, found[0].card, found[0].active, len(entries)))


@pytest.fixture
async def there(request: pytest.FixtureRequest) -> AsyncIterator[There]:
    around = Surroundings(datetime(2026, 3, 4, 12, tzinfo=UTC), "BRISK OTTER 41")
    lock = timedelta(minutes=getattr(request, "param", 10))
    serving = made(around, terms=Terms(lock=lock))
    await admit(serving.store, [SAM], access(serving.keys, at=around.now()))
    async with serving.listening():
        yield There(serving, around)


async def test_a_page_says_when_it_locks_and_staying_moves_that(there: There) -> None:
    there.around.pass_seconds(100)
    page = await there.page()
    assert (page["data-locks"], page["data-asks"]) == ("500", "120")
    (seen_at, before) = await there.kept()

    answer = await there.stay()

    assert (answer.status, answer.text) == (200, "600")
    assert (await there.page())["data-locks"] == "600"
    assert await there.kept() == (there.around.now(), before)
    assert seen_at == there.around.now() - timedelta(seconds=100)
    there.around.pass_seconds(599)
    assert there.sam.page.heading == (await there.sam.open()).heading == "SERAF consultation"
    there.around.pass_seconds(1)
    assert (await there.sam.open()).heading == "Locked"


async def test_staying_is_written_once_a_minute(there: There) -> None:
    there.around.pass_seconds(59)
    before = await there.kept()

    assert (await there.stay()).text == "541"
    assert await there.kept() == before
    there.around.pass_seconds(2)
    assert (await there.stay()).text == "600"
    assert await there.kept() != before


@pytest.mark.parametrize(("there", "asks"), [(3, 90), (1, 30), (4, 120), (60, 120)], indirect=["there"])
async def test_a_short_lock_asks_at_half_of_its_time(there: There, asks: int) -> None:
    assert (await there.page())["data-asks"] == str(asks)


@pytest.mark.parametrize("there", [1], indirect=True)
async def test_typing_keeps_even_a_page_open_that_locks_after_a_minute(there: There) -> None:
    for _ in range(10):
        there.around.pass_seconds(20)
        assert (await there.stay()).text == "60"
    assert (await there.sam.open()).heading == "SERAF consultation"


async def test_nobody_unlocks_a_page_by_staying(there: There) -> None:
    there.around.pass_seconds(601)
    before = await there.kept()

    assert (await there.stay()).status == 403
    assert await there.kept() == before
    assert "data-locks" not in await there.page()


async def test_staying_is_refused_to_others(there: There) -> None:
    there.around.pass_seconds(100)
    before = await there.kept()

    assert (await there.stay(**{"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"})).status == 403
    assert (await there.stay(Cookie="")).status == 403
    assert (await there.sam.wire.get("/awake", there.sam.headers)).status == 405
    there.serving.is_open = False
    assert (await there.stay()).status == 503
    assert await there.kept() == before


async def test_the_page_of_somebody_without_cases_locks_too(there: There) -> None:
    around = there.around
    serving = made(around, terms=Terms(lock=LOCK))
    await admit(serving.store, [SAM], access(serving.keys, Role.AUDITOR, at=around.now()))
    async with serving.listening():
        auditor = There(serving, around)
        around.pass_seconds(300)
        assert (await auditor.page())["data-locks"] == "300"
        assert (await auditor.stay()).text == "600"
