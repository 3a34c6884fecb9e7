"""The terminal channel: it prints cards with numbered buttons, and takes each typed line as an act."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.channels.delivery import ChatLanes
from bot.channels.inbox import ChatInbox
from bot.channels.protocol import Acted, MaySend, OnSent, Sending, SendResult, StillCurrent
from bot.channels.turn_queue import event_key
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.conversation import OpenConversation
from bot.runtime.person_id import PersonId
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, Record
from bot.summaries.file import File
from dialogs.core.events import Began, Commanded, Event, Pressed, Typed
from dialogs.core.page import Button
from dialogs.core.replies import Card
from dialogs.core.script import ChannelFacts
from dialogs.turn.typed import TypedCommand, Unclear, resolve

FACTS = ChannelFacts(name="terminal", keeps=False, can_empty=False)
"""What a terminal can do. No session outlives its window, and printed text cannot be removed."""

PERSON = str(PersonId(FACTS.name, "0"))  # the person at the terminal; there is only one
MOST, MOST_NOTED = 400, 4_000  # the maximum number of characters of a line, and, if notes are taken, of a line
LONGEST = 60.0  # the maximum wait for an outcome in seconds; a summary may take a few seconds


class TerminalSender:
    """A sender that prints toasts and documents at once, and keeps the latest card for the terminal to print after them."""

    channel = FACTS.name
    replace_after = removable_for = None
    sends_files = True

    def __init__(self, console: Console) -> None:
        self._console = console
        self.card = Card(0, (), ())  # the card to be printed next

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        self.card = card
        return "card"

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        self.card = card
        return SendResult.DONE

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        self._console.print(Text(file.content.decode()), soft_wrap=True)
        return SendResult.DONE

    async def tell(self, person: str, text: str) -> str | None:
        await self.answer("", text)
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        if text:
            self._console.print(Text(f"({text})", style="italic"))

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        return tuple(handles)


class Terminal:
    """The conversation of a person at a console, each of whose lines is an act. With `echoes`, every line is printed."""

    def __init__(self, conversation: OpenConversation, console: Console, *, echoes: bool) -> None:
        self._conversation, self._console, self._echoes = conversation, console, echoes
        self._store: Store = in_memory()
        self._sender = TerminalSender(console)
        self._lanes = ChatLanes(conversation, self._sender, self._store, str.encode)
        unsaved = UnsavedAnswers(conversation, self._sender)
        self._inbox = ChatInbox(conversation, self._sender, self._lanes, store=self._store, unsaved=unsaved)
        self._acts = 0

    async def talk(self, lines: Iterable[str], profile: str = "{}") -> None:
        """Answer the lines one by one until there are no more. `profile` is stored as the person's profile before."""

        def known(record: Record, _: object) -> Decision:
            return Decision(replace(record, profile=profile), ())

        now = self._conversation.clock.now()
        await self._store.turns((Inbound(event_key(PERSON, "profile"), now, PERSON, known, None),))
        await self._hand_in(Began(self._conversation.occasion()))
        for typed in lines:
            card = self._sender.card
            line = typed.strip()[: MOST_NOTED if card.takes_words else MOST]
            if self._echoes:
                shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
                self._console.print(Text(f"> {shown}", style="dim"))
            event = self._read(line, card)
            if isinstance(event, str):
                await self._sender.answer(line, event)
                print_card(card, self._console)
            else:
                await self._hand_in(event, words=line)

    def _read(self, line: str, card: Card) -> Event | str:
        """Return the event that a line means. If it means none, return a text that says so."""
        say, occasion = self._conversation.script.wording.say, self._conversation.occasion()
        match resolve(line, card):
            case Button() as button:
                if line.isdecimal():  # shows that a typed age or score was taken for the number of a button
                    self._console.print(Text(f"{line} [{button.label}]", style="dim"))
                return Pressed(occasion, card.token, button.code)
            case TypedCommand("start"):
                return Began(occasion)
            case TypedCommand(name, words):
                return Commanded(occasion, name, words)
            case Unclear(candidates) if candidates and not card.takes_words:
                return say("toast.several-buttons", labels=", ".join(candidates))
            case Unclear():
                return Typed(occasion)

    async def _hand_in(self, event: Event, words: str = "") -> None:
        """Store an act, and print its outcome: first the toast, then documents, then the card."""
        self._acts += 1
        key = event_key(PERSON, str(self._acts))
        await self._inbox.take((Acted(key, PERSON, event, words=words, reply_to=key, is_new=True),))
        await self._inbox.settle(LONGEST)
        await self._lanes.settle(LONGEST)
        print_card(self._sender.card, self._console)


def print_card(card: Card, console: Console) -> None:
    """Print the card's paragraphs, and below them its buttons, each with the number to type."""
    console.print(Rule(style="dim"))
    for index, paragraph in enumerate(card.paragraphs):
        if index and not paragraph.is_close:
            console.print()
        console.print(Text(paragraph.text, style="bold" if paragraph.is_strong else ""))
    console.print()
    numbers = count(1)
    for row in card.rows:
        labels = [f"{next(numbers)} [{button.label}]" for button in row]
        console.print(Text("   ".join(labels), style="cyan"))
    console.print()


def prompted(prompt: Callable[[], str]) -> Iterable[str]:
    """Yield the lines that a person types at a prompt until the input ends."""
    while True:
        try:
            yield prompt()
        except EOFError:
            return
