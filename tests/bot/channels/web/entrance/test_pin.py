"""Tests of the field for a PIN, over HTTP: what opens a page, what counts as a try, and where a PIN never is."""

import logging
import random
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.access.account import MOST_TRIES, Account, Terms, read_account
from bot.storage.values import Record, Shown
from dialogs.core.acts import Digit, Entered, code_of
from tests.support.counts import times
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN, access, admit
from tests.support.people.visiting import OPEN, Visitor
from tests.support.promising import Promise
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.seeing import Page
from tests.support.web.serving import BADGE, KIM, SAM, Serving, let_in, made

WRONG, OTHER = "759310", "248615"
NO_PINS = ("", "24861", "2486130", "24861a", "248-613", "２４８６１３", "+24861", "248613\n248613", "9" * 400)


@pytest.fixture
async def serving() -> AsyncIterator[Serving]:
    around = Surroundings(datetime(2026, 3, 4, 12, tzinfo=UTC), "BRISK OTTER 41")
    async with made(around, terms=Terms()).listening() as serving:
        yield serving


async def arriving(serving: Serving, **account: object) -> Browser:
    """Admit Sam with an account that has these values, and open the page."""
    await admit(serving.store, [SAM], altered(access(serving.keys, at=serving.conversation.clock.now()), **account))
    sam = Browser(serving.port)
    await sam.open()
    return sam


def form(page: Page, *pins: str) -> Mapping[str, str]:
    """Return the form of a page's PIN field with these PINs in it."""
    named = [each.attributes for each in page.fields]
    token = next(each["value"] for each in named if each.get("name") == "token")
    names = [each["name"] for each in named if each.get("type") == "password"]
    return {"nonce": page.nonce, "token": token, **dict(zip(names, pins, strict=True))}


async def account_of(serving: Serving) -> Account:
    found = await serving.store.recall(SAM)
    account = read_account(found[0].access) if found else None
    assert isinstance(account, Account)
    return account


async def said(serving: Serving) -> list[str]:
    return [entry.what for entry in await serving.store.read(lambda t: t.audit.entries())]


async def test_a_wrong_pin_counts_as_one_try_and_the_fifth_bars(serving: Serving) -> None:
    sam, toasts = await arriving(serving, is_locked=True), []
    for _ in range(MOST_TRIES):
        toasts.append((await sam.send(form(sam.page, WRONG))).said)

    assert [toast.partition(". ")[2] for toast in toasts[:2]] == ["4 more tries.", "3 more tries."]
    assert (await account_of(serving)).pin.tries == MOST_TRIES
    assert sam.page.heading == "Locked after five wrong PINs"
    assert await said(serving) == ["wrong-pin"] * 4 + ["barred"]
    assert [each for each in sam.page.fields if each.attributes.get("type") == "password"] == []


@pytest.mark.parametrize("typed", [PIN, f" {PIN[:3]} {PIN[3:]}\t"])
async def test_the_right_pin_opens_the_page_also_with_spaces_in_it(serving: Serving, typed: str) -> None:
    sam = await arriving(serving, is_locked=True)

    await sam.send(form(sam.page, typed))

    assert sam.page.heading == "SERAF consultation"
    assert await said(serving) == ["unlocked"]


async def test_an_idle_page_opens_by_the_pin_too(serving: Serving) -> None:
    sam = await arriving(serving)
    serving.conversation.clock.pass_seconds(601)  # type: ignore[attr-defined]
    await sam.open()

    await sam.send(form(sam.page, PIN))

    assert sam.page.heading == "SERAF consultation"
    assert await said(serving) == ["locked", "unlocked"]


@pytest.mark.parametrize("typed", NO_PINS)
async def test_what_is_no_pin_is_refused_with_a_sentence_and_counts_as_no_try(serving: Serving, typed: str) -> None:
    sam = await arriving(serving, is_locked=True)

    await sam.send(form(sam.page, typed))

    assert sam.page.said.startswith("A PIN has six digits.")
    assert (await account_of(serving)).pin.tries == 0
    assert await said(serving) == []
    await sam.send(form(sam.page, PIN))
    assert sam.page.heading == "SERAF consultation"


