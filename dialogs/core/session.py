"""One person's conversation as a value, which contains everything that its cards are drawn from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, TypeVar

from dialogs.core.acts import Overlay, laid_over
from seraf.advice.action_log import Logged
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.second_view import NOTHING_OWED, Owed, SecondView
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase

Value = TypeVar("Value")


def altering(kind: type[Value]) -> Callable[[Value, Mapping[str, Any]], Value]:
    """Return a function like `dataclasses.replace`, but faster, for this frozen dataclass with slots. It also runs `__post_init__`."""
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
    """The answers of a case: `around` to the questions before and after the items, `items` to the items.

    `notes` are the person's notes on items and headings, if the organisation takes notes. For each ticked item, `says`
    is who reported it, and `known` is since when it is known.
    """

    around: Responses = NOTHING
    items: Responses = NOTHING
    notes: Responses = NOTHING
    says: Responses = NOTHING
    known: Responses = NOTHING
    seen: CaseView | None = field(default=None, init=False, repr=False, compare=False)  # never stored

    def get(self, question: str) -> str | None:
        """Return the answer to this question before or after the items, or None if it has none."""
        return self.around.by_item.get(question)

    def give(self, question: str, answer: str) -> "Answers":
        """Return the answers, with this one given to a question before or after the items."""
        return replace(self, around=self.around.give(question, answer))

    def drop(self, question: str) -> "Answers":
        """Return the answers, without that to this question before or after the items."""
        return replace(self, around=self.around.drop(question))

    @property
    def by_place(self) -> Mapping[str, str]:
        """Return the answers to questions and items in one mapping, by the id of the question or item."""
        return {**self.around.by_item, **self.items.by_item}

    def case(self) -> Case:
        """Return the answers as a `Case`, from which the score is computed."""
        return Case(age=Age(self.get("age") or Age.NOT_KNOWN), responses=self.items, answers=self.around.by_item)


@dataclass(frozen=True, slots=True)
class Detour:
    """A departure from the usual order of questions and items.

    `is_changing`: one answer is being changed from the check page. `paused_in` is the phase in which a pause began.
    `reopened` are the items with the answer “not known” that are being asked again; it is empty at other times.
    `first` are the places, mostly ids of items, that come before all others since the person asked about them.
    """

    is_changing: bool = False
    paused_in: Phase | None = None
    reopened: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person has been shown so far, and the note that they are writing.

    `urgency` is the highest urgency shown so far, 0 if none was; `reasons` are the reasons for which a stop card was
    shown; `draft` is the note before it is stored.
    """

    urgency: int = 0
    reasons: tuple[str, ...] = ()
    draft: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who holds or held a case: label and role as their organisation gave them, and their profession.

    Of somebody who held it before, `until` says until when (local, ISO 8601), with their judgement and the answers to items then.
    """

    label: str = field(default="", repr=False)
    role: str = ""
    profession: str = ""
    until: str = ""
    judgement: str = ""
    items: Responses = NOTHING


NO_HAND = Hand()


@dataclass(frozen=True, slots=True)
class Result:
    """What is recorded at and after the judgement. `finished` is its local day (ISO 8601), or empty before it.

    `due` is, for each action of the action card, the time by which it is due (ISO 8601); `log` is what was done about actions.
    `views` is how others see the case, oldest first, and `owed` is what it kept when its holder or their profession changed.
    `hands` is who held it before, oldest first.
    """

    finished: str = ""
    due: Responses = NOTHING
    log: tuple[Logged, ...] = ()
    views: tuple[SecondView, ...] = ()
    owed: Owed = NOTHING_OWED
    hands: tuple[Hand, ...] = ()

    @property
    def judged_before(self) -> str:
        """The judgement with which the case was last handed over, or empty: while it has no other, it is not the holder's own."""
        return self.hands[-1].judgement if self.hands else ""


ADVISER = "leaving-care"  # the profession of those who work with care leavers, who are 18 or over


