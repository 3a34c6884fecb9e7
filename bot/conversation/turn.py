"""The decision about one event of one person, in stages: time, account, administration, lock screen, rehearsal, case.

`Turn.__call__` calls the stages, and the methods below it are in the same order. A turn is a pure function of the
record, of look-ups within the transaction, and of random values that were drawn before, so it can be repeated.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.access.account import Account, AnyAccount, Removed, Unreadable, read_account, state_of
from bot.access.admission import Invitation, admitted, read_invitation
from bot.access.due import OPEN, asked, call_wishes, come, lapse, with_account
from bot.access.lock_screen import Answer, LockScreen, Visit
from bot.conversation.people.deeds import PeopleTurn
from bot.conversation.records import (
    ABANDONED,
    session_of,
    with_head,
    with_next_card,
    with_session,
    without_case,
    without_stray_case,
)
from bot.conversation.several import answer_of_list, with_lead
from bot.conversation.shared_cards import (
    SharingPlace,
    concerns,
    lies_over,
    says_of_another,
    sharing_card,
    told_that_it_is_over,
)
from bot.conversation.sharing import SharingTurn
from bot.conversation.talk import Talk, with_document
from bot.crypto.at_random import reference_in_place_of
from bot.runtime.clock import morning_of
from bot.storage.cases import MOST
from bot.storage.values import (
    Decided,
    Decision,
    Lookup,
    MonthlyCount,
    NeedsHash,
    OwedDocument,
    Record,
    Reminder,
    Spent,
    Write,
)
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry
from dialogs.asking import as_question, is_nothing
from dialogs.core.events import Commanded, Event, Lapsed, Pressed, Typed
from dialogs.core.replies import Reminded, Ring, Toast, Wipe
from dialogs.core.role import Role
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.locked import AccountState
from dialogs.notes.noting import as_note
from dialogs.phrases.earlier import reviewed
from dialogs.result.actions import lead_of
from dialogs.review.reviewing import refuses_code
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import command_of, may
from dialogs.turn.step import step
from seraf.advice.action_log import OUTCOMES
from seraf.advice.contacts import LocalTime
from state_machines.assessment import ASKING, Phase

DRAWN = 100  # how many references are drawn at most for a new case
SHUTTING = ("lock", "panic")
ERASING = ("erase", "cancel")

LEAD, GOING_ON, OUTCOME, ASKED = "lead", "going_on", "outcome", "asked"
"""The kinds of monthly counts: the main reason in a first result, the answer to `going_on` in that result, the outcomes of calls,
and questions for which nothing was found.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An event in a conversation with a lock screen. The object is called with the record, and returns the decision.

    `admins` are the first administrators from the settings, each admitted by their first event. `words` is the typed
    text or PIN, and `code` an invitation code sent with the event. `random_bytes` and `audit_id` were drawn for this event.
    """

    talk: Talk
    door: LockScreen
    admins: frozenset[str]
    event: Event
    at: datetime  # the time of the event, in UTC
    words: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    random_bytes: bytes = field(repr=False)
    audit_id: str = field(repr=False)

    def __call__(self, record: Record, lookup: Lookup) -> Decided:
        """Return the decision on the event; None if the person may not use the bot."""
        account, at, writes = read_account(record.access), self.at, tuple[Write, ...]()
        # Time.
        if isinstance(self.event, Lapsed):
            return self._pass_time(record, account, self.event, lookup)
        # Who. A first administrator who was removed has an account, and is not brought back by the setting (ADR 0019).
        if account is None:
            record, writes = without_stray_case(record, at=at)
            if record.person not in self.admins:
                text = lookup.opened_by(self.code) if self.code else None
                if text is None:  # nobody without an account or a code is answered
                    return None
                account = admitted(read_invitation(text), at, terms=self.door.terms)
                record = self._kept(replace(with_next_card(record), active=at), account)
                let_in = Entry(at, account.audit_id, AuditEvent.ADMITTED)
                return Decision(record, (), (*writes, let_in, Spent(self.code)))
            name = self.talk.script.wording.say("people.first-administrator")
            account = admitted(Invitation(self.audit_id, Role.ADMIN, name), at, terms=self.door.terms)
            writes = (*writes, Entry(at, self.audit_id, AuditEvent.ADMITTED))
        if not isinstance(account, Account):
            return None
        record = come(record, account)
        # People: an administrator's or a manager's event about access.
        state = state_of(account, at, terms=self.door.terms)
        entered = self.words if isinstance(self.event, Pressed) else ""
        visit = Visit(record.person, record.card, at, self.random_bytes, lookup.derived, entered)
        if state is AccountState.OPEN and account.admission.role in self.talk.sees_people:
            people = PeopleTurn(self.talk, self.door.terms, record, account.come().used(at), visit, self.audit_id)
            answered = people.answer(self.event)
            if answered is not None:
                return answered
        # A case that several see.
        if state is AccountState.OPEN and concerns(self.event, account):
            here, typed = account.come().used(at), self.words if isinstance(self.event, Typed) else None
            sharing = SharingTurn(self.talk, self.door.terms, record, here, at, self.random_bytes, lookup, typed)
            about_case = sharing.answer(self.event)
            if about_case is not None:
                return about_case
            is_command = isinstance(self.event, Commanded) and self.event.name in ASKED_CLOSED
            if not is_command and lies_over(record, account):
                record, account = self._uncovered(record, account)
        # Any other event closes the card of people (ADR 0057): none of its buttons may count for the card that follows.
        if account.people_card:
            record = with_next_card(record) if state is AccountState.OPEN else record
            account = replace(account, people_card="")
        # Door: the lock screen.
        here = account.come()
        if state is AccountState.LOCKED and not here.door.is_locked:  # idle, but not recorded as locked
            here = replace(here, door=here.door.shut())
        answer = self._at_door(record, here, visit, state=state)
        if isinstance(answer, NeedsHash):
            return answer
        if answer is not None:
            has_locked = here.door.is_locked and not account.door.is_locked
            decision = self._shut(record, answer, visit, has_locked=has_locked)
        else:
            # Rehearsal, case.
            decision = self._open(record, here, lookup)
        return replace(decision, writes=(*writes, *decision.writes)) if writes else decision

    def _uncovered(self, record: Record, account: Account) -> tuple[Record, Account]:
        """Return both without the card about a shared case. If that showed nothing any more, the own card's buttons count."""
        shown = sharing_card(self.talk, record, account=account, now=self.event.occasion.now)
        return record if shown is None else with_next_card(record), replace(account, sharing="")

    # Time.

    def _pass_time(self, record: Record, account: AnyAccount | None, event: Lapsed, lookup: Lookup) -> Decision | None:
        """Return the decision that carries out everything due. If an inactive person's card is old, it is hidden."""
        at = self.at
        if not isinstance(account, Account):
            passed = _lapse_unknown(record, account, at)
            return passed and self.talk.mode.followed(passed, event, script=self.talk.script, shared=lookup.shared)
        came = lapse(account, record, now=at, terms=self.door.terms)
        is_in_use = record.active is not None and at - record.active < ABANDONED
        if event.is_old and not is_in_use and not came.is_news:
            came = replace(came, account=replace(came.account, door=came.account.door.emptied()))
        if came.unopened:
            notices = replace(came.account.notices, news="look-unopened", about=", ".join(came.unopened))
            is_asking = session_of(record).phase in ASKING or says_of_another(account, came.unopened[0])
            laid = came.account.sharing if is_asking else SharingPlace("unopened", came.unopened[0]).text()
            came = replace(came, account=replace(came.account, sharing=laid, notices=notices))
        after = replace(record, heads=came.heads + came.over)
        for head in came.over:
            after = without_case(after, head.reference)
        is_other = (came.account, came.heads) != (account, record.heads)
        after = with_next_card(after) if is_other else after
        entries = [Entry(at, account.audit_id, each) for each in came.what]
        entries += [Entry(at, BOT, AuditEvent.ERASED_BY_TIME, head.reference) for head in came.over]
        kept = with_account(after, came.account, at=at, terms=self.door.terms)
        gone = self._gone(record, [head.reference for head in came.over], lookup) if came.over else ()
        passed = Decision(kept, (Ring(),) if came.is_news else (), (*entries, *gone))
        return self.talk.mode.followed(passed, event, script=self.talk.script, shared=lookup.shared)

    # Door.

    def _at_door(
        self, record: Record, here: Account, visit: Visit, *, state: AccountState
    ) -> Answer | NeedsHash | None:
        """Answer an event in a locked chat, or a command that the role may not use. Return None for an event of the conversation itself."""
        command, role = command_of(self.event), here.admission.role
        is_here = state in OPEN or command in (*ASKED_CLOSED, *SHUTTING)
        answer: Answer | NeedsHash
        if is_here and command and not may(role, command):
            answer = Answer(here, (Toast("role"),), is_same_card=True)
        elif isinstance(self.event, Commanded) and self.event.name in SHUTTING:
            shut = here.locked(record.phase)
            if self.event.name == "panic":  # also removes all messages of the chat
                answer = Answer(replace(shut, door=shut.door.emptied()), (Wipe(),), (AuditEvent.PANIC,))
            elif here.door.is_locked:
                answer = Answer(replace(here, door=here.door.under(None)), (Toast("locked"),))
            else:
                answer = Answer(shut.shown(), (Toast("locked"),), (AuditEvent.LOCKED,))
        elif state is AccountState.OPEN:
            return None
        else:
            # In a locked chat nothing typed is read, not even for a name: its digits may be the PIN.
            asked = self.event
            if state is AccountState.NO_CASES:
                asked = as_question(asked, self.words, script=self.talk.script, is_several=False)
            answer = self.door.answer(here, visit, event=asked, script=self.talk.script)
        # The lock screen answers a role without cases, and records no act. Without this, an open chat would lock while
        # it is in use.
        if state is not AccountState.NO_CASES or isinstance(answer, NeedsHash):
            return answer
        return replace(answer, account=answer.account.used(self.at))

    def _shut(self, record: Record, answer: Answer, visit: Visit, *, has_locked: bool) -> Decision:
        """Return the decision about an event at the lock screen. If the chat `has_locked` because it was idle, that is recorded."""
        what, is_same_card = answer.what, answer.is_same_card
        if has_locked:
            # The digits of a keypad that was shown before the lock was recorded still count.
            is_tapped = answer.account.pin.taps != ""
            what, is_same_card = (AuditEvent.LOCKED, *what), is_same_card and is_tapped
        after = replace(record if is_same_card else with_next_card(record), active=self.at)
        entries = tuple(Entry(self.at, answer.account.audit_id, each) for each in what)
        return Decision(self._kept(after, answer.account), answer.effects, entries)

    # Rehearsal, case.

    def _open(self, record: Record, account: Account, lookup: Lookup) -> Decision:
        """Return the decision of the conversation, and record what it means for the case in the account and in the audit."""
        decision = talked(self.talk, self.event, self.words, record=record, lookup=lookup)
        after, at, before = decision.record, self.at, record.head
        account, head = account.used(at), after.head
        # Checked twice, by the command that asks for it (in a mode, the same command ends the mode) and by the result of
        # the turn, so that no other way to erase can bypass the hold.
        asks_to_erase = isinstance(self.event, Commanded) and self.event.name in ERASING
        is_erased = before is not None and after.head_of(before.reference) is None
        asks_to_erase = asks_to_erase and not self.talk.mode.is_under_way(record)
        if before is not None and before.held and (asks_to_erase or is_erased):
            same = with_account(replace(record, active=at), account, at=at, terms=self.door.terms)
            return Decision(same, (Toast("held"),))
        what: tuple[AuditEvent, ...] = ()
        if is_erased:
            what = (AuditEvent.ERASED,)
        elif head is not None and record.head_of(head.reference) is None:
            what = (AuditEvent.BEGUN,)
        elif head is not None and after.phase == Phase.RESULT and head.finished is None:
            what = (AuditEvent.FINISHED,)
        if any(not each.is_of_rehearsal for each in decision.of(OwedDocument)):
            what = (*what, AuditEvent.DOCUMENT)
        if head is not None:
            finished = at if AuditEvent.FINISHED in what else head.finished
            call = asked(head.call, decision.effects) if call_wishes(decision.effects) else head.call
            is_warned = head.is_warned and finished is not None
            head = replace(head, finished=finished, is_warned=is_warned, call=call)
            after = replace(after, heads=with_head(after.heads, head))
        of = before if head is None or is_erased else head
        entries = tuple([Entry(at, account.audit_id, each, of.reference if of else "") for each in what])
        if decision.effects and refuses_code(decision.effects):
            entries += (Entry(at, account.audit_id, AuditEvent.CODE_REFUSED),)
        kept = with_account(after, account, at=at, terms=self.door.terms)
        gone = self._gone(record, [before.reference], lookup) if is_erased and before is not None else ()
        return Decision(kept, decision.effects, (*entries, *decision.writes, *gone))

    def _gone(self, record: Record, references: Sequence[str], lookup: Lookup) -> tuple[Record, ...]:
        """Return the records of those who looked at cases that are erased, so that their cards show it no more."""
        found = [tied for each in references if (tied := record.tied_to(each)) is not None]
        terms = self.door.terms
        return told_that_it_is_over(found, lookup, at=self.at, terms=terms, but=(record.person,), is_gone=True)

    def _kept(self, record: Record, account: Account) -> Record:
        return self.talk.kept(record, account, at=self.at, terms=self.door.terms)


