"""The inbox of the web channel. A posted form becomes a turn; the next page that the browser fetches shows its outcome."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from bot.access.account import Account, read_account, written
from bot.access.admission import plain_code
from bot.access.due import EXPIRED, locks_at
from bot.channels.delivery import Mark
from bot.channels.inbox import Inbox, Turns
from bot.channels.protocol import Acted, MaySend, OnReached, OnSent, Receiver, Sending, SendResult, StillCurrent
from bot.channels.turn_queue import event_key, read_press
from bot.channels.web import FACTS
from bot.channels.web.drawing import LONGEST_NOTE, LONGEST_WORD
from bot.channels.web.guard import Followers, with_ticks
from bot.channels.web.page import Bar, Offers, bar_of
from bot.channels.web.visitor import SHOWN_WITHIN, Nonces, Toasts, Visitor
from bot.conversation.changes import staying
from bot.conversation.conversation import Conversation
from bot.conversation.records import session_of, with_session
from bot.conversation.shared_cards import lies_over
from bot.runtime.clock import local_time
from bot.runtime.errors import StoreFault
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, OwedDocument, Record, Refused, Repeated, Undecided
from bot.summaries.file import File
from dialogs.core.acts import Entered, code_of
from dialogs.core.events import Began, Commanded, Event, Noted, Occasion, Pressed, Typed
from dialogs.core.replies import Card, Toast
from dialogs.core.role import LEADING, Role
from dialogs.form.path import begin
from dialogs.notes.noting import NOT_KEPT, as_note, note_refusal, tidy, view_refusal
from dialogs.review.reviewing import REFUSALS
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import may
from state_machines.assessment import Phase

SHORTLY = 0.5  # the maximum wait in seconds for an erasure or a look-up, before the page is shown without it
KINDS = ("press", "command", "typed")  # the names of form fields with an act; a form must have exactly one
LONGEST_COMMAND, LONGEST_PRESS, LONGEST_PIN = 20, 64, 64
STAYED = timedelta(minutes=1)  # the least time between two acts for which a person counts as present
LATE = "late toast"  # the kind of a toast that was not known when its form was answered


class PageChannel:
    """The web as a channel. Its listener receives nothing, since requests are answered directly; its sender only wakes open pages."""

    channel = FACTS.name
    replace_after = removable_for = None  # a page is as new as its last fetch, and no sent message can be left behind
    sends_files = False  # a document is fetched by its link

    def __init__(self, watch: Followers, now: Callable[[], datetime]) -> None:
        self._watch, self._now = watch, now

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        on_reached(None, self._now())
        await asyncio.Event().wait()

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        self._watch.wake(person)
        return "page"

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        self._watch.wake(person)
        return SendResult.DONE

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        return SendResult.LATE

    async def tell(self, person: str, text: str) -> str | None:
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        pass

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        return tuple(handles)


MENU = (
    "start",
    "guide",
    "help",
    "review",
    "rehearse",
    "room",
    "look",
    "people",
)  # in the menu, if the role may use them
LOOKED_UP = ("review", "join", "look", "people")  # commands that take a code or a name
CLOSING = ("lock", "panic")  # commands that close the page


def _offered(is_allowed: Callable[[str], bool], closing: tuple[str, ...], *, menu: tuple[str, ...] = MENU) -> Offers:
    return Offers(
        tuple(filter(is_allowed, menu)), tuple(filter(is_allowed, LOOKED_UP)), closing, asks=is_allowed("start")
    )


OFFERED = {role: _offered(partial(may, role), CLOSING) for role in Role}  # the commands on an open page, by role
OFFERED_IN_TEAMS = {role: _offered(partial(may, role), CLOSING, menu=(*MENU, "team")) for role in Role}

OFFERED_CLOSED = _offered(ASKED_CLOSED.__contains__, CLOSING[1:])  # the commands on a locked page


def read_act(form: Mapping[str, str], visitor: Visitor, occasion: Occasion, *, takes_notes: bool) -> Acted | None:
    """Return the act in a form, or None if there is none. The caller has to verify the form's nonce."""
    form, pin = _with_pin(with_ticks(form))
    kinds = [kind for kind in KINDS if kind in form]
    if len(kinds) != 1:
        return None
    (kind,), words = kinds, form.get("words", "").strip()
    event = _event(kind, form[kind], words=words, token=form.get("token", ""), occasion=occasion)
    if event is None:
        return None
    # The same button of the same page counts once, however often it is sent.
    # A PIN is no part of the key, which is stored.
    digest = hashlib.sha256("\n".join((kind, form[kind], words)).encode()).hexdigest()
    key = event_key(visitor.person, f"{FACTS.name}/{form.get('nonce', '')}/{digest}")
    heard = Acted(key, visitor.person, event, reply_to=key)
    if isinstance(event, Began):
        return replace(heard, code=plain_code(words))
    if pin:
        return replace(heard, words=pin)
    return replace(heard, words=form[kind]) if isinstance(event, Typed) and takes_notes else heard


