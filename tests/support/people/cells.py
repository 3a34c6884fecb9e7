"""For each role, account state and command, what must happen (written by hand), and what went wrong."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.access.account import MOST_TRIES, Account, read_account, written
from bot.conversation.records import session_of
from bot.storage.values import Decide, Decision, Done, Record
from dialogs.asking import ASK
from dialogs.core.replies import Card, Toast
from dialogs.core.role import LEADING, Role
from dialogs.locked import AccountState
from state_machines.assessment import Phase
from tests.fakes.telegram import FakeClock
from tests.support.people.accounts import altered
from tests.support.people.commands import COMMANDS, LAYS, OF_A_CASE, SHUTS, TRAINING
from tests.support.people.households import Act, Household, accepted, in_the_middle, standing_at, with_case, words_of

PERSON, REFERENCE = "telegram:1", "ALDER OTTER 10"


@dataclass(frozen=True, slots=True)
class Cell:
    """One command, given by a person with this role and this account state."""

    role: Role
    standing: AccountState
    command: str

    async def faults(self) -> list[str]:
        """Give the command in a new household. Return the names of the expectations that failed."""
        clock = FakeClock()
        house = Household.at(clock)
        await house.operate(PERSON, self._stands(standing_at(clock, self.role, "0a0b0c0d"), clock))
        done = accepted(await house.take(Act(PERSON, "1", words=f"/{self.command}", reference="ALDER OTTER 11")))
        wanted = self._wanted(done, await house.card(PERSON))
        return [name for name, is_so in wanted.items() if not is_so]

    def _stands(self, access: Account, clock: FakeClock) -> Decide:
        """Return a decision that stores an account in this state, and a case if the role may have one."""
        closed = {
            AccountState.LOCKED: altered(access, is_locked=True),
            AccountState.NEW_PIN: altered(access, pin=""),
            AccountState.NOTICE: altered(access, noticed=None),
            AccountState.BARRED: altered(access, tries=MOST_TRIES),
            AccountState.LAPSED: altered(access, until=clock() - timedelta(days=1)),
        }
        session = in_the_middle(Random(1), card=3, reference=REFERENCE)

        def decide(record: Record, _: object = None) -> Decision:
            begun = record if self.role is Role.AUDITOR else with_case(record, session)
            return Decision(replace(begun, access=written(closed.get(self.standing, access))), ())

        return decide

    def _wanted(self, done: Done, card: Card | None) -> dict[str, bool]:
        after, access = done.record, read_account(done.record.access)
        assert isinstance(access, Account)
        is_open = self.standing is AccountState.OPEN
        lies = (session_of(after).overlay if is_open else access.door.over) if self.command not in SHUTS else None
        is_same = (done.before.case, done.before.phase) == (after.case, after.phase)
        wanted = {"shows nothing of a case": REFERENCE not in words_of(card) or (is_open and not access.door.is_locked)}
        is_shut = not is_open and self.standing is not AccountState.NO_CASES
        if self.command in LAYS and not (is_shut and self.command == ASK):
            wanted |= {"lays its card": lies is not None and lies.kind is LAYS[self.command]}
        elif self.command in SHUTS:
            wanted |= {
                "locks": access.door.is_locked,
                "keeps": is_same,
                "empties": (card is None) == (self.command == "panic"),
            }
        elif is_open:
            wanted |= {"lays its card": (lies.kind if lies else None) is OF_A_CASE[self.command]}
            wanted |= {"pauses": (after.phase == Phase.PAUSED) == (self.command == "pause"), "says": _said(done, self)}
            rehearses = self.command in ("rehearse", "pair") or (self.command == "room" and self.role in TRAINING)
            wanted |= {"rehearses": bool(after.rehearsal) == rehearses}
        else:
            wanted |= {"changes nothing": is_same and lies is None, "says why": _said(done, self)}
        return wanted


def _said(done: Done, cell: Cell) -> bool:
    """Return True if a toast explained a refusal. After `/start`, the notice or the keypad explains it."""
    if cell.command == "start" and cell.standing is not AccountState.NO_CASES:
        return done.effects == ()
    if cell.standing is AccountState.OPEN:
        keys = {
            "resume": "resumed",
            "join": "join-how",
            "look": "no-look",
            "team": "no-team" if cell.role in LEADING else "role",
            "room": "" if cell.role in TRAINING else "role",
        }
        keys["people"] = "" if cell.role is Role.ADMIN else "role"
        key = keys.get(cell.command, "")
        return done.effects == ((Toast(key),) if key else ())
    said = "role" if cell.standing is AccountState.NO_CASES else f"closed-{cell.standing}"
    said = "typed-locked" if cell.command == ASK else said
    return done.effects == (Toast(said),)


def cells() -> list[Cell]:
    """Return every cell: each role in each closed state, and open, or for the auditor `NO_CASES`."""
    closed = (AccountState.LOCKED, AccountState.NEW_PIN, AccountState.NOTICE, AccountState.BARRED, AccountState.LAPSED)
    return [
        Cell(role, standing, command)
        for role in Role
        for standing in (AccountState.NO_CASES if role is Role.AUDITOR else AccountState.OPEN, *closed)
        for command in COMMANDS
    ]
