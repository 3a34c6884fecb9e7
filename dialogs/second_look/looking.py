"""The cards of somebody who reads a colleague's case: what to do, answers, log, what is not known, and how they see it.

Nothing can be answered here, and no line can be tapped as done. What they say is added to the case once they send it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dialogs.core.acts import Share, ShareDeed
from dialogs.core.keys import CALL, URGENT, Key, Rows, in_rows, turning
from dialogs.core.page import PageKind
from dialogs.core.replies import Paragraph, paged
from dialogs.core.role import ROWS, Role
from dialogs.core.script import Script
from dialogs.core.session import Hand, Session
from dialogs.core.ties import TieKind
from dialogs.form.item_cards import check_line
from dialogs.form.path import check_page, check_page_count
from dialogs.notes.noting import LONGEST, elsewhere_line
from dialogs.phrases.earlier import reviewed
from dialogs.result.action_card import in_short, leading
from dialogs.result.action_line import done_lines
from dialogs.result.actions import due_words, lead_of, line_of, lines_of, with_due
from dialogs.second_look.card import LEAVE, SharingCard, card_about
from seraf.advice.action_log import Logged
from seraf.advice.action_plan import CardLine, Urgency, urgency_of
from seraf.advice.contacts import LocalTime
from seraf.form.second_view import GROUNDS, Says, SecondView, ViewReason
from seraf.form.vocabulary import NOT_ASKED
from state_machines.assessment import Phase

AS, MORE, LESS = Says
TO_CARD = Key(Share(ShareDeed.CARD), "back")
MOST_GAPS = 6  # how many items that are not known the first card names


@dataclass(frozen=True, slots=True)
class Draft:
    """How somebody sees a case, as far as they have said it: `says` with a `level` if it is more, grounds, and reasons."""

    says: str = ""
    level: str = ""
    grounds: str = ""
    why: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the draft as text, which `read_draft` reads."""
        return "|".join((self.says, self.level, self.grounds, ",".join(self.why)))

    def toggled(self, reason: str) -> "Draft":
        """Return the draft with this reason, or without it if it has it."""
        without = tuple(each for each in self.why if each != reason)
        return replace(self, why=without if reason in self.why else (*self.why, reason))


def read_draft(text: str) -> Draft:
    """Return the draft that `Draft.text` wrote. An empty text is an empty draft."""
    says, level, grounds, why = (text or "|||").split("|")
    return Draft(says, level, grounds, tuple(each for each in why.split(",") if each))


@dataclass(frozen=True, slots=True)
class CaseReading:
    """A case that somebody reads: the session, whose it is, by what tie, and the time of its last change.

    `may_view` says whether they may add a view, and `may_decide` whether that can be the talk with the manager.
    """

    session: Session = field(repr=False)
    holder: str = field(repr=False)
    kind: TieKind
    may_view: bool
    as_of: str
    script: Script
    now: LocalTime
    may_decide: bool = False

    @property
    def place(self) -> str:
        """The line above every card of the reading, while they say how they see it."""
        return self.script.wording.say("share.reading-of", reference=self.session.reference, time=self.as_of)


def reading_card(reading: CaseReading) -> SharingCard:
    """Return the first card of a case for its reader: what leads, each line with its time, and what is not known."""
    session, script, now = reading.session, reading.script, reading.now
    say, reference = script.wording.say, session.reference
    head = Paragraph(say("share.reading", reference=reference, holder=reading.holder))
    view = reviewed(session, script, now=now)
    unknown = [f"{script.pack.instrument.number(item)}" for item in view.score.unknown]
    gaps = say("share.gaps", items=", ".join(unknown)) if 0 < len(unknown) <= MOST_GAPS else ""
    if session.phase is Phase.RESULT:
        lines = lines_of(session, script, now=now)
        said = [*leading(lines, session, script=script, now=now)]
        is_talk = lead_of(view, script).urgency is Urgency.MANAGER and reading.may_decide
        said += [Paragraph(say("share.this-is-it"), is_close=True)] if is_talk else []
        for line in lines:
            by = say("share.done") if line.is_closed else due_words(line, now, script=script)
            text = say("action.line", number=line.number, title=line.planned.title, by=by)
            said.append(Paragraph(text, is_close=line.number > 1))
        said.append(Paragraph(" ".join(filter(None, (*numbers_and_judgement(reading), gaps)))))
    else:
        answered, of = len(session.answers.items), len(script.pack.instrument.items)
        said = [Paragraph(say("share.unfinished-title", answered=answered, of=of), is_strong=True)]
    see = (Key(Share(ShareDeed.SEE), "share-see"),) if reading.may_view and session.phase is Phase.RESULT else ()
    end = {
        TieKind.LOOK: (Key(Share(ShareDeed.GIVE_BACK), "share-give-back"),),
        TieKind.ASKED_HAND: (
            Key(Share(ShareDeed.TAKE, reference), "share-take"),
            Key(Share(ShareDeed.DECLINE, reference), "share-cannot"),
        ),
    }
    views = (Key(Share(ShareDeed.VIEWS), "share-views"),) if session.result.views else ()
    rows: Rows = (
        tuple(Key(Share(deed, page), f"share-{deed}") for deed, page in PAGES.items()),
        (*see, *views),
        end.get(reading.kind, ()),
        (LEAVE, CALL, URGENT),
    )
    return SharingCard((head, *said), rows, PageKind.PLAN, reference)