def _with_pin(form: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """Return a form with a PIN as one press without it, and the PIN, on a second line again if it was typed twice."""
    if "pin" not in form:
        return form, ""
    pin = "\n".join("".join(form[name][:LONGEST_PIN].split()) for name in ("pin", "again") if name in form)
    press = f"{form.get('token', '')}:{code_of(Entered())}"
    others = {kind: "" for kind in KINDS[1:] if any(name in form for name in KINDS)}
    return {"nonce": form.get("nonce", ""), "press": press, **others}, pin


def _event(kind: str, value: str, *, words: str, token: str, occasion: Occasion) -> Event | None:
    if kind == "press":
        press = read_press(value) if len(value) <= LONGEST_PRESS else None
        return Pressed(occasion, *press) if press else None
    if kind == "typed":
        card = read_press(f"{token}:") if token else (None, "")
        return Typed(occasion, card[0]) if card and len(value) <= LONGEST_NOTE else None
    is_name = value.isascii() and value.isalpha() and value.islower() and len(value) <= LONGEST_COMMAND
    if not is_name or len(words) > LONGEST_WORD:
        return None
    return Began(occasion) if value == "start" else Commanded(occasion, value, words)


@dataclass(frozen=True, slots=True)
class Look:
    """The contents of a person's page: card (None for a blank page), commands, documents, a hash of these, and a late toast.

    `locks` is when it locks unless somebody acts, or None if it is not open. `bar` are the numbers at its foot.
    """

    record: Record = field(repr=False)
    card: Card | None = field(repr=False)
    offers: Offers
    documents: tuple[OwedDocument, ...]
    shown: str
    late: str = field(repr=False)
    locks: datetime | None
    bar: Bar


class SaidOfAct(NamedTuple):
    """What a person is told about an act, and whether it is a fault of what they typed, so that they get it back."""

    text: str
    is_fault: bool = False


FAULTS = frozenset({*NOT_KEPT, *REFUSALS, "too-many-codes", "rest-missing"})
"""The toasts that say why what was typed or ticked does not count."""


class PageInbox(Inbox):
    """Stores one act at a time. The next page shows the outcome."""

    conversation: Conversation

    def __init__(self, conversation: Conversation, store: Store, *, mark: Mark, watch: Followers, turns: Turns) -> None:
        super().__init__(conversation, store, turns)
        self.watch, self.mark, self.toasts = watch, mark, Toasts("__Host-t", mark)
        self.nonces = Nonces(lambda drawn: mark(f"nonce\n{drawn}"))

    async def take(self, visitor: Visitor, heard: Acted) -> SaidOfAct:
        """Store an act as a turn, and return its toasts as text. Raise `StoreFault` if it is not stored."""
        # Shielded, so that the turn completes even if the page is closed meanwhile.
        (outcome,) = await asyncio.shield(self.hand_in((heard,)))
        if isinstance(outcome, Undecided):
            return SaidOfAct(await self._said_soon(visitor, self._said_once_looked_up(heard, outcome)))
        text = self.said(heard, outcome) if isinstance(outcome, Done | Refused) else ""
        self.watch.wake(heard.person)
        if isinstance(outcome, Done) and outcome.is_erasure:
            return SaidOfAct(await self._said_soon(visitor, self._said_once_gone(text)))
        if isinstance(outcome, Repeated):
            return self._refused_again(heard, outcome)
        effects = outcome.effects if isinstance(outcome, Done) else ()
        return SaidOfAct(text, any(isinstance(each, Toast) and each.key in FAULTS for each in effects))

    def _refused_again(self, heard: Acted, outcome: Repeated) -> SaidOfAct:
        """Return what was said of typed words when they came first, if they were refused: that answer may have been lost on its way."""
        record, event = outcome.record, heard.event
        if record is None or not isinstance(event, Typed) or self.conversation.is_closed(record):
            return SaidOfAct("")
        session, account = session_of(record), read_account(record.access)
        script, fault = self.conversation.script_for(session), None
        note = as_note(event, heard.words, session=session, script=script)
        if event.card != session.card:
            return SaidOfAct("")
        if isinstance(account, Account) and lies_over(record, account):
            fault = view_refusal(tidy(heard.words), (), script=script)
        elif isinstance(note, Noted):
            fault = note_refusal(note, session, script=script)
        return SaidOfAct(self.say(fault), is_fault=True) if fault else SaidOfAct("")

    async def stay(self, visitor: Visitor) -> datetime | None:
        """Count the visitor as present, at most once in `STAYED`. Return when their page locks, or None if it is not open."""
        terms, now = self.conversation.door.terms, self.conversation.clock.now()
        row = await self.store.recall(visitor.person)
        account = read_account(row[0].access) if row is not None else None
        locks = locks_at(account, now, terms=terms) if isinstance(account, Account) else None
        if locks is None or locks - now > terms.lock - min(STAYED, terms.lock / 4):
            return locks
        key = event_key(visitor.person, f"{FACTS.name}/awake/{secrets.token_hex(16)}")
        came = Inbound(key, now, visitor.person, staying(now, terms), None)
        (outcome,) = await asyncio.shield(self._turns.hand_in((came,)))
        return now + terms.lock if isinstance(outcome, Done) else None

    async def forget_late(self, visitor: Visitor) -> None:
        """Delete the late toast, since a page shows it."""
        with suppress(StoreFault):
            await self.store.write(lambda t: t.short_lived.forget(LATE, visitor.session))

    async def _said_soon(self, visitor: Visitor, saying: Coroutine[Any, Any, str]) -> str:
        """Return the toast if it is known shortly. A later one is stored for the next page, whichever copy draws that."""
        is_late = False

        async def say() -> str:
            text, until = await saying, self.conversation.clock.now() + timedelta(seconds=SHOWN_WITHIN)
            if text and is_late:
                await self.store.write(lambda t: t.short_lived.keep(LATE, visitor.session, text, until=until))
            self.watch.wake(visitor.person)
            return text

        task = self._tasks.run(say())
        try:
            done, _ = await asyncio.wait({task}, timeout=SHORTLY)
        finally:
            is_late = True
        return task.result() if done and task.exception() is None else ""

    async def _said_once_looked_up(self, heard: Acted, asking: Undecided) -> str:
        """Return the toasts of an act for which all people have to be read. Until then the page stays as it is."""
        outcome = await self.look_up(heard, asking)
        text = self.say(Toast("closed-unreachable")) if outcome is None else ""
        return self.said(heard, outcome) if isinstance(outcome, Done | Refused) else text

    async def _said_once_gone(self, text: str) -> str:
        await self.gone()
        return text

    async def settle(self, seconds: float) -> None:
        """Wait for the turns in progress, but at most this many seconds. Toasts that arrive later are dropped."""
        await self._turns.settle(seconds)
        await self._tasks.settle(0)

    async def look(self, visitor: Visitor) -> Look | None:
        """Return the contents of a person's page, or None for a stranger. Raise `StoreFault` if the store fails."""
        conversation, person = self.conversation, visitor.person
        row, late = await self.store.read(
            lambda t: (t.people.recall(person), t.short_lived.find(LATE, visitor.session) or "")
        )
        account = read_account(row[0].access) if row is not None else None
        if row is None or not isinstance(account, Account):
            return None
        record, is_closed = row[0], conversation.is_closed(row[0])
        card, untold = conversation.card(record), _untold(record)
        # While a file still contains erased data, the text of the card does not mention the erasure; its buttons stay.
        if card is not None and untold != record and not await self.store.is_gone(seconds=0):
            quiet = conversation.card(untold)
            card = replace(quiet, rows=card.rows) if quiet is not None else None
        pending = () if is_closed else await self.store.read(lambda t: t.documents.owed())
        own = [document for document in pending if document.person == person]
        documents = tuple([document for document in own if conversation.may_have(record, document)])
        seen = (card.token, card.page or card.signature) if card else ()
        bar = bar_of(conversation.script, local_time(conversation.clock.now()))
        signed = repr((seen, bar, [(document.kind, document.asked) for document in documents]))
        offered = OFFERED_IN_TEAMS if conversation.sees_people == LEADING else OFFERED
        offers = OFFERED_CLOSED if is_closed else offered[account.admission.role]
        locks = locks_at(account, conversation.clock.now(), terms=conversation.door.terms)
        return Look(record, card, offers, documents, self.mark(signed).hex()[:16], late, locks, bar)


def _untold(record: Record) -> Record:
    """Return the record as it would be if its card did not mention that the case was erased."""
    account, is_told = read_account(record.access), record.phase == Phase.ERASED and session_of(record).overlay is None
    quiet = with_session(record, begin(session_of(record))) if is_told else record
    if not isinstance(account, Account) or account.notices.news != EXPIRED:
        return quiet
    return replace(quiet, access=written(replace(account, notices=replace(account.notices, news=""))))
