"""The terminal channel: cards with numbered buttons, one typed line an act. It keeps nothing on disk."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.conversation.conversation import Conversation
from bot.conversation.documents import document
from bot.runtime.clock import local_time
from bot.storage.memory.store import MemoryStore
from bot.storage.store import Store
from bot.storage.values import Decide, Done, Inbound, Record
from dialogs.core.events import Began, Commanded, Event, Pressed, Typed
from dialogs.core.replies import Button, Card, Toast
from dialogs.core.script import ChannelFacts
from dialogs.turn.typed import TypedCommand, Unclear, resolve

FACTS = ChannelFacts(name="terminal", keeps=False, can_empty=False)
"""What a terminal is: nothing outlives the window, and what was printed stays printed."""

PERSON = "terminal:0"
"""The one person at a terminal."""

MOST, MOST_NOTED = 200, 4_000
"""Characters of a line that are read: no button and no command is as long, but a note may be."""


class Terminal:
    """One person's conversation on a console."""

    def __init__(self, conversation: Conversation, console: Console, *, echoes: bool) -> None:
        self._conversation = conversation
        self._console = console
        self._echoes = echoes
        self._store: Store = MemoryStore()
        self._acts = 0

    async def talk(self, lines: Iterable[str], profile: str = "{}") -> None:
        """Hold the conversation until the lines end. Each line is one act; each card is printed with its buttons."""
        record = await self._take(Began(self._conversation.occasion()), profile)
        card = self._print(record)
        for given in lines:
            line = given.strip()[: MOST_NOTED if card.takes_words else MOST]
            if self._echoes:
                shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
                self._console.print(Text(f"> {shown}", style="dim"))
            event = self._event(line, card)
            record = await self._take(event, words=line) if isinstance(event, Event) else record
            if isinstance(event, str):
                self._say(event)
            card = self._print(record)

    def _event(self, line: str, card: Card) -> Event | str:
        """The event that a line is, or what to say where it is none."""
        say, occasion = self._conversation.script.wording.say, self._conversation.occasion()
        match resolve(line, card):
            case Button() as button:
                return Pressed(occasion, card.token, button.code)
            case TypedCommand("start"):
                return Began(occasion)
            case TypedCommand(name, words):
                return Commanded(occasion, name, words)
            case Unclear() if card.takes_words:
                return Typed(occasion)
            case Unclear(candidates):
                return (
                    say("toast.several-buttons", labels=", ".join(candidates)) if candidates else say("toast.unclear")
                )

    async def _take(self, event: Event, profile: str = "", words: str = "") -> Record:
        self._acts += 1
        decide = self._conversation.decide(event, words)
        if profile:
            decide = _knowing(profile, decide)
        inbound = Inbound(key=str(self._acts), at=event.occasion.now.at, person=PERSON, decide=decide, own_message=None)
        (done,) = await self._store.turns((inbound,))
        assert isinstance(done, Done), done
        for effect in done.effects:
            if isinstance(effect, Toast):
                self._say(self._conversation.script.wording.say(f"toast.{effect.key}", **dict(effect.values)))
        await self._hand_over(done.record)
        return done.record

    async def _hand_over(self, record: Record) -> None:
        """Print what was asked for: a terminal takes no file."""
        for parcel in await self._store.documents.owed():
            file = document(self._conversation, record, parcel, local_time(self._conversation.clock.now()))
            assert file is not None, "what is asked for at a result is there"
            self._console.print(Text(file.content.decode()), soft_wrap=True)
            await self._store.documents.forget(parcel)

    def _say(self, text: str) -> None:
        self._console.print(Text(f"({text})", style="italic"), soft_wrap=True)

    def _print(self, record: Record) -> Card:
        card = self._conversation.card(record)
        assert card is not None, "a terminal cannot be emptied"
        print_card(card, self._console)
        return card


def _knowing(profile: str, decide: Decide) -> Decide:
    """The decision, of a person of whom this is remembered."""
    return lambda record: decide(replace(record, profile=profile))


def print_card(card: Card, console: Console) -> None:
    """Print a card: its paragraphs, then its buttons with the numbers to type."""
    console.print(Rule(style="dim"))
    for at, paragraph in enumerate(card.paragraphs):
        if at and not paragraph.is_close:
            console.print()
        console.print(
            Text(paragraph.text, style="bold" if paragraph.is_strong else ""), soft_wrap=not console.is_terminal
        )
    console.print()
    number = 0
    for row in card.rows:
        labels = []
        for button in row:
            number += 1
            labels.append(f"{number} [{button.label}]")
        console.print(Text("   ".join(labels), style="cyan"), soft_wrap=True)
    console.print()


Prompt = Callable[[], str]


def prompted(prompt: Prompt) -> Iterable[str]:
    """Lines that a person types at a prompt, until the end of input."""
    while True:
        try:
            yield prompt()
        except EOFError:
            return
