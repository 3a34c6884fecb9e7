"""Cards that say whom to call and need no store: for everyone while the store fails, and for people without an account at any time."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from bot.channels.protocol import Acted, Sender, Sending, SendResult
from bot.conversation.talk import Talk
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import local_time
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Pressed, Typed
from dialogs.core.replies import Card
from dialogs.locked import HELPING, AccountState, Gate, ask_at, gate_card
from dialogs.turn.commands import ASKED_CLOSED

if TYPE_CHECKING:
    from bot.storage.unsaved_cards import UnsavedCards  # slow to import, and a terminal needs none


QUIET = timedelta(minutes=1)  # the minimum time between two answers to one person without an account (a stranger)
MOST_TOLD = 120  # the maximum number of strangers answered within that time, so that admitted people need not wait
TOKEN = 10**18 - 1  # the token of all cards of this module; no stored card has it
CALLING = ("urgent", "call", "contacts")  # commands that show whom to call; buttons do the same as these commands
FIRST = 20  # the maximum number of strangers a minute whose card is sent before all other cards
MOST_STANDING = 10_000  # the maximum number of chats whose card is remembered


class Strangers:
    """The time of the latest answer to each stranger."""

    def __init__(self, most: int = MOST_TOLD) -> None:
        self._most = most  # the maximum number of strangers answered within `QUIET`
        self._told: OrderedDict[str, datetime] = OrderedDict()

    def may_be_told(self, person: str, now: datetime) -> bool:
        """Return True and count an answer if this person may be answered now. Otherwise return False."""
        while self._told and abs(now - next(iter(self._told.values()))) >= QUIET:
            self._told.popitem(last=False)
        if person in self._told or len(self._told) >= self._most:
            return False
        self._told[person] = now
        return True


class UnsavedAnswers:
    """Answers that need no store, as one card in each chat. `kept` is the file of these cards, which the next run removes."""

    def __init__(self, conversation: Talk, sender: Sender, kept: "UnsavedCards | None" = None) -> None:
        self._conversation, self._sender, self._kept = conversation, sender, kept
        self._tasks = BackgroundTasks()
        self._told, self._first = Strangers(), Strangers(FIRST)
        self._gates: dict[str, Gate] = {}
        recorded = kept.standing if kept else ()
        self._standing = OrderedDict[str, str](recorded)
        self._surplus = tuple(card for card in recorded if card not in self._standing.items())
        # The card that a chat should show, if any, and whether it must stand below what the person has just written.
        self._wanted: dict[str, tuple[Card | None, bool]] = {}
        self._running: set[str] = set()

    def answer(self, heard: Acted, *, toast: str) -> None:
        """Show whom to call if the act asks for help or is a message. Answer any other tap with this toast."""
        # These need no case: whom to call, help, guide, glossary, and the buttons of the cards of this module.
        is_asked = _command_of(heard.event) in ASKED_CLOSED or _is_pressed_here(heard.event)
        self._respond(heard, "" if is_asked else toast)
        if is_asked or (heard.reply_to is None and self._may_tell(heard.person)):
            self._show_at(AccountState.UNREACHABLE, heard, is_asked=is_asked)
        if heard.own_message is not None:
            self._tasks.run(self._sender.remove(heard.person, (heard.own_message,)))

    def answer_stranger(self, heard: Acted) -> None:
        """Show whom to call to a person without an account who asked for it."""
        self._respond(heard, "")
        self._show_at(AccountState.STRANGER, heard, is_asked=True)

    def introduce(self, heard: Acted) -> None:
        """Show a person whose tap could not be saved that the store is down, unless a card in their chat says so already."""
        if heard.person not in self._standing and heard.person not in self._running and self._may_tell(heard.person):
            self._gates[heard.person] = Gate(AccountState.UNREACHABLE)
            self._want(heard.person, self._card(heard.person))

    def _respond(self, heard: Acted, toast: str) -> None:
        if heard.reply_to is not None:
            text = self._conversation.script.wording.say(f"toast.{toast}") if toast else ""
            self._tasks.run(self._sender.answer(heard.reply_to, text))

    def _show_at(self, standing: AccountState, heard: Acted, *, is_asked: bool) -> None:
        """Show the card for this state of an account, with the overlay that the act asked for, if any."""
        before = self._gates.get(heard.person)
        gate = Gate(standing, before.over if before is not None else None)
        script = self._conversation.script
        over = ask_at(gate, heard.event, card=TOKEN, script=script).over if is_asked else None
        self._gates[heard.person] = replace(gate, over=over)
        self._want(heard.person, self._card(heard.person), is_new=heard.is_new)

    def speak_as(self, conversation: Talk) -> None:
        """Use the texts of this conversation from now on, and remove all cards that were shown because there was no store."""
        self._conversation = conversation
        for person in (*self._standing, *self._running):
            self.withdraw(person)
        surplus, self._surplus = self._surplus, ()
        for person, handle in surplus:
            self._tasks.run(self._remove_and_forget(person, handle))

    def handed_over(self, person: str) -> tuple[str, ...]:
        """Forget the card in a person's chat, and return its handle if there is one. The caller removes the card later."""
        if person in self._running:
            self._want(person, None)
            return ()
        self._gates.pop(person, None)
        handle = self._standing.pop(person, None)
        return () if handle is None else (handle,)

    def is_gone(self, person: str, handle: str) -> None:
        """Delete the file entry of a card that was removed, or whose removal the store has recorded."""
        if self._kept is not None:
            self._kept.forget(person, handle)

    def withdraw(self, person: str) -> None:
        """Remove the card about the outage from a person's chat, since the store works again."""
        gate = self._gates.get(person)
        is_correct = gate is not None and gate.standing is AccountState.STRANGER
        if (person in self._standing or person in self._running) and not is_correct:
            self._want(person, None)

    async def settle(self, seconds: float) -> None:
        await self._tasks.settle(seconds)

    def _may_tell(self, person: str) -> bool:
        return self._told.may_be_told(person, self._conversation.clock.now())

    def _card(self, person: str) -> Card:
        script, gate, now = self._conversation.script, self._gates[person], self._conversation.clock.now()
        is_unsaved = gate.standing is AccountState.UNREACHABLE
        notice = script.wording.say("gate.unreachable.title") if is_unsaved and gate.over is not None else ""
        card = gate_card(gate, TOKEN, script=script, now=local_time(now), notice=notice)
        # There may be very many strangers: beyond some in a minute, their cards wait behind those of admitted people.
        return card if is_unsaved else replace(card, goes_first=self._first.may_be_told(person, now))

    def _want(self, person: str, card: Card | None, *, is_new: bool = False) -> None:
        self._wanted[person] = card, is_new
        if person not in self._running:
            self._running.add(person)
            self._tasks.run(self._bring_about(person))

    async def _bring_about(self, person: str) -> None:
        """Show or remove the card of a chat, and repeat this while a newer card is wanted."""
        try:
            while (wanted := self._wanted.pop(person, None)) is not None:
                card, is_new = wanted
                if card is not None:
                    await self._show(person, card, is_new=is_new)
                    continue
                self._gates.pop(person, None)
                if (handle := self._standing.pop(person, None)) is not None:
                    await self._remove_and_forget(person, handle)
        finally:
            self._running.discard(person)

    async def _show(self, person: str, card: Card, *, is_new: bool) -> None:
        def is_current() -> bool:
            return person not in self._wanted

        standing = self._standing.get(person)
        if standing is not None and not is_new:
            edited = await self._sender.edit(person, standing, card=card, is_current=is_current)
            if edited is not SendResult.GONE:
                self._record(person, standing)
                return
        sent = await self._sender.send(person, card, Sending(is_current))
        if isinstance(sent, str):
            self._standing[person] = sent
            if standing is not None:  # first, so that there is a slot for the new one
                self.is_gone(person, standing)
            self._record(person, sent)
            while len(self._standing) > MOST_STANDING:
                oldest, handle = self._standing.popitem(last=False)
                self._gates.pop(oldest, None)
                self.is_gone(oldest, handle)
            if standing is not None:
                await self._sender.remove(person, (standing,))

    def _record(self, person: str, handle: str) -> None:
        """Enter the card in the file if it has to be removed once the store works again. Otherwise delete its entry."""
        gate = self._gates.get(person)
        if gate is None or self._kept is None:
            return
        if gate.standing is AccountState.UNREACHABLE:
            self._kept.keep(person, handle)
        else:
            self._kept.forget(person, handle)

    async def _remove_and_forget(self, person: str, handle: str) -> None:
        await self._sender.remove(person, (handle,))
        self.is_gone(person, handle)


def asks_whom_to_call(event: Event) -> bool:
    """Return True if the event is a command or a button that asks whom to call."""
    return _command_of(event) in CALLING


def is_for_anybody(event: Event) -> bool:
    """Return True if people without an account may do this: ask whom to call, or use a card of this module."""
    return asks_whom_to_call(event) or _is_pressed_here(event)


def _is_pressed_here(event: Event) -> bool:
    return isinstance(event, Pressed) and event.card == TOKEN


def _command_of(event: Event) -> str | None:
    """Return the command that was typed or that the pressed button stands for, or None."""
    match event:
        case Commanded(_, name):
            return name
        case Pressed(_, _, code):
            return HELPING.get(code)
        case Began() | Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
            return None
    assert_never(event)
