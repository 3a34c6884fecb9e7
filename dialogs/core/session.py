"""One person's conversation as a value. Every card can be drawn from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, TypeVar

from dialogs.core.acts import Overlay, laid_over
from seraf.advice.action_log import Logged
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase

Value = TypeVar("Value")


def altering(kind: type[Value]) -> Callable[[Value, Mapping[str, Any]], Value]:
    """Return a faster `dataclasses.replace` for one frozen dataclass with slots. It runs `__post_init__` too."""
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
    """The answers of a case: `around` to the questions around the items, `items` to the items.

    `notes` holds the notes by place, if the organisation takes notes; `says` and `known` the reasons of ticked items:
    who says so, and since when it is known.
    """

    around: Responses = NOTHING
    items: Responses = NOTHING
    notes: Responses = NOTHING
    says: Responses = NOTHING
    known: Responses = NOTHING
    seen: CaseView | None = field(default=None, init=False, repr=False, compare=False)  # the latest view, never stored

    def get(self, question: str) -> str | None:
        """Return the answer to a question around the items, or None."""
        return self.around.by_item.get(question)

    def give(self, question: str, answer: str) -> "Answers":
        """Return the answers with this answer to a question around the items."""
        return replace(self, around=self.around.give(question, answer))

    def drop(self, question: str) -> "Answers":
        """Return the answers with this question around the items unanswered."""
        return replace(self, around=self.around.drop(question))

    @property
    def by_place(self) -> Mapping[str, str]:
        """Return every answer, to the questions and to the items, by its place."""
        return {**self.around.by_item, **self.items.by_item}

    def case(self) -> Case:
        """Return the case as the scoring rules take it."""
        return Case(age=Age(self.get("age") or Age.NOT_KNOWN), responses=self.items, answers=self.around.by_item)


@dataclass(frozen=True, slots=True)
class Detour:
    """A temporary departure from the order of the form.

    `is_changing`: the check page waits for this answer. `paused_in` is the phase in which a pause began. `reopened`
    lists the items that are asked again; it is empty if the form takes its usual course.
    """

    is_changing: bool = False
    paused_in: Phase | None = None
    reopened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person was told so far, and a note that they are reconsidering.

    `urgency` is the highest urgency shown so far, 0 before any; `reasons` are those for which a stop card was shown;
    `draft` is the note.
    """

    urgency: int = 0
    reasons: tuple[str, ...] = ()
    draft: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a judgement: `finished` is its local day (ISO 8601), empty before it.

    `due` holds the time by which each line of the action card is due (ISO 8601), `log` what was done at each.
    """

    finished: str = ""
    due: Responses = NOTHING
    log: tuple[Logged, ...] = ()


ADVISER = "leaving-care"  # the profession of those who work with care leavers, who are 18 or over


def is_of_an_adult(answers: Responses | Mapping[str, str]) -> bool:
    """True if the case is about a young adult, or has no age yet and an adviser to care leavers fills in the form."""
    is_expected = answers.get("age") is None and answers.get("profession") == ADVISER
    return answers.get("age") == Age.FROM_18_TO_25 or is_expected


@dataclass(frozen=True, slots=True)
class Session:
    """The place of a conversation, and its answers.

    `card` is the token of the live card, from a counter of the person that is never reset. `place` is a question, an
    item, a section or a page, depending on the phase. `earlier` holds the SERAFs that a review compares with, oldest
    first.
    """

    card: int
    phase: Phase = Phase.WELCOME
    place: str = ""
    overlay: Overlay | None = None
    reference: str = ""
    fingerprint: str = ""
    answers: Answers = Answers()
    detour: Detour = Detour()
    told: Told = Told()
    result: Result = Result()
    earlier: tuple[Carried, ...] = ()

    @property
    def has_case(self) -> bool:
        """True if it holds a case, which must be stored and can be erased."""
        return bool(self.reference)

    @property
    def is_judged(self) -> bool:
        """True if the judgement was given, after which the number may be shown."""
        return self.phase is Phase.RESULT or self.detour.paused_in is Phase.RESULT

    def view(self, instrument: Instrument) -> CaseView:
        """Return every fact derived from the case. It is computed once for all sessions of a turn with these answers."""
        seen = self.answers.seen
        if seen is None or seen.instrument is not instrument:
            seen = CaseView(instrument, self.answers.case())
            object.__setattr__(self.answers, "seen", seen)
        return seen

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

    def opened(self, overlay: Overlay) -> "Session":
        """Return the session with this overlay laid over its current one."""
        return self.beneath(laid_over(overlay, self.overlay))

    def drafted(self, draft: str) -> "Session":
        """Return the session with this draft of a note, or with none."""
        return _changed(self, {"told": replace(self.told, draft=draft)})

    def paused(self, phase: Phase) -> "Session":
        """Return the session paused, with the phase to return to."""
        return replace(self, phase=phase, overlay=None, detour=replace(self.detour, paused_in=self.phase))

    def resumed(self, phase: Phase) -> "Session":
        """Return the paused session at the phase in which the pause began."""
        return replace(self, phase=phase, overlay=None, detour=replace(self.detour, paused_in=None))

    def dated(self, due: Responses, finished: str) -> "Session":
        """Return the session with the time by which each line is due, and the day of the judgement."""
        return _changed(self, {"result": replace(self.result, due=due, finished=finished)})

    def moved(self, phase: Phase, place: str) -> "Session":
        """Return the session at another place, with no overlay."""
        return _changed(self, {"phase": phase, "place": place, "overlay": None})

    def next_card(self, before: int) -> "Session":
        """Return the session with the token of the next card; `before` is that of the previous one."""
        return _changed(self, {"card": before + 1})

    def at(self, place: str) -> "Session":
        """Return the session at another place of the same phase, with no overlay."""
        return self.moved(self.phase, place)


_changed = altering(Session)

OF_THE_PERSON = ("profession", "order")
"""Answers about the person, not about a case, that are asked once. `order` replaces the question `how`."""


def fresh(card: int, profile: Responses) -> Session:
    """Return a session in which nothing has begun, with the person's profile."""
    return Session(card=card, answers=Answers(profile))


def profile_of(session: Session) -> Responses:
    """Return the answers about the person, which are kept when a case is erased."""
    return Responses(tuple([pair for pair in session.answers.around.pairs if pair[0] in OF_THE_PERSON]))
