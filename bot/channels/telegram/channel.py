"""One batch of updates after another: heard, committed, answered, and only then confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.channels.chat_lanes import ChatLanes
from bot.channels.show_request import ShowRequest
from bot.channels.telegram.reader import Heard, StrangerReply, UpdateReader, person_of
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.stranger_reply import Strangers
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.runtime.background_tasks import BackgroundTasks
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, Outcome, Redemption, Refused, Repeated
from dialogs.core.replies import Document, Effect, Toast, Wipe

log = structlog.get_logger()


class Channel:
    """Takes batches of raw updates and sees to it that each is answered."""

    def __init__(self, ear: UpdateReader, voice: TelegramSender, lanes: ChatLanes, store: Store) -> None:
        self._ear = ear
        self._voice = voice
        self._lanes = lanes
        self._store = store
        self._strangers = Strangers()
        self._errands = BackgroundTasks()
        self._tried: dict[int, bool] = {}

    @property
    def conversation(self) -> AdmittedConversation:
        """The conversation that is held here."""
        return self._ear.conversation

    async def take(self, raws: Sequence[dict[str, Any]]) -> None:
        """Take a batch: after this its effects are durable, and it may be confirmed. Raises `StoreFault` where they are not."""
        batch = [self._ear.hear(raw) for raw in raws]
        outcomes = await self._store.turns([self._inbound(heard) for heard in batch])
        self._tried.clear()
        for heard, outcome in zip(batch, outcomes, strict=True):
            self._respond(heard, outcome)

    def cannot_keep(self, raws: Sequence[dict[str, Any]]) -> None:
        """Say to whoever pressed something in the batch that it could not be saved just now; it will be tried again."""
        for raw in raws:
            heard = self._ear.hear(raw)
            if heard.tap and heard.event:
                self._errands.run(self._voice.answer(heard.tap.query, self._say(Toast("not-saved"))))

    async def settle(self, seconds: float) -> None:
        """Wait for answers that are under way, at most so long."""
        await self._errands.settle(seconds)

    def _inbound(self, heard: Heard) -> Inbound:
        event, at = heard.event, self.conversation.clock.now()
        if event is None or heard.chat is None:
            return Inbound(key=str(heard.update), at=at, person=None, decide=None, own_message=None)
        key, litter = str(heard.update), str(heard.message) if heard.message is not None else None
        redemption, decide = None, self.conversation.decide(event, key, heard.words)
        if heard.code and self._may_try(heard.update, heard.chat, at):
            redemption = Redemption(heard.code, self.conversation.redeem(event, key))
        return Inbound(key, event.occasion.now.at, person_of(heard.chat), decide, litter, redemption)

    def _may_try(self, update: int, chat: int, at: datetime) -> bool:
        """Whether the code of an update is looked at; it counts as one try, however often the batch is taken."""
        if update not in self._tried:
            self._tried[update] = self._strangers.may_try(chat, at)
        return self._tried[update]

    def _respond(self, heard: Heard, outcome: Outcome) -> None:
        if not heard.is_readable:
            log.warning("unreadable update", update=heard.update)
        if heard.code and heard.chat is not None and isinstance(outcome, Done):
            self._strangers.forgive(heard.chat)
        match outcome:
            case Done(effects=effects):
                self._show(heard, outcome, effects)
            case Repeated(record=record, shown=shown) if record is not None and shown is not None:
                self._answer(heard, "")
                self._lanes.wish(ShowRequest(record.person, record, shown, litter=_litter(heard)))
            case Refused():
                self._apologise(heard, outcome)
            case _:
                self._be_courteous(heard)

    def _show(self, heard: Heard, done: Done, effects: tuple[object, ...]) -> None:
        toast = " ".join(self._say(effect) for effect in effects if isinstance(effect, Toast))
        self._answer(heard, toast)
        if any(isinstance(effect, Wipe) for effect in effects):
            self._errands.run(self._clear_away(done.record.person))
        self._lanes.wish(
            ShowRequest(
                done.record.person,
                done.record,
                done.shown,
                is_new=heard.is_new,
                notice=toast if heard.tap is None else "",
                strays=(str(heard.tap.message),) if heard.tap and heard.tap.message is not None else (),
                litter=_litter(heard),
                is_owed=any(isinstance(effect, Document) for effect in effects),
            )
        )

    def _apologise(self, heard: Heard, refused: Refused) -> None:
        """Say that it was the bot's own failure, with the error id that the log has, and show what counts."""
        log.error("refused", error=refused.error, where=refused.where)
        sorry = self._say(Toast("failed", (("error", refused.error.rpartition(" ")[2]),)))
        self._answer(heard, sorry)
        if heard.chat is not None:
            if heard.tap is None:
                self._errands.run(self._lanes.tell(person_of(heard.chat), sorry))
            self._lanes.wish(ShowRequest(person_of(heard.chat), is_new=heard.is_new, litter=_litter(heard)))

    def _answer(self, heard: Heard, toast: str) -> None:
        if heard.tap:
            self._errands.run(self._voice.answer(heard.tap.query, toast))

    def _be_courteous(self, heard: Heard) -> None:
        match heard.courtesy:
            case StrangerReply.LEAVE if heard.chat is not None:
                self._errands.run(self._voice.leave(heard.chat))
            case StrangerReply.SHOW_AGAIN if heard.chat is not None:
                self._lanes.wish(ShowRequest(person_of(heard.chat), is_unsure=True))
            case StrangerReply.ONE_LINE if heard.chat is not None and heard.tap is None:
                if self._strangers.may_be_told(heard.chat, self.conversation.clock.now()):
                    self._errands.run(self._turn_away(heard.chat))
            case _:
                self._answer(heard, self._say(Toast("stranger")) if heard.courtesy is StrangerReply.ONE_LINE else "")

    async def _clear_away(self, person: str) -> None:
        """Remove at once whatever is known to be left in a chat."""
        left = tuple(
            each.handle for each in await self._store.messages_to_remove.oldest_first() if each.person == person
        )
        self._lanes.wish(ShowRequest(person, litter=left))

    async def _turn_away(self, chat: int) -> None:
        """Say the one line that every stranger gets."""
        await self._voice.tell(person_of(chat), self._say(Toast("stranger")))

    def _say(self, effect: Effect) -> str:
        assert isinstance(effect, Toast)
        return self.conversation.script.wording.say(f"toast.{effect.key}", **dict(effect.values))


def _litter(heard: Heard) -> tuple[str, ...]:
    return (str(heard.message),) if heard.message is not None else ()