def numbers_and_judgement(reading: CaseReading) -> Sequence[str]:
    """Return the category and the total, and last how the holder judged it."""
    session, script = reading.session, reading.script
    before = session.result.judged_before
    *numbers, own = in_short(reviewed(session, script, now=reading.now), script, before=before)
    answer = session.answers.get("judgement") or NOT_ASKED
    judged = own if answer == before else script.wording.say(f"share.judged.{answer}", holder=reading.holder)
    return *numbers, judged


PAGES = {ShareDeed.ANSWERS: "1", ShareDeed.LOG: "", ShareDeed.GAPS: ""}


def answers_card(reading: CaseReading, *, page: int) -> SharingCard:
    """Return a page of the answers."""
    session, script = reading.session, reading.script
    pages = check_page_count(session, script.pack)
    page = min(max(page, 1), pages)
    listed = check_page(session, script.pack, number=page)
    lines = [f"{check_line(place, session, script=script)}{_note(place, session, script=script)}" for place in listed]
    headings = script.pack.recording.headings if page == pages else ()
    noted = [f"{each.title}{note}" for each in headings if (note := _note(each.id, session, script=script))]
    title = script.wording.say("share.answers", page=page, pages=pages)
    turns = turning(page, pages, lambda to: Share(ShareDeed.ANSWERS, to))
    return card_about(
        reading.place,
        title,
        texts=("\n".join(lines), *noted, *elsewhere_line(session, script)),
        rows=(turns, (TO_CARD, URGENT)),
        reference=session.reference,
    )


def _note(place: str, session: Session, *, script: Script) -> str:
    """Return the holder's own words about an item or heading, on pages that take notes. In a chat they are not shown."""
    words = session.answers.notes.get(place) if script.notes and script.channel.draws_pages else None
    return f": “{words}”" if words else ""


def log_card(reading: CaseReading) -> SharingCard:
    """Return what was done, and when."""
    session, script, now = reading.session, reading.script, reading.now
    done = [
        text
        for line in lines_of(session, script, now=now)
        for text in done_lines(line, session, script=script, now=now)
    ]
    texts = done[-MOST_LOGGED:] or [script.wording.say("share.log.nothing")]
    rows = ((TO_CARD, URGENT),)
    return card_about(
        reading.place, script.wording.say("share.log.title"), texts=texts, rows=rows, reference=session.reference
    )


MOST_LOGGED = 6  # the latest entries of the log, as many as a phone shows


def gaps_card(reading: CaseReading) -> SharingCard:
    """Return the items that are not known."""
    script, instrument = reading.script, reading.script.pack.instrument
    unknown = reviewed(reading.session, script, now=reading.now).score.unknown
    named = [
        f"{instrument.number(each)} {instrument.item(each).short or instrument.item(each).label}" for each in unknown
    ]
    text = ", ".join(named) or script.wording.say("share.no-gaps")
    title = script.wording.say("share.gaps-title")
    return card_about(
        reading.place, title, texts=(text,), rows=((TO_CARD, URGENT),), reference=reading.session.reference
    )


