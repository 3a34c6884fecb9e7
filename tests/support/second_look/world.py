"""People who ask, look, hand over, are locked out and removed at random. The product's rules decide; the history says what happened.

Nothing is stored and no card is drawn here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from dialogs.core import ties
from dialogs.core.role import Role
from dialogs.core.ties import Party, Refusal, Sharing, Tie, TieEvent, TieKind

Changed = Callable[[Sharing, TieEvent, datetime], Sharing | Refusal]
Reads = Callable[[Sharing, str, datetime], bool]

PEOPLE = ("ann", "ben", "cat", "admin")
BEGINNING = datetime(2026, 11, 29, 14, 0, tzinfo=UTC)
PAUSES = tuple(timedelta(minutes=each) for each in (0, 1, 7, 20, 31, 61)) + tuple(
    timedelta(hours=each) for each in (5, 12, 13, 24 * 3, 24 * 14, 24 * 15)
)
LIKELY = (60, 40, 30, 20, 8, 6, 4, 3, 2, 2, 1, 1)  # how likely each pause is
ROLES = (*(Role.PRACTITIONER, Role.MANAGER) * 3, Role.TRAINER, Role.ADMIN, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: what, when, in which case, by whom and about whom. `detail` is a kind of request, a role or a code."""

    at: datetime
    what: str
    case: int = -1
    by: str = ""
    whom: str = ""
    detail: str = ""


@dataclass(slots=True)
class Someone:
    """A person of the world."""

    role: Role
    is_removed: bool = False
    is_barred: bool = False
    is_lapsed: bool = False

    @property
    def is_admitted(self) -> bool:
        return not (self.is_removed or self.is_barred or self.is_lapsed)


@dataclass(slots=True)
class World:
    """Everybody, every case that was not erased, and everything that happened."""

    draw: Random
    changed: Changed = ties.changed
    reads: Reads = Sharing.reads
    now: datetime = BEGINNING
    people: dict[str, Someone] = field(default_factory=dict)
    cases: dict[int, Sharing] = field(default_factory=dict)
    history: list[Happened] = field(default_factory=list)
    refused: list[Happened] = field(default_factory=list)
    """What was tried and refused."""
    held: set[int] = field(default_factory=set)
    codes: int = 0
    is_eager: bool = False
    """True in a world in which people begin many cases."""
    begun: int = 0

    def __post_init__(self) -> None:
        for person in PEOPLE:
            self.people[person] = Someone(Role.ADMIN if person == "admin" else Role.PRACTITIONER)
            self.note("role", by=person, detail=self.people[person].role)
        self.people["ben"].role = Role.MANAGER
        self.note("role", by="ben", detail=Role.MANAGER)

    def may_read(self, person: str, case: int) -> bool:
        """Return what the product says: the person is admitted, and the rules let them read the case."""
        sharing = self.cases.get(case)
        return sharing is not None and self.people[person].is_admitted and self.reads(sharing, person, self.now)

    def step(self) -> None:
        """Let time pass, and let one thing happen or be refused."""
        self.now += self.draw.choices(PAUSES, LIKELY)[0]
        act = self.draw.choices(ACTS, [weight for _, weight in WEIGHTS])[0]
        # A code lasts half an hour, so chance alone would seldom see one used.
        if self.draw.random() < 0.5:
            sharings = [sharing.at(self.now) for sharing in self.cases.values()]
            act = CLAIM if any(sharing.code for sharing in sharings) else act
            act = CONFIRM if any(tie.is_claimed for sharing in sharings for tie in sharing.ties) else act
        act(self)

    def note(self, what: str, case: int = -1, by: str = "", whom: str = "", detail: str = "") -> None:
        self.history.append(Happened(self.now, what, case, by, whom, str(detail)))

    def candidate(self, person: str) -> Party:
        someone = self.people[person]
        asked = sum(
            each.what in ("asked", "code") and each.by == person and each.at > self.now - timedelta(hours=1)
            for each in self.history
        )
        holds = sum(sharing.holder.person == person for sharing in self.cases.values())
        return Party(person, someone.role, someone.is_admitted, holds=holds, asked=asked)

    def attempt(self, case: int, event: TieEvent, happened: Happened) -> None:
        after = self.changed(self.cases[case], event, self.now)
        if isinstance(after, Refusal):
            self.refused.append(happened)
            return
        self.cases[case] = after
        self.history.append(happened)

    def some_case(self, what: str = "") -> int | None:
        """Return a case, most often one about which somebody was asked, or with which this can be done."""
        shared = [case for case, sharing in self.cases.items() if len(sharing.ties) > 1 or sharing.code]
        if what == "typed":
            shared = [case for case, sharing in self.cases.items() if sharing.code] or shared
        if what == "confirmed":
            claimed = [case for case, one in self.cases.items() if any(tie.is_claimed for tie in one.ties)]
            shared = claimed or shared
        if shared and self.draw.random() < 0.7:
            return self.draw.choice(shared)
        return self.draw.choice(sorted(self.cases)) if self.cases else None

    def someone_here(self) -> str:
        here = [person for person, one in self.people.items() if one.is_admitted]
        return self.draw.choice(here or list(PEOPLE))


