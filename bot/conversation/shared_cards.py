"""The cards about shared cases that lie over a person's own, what others are told, and what the rules need to know of a person.

A card is drawn from the ties as they are at that moment: one that says what is over shows nothing of the case.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.due import with_account
from bot.conversation.records import at_home, list_of_cases, session_of, with_next_card
from bot.conversation.talk import Talk
from bot.runtime.clock import from_micros, to_micros
from bot.storage.cases import HOLDING, CaseHead, NotTied, Tied
from bot.storage.values import (
    Lookup,
    Record,
)
from dialogs.cards.cases import in_order
from dialogs.core import ties
from dialogs.core.acts import ShareDeed
from dialogs.core.codec import decode
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.role import ROWS, Role
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.core.ties import Party, Tie, TieKind
from dialogs.locked import AccountState
from dialogs.notes.noting import elsewhere_line
from dialogs.phrases.earlier import reviewed
from dialogs.result.action_card import in_short
from dialogs.result.actions import clock
from dialogs.second_look import asking, looking
from dialogs.second_look.asking import Offered, Reader
from dialogs.second_look.card import SharedCase, SharingCard
from dialogs.second_look.looking import CaseReading, Draft
from dialogs.second_look.network import OwnCase, network_card, signs_of
from dialogs.summary.people import countersigned
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.form.second_view import Says, SecondView
from state_machines.assessment import ASKING

COMMAND = "look"
TAG = "v:"  # with which the code of each button about a shared case begins
UNOPENED = timedelta(
    minutes=10
)  # after how long the holder is told that nobody has opened a request; sooner if time is short
ASKED_KEPT = ties.MOST_ASKED  # how many times of asking are remembered
KINDS = {ShareDeed.LOOK: TieKind.ASKED_LOOK, ShareDeed.HAND: TieKind.ASKED_HAND}
MOST_LISTED = 8  # how many cases of colleagues a card lists; an older one is found once another has ended
OVER, DECLINED = "look-over", "look-declined"  # news: that a tie has ended, and that whoever was asked cannot
TIE_NAME = 12  # the length of what stands for somebody on a button of the holder
HIGHEST = 4  # the category in which a No about grounds is a team manager's
SAYING = (ShareDeed.SEE, ShareDeed.LEVEL, ShareDeed.GROUNDS, ShareDeed.WHY, ShareDeed.SEND, ShareDeed.WORDS)
READING_PAGES = (ShareDeed.CARD, ShareDeed.ANSWERS, ShareDeed.LOG, ShareDeed.GAPS, ShareDeed.VIEWS)


@dataclass(frozen=True, slots=True)
class SharingPlace:
    """Which card about a shared case lies over a person's own: its name, the reference, and what it is about.

    Cards of the holder: `whom`, `what`, `code`, `readers`. Cards of others: `enter`, `list`, and `case`, whose ties say what it shows.
    """

    card: str = ""
    of: str = ""
    about: str = field(default="", repr=False)
    page: str = ""
    revision: int = 0
    offered: tuple[tuple[Any, ...], ...] = field(default=(), repr=False)

    def text(self) -> str:
        """Return the place as text, which `read_sharing` reads."""
        return json.dumps(
            [self.card, self.of, self.about, self.page, self.revision, [list(each) for each in self.offered]]
        )


NOWHERE = SharingPlace()


def read_sharing(text: str) -> SharingPlace:
    """Return the place that `SharingPlace.text` wrote, or no place for an empty text."""
    if not text:
        return NOWHERE
    card, of, about, page, revision, offered = json.loads(text)
    return SharingPlace(card, of, about, page, revision, tuple(tuple(each) for each in offered))


def concerns(event: Event, account: Account) -> bool:
    """Return True if the event may be about a shared case."""
    if account.sharing:
        return True
    return (isinstance(event, Commanded) and event.name == COMMAND) or (
        isinstance(event, Pressed) and event.code.startswith(TAG)
    )


def lies_over(record: Record, account: Account) -> bool:
    """Return True if a card about a shared case lies over the person's own. An overlay, such as whom to call, lies over both."""
    return bool(account.sharing) and session_of(record).overlay is None


