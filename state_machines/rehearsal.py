"""The stages of a rehearsal, and the transitions between them. The SERAF filled in during it has its own table."""

from dataclasses import dataclass
from enum import StrEnum

from state_machines.table import Edge, Table


class Stage(StrEnum):
    """A stage of a rehearsal."""

    IDLE = "idle"  # no rehearsal
    MENU = "menu"  # what a rehearsal is, what may be hard to read, and how to begin
    LIST = "list"  # the made-up cases to choose from, page by page
    CHOSEN = "chosen"  # one made-up case: its subject, and the ways to rehearse it
    STORY = "story"  # the story, part by part, before the SERAF or during it
    SERAF = "seraf"
    FEEDBACK = "feedback"  # the last answer compared with the agreed answer
    FIRST_CALL = "first-call"  # the question whom to contact first, asked before the result names anybody
    HELD = "held"  # in a room: the agreed answers are hidden until the host releases them for everybody
    REPORT = "report"  # this person's answers compared with the agreed answers, page by page
    DRILL = "drill"  # a short question on one rule
    DRILLED = "drilled"  # the answer to it, with its reason
    COURSE = "course"  # this person's rehearsals so far, shown to nobody else
    LEAVING = "leaving"  # confirmation before leaving, if something would be lost or a real case is to begin

    JOINING = "joining"  # before joining a room or pair: what it is, and which of the person's answers it shows
    WAITING = "waiting"  # in a pair: waiting until the other person has agreed as well
    ROOM = "room"  # for the host of a room: how many people have joined, finished and answered each item
    SEATS = "seats"  # for the host of a room: who may join, and the seats that can be freed
    CLOSING = "closing"  # confirmation before closing the room, in which nobody can answer afterwards
    ROOM_REPORT = "room-report"  # where the people of a closed room differ, page by page
    PAPERS = "papers"  # for the host of a room: teaching documents, at any time
    DIFFERENCES = "differences"  # in a pair: where the two people differ, page by page


class Together(StrEnum):
    """A kind of group that rehearses a made-up case."""

    ROOM = "room"  # a group with a host
    PAIR = "pair"  # one other person


class Turn(StrEnum):
    """An event in a rehearsal, such as an answer or leaving it."""

    OPEN = "open"
    PICK = "pick"
    LIST = "list"
    COURSE = "course"
    DRILL = "drill"
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
    """The facts about a rehearsal that the guards of `REHEARSAL` test."""

    has_begun: bool = False  # the SERAF has begun, and the story is reread during it
    is_practice: bool = False  # the agreed answer is shown after each answer
    is_first_page: bool = False
    came_from: Stage | None = None  # the stage to go back to
    together: Together | None = None  # room or pair; None if the person rehearses alone
    is_joined: bool = False  # in a pair: the other person has agreed as well
    is_paired: bool = False  # in a pair: this person has finished
    is_bound: bool = False  # in an open pair: one of the two may be waiting for the other
    awaits_call: bool = False  # the judgement was given, and the question whom to contact first is unanswered
    is_held: bool = False  # in a room: the agreed answers are hidden from its participants
    room: Stage | None = (
        None  # the stage of a host's room: open (ROOM) or closed (ROOM_REPORT); None before it is opened
    )
    loses: bool = False  # leaving would lose unsaved answers, a comparison, or what another person waits for


def _not_first(facts: TurnFacts) -> bool:
    return not facts.is_first_page


def _alone(facts: TurnFacts) -> bool:
    return facts.together is None


def _held(facts: TurnFacts) -> bool:
    return facts.is_held


def _runs_room(facts: TurnFacts) -> bool:
    return facts.together is Together.ROOM


def _from(stage: Stage) -> "Edge[TurnFacts]":
    return Edge(Stage.LEAVING, Turn.GO_ON, stage, lambda facts: facts.came_from == stage)


DRILLING = (Stage.DRILL, Stage.DRILLED)
"""The stages of a set of drills."""

