"""The state of a rehearsal as a value, and the made-up cases that it can use."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, profile_of
from dialogs.rehearsal.core.rooms import Ended, RoomView, StagesOpen, from_plain, to_plain
from seraf.cases.vignette import FirstCall, Part, StageChoice, Vignette
from seraf.form.responses import NOTHING, Responses
from seraf.pack import Pack
from seraf.rehearsal import progress
from seraf.rehearsal.progress import Course, Mode, NewerCourse, weak_rules
from seraf.rehearsal.unfolding import Way, key_by, parts_of, unread, way_of
from state_machines.assessment import Phase
from state_machines.rehearsal import HOSTING, RESTING, Stage, Together

# The version of the stored format. Version 1 had no rooms; version 2 stored the rooms of `History` without cases.
VERSION = 3


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """The first call that a person chose, and their answers at that time. Only these answers are compared.

    Each answer is under the id of its item or question. `is_counted`: the result is among the past rehearsals.
    `by_stage` are the answers when a choice was made, for each stage of a case in stages.
    """

    first_call: FirstCall | None = None
    answered: Responses = field(default=NOTHING, repr=False)
    is_counted: bool = False
    by_stage: tuple[Responses, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's part in a group rehearsal (a room) or one for two (a pair). `room` is its code while it is open, `seat` the
    token of their seat, which a host does not have, and `seen` what they last saw of it. Alone, all are empty.
    """

    room: str = field(default="", repr=False)
    seat: str = field(default="", repr=False)
    seen: RoomView | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What remains when a rehearsal is left: past rehearsals (`course`), and the rooms that counted the person's answers.

    Each element of `counted_in` is a room's code and its case.
    """

    course: Course = ()
    counted_in: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Practice:
    """The state of a person's rehearsal, including the answers so far.

    `case` is the id of the made-up case, a vignette of the pack, or a set of drills. `page` counts from 1 at a stage with
    pages. `asked` is the item or question answered last; of drills it has the number of each answer, and of a case in
    stages that of each choice. `came_from` is the stage to go back to.
    `session` is the assessment of the made-up case. `together` is None for a person alone. `newer` is the stored
    text if a newer release wrote it; it is written back unchanged.
    """

    stage: Stage = Stage.IDLE
    mode: Mode = Mode.PRACTICE
    case: str = ""
    page: int = 1
    asked: str = ""
    came_from: Stage | None = None
    session: Session | None = field(default=None, repr=False)
    result: RehearsalResult = RehearsalResult()
    together: Together | None = None
    membership: Membership = Membership()
    history: History = History()
    newer: str = field(default="", repr=False)

    @property
    def is_under_way(self) -> bool:
        """Return True if the person is in a rehearsal. While they are, no real case is shown."""
        return self.stage is not Stage.IDLE

    @property
    def is_free(self) -> bool:
        """Return True if the person can begin another rehearsal: nothing would be lost, and nobody waits for them."""
        waits = self.is_bound or (self.is_host and self.is_held)
        return not self.is_under_way or (self.stage in RESTING and not waits)

    @property
    def is_bound(self) -> bool:
        """Return True if the person has a seat in an open pair, where somebody may wait for them."""
        return self.together is Together.PAIR and bool(self.membership.room and self.membership.seat)

    @property
    def is_held(self) -> bool:
        """Return True if the person is in a room, as host or participant, whose agreed answers are not released yet."""
        return self.together is Together.ROOM and bool(self.membership.room)

    @property
    def is_running_room(self) -> bool:
        """Return True if the person hosts an open room, and is not just being asked whether to close it."""
        is_closed = isinstance(self.membership.seen, Ended)
        return self.stage in (Stage.ROOM, Stage.SEATS, Stage.PAPERS) and bool(self.membership.room) and not is_closed

    @property
    def loses(self) -> bool:
        """Return True if leaving would lose results or uncounted answers, or if somebody else waits for this person."""
        if self.is_host:
            return isinstance(self.membership.seen, Ended)
        if self.session is None:
            return False
        answers = self.session.answers
        has_begun = bool(answers.items or answers.around != profile_of(self.session))
        return (has_begun or bool(self.result.by_stage)) and (self.is_bound or not self.result.is_counted)

    @property
    def is_changed_since(self) -> bool:
        """Return True if an answer was changed after the first call was chosen. The debrief ignores such changes."""
        if self.session is None or not self.result.answered:
            return False
        before, now = dict(self.result.answered), self.session.answers.by_place
        is_more = any(item not in before for item, _ in self.session.answers.items)
        return is_more or any(now.get(place) != answer for place, answer in before.items())

    def seeing(self, view: RoomView | None) -> "Practice":
        """Return the rehearsal with `view` as what the person sees of their room."""
        return replace(self, membership=replace(self.membership, seen=view))

    @property
    def awaits_call(self) -> bool:
        """Return True if the person has given the judgement but has not chosen the first call yet."""
        return self.session is not None and self.session.phase is Phase.RESULT and self.result.first_call is None

    @property
    def is_host(self) -> bool:
        """Return True if the person hosts a room."""
        return (self.came_from if self.stage is Stage.LEAVING else self.stage) in HOSTING


NOT_REHEARSING = Practice()


def left(practice: Practice) -> Practice:
    """Return the state of a person who left their rehearsal. Only the history remains."""
    return Practice(history=practice.history)


def encode_practice(practice: Practice) -> str:
    """Return the rehearsal as one line of JSON, or an empty text if there is nothing to store."""
    if practice.newer or practice == NOT_REHEARSING:
        return practice.newer
    stored = {
        "v": VERSION,
        "stage": practice.stage,
        "mode": practice.mode,
        "case": practice.case,
        "page": practice.page,
        "asked": practice.asked,
        "from": practice.came_from,
        "session": None if practice.session is None else encode(practice.session),
        "call": practice.result.first_call,
        "answered": dict(practice.result.answered),
        "counted": practice.result.is_counted,
        "stages": [dict(given) for given in practice.result.by_stage],
        "together": practice.together,
        "room": practice.membership.room,
        "seat": practice.membership.seat,
        "seen": to_plain(practice.membership.seen),
        "in": practice.history.counted_in,
        "course": progress.encode_course(practice.history.course),
    }
    return json.dumps(stored, separators=(",", ":"))


def decode_practice(text: str, card: int) -> Practice:
    """Return the rehearsal from its stored text. `card` is the token of the live card. A newer release's text is kept as it is."""
    try:
        return _read(json.loads(text), card) if text else Practice()
    except (NewerSession, NewerCourse):
        return Practice(newer=text)


