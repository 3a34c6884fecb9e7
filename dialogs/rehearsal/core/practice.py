"""What somebody rehearses, as a value, and as text and back. It is apart from every case, and no case is ever made of it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, profile_of
from dialogs.rehearsal.core.room_views import Ended, RoomView, from_plain, to_plain
from seraf.cases.vignette import FirstCall
from seraf.form.responses import NOTHING, Responses
from seraf.rehearsal import progress
from seraf.rehearsal.progress import Course, Mode, NewerCourse
from state_machines.assessment import Phase
from state_machines.rehearsal import HOSTING, RESTING, Stage, Together

VERSION = 3
"""The version that is written; a newer one is refused. The first had no rooms, the second counted them without their cases."""


TAKES = (Mode.PRACTICE, Mode.TEST)
"""How one may rehearse alone: the key is shown after each answer, or at the end."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Where a rehearsal is, and what has been answered in it.

    `case` names the made-up case: the id of a vignette of the pack, or the recipe of one that is made to measure.
    `page` counts from 1 on a stage with pages. `asked` is the place that was answered last. `came_from` is the stage
    to go back to. `session` is the SERAF within it, which is nobody's. `answered` is all that was answered, by place, when the
    first call was named: that is compared with the key, whatever is changed since. `is_counted` says that the course has it.
    `together` says with whom it is rehearsed, None alone; `room` is the code of the room or pair while it is open, `seat`
    the token of one's own seat in it, and `seen` what the card shows of it. `counted_in` are the rooms in which one's
    answers were counted, each as its code and its case, lest they be counted twice. `newer` is what a newer release wrote, which
    is left alone.
    """

    stage: Stage = Stage.IDLE
    mode: Mode = Mode.PRACTICE
    case: str = ""
    page: int = 1
    asked: str = ""
    came_from: Stage | None = None
    session: Session | None = field(default=None, repr=False)
    first_call: FirstCall | None = None
    answered: Responses = field(default=NOTHING, repr=False)
    is_counted: bool = False
    together: Together | None = None
    room: str = field(default="", repr=False)
    seat: str = field(default="", repr=False)
    seen: RoomView | None = None
    counted_in: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    course: Course = ()
    newer: str = field(default="", repr=False)

    @property
    def is_under_way(self) -> bool:
        """Whether something is rehearsed, so that no case is shown meanwhile."""
        return self.stage is not Stage.IDLE

    @property
    def is_free(self) -> bool:
        """Whether nothing is lost by beginning something else, and nobody waits for this person."""
        waits = self.is_bound or (self.is_host and self.is_held)
        return not self.is_under_way or (self.stage in RESTING and not waits)

    @property
    def is_bound(self) -> bool:
        """Whether the person is in a pair that is open, so that somebody else waits for them, or they for somebody."""
        return self.together is Together.PAIR and bool(self.room and self.seat)

    @property
    def is_held(self) -> bool:
        """Whether the person is in a room, or runs one, in which the key is not open yet. It is once the room is gone."""
        return self.together is Together.ROOM and bool(self.room)

    @property
    def is_running_room(self) -> bool:
        """Whether the person runs a room that is open, and was not asked yet whether to close it."""
        is_closed = isinstance(self.seen, Ended)
        return self.stage in (Stage.ROOM, Stage.SEATS, Stage.PAPERS) and bool(self.room) and not is_closed

    @property
    def loses(self) -> bool:
        """Whether leaving loses something: a comparison, or answers that are not in the course yet or that another waits for."""
        if self.is_host:
            return isinstance(self.seen, Ended)
        begun = self.session is not None and bool(
            self.session.answers.items or self.session.answers.around != profile_of(self.session)
        )
        return begun and (self.is_bound or not self.is_counted)

    @property
    def is_changed_since(self) -> bool:
        """Whether something was changed after the first call was named, which is not compared."""
        if self.session is None or not self.answered:
            return False
        before, now = dict(self.answered), self.session.answers.by_place
        is_more = any(item not in before for item, _ in self.session.answers.items)
        return is_more or any(now.get(place) != answer for place, answer in before.items())

    @property
    def awaits_call(self) -> bool:
        """Whether the judgement was given, and whom to call first is to be said next."""
        return self.session is not None and self.session.phase is Phase.RESULT and self.first_call is None

    @property
    def is_host(self) -> bool:
        """Whether the person runs a room."""
        return (self.came_from if self.stage is Stage.LEAVING else self.stage) in HOSTING


NOT_REHEARSING = Practice()
"""Nothing is rehearsed, and nothing ever was."""


def left(practice: Practice) -> Practice:
    """What stays of a rehearsal when it is left: how the person's rehearsals went, and in which rooms they were counted."""
    return Practice(course=practice.course, counted_in=practice.counted_in)


def encode_practice(practice: Practice) -> str:
    """The practice as one line of JSON; empty where there is nothing to keep."""
    if practice.newer or practice == NOT_REHEARSING:
        return practice.newer
    kept = {
        "v": VERSION,
        "stage": practice.stage,
        "mode": practice.mode,
        "case": practice.case,
        "page": practice.page,
        "asked": practice.asked,
        "from": practice.came_from,
        "session": None if practice.session is None else encode(practice.session),
        "call": practice.first_call,
        "answered": dict(practice.answered),
        "counted": practice.is_counted,
        "together": practice.together,
        "room": practice.room,
        "seat": practice.seat,
        "seen": to_plain(practice.seen),
        "in": practice.counted_in,
        "course": progress.encode_course(practice.course),
    }
    return json.dumps(kept, separators=(",", ":"))


def decode_practice(text: str, card: int) -> Practice:
    """The practice in a text, its SERAF on the live card. What a newer release wrote is kept as it is, and not read."""
    try:
        return _read(json.loads(text), card) if text else Practice()
    except (NewerSession, NewerCourse):
        return Practice(newer=text)


def _read(raw: Any, card: int) -> Practice:
    if raw["v"] > VERSION:
        raise NewerSession("A rehearsal was written by a newer release.")
    # What a closed room came to was kept as another value then, of which none of today's can be made:
    # such a rehearsal is left.
    is_earlier_report = raw["v"] < VERSION and Stage.ROOM_REPORT in (raw["stage"], raw["from"])
    practice = Practice(
        stage=Stage(raw["stage"]),
        mode=Mode(raw["mode"]),
        case=raw["case"],
        page=raw["page"],
        asked=raw["asked"],
        came_from=Stage(raw["from"]) if raw["from"] else None,
        session=None if raw["session"] is None else replace(decode(raw["session"]), card=card),
        first_call=FirstCall(raw["call"]) if raw["call"] else None,
        answered=Responses.of(raw.get("answered", {})),
        is_counted=raw["counted"],
        together=Together(raw["together"]) if raw.get("together") else None,
        room=raw["room"],
        seat=raw.get("seat", ""),
        seen=None if is_earlier_report else from_plain(raw.get("seen")),
        counted_in=tuple((each, "") if isinstance(each, str) else (each[0], each[1]) for each in raw.get("in", ())),
        course=progress.decode_course(raw["course"]),
    )
    return left(practice) if is_earlier_report else practice
