"""Which card of people an administrator sees next. It changes nothing, and knows nobody but by label and role."""

from dataclasses import dataclass, field
from typing import assert_never

from bot.access.admission import grouped
from bot.runtime.clock import LONDON
from bot.storage.values import Issued
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.script import Script
from dialogs.people.cards import (
    PeopleCard,
    asking_card,
    codes_card,
    found_card,
    home_card,
    how_card,
    invite_card,
    list_card,
    offer_card,
    offers_card,
    person_card,
    renewing_card,
    roles_card,
    several_card,
)
from dialogs.people.roster import Roster


@dataclass(frozen=True, slots=True)
class PeopleSeen:
    """What the next card is drawn from: everybody after the act, the name on the card, what was typed, the codes just made."""

    roster: Roster
    script: Script
    name: str = ""
    words: str = field(default="", repr=False)
    issued: tuple[Issued, ...] = field(default=(), repr=False)


def card_after(act: Administer, seen: PeopleSeen) -> PeopleCard | None:
    """The card after an act; None where the cards of people are closed."""
    match act.deed:
        case PeopleDeed.CLOSE:
            return None
        case PeopleDeed.HOW:
            return how_card(seen.script)
        case PeopleDeed.LIST:
            name, _, page = act.about.partition(":")
            return list_card(seen.roster, seen.script, name=name, page=int(page))
        case PeopleDeed.ASK_RENEW_ALL:
            return renewing_card(seen.roster, seen.script) if seen.roster.renewable() else _home(seen)
        case PeopleDeed.HOME | PeopleDeed.RENEW_ALL | PeopleDeed.REMOVE:
            return _home(seen)
        case PeopleDeed.OFFERS | PeopleDeed.WITHDRAW:
            return offers_card(seen.roster, seen.script, page=int(act.about) if act.deed is PeopleDeed.OFFERS else 1)
        case PeopleDeed.OFFER:
            return _offer(act.about, seen)
        case PeopleDeed.INVITE | PeopleDeed.SEVERAL:
            return _inviting(act, seen)
        case PeopleDeed.ASK_PIN | PeopleDeed.ASK_REMOVE | PeopleDeed.ROLES:
            return _asking(act, seen)
        case PeopleDeed.PERSON | PeopleDeed.RENEW | PeopleDeed.UNLOCK | PeopleDeed.LOCK | PeopleDeed.NEW_PIN:
            return _somebody(act.about, seen)
        case PeopleDeed.ROLE:
            return _somebody(act.about.partition(":")[0], seen)
    assert_never(act.deed)


def _home(seen: PeopleSeen) -> PeopleCard:
    """The first card; where words were typed, people of that name, or how to invite somebody of that name."""
    if not seen.words:
        return home_card(seen.roster, seen.script)
    found = seen.roster.called(seen.words)
    if not found:
        return invite_card(seen.words, seen.script)
    return person_card(found[0], seen.script) if len(found) == 1 else found_card(found, seen.script)


def _somebody(who: str, seen: PeopleSeen) -> PeopleCard:
    """One person; the first card where they are not there any more."""
    colleague = seen.roster.find(who)
    return person_card(colleague, seen.script) if colleague else _home(seen)


def _asking(act: Administer, seen: PeopleSeen) -> PeopleCard:
    """What is asked before somebody's PIN, access or role changes."""
    colleague = seen.roster.find(act.about)
    if colleague is None:
        return _home(seen)
    if act.deed is PeopleDeed.ROLES:
        return roles_card(colleague, seen.script)
    asked = PeopleDeed.NEW_PIN if act.deed is PeopleDeed.ASK_PIN else PeopleDeed.REMOVE
    return asking_card(asked, colleague, seen.script)


def _offer(who: str, seen: PeopleSeen) -> PeopleCard:
    """An open invitation; whoever has come by it meanwhile stands there as somebody."""
    awaited = seen.roster.find_awaited(who)
    if awaited is None:
        return _somebody(who, seen)
    return offer_card(awaited.who, awaited.label, seen.script, role=awaited.role, until=awaited.until)


def _inviting(act: Administer, seen: PeopleSeen) -> PeopleCard:
    """How many of the name on the card, then as what; then their codes, or the choice again where none were made."""
    name, script, about = seen.name, seen.script, act.about
    if not name:
        return _home(seen)
    if seen.issued:
        until = f"{seen.issued[0].until.astimezone(LONDON):%d %B %Y, %H:%M}".lstrip("0")
        return codes_card(name, [grouped(each.code) for each in seen.issued], script, until=until)
    number = about.partition(":")[2] or "1" if act.deed is PeopleDeed.INVITE else about
    return invite_card(name, script, number=int(number)) if number.isdecimal() else several_card(name, script)