def _begin(world: World) -> None:
    person = world.someone_here()
    someone = world.people[person]
    if len(world.cases) > 2 and not world.is_eager:
        return
    if someone.is_admitted and someone.role is not Role.AUDITOR and world.candidate(person).holds < ties.MOST_HELD:
        world.cases[world.begun] = Sharing(person, (Tie(person, b"", TieKind.HOLDER, world.now),))
        world.note("begun", world.begun, person)
        world.begun += 1


def _kind(world: World) -> TieKind:
    return world.draw.choice((TieKind.ASKED_LOOK, TieKind.ASKED_HAND))


def _mark(world: World, sharing: Sharing) -> str:
    """Return the mark of a code: the open one, or an earlier or a wrong one."""
    if sharing.code is not None and world.draw.random() < 0.7:
        return sharing.code.mark.decode()
    return str(world.draw.randint(max(world.codes - 2, 0), world.codes))


def _shared(what: str) -> Callable[[World], None]:
    """Return what somebody does to a case that is there, most often somebody who has a tie to it."""

    def act(world: World) -> None:
        case = world.some_case(what)
        if case is None:
            return
        sharing, draw = world.cases[case], world.draw
        tied = [tie.person for tie in sharing.ties if tie.kind is not TieKind.HOLDER]
        by = sharing.holder.person if what in FOR_THE_HOLDER else draw.choice(tied or list(PEOPLE))
        if draw.random() < (0.6 if what == "typed" else 0.1):
            by = draw.choice(PEOPLE)
        others = [person for person in PEOPLE if person != by]
        claimed = [tie.person for tie in sharing.ties if tie.is_claimed]
        tied = claimed if claimed and what == "confirmed" else tied
        whom = draw.choice(tied if tied and what in ("confirmed", "ended") else others)
        if not world.people[by].is_admitted:
            return  # nobody who is locked out or removed has a card
        mine, theirs, kind = world.candidate(by), world.candidate(whom), _kind(world)
        mark, detail = _mark(world, sharing), ""
        event: TieEvent
        match what:
            case "asked":
                event, detail = ties.ColleagueAsked(kind, mine, theirs), kind
            case "code":
                world.codes += 1
                event, detail = ties.CodeMade(kind, mine, str(world.codes).encode()), f"{world.codes} {kind}"
            case "typed":
                event, detail = ties.CodeClaimed(mine, mark.encode()), mark
            case "confirmed":
                event = ties.ClaimConfirmed(by, theirs)
            case "opened":
                event, whom = ties.RequestOpened(mine), ""
            case "viewed":
                event, whom = ties.ViewSent(mine), ""
            case "declined":
                event, whom = ties.RequestDeclined(by), ""
            case "taken":
                event, whom = ties.TakenOver(mine), ""
            case "handed":
                event, by = ties.HandedOn("", theirs), "admin"
            case "given-back":
                event, whom = ties.TieEnded(by, by), by
            case _:
                event = ties.TieEnded(by, whom)
        name = "ended" if what == "given-back" else what
        world.attempt(case, event, Happened(world.now, name, case, by, whom, str(detail)))

    return act


