"""Tests of teams in the chat: a manager sees and renews their own people alone, and says who is on call tonight."""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

import pytest

from bot.access.account import MOST_TRIES
from bot.conversation.people.deeds import once_looked_up
from bot.storage.tables import Tables
from bot.storage.values import Done, Inbound, NeedsEverybody, Undecided
from dialogs.core.acts import Administer, PeopleDeed, code_of
from dialogs.core.events import Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.role import LEADING, Role
from dialogs.core.teams import NOBODY, Member, Shift, Team, TeamPlace
from docs.phone.measure import VISIBLE, cut_labels, height
from tests.support.people.accounts import altered
from tests.support.people.staff import fresh, staffed, standing
from tests.support.people.visiting import START, Visitor

DANA, JO = standing("Dana Reid", Role.MANAGER), standing("Jo Ames", Role.MANAGER, days=10)
SAM, KIM, OLA = (standing(name) for name in ("Sam Reid", "Kim Lowe", "Ola Brett"))
NIGHTS = tuple(Shift(JO.audit_id, day, time(18), time(8)) for day in range(7))
NORTH = Team(
    "North",
    (Member(DANA.audit_id, TeamPlace.MANAGES), Member(JO.audit_id), Member(SAM.audit_id, away=date(2026, 3, 9))),
    NIGHTS,
)
SOUTH = Team("South", (Member(JO.audit_id, TeamPlace.MANAGES), Member(KIM.audit_id)))


async def in_teams(visitor: Visitor, *teams: Team) -> Visitor:
    """Let the person's bot know teams, and store these."""
    visitor.bot = replace(visitor.bot, sees_people=LEADING)
    for team in teams:
        await visitor.store.write(partial(keep, team))
    return visitor


def keep(team: Team, tables: Tables) -> None:
    tables.teams.keep(team)


async def led() -> tuple[Visitor, dict[str, Visitor]]:
    """Return Dana, who manages North alone, and the others by label; Ola is in no team."""
    ann, people = await staffed(DANA, JO, altered(SAM, until=START + timedelta(days=5)), KIM, OLA)
    named = {each.access.admission.name: each for each in (ann, *people)}
    return await in_teams(named["Dana Reid"], NORTH, SOUTH), named


async def team_named(visitor: Visitor, name: str) -> Team:
    teams = await visitor.store.read(lambda t: t.teams.everyone())
    return next(team for team in teams if team.name == name)


async def test_a_manager_sees_labels_roles_and_dates_of_their_own_people_and_nothing_of_anybody_else() -> None:
    dana, people = await led()
    await people["Sam Reid"].begin()

    await dana.command("team")

    assert dana.text.splitlines()[0] == "North: people 3"
    assert "2. Jo Ames: manager, days left: 10" in dana.text
    assert "3. Sam Reid: practitioner, away until 9 March 2026" in dana.text
    for other in ("Kim", "Ola", "Ann", "South", "BRISK", "case"):
        assert other not in dana.text
    assert dana.labels == ["1", "2", "3", "On call", "Close"]
    await dana.press("3")
    assert dana.labels == ["Renew", "Back"]
    assert people["Sam Reid"].access.audit_id not in dana.text
    await dana.press("Renew")
    assert (await fresh(people["Sam Reid"])).access.admission.until == START + timedelta(days=90)
    assert "item 1 of 30" in people["Sam Reid"].text, "whoever is renewed goes on where they are"
    entry = (await dana.entries())[-1]
    assert (entry.who, entry.what, entry.reference) == (DANA.audit_id, "renewed", SAM.audit_id)
    await dana.press("Back", "1")
    assert dana.labels == ["Back"], "nobody renews themselves"


