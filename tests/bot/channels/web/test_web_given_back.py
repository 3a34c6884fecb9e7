"""Tests of what was typed or ticked and does not count: it comes back in the answer, with its fault, and nothing of it is stored."""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.conversation.records import session_of
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreUnavailable
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Inbound, Outcome
from dialogs.core.session import Session
from tests.support.shipped import CARRY, PACK, WEB_SCRIPT, WORDING
from tests.support.talk.notes import TAKING
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, let_in, made

NAMED = "Ring Jane Smith on 07700 900123."
PLAIN = "The school nurse saw bruises on both arms."
NOTED = replace(WEB_SCRIPT, notes=TAKING)


@pytest.fixture
async def noting(around: Surroundings) -> AsyncIterator[Serving]:
    house = made(around, script=NOTED)
    await let_in(house, [SAM], now=around.now())
    async with house.listening():
        yield house


@pytest.fixture
async def writer(noting: Serving) -> AsyncIterator[Browser]:
    browser = Browser(noting.port)
    await browser.open()
    yield browser
    await browser.close()


async def taken(browser: Browser, *codes: str) -> None:
    """Do acts, each of the page that the act before leads to."""
    for code in codes:
        await browser.send({"nonce": browser.page.nonce, "press": f"{token(browser)}:{code}"})


def token(browser: Browser) -> str:
    """Return the token of the card on the page."""
    return browser.answer.text.partition("name=press value=")[2].partition(":")[0]


OPENING = ("g:start", "s:school", "s:no", "s:no", "s:yes", "s:13-15")


async def kept(house: Serving) -> Session:
    found = await house.store.recall(SAM)
    assert found is not None
    return session_of(found[0])


