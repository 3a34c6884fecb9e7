"""A rehearsal as a value, and the made-up cases that it may be about."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, profile_of
from dialogs.rehearsal.core.rooms import Ended, RoomView, from_plain, to_plain
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import NOTHING, Responses
from seraf.pack import Pack
from seraf.rehearsal import progress
from seraf.rehearsal.made.made_case import measurable, measure
from seraf.rehearsal.made.targets import PLANS, Target, aims_for
from seraf.rehearsal.progress import Course, Mode, NewerCourse, tallies, weak_rules
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


MEASURED = "edges"
"""How the recipe of a case that is made to measure begins: `edges/AIM/SEED/EDITION`."""

EDITION = "2"
"""Which way of making cases a recipe is for: one of an earlier way would now be another case, and so is none."""

KEPT = 256
"""Cases made to measure that are kept at hand, since each is drawn many times and takes a while to make."""


class Source:
    """A pack as what a case is made from: the same while its sentences, items and steps are the same ones."""

    __slots__ = ("pack",)

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Source):
            return False
        ours, theirs = self.pack, other.pack
        is_told_alike = ours.fragments is theirs.fragments and ours.guidance is theirs.guidance
        return is_told_alike and ours.instrument is theirs.instrument

    def __hash__(self) -> int:
        return hash(self.pack.instrument.fingerprint)


def is_measured(case: str) -> bool:
    """Whether the name is the recipe of a case that is made to measure."""
    kind, slash, _ = case.partition("/")
    return bool(slash) and kind == MEASURED


def vignette_of(case: str, pack: Pack) -> Vignette | None:
    """The made-up case of that name; None where the pack has it no more."""
    if not is_measured(case):
        return next((each for each in pack.vignettes if each.id == case), None)
    return _made(case, Source(pack))


def next_case(course: Course, pack: Pack) -> str:
    """The id of the made-up case that this person has rehearsed least often; of those, first one that teaches what they missed."""
    counts, weak = Counter(each.vignette for each in course), set(weak_rules(course))
    return min(pack.vignettes, key=lambda each: (counts[each.id], weak.isdisjoint(each.key.rules))).id


def measured_case(course: Course, pack: Pack, *, seed: int) -> str:
    """The recipe of a case that aims at what this person got wrong before; empty where the pack can make none.

    Of the aims that train a rule that was missed (of all, where none was) the seed takes one, so that nobody meets the
    same one over and over.
    """
    can = _aims(Source(pack))
    tried = {rule: (each.right, each.wrong) for rule, each in tallies(course).items()}
    missed = {rule for rule, (_, wrong) in tried.items() if wrong}
    aims = [aim for aim in aims_for(tried) if aim in can]
    aims = [aim for aim in aims if missed & set(PLANS[aim].rules)] or aims
    return f"{MEASURED}/{aims[seed % len(aims)]}/{seed}/{EDITION}" if aims else ""


@lru_cache(maxsize=KEPT)
def _made(case: str, source: Source) -> Vignette | None:
    """The case of a recipe, which is always the same; None where the pack can make none for the aim, or not any more."""
    _, aim, seed, *edition = case.split("/")
    fragments = source.pack.fragments
    if fragments is None or aim not in _aims(source) or edition != [EDITION]:
        return None
    return measure(fragments, source.pack, aim=Target(aim), seed=int(seed))


@lru_cache(maxsize=4)
def _aims(source: Source) -> tuple[Target, ...]:
    """The aims for which a pack has a case, kept at hand since all of them are tried for that."""
    fragments = source.pack.fragments
    return measurable(fragments, source.pack.instrument) if fragments else ()


def make_ready(pack: Pack) -> None:
    """Find out which cases this pack can make, so that nobody waits for that when they ask for the first."""
    _aims(Source(pack))


def case_of(practice: Practice, pack: Pack) -> Vignette:
    """The made-up case of a rehearsal that has one. Where the pack has it no more, the rehearsal is left before."""
    vignette = vignette_of(practice.case, pack)
    assert vignette is not None, "a case that is gone is left"
    return vignette