async def test_no_forged_tap_reaches_beyond_a_managers_own_people() -> None:
    dana, people = await led()
    await dana.command("team")
    before = [(await fresh(each)).record.access for each in people.values() if each is not dana]
    teams = await dana.store.read(lambda t: t.teams.everyone())

    for deed in PeopleDeed:
        for who in (KIM.audit_id, OLA.audit_id, people["Ann"].access.audit_id, SAM.audit_id):
            for about in (who, f"{who}:manager", f"{who}:{NORTH.id}:manages", f"{SOUTH.id}:1", SOUTH.id, "all:1"):
                if (deed, about) == (PeopleDeed.PERSON, SAM.audit_id):
                    continue
                await dana.tap(code_of(Administer(deed, about)))
                assert dana.text.splitlines()[0] == "North: people 3", (deed, about, dana.text)

    assert [(await fresh(each)).record.access for each in people.values() if each is not dana] == before
    assert await dana.store.read(lambda t: t.teams.everyone()) == teams


async def test_even_with_an_administrators_card_a_manager_does_only_what_managers_do() -> None:
    dana, people = await led()
    ann = people["Ann"]
    for label, pressed in (("Kim", "Remove"), ("Kim", "Lock now"), ("Kim", "Change role"), ("Nobody yet", "Manager")):
        await ann.command("people", label)
        await dana.set(altered(dana.access, desk=ann.access.people_card))
        await dana.press(pressed)
        assert dana.toasts == ["role"], label
    await ann.command("people", "Kim")
    await dana.set(altered(dana.access, desk=ann.access.people_card))
    await dana.press("Renew")
    assert dana.toasts == ["people-gone"]
    assert [each.what for each in await dana.entries()] == []


@pytest.mark.parametrize("after", [NORTH.putting(SAM.audit_id, None), NORTH.putting(DANA.audit_id, TeamPlace.MEMBER)])
async def test_a_team_that_changes_between_the_look_up_and_the_turn_renews_nobody(after: Team) -> None:
    dana, people = await led()
    await dana.command("team")
    await dana.press("3")
    until = people["Sam Reid"].access.admission.until
    tap = Pressed(dana.bot.occasion(), dana.record.card, code_of(Administer(PeopleDeed.RENEW, SAM.audit_id)))
    inbound = Inbound("renew", dana.clock.now(), dana.person, dana.bot.decide(tap), None)
    (asked,) = await dana.store.turns([inbound])
    assert isinstance(asked, Undecided)
    assert isinstance(asked.needed, NeedsEverybody)
    again = await once_looked_up(dana.store, inbound, asked.needed)
    assert isinstance(again, Inbound)

    await in_teams(dana, after)
    (done,) = await dana.store.turns([again])

    assert isinstance(done, Done)
    assert Toast("people-gone") in done.effects
    assert (await fresh(people["Sam Reid"])).access.admission.until == until


async def test_who_is_on_call_is_changed_by_tap_until_the_present_duty_ends() -> None:
    dana, _ = await led()
    await dana.later(hours=8).command("team")
    await dana.pin()
    await dana.command("team")
    assert "On call now: Jo Ames, until Thursday 08:00." in dana.text

    await dana.press("On call")
    assert dana.text.splitlines()[2:4] == ["Now: Jo Ames, until Thursday 08:00", "Next: Jo Ames, Thu 18:00–Fri 08:00"]
    assert dana.labels == ["I am on call", "Jo goes on", "Nobody tonight", "Back"]
    await dana.press("I am on call")
    assert "Now: Dana Reid, until Thursday 08:00" in dana.text
    assert "I am on call" not in dana.labels
    await dana.press("Nobody tonight")
    assert "Now: nobody." in dana.text
    await dana.later(hours=12, minutes=1).command("team")
    await dana.pin()
    await dana.command("team")
    await dana.press("On call")
    assert "Next: Jo Ames, Thu 18:00" in dana.text
    said = [(each.who, each.reference) for each in await dana.entries() if each.what == "on-call"]
    assert said == [(DANA.audit_id, DANA.audit_id), (DANA.audit_id, NOBODY)]