def sharing_card(talk: Talk, record: Record, *, account: Account, now: LocalTime) -> SharingCard | None:
    """Return the card about a shared case that lies over the person's own, or None if none does."""
    if not lies_over(record, account):
        return None
    place, script = read_sharing(account.sharing), talk.script
    if place.card == "enter":
        return asking.enter_card(script)
    if place.card == "list":
        listed = [(shared_case(each), each.tie.by_label) for each in of_colleagues(record, now.at)]
        return asking.requests_card(listed, script, now=now)
    tied = record.tied_to(place.of)
    if tied is None:
        return asking.ended_card(place.of, place.about, script=script) if place.card == "case" else None
    case, sharing = shared_case(tied), tied.sharing.at(now.at)
    if tied.head.holder != record.person:
        return _others_card(talk, tied, place=place, role=account.admission.role, now=now)
    if place.card == "whom":
        return asking.whom_card(case, tuple(Offered(*each) for each in place.offered), script=script, now=now)
    if place.card == "what":
        return asking.what_card(case, place.about, label=place.page, script=script, now=now)
    if place.card == "code":
        claimed = next((tie for tie in sharing.ties if tie.is_claimed), None)
        if claimed is not None:
            who = Offered(tie_name(claimed), claimed.label, _role(claimed, script))
            return asking.claimed_card(case, who, script=script, kind=claimed.kind, at=claimed.since, now=now)
        code = sharing.code
        if code is None or not place.about:
            return None
        return asking.code_card(case, place.about, script=script, kind=code.kind, until=code.until, now=now)
    if place.card == "unopened":
        waiting = next((tie for tie in sharing.ties if tie.kind.is_request and tie.opened is None), None)
        if waiting is None:
            return None
        who = Offered("", waiting.label)
        return asking.unopened_card(case, who, next_one=None, script=script, at=waiting.since, now=now)
    if place.card == "views":
        session, page = session_of(record), int(place.page or 1)
        view = reviewed(session, talk.script_for(session), now=now)
        *_, own = in_short(view, script, before=session.result.judged_before)
        signed = _views(session, own, script, now=now)
        return looking.views_card(session.reference, signed, script=script, is_holder=True, page=page)
    if place.card == "network":
        return network_card(cases_held(talk, record, now), place.of, script=script, now=now)
    if place.card == "readers":
        readers = [_reader(tie, script=script, now=now) for tie in sharing.ties if tie.kind is not TieKind.HOLDER]
        return asking.readers_card(case, readers, script=script, now=now)
    return None


def _views(session: Session, judged: str, script: Script, *, now: LocalTime) -> list[str]:
    """Return how each person sees the case: the holder's judgement, the views as they were signed, and words kept elsewhere."""
    return [
        judged,
        *[_signed(each, script, now=now) for each in session.result.views],
        *elsewhere_line(session, script),
    ]


def _signed(view: SecondView, script: Script, *, now: LocalTime) -> str:
    """Return a view as its writer signed it, with what they typed if notes are shown here."""
    signed = countersigned(view, script, at=clock(datetime.fromisoformat(view.at), now))
    is_shown = bool(view.words) and script.notes is not None
    return f"{signed} {script.wording.say('share.said.words', words=view.words)}" if is_shown else signed


def _others_card(talk: Talk, tied: Tied, *, place: SharingPlace, role: Role, now: LocalTime) -> SharingCard:
    """Return the card of somebody who does not hold the case, by what their tie allows at this time."""
    script, reference = talk.script, tied.head.reference
    tie = tied.tie.at(now.at)
    if tie is None or place.card != "case":
        return asking.ended_card(reference, tied.tie.by_label, script=script)
    if tie.is_claimed:
        return asking.waiting_card(shared_case(tied), script, now=now)
    if place.page == "" and tie.kind.is_request:
        return asking.request_card(shared_case(tied), tie.by_label, script=script, kind=tie.kind, now=now)
    reading = reading_of(talk, tied, role=role, now=now)
    if reading is None:
        return asking.request_card(shared_case(tied), tie.by_label, script=script, kind=tie.kind, now=now)
    if not tie.is_read_lately(now.at):  # no card shows a case unless that was written down
        return asking.unread_card(shared_case(tied), reading.holder, script=script, now=now)
    deed, _, about = place.page.partition(":")
    script, draft = reading.script, looking.read_draft(about if deed in SAYING else "")
    if deed == ShareDeed.ANSWERS:
        return looking.answers_card(reading, page=int(about or 1))
    if deed == ShareDeed.LOG:
        return looking.log_card(reading)
    if deed == ShareDeed.GAPS:
        return looking.gaps_card(reading)
    if deed == ShareDeed.VIEWS and reading.session.result.views:
        signed = _views(reading.session, looking.numbers_and_judgement(reading)[-1], script, now=now)
        return looking.views_card(reference, signed, script=script, is_holder=False, page=int(about or 1))
    if deed == ShareDeed.SEE and reading.may_view:
        return looking.see_card(reading)
    if deed == ShareDeed.LEVEL and reading.may_view:
        return looking.level_card(reading)
    if deed == ShareDeed.GROUNDS and reading.may_view:
        is_high = reading.session.view(script.pack.instrument).score.category >= HIGHEST
        return looking.grounds_card(reading, decides=not is_high or ROWS[role].decides_on_grounds)
    if deed == ShareDeed.WHY and reading.may_view:
        return looking.why_card(reading, draft, reasons=looking.reasons_for(draft, script))
    if deed == ShareDeed.SEND and reading.may_view:
        return looking.send_card(reading, draft, reasons=looking.reasons_for(draft, script))
    if deed == ShareDeed.WORDS and reading.may_view and script.notes:
        return looking.words_card(reading, draft)
    return looking.reading_card(reading)


