"""A worker with a finished case, a manager, and somebody of the night team, with one store and one clock."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from bot.access.account import Terms
from bot.conversation.shared_cards import read_sharing
from bot.storage.store import Store
from dialogs.core.role import Role
from tests.support.people.visiting import OPEN, START, Visitor

PEOPLE = ("telegram:7", "telegram:8", "telegram:9")
LABELS = ("Sam Reid", "Dana Reid", "Jo Ames")
AUDIT_IDS = ("00000007", "00000008", "00000009")
ROLES = (Role.PRACTITIONER, Role.MANAGER, Role.PRACTITIONER)


class Three(NamedTuple):
    """The worker, the manager, and the person of the night team, who may take cases over."""

    worker: Visitor
    manager: Visitor
    night: Visitor


async def come_together(
    people: Sequence[str] = PEOPLE, *, store: Store | None = None, at: datetime = START, terms: Terms | None = None
) -> Three:
    """Return the three, admitted and with open chats; the worker's case is finished."""
    worker = Visitor(people[0], store=store, terms=terms)
    worker.clock.at = at
    three = Three(worker, *(Visitor(person, beside=worker, terms=terms) for person in people[1:]))
    for number, (each, role) in enumerate(zip(three, ROLES, strict=True)):
        each.bot = replace(each.bot, bare_script=replace(each.bot.bare_script, shares=True))
        account = OPEN[role].used(at)
        named = replace(account.admission, name=LABELS[number])
        await each.set(replace(account, audit_id=AUDIT_IDS[number], admission=named))
    await worker.begin()
    await worker.finish()
    return three


def a_three() -> Any:
    """Return a fixture of the three, whose store is closed after the test."""

    @pytest.fixture
    async def three() -> AsyncIterator[Three]:
        people = await come_together()
        yield people
        await people.worker.store.close()

    return three


async def fresh(visitor: Visitor) -> Visitor:
    """Look at what the person sees now, after what others did and the bot told."""
    return await visitor.pass_time()


async def later(three: Three, **time: float) -> None:
    """Move the clock on. All three have just used their chats, so that none is locked."""
    three.worker.later(**time)
    for each in three:
        await each.set(each.access.used(each.clock.now()))


async def ask(three: Three, what: str) -> None:
    """Let the worker ask the manager by name for a look, or to take the case over."""
    await three.worker.press("More", "Ask somebody", "1 Dana Reid", what)
    await fresh(three.manager)


async def code(three: Three, what: str) -> str:
    """Let the worker draw a code for a look or a handover. Return it."""
    await three.worker.press("More", "Ask somebody", "By a code", what)
    return read_sharing(three.worker.access.sharing).about


async def offer_to_two(three: Three) -> None:
    """Let the worker offer the case to the manager by name, and to the person of the night team by a code."""
    await ask(three, "Hand over")
    await fresh(three.worker)
    await three.night.command("look", await code(three, "Hand over"))
    await fresh(three.worker)
    await three.worker.press("Yes: offer it")
    await fresh(three.night)


async def looks(three: Three) -> None:
    """Let the manager be asked for a look, and open it."""
    await ask(three, "Ask for a look")
    await three.manager.press("Open it")


async def looks_by_code(three: Three) -> None:
    """Let the person of the night team type a code for a look, be confirmed, and open the case."""
    said = await code(three, "Ask for a look")
    await three.night.command("look", said)
    await fresh(three.worker)
    await three.worker.press("Yes: let them read")
    await fresh(three.night)
    await three.night.press("Open it")