def see_card(reading: CaseReading) -> SharingCard:
    """Return the card that asks how urgent it is. Nothing that is said here makes the case less urgent."""
    script, lead = reading.script, lead_of(reviewed(reading.session, reading.script, now=reading.now), reading.script)
    say = script.wording.say
    text = say("share.see.text", holder=reading.holder, lead=say(f"share.lead-long.{lead.urgency.word}"))
    more = (Key(Share(ShareDeed.SAYS, MORE), "share-more"),) if _above(lead.urgency) else ()
    rows = (
        (Key(Share(ShareDeed.SAYS, AS), "share-same"),),
        (*more, Key(Share(ShareDeed.SAYS, LESS), "share-less")),
        (TO_CARD, CALL, URGENT),
    )
    return card_about(
        reading.place, say("share.see.title"), texts=(text,), rows=rows, reference=reading.session.reference
    )


def level_card(reading: CaseReading) -> SharingCard:
    """Return the card that asks how urgent it is, of what is more urgent than what leads."""
    script, say = reading.script, reading.script.wording.say
    lead = lead_of(reviewed(reading.session, script, now=reading.now), script)
    keys = [
        Key(Share(ShareDeed.LEVEL, each.word), text=say(f"share.level.{each.word}")) for each in _above(lead.urgency)
    ]
    rows = (*in_rows(keys, 2), (TO_CARD, URGENT))
    return card_about(
        reading.place,
        say("share.level.title"),
        texts=(say("share.level.text", holder=reading.holder),),
        rows=rows,
        reference=reading.session.reference,
    )


def _above(lead: Urgency) -> list[Urgency]:
    return [each for each in Urgency if each > lead]


def grounds_card(reading: CaseReading, *, decides: bool) -> SharingCard:
    """Return the card that asks about reasonable grounds. Who may not decide in Category 4 is not offered a No there."""
    say = reading.script.wording.say
    answers = [each for each in GROUNDS if decides or each != "no"]
    keys = tuple(Key(Share(ShareDeed.GROUNDS, each), f"share-grounds-{each}") for each in answers)
    text = say("share.grounds.text" if decides else "share.grounds.not-yours")
    return card_about(
        reading.place,
        say("share.grounds.title"),
        texts=(text,),
        rows=(keys, (TO_CARD, URGENT)),
        reference=reading.session.reference,
    )


def why_card(reading: CaseReading, draft: Draft, *, reasons: Sequence[ViewReason]) -> SharingCard:
    """Return the card of reasons, of which all that apply are tapped."""
    say = reading.script.wording.say
    named = "\n".join(say("mark.chosen", label=each.text) if each.id in draft.why else each.text for each in reasons)
    keys = [Key(Share(ShareDeed.WHY, each.id), text=each.short, is_chosen=each.id in draft.why) for each in reasons]
    texts = (named, say("share.why.safe", holder=reading.holder) if draft.says == LESS else "")
    rows = (*in_rows(keys, 2), (Key(Share(ShareDeed.ON), "share-on"), TO_CARD, URGENT))
    return card_about(
        reading.place, say(f"share.why.{draft.says}"), texts=texts, rows=rows, reference=reading.session.reference
    )


def send_card(reading: CaseReading, draft: Draft, *, reasons: Sequence[ViewReason]) -> SharingCard:
    """Return the card that shows what is about to be added, and that it cannot be taken back."""
    say = reading.script.wording.say
    level = say(f"share.lead-long.{draft.level}") if draft.level else ""
    because = "; ".join(each.text[0].lower() + each.text[1:] for each in reasons if each.id in draft.why)
    said = [say("share.send.grounds", grounds=say(f"share.grounds-word.{draft.grounds}"))] if draft.grounds else []
    said += [say("share.send.because", reasons=because)] if because else []
    then = [say("share.send.raises", holder=reading.holder, lead=level)] if level else []
    keys = (Key(Share(ShareDeed.SEND), "share-send"), Key(Share(ShareDeed.SEE), "share-change"))
    words = (Key(Share(ShareDeed.WORDS), "share-words"),) if reading.script.notes else ()
    texts = (" ".join(said), " ".join((*then, say("share.send.kept"))))
    return card_about(
        reading.place,
        say(f"share.send.{draft.says}", lead=level),
        texts=texts,
        rows=((*keys[:1], *words), (keys[1], TO_CARD, URGENT)),
        reference=reading.session.reference,
    )