async def test_a_new_pin_is_typed_twice_and_may_not_be_weak(serving: Serving) -> None:
    sam = await arriving(serving, pin="")
    for first, second, reason in (
        (WRONG, OTHER, "The two were not the same"),
        (WRONG, "", "The two were not the same"),
        ("123456", "123456", "That PIN is too easy"),
        ("7593", "7593", "A PIN has six digits"),
    ):
        await sam.send(form(sam.page, first, second))
        assert sam.page.said.startswith(reason)
        assert sam.page.heading == "Choose a PIN"
        assert (await account_of(serving)).pin == altered(await account_of(serving), pending="").pin

    await sam.send(form(sam.page, WRONG, WRONG))

    assert sam.page.heading == "SERAF consultation"
    assert (await account_of(serving)).pin.pending == ""
    assert await said(serving) == ["pin-chosen"]
    await sam.command("lock")
    await sam.send(form(sam.page, WRONG))
    assert sam.page.heading == "SERAF consultation"


async def test_the_fields_are_those_that_password_managers_fill(serving: Serving) -> None:
    sam = await arriving(serving, is_locked=True)
    new = await arriving_again(serving, pin="")

    for page, kinds in ((sam.page, ["current-password"]), (new.page, ["new-password"] * 2)):
        fields = [each.attributes for each in page.fields if each.attributes.get("type") == "password"]
        assert [each["autocomplete"] for each in fields] == kinds
        assert {each["inputmode"] for each in fields} == {"numeric"}
        assert [each for each in fields if {"maxlength", "pattern", "value"} & each.keys()] == []


async def arriving_again(serving: Serving, **account: object) -> Browser:
    """Admit Kim, and open her page."""
    await admit(serving.store, [KIM], altered(access(serving.keys, at=serving.conversation.clock.now()), **account))
    kim = Browser(serving.port, badge="kim")
    await kim.open()
    return kim


async def test_the_keypad_is_of_chats_alone_and_the_field_of_pages(serving: Serving) -> None:
    sam = await arriving(serving, is_locked=True)
    token = form(sam.page, PIN)["token"]
    for place, digit in enumerate(PIN):
        await sam.send({"nonce": sam.page.nonce, "press": f"{token}:{code_of(Digit(place, int(digit)))}"})
    assert sam.page.heading == "Locked"
    assert not any(label in sam.page.labels for label in "0123456789")

    chat = await Visitor.let_in(altered(next(iter(OPEN.values())), is_locked=True))
    await chat.tap(code_of(Entered()))
    assert (chat.toasts, chat.access.pin.tries) == (["closed-locked"], 0)


async def test_one_form_counts_once_whatever_pin_it_brings(serving: Serving) -> None:
    """The key of an event is stored, so no PIN is in it: not even two PINs of one form can be told apart."""
    sam = await arriving(serving, is_locked=True)
    sent = form(sam.page, WRONG)
    for pin in (WRONG[:5], PIN, WRONG):
        await sam.send_on({**sent, "pin": pin})
    await sam.open()
    assert (sam.page.heading, (await account_of(serving)).pin.tries) == ("Locked", 0)
    sent = form(sam.page, WRONG)
    for pin in (WRONG, WRONG, OTHER, PIN):
        await sam.send_on({**sent, "pin": pin})

    await sam.open()
    assert (sam.page.heading, (await account_of(serving)).pin.tries) == ("Locked", 1)
    await sam.send(form(sam.page, PIN))
    assert sam.page.heading == "SERAF consultation"


async def test_a_pin_that_reaches_an_open_page_changes_nothing(serving: Serving) -> None:
    sam = await arriving(serving)
    before = await serving.store.recall(SAM)
    assert before is not None
    token = str(before[0].card)

    await sam.send({"nonce": sam.page.nonce, "token": token, "pin": WRONG})

    after = await serving.store.recall(SAM)
    assert after is not None
    assert (after[0].card, after[0].case) == (before[0].card, before[0].case)
    assert WRONG not in sam.answer.text


