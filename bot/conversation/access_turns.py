"""What comes of an event of somebody who was admitted, and of time that passes: pure functions of what is kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.access.call_reminders import asked, is_about_a_call, seen
from bot.access.lapses import OPEN, lapse, locked, next_due
from bot.access.locked_chat import Answer, LockedChat, Visit
from bot.access.standing import Access, Removed, Standings, Unreadable, changed, standing_of, written
from bot.conversation.mode import Mode
from bot.conversation.records import ABANDONED, altered_record, caseless, reference_of
from bot.storage.values import Decide, Decision, Entry, Made, Record, and_then
from bot.trail.audit import BOT, What
from dialogs.core.events import Commanded, Event
from dialogs.core.replies import Ring, Toast, Wipe
from dialogs.core.script import Script
from dialogs.core.session import altering
from dialogs.locked import Standing
from dialogs.review.reviewing import refuses_code
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import command_of, may
from state_machines.assessment import Phase

SHUTTING = ("lock", "panic")
ERASING = ("erase", "cancel")

_altered = altering(Decision)


@dataclass(frozen=True, slots=True)
class AccessTurns:
    """Answers events by the standing of the person they come from."""

    door: LockedChat
    mode: Mode

    def receive(
        self, record: Record, access: Access, *, visit: Visit, event: Event, talk: Decide, script: Script
    ) -> Made:
        """The record after an event; `talk` is the conversation that an open chat goes on with."""
        standing = standing_of(access, visit.at, terms=self.door.terms)
        here = come(access)
        if standing is Standing.LOCKED and not access.is_locked:  # idle, and nothing has said so yet
            here = replace(here, is_locked=True, over=None)
        command = command_of(event)
        is_here = standing in OPEN or command in (*ASKED_CLOSED, *SHUTTING)
        if is_here and command and not may(access.role, command):
            answer = Answer(here, (Toast("role"),), is_same_card=True)
        elif isinstance(event, Commanded) and event.name in SHUTTING:
            answer = _shut(here, record, name=event.name)
        elif standing is Standing.OPEN:
            return self._open(record, here, visit=visit, event=event, talk=talk)
        else:
            answer = self.door.answer(here, visit, event=event, script=script)
        if standing is Standing.NO_CASES:
            # What a role without cases asks is answered by the door, which notes no act: without this an open chat
            # would lock while it is used.
            answer = replace(answer, access=replace(answer.access, seen=visit.at))
        if here.is_locked and not access.is_locked:
            answer = self._noting_the_lock(answer, visit)
        after = replace(record if answer.is_same_card else with_next_card(record), active=visit.at)
        entries = tuple(Entry(visit.at, access.who, each) for each in answer.what)
        return Decision(self.kept_beside(after, answer.access, at=visit.at), answer.effects, entries)

    def _noting_the_lock(self, answer: Answer, visit: Visit) -> Answer:
        """The answer at a chat that has locked by itself. Digits tapped on a keypad that showed before this was noted count."""
        is_tapped = self.door.keypads.digits(visit.person, visit.card) != ""
        return replace(answer, what=(What.LOCKED, *answer.what), is_same_card=answer.is_same_card and is_tapped)

    def pass_time(self, record: Record, access: Standings | None, *, at: datetime, is_old: bool) -> Decision | None:
        """The record once what is due has been done; an old card that nobody uses is taken out of the chat."""
        if not isinstance(access, Access):
            return _unknown(record, access, at=at)
        came = lapse(access, record, now=at, terms=self.door.terms)
        is_in_use = record.active is not None and at - record.active < ABANDONED
        if is_old and not is_in_use and not came.is_news:
            came = replace(came, access=replace(came.access, is_hidden=True))
        reference = reference_of(record) if came.is_over else ""
        after = caseless(record) if came.is_over else record
        entries = tuple(
            Entry(at, BOT, each, reference) if each is What.ERASED_BY_TIME else Entry(at, access.who, each)
            for each in came.what
        )
        after = with_next_card(after) if came.access != access else after
        return Decision(self.kept(after, came.access, at=at), (Ring(),) if came.is_news else (), entries)

    def kept_beside(self, record: Record, access: Access, *, at: datetime) -> Record:
        """The same after a turn that the mode did not take: what others changed of its card is still to be shown."""
        kept = self.kept(record, access, at=at)
        if record.due is None or not self.mode.follows(record):
            return kept
        return replace(kept, due=min(record.due, kept.due or record.due))

    def kept(self, record: Record, access: Access, *, at: datetime) -> Record:
        """The record with a standing, and with the time at which the next thing is due."""
        due = next_due(access, record, now=at, terms=self.door.terms)
        return altered_record(record, {"access": written(access), "due": due})

    def _open(self, record: Record, access: Access, *, visit: Visit, event: Event, talk: Decide) -> Made:
        """Go on with the conversation."""
        made = and_then(talk(record), partial(self._went_on, record=record, access=access, visit=visit, event=event))
        assert made is not None, "a conversation answers everybody"
        return made

    def _went_on(self, decision: Decision, *, record: Record, access: Access, visit: Visit, event: Event) -> Decision:
        """The conversation went on. What is held is not erased, whichever way that was asked for."""
        # By the words that ask for it, and by what came of the turn: no way to erase that is added
        # later gets past the hold.
        if access.held and (self._asks_to_erase(event, record) or decision.record.case is None):
            same = self.kept(replace(record, active=visit.at), replace(access, seen=visit.at), at=visit.at)
            return Decision(same, (Toast("held"),))
        after = decision.record
        what = _what(record, after, access=access)
        finished = None if after.case is None else visit.at if What.FINISHED in what else access.finished
        access = changed(access, seen=visit.at, finished=finished, is_warned=access.is_warned and finished is not None)
        is_of_case = decision.document is not None and not decision.document.is_of_rehearsal
        what = (*what, What.DOCUMENT) if is_of_case else what
        if is_about_a_call(access, decision.effects):
            access = asked(access, decision.effects, reference=reference_of(after))
        reference = reference_of(after if after.case is not None else record) if what else ""
        entries = tuple(Entry(visit.at, access.who, each, reference) for each in what)
        if refuses_code(decision.effects):
            entries += (Entry(visit.at, access.who, What.CODE_REFUSED),)
        return _altered(decision, {"record": self.kept(after, access, at=visit.at), "entries": entries})

    def _asks_to_erase(self, event: Event, record: Record) -> bool:
        """Whether the event asks to erase what is real: in a mode the same words end the mode."""
        is_asked = isinstance(event, Commanded) and event.name in ERASING
        return is_asked and not self.mode.is_under_way(record)


def _unknown(record: Record, access: Removed | Unreadable | None, *, at: datetime) -> Decision | None:
    """What is due for somebody who may not use the bot: nothing that is kept of a case outlives its term, unless it is held."""
    if record.due is None or at < record.due:
        return None
    after = replace(record, due=None)
    is_kept = isinstance(access, Unreadable) or (access is not None and access.held)
    if record.case is None or is_kept:
        return Decision(after, ())
    return Decision(caseless(after), (), (Entry(at, BOT, What.ERASED_BY_TIME, reference_of(record)),))


def _shut(access: Access, record: Record, *, name: str) -> Answer:
    """Lock the chat at once; `/panic` also clears everything out of it."""
    if name == "panic":
        shut = replace(locked(access, record), is_hidden=True)
        return Answer(shut, (Wipe(),), (What.PANIC,))
    if access.is_locked:
        return Answer(replace(access, over=None), (Toast("locked"),))
    return Answer(replace(locked(access, record), is_hidden=False), (Toast("locked"),), (What.LOCKED,))


def come(access: Access) -> Access:
    """The standing of somebody who is there: what stood above their card was seen, and what they could not see is seen now."""
    if access.is_hidden:
        return replace(access, is_hidden=False)
    here = access if access.is_locked else changed(access, missed=0, missed_since=None, is_end_said=False)
    # What was put there a moment ago was on no card yet.
    news = access.news if access.is_news_due else ""
    return changed(seen(here), news=news, reviews="", left=None)


def _what(before: Record, after: Record, *, access: Access) -> tuple[What, ...]:
    """What the audit is told of a turn of an assessment: that it began, that it was finished first, that it was erased."""
    if before.case is None:
        return () if after.case is None else (What.BEGUN,)
    if after.case is None:
        return (What.ERASED,)
    return (What.FINISHED,) if after.phase == Phase.RESULT and access.finished is None else ()


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """The record of somebody who has a standing, or is given one now, and what the audit is told.

    A case that was kept without a standing is never theirs: whose it was is not known, so it is erased.
    """
    if record.access or record.case is None:
        return record, ()
    return caseless(record), (Entry(at, BOT, What.ERASED, reference_of(record)),)


def with_next_card(record: Record) -> Record:
    """The record with the next card, so that no button of the one before counts."""
    return replace(record, card=record.card + 1)
