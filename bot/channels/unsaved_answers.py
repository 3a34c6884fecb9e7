"""What people are answered from memory: whom to call, from the pack, while nothing can be saved, and strangers at any time.

It refuses to know the store. Which of its cards stand in chats is known to the process, and to a small file that needs no store.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from bot.channels.protocol import Acted, Scripted, Sender, Sending, SendResult
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import local_time
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.replies import Card
from dialogs.locked import HELPING, AccountState, Gate, ask_at, gate_card
from dialogs.turn.commands import ASKED_CLOSED

if TYPE_CHECKING:
    from bot.storage.unsaved_cards import UnsavedCards  # slow to import, and a terminal needs none


QUIET = timedelta(minutes=1)
"""Nobody is told twice within this time."""

MOST_TOLD = 120
"""How many strangers are told within that time; beyond it, those who may use the bot would have to wait for them."""

TRIES = 5
"""Wrong codes after which somebody has to wait before the next one counts."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
"""How long they wait: doubled with each further wrong code, from the first up to the longest."""

MOST_DOUBLINGS = 20

MOST_TRIERS = 10_000
"""People whose wrong codes are remembered. Those who tried longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes of one person, and until when none counts."""

    wrong: int
    until: datetime


class Strangers:
    """When each stranger was told last, and what codes they have tried."""

    def __init__(self, most: int = MOST_TOLD) -> None:
        """`most` is how many are told within the time in which nobody is told twice."""
        self._most = most
        self._told: OrderedDict[str, datetime] = OrderedDict()
        self._tries: OrderedDict[str, Tries] = OrderedDict()

    def may_be_told(self, person: str, now: datetime) -> bool:
        """Whether the stranger may be told now; if so, counts them as told."""
        while self._told and abs(now - next(iter(self._told.values()))) >= QUIET:
            self._told.popitem(last=False)
        if person in self._told or len(self._told) >= self._most:
            return False
        self._told[person] = now
        return True

    def may_try(self, person: str, now: datetime) -> bool:
        """Whether a code of theirs is looked at now; if so, counts it as a wrong one. Within a pause not even the right one is."""
        before = self._tries.pop(person, Tries(0, now))
        if now < before.until:
            self._tries[person] = before
            return False
        wrong = before.wrong + 1
        doublings = min(wrong - TRIES, MOST_DOUBLINGS)
        pause = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE) if wrong >= TRIES else timedelta(0)
        self._tries[person] = Tries(wrong, now + pause)
        if len(self._tries) > MOST_TRIERS:
            self._tries.popitem(last=False)
        return True

    def forgive(self, person: str) -> None:
        """Forget the codes of somebody who may use the bot."""
        self._tries.pop(person, None)


TOKEN = 10**18 - 1
"""What the buttons of these cards carry. No card of a record counts so far."""

CALLING = ("urgent", "call", "contacts")
"""Commands that show whom to call; a button does what one of them does."""

FIRST = 20
"""Strangers who are shown whom to call before any other card goes out, within a minute."""

MOST_STANDING = 10_000
"""Chats of which it is known what stands there."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A card that a chat should show, and whether below what the person has just written; without one, none should stand."""

    card: Card | None
    is_new: bool = False


