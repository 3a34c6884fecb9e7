"""The stages of a rehearsal and every way from one to another. The SERAF within it keeps to its own table."""

from dataclasses import dataclass
from enum import StrEnum

from state_machines.table import Edge, Table


class Stage(StrEnum):
    """Where a rehearsal is."""

    IDLE = "idle"
    """Nothing is rehearsed."""
    MENU = "menu"
    """What a rehearsal is, what may be hard to read, and how to begin."""
    LIST = "list"
    """The made-up cases to choose from, page by page."""
    CHOSEN = "chosen"
    """One of them: what it is about, and how to take it."""
    STORY = "story"
    """What is told, part by part, before the SERAF or during it."""
    SERAF = "seraf"
    """The SERAF itself."""
    FEEDBACK = "feedback"
    """What the key says of the answer just given."""
    FIRST_CALL = "first-call"
    """Whom to get in touch with first, asked before the result says it."""
    HELD = "held"
    """In a room: the answers and the key are not shown before its host opens them for everybody."""
    REPORT = "report"
    """The answers compared with the key, page by page."""
    COURSE = "course"
    """How this person's rehearsals went, seen by nobody else."""
    LEAVING = "leaving"
    """Whether to leave, asked where something would be lost, and of somebody who wants to begin something real."""

    JOINING = "joining"
    """What a room or a pair is, and what is shown of one's answers there, before anything is joined."""
    WAITING = "waiting"
    """In a pair: until the other one has agreed as well."""
    ROOM = "room"
    """At the host of a room: who has come how far, in numbers."""
    SEATS = "seats"
    """At the host of a room: who may join, and the seats that can be freed."""
    CLOSING = "closing"
    """Whether to close the room, which nobody can answer in after that."""
    ROOM_REPORT = "room-report"
    """Where the people of a closed room differ, page by page."""
    PAPERS = "papers"
    """At the host of a room: papers to teach with, before it is opened, while it is open, and once it is closed."""
    DIFFERENCES = "differences"
    """In a pair: where the two differ, page by page."""


class Together(StrEnum):
    """With whom a made-up case is rehearsed, if not alone."""

    ROOM = "room"
    """Among a group that somebody runs."""
    PAIR = "pair"
    """With one other person."""


