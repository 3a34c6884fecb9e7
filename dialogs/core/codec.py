"""A session as text and back. Ids are written, never positions, so that a pack may grow without a session losing its way."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Answers, Detour, Result, Session, Told
from seraf.advice.action_log import Logged
from seraf.advice.action_plan import Urgency
from seraf.errors import SerafError
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase

Value = TypeVar("Value")

VERSION = 5
"""The version that is written. An older one is upgraded step by step; a newer one is refused and left alone."""


SINCE_1: dict[str, Any] = {"finished": "", "reopened": [], "earlier": [], "notes": {}, "draft": ""}
"""What version 1 did not write, as it stood then."""

LOGGED_BY_3 = 3
"""How many values version 3 wrote of a tap: it did not say whom the card said to ring."""

SINCE_2: dict[str, Any] = {"says": {}, "known": {}, "due": {}, "log": []}
"""What version 2 did not write either."""

SINCE_4: dict[str, Any] = {"heard": []}
"""What version 4 did not write."""

GONE = ("alert",)
"""Kinds of overlay that there are no more."""

STOPS_ONCE = ("danger", "told")
"""Kinds of the stop card that older releases wrote besides today's."""


MOST_TEXTS = 64
"""Texts that are remembered of one kind: of as many people as press at once, before and after."""

AS_TEXT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class ReadTexts(Generic[Value]):
    """What the latest few texts say, so that one turn need not read again what it has written or read; for several threads."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        self._read = read
        self._known: dict[str, Value] = {}
        REMEMBERING.append(self)

    def __len__(self) -> int:
        """How many texts are remembered."""
        return len(self._known)

    def of(self, text: str) -> Value:
        """What the text says. It is a value that nobody can change."""
        found = self._known.get(text)
        return self.know(text, self._read(text)) if found is None else found

    def know(self, text: str, said: Value) -> Value:
        """Remember what a text says that was just written."""
        if len(self._known) >= MOST_TEXTS:
            self._known = {}
        self._known[text] = said
        return said

    def forget(self) -> None:
        """Remember nothing."""
        self._known = {}


REMEMBERING: list[ReadTexts[Any]] = []
"""Every memory of texts."""


def forget_all() -> None:
    """Remember no text, as if nothing had been read."""
    # The bot asks for this twice a second: a case that was locked or erased is not to live on here (ADR 0066).
    for each in REMEMBERING:
        each.forget()


class NewerSession(SerafError):
    """A session that a newer release wrote."""


def encode(session: Session) -> str:
    """The session as one line of JSON."""
    text = _written(session)
    SESSIONS.know(text, session)
    return text


def decode(text: str) -> Session:
    """The session in a text. Raises `NewerSession` for a version this release does not know."""
    return SESSIONS.of(text)


def _written(session: Session) -> str:
    return AS_TEXT.encode(
        {
            "v": VERSION,
            "pack": session.fingerprint,
            "ref": session.reference,
            "turn": session.card,
            "phase": session.phase,
            "at": session.place,
            "overlay": _overlay_as_list(session.overlay),
            "facts": dict(session.answers.around),
            "responses": dict(session.answers.items),
            "changing": session.detour.is_changing,
            "paused": session.detour.paused_in,
            "said": session.told.urgency,
            "finished": session.result.finished,
            "reopened": list(session.detour.reopened),
            "earlier": [_carried_as_dict(each) for each in session.earlier],
            "notes": dict(session.answers.notes),
            "draft": session.told.draft,
            "says": dict(session.answers.says),
            "known": dict(session.answers.known),
            "due": dict(session.result.due),
            "log": [[each.line, each.at, each.what, each.to] for each in session.result.log],
            "heard": list(session.told.reasons),
        }
    )


def _read(text: str) -> Session:
    raw = json.loads(text)
    raw = _upgraded(raw)
    if raw["v"] > VERSION:
        raise NewerSession(
            "The store was written by a newer release: run that release, or restore a backup of this one."
        )
    return Session(
        card=raw["turn"],
        phase=Phase(raw["phase"]),
        place=raw["at"],
        overlay=_overlay(raw["overlay"]),
        reference=raw["ref"],
        fingerprint=raw["pack"],
        earlier=tuple(map(_carried, raw["earlier"])),
        answers=Answers(
            around=Responses.of(raw["facts"]),
            items=Responses.of(raw["responses"]),
            notes=Responses.of(raw["notes"]),
            says=Responses.of(raw["says"]),
            known=Responses.of(raw["known"]),
        ),
        detour=Detour(
            is_changing=raw["changing"],
            paused_in=Phase(raw["paused"]) if raw["paused"] else None,
            reopened=tuple(raw["reopened"]),
        ),
        told=Told(urgency=raw["said"], draft=raw["draft"], reasons=tuple(raw["heard"])),
        result=Result(
            finished=raw["finished"], due=Responses.of(raw["due"]), log=tuple(Logged(*each) for each in raw["log"])
        ),
    )


SESSIONS = ReadTexts(_read)


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    """What an older version wrote, as this one would have."""
    if raw["v"] == 1:
        raw |= SINCE_1
    if raw["v"] <= 2:
        raw |= {**SINCE_2, "said": Urgency.CALL if raw["enough"] else 0, "overlay": _still(raw["overlay"])}
        raw["facts"] = _split(raw["facts"])
    if raw["v"] <= 3:
        raw["log"] = [[*each[:LOGGED_BY_3], ""] for each in raw["log"]]
    if raw["v"] <= 4:
        raw |= SINCE_4
    return raw


def _still(overlay: Any) -> Any:
    """The overlay without a kind that there is no more: what it said is on the cards."""
    if not overlay:
        return None
    kind, about, under = overlay
    return _still(under) if kind in GONE else [kind, about, _still(under)]


def _split(facts: dict[str, str]) -> dict[str, str]:
    """The answers with one question that became two. A tick meant either; it is taken for the graver one."""
    if facts.get("trafficked") == "yes":
        return {**facts, "moved": "yes"}
    return facts


def _overlay_as_list(overlay: Overlay | None) -> list[object] | None:
    return [overlay.kind, overlay.about, _overlay_as_list(overlay.under)] if overlay else None


def _overlay(raw: Any) -> Overlay | None:
    if not raw:
        return None
    kind, about, under = raw
    return Overlay(Kind.STOP if kind in STOPS_ONCE else Kind(kind), about, _overlay(under))


def _carried_as_dict(carried: Carried) -> dict[str, object]:
    return {
        "year": carried.year,
        "month": carried.month,
        "age": carried.age,
        "judgement": carried.judgement,
        "responses": dict(carried.responses),
        "pack": carried.fingerprint,
        "answers": dict(carried.answers),
        "facts": dict(carried.facts),
        "format": carried.code_format,
    }


def _carried(raw: Any) -> Carried:
    """A SERAF that a review looks back on. Without `format` it was written before there was a third; without `facts` before the second."""
    facts = raw.get("facts")
    return Carried(
        year=raw["year"],
        month=raw["month"],
        age=Age(raw["age"]),
        judgement=raw["judgement"],
        responses=Responses.of(raw["responses"]),
        fingerprint=raw["pack"],
        answers=Responses.of(raw["answers"]),
        facts=Responses.of(facts or {}),
        code_format=raw.get("format", 1 if facts is None else 2),
    )
