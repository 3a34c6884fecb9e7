"""The card after an act on people when its subject has gone; and each act on a person changes their row."""

from datetime import date

import pytest

from bot.conversation.people.deeds import DONE
from bot.conversation.people.rosters import PeopleSeen, card_after
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.role import Role
from dialogs.people.cards import home_card, person_card
from dialogs.people.roster import Colleague, Roster, deeds_on
from tests.support.shipped import SCRIPT

SAM = Colleague("p1", "Sam", Role.PRACTITIONER, date(2026, 6, 2), is_barred=True)
NOBODY, HERE = Roster((), ()), Roster((SAM,), ())
OF_SOMEBODY = ("person", "renew", "unlock", "lock", "new-pin", "ask-pin", "ask-remove", "roles", "offer")


@pytest.mark.parametrize("deed", [*OF_SOMEBODY, "role", "invite", "several"])
def test_an_act_on_nobody_leads_to_the_first_card(deed: str) -> None:
    act = Administer(PeopleDeed(deed), "p1:manager" if deed == "role" else "p1")

    assert card_after(act, PeopleSeen(NOBODY, SCRIPT)) == home_card(NOBODY, SCRIPT)


def test_a_used_invitation_shows_its_person() -> None:
    after = card_after(Administer(PeopleDeed.OFFER, "p1"), PeopleSeen(HERE, SCRIPT))

    assert after == person_card(SAM, SCRIPT)


def test_every_deed_that_is_offered_about_somebody_changes_them() -> None:
    assert set(deeds_on(SAM)) == set(DONE)
