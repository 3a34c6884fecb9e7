"""Answers what a person does about a case that several see: asking for a look, handing over, codes, reading, and taking over.

The rules are in `dialogs.core.ties`, and each is demanded again when the turn is written. A holder's card and that of somebody
who is asked are told apart by their ties alone; neither can open what the ties do not allow at that moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.access.account import Account, Removed, Terms, read_account
from bot.conversation.documents import hand_of
from bot.conversation.people.rosters import RosterRow, colleague_of
from bot.conversation.records import session_of, with_head, with_next_card, with_session
from bot.conversation.shared_cards import (
    COMMAND,
    KINDS,
    NOWHERE,
    READING_PAGES,
    SAYING,
    SharingPlace,
    asked_again,
    asked_whom,
    awaiting,
    called_label,
    candidate,
    claimed_of,
    handed_on_from,
    informed,
    lies_over,
    mark_of,
    marked_together,
    of_colleagues,
    read_sharing,
    reading_of,
    sharing_card,
    tie_name,
    told_that_it_is_over,
    view_of,
)
from bot.conversation.talk import Talk
from bot.crypto.at_random import spoken_code_drawn_from
from bot.runtime.clock import local_time
from bot.storage.cases import CaseLead, Retied, Tied, ViewAdded, WrongCode
from bot.storage.values import Decide, Decision, Everybody, Lookup, NeedsEverybody, Record, Write
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.cards.show import pressed, within_pages
from dialogs.core import ties
from dialogs.core.acts import Act, Kind, Open, Share, ShareDeed, act_of, code_of
from dialogs.core.codec import decode, encode
from dialogs.core.events import Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.core.role import ROWS
from dialogs.core.session import profile_of
from dialogs.core.spoken import looks_like_code, read_code
from dialogs.core.ties import Refusal, Sharing, TieEvent, TieKind
from dialogs.notes.noting import tidy, view_refusal
from dialogs.people.asking import whole_service, whom_to_ask
from dialogs.phrases.earlier import reviewed
from dialogs.phrases.number import in_words
from dialogs.result.actions import clock, lead_of, lines_of, with_due
from dialogs.second_look import looking
from dialogs.second_look.asking import CODE_HOLDER, refused
from seraf.form.responses import Responses
from state_machines.assessment import Phase


@dataclass(frozen=True, slots=True)
class SharingTurn:
    """What is needed to answer an event about a shared case. `account` has this activity noted; `words` were typed."""

    talk: Talk
    terms: Terms
    record: Record
    account: Account
    at: datetime
    random_bytes: bytes = field(repr=False)
    lookup: Lookup
    words: str | None = field(default=None, repr=False)

    def answer(self, event: Event) -> Decision | NeedsEverybody[RosterRow] | None:
        """Return the decision about an event that concerns a shared case, or None for any other event."""
        if not ROWS[self.account.admission.role].consults:
            return None
        card = sharing_card(self.talk, self.record, account=self.account, now=event.occasion.now)
        match event:
            case Commanded(_, name, words) if name == COMMAND and self.talk.bare_script.shares:
                return self._typed(words.strip(), event.occasion)
            case Pressed(occasion, token, code):
                act = act_of(code)
                if card is None:
                    if not isinstance(act, Share) or self.talk.mode.is_under_way(self.record):
                        return None
                    return self._do(act, occasion) if self._is_offered(act, token, occasion=occasion) else None
                if token != self.record.card:
                    return self._unchanged(Toast("stale"))
                if not card.offers(code):  # what others did meanwhile may have changed the card
                    is_shared = isinstance(act, Share) and act.deed is not ShareDeed.CLOSE
                    place = read_sharing(self.account.sharing)
                    if is_shared:
                        return self.laid(place, refused(Refusal.NOT_ASKED))
                    return self._unchanged(Toast("no-button"))
                return self._do(act, occasion) if isinstance(act, Share) else self._whom_to_call(act, occasion)
            case Typed(occasion, token) if lies_over(self.record, self.account):
                if card is None or not card.draft:
                    return self._unchanged(Toast("typed"))
                is_here = token in (None, self.record.card)  # if not, it was typed at an older page
                return self._do(Share(ShareDeed.SEND), occasion) if is_here else self._unchanged(Toast("note-moved"))
        return None

    def _is_offered(self, act: Share, token: int, *, occasion: Occasion) -> bool:
        """Return True if the card of the person's own case offers this act."""
        session = session_of(self.record)
        script = self.talk.script_for(session)
        shown = within_pages(session, script)
        return token == self.record.card and pressed(code_of(act), shown, script=script, now=occasion.now) == act

    def _whom_to_call(self, act: Act | Any, occasion: Occasion) -> Decision | None:
        """Lay the card that says whom to call over this one, which returns when that closes."""
        if not isinstance(act, Open) or act.overlay.kind not in (Kind.URGENT, Kind.CALL, Kind.CONTACTS):
            return self._unchanged()
        session = session_of(self.record).beneath(act.overlay)
        record = with_next_card(with_session(self.record, session, active=occasion.now.at.astimezone(UTC)))
        return Decision(self._kept(record, self.account))

    # What each button does.

    def _do(self, act: Share, occasion: Occasion) -> Decision | NeedsEverybody[RosterRow]:
        place, deed, about = read_sharing(self.account.sharing), act.deed, act.about
        if deed is ShareDeed.CLOSE:
            return self.laid(NOWHERE)
        if deed in (ShareDeed.WHOM, ShareDeed.LOOK, ShareDeed.HAND) and (
            deed is ShareDeed.WHOM or about != CODE_HOLDER
        ):
            return NeedsEverybody(
                self.at, Colleagues(self.talk, self.terms, self.at, self.account.audit_id, act, self.record.card)
            )
        if deed == ShareDeed.ONE:
            label = next((each[1] for each in place.offered if each[0] == about), "")
            return self.laid(replace(place, card="what", about=about, page=label))
        if deed == ShareDeed.BY_CODE:
            return self.laid(replace(place, card="what", about=CODE_HOLDER, page=""))
        if deed == ShareDeed.MARK:
            return replace(self, record=marked_together(self.record, about)).laid(place)
        if deed in (ShareDeed.VIEWS, ShareDeed.READERS, ShareDeed.NETWORK) and place.card != "case":
            return self.laid(SharingPlace(str(deed), self.record.hand, page=about))
        if deed in (ShareDeed.LOOK, ShareDeed.HAND):
            return self._make_code(KINDS[deed], place)
        if deed == ShareDeed.END_CODE:
            return self.change(place, ties.CodeEnded(self.record.person), after=NOWHERE)
        if deed in (ShareDeed.YES, ShareDeed.NO, ShareDeed.END):
            return self._about_other(place, deed, about=about)
        is_request = deed is ShareDeed.REQUEST
        return self.laid(SharingPlace("case", about)) if is_request else self._of_reader(place, act, occasion=occasion)

    def _tied(self, place: SharingPlace) -> Tied | None:
        return self.record.tied_to(place.of or self.record.hand)

    def _make_code(self, kind: TieKind, place: SharingPlace) -> Decision:
        code = spoken_code_drawn_from(self.random_bytes)
        mark = mark_of(code)
        event = ties.CodeMade(kind, candidate(self.record, self.account, at=self.at, terms=self.terms), mark)
        after = SharingPlace("code", place.of or self.record.hand, code)
        return self.change(place, event, after=after, what=AuditEvent.CODE_MADE, code=code)

    def _about_other(self, place: SharingPlace, deed: ShareDeed, *, about: str) -> Decision:
        """Confirm or refuse somebody who typed the code, or end a request or a look."""
        tied = self._tied(place)
        sharing = None if tied is None else tied.sharing
        tie = next((each for each in sharing.ties if tie_name(each) == about), None) if sharing else None
        if tied is None or tie is None:
            return self.laid(NOWHERE, refused(Refusal.NOT_ASKED))
        other = self.lookup.record(tie.person)
        account = None if other is None else read_account(other.access)
        if other is None or not isinstance(account, Account):
            return self.laid(NOWHERE, refused(Refusal.NOT_ADMITTED))
        if deed is ShareDeed.YES:
            who = candidate(other, account, at=self.at, terms=self.terms)
            event: TieEvent = ties.ClaimConfirmed(self.record.person, who)
            what, news, after = AuditEvent.LOOK_CONFIRMED, "look-confirmed", NOWHERE
        else:
            event = ties.TieEnded(self.record.person, tie.person)
            is_claim = deed is ShareDeed.NO
            what, news = (AuditEvent.LOOK_REFUSED, "look-over") if is_claim else (AuditEvent.LOOK_ENDED, "look-over")
            after = NOWHERE if is_claim else place
        told = self._told(
            other, account, news=news, tied=tied, place=SharingPlace("case", tied.head.reference, tie.by_label)
        )
        return self.change(place, event, after=after, what=what, whom=account.audit_id, others=(told,))

    def _of_reader(self, place: SharingPlace, act: Share, *, occasion: Occasion) -> Decision:
        """Answer somebody who does not hold the case."""
        deed, about = act.deed, act.about
        tied = self._tied(place)
        if tied is None or tied.head.holder == self.record.person:
            return self.laid(NOWHERE, refused(Refusal.NOT_ASKED))
        holder = self.lookup.record(tied.head.holder)
        account = None if holder is None else read_account(holder.access)
        if holder is None or not isinstance(account, Account):
            return self.laid(NOWHERE, refused(Refusal.NOT_ADMITTED))
        me, whom = candidate(self.record, self.account, at=self.at, terms=self.terms), account.audit_id
        if deed in READING_PAGES:
            return self.change(
                replace(place, of=tied.head.reference), ties.CaseRead(me), after=replace(place, page=f"{deed}:{about}")
            )
        if deed == ShareDeed.OPEN:
            told = self._told(holder, account, news="look-opened", tied=tied, place=None, is_ringing=False)
            after = replace(place, page=str(ShareDeed.CARD))
            return self.change(
                place,
                ties.RequestOpened(me),
                after=after,
                what=AuditEvent.OPENED,
                whom=whom,
                others=(told,),
                then=(ties.CaseRead(me),),
            )
        if deed in (ShareDeed.DECLINE, ShareDeed.KNOWS):
            told = self._told(holder, account, news="look-declined", tied=tied, place=None)
            event: TieEvent = ties.RequestDeclined(self.record.person)
            return self.change(place, event, after=NOWHERE, what=AuditEvent.DECLINED, whom=whom, others=(told,))
        if deed == ShareDeed.GIVE_BACK:
            told = self._told(holder, account, news="look-given-back", tied=tied, place=None, is_ringing=False)
            event = ties.TieEnded(self.record.person, self.record.person)
            return self.change(place, event, after=NOWHERE, what=AuditEvent.LOOK_ENDED, whom=whom, others=(told,))
        if deed == ShareDeed.TAKE:
            return self._take(tied, holder, account=account, occasion=occasion)
        if deed == ShareDeed.SEND:
            return self._send(place, tied, holder=holder, account=account, occasion=occasion)
        return self._saying(place, act, tied=tied)

    def _saying(self, place: SharingPlace, act: Share, *, tied: Tied) -> Decision:
        """Go on to the next card on which somebody says how they see a case. Nothing of it is written before they send it."""
        deed, about = act.deed, act.about
        draft = looking.read_draft(place.page.partition(":")[2] if place.page.partition(":")[0] in SAYING else "")
        has_reasons = bool(looking.reasons_for(draft, self.talk.script))
        if deed == ShareDeed.SEE:
            place, page, draft = replace(place, revision=tied.head.progress.revision), ShareDeed.SEE, looking.Draft()
        elif deed == ShareDeed.SAYS:
            draft = looking.Draft(about)
            page = ShareDeed.LEVEL if about == looking.MORE else ShareDeed.GROUNDS
        elif deed == ShareDeed.LEVEL:
            page, draft = ShareDeed.GROUNDS, replace(draft, level=about)
        elif deed == ShareDeed.GROUNDS:
            page, draft = ShareDeed.WHY if has_reasons else ShareDeed.SEND, replace(draft, grounds=about)
        elif deed == ShareDeed.WHY:
            page, draft = ShareDeed.WHY, draft.toggled(about)
        else:
            page = ShareDeed.WORDS if deed == ShareDeed.WORDS else ShareDeed.SEND
        return self.laid(replace(place, page=f"{page}:{draft.text()}"))

    def _send(
        self, place: SharingPlace, tied: Tied, *, holder: Record, account: Account, occasion: Occasion
    ) -> Decision:
        """Add how this person sees the case. If its answers have changed since they read them, nothing is added."""
        now, event = occasion.now, ties.ViewSent(candidate(self.record, self.account, at=self.at, terms=self.terms))
        reading = reading_of(self.talk, tied, role=self.account.admission.role, now=now)
        after = ties.changed(tied.sharing, event, self.at)
        if reading is None or isinstance(after, Refusal):
            return self.laid(place, refused(after if isinstance(after, Refusal) else Refusal.NOT_READING))
        if tied.head.progress.revision != place.revision:
            return self.laid(replace(place, page=str(ShareDeed.CARD)), Toast("share-changed"))
        draft, session, script = looking.read_draft(place.page.partition(":")[2]), reading.session, reading.script
        words = tidy(self.words or "")
        if self.words is not None and (fault := view_refusal(words, session.result.views, script=script)):
            return self._unchanged(fault)
        profession = profile_of(session_of(self.record)).get("profession") or ""
        view = view_of(draft, self.account, words=words, profession=profession, now=now, of=place.revision)
        raised = looking.with_view(session, view, script=script, now=now)
        lead = lead_of(reviewed(raised, script, now=now), script).urgency
        first = next((line for line in lines_of(raised, script, now=now) if not line.is_closed), None)
        by = None if first is None or first.planned.deadline.from_now else first.due.astimezone(UTC)
        entry = Entry(self.at, self.account.audit_id, AuditEvent.VIEWED, tied.head.reference, whom=account.audit_id)
        added = ViewAdded(tied.mark, self.record.person, encode(raised), tied.head.progress.revision, int(lead), by)
        head = replace(tied.head, lead=CaseLead(int(lead), by))  # the holder's record was read before the view
        holder = replace(holder, heads=with_head(holder.heads, head))
        told = self._told(holder, account, news="look-viewed", tied=tied, place=None)
        laid = self.laid(replace(place, page=str(ShareDeed.CARD)), Toast("share-viewed"))
        # The view is written while the look is as it was read; then the look says when it was answered.
        return replace(laid, writes=(entry, Retied(tied.mark, event), added, told))

    def _take(self, tied: Tied, holder: Record, *, account: Account, occasion: Occasion) -> Decision:
        """Take the case over, with everything that is open in it, in this one turn."""
        event, head = ties.TakenOver(candidate(self.record, self.account, at=self.at, terms=self.terms)), tied.head
        after = ties.changed(tied.sharing, event, self.at)
        if isinstance(after, Refusal):
            return self.laid(NOWHERE, refused(after))
        # The taker reads it from now on; the store opens it by the request that it has checked, and not by the new tie.
        mine = replace(head, holder=self.record.person, touched=self.at, together=False)
        former = self._told(handed_on_from(holder, head.reference), account, news="look-taken", tied=tied, place=None)
        session = decode(tied.body(ties.TAKING, self.at))
        script = self.talk.script_for(session)
        session = looking.handed_on(session, script, by=hand_of(holder), now=occasion.now)
        own = profile_of(session_of(self.record)).by_item
        if own:
            session = session.answered(Responses.of({**session.answers.around.by_item, **own}))
        if session.phase is Phase.RESULT:
            session = with_due(session, script, now=occasion.now)
        record = replace(
            self.talk.mode.left(self.record),  # the real case comes first
            heads=(*self.record.heads, mine),
            hand=head.reference,
            case=encode(session),
            phase=head.phase,
            edition=head.fingerprint,
        )
        entry = Entry(self.at, self.account.audit_id, AuditEvent.TAKEN, head.reference, whom=account.audit_id)
        others = told_that_it_is_over(
            (tied,), self.lookup, at=self.at, terms=self.terms, but=(holder.person, record.person)
        )
        kept = self._kept(with_next_card(record), replace(self.account, sharing=""))
        return Decision(kept, (Toast("share-taken"),), (entry, Retied(tied.mark, event), former, *others))

    def _typed(self, words: str, occasion: Occasion) -> Decision:
        """Answer `/look`: with a code, or with who typed one, and else with what the person is asked or may read."""
        if not words:
            if claimed := claimed_of(self.record, self.at):
                return self.laid(SharingPlace("code", claimed))
            listed = of_colleagues(self.record, self.at)
            if len(listed) != 1:
                return self.laid(SharingPlace("list" if listed else "enter"))
            return self.laid(SharingPlace("case", listed[0].head.reference, listed[0].tie.by_label))
        if not self.lookup.may_type_code():
            return self.laid(NOWHERE, Toast("share-code-closed"))
        code = read_code(words)
        if code is None:
            return self.laid(
                SharingPlace("enter"), Toast("share-code-misheard" if looks_like_code(words) else "share-code-over")
            )
        tied = self.lookup.case_of_code(code)
        event = (
            None
            if tied is None
            else ties.CodeClaimed(candidate(self.record, self.account, at=self.at, terms=self.terms), mark_of(code))
        )
        holder = None if tied is None else self.lookup.record(tied.head.holder)
        account = None if holder is None else read_account(holder.access)
        if event is None or tied is None or holder is None or not isinstance(account, Account):
            return self._wrong()
        event = replace(event, who=replace(event.who, is_own=called_label(self.account) == called_label(account)))
        after = ties.changed(tied.sharing, event, self.at)
        if after is Refusal.CODE_OVER:
            return self._wrong()
        if isinstance(after, Refusal):
            return self.laid(NOWHERE, refused(after))
        reference = tied.head.reference
        told = self._told(holder, account, news="look-claimed", tied=tied, place=SharingPlace("code", reference))
        own = Entry(self.at, self.account.audit_id, AuditEvent.CODE_TYPED, reference, whom=account.audit_id)
        laid = self.laid(SharingPlace("case", reference, account.admission.name))
        return replace(laid, writes=(own, Retied(tied.mark, event), told))

    def _wrong(self) -> Decision:
        """Count a wrong code. It may have been good before: a code that is used up or over is wrong too."""
        laid = self.laid(SharingPlace("enter"), Toast("share-code-over"))
        wrong = Entry(self.at, self.account.audit_id, AuditEvent.CODE_WRONG)
        return replace(laid, writes=(wrong, WrongCode(self.record.person)))

    # How a turn ends.

    def change(
        self,
        place: SharingPlace,
        event: TieEvent,
        *,
        after: SharingPlace,
        what: AuditEvent | None = None,
        whom: str = "",
        code: str = "",
        others: Sequence[Record] = (),
        then: Sequence[TieEvent] = (),
        said: Sequence[Toast] = (),
    ) -> Decision:
        """Return the decision that changes the ties of the case at this place, if the rules allow it, and lays another card."""
        tied = self._tied(place)
        changed: Sharing | Refusal = Refusal.NOT_ASKED if tied is None else ties.changed(tied.sharing, event, self.at)
        if tied is None or isinstance(changed, Refusal):
            # The card of a request that is over says so itself.
            refusal = changed if isinstance(changed, Refusal) else Refusal.NOT_ASKED
            return self.laid(NOWHERE if place.card != "case" else place, refused(refusal))
        own = self.account.audit_id
        entries: tuple[Entry, ...] = (Entry(self.at, own, what, tied.head.reference, whom=whom),) if what else ()
        if (isinstance(event, ties.CaseRead) or then) and not tied.tie.is_read_lately(self.at):
            entries += (Entry(self.at, own, AuditEvent.READ, tied.head.reference, whom=whom),)
        retied = (Retied(tied.mark, event, code), *(Retied(tied.mark, each) for each in then))
        account, turn = self.account, self
        if isinstance(event, ties.ColleagueAsked | ties.CodeMade):
            account = replace(account, asked=asked_again(account.asked, self.at, whom))
        if isinstance(event, ties.ColleagueAsked | ties.ClaimConfirmed):
            named = tied.head.reference  # the head itself may have changed in this turn, as by a reminder that was seen
            heads = tuple(awaiting(head, self.at) if head.reference == named else head for head in self.record.heads)
            turn = replace(self, record=replace(self.record, heads=heads))
        return turn.laid(after, *said, account=account, writes=(*entries, *retied, *others))

    def laid(
        self, place: SharingPlace, *said: Toast, account: Account | None = None, writes: tuple[Write, ...] = ()
    ) -> Decision:
        """Return the decision that shows this card about a shared case, or the person's own if it is `NOWHERE`."""
        record, session = with_next_card(self.record), session_of(self.record)
        if place.card and session.overlay is not None:
            record = replace(with_session(record, session.beneath(None)), card=record.card)
        text = place.text() if place.card else ""
        return Decision(self._kept(record, replace(account or self.account, sharing=text)), said, writes)

    def _unchanged(self, *said: Toast) -> Decision:
        return Decision(self._kept(self.record, self.account), said)

    def _kept(self, record: Record, account: Account) -> Record:
        return self.talk.kept(replace(record, active=self.at), account, at=self.at, terms=self.terms)

    def _told(
        self,
        other: Record,
        account: Account,
        *,
        news: str,
        tied: Tied,
        place: SharingPlace | None,
        is_ringing: bool = True,
    ) -> Record:
        """Return the record of another person who is told, by a new message, and who gets this card unless they are at an item."""
        return informed(
            other, account, news=news, tied=tied, place=place, at=self.at, terms=self.terms, is_ringing=is_ringing
        )