async def test_no_log_page_or_address_has_a_pin(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    with capture_logs() as lines:
        sam = await arriving(serving, pin="")
        for pins in ((WRONG, OTHER), ("987654", "987654"), (WRONG, WRONG)):
            await sam.send_on(form(sam.page, *pins))
            seen += [repr(sam.answer.headers), sam.answer.text]
            await sam.open()
            seen.append(sam.answer.text)
        await sam.command("lock")
        for pin in (OTHER, f"{WRONG}0", WRONG):
            await sam.send_on(form(sam.page, pin))
            seen += [repr(sam.answer.headers), sam.answer.text]
            await sam.open()
            seen.append(sam.answer.text)
        serving.is_open = False
        await sam.send_on({"nonce": sam.page.nonce, "token": "1", "pin": WRONG})
        seen.append(sam.answer.text)

    texts = [*seen, caplog.text, repr(lines)]
    assert [pin for pin in (WRONG, OTHER, "987654") for text in texts if pin in text] == []


KINDS = ("nonce", "of another", "token", "origin", "cookie", "two acts", "no fields", "stale")


@pytest.mark.prove
async def test_no_forged_pin_form_changes_anything(promise: Promise) -> None:
    """In the manner of P30. Half of the forms bring the right PIN."""
    around = Surroundings(datetime(2026, 3, 4, 12, tzinfo=UTC), "BRISK OTTER 41")
    serving, asked, kept = made(around), times(10_000, 30), 0
    await admit(serving.store, [SAM], altered(access(serving.keys, at=around.now()), is_locked=True))
    await let_in(serving, [KIM], now=around.now())
    async with serving.listening():
        sam, kim = Browser(serving.port), Browser(serving.port, badge="kim")
        await sam.open()
        stale = form(sam.page, PIN)
        await sam.command("lock")
        assert form(sam.page, PIN)["token"] != stale["token"]
        await kim.open()
        before = [await serving.store.recall(person) for person in (SAM, KIM)]
        for seed in range(asked):
            chance, kind = random.Random(seed), KINDS[seed % len(KINDS)]
            fields = {**form(sam.page, chance.choice((PIN, f"{chance.randrange(10**6):06}")))}
            headers = dict(sam.headers)
            match kind:
                case "nonce":
                    at = chance.randrange(len(fields["nonce"]) - 1)
                    fields["nonce"] = fields["nonce"][:at] + "_" * chance.choice((0, 2)) + fields["nonce"][at + 1 :]
                case "of another":
                    fields["nonce"] = kim.page.nonce
                case "token":
                    fields["token"] = chance.choice(("", "0", "999999", "-1", "1:e", "9" * 19, "٣"))
                case "origin":
                    headers |= {"Sec-Fetch-Site": chance.choice(("cross-site", "same-site", "none"))}
                case "cookie":
                    headers["Cookie"] = f"{BADGE}={chance.choice(('', 'x', 'bob'))}"
                case "two acts":
                    fields |= {chance.choice(("press", "command", "typed")): chance.choice(("", "start", "1:y"))}
                case "no fields":
                    del fields[chance.choice(("nonce", "token"))]
                case _:
                    fields = {**stale, "nonce": sam.page.nonce, "pin": fields["pin"]}

            answer = await sam.wire.post("/", fields, headers)

            after = [await serving.store.recall(person) for person in (SAM, KIM)]
            assert _lasting(after) == _lasting(before), f"{kind} with seed {seed}"
            assert answer.status in (303, 403), f"{kind} with seed {seed}"
            kept += 1
    promise.reached("P30", asked=asked, reached=kept, of="forged forms of a PIN")


def _lasting(rows: list[tuple[Record, Shown] | None]) -> list[tuple[object, ...] | None]:
    """Return the access and the case of each row. That somebody acted is stored also of an act that is refused."""
    return [(row[0].access, row[0].case, row[0].card) if row else None for row in rows]
