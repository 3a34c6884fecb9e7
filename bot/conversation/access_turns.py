"""What comes of an event of somebody who was admitted, and of time that passes: pure functions of what is kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.access.account import Account, AnyAccount, Removed, Unreadable, state_of, written
from bot.access.due import OPEN, asked, is_about_a_call, lapse, next_due
from bot.access.lock_screen import Answer, LockScreen, Visit
from bot.conversation.mode import Mode
from bot.conversation.records import ABANDONED, altered_record, caseless, reference_of
from bot.storage.values import Decide, Decision, Entry, Made, Record, and_then
from bot.trail.audit import BOT, AuditEvent
from dialogs.core.events import Commanded, Event
from dialogs.core.replies import Ring, Toast, Wipe
from dialogs.core.script import Script
from dialogs.core.session import altering
from dialogs.locked.gate import AccountState
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

    door: LockScreen
    mode: Mode

    def receive(
        self, record: Record, account: Account, *, visit: Visit, event: Event, talk: Decide, script: Script
    ) -> Made:
        """The record after an event; `talk` is the conversation that an open chat goes on with."""
        standing = state_of(account, visit.at, terms=self.door.terms)
        here = account.come()
        if standing is AccountState.LOCKED and not account.door.is_locked:  # idle, and nothing has said so yet
            here = replace(here, door=here.door.shut())
        command = command_of(event)
        is_here = standing in OPEN or command in (*ASKED_CLOSED, *SHUTTING)
        if is_here and command and not may(account.admission.role, command):
            answer = Answer(here, (Toast("role"),), is_same_card=True)
        elif isinstance(event, Commanded) and event.name in SHUTTING:
            answer = _shut(here, record, name=event.name)
        elif standing is AccountState.OPEN:
            return self._open(record, here, visit=visit, event=event, talk=talk)
        else:
            answer = self.door.answer(here, visit, event=event, script=script)
        if standing is AccountState.NO_CASES:
            # What a role without cases asks is answered by the door, which notes no act: without this an open chat
            # would lock while it is used.
            answer = replace(answer, account=answer.account.used(visit.at))
        if here.door.is_locked and not account.door.is_locked:
            answer = self._noting_the_lock(answer, visit)
        after = replace(record if answer.is_same_card else with_next_card(record), active=visit.at)
        entries = tuple(Entry(visit.at, account.audit_id, each) for each in answer.what)
        return Decision(self.kept_beside(after, answer.account, at=visit.at), answer.effects, entries)

    def _noting_the_lock(self, answer: Answer, visit: Visit) -> Answer:
        """The answer at a chat that has locked by itself. Digits tapped on a keypad that showed before this was noted count."""
        is_tapped = self.door.keypads.digits(visit.person, visit.card) != ""
        return replace(answer, what=(AuditEvent.LOCKED, *answer.what), is_same_card=answer.is_same_card and is_tapped)

    def pass_time(self, record: Record, account: AnyAccount | None, *, at: datetime, is_old: bool) -> Decision | None:
        """The record once what is due has been done; an old card that nobody uses is taken out of the chat."""
        if not isinstance(account, Account):
            return _unknown(record, account, at=at)
        came = lapse(account, record, now=at, terms=self.door.terms)
        is_in_use = record.active is not None and at - record.active < ABANDONED
        if is_old and not is_in_use and not came.is_news:
            came = replace(came, account=replace(came.account, door=came.account.door.emptied()))
        reference = reference_of(record) if came.is_over else ""
        after = caseless(record) if came.is_over else record
        entries = tuple(
            Entry(at, BOT, each, reference) if each is AuditEvent.ERASED_BY_TIME else Entry(at, account.audit_id, each)
            for each in came.what
        )
        after = with_next_card(after) if came.account != account else after
        return Decision(self.kept(after, came.account, at=at), (Ring(),) if came.is_news else (), entries)

    def kept_beside(self, record: Record, account: Account, *, at: datetime) -> Record:
        """The same after a turn that the mode did not take: what others changed of its card is still to be shown."""
        kept = self.kept(record, account, at=at)
        if record.due is None or not self.mode.follows(record):
            return kept
        return replace(kept, due=min(record.due, kept.due or record.due))

    def kept(self, record: Record, account: Account, *, at: datetime) -> Record:
        """The record with a standing, and with the time at which the next thing is due."""
        due = next_due(account, record, now=at, terms=self.door.terms)
        return altered_record(record, {"access": written(account), "due": due})

    def _open(self, record: Record, account: Account, *, visit: Visit, event: Event, talk: Decide) -> Made:
        """Go on with the conversation."""
        made = and_then(talk(record), partial(self._went_on, record=record, account=account, visit=visit, event=event))
        assert made is not None, "a conversation answers everybody"
        return made

    def _went_on(self, decision: Decision, *, record: Record, account: Account, visit: Visit, event: Event) -> Decision:
        """The conversation went on. What is held is not erased, whichever way that was asked for."""
        # By the words that ask for it, and by what came of the turn: no way to erase that is added
        # later gets past the hold.
        if account.held and (self._asks_to_erase(event, record) or decision.record.case is None):
            same = self.kept(replace(record, active=visit.at), account.used(visit.at), at=visit.at)
            return Decision(same, (Toast("held"),))
        after = decision.record
        what = _what(record, after, account=account)
        finished = None if after.case is None else visit.at if AuditEvent.FINISHED in what else account.term.finished
        term = replace(account.term, finished=finished, is_warned=account.term.is_warned and finished is not None)
        account = replace(account.used(visit.at), term=term)
        is_of_case = decision.document is not None and not decision.document.is_of_rehearsal
        what = (*what, AuditEvent.DOCUMENT) if is_of_case else what
        if is_about_a_call(account.call, decision.effects):
            call = asked(account.call, decision.effects, reference=reference_of(after))
            account = replace(account, call=call)
        reference = reference_of(after if after.case is not None else record) if what else ""
        entries = tuple(Entry(visit.at, account.audit_id, each, reference) for each in what)
        if refuses_code(decision.effects):
            entries += (Entry(visit.at, account.audit_id, AuditEvent.CODE_REFUSED),)
        return _altered(decision, {"record": self.kept(after, account, at=visit.at), "entries": entries})

    def _asks_to_erase(self, event: Event, record: Record) -> bool:
        """Whether the event asks to erase what is real: in a mode the same words end the mode."""
        is_asked = isinstance(event, Commanded) and event.name in ERASING
        return is_asked and not self.mode.is_under_way(record)


def _unknown(record: Record, account: Removed | Unreadable | None, *, at: datetime) -> Decision | None:
    """What is due for somebody who may not use the bot: nothing that is kept of a case outlives its term, unless it is held."""
    if record.due is None or at < record.due:
        return None
    after = replace(record, due=None)
    is_kept = isinstance(account, Unreadable) or (account is not None and account.held)
    if record.case is None or is_kept:
        return Decision(after, ())
    return Decision(caseless(after), (), (Entry(at, BOT, AuditEvent.ERASED_BY_TIME, reference_of(record)),))


def _shut(account: Account, record: Record, *, name: str) -> Answer:
    """Lock the chat at once; `/panic` also clears everything out of it."""
    if name == "panic":
        shut = account.locked(record.phase)
        return Answer(replace(shut, door=shut.door.emptied()), (Wipe(),), (AuditEvent.PANIC,))
    if account.door.is_locked:
        return Answer(replace(account, door=account.door.under(None)), (Toast("locked"),))
    return Answer(account.locked(record.phase).shown(), (Toast("locked"),), (AuditEvent.LOCKED,))


def _what(before: Record, after: Record, *, account: Account) -> tuple[AuditEvent, ...]:
    """What the audit is told of a turn of an assessment: that it began, that it was finished first, that it was erased."""
    if before.case is None:
        return () if after.case is None else (AuditEvent.BEGUN,)
    if after.case is None:
        return (AuditEvent.ERASED,)
    return (AuditEvent.FINISHED,) if after.phase == Phase.RESULT and account.term.finished is None else ()


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """The record of somebody who has a standing, or is given one now, and what the audit is told.

    A case that was kept without a standing is never theirs: whose it was is not known, so it is erased.
    """
    if record.access or record.case is None:
        return record, ()
    return caseless(record), (Entry(at, BOT, AuditEvent.ERASED, reference_of(record)),)


def with_next_card(record: Record) -> Record:
    """The record with the next card, so that no button of the one before counts."""
    return replace(record, card=record.card + 1)
