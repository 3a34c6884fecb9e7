"""A person whose access ends while they tap and type, time passes, and an administrator acts."""

from datetime import timedelta
from random import Random

from bot.access.admission import Invitation
from bot.conversation.changes import holding, locking, renewal
from bot.crypto.at_random import make_code
from bot.runtime.clock import local_time
from bot.storage.values import Decision, Inbound
from dialogs.core.events import Lapsed, Occasion
from dialogs.core.role import Role
from tests.support.people.admitting import PIN, admitting
from tests.support.people.crowds import FORGED, SAID
from tests.support.people.households import Act, Household, in_the_middle, standing_at, with_case

PERSON, REFERENCE = "telegram:1", "ALDER OTTER 10"
TIME = "time "
"""The prefix of the event keys of turns that are caused by time, not by the person."""

CONSULTING = (Role.PRACTITIONER, Role.MANAGER, Role.TRAINER, Role.ADMIN)


class Leaver:
    """A person whose next actions are generated from their current row."""

    def __init__(self, house: Household, draw: Random) -> None:
        self.house, self.draw, self.code = house, draw, make_code()
        self._happened = 0
        self._card, self._tapped = -1, 0

    async def arrive(self) -> None:
        """Admit the person with a case: open or locked, held or not. Issue a code that nobody has used."""
        now = self.house.clock()
        text = Invitation("0d0c0b0a", Role.ADMIN).text()
        await self.house.store.write(lambda t: t.invitation_codes.issue(self.code, text, until=now + timedelta(days=7)))
        access = standing_at(self.house.clock, self.draw.choice(CONSULTING), "0a0b0c0d")
        await self.house.operate(PERSON, admitting(access))
        session = in_the_middle(self.draw, card=3, reference=REFERENCE)
        await self.house.operate(PERSON, lambda record, _: Decision(with_case(record, session), ()))
        if self.draw.random() < 0.6:
            await self.house.operate(PERSON, locking(now))
        if self.draw.random() < 0.3:
            await self.house.operate(PERSON, holding(REFERENCE, now))

    async def next(self) -> Inbound:
        """Return mostly a tap of the PIN's next digit; else a forged button, a text, a code, time or an order."""
        self._happened += 1
        key, chance, now = f"event {self._happened}", self.draw.random(), self.house.clock()
        record = await self.house.record(PERSON)
        card = record.card if record else 0
        if chance < 0.6:
            return self.house.heard(Act(PERSON, key, f"{card}:k:{self._key(card)}"))
        if chance < 0.75:
            return self.house.heard(Act(PERSON, key, f"{card}:{self.draw.choice(FORGED)}", reference="ALDER OTTER 11"))
        if chance < 0.85:
            return self.house.heard(Act(PERSON, key, words=self.draw.choice((*SAID, f"/start {self.code}"))))
        if chance < 0.92:
            event, key = Lapsed(Occasion(local_time(now), ""), is_old=self.draw.random() < 0.5), f"{TIME}{key}"
            return Inbound(key, now, PERSON, self.house.conversation.decide(event), None)
        terms = self.house.terms
        order = self.draw.choice((locking(now), renewal(now, terms, has_new_pin=self.draw.random() < 0.5)))
        return Inbound(key, now, PERSON, order, None)

    def _key(self, card: int) -> str:
        self._tapped = self._tapped + 1 if card == self._card else 0
        self._card = card
        place = self._tapped % len(PIN)
        return f"{place}:{PIN[place]}"