class Turn(StrEnum):
    """What may happen."""

    OPEN = "open"
    PICK = "pick"
    LIST = "list"
    COURSE = "course"
    DRAW = "draw"
    TELL = "tell"
    PAGE = "page"
    BACK = "back"
    ASK = "ask"
    ANSWER = "answer"
    JUDGE = "judge"
    GO_ON = "go-on"
    CALL = "call"
    REPORT = "report"
    TOGETHER = "together"
    JOIN = "join"
    AGREE = "agree"
    HOST = "host"
    END = "end"
    CLOSE = "close"
    RELEASE = "release"
    SCREEN = "screen"
    SEATS = "seats"
    FREE = "free"
    DOOR = "door"
    TICKETS = "tickets"
    COMPARE = "compare"
    PAPERS = "papers"
    AWAY = "away"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What the guards may ask of a turn."""

    has_begun: bool = False
    """The SERAF has begun, so that the story is looked up during it."""
    is_practice: bool = False
    """The key is shown after each answer."""
    is_first_page: bool = False
    """There is no page before this one."""
    came_from: Stage | None = None
    """The stage to go back to."""
    together: Together | None = None
    """With whom it is rehearsed."""
    is_joined: bool = False
    """In a pair: the other one has agreed as well."""
    is_paired: bool = False
    """In a pair: this one has finished."""
    is_bound: bool = False
    """In a pair that is open: somebody else waits for this one, or this one for them."""
    awaits_call: bool = False
    """The judgement was given, and the first call is not named yet."""
    is_held: bool = False
    """In a room: the key is not open to its people."""
    room: Stage | None = None
    """Where the room is that the person runs: open, or closed and compared; None before it is opened."""
    loses: bool = False
    """Leaving would lose something: answers that went nowhere yet, what another waits for, or a comparison."""


def _practice(facts: TurnFacts) -> bool:
    return facts.is_practice


def _not_first(facts: TurnFacts) -> bool:
    return not facts.is_first_page


def _begun_first(facts: TurnFacts) -> bool:
    return facts.has_begun and facts.is_first_page


def _alone(facts: TurnFacts) -> bool:
    return facts.together is None


def _held(facts: TurnFacts) -> bool:
    return facts.is_held


def _runs_room(facts: TurnFacts) -> bool:
    return facts.together is Together.ROOM


def _loses(facts: TurnFacts) -> bool:
    return facts.loses


def _from(stage: Stage) -> "Edge[TurnFacts]":
    return Edge(Stage.LEAVING, Turn.GO_ON, stage, lambda facts: facts.came_from == stage)


RESTING = (Stage.MENU, Stage.LIST, Stage.CHOSEN, Stage.JOINING, Stage.REPORT, Stage.COURSE, Stage.ROOM_REPORT)
"""The stages at which nothing is lost by beginning something else."""

UNDER_WAY = (Stage.STORY, Stage.SERAF, Stage.FEEDBACK, Stage.FIRST_CALL, Stage.HELD, Stage.REPORT)
"""The stages of one made-up case."""

LOSING = (*UNDER_WAY, Stage.DIFFERENCES, Stage.ROOM_REPORT)
"""The stages at which there may be something to lose."""

HOSTING = (Stage.ROOM, Stage.SEATS, Stage.CLOSING, Stage.ROOM_REPORT, Stage.PAPERS)
"""The stages of the host of a room."""

REHEARSING = (
    *(Stage.MENU, Stage.LIST, Stage.CHOSEN, *UNDER_WAY, Stage.COURSE),
    *(Stage.JOINING, Stage.WAITING, *HOSTING, Stage.DIFFERENCES),
)
"""The stages that somebody may leave."""

REHEARSAL: Table[TurnFacts] = Table(
    (
        Edge(Stage.IDLE, Turn.OPEN, Stage.MENU),
        Edge(Stage.MENU, Turn.LIST, Stage.LIST),
        Edge(Stage.MENU, Turn.COURSE, Stage.COURSE),
        Edge(Stage.MENU, Turn.TOGETHER, Stage.LIST),
        *(Edge(stage, Turn.PICK, Stage.CHOSEN) for stage in (Stage.MENU, Stage.LIST)),
        # Of a pair the other one would wait for ever for somebody who has begun another case.
        Edge(Stage.REPORT, Turn.PICK, Stage.CHOSEN, lambda facts: not facts.is_bound),
        Edge(Stage.LIST, Turn.PAGE, Stage.LIST),
        Edge(Stage.LIST, Turn.BACK, Stage.MENU),
        Edge(Stage.COURSE, Turn.DRAW, Stage.COURSE),
        Edge(Stage.COURSE, Turn.BACK, Stage.REPORT, lambda facts: facts.together is not None),
        Edge(Stage.COURSE, Turn.BACK, Stage.MENU),
        Edge(Stage.CHOSEN, Turn.BACK, Stage.LIST, lambda facts: facts.together is not None),
        Edge(Stage.CHOSEN, Turn.BACK, Stage.MENU),
        Edge(Stage.CHOSEN, Turn.TELL, Stage.STORY, _alone),
        Edge(Stage.CHOSEN, Turn.HOST, Stage.ROOM, lambda facts: facts.together is Together.ROOM),
        Edge(Stage.CHOSEN, Turn.AGREE, Stage.WAITING, lambda facts: facts.together is Together.PAIR),
        Edge(Stage.WAITING, Turn.TELL, Stage.STORY, lambda facts: facts.is_joined),
        Edge(Stage.IDLE, Turn.JOIN, Stage.JOINING),
        Edge(Stage.JOINING, Turn.AGREE, Stage.STORY),
        Edge(Stage.ROOM, Turn.DRAW, Stage.ROOM),
        Edge(Stage.ROOM, Turn.SCREEN, Stage.ROOM),
        Edge(Stage.ROOM, Turn.SEATS, Stage.SEATS),
        *(Edge(Stage.SEATS, turn, Stage.SEATS) for turn in (Turn.FREE, Turn.DOOR, Turn.TICKETS)),
        Edge(Stage.SEATS, Turn.BACK, Stage.ROOM),
        *(Edge(stage, Turn.END, Stage.CLOSING) for stage in (Stage.ROOM, Stage.SEATS)),
        Edge(Stage.CLOSING, Turn.GO_ON, Stage.ROOM),
        Edge(Stage.CLOSING, Turn.CLOSE, Stage.ROOM_REPORT),
        *(
            Edge(stage, Turn.PAPERS, Stage.PAPERS, _runs_room)
            for stage in (Stage.CHOSEN, Stage.ROOM, Stage.ROOM_REPORT)
        ),
        Edge(Stage.PAPERS, Turn.DRAW, Stage.PAPERS),
        Edge(Stage.PAPERS, Turn.END, Stage.CLOSING, lambda facts: facts.room is Stage.ROOM),
        Edge(Stage.PAPERS, Turn.BACK, Stage.ROOM, lambda facts: facts.room is Stage.ROOM),
        Edge(Stage.PAPERS, Turn.BACK, Stage.ROOM_REPORT, lambda facts: facts.room is Stage.ROOM_REPORT),
        Edge(Stage.PAPERS, Turn.BACK, Stage.CHOSEN),
        Edge(Stage.ROOM_REPORT, Turn.PAGE, Stage.ROOM_REPORT),
        Edge(Stage.ROOM_REPORT, Turn.DRAW, Stage.ROOM_REPORT),
        Edge(Stage.ROOM_REPORT, Turn.RELEASE, Stage.ROOM_REPORT, _held),
        Edge(Stage.STORY, Turn.PAGE, Stage.STORY),
        Edge(Stage.STORY, Turn.BACK, Stage.STORY, _not_first),
        # Above the way into the SERAF: its result would say whom to call before that was answered (ADR 0035).
        Edge(Stage.STORY, Turn.BACK, Stage.FIRST_CALL, lambda facts: facts.awaits_call and facts.is_first_page),
        Edge(Stage.STORY, Turn.BACK, Stage.SERAF, _begun_first),
        Edge(Stage.STORY, Turn.BACK, Stage.CHOSEN, _alone),
        Edge(Stage.STORY, Turn.ASK, Stage.FIRST_CALL, lambda facts: facts.awaits_call),
        Edge(Stage.STORY, Turn.ASK, Stage.SERAF),
        Edge(Stage.SERAF, Turn.TELL, Stage.STORY),
        Edge(Stage.SERAF, Turn.JUDGE, Stage.FIRST_CALL),
        Edge(Stage.SERAF, Turn.ANSWER, Stage.FEEDBACK, _practice),
        # Before the way to the report: whoever is first to finish must not read the key while others
        # still answer (ADR 0035).
        Edge(Stage.SERAF, Turn.REPORT, Stage.HELD, _held),
        Edge(Stage.SERAF, Turn.REPORT, Stage.REPORT),
        Edge(Stage.HELD, Turn.REPORT, Stage.HELD, _held),
        Edge(Stage.HELD, Turn.REPORT, Stage.REPORT),
        Edge(Stage.HELD, Turn.BACK, Stage.SERAF),
        Edge(Stage.SERAF, Turn.COMPARE, Stage.DIFFERENCES, lambda facts: facts.is_paired),
        Edge(Stage.DIFFERENCES, Turn.PAGE, Stage.DIFFERENCES),
        Edge(Stage.DIFFERENCES, Turn.BACK, Stage.SERAF),
        Edge(Stage.FEEDBACK, Turn.GO_ON, Stage.SERAF),
        Edge(Stage.FIRST_CALL, Turn.CALL, Stage.SERAF),
        Edge(Stage.FIRST_CALL, Turn.TELL, Stage.STORY),
        Edge(Stage.REPORT, Turn.PAGE, Stage.REPORT),
        Edge(Stage.REPORT, Turn.BACK, Stage.REPORT, _not_first),
        Edge(Stage.REPORT, Turn.BACK, Stage.SERAF),
        Edge(Stage.REPORT, Turn.COURSE, Stage.COURSE),
        *(Edge(stage, Turn.AWAY, Stage.LEAVING) for stage in REHEARSING),
        *(_from(stage) for stage in REHEARSING),
        # One tap takes what is hard to read off the screen; whether it was meant is asked there, and the same tap again leaves.
        *(Edge(stage, Turn.LEAVE, Stage.LEAVING, _loses) for stage in LOSING),
        *(Edge(stage, Turn.LEAVE, Stage.IDLE) for stage in (*REHEARSING, Stage.LEAVING)),
    )
)
"""Every way through a rehearsal."""
