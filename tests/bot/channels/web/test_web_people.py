"""Tests of administering people in a browser: whole lists as tables, the ways in their rows, and codes that are shown once."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.access.account import MOST_TRIES, Account, Removed, read_account
from bot.storage.values import Inbound
from dialogs.core.acts import Administer, PeopleDeed, code_of
from dialogs.core.page import TablePart, offered_acts
from dialogs.core.role import LEADING, Role
from dialogs.core.teams import Member, Team, TeamPlace
from dialogs.people.cards import list_card, offers_card, read_people_card, write_people_card
from dialogs.people.pages import A_PAGE, WHOLE
from dialogs.people.roster import Awaited, Colleague, Roster
from tests.support.people.accounts import altered
from tests.support.people.admitting import access, admitting
from tests.support.shipped import SCRIPT, WEB_SCRIPT
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, made

DESKS = [f"Desk {number:02}" for number in range(1, 21)]


async def admitted(serving: Serving, around: Surroundings, who: int, name: str, **values: object) -> None:
    now = around.now()
    account = altered(access(serving.keys, at=now), **{"who": f"{who:08x}", "name": name, **values})
    person = SAM if who == 1 else f"web:{who}"
    await serving.store.turns([Inbound(f"admit {person}", now, person, admitting(account), None)])


@pytest.fixture
async def serving(around: Surroundings) -> AsyncIterator[Serving]:
    house, soon, later = made(around), around.now() + timedelta(days=5), around.now() + timedelta(days=80)
    await admitted(house, around, 1, "Ann", role=Role.ADMIN)
    for who, name in enumerate(DESKS, 2):
        await admitted(house, around, who, name, until=soon if name == "Desk 03" else later)
    await admitted(house, around, 90, "Night lead", until=later, tries=MOST_TRIES, wrong_since=around.now())
    async with house.listening():
        yield house


async def account_of(serving: Serving, who: int) -> Account | Removed | None:
    found = await serving.store.recall(f"web:{who}")
    account = read_account(found[0].access) if found else None
    assert isinstance(account, Account | Removed | None)
    return account


def cells(sam: Browser) -> list[list[str]]:
    """Return the cells of the rows of the page's table as they are heard."""
    heard = re.sub(r'<button[^>]* aria-label="([^"]*)"[^>]*>[^<]*', r"\1", sam.answer.text)
    rows = re.findall(r"<tr>(.*?)</tr>", heard)
    return [[re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<t[hd]\b.*?</t[hd]>", row)] for row in rows]


async def pressed(sam: Browser, label: str, about: str = "") -> None:
    """Press the button with this label, which may be about somebody."""
    heard = rf'[^>]* aria-label="{label}: {about}"' if about else ""
    pattern = rf"<button name=press value=([\w:.-]+){heard}[^>]*>{label}</button>"
    (value,) = re.findall(pattern, sam.answer.text)
    await sam.send({"nonce": sam.page.nonce, "press": value})


async def chosen(sam: Browser, label: str) -> None:
    """Choose a radio button and send its form."""
    (value,) = re.findall(rf"<input type=radio name=press value=([\w:.-]+)[^>]*>{label}", sam.answer.text)
    await sam.send({"nonce": sam.page.nonce, "press": value})


async def test_the_first_page_lists_everybody_with_what_needs_attention(sam: Browser) -> None:
    await sam.command("people")

    head, *rows = cells(sam)
    assert head == ["Called", "Role", "Access", "To note", "What to do"]
    assert [row[0] for row in rows] == ["Ann", *DESKS, "Night lead"]
    assert [row for row in rows if row[3]] == [
        ["Ann", "administrator", rows[0][2], "this is you", ""],
        ["Desk 03", "practitioner", "until 9 March 2026", "runs out soon", "Renew: Desk 03"],
        ["Night lead", "practitioner", "until 23 May 2026", "locked after five wrong PINs", ""],
    ]


async def test_whoever_is_far_down_the_list_is_one_press_away_and_can_be_renewed_in_the_list(
    serving: Serving, sam: Browser
) -> None:
    await sam.command("people")
    await pressed(sam, "Desk 19")
    assert sam.page.heading == "Desk 19"
    await pressed(sam, "Change role", "Desk 19")
    await chosen(sam, "Manager")
    assert "Manager" in sam.answer.text

    await sam.command("people")
    await pressed(sam, "Renew", "Desk 03")

    changed, renewed = await account_of(serving, 20), await account_of(serving, 4)
    assert isinstance(changed, Account)
    assert changed.admission.role is Role.MANAGER
    assert isinstance(renewed, Account)
    assert renewed.admission.until > serving.conversation.clock.now() + timedelta(days=80)


async def test_a_removal_asks_on_a_page_of_its_own(serving: Serving, sam: Browser) -> None:
    await sam.command("people", "desk 07")
    await pressed(sam, "Remove")

    assert "This is for good" in sam.answer.text
    assert isinstance(await account_of(serving, 8), Account)
    await pressed(sam, "Remove for good")
    assert isinstance(await account_of(serving, 8), Removed)
    assert "Desk 07" not in [row[0] for row in cells(sam)]


async def test_a_name_that_nobody_has_is_invited_and_its_code_shown_once(sam: Browser) -> None:
    await sam.command("people")
    await sam.send({"nonce": sam.page.nonce, "command": "people", "words": "Night desk"})
    await chosen(sam, "Practitioner")

    (code,) = re.findall(r"<p class=given>([^<]+)</p>", sam.answer.text)
    assert f'data-copy="{code}"' in sam.answer.text
    assert "Back" not in sam.answer.text, "only Done takes the code away"
    await pressed(sam, "Done")
    assert code not in sam.answer.text

    await pressed(sam, r"Invitations \(1\)")
    assert [row[0] for row in cells(sam)] == ["Called", "Night desk"]
    await pressed(sam, "Night desk")
    await pressed(sam, "Withdraw")
    assert "None is open." in sam.answer.text


async def test_several_codes_are_a_table_with_a_button_to_copy_each(sam: Browser) -> None:
    await sam.command("people", "Late desk")
    await pressed(sam, "Invite several people at once")
    await pressed(sam, "4")
    await chosen(sam, "Practitioner")

    _, *rows = cells(sam)
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert re.findall(r'data-copy="?([^">]+)"?', sam.answer.text) == [row[1] for row in rows]


DAY = date(2026, 5, 23)


def colleague(number: int) -> Colleague:
    return Colleague(f"{number:08x}", f"Desk {number:04}", Role.PRACTITIONER, DAY)


@pytest.mark.parametrize("count", [1, WHOLE, WHOLE + 1, 3 * WHOLE])
def test_a_list_is_whole_or_turned_so_that_everybody_is_on_one_page(count: int) -> None:
    roster = Roster(tuple(map(colleague, range(count))), ())

    def seen(page: int) -> tuple[Sequence[str], bool]:
        shown = list_card(roster, WEB_SCRIPT, name="all", page=page).page
        assert shown is not None
        (table,) = [each for each in shown.parts if isinstance(each, TablePart)]
        onward = code_of(Administer(PeopleDeed.LIST, f"all:{page + 1}")) in map(code_of, offered_acts(shown))
        return [getattr(row[0], "label", "") for row in table.rows], onward

    found: list[str] = []
    page, goes_on = 1, True
    while goes_on:
        labels, goes_on = seen(page)
        assert len(labels) <= (WHOLE if count <= WHOLE else A_PAGE)
        found += labels
        page += 1

    assert found == [each.label for each in roster.colleagues]


def test_a_page_is_read_as_it_was_written_and_a_chat_has_none() -> None:
    awaited = Awaited("0000000a", "Desk 9", Role.MANAGER, DAY)
    roster = Roster(tuple(map(colleague, range(3))), (awaited,))
    for card in (
        list_card(roster, WEB_SCRIPT, name="all", page=1),
        offers_card(roster, WEB_SCRIPT, page=1),
        offers_card(roster, SCRIPT, page=1),
    ):
        assert read_people_card(write_people_card(card)) == card

    assert offers_card(roster, SCRIPT, page=1).page is None
    later = write_people_card(offers_card(roster, WEB_SCRIPT, page=1)).replace('"TablePart"', '"Chart"')
    assert read_people_card(later) is None


async def test_a_manager_sees_their_team_as_a_table_and_changes_the_rota_of_tonight(around: Surroundings) -> None:
    house, later = made(around), around.now() + timedelta(days=80)
    house = replace(house, conversation=replace(house.conversation, sees_people=LEADING))
    await admitted(house, around, 1, "Dana", role=Role.MANAGER, until=later)
    await admitted(house, around, 2, "Sam", until=around.now() + timedelta(days=5))
    await admitted(house, around, 3, "Kim", until=later)
    north = Team("North", (Member("00000001", TeamPlace.MANAGES), Member("00000002")))
    await house.store.write(lambda t: t.teams.keep(north))
    async with house.listening():
        dana = Browser(house.port)
        await dana.open()
        await dana.command("team")

        assert [row[0] for row in cells(dana)] == ["Called", "Dana", "Sam"]
        assert "Kim" not in dana.answer.text
        await pressed(dana, "Renew", "Sam")
        assert "Let in until" in dana.answer.text
        await dana.command("team")
        await pressed(dana, "On call")
        await pressed(dana, "I am on call")
        assert cells(dana)[1][0] == "Now"
        assert cells(dana)[1][1].startswith("Dana, until")
        await dana.close()