def cases_held(talk: Talk, record: Record, now: LocalTime) -> tuple[OwnCase, ...]:
    """Return the cases that the person holds, most urgent first. Each is opened by its own tie, and read alone."""
    marked = {head.reference: head.together for head in record.heads}
    cases = []
    for each in in_order(list_of_cases(record), now):
        tied = record.tied_to(each.reference)
        if tied is None or tied.head.holder != record.person:
            continue
        is_here = each.reference == record.hand
        session = session_of(record) if is_here else decode(tied.body(HOLDING, now.at))
        lead = SharedCase(each.reference, Urgency(each.lead) if each.lead else None, each.by)
        cases.append(OwnCase(lead, signs_of(session, talk.script_for(session)), marked[each.reference]))
    return tuple(cases)


def marked_together(record: Record, reference: str) -> Record:
    """Return the record in which this case is marked as belonging with the case in hand, or is not marked any more."""
    is_marked = any(head.together and head.reference == reference for head in record.heads)
    with_it = {reference} if is_marked else {reference, record.hand}
    heads = [replace(head, together=not is_marked) if head.reference in with_it else head for head in record.heads]
    return replace(record, heads=tuple(heads))


def reading_of(talk: Talk, tied: Tied, *, role: Role, now: LocalTime) -> CaseReading | None:
    """Return the case as this person, who does not hold it, may read it now, or None if they may not."""
    tie = tied.tie.at(now.at)
    try:
        session = decode(tied.body(ties.READING, now.at))
    except NotTied:
        return None
    assert tie is not None, "a tie that is over opens nothing"
    may_view = tie.counts_as((TieKind.LOOK,), now.at) and ROWS[role].is_asked
    as_of = clock(tied.head.touched, now)
    may_decide = may_view and ROWS[role].decides_on_grounds
    return CaseReading(session, tie.by_label, tie.kind, may_view, as_of, talk.script_for(session), now, may_decide)


def shared_case(tied: Tied) -> SharedCase:
    """Return what somebody who is only asked may know of a case."""
    head = tied.head
    return SharedCase(head.reference, Urgency(head.lead.urgency) if head.lead.urgency else None, head.lead.by)


def of_colleagues(record: Record, now: datetime) -> tuple[Tied, ...]:
    """Return the cases of others that the person is asked about or may read: first those that they have not opened, then the newest."""
    others = [(tie, each) for each in record.tied if each.head.holder != record.person and (tie := each.tie.at(now))]
    others.sort(key=lambda pair: (not pair[0].kind.is_request, pair[0].opened is not None, -to_micros(pair[0].since)))
    return tuple([each for _, each in others][:MOST_LISTED])


def claimed_of(record: Record, now: datetime) -> str:
    """Return the reference of a case that the person holds, whose code somebody has typed and waits for the Yes; or an empty text."""
    own = (each for each in record.tied if each.head.holder == record.person)
    return next((each.head.reference for each in own if any(tie.is_claimed for tie in each.sharing.at(now).ties)), "")


def tie_name(tie: Tie) -> str:
    """Return what stands for the person of a tie on buttons: another person's never means this one, whoever comes or goes."""
    return hashlib.sha256(tie.case + tie.person.encode()).hexdigest()[:TIE_NAME]


def _role(tie: Tie, script: Script) -> str:
    return script.wording.say(f"role.{tie.role}") if tie.role else ""


def _reader(tie: Tie, *, script: Script, now: LocalTime) -> Reader:
    until = None if tie.until is None else tie.until.astimezone(now.at.tzinfo).date()
    is_former = tie.opened is None and not tie.kind.is_request
    return Reader(tie_name(tie), tie.label, _role(tie, script), tie.since, tie.read, tie.answered, until, is_former)


def says_of_another(account: Account, reference: str) -> bool:
    """Return True if the person is saying how they see another case than this."""
    here = read_sharing(account.sharing)
    return here.card == "case" and here.of != reference and here.page.partition(":")[0] in SAYING


