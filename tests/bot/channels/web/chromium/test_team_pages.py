"""Tests of the pages of teams in a real Chromium: axe finds nothing, and nothing is wider than the window."""

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from bot.channels.web.page import Frame, bar_of, card_page
from bot.channels.web.static_files import STATIC
from dialogs.core.role import Role
from dialogs.core.teams import Member, Shift, Team, TeamPlace
from dialogs.people.cards import PeopleCard, person_card
from dialogs.people.roster import Colleague, Roster
from dialogs.people.team_cards import Viewer, on_call_card, place_card, places_card, team_card, teams_card
from tests.support.chromium.axe import faults_in_each_light
from tests.support.chromium.windows import Screen, fits, window
from tests.support.shipped import NOON, WEB_SCRIPT

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

in_chromium = pytest.mark.asyncio(loop_scope="session")

PEOPLE = tuple(
    Colleague(
        f"{number:08}", f"A colleague with a long label {number}", Role.MANAGER, date(2027, 1, number), is_led=True
    )
    for number in range(1, 30)
)
NIGHTS = tuple(Shift(PEOPLE[day].who, day, time(18), time(8)) for day in range(7))
NORTH = Team("North", tuple(Member(each.who, TeamPlace.MANAGES, date(2030, 1, 1)) for each in PEOPLE), NIGHTS)
LED = Roster(PEOPLE, (), (NORTH, Team("South", NORTH.members)), is_led=True)
DANA = Viewer(PEOPLE[0].who, Role.MANAGER, NOON)


def pages() -> dict[str, PeopleCard]:
    return {
        "teams": teams_card(LED, DANA, WEB_SCRIPT),
        "no team": teams_card(Roster((), (), is_led=True), DANA, WEB_SCRIPT),
        "team": team_card(LED, NORTH, DANA, WEB_SCRIPT),
        "on call": on_call_card(LED, NORTH, DANA, WEB_SCRIPT),
        "person": person_card(PEOPLE[1], WEB_SCRIPT),
        "places": places_card(LED, PEOPLE[1], WEB_SCRIPT),
        "place": place_card(PEOPLE[1], NORTH, WEB_SCRIPT),
    }


def html(card: PeopleCard) -> str:
    text = card_page(card.card(1), Frame(WEB_SCRIPT, "/", "nonce", bar=bar_of(WEB_SCRIPT, NOON)))
    return text.replace("</head>", f"<style>{STATIC['s.css'].body.decode()}</style></head>")


@in_chromium
async def test_axe_finds_nothing_on_the_pages_of_teams(chromium: "Chromium") -> None:
    for screen in (Screen(390, 844), Screen(320, 256)):
        async with window(chromium, screen, "http://127.0.0.1") as context:
            page = await context.new_page()
            for name, card in pages().items():
                await page.set_content(html(card))
                assert await fits(page), name
                assert await faults_in_each_light(page) == [], name