async def note(browser: Browser, text: str) -> None:
    await browser.send({"nonce": browser.page.nonce, "token": token(browser), "typed": text})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (NAMED, "this may contain a telephone number, a name"),
        ("x" * 301, "it has 301 characters, and a note holds 300"),
        ("x" * 6_001, "it has 6001 characters, and a note holds 300"),
        (" ", "There was nothing to keep"),
    ],
)
async def test_a_refused_note_comes_back_with_its_fault(
    noting: Serving, writer: Browser, text: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await taken(writer, *OPENING, "s:form")

    await note(writer, text)

    assert writer.answer.status == 200
    page = writer.answer.text
    field = page.partition("<textarea")[2]
    assert f">{text}</textarea>" in field
    assert "aria-invalid=true" in field.partition(">")[0]
    assert " autofocus" in field.partition(">")[0]
    assert fault in page
    assert "<title>Please check: Item 1 of 30" in page
    assert "<h1" in page
    assert " autofocus" not in page.partition("<h1")[2].partition(">")[0]
    assert not (await kept(noting)).answers.notes
    assert text.strip() == "" or text not in caplog.text
    await writer.open()
    assert writer.page.said == ""
    assert text.strip() == "" or text not in writer.answer.text


async def test_a_refused_note_comes_back_again_if_its_answer_was_lost(noting: Serving, writer: Browser) -> None:
    await taken(writer, *OPENING, "s:form")
    form = {"nonce": writer.page.nonce, "token": token(writer), "typed": NAMED}

    for _ in range(2):
        await writer.send(form)
        assert (writer.answer.status, f">{NAMED}</textarea>" in writer.answer.text) == (200, True)


async def test_a_kept_note_is_said_to_be_kept_once_it_is(noting: Serving, writer: Browser) -> None:
    await taken(writer, *OPENING, "s:form")

    await note(writer, PLAIN)

    assert writer.page.said == WORDING.say("toast.note-kept")
    assert (await kept(noting)).answers.notes.get("V1") == PLAIN
    assert f">{PLAIN}</textarea>" in writer.answer.text


async def test_words_for_another_card_are_not_stored_here(noting: Serving, writer: Browser) -> None:
    await taken(writer, *OPENING, "s:form")
    form = {"token": token(writer), "typed": PLAIN}
    await taken(writer, "s:no")

    await writer.send({"nonce": writer.page.nonce, **form})

    assert writer.answer.status == 200
    assert WORDING.say("toast.note-moved") in writer.answer.text
    assert f">{PLAIN}</textarea>" in writer.answer.text
    assert not (await kept(noting)).answers.notes


class FailingStore(Store):
    """A store that refuses every turn once `fails` is true."""

    fails = False

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        if self.fails:
            raise StoreUnavailable("the disk is full")
        return await super().turns(inbounds)


async def test_nothing_is_said_to_be_kept_that_is_not(around: Surroundings) -> None:
    keys = replace(KeyRing.fresh(), carry=CARRY)
    store = FailingStore(in_memory(keys)._engine, keys)  # noqa: SLF001
    house = made(around, script=NOTED, keys=keys, store=store)
    await let_in(house, [SAM], now=around.now())
    async with house.listening():
        writer = Browser(house.port)
        await writer.open()
        await taken(writer, *OPENING, "s:form")
        store.fails = True
        for form in ({"typed": PLAIN}, {"press": f"{token(writer)}:s:no"}):
            await writer.send_on({"nonce": writer.page.nonce, "token": token(writer), **form})
            assert writer.answer.status == 503
            assert WORDING.on("web").say("toast.not-saved") in writer.answer.text
            assert WORDING.say("toast.note-kept") not in writer.answer.text
        await writer.close()


@pytest.mark.parametrize("rest", [{}, {"rest": "maybe"}])
async def test_ticks_without_an_answer_about_the_rest_come_back(
    serving: Serving, sam: Browser, rest: dict[str, str]
) -> None:
    await taken(sam, *OPENING, "s:quick")
    before = await kept(serving)

    await sam.send({"nonce": sam.page.nonce, "ticks": token(sam), "tick-1": "1", "tick-9": "1", **rest})

    page = sam.answer.text
    assert sam.answer.status == 200
    assert [f"name=tick-{at} value=1 checked" in page for at in range(11)] == [at in (1, 9) for at in range(11)]
    assert WORDING.say("toast.rest-missing") in page
    assert "aria-invalid=true" in page.partition("role=radiogroup")[2].partition(">")[0]
    assert page.count(" autofocus") == 1
    assert " autofocus" in page.partition("name=rest")[2].partition(">")[0]
    assert await kept(serving) == before

    await sam.send({"nonce": sam.page.nonce, "ticks": token(sam), "tick-1": "1", "tick-9": "1", "rest": "no"})

    ticked = {item for item, option in (await kept(serving)).answers.items if option == "yes"}
    items = [each.id for each in PACK.instrument.items]
    assert ticked == {items[1], items[9]}


async def test_a_choice_that_is_sent_without_an_answer_comes_back(serving: Serving, sam: Browser) -> None:
    await sam.press("Start")
    before = await kept(serving)

    await sam.send({"nonce": sam.page.nonce, "choice": token(sam)})

    page = sam.answer.text
    assert sam.answer.status == 200
    assert WORDING.say("toast.choice-missing") in page
    assert "aria-invalid=true" in page.partition("role=radiogroup")[2].partition(">")[0]
    assert page.count(" autofocus") == 1
    assert " autofocus" in page.partition("type=radio")[2].partition(">")[0]
    assert await kept(serving) == before


async def test_ticks_of_an_earlier_card_are_not_put_into_another(serving: Serving, sam: Browser) -> None:
    await taken(sam, *OPENING, "s:quick")
    earlier = {"ticks": token(sam), "tick-1": "1"}
    await taken(sam, "g:back")

    await sam.send({"nonce": sam.page.nonce, **earlier})

    assert "checked" not in sam.answer.text
    assert sam.page.said == WORDING.say("toast.rest-missing")


async def test_a_code_that_is_no_review_code_comes_back_to_its_field(sam: Browser) -> None:
    await sam.command("review", "AB2CDEF-3GHJK4M")

    assert sam.answer.status == 200
    field = sam.answer.text.partition("id=words-review name")[2].partition(">")[0]
    assert "value=AB2CDEF-3GHJK4M" in field
    assert "aria-invalid=true" in field
