"""Tests that a guest reaches only the rehearsal of their room, whatever commands and codes of real cases they send."""

import random
from collections.abc import AsyncIterator, Mapping

import pytest

from bot.channels.web.rooms.guests import GUEST, SCREEN
from bot.storage.store import Store
from dialogs.core.acts import (
    Administer,
    Agree,
    Clear,
    Digit,
    Fetch,
    Go,
    Kind,
    Log,
    Open,
    Overlay,
    PeopleDeed,
    Rehearse,
    code_of,
)
from dialogs.core.role import Role
from dialogs.rehearsal.guest.seat import OFFERED
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn
from tests.support.counts import times
from tests.support.people.admitting import access, admit
from tests.support.people.commands import COMMANDS
from tests.support.shipped import INSTRUMENT, PACK, at
from tests.support.talk.gathering import Reader, quick
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import RoomBrowser, RoomHost, Rooming, joined
from tests.support.web.wire import ORIGIN

NOON = at("2026-03-04T10:20").at
OTHER, THIRD = "telegram:8", "telegram:9"
LEAVING = code_of(Rehearse(Turn.LEAVE))
FORGED = times(10_000, 100)


@pytest.fixture
async def rooming() -> AsyncIterator[Rooming]:
    async with Rooming(Surroundings(NOON, "BRISK OTTER 41")).listening() as house:
        await admit(house.store, [OTHER], access(house.keys, Role.PRACTITIONER, at=NOON))
        colleague = RoomHost(house.store, house.conversation, OTHER)
        await colleague.command("start")
        await colleague.press("Start", "School", "Neither")
        yield house


def codes() -> list[str]:
    places = [*(item.id for item in INSTRUMENT.items), "danger", "age", "judgement", "role"]
    acts: list[object] = [
        *(Go(trigger) for trigger in Trigger),
        *(Open(Overlay(kind)) for kind in Kind),
        *(Rehearse(turn, about) for turn in Turn for about in ("", "1", "2", "edges", PACK.vignettes[0].id, "room-qr")),
        *(Administer(deed, about) for deed in PeopleDeed for about in ("", "0a0b0c0d")),
        *(Fetch(kind) for kind in ("pdf", "text", "json", "fhir")),
        *(Digit(place, digit) for place in range(6) for digit in range(3)),
        *(Clear(), Agree(), Log("1", "done")),
    ]
    written = [code_of(act) for act in acts]  # type: ignore[arg-type]
    more = [f"{tag}:{place}" for tag in "strcnm" for place in places]
    every = {*written, *more, *(f"n:{deed}" for deed in ("keep", "again", "remove"))}
    return [*sorted(every - {LEAVING}), LEAVING]


async def outside(store: Store) -> tuple[object, ...]:
    """Return all stored rows except rooms and passes, without the time at which the trainer's card is next updated."""
    everyone = await store.everyone()
    records = sorted(
        (record.person, record.case, record.profile, record.phase, record.access, record.rehearsal, record.card)
        for record, _ in everyone
    )
    documents, audit = await store.read(lambda t: t.documents.owed()), await store.read(lambda t: t.audit.entries())
    codes, due = (
        await store.read(lambda t: t.invitation_codes.valid(NOON)),
        await store.read(lambda t: t.reminders.due(NOON)),
    )
    return (*records, documents, audit, codes, due, await store.read(lambda t: t.messages_to_remove.oldest_first()))


async def stages(rooming: Rooming, code: str) -> AsyncIterator[RoomBrowser]:
    """Yield a guest at each stage: reading the story, at an item, on an overlay, at the result, awaiting the others."""
    reading = await joined(rooming, code)
    yield reading
    yield await (await joined(rooming, code)).finish(Reader(0), until="Past 6 months")
    over = await joined(rooming, code)
    await over.press("Real child? Urgent numbers")
    yield over
    yield await (await joined(rooming, code)).finish(quick(0))
    held = await (await joined(rooming, code)).finish(quick(0))
    await held.press("My answers")
    yield held