class UnsavedAnswers:
    """Answers at once and from memory. It keeps one card a chat, and takes it away when the store has answered there."""

    def __init__(self, conversation: Scripted, sender: Sender, kept: "UnsavedCards | None" = None) -> None:
        """`kept` is where it is noted which cards stand in chats, for a process that does not end in order."""
        self._conversation = conversation
        self._sender = sender
        self._tasks = BackgroundTasks()
        self._told, self._first = Strangers(), Strangers(FIRST)
        self._gates: dict[str, Gate] = {}
        self._kept = kept
        noted = kept.standing if kept else ()
        self._standing = OrderedDict[str, str](noted)
        self._left = tuple(each for each in noted if each not in self._standing.items())
        self._wanted: dict[str, Unsaved] = {}
        self._running: set[str] = set()

    def answer(self, heard: Acted, *, toast: str) -> None:
        """Show whom to call where that was asked for, and to anybody who wrote; of any other tap say the toast."""
        is_asked = _needs_no_store(heard.event)
        self._respond(heard, "" if is_asked else toast)
        if is_asked or (heard.reply_to is None and self._may_tell(heard.person)):
            self._show_at(AccountState.UNREACHABLE, heard, is_asked=is_asked)
        if heard.own_message is not None:
            self._tasks.run(self._remove(heard.person, heard.own_message))

    def answer_stranger(self, heard: Acted) -> None:
        """Show somebody who may not use the bot whom to call, which they have asked for."""
        self._respond(heard, "")
        self._show_at(AccountState.STRANGER, heard, is_asked=True)

    def introduce(self, heard: Acted) -> None:
        """Show somebody whose tap could not be saved what is the matter, unless such a card stands there."""
        if heard.person not in self._standing and heard.person not in self._running and self._may_tell(heard.person):
            self._gates[heard.person] = Gate(AccountState.UNREACHABLE)
            self._want(heard.person, Unsaved(self._card(heard.person)))

    def _respond(self, heard: Acted, toast: str) -> None:
        """Answer a tap."""
        if heard.reply_to is not None:
            said = self._conversation.script.wording.say(f"toast.{toast}") if toast else ""
            self._tasks.run(self._sender.answer(heard.reply_to, said))

    def _show_at(self, standing: AccountState, heard: Acted, *, is_asked: bool) -> None:
        """Show the card of this standing, with what was asked for over it."""
        before = self._gates.get(heard.person)
        gate = Gate(standing, before.over if before is not None else None)
        script = self._conversation.script
        over = ask_at(gate, heard.event, card=TOKEN, script=script).over if is_asked else None
        self._gates[heard.person] = replace(gate, over=over)
        self._want(heard.person, Unsaved(self._card(heard.person), heard.is_new))

    def speak_as(self, conversation: Scripted) -> None:
        """Say from now on what this conversation knows, and take away every card that it has not answered yet."""
        self._conversation = conversation
        for person in (*self._standing, *self._running):
            self.withdraw(person)
        left, self._left = self._left, ()
        for person, handle in left:
            self._tasks.run(self._remove_left(person, handle))

    def handed_over(self, person: str) -> tuple[str, ...]:
        """The card that stands in a chat, to be removed after the next one was shown, so that no number is missing in between."""
        if person in self._running:
            self._want(person, Unsaved(None))
            return ()
        self._gates.pop(person, None)
        handle = self._standing.pop(person, None)
        return () if handle is None else (handle,)

    def is_gone(self, person: str, handle: str) -> None:
        """Forget a card that was handed over: it is removed, or the store knows that it is to be."""
        if self._kept is not None:
            self._kept.forget(person, handle)

    def withdraw(self, person: str) -> None:
        """Take the card out of a chat, since the store has answered there. That of a stranger is true as ever, and stays."""
        gate = self._gates.get(person)
        is_true = gate is not None and gate.standing is AccountState.STRANGER
        if (person in self._standing or person in self._running) and not is_true:
            self._want(person, Unsaved(None))

    async def settle(self, seconds: float) -> None:
        """Wait for answers that are under way, at most so long."""
        await self._tasks.settle(seconds)

    def _may_tell(self, person: str) -> bool:
        return self._told.may_be_told(person, self._conversation.clock.now())

    def _card(self, person: str) -> Card:
        script, gate, now = self._conversation.script, self._gates[person], self._conversation.clock.now()
        is_unsaved = gate.standing is AccountState.UNREACHABLE
        notice = script.wording.say("gate.unreachable.title") if is_unsaved and gate.over is not None else ""
        card = gate_card(gate, TOKEN, script=script, now=local_time(now), notice=notice)
        # Of strangers there may be very many: beyond some a minute they wait behind those who may use the bot.
        return card if is_unsaved else replace(card, goes_first=self._first.may_be_told(person, now))

    def _want(self, person: str, wanted: Unsaved) -> None:
        self._wanted[person] = wanted
        if person not in self._running:
            self._running.add(person)
            self._tasks.run(self._bring_about(person))

    async def _bring_about(self, person: str) -> None:
        """Bring a chat to what it should show; what is wanted meanwhile comes next."""
        try:
            while (wanted := self._wanted.pop(person, None)) is not None:
                if wanted.card is None:
                    await self._take_away(person)
                else:
                    await self._show(person, wanted.card, is_new=wanted.is_new)
        finally:
            self._running.discard(person)

    async def _show(self, person: str, card: Card, *, is_new: bool) -> None:
        def is_current() -> bool:
            return person not in self._wanted

        standing = self._standing.get(person)
        if standing is not None and not is_new:
            edited = await self._sender.edit(person, standing, card=card, is_current=is_current)
            if edited is not SendResult.GONE:
                self._note(person, standing)
                return
        sent = await self._sender.send(person, card, Sending(is_current))
        if isinstance(sent, str):
            self._standing[person] = sent
            if standing is not None:  # first, so that there is a slot for the new one
                self.is_gone(person, standing)
            self._note(person, sent)
            self._forget_oldest()
            if standing is not None:
                await self._sender.remove(person, (standing,))

    async def _take_away(self, person: str) -> None:
        self._gates.pop(person, None)
        if (handle := self._standing.pop(person, None)) is not None:
            await self._sender.remove(person, (handle,))
            self.is_gone(person, handle)

    def _note(self, person: str, handle: str) -> None:
        """Note that a card stands in a chat which is to go once something can be saved again; of no other."""
        gate = self._gates.get(person)
        if gate is None or self._kept is None:
            return
        if gate.standing is AccountState.UNREACHABLE:
            self._kept.keep(person, handle)
        else:
            self._kept.forget(person, handle)

    async def _remove_left(self, person: str, handle: str) -> None:
        """Remove a card that a run before left in a chat beside the one that is known to stand there."""
        await self._remove(person, handle)
        self.is_gone(person, handle)

    async def _remove(self, person: str, handle: str) -> None:
        await self._sender.remove(person, (handle,))

    def _forget_oldest(self) -> None:
        while len(self._standing) > MOST_STANDING:
            person, handle = self._standing.popitem(last=False)
            self._gates.pop(person, None)
            self.is_gone(person, handle)


def asks_whom_to_call(event: Event) -> bool:
    """Whether it is a command or a button, on whatever card, for that."""
    match event:
        case Commanded(_, name):
            return name in CALLING
        case Pressed(_, _, code):
            return HELPING.get(code) in CALLING
        case Began() | Typed() | Noted() | Ignored() | Lapsed():
            return False
    assert_never(event)


def is_for_anybody(event: Event) -> bool:
    """Whether it asks whom to call, or is a button of a card from memory: strangers are answered too."""
    return asks_whom_to_call(event) or (isinstance(event, Pressed) and event.card == TOKEN)


def _needs_no_store(event: Event) -> bool:
    """Whether it is answered without anything of a case: whom to call, help, guide and glossary, and these cards themselves."""
    match event:
        case Commanded(_, name):
            return name in ASKED_CLOSED
        case Pressed(_, token, code):
            return token == TOKEN or code in HELPING
        case Began() | Typed() | Noted() | Ignored() | Lapsed():
            return False
    assert_never(event)