def words_card(reading: CaseReading, draft: Draft) -> SharingCard:
    """Return the card at which a second person types why, in their own words. What they type is sent at once with their view."""
    say = reading.script.wording.say
    level = say(f"share.lead-long.{draft.level}") if draft.level else ""
    is_page = reading.script.channel.draws_pages  # there the field says how much it takes, and of what
    how = "" if is_page else say("note.how", most=LONGEST)
    card = card_about(
        reading.place,
        say("share.words.title"),
        texts=(say("share.words.sent", view=say(f"share.send.{draft.says}", lead=level)), how),
        rows=((Key(Share(ShareDeed.ON), "back"), CALL, URGENT),),
        reference=reading.session.reference,
    )
    # Another name once it was sent: what was sent is not filled in at the next view.
    return replace(card, draft=f"view {len(reading.session.result.views)}")


def raised_level(draft: Draft) -> Urgency | None:
    """Return the urgency to which the draft raises a case, or None."""
    levels = [urgency_of(draft.level)] if draft.level else []
    return max([*levels, *([Urgency.CALL] if draft.grounds == "yes" else [])], default=None)


VIEWS_ROOM = 19  # how many lines of views fit on a card


def views_card(
    reference: str, signed: Sequence[str], *, script: Script, is_holder: bool, next_one: str = "", page: int = 1
) -> SharingCard:
    """Return both views side by side: each signed with who, role and time, and the guidance's way if they differ.

    A phone that has no room for all shows them on several pages.
    """
    say = script.wording.say
    next_text = say("share.views.next", label=next_one) if next_one else ""
    texts = [text for text in (*signed, say("share.views.differ"), next_text) if text]
    pages = [texts]
    if not script.channel.draws_pages:
        pages = [[each.text for each in one] for one in paged(tuple(map(Paragraph, texts)), room=VIEWS_ROOM)]
    page = min(page, len(pages))
    turns = turning(page, len(pages), lambda to: Share(ShareDeed.VIEWS, to))
    ask = ((Key(Share(ShareDeed.WHOM), "share-whom"),),) if is_holder else ()
    place = say("share.views.place", reference=reference)
    leave = LEAVE if is_holder else TO_CARD
    return card_about(
        place,
        say("share.views.title"),
        texts=pages[page - 1],
        rows=(*ask, turns, (leave, CALL, URGENT)),
        kind=PageKind.VIEWS,
        reference=reference,
    )


def reasons_for(draft: Draft, script: Script) -> tuple[ViewReason, ...]:
    """Return the pack's reasons for what the draft says."""
    return tuple(each for each in script.pack.guidance.view_reasons if each.says == draft.says)


def with_view(session: Session, view: SecondView, *, script: Script, now: LocalTime) -> Session:
    """Return the session with another person's view. What it raises is due from now.

    Grounds yes or no of somebody who may decide on them is the talk with the manager. A peer's is not.
    """
    result = replace(session.result, views=(*session.result.views, view))
    line = line_of(CardLine.MANAGER, session, script=script, now=now)
    is_talk = view.grounds in ("yes", "no") and ROWS[Role(view.role)].decides_on_grounds
    if is_talk and line is not None and not line.is_closed:
        result = replace(result, log=(*result.log, Logged(CardLine.MANAGER, view.at, "done")))
    return with_due(replace(session, result=result), script, now=now)


def handed_on(session: Session, script: Script, *, by: Hand, now: LocalTime) -> Session:
    """Return the session as it goes to another holder: with the height of what led, every open call, and what `by` had said."""
    given, until = session.answers.around.by_item, now.at.isoformat(timespec="seconds")
    said = (given.get("profession", ""), until, given.get("judgement", ""), session.answers.items)
    result = replace(session.result, hands=(*session.result.hands, Hand(by.label, by.role, *said)))
    session = replace(session, result=result)
    view, hour = reviewed(session, script, now=now), script.pack.guidance.hour(now, script.pack.contacts)
    if session.phase is not Phase.RESULT and not result.finished:
        return session
    owed = view.advice(script.pack.guidance).handed_on(result.log, hour=hour, due=result.due, before=result.owed)
    return replace(session, result=replace(result, owed=owed))