RESTING = (
    *(Stage.MENU, Stage.LIST, Stage.CHOSEN, Stage.JOINING, Stage.REPORT, Stage.COURSE, Stage.ROOM_REPORT),
    *DRILLING,
)
"""The stages in which beginning something else loses nothing."""

UNDER_WAY = (Stage.STORY, Stage.SERAF, Stage.FEEDBACK, Stage.FIRST_CALL, Stage.HELD, Stage.REPORT)
"""The stages of working through one made-up case."""

LOSING = (*UNDER_WAY, Stage.DIFFERENCES, Stage.ROOM_REPORT)
"""The stages in which leaving may lose something. `TurnFacts.loses` says whether it would."""

HOSTING = (Stage.ROOM, Stage.SEATS, Stage.CLOSING, Stage.ROOM_REPORT, Stage.PAPERS)
"""The stages of a person who hosts a room."""

REHEARSING = (
    *(Stage.MENU, Stage.LIST, Stage.CHOSEN, *UNDER_WAY, *DRILLING, Stage.COURSE),
    *(Stage.JOINING, Stage.WAITING, *HOSTING, Stage.DIFFERENCES),
)
"""The stages that a person can leave."""

REHEARSAL: Table[TurnFacts] = Table(
    (
        Edge(Stage.IDLE, Turn.OPEN, Stage.MENU),
        Edge(Stage.MENU, Turn.LIST, Stage.LIST),
        Edge(Stage.MENU, Turn.COURSE, Stage.COURSE),
        *(Edge(stage, Turn.DRILL, Stage.DRILL) for stage in (Stage.MENU, Stage.DRILLED)),
        Edge(Stage.DRILL, Turn.ANSWER, Stage.DRILLED),
        Edge(Stage.DRILLED, Turn.GO_ON, Stage.DRILL),
        *(Edge(stage, Turn.BACK, Stage.MENU) for stage in DRILLING),
        Edge(Stage.DRILLED, Turn.COURSE, Stage.COURSE),
        Edge(Stage.MENU, Turn.TOGETHER, Stage.LIST),
        *(Edge(stage, Turn.PICK, Stage.CHOSEN) for stage in (Stage.MENU, Stage.LIST)),
        # In a pair, the other person would wait for ever for somebody who has begun another case.
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
        Edge(Stage.ROOM, Turn.GO_ON, Stage.ROOM),  # the next stage of a case in stages
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
        # Above the edge into the SERAF, whose result would give away whom to call first (ADR 0035).
        Edge(Stage.STORY, Turn.BACK, Stage.FIRST_CALL, lambda facts: facts.awaits_call and facts.is_first_page),
        Edge(Stage.STORY, Turn.BACK, Stage.SERAF, lambda facts: facts.has_begun and facts.is_first_page),
        Edge(Stage.STORY, Turn.BACK, Stage.CHOSEN, _alone),
        # Only a case in stages offers choices in its story.
        Edge(Stage.STORY, Turn.ANSWER, Stage.STORY),
        Edge(Stage.STORY, Turn.ASK, Stage.FIRST_CALL, lambda facts: facts.awaits_call),
        Edge(Stage.STORY, Turn.ASK, Stage.SERAF),
        Edge(Stage.SERAF, Turn.TELL, Stage.STORY),
        Edge(Stage.SERAF, Turn.JUDGE, Stage.FIRST_CALL),
        Edge(Stage.SERAF, Turn.ANSWER, Stage.FEEDBACK, lambda facts: facts.is_practice),
        # Before the edge to the report: the first to finish must not read the key while others still answer (ADR 0035).
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
        # The first tap hides what is hard to read and asks for confirmation; the same tap again leaves.
        *(Edge(stage, Turn.LEAVE, Stage.LEAVING, lambda facts: facts.loses) for stage in LOSING),
        *(Edge(stage, Turn.LEAVE, Stage.IDLE) for stage in (*REHEARSING, Stage.LEAVING)),
    )
)
"""Every transition of a rehearsal. For a stage and a trigger, the first edge whose guard is true is taken."""