async def test_each_card_fits_a_phone_with_the_longest_labels() -> None:
    people = [standing(f"{number:02} {'Wide label of a person'.ljust(37, 'm')}", Role.MANAGER) for number in range(12)]
    members = tuple(Member(each.audit_id, TeamPlace.MANAGES, date(2026, 9, 30)) for each in people)
    ann, (dana, *_) = await staffed(*people)
    night = Shift(people[1].audit_id, 2, time(8), time(7))
    await in_teams(dana, *(Team(f"{letter} {'team'.ljust(38, 'm')}", members, (night,)) for letter in "ABCDEFGH"))
    ann.bot = dana.bot
    cards: list[Card | None] = []
    for who, presses in ((dana, ("1", "On call", "I am on call")), (ann, ("Teams (8)", "1", "On call"))):
        await who.command("team" if who is dana else "people")
        for label in presses:
            cards.append(who.card)
            await who.press(label)
        cards.append(who.card)
    await ann.command("people", people[1].admission.name)
    for label in ("Teams", "1", "Manages it"):
        await ann.press(label)
        cards.append(ann.card)

    assert [each for each in cards if each is None or height(each) > VISIBLE or cut_labels(each)] == []


async def test_an_administrator_puts_people_into_teams_and_the_others_are_told_of_a_manager() -> None:
    ann, (sam, jo, bea) = await staffed(SAM, JO, standing("Bea", Role.ADMIN))
    await in_teams(ann, Team("North"), SOUTH)

    await ann.command("people", "Sam")
    await ann.press("Teams")
    assert "1. North: not in it\n2. South: not in it" in ann.text
    await ann.press("1")
    assert ann.labels == ["In the team", "Not in it", "Back"], "a practitioner manages no team"
    await ann.press("In the team")
    assert "1. North: in the team" in ann.text
    assert "put in charge" not in (await fresh(bea)).text
    await ann.command("people", "Jo")
    await ann.press("Teams", "1", "Manages it")
    assert (await fresh(bea)).text.startswith("Somebody was put in charge of a team")

    jo.bot = ann.bot
    await jo.command("team")
    assert "1. North: people 2\n2. South: people 1" in jo.text
    await jo.press("1")
    assert "2. Sam Reid: practitioner" in jo.text
    await ann.command("people", "Jo")
    await ann.press("Teams", "1", "Not in it")
    assert (await team_named(ann, "North")).members == (Member(SAM.audit_id),)
    said = [(each.reference, each.role) for each in await ann.entries() if each.what == "team-changed"]
    assert said == [(SAM.audit_id, "member"), (JO.audit_id, "manages"), (JO.audit_id, "")]
    await jo.press("Back")
    assert jo.text.splitlines()[0] == "South: people 1", "North is gone from what they see"
    await ann.command("people", "Sam")
    await ann.press("Remove", "Remove for good")
    assert (await team_named(ann, "North")).members == ()
    assert sam.person


async def test_somebody_who_stops_being_a_manager_sees_no_team_from_then_on() -> None:
    dana, people = await led()
    ann = people["Ann"]
    await dana.command("team")

    await ann.command("people", "Dana")
    await ann.press("Change role", "Practitioner")

    await fresh(dana)
    assert "Sam Reid" not in dana.text
    await dana.pin()
    await dana.command("team")
    assert dana.toasts == ["role"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
async def test_with_one_team_there_is_no_card_of_teams(role: Role) -> None:
    ann, (sam,) = await staffed(altered(SAM, tries=MOST_TRIES), role=role)
    await ann.store.write(
        lambda t: t.teams.keep(replace(NORTH, members=(Member(ann.access.audit_id, TeamPlace.MANAGES),)))
    )
    before = ann.text

    await ann.command("team")
    assert (ann.toasts, ann.text) == (["no-team"], before)
    await ann.tap(code_of(Administer(PeopleDeed.TEAMS, "1")))
    assert "North" not in ann.text
    if role is Role.ADMIN:
        await ann.command("people")
        assert not any(label.startswith("Teams") for label in ann.labels)
    assert sam.access.admission.role is Role.PRACTITIONER