@pytest.mark.prove
async def test_no_code_of_any_act_changes_anything_but_the_rehearsal(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    before, every, chance = await outside(rooming.store), codes(), random.Random(7)

    async for browser in stages(rooming, code):
        assert GUEST in browser.cookies
        for pressed in [*chance.sample(every[:-1], times(len(every) - 1, 24)), every[-1]]:
            await browser.open(f"/room/{code}")
            token = browser.page.token or "1"
            await browser.send({"nonce": browser.page.nonce, "press": f"{token}:{pressed}"})
            assert browser.answer.status == 200
            assert "REHEARSAL" in browser.text or "You have left" in browser.text
            if "You have left" in browser.text:  # another guest goes on
                browser.cookies = dict((await joined(rooming, code)).cookies)
    assert await outside(rooming.store) == before


async def test_no_command_does_anything(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = await joined(rooming, code)
    before, card = await outside(rooming.store), browser.text

    for name in (*COMMANDS, "room", "join"):
        for fields in (
            {"command": name},
            {"command": name, "words": code},
            {"typed": f"/{name}"},
            {"press": f"/{name}"},
        ):
            await browser.send({"nonce": browser.page.nonce, **fields})
            assert browser.text == card
    assert await outside(rooming.store) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_address_leads_a_pass_elsewhere(rooming: Rooming, method: str) -> None:
    code = await rooming.host.opened()
    browser = await joined(rooming, code)
    name = browser.cookies[GUEST]
    headers = {"Cookie": f"{SCREEN}={name}; {GUEST}={name}; __Host-s={name}", "Sec-Fetch-Site": "same-origin"}
    before = await outside(rooming.store)

    for path in ("/", "/events", "/document/pdf", "/sign-in", "/screen", "/screen/map.png", "/screen/qr.png"):
        answer = await browser.wire.send(method, path, headers={**headers, "Origin": ORIGIN})
        assert answer.status in (404, 405, 410), path
        assert not [word for word in ("BRISK OTTER", "nonce") if word in answer.text]
    assert await outside(rooming.store) == before


async def test_a_pair_is_joined_by_nobody_without_an_account(rooming: Rooming) -> None:
    await admit(rooming.store, [THIRD], access(rooming.keys, at=NOON))
    colleague = RoomHost(rooming.store, rooming.conversation, THIRD)
    await colleague.command("pair")
    await colleague.press("Case 1", "I agree")
    code = (await colleague.text()).partition("/join ")[2][:9].replace("-", "")
    browser = RoomBrowser(rooming.port, f"/room/{code}")

    await browser.open()

    assert "is open under that code" in browser.text


@pytest.mark.prove
async def test_forged_forms_change_nothing_of_anybody(rooming: Rooming) -> None:
    chance = random.Random(20260304)
    code = await rooming.host.opened()
    guest = await joined(rooming, code)
    card, before, seats = guest.text, await outside(rooming.store), await rooming.store.passes.room(code, NOON)
    every = codes()

    for _ in range(FORGED):
        forged = RoomBrowser(rooming.port, f"/room/{code}")
        forged.wire = guest.wire
        forged.cookies = {
            GUEST: chance.choice((f"{chance.getrandbits(256):064x}", guest.cookies[GUEST][::-1], "x" * 64))
        }
        fields: Mapping[str, str] = {
            "nonce": chance.choice((guest.page.nonce, guest.page.nonce[::-1], f"{chance.getrandbits(99)}")),
            "press": f"{chance.randrange(9)}:{chance.choice(every)}",
        }
        answer = await forged.wire.post(
            forged.path, fields, {"Cookie": f"{GUEST}={forged.cookies[GUEST]}", "Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status == 303, "what is told to wait tries nothing"
    await guest.open()

    assert guest.text == card
    assert await outside(rooming.store) == before
    assert await rooming.store.passes.room(code, NOON) == seats


async def test_forms_from_other_sites_are_not_heard(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    guest = await joined(rooming, code)
    press = guest.page.widget("Start the SERAF").attributes["value"]
    fields = {"nonce": guest.page.nonce, "press": press}
    held = {"Cookie": f"{GUEST}={guest.cookies[GUEST]}"}

    for origin in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
        {},
    ):
        assert (await guest.wire.post(guest.path, fields, {**held, **origin})).status == 403
        assert (await guest.wire.post(guest.path, {**fields, "join": "join"}, {**held, **origin})).status == 403
    await guest.open()
    assert "Now answer as you would at work." in guest.text


def test_a_guest_is_offered_nothing_outside_the_rehearsal() -> None:
    elsewhere = {
        Turn.OPEN,
        Turn.PICK,
        Turn.LIST,
        Turn.COURSE,
        Turn.DRAW,
        Turn.TOGETHER,
        Turn.HOST,
        Turn.END,
        Turn.CLOSE,
    }
    assert not OFFERED & (elsewhere | {Turn.RELEASE, Turn.SCREEN, Turn.PAPERS, Turn.AWAY, Turn.COMPARE, Turn.JOIN})
