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
    """What is told, part by part, before the SERAF or beside it."""
    SERAF = "seraf"
    """The SERAF itself."""
    FEEDBACK = "feedback"
    """What the key says of the answer just given."""
    FIRST_CALL = "first-call"
    """Whom to get in touch with first, asked before the result says it."""
    REPORT = "report"
    """The answers beside the key, page by page."""
    COURSE = "course"
    """How this person's rehearsals went, seen by nobody else."""
    LEAVING = "leaving"
    """Whether to leave, asked of somebody who wants to begin something real."""


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
    AWAY = "away"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guards may ask of a turn."""

    has_begun: bool = False
    """The SERAF has begun, so that the story is looked up beside it."""
    is_practice: bool = False
    """The key is shown after each answer."""
    is_first_page: bool = False
    """There is no page before this one."""
    came_from: Stage | None = None
    """The stage to go back to."""


def _practice(facts: Standing) -> bool:
    return facts.is_practice


def _not_first(facts: Standing) -> bool:
    return not facts.is_first_page


def _begun_first(facts: Standing) -> bool:
    return facts.has_begun and facts.is_first_page


def _from(stage: Stage) -> "Edge[Standing]":
    return Edge(Stage.LEAVING, Turn.GO_ON, stage, lambda facts: facts.came_from == stage)


UNDER_WAY = (Stage.STORY, Stage.SERAF, Stage.FEEDBACK, Stage.FIRST_CALL, Stage.REPORT)
"""The stages of one made-up case."""

REHEARSING = (Stage.MENU, Stage.LIST, Stage.CHOSEN, *UNDER_WAY, Stage.COURSE)
"""The stages that somebody may leave."""

REHEARSAL: Table[Standing] = Table(
    (
        Edge(Stage.IDLE, Turn.OPEN, Stage.MENU),
        Edge(Stage.MENU, Turn.LIST, Stage.LIST),
        Edge(Stage.MENU, Turn.COURSE, Stage.COURSE),
        *(Edge(stage, Turn.PICK, Stage.CHOSEN) for stage in (Stage.MENU, Stage.LIST, Stage.REPORT)),
        Edge(Stage.LIST, Turn.PAGE, Stage.LIST),
        Edge(Stage.LIST, Turn.BACK, Stage.MENU),
        Edge(Stage.COURSE, Turn.DRAW, Stage.COURSE),
        Edge(Stage.COURSE, Turn.BACK, Stage.MENU),
        Edge(Stage.CHOSEN, Turn.BACK, Stage.MENU),
        Edge(Stage.CHOSEN, Turn.TELL, Stage.STORY),
        Edge(Stage.STORY, Turn.PAGE, Stage.STORY),
        Edge(Stage.STORY, Turn.BACK, Stage.STORY, _not_first),
        Edge(Stage.STORY, Turn.BACK, Stage.SERAF, _begun_first),
        Edge(Stage.STORY, Turn.BACK, Stage.CHOSEN),
        Edge(Stage.STORY, Turn.ASK, Stage.SERAF),
        Edge(Stage.SERAF, Turn.TELL, Stage.STORY),
        Edge(Stage.SERAF, Turn.JUDGE, Stage.FIRST_CALL),
        Edge(Stage.SERAF, Turn.ANSWER, Stage.FEEDBACK, _practice),
        Edge(Stage.SERAF, Turn.REPORT, Stage.REPORT),
        Edge(Stage.FEEDBACK, Turn.GO_ON, Stage.SERAF),
        Edge(Stage.FIRST_CALL, Turn.CALL, Stage.SERAF),
        Edge(Stage.FIRST_CALL, Turn.TELL, Stage.STORY),
        Edge(Stage.REPORT, Turn.PAGE, Stage.REPORT),
        Edge(Stage.REPORT, Turn.BACK, Stage.REPORT, _not_first),
        Edge(Stage.REPORT, Turn.BACK, Stage.SERAF),
        Edge(Stage.REPORT, Turn.COURSE, Stage.COURSE),
        *(Edge(stage, Turn.AWAY, Stage.LEAVING) for stage in REHEARSING),
        *(_from(stage) for stage in REHEARSING),
        *(Edge(stage, Turn.LEAVE, Stage.IDLE) for stage in (*REHEARSING, Stage.LEAVING)),
    )
)
"""Every way through a rehearsal."""