def _read(raw: Any, card: int) -> Practice:
    if raw["v"] > VERSION:
        raise NewerSession("A rehearsal was written by a newer release.")
    # Earlier versions stored results of a closed room that cannot be converted: such a rehearsal is left.
    is_earlier_report = raw["v"] < VERSION and Stage.ROOM_REPORT in (raw["stage"], raw["from"])
    practice = Practice(
        stage=Stage(raw["stage"]),
        mode=Mode(raw["mode"]),
        case=raw["case"],
        page=raw["page"],
        asked=raw["asked"],
        came_from=Stage(raw["from"]) if raw["from"] else None,
        session=None if raw["session"] is None else replace(decode(raw["session"]), card=card),
        result=RehearsalResult(
            first_call=FirstCall(raw["call"]) if raw["call"] else None,
            answered=Responses.of(raw.get("answered", {})),
            is_counted=raw["counted"],
            by_stage=tuple(map(Responses.of, raw.get("stages", ()))),
        ),
        together=Together(raw["together"]) if raw.get("together") else None,
        membership=Membership(
            room=raw["room"],
            seat=raw.get("seat", ""),
            seen=None if is_earlier_report else from_plain(raw.get("seen")),
        ),
        history=History(
            course=progress.decode_course(raw["course"]),
            counted_in=tuple((each, "") if isinstance(each, str) else (each[0], each[1]) for each in raw.get("in", ())),
        ),
    )
    return left(practice) if is_earlier_report else practice


DRILLS = "edges"  # the prefix of a set of drills, and what is typed after /rehearse to begin one


def is_drills(case: str) -> bool:
    """Return True if this names a set of drills, and not a made-up case."""
    return case.startswith(f"{DRILLS}/")


def vignette_of(case: str, pack: Pack) -> Vignette | None:
    """Return the made-up case with this id, or None if the pack no longer has it."""
    return next((vignette for vignette in pack.vignettes if vignette.id == case), None)


def next_case(course: Course, pack: Pack) -> str:
    """Return the id of the case that this person rehearsed least often. Of several, take one with a rule that they missed."""
    counts, weak = Counter(rehearsed.vignette for rehearsed in course), set(weak_rules(course))
    return min(pack.vignettes, key=lambda case: (counts[case.id], weak.isdisjoint(case.key.rules))).id


def case_of(practice: Practice, pack: Pack) -> Vignette:
    """Return the made-up case of a rehearsal. Callers end rehearsals whose case no longer exists before they call this.

    Of a case in stages, its parts are what the person has read so far, and its key is what can be known from them. Those
    who rehearse with others all read the same in the end, so that their answers can be compared.
    """
    vignette = vignette_of(practice.case, pack)
    assert vignette is not None, "a case that is gone is left"
    if not vignette.stages:
        return vignette
    way, is_shared = steps_open(practice, vignette), practice.mode in (Mode.ROOM, Mode.PAIR)
    parts = parts_of(way)
    if is_shared and not way[-1].stage.choices and (others := unread(vignette, way)):
        parts = (*parts, Part(OTHERS, "\n\n".join(others)))
    key = vignette.key if is_shared else key_by(vignette, way, pack.instrument)
    return replace(vignette, parts=parts, key=key)


OTHERS = ""  # the title of the part that has what others learned; its card gives it a heading


def steps_open(practice: Practice, vignette: Vignette) -> Way:
    """Return the steps of a case in stages that the person may see. In an open room, the trainer opens one after the other."""
    way, seen = way_of(vignette, practice.asked), practice.membership.seen
    return way[: seen.count] if isinstance(seen, StagesOpen) else way


def options_open(practice: Practice, pack: Pack) -> tuple[StageChoice, ...]:
    """Return what the person can choose now in a case in stages. There is nothing at its end, or before the trainer goes on."""
    vignette = vignette_of(practice.case, pack)
    return steps_open(practice, vignette)[-1].options if vignette is not None and vignette.stages else ()


def awaits_trainer(practice: Practice, pack: Pack) -> bool:
    """Return True if the person has done all that the stages opened so far ask of them, and is not at the end of the case."""
    vignette = vignette_of(practice.case, pack)
    return vignette is not None and bool(vignette.stages) and bool(steps_open(practice, vignette)[-1].next)


def is_unfolding(practice: Practice, pack: Pack) -> bool:
    """Return True while a case in stages has not come to its end."""
    return bool(options_open(practice, pack)) or awaits_trainer(practice, pack)
