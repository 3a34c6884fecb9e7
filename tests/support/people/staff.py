"""An administrator and other people in one store, each with a label; tests act in the administrator's chat."""

from datetime import timedelta

from bot.access.account import Account
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.visiting import OPEN, START, Visitor

NEAR = START + timedelta(days=10)


def standing(name: str, role: Role = Role.PRACTITIONER, *, days: float = 90) -> Account:
    """Return an account with this label, admitted for `days` days. Its id is derived from the label."""
    who = name.encode().hex()[:8].ljust(8, "0")
    return altered(OPEN[role], who=who, name=name, until=START + timedelta(days=days))


async def staffed(*others: Account, role: Role = Role.ADMIN, days: float = 90) -> tuple[Visitor, list[Visitor]]:
    """Return Ann, an administrator unless `role` says otherwise, and the other people in the same store."""
    ann = Visitor("telegram:1")
    await ann.set(standing("Ann", role, days=days))
    people = []
    for number, each in enumerate(others, 2):
        other = Visitor(f"telegram:{number}", beside=ann)
        people.append(await other.set(each))
    return ann, people


async def fresh(visitor: Visitor) -> Visitor:
    """Reload the record of a person, which others may have changed."""
    found = await visitor.store.recall(visitor.person)
    assert found is not None
    visitor.record = found[0]
    return visitor