FOR_THE_HOLDER = ("asked", "code", "confirmed", "ended")


def _erase(world: World) -> None:
    case = world.some_case()
    if case is not None and case not in world.held:
        world.note("erased", case)
        del world.cases[case]


def _hold(world: World) -> None:
    case = world.some_case()
    if case is not None:
        world.held.symmetric_difference_update({case})


def _remove(world: World) -> None:
    person = world.draw.choice(PEOPLE[:3])
    if world.people[person].is_removed:
        return
    world.people[person].is_removed = True
    world.note("removed", by=person)
    for case, sharing in tuple(world.cases.items()):
        if sharing.holder.person == person:
            # Also a case on hold is out of everybody's reach: only two people at the machine can export it.
            world.note("erased", case)
            del world.cases[case]
            world.held.discard(case)
        else:
            after = world.changed(sharing, ties.PersonLeft(person), world.now)
            assert isinstance(after, Sharing)
            world.cases[case] = after


def _admit(world: World) -> None:
    for person, someone in world.people.items():
        if someone.is_removed and world.draw.random() < 0.7:
            world.people[person] = Someone(Role.PRACTITIONER)
            world.note("admitted", by=person)
            _give(world, person, Role.PRACTITIONER)


def _give(world: World, person: str, role: Role) -> None:
    world.people[person].role = role
    world.note("role", by=person, detail=role)
    for case, sharing in tuple(world.cases.items()):
        after = world.changed(sharing, ties.RoleChanged(person, role), world.now)
        assert isinstance(after, Sharing)
        world.cases[case] = after


def _give_role(world: World) -> None:
    person = world.draw.choice(PEOPLE[:3])
    # A person who holds cases is not made an auditor: what becomes of their cases is decided elsewhere.
    if not world.people[person].is_removed:
        role = world.draw.choice(ROLES)
        if role is not Role.AUDITOR or not world.candidate(person).holds:
            _give(world, person, role)


def _bar(world: World) -> None:
    barred = [person for person, one in world.people.items() if one.is_barred]
    person = world.draw.choice(barred or PEOPLE)
    someone = world.people[person]
    if not someone.is_removed:
        someone.is_barred = not someone.is_barred
        world.note("barred" if someone.is_barred else "let-in", by=person)


def _lapse(world: World) -> None:
    lapsed = [person for person, one in world.people.items() if one.is_lapsed]
    person = world.draw.choice(lapsed or PEOPLE)
    someone = world.people[person]
    if not someone.is_removed:
        someone.is_lapsed = not someone.is_lapsed
        world.note("lapsed" if someone.is_lapsed else "renewed", by=person)


WEIGHTS: tuple[tuple[Callable[[World], None], int], ...] = (
    (_begin, 14),
    (_shared("asked"), 30),
    (_shared("code"), 10),
    (_shared("typed"), 20),
    (_shared("confirmed"), 16),
    (_shared("opened"), 22),
    (_shared("viewed"), 8),
    (_shared("declined"), 5),
    (_shared("taken"), 14),
    (_shared("handed"), 2),
    (_shared("ended"), 4),
    (_shared("given-back"), 3),
    (_erase, 1),
    (_hold, 1),
    (_remove, 2),
    (_admit, 8),
    (_give_role, 3),
    (_bar, 3),
    (_lapse, 3),
)
ACTS = tuple(act for act, _ in WEIGHTS)
CLAIM, CONFIRM = _shared("typed"), _shared("confirmed")


def run(seed: int, *, steps: int, changed: Changed = ties.changed, reads: Reads = Sharing.reads) -> Iterator[World]:
    """Yield the world after each of its steps."""
    world = World(Random(seed), changed, reads, is_eager=seed % 5 == 0)
    for _ in range(steps):
        world.step()
        yield world
