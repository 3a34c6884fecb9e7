"""Conversion of a session to text and back. Stored sessions use ids, never positions, so that additions to a pack do not break them."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Answers, Detour, Hand, Result, Session, Told
from seraf.advice.action_log import Logged
from seraf.advice.action_plan import Urgency
from seraf.errors import SerafError
from seraf.form.responses import Responses
from seraf.form.second_view import NOTHING_OWED, Owed, OwedCall, Says, SecondView
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase

Value = TypeVar("Value")

# The version of the stored format. Older versions are upgraded step by step; a newer one is refused and left unchanged.
VERSION = 6
UNSHARED = (
    5  # a case without views, and with nothing kept at a change of hands, is written as the release before wrote it
)
STOPS_ONCE = ("danger", "told")  # names of `Kind.STOP` in sessions that older releases wrote


MOST_TEXTS = 64  # maximum number of texts in one cache: about as many as people press buttons at the same moment
AS_TEXT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class ReadTexts(Generic[Value]):
    """A thread-safe cache of parsed texts, so that one turn does not parse a text twice. When full, it is emptied."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        self._read = read
        self._known: dict[str, Value] = {}
        REMEMBERING.append(self)

    def __len__(self) -> int:
        return len(self._known)

    def of(self, text: str) -> Value:
        """Return the value that the text stands for, from the cache or by parsing it. Values are immutable."""
        found = self._known.get(text)
        return self.know(text, self._read(text)) if found is None else found

    def know(self, text: str, said: Value) -> Value:
        """Store `said` in the cache as the value of the text, and return it."""
        if len(self._known) >= MOST_TEXTS:
            self._known = {}
        self._known[text] = said
        return said

    def forget(self) -> None:
        """Empty the cache."""
        self._known = {}


REMEMBERING: list[ReadTexts[Any]] = []  # all caches, for `forget_all`


def forget_all() -> None:
    """Empty all caches of parsed texts."""
    # The bot does this twice a second, so that a case that was locked or erased does not remain in memory (ADR 0066).
    for each in REMEMBERING:
        each.forget()


class NewerSession(SerafError):
    """Raised if a newer release wrote the stored session."""


def encode(session: Session) -> str:
    """Return the session as one line of JSON."""
    result = session.result
    shared = {"views": [_view_as_list(each) for each in result.views], "owed": _owed_as_list(result.owed)}
    shared |= {"hands": [_hand_as_list(each) for each in result.hands]}
    is_shared = bool(result.views or result.hands) or result.owed != NOTHING_OWED
    text = AS_TEXT.encode(
        {
            "v": VERSION if is_shared else UNSHARED,
            "pack": session.fingerprint,
            "ref": session.reference,
            "turn": session.card,
            "phase": session.phase,
            "at": session.place,
            "overlay": _overlay_as_list(session.overlay),
            "facts": session.answers.around.by_item,
            "responses": session.answers.items.by_item,
            "changing": session.detour.is_changing,
            "paused": session.detour.paused_in,
            "said": session.told.urgency,
            "finished": session.result.finished,
            "reopened": list(session.detour.reopened),
            "earlier": [_carried_as_dict(each) for each in session.earlier],
            "notes": session.answers.notes.by_item,
            "draft": session.told.draft,
            "says": session.answers.says.by_item,
            "known": session.answers.known.by_item,
            "due": session.result.due.by_item,
            "log": [[each.line, each.at, each.what, each.to] for each in session.result.log],
            "heard": list(session.told.reasons),
            **(shared if is_shared else {}),
            **({"first": list(session.detour.first)} if session.detour.first else {}),
        }
    )
    SESSIONS.know(text, session)
    return text


def decode(text: str) -> Session:
    """Return the session that `encode` wrote as this text. Raise `NewerSession` if a newer release wrote it."""
    return SESSIONS.of(text)


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
            first=tuple(raw.get("first", ())),
        ),
        told=Told(urgency=raw["said"], draft=raw["draft"], reasons=tuple(raw["heard"])),
        result=Result(
            finished=raw["finished"],
            due=Responses.of(raw["due"]),
            log=tuple(Logged(*each) for each in raw["log"]),
            views=tuple(_view(each) for each in raw.get("views", ())),
            owed=_owed(raw.get("owed")),
            hands=tuple(_hand(each) for each in raw.get("hands", ())),
        ),
    )


SESSIONS = ReadTexts(_read)


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the stored values of a session, upgraded from an older version. Those of a newer version are returned unchanged."""
    if raw["v"] == 1:
        raw |= {"finished": "", "reopened": [], "earlier": [], "notes": {}, "draft": ""}
    if raw["v"] <= 2:
        raw |= {
            "says": {},
            "known": {},
            "due": {},
            "log": [],
            "said": Urgency.CALL if raw["enough"] else 0,
            "overlay": _still(raw["overlay"]),
        }
        if raw["facts"].get("trafficked") == "yes":  # one question became two; a tick may mean the graver one
            raw["facts"] = {**raw["facts"], "moved": "yes"}
    if raw["v"] <= 3:
        raw["log"] = [[*each[:3], ""] for each in raw["log"]]
    if raw["v"] <= 4:
        raw |= {"heard": []}
    return raw


def _still(overlay: Any) -> Any:
    """Return the stored overlay without overlays of kinds that no longer exist, or None if nothing is left."""
    if not overlay:
        return None
    kind, about, under = overlay
    return _still(under) if kind in ("alert",) else [kind, about, _still(under)]


def _overlay_as_list(overlay: Overlay | None) -> list[object] | None:
    return [overlay.kind, overlay.about, _overlay_as_list(overlay.under)] if overlay else None


def _overlay(raw: Any) -> Overlay | None:
    if not raw:
        return None
    kind, about, under = raw
    return Overlay(Kind.STOP if kind in STOPS_ONCE else Kind(kind), about, _overlay(under))


def _view_as_list(view: SecondView) -> list[object]:
    said = [str(view.says), view.level, view.grounds, list(view.why), view.words]
    return [*said, view.who, view.label, view.role, view.profession, view.at, view.of]


def _view(raw: Any) -> SecondView:
    says, level, grounds, why, words, who, label, role, profession, at, of = raw
    return SecondView(Says(says), level, grounds, tuple(why), words, who, label, role, profession, at, of)


def _hand_as_list(hand: Hand) -> list[object]:
    return [hand.label, hand.role, hand.profession, hand.until, hand.judgement, hand.items.by_item]


def _hand(raw: Any) -> Hand:
    label, role, profession, until, judgement, items = raw
    return Hand(label, role, profession, until, judgement, Responses.of(items))


def _owed_as_list(owed: Owed) -> list[object]:
    return [owed.floor, [[call.line, call.due, call.action] for call in owed.calls]]


def _owed(raw: Any) -> Owed:
    return NOTHING_OWED if raw is None else Owed(raw[0], tuple(OwedCall(*each) for each in raw[1]))


def _carried_as_dict(carried: Carried) -> dict[str, object]:
    return {
        "year": carried.year,
        "month": carried.month,
        "age": carried.age,
        "judgement": carried.judgement,
        "responses": carried.responses.by_item,
        "pack": carried.fingerprint,
        "answers": carried.answers.by_item,
        "facts": carried.facts.by_item,
        "format": carried.code_format,
    }


def _carried(raw: Any) -> Carried:
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