def _heard(talk: Talk, event: Event, words: str, *, record: Record) -> Event:
    """Return the event of a typed text: a note, if the card takes one, or a question. From here on, nothing has its words but a note."""
    if talk.mode.is_under_way(record):
        return as_question(event, words, script=talk.script, is_several=False)
    if isinstance(event, Typed) and words:
        session = session_of(record)
        event = as_note(event, words, session=session, script=talk.script_for(session))
    return as_question(event, words, script=talk.script)


def talked(talk: Talk, event: Event, words: str, *, record: Record, lookup: Lookup) -> Decision:
    """Return the decision about an event in an open chat: that of the mode if it takes the event, otherwise that of the case's session."""
    if isinstance(event, Typed | Commanded):
        event = _heard(talk, event, words, record=record)
    answered = talk.mode.answer(record, event, script=talk.script, shared=lookup.shared)
    if isinstance(answered, Decision):
        return answered
    if (isinstance(event, Pressed) and event.code.startswith("b")) or isinstance(event, Commanded):  # nearly no tap is
        decision = answer_of_list(talk, answered, event=event, lookup=lookup)
        if decision is not None:
            return decision
    session = session_of(answered)
    script = talk.script_for(session)
    reply = step(session, event, script)
    for number in range(DRAWN):  # a case begins with a reference that no other case has
        if reply.session.reference in ("", session.reference) or lookup.is_free(reply.session.reference):
            break
        another = reference_in_place_of(event.occasion.reference, number)
        event = replace(event, occasion=replace(event.occasion, reference=another))
        reply = step(session, event, script)
    occasion, reference = event.occasion, reply.session.reference
    at = occasion.now.at.astimezone(UTC)
    is_new = reference and answered.head_of(reference) is None
    if is_new and len(answered.heads) + len(answered.closed) >= MOST:
        return Decision(replace(answered, active=at), (Toast("eight"),))
    after = with_session(answered, reply.session, active=at)
    if reply.session.phase is Phase.RESULT and reply.session != session:
        after = with_lead(after, session, session=reply.session, script=script, now=occasion.now)
    writes: tuple[Write, ...] = counts_of_turn(session, reply.session, script, now=occasion.now) if talk.counts else ()
    if talk.counts and is_nothing(event):
        writes = (*writes, MonthlyCount(f"{occasion.now.today:%Y-%m}", ASKED, "nothing"))
    effects = []
    for effect in reply.effects:
        if isinstance(effect, Reminded):
            writes += (Reminder(record.person, reference, morning_of(effect.day)),)
        else:
            effects.append(effect)
    return with_document(Decision(after, tuple(effects), writes), reference, occasion=occasion)


