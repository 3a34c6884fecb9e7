"""One person's conversation as a value. Everything that a card shows can be drawn from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, TypeVar

from dialogs.core.acts import Overlay
from seraf.advice.action_log import Logged
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase

Value = TypeVar("Value")


def altering(kind: type[Value]) -> Callable[[Value, Mapping[str, Any]], Value]:
    """Return a faster `dataclasses.replace` for one frozen dataclass with slots; it makes the value's own check too."""
    names = tuple(vars(kind)["__dataclass_fields__"])
    values, puts = attrgetter(*names), tuple([getattr(kind, name).__set__ for name in names])
    check: Callable[[Value], None] | None = getattr(kind, "__post_init__", None)

    def altered(value: Value, new: Mapping[str, Any]) -> Value:
        after = object.__new__(kind)
        for put, one in zip(puts, values(value), strict=True):
            put(after, one)
        for name, one in new.items():
            object.__setattr__(after, name, one)
        if check is not None:
            check(after)
        return after

    return altered


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered of a case: `around` holds the answers around the items, `items` the responses to the items.

    `notes` holds what was noted at a place, where the organisation takes notes; `says` and `known` the reasons of ticked
    items: who says so, and since when it is known.
    """

    around: Responses = NOTHING
    items: Responses = NOTHING
    notes: Responses = NOTHING
    says: Responses = NOTHING
    known: Responses = NOTHING
    seen: CaseView | None = field(default=None, init=False, repr=False, compare=False)
    """The view of this case that was made last; it is never stored."""

    def get(self, question: str) -> str | None:
        """Return what was answered to a question around the items, or None."""
        return self.around.get(question)

    def give(self, question: str, answer: str) -> "Answers":
        """Return the answers with this one, around the items, given or replaced."""
        return replace(self, around=self.around.give(question, answer))

    def drop(self, question: str) -> "Answers":
        """Return the answers with this question around the items unanswered."""
        return replace(self, around=self.around.drop(question))

    @property
    def by_place(self) -> Mapping[str, str]:
        """Every answer, to the questions and to the items, by its place."""
        return {**self.around.by_item, **self.items.by_item}

    def case(self) -> Case:
        """Return the case as the scoring rules take it."""
        return Case(age=Age(self.get("age") or Age.NOT_KNOWN), responses=self.items, answers=self.around.by_item)

    def view(self, instrument: Instrument) -> CaseView:
        """Return what follows from the case. It is worked out once, for all sessions of a turn that have these answers."""
        if self.seen is None or self.seen.instrument is not instrument:
            object.__setattr__(self, "seen", CaseView(instrument, self.case()))
        assert self.seen is not None
        return self.seen


@dataclass(frozen=True, slots=True)
class Detour:
    """Where the form is left for a while.

    `is_changing` says that the check page is waiting; `paused_in` where a pause began; `reopened` lists the items that are
    asked again, where only those are.
    """

    is_changing: bool = False
    paused_in: Phase | None = None
    reopened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person was told, and is thinking over.

    `urgency` is how urgent the case was said to be so far, 0 before anything was; `reasons` for which a stop card was shown;
    `draft` is a note whose words are being thought over.
    """

    urgency: int = 0
    reasons: tuple[str, ...] = ()
    draft: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What is left of a judgement: `finished` is its local day (ISO 8601), empty before it.

    `due` holds when each line of the action card is due (ISO 8601), `log` what was done of it.
    """

    finished: str = ""
    due: Responses = NOTHING
    log: tuple[Logged, ...] = ()


UNANSWERED, ON_THE_FORM, UNTOLD, UNFINISHED = Answers(), Detour(), Told(), Result()


@dataclass(frozen=True, slots=True)
class Session:
    """Where the conversation is and what has been answered.

    `card` is the token of the live card, from a counter of the person's that nothing resets. `place` is a question,
    an item, a section or a page, by the phase. `earlier` holds the SERAFs that a review looks back on, oldest first.
    """

    card: int
    phase: Phase = Phase.WELCOME
    place: str = ""
    overlay: Overlay | None = None
    reference: str = ""
    fingerprint: str = ""
    answers: Answers = UNANSWERED
    detour: Detour = ON_THE_FORM
    told: Told = UNTOLD
    result: Result = UNFINISHED
    earlier: tuple[Carried, ...] = ()

    @property
    def has_case(self) -> bool:
        """Whether there is a case in it, which is what must be kept and what can be erased."""
        return bool(self.reference)

    def view(self, instrument: Instrument) -> CaseView:
        """Return what follows from the case."""
        return self.answers.view(instrument)

    def giving(self, question: str, answer: str) -> "Session":
        """Return the session with this answer given or replaced."""
        return _changed(self, {"answers": self.answers.give(question, answer)})

    def answered(self, around: Responses) -> "Session":
        """Return the session with these answers around the items."""
        return _changed(self, {"answers": replace(self.answers, around=around)})

    def responding(self, items: Responses) -> "Session":
        """Return the session with these responses to the items."""
        return _changed(self, {"answers": replace(self.answers, items=items)})

    def logged(self, log: tuple[Logged, ...]) -> "Session":
        """Return the session with this log of its action card."""
        return _changed(self, {"result": replace(self.result, log=log)})

    def beneath(self, overlay: Overlay | None) -> "Session":
        """Return the session with this overlay over its card, or with none."""
        return _changed(self, {"overlay": overlay})

    def dated(self, due: Responses, finished: str) -> "Session":
        """Return the session with when each line is due, and on which day it was finished."""
        return _changed(self, {"result": replace(self.result, due=due, finished=finished)})

    def moved(self, phase: Phase, place: str) -> "Session":
        """Return the session at another place, with no overlay."""
        return _changed(self, {"phase": phase, "place": place, "overlay": None})

    def next_card(self, before: int) -> "Session":
        """Return the session with the card that comes after this one."""
        return _changed(self, {"card": before + 1})

    def at(self, place: str) -> "Session":
        """Return the session at another place of the same phase, with no overlay."""
        return self.moved(self.phase, place)


_changed = altering(Session)

OF_THE_PERSON = ("profession", "order")
"""Answers that are about the person, not about a case, and are asked once. `order` stands in for asking how."""


def fresh(card: int, profile: Responses) -> Session:
    """Return a session in which nothing has begun, with what is kept of the person."""
    return Session(card=card, answers=Answers(profile))


def profile_of(session: Session) -> Responses:
    """Return what is kept of the person when a case goes."""
    return Responses(tuple(pair for pair in session.answers.around if pair[0] in OF_THE_PERSON))
