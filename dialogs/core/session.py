"""One person's conversation as a value. Everything that a card shows can be drawn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.core.altered import altering
from dialogs.core.overlays import Overlay
from seraf.advice.action_log import Logged
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import Age
from seraf.review.carried import Carried
from state_machines.assessment import Phase


@dataclass(frozen=True, slots=True)
class Session:
    """Where the conversation is and what has been answered.

    `card` is the token of the live card, from a counter of the person's that nothing resets. `place` is a question,
    an item, a section or a page, by the phase. `answers` holds what was answered around the items, `responses` the
    items. `is_changing` says that the check page is waiting; `paused_in` where a pause began; `said` how urgent the case
    was said to be so far, 0 before anything was, and `heard` for which reasons a stop card was shown. `finished` is the
    local day (ISO 8601) of the judgement, empty before.
    `reopened` lists the items that are asked again, where only those are. `earlier` holds the SERAFs that a review looks
    back on, oldest first; `notes` what was noted at a place, where the organisation takes notes; `draft` a note whose
    words are being thought over. `says` and `known` hold the reasons of ticked items: who says so, and since when it is
    known. `due` holds when each line of the action card is due (ISO 8601), `log` what was done of it.
    """

    card: int
    phase: Phase = Phase.WELCOME
    place: str = ""
    overlay: Overlay | None = None
    reference: str = ""
    fingerprint: str = ""
    answers: Responses = NOTHING
    responses: Responses = NOTHING
    is_changing: bool = False
    paused_in: Phase | None = None
    said: int = 0
    finished: str = ""
    reopened: tuple[str, ...] = ()
    earlier: tuple[Carried, ...] = ()
    notes: Responses = NOTHING
    draft: str = field(default="", repr=False)
    says: Responses = NOTHING
    known: Responses = NOTHING
    due: Responses = NOTHING
    log: tuple[Logged, ...] = ()
    heard: tuple[str, ...] = ()
    seen: tuple[Responses, CaseView] | None = field(default=None, repr=False, compare=False)
    """The view that was made last, of this session or of one before it with the same answers; it is never stored."""

    @property
    def has_case(self) -> bool:
        """Whether there is a case in it, which is what must be kept and what can be erased."""
        return bool(self.reference)

    @property
    def given(self) -> Mapping[str, str]:
        """Every answer, to the questions and to the items, by its place."""
        return {**dict(self.answers), **dict(self.responses)}

    def case(self) -> Case:
        """The case as the scoring rules take it."""
        return Case(
            age=Age(self.answers.get("age") or Age.NOT_KNOWN), responses=self.responses, answers=self.answers.by_item
        )

    def view(self, instrument: Instrument) -> CaseView:
        """What follows from the case, worked out once for all sessions of a turn that have the same answers."""
        if self.seen is not None:
            answers, view = self.seen
            if answers is self.answers and view.case.responses is self.responses and view.instrument is instrument:
                return view
        view = CaseView(instrument, self.case())
        object.__setattr__(self, "seen", (self.answers, view))
        return view

    def giving(self, question: str, answer: str) -> "Session":
        """The session with this answer given or replaced."""
        return _changed(self, {"answers": self.answers.give(question, answer)})

    def responding(self, responses: Responses) -> "Session":
        """The session with these responses to the items."""
        return _changed(self, {"responses": responses})

    def beneath(self, overlay: Overlay | None) -> "Session":
        """The session with this overlay over its card, or with none."""
        return _changed(self, {"overlay": overlay})

    def dated(self, due: Responses, finished: str) -> "Session":
        """The session with when each line is due, and on which day it was finished."""
        return _changed(self, {"due": due, "finished": finished})

    def moved(self, phase: Phase, place: str) -> "Session":
        """The session at another place, with no overlay."""
        return _changed(self, {"phase": phase, "place": place, "overlay": None})

    def next_card(self, before: int) -> "Session":
        """The session with the card that comes after this one."""
        return _changed(self, {"card": before + 1})

    def at(self, place: str) -> "Session":
        """The session at another place of the same phase, with no overlay."""
        return self.moved(self.phase, place)


_changed = altering(Session)


REMEMBERED = ("profession", "order")
"""Answers that are about the person, not about a case, and are asked once. `order` stands in for asking how."""


def fresh(card: int, profile: Responses) -> Session:
    """A session in which nothing has begun, with what is remembered of the person."""
    return Session(card=card, answers=profile)


def profile_of(session: Session) -> Responses:
    """What is remembered of the person when a case goes."""
    return Responses(tuple(pair for pair in session.answers if pair[0] in REMEMBERED))