@dataclass(frozen=True, slots=True)
class Colleagues:
    """What needs everybody: whom the holder may ask, and the person behind the id that they chose."""

    talk: Talk
    terms: Terms
    at: datetime
    by: str
    act: Share
    card: int

    def see(self, person: str, standing: str) -> RosterRow | None:
        """Return what is needed of a person: the id of their row, and their label, role and state."""
        account = read_account(standing)
        if not isinstance(account, Account):
            return None
        return RosterRow(person, colleague_of(account, by=self.by, now=self.at, terms=self.terms))

    def decide(self, everybody: Everybody[RosterRow]) -> Decide:
        """Return the function that lays the card of whom to ask, or asks."""
        return lambda record, lookup: self._decide(record, lookup, everybody=everybody)

    def _decide(self, record: Record, lookup: Lookup, *, everybody: Everybody[RosterRow]) -> Decision:
        account = read_account(record.access)
        if not isinstance(account, Account) or record.card != self.card:
            return Decision(record)
        turn = SharingTurn(self.talk, self.terms, record, account.come().used(self.at), self.at, b"", lookup)
        place = read_sharing(account.sharing)
        place = replace(place, of=place.of or record.hand)
        if self.act.deed is ShareDeed.WHOM:
            offered = self._offered(everybody, lookup, often=asked_whom(account.asked))
            return turn.laid(SharingPlace("whom", place.of, offered=offered))
        rows = [row for row in everybody.seen if row.colleague.who == self.act.about]
        other = lookup.record(rows[0].person) if len(rows) == 1 else None
        theirs = None if other is None else read_account(other.access)
        tied = record.tied_to(place.of)
        if other is None or tied is None or not isinstance(theirs, Account) or isinstance(theirs, Removed):
            return turn.laid(NOWHERE, refused(Refusal.NOT_ADMITTED))
        kind = KINDS[self.act.deed]
        whom = candidate(other, theirs, at=self.at, terms=self.terms)
        whom = replace(whom, is_own=called_label(theirs) == called_label(account))
        event = ties.ColleagueAsked(kind, candidate(record, account, at=self.at, terms=self.terms), whom)
        news = "look-asked" if kind is TieKind.ASKED_LOOK else "hand-asked"
        asked = informed(
            other,
            theirs,
            news=news,
            tied=tied,
            place=SharingPlace("case", place.of, account.admission.name),
            at=self.at,
            terms=self.terms,
        )
        what = AuditEvent.ASKED_LOOK if kind is TieKind.ASKED_LOOK else AuditEvent.ASKED_HAND
        said = (Toast("share-asked"),)
        return turn.change(place, event, after=NOWHERE, what=what, whom=theirs.audit_id, others=(asked,), said=said)

    def _offered(
        self, everybody: Everybody[RosterRow], lookup: Lookup, *, often: Mapping[str, int]
    ) -> tuple[tuple[Any, ...], ...]:
        """Return whom the holder may ask by name: who manages a team of theirs, and who is on call there."""
        say, now = self.talk.script.wording.say, local_time(self.at)
        people = [row.colleague for row in everybody.seen]
        teams = lookup.teams() if self.talk.has_teams else (whole_service(people),)
        offered = []
        for each in whom_to_ask(self.by, now, teams=teams, people=people, asked=often):
            if each.away is not None:
                what = say("share.whom.back", date=in_words(each.away))
            elif each.on_call is not None:
                what = say("share.whom.on-call", time=clock(each.on_call, now))
            else:
                what = say(f"role.{each.colleague.role}")
            offered.append((each.colleague.who, each.colleague.label, what, each.is_there))
        return tuple(offered)