def is_of_an_adult(answers: Responses | Mapping[str, str]) -> bool:
    """Return True if the age is 18 to 25, or if it has no answer yet and the person advises care leavers."""
    is_expected = answers.get("age") is None and answers.get("profession") == ADVISER
    return answers.get("age") == Age.FROM_18_TO_25 or is_expected


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation: its phase, its place in that phase, and its answers.

    `card` is the token of the live card, from a counter that is never reset for this person. `place` is a question, an
    item, a section or a page, depending on the phase. `earlier` are the assessments that a review compares with, oldest
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
        """Return True if the session has a case, which can be erased."""
        return bool(self.reference)

    @property
    def is_judged(self) -> bool:
        """Return True once the person has given their judgement. Only then may points and category be shown."""
        return self.phase is Phase.RESULT or self.detour.paused_in is Phase.RESULT

    def view(self, instrument: Instrument) -> CaseView:
        """Return the case's `CaseView`, which derives facts from it. Sessions with the same `Answers` object share one."""
        seen, views, floor = self.answers.seen, self.result.views, self.result.owed.floor
        if seen is None or seen.instrument is not instrument or seen.case.views != views or seen.case.floor != floor:
            seen = CaseView(instrument, replace(self.answers.case(), views=views, floor=floor))
            object.__setattr__(self.answers, "seen", seen)
        return seen

    def giving(self, question: str, answer: str) -> "Session":
        """Return the session with this answer to a question before or after the items."""
        return _changed(self, {"answers": self.answers.give(question, answer)})

    def answered(self, around: Responses) -> "Session":
        """Return the session with these answers to the questions before and after the items."""
        return _changed(self, {"answers": replace(self.answers, around=around)})

    def responding(self, items: Responses) -> "Session":
        """Return the session with these answers to the items."""
        return _changed(self, {"answers": replace(self.answers, items=items)})

    def logged(self, log: tuple[Logged, ...]) -> "Session":
        """Return the session with this log of what was done about the actions of the action card."""
        return _changed(self, {"result": replace(self.result, log=log)})

    def beneath(self, overlay: Overlay | None) -> "Session":
        """Return the session with this overlay, or without one if it is None."""
        return _changed(self, {"overlay": overlay})

    def opened(self, overlay: Overlay) -> "Session":
        """Return the session with this overlay over its current one, as `laid_over` describes."""
        return self.beneath(laid_over(overlay, self.overlay))

    def drafted(self, draft: str) -> "Session":
        """Return the session with this draft of a note. An empty text means that there is no draft."""
        return _changed(self, {"told": replace(self.told, draft=draft)})

    def paused(self, phase: Phase) -> "Session":
        """Return the session paused: in `phase`, with the phase that it was in stored, so that it can be resumed."""
        return replace(self, phase=phase, overlay=None, detour=replace(self.detour, paused_in=self.phase))

    def resumed(self, phase: Phase) -> "Session":
        """Return a paused session as it goes on in `phase`, the one in which the pause began."""
        return replace(self, phase=phase, overlay=None, detour=replace(self.detour, paused_in=None))

    def dated(self, due: Responses, finished: str) -> "Session":
        """Return the session with the time by which each action is due, and the local day of the judgement (ISO 8601)."""
        return _changed(self, {"result": replace(self.result, due=due, finished=finished)})

    def moved(self, phase: Phase, place: str) -> "Session":
        """Return the session at this place of this phase, without an overlay."""
        return _changed(self, {"phase": phase, "place": place, "overlay": None})

    def next_card(self, before: int) -> "Session":
        """Return the session with a new card token, which is `before` plus one."""
        return _changed(self, {"card": before + 1})

    def at(self, place: str) -> "Session":
        """Return the session at another place of the same phase, without an overlay."""
        return self.moved(self.phase, place)


_changed = altering(Session)

OF_THE_PERSON = ("profession", "order")
"""The questions about the person, asked once for all their cases. The answer to `order` then serves as that to `how`."""


def fresh(card: int, profile: Responses) -> Session:
    """Return a session without a case. `profile` are the answers about the person."""
    return Session(card=card, answers=Answers(profile))


def profile_of(session: Session) -> Responses:
    """Return the answers about the person. They remain when a case is erased."""
    return Responses(tuple([pair for pair in session.answers.around.pairs if pair[0] in OF_THE_PERSON]))