def _lapse_unknown(record: Record, account: Removed | Unreadable | None, at: datetime) -> Decision | None:
    """Return what is due for a person without a usable account, or None. Their case is erased unless it is on hold or unreadable."""
    if record.due is None or at < record.due:
        return None
    after, entries = replace(record, due=None), list[Entry]()
    for head in () if isinstance(account, Unreadable) else record.heads:
        if not head.held:
            after = without_case(after, head.reference)
            entries.append(Entry(at, BOT, AuditEvent.ERASED_BY_TIME, head.reference))
    return Decision(after, (), tuple(entries))


def counts_of_turn(before: Session, after: Session, script: Script, *, now: LocalTime) -> tuple[MonthlyCount, ...]:
    """Return the monthly counts that a turn with these sessions before and after it adds. An undone outcome counts -1."""
    month = f"{now.today:%Y-%m}"
    found: list[MonthlyCount] = []
    if after.result.finished and not before.result.finished:
        view = reviewed(after, script, now=now)
        found.append(MonthlyCount(month, LEAD, lead_of(view, script).reason))
        if said := view.case.answers.get(GOING_ON):
            found.append(MonthlyCount(month, GOING_ON, said))
    # Only within one case: erasing it takes no count back.
    if before.result.log != after.result.log and before.reference == after.reference:
        logs = (before.result.log, after.result.log)
        was, now_is = (Counter(each.what for each in log if each.what in OUTCOMES) for log in logs)
        added = {word: now_is[word] - was[word] for word in sorted(was | now_is)}
        found += [MonthlyCount(month, OUTCOME, word, by) for word, by in added.items() if by]
    return tuple(found)