def informed(
    other: Record,
    account: Account,
    *,
    news: str,
    tied: Tied,
    place: SharingPlace | None,
    at: datetime,
    terms: Terms,
    is_ringing: bool = True,
) -> Record:
    """Return the record of a person who is told about a shared case. In the middle of an item their card stays, with a line above."""
    notices = account.notices
    if is_ringing or not notices.is_news_due:  # what still has to ring is told first
        notices = replace(notices, news=news, about=tied.head.reference, is_news_due=is_ringing)
    account = replace(account, notices=notices, door=account.door.shown() if is_ringing else account.door)
    session = session_of(other)
    # Whoever is at an item, or says how they see a case, goes on with that, and finds the other case by the command.
    is_asking = session.phase in ASKING or session.overlay is not None or says_of_another(account, tied.head.reference)
    if place is not None and not is_asking:
        account = replace(account, sharing=place.text())
    elif read_sharing(account.sharing).of == tied.head.reference and place is None and news == "look-taken":
        account = replace(account, sharing="")
    # A card that shows the case, or that asks about it, is drawn anew: its buttons may mean something else now.
    if not is_asking and read_sharing(account.sharing).of == tied.head.reference:
        other = with_next_card(other)
    return replace(with_account(other, account, at=at, terms=terms), due=at)


def told_that_it_is_over(
    cases: Iterable[Tied], lookup: Lookup, *, at: datetime, terms: Terms, but: Sequence[str], is_gone: bool = False
) -> tuple[Record, ...]:
    """Return the records of those whose request ends, or, if the cases are `is_gone`, of all tied to them, with what they are told."""
    people = [
        (tie.person, tied, OVER)
        for tied in cases
        for tie in tied.sharing.at(at).ties
        if tie.person not in but and (is_gone or tie.kind.is_request)
    ]
    return told_each(people, lookup, at=at, terms=terms)


def told_each(
    told: Iterable[tuple[str, Tied, str]], lookup: Lookup, *, at: datetime, terms: Terms
) -> tuple[Record, ...]:
    """Return the records of these people, each once, with what they are told of a case: `OVER` in silence, other news by a message."""
    records = dict[str, Record]()
    for person, tied, news in told:
        other = records.get(person) or lookup.record(person)
        account = None if other is None else read_account(other.access)
        if other is not None and isinstance(account, Account):
            records[person] = informed(
                other, account, news=news, tied=tied, place=None, at=at, terms=terms, is_ringing=news != OVER
            )
    return tuple(records.values())


def handed_on_from(record: Record, reference: str) -> Record:
    """Return the record of the former holder, without a case that goes on with somebody else."""
    after = at_home(record) if record.hand == reference else record
    heads = tuple(head for head in after.heads if head.reference != reference)
    return with_next_card(replace(after, heads=heads))


def awaiting(head: CaseHead, at: datetime) -> CaseHead:
    """Return the head of a case about which somebody was just asked, with the time to tell the holder if nobody opens it."""
    by = head.lead.by
    left = None if by is None or by <= at else (by - at) / 3
    unopened = at + (UNOPENED if left is None else min(UNOPENED, left))
    return replace(head, call=replace(head.call, unopened=unopened))


def candidate(record: Record, account: Account, *, at: datetime, terms: Terms) -> Party:
    """Return what the rules need to know of a person."""
    state = state_of(account, at, terms=terms)
    is_admitted = state not in (AccountState.LAPSED, AccountState.BARRED)
    lately = sum(each > at - ties.ASKED_WITHIN for each in _times(account.asked))
    label = account.admission.name or account.audit_id
    return Party(record.person, account.admission.role, is_admitted, holds=len(record.heads), asked=lately, label=label)


def _times(text: str) -> list[datetime]:
    return [from_micros(int(each.partition(":")[0])) for each in text.split(",") if each]


def asked_again(text: str, at: datetime, whom: str) -> str:
    """Return the times of asking in an account, with this one, and the id of who was asked, if it was not by a code."""
    times = [*text.split(","), f"{to_micros(at)}:{whom}"]
    return ",".join([each for each in times if each][-ASKED_KEPT:])


def asked_whom(text: str) -> Counter[str]:
    """Return how often a person asked each colleague, by id, among the times of asking that are kept."""
    return Counter(whom for each in text.split(",") if (whom := each.partition(":")[2]))


def called_label(account: Account) -> str:
    """Return a person's label in a form in which two ways of writing it are the same. Without a label, each is somebody else."""
    return " ".join((account.admission.name or account.audit_id).casefold().split())


def mark_of(code: str) -> bytes:
    """Return the hash by which the rules know a code."""
    # Kept within the seal of the holder's tie, and compared there; the table in which codes are looked up has a keyed hash.
    return hashlib.sha256(code.encode()).digest()


def view_of(draft: Draft, account: Account, *, words: str, profession: str, now: LocalTime, of: int) -> SecondView:
    """Return how the person with this account sees the answers of this revision, with why in their own words, if they typed that."""
    label, role = account.admission.name or account.audit_id, str(account.admission.role)
    view = SecondView(
        Says(draft.says), draft.level, draft.grounds, draft.why, words, who=account.audit_id, label=label, role=role
    )
    return replace(view, profession=profession, at=now.at.isoformat(), of=of)
