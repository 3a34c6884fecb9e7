"""The cards of a case's holder: whom to ask and for what, a code, who typed it, who has not opened it, and who has read it.

The cards of somebody who is asked are here too: a request, and that it has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dialogs.core.acts import Share, ShareDeed
from dialogs.core.keys import CALL, CONTACTS, URGENT, Key, Rows, in_rows
from dialogs.core.replies import Toast
from dialogs.core.script import Script
from dialogs.core.spoken import GROUP, in_two_groups
from dialogs.core.ties import Refusal, TieKind
from dialogs.phrases.number import in_words
from dialogs.phrases.whom_to_call import front_numbers
from dialogs.result.actions import clock
from dialogs.second_look.card import LATER, LEAVE, SharedCase, SharingCard, card_about
from seraf.advice.contacts import LocalTime
from seraf.form.responses import NOTHING

FEW = 4  # up to how many people have a button with their label
MOST_TIMES = 2  # how many times of reading a card names for one person; the audit has all
MOST_IN_FULL = 3  # of how many readers a card says all
ONE_LINE = 36  # how many characters of a label and what somebody is fit on a line with a number
IN_A_PAIR = 20  # how many characters of a label fit on a button of two in a row
CODE_HOLDER = "code"  # in place of an id: whoever is told the code


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody who may be asked: their id and label, and what they are here, such as “your manager” or “on call until 08:00”.

    If they are not `there`, they are shown and cannot be asked.
    """

    who: str
    label: str = field(repr=False)
    what: str = ""
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a case: their label and role, the times of what they did, and until when they may read it.

    With `is_former` they held it until `asked`.
    """

    who: str
    label: str = field(repr=False)
    role: str
    asked: datetime
    read: tuple[datetime, ...] = ()
    answered: datetime | None = None
    until: date | None = None
    is_former: bool = False


def whom_card(case: SharedCase, offered: Sequence[Offered], *, script: Script, now: LocalTime) -> SharingCard:
    """Return the card that asks who should look at a case. Nobody is asked by mail or telephone."""
    say = script.wording.say
    named = [_line(at, each, script=script, is_short=len(offered) > FEW) for at, each in enumerate(offered, 1)]
    texts = (say("share.whom.how"), "\n".join(named) or say("share.whom.nobody"), say("share.whom.mind"))
    keys = [
        Key(Share(ShareDeed.ONE, each.who), text=_numbered(at, each.label) if len(offered) <= FEW else str(at))
        for at, each in enumerate(offered, 1)
        if each.is_there
    ]
    by_code = Key(Share(ShareDeed.BY_CODE), "share-by-code")
    rows = (*in_rows(keys, 2 if len(keys) <= FEW else 3), (by_code,), (LEAVE, CALL, URGENT))
    return card_about(case.line(script, now), say("share.whom.title"), texts=texts, rows=rows, reference=case.reference)


def what_card(case: SharedCase, who: str, *, label: str, script: Script, now: LocalTime) -> SharingCard:
    """Return the card that asks what this person, or whoever is told the code, should do."""
    say, is_code = script.wording.say, who == CODE_HOLDER
    title = say("share.what.title-code") if is_code else say("share.what.title", label=label)
    keys = (Key(Share(ShareDeed.LOOK, who), "share-look"), Key(Share(ShareDeed.HAND, who), "share-hand"))
    texts = (f"{say('share.what.look')}\n{say('share.what.hand')}",)
    return card_about(
        case.line(script, now), title, texts=texts, rows=(keys, (LEAVE, URGENT)), reference=case.reference
    )


def spelled(code: str, script: Script) -> str:
    """Return the words with which a code is spelt on the telephone, with a dot between its two groups."""
    words = [script.wording.say(f"spelling.{sign}") for sign in code]
    return f"{' '.join(words[:GROUP])} · {' '.join(words[GROUP:])}"


def code_card(
    case: SharedCase, code: str, *, script: Script, kind: TieKind, until: datetime, now: LocalTime
) -> SharingCard:
    """Return the card with a code to say, and how it is used. A new code ends this one."""
    say = script.wording.say
    again = ShareDeed.HAND if kind is TieKind.ASKED_HAND else ShareDeed.LOOK
    texts = (f"{in_two_groups(code)}\n{spelled(code, script)}", say("share.code.how", time=clock(until, now)))
    keys = (Key(Share(again, CODE_HOLDER), "share-new-code"), Key(Share(ShareDeed.END_CODE), "share-end-code"))
    rows = (keys, (LEAVE, URGENT))
    return card_about(case.line(script, now), say("share.code.title"), texts=texts, rows=rows, reference=case.reference)


def claimed_card(
    case: SharedCase, who: Offered, *, script: Script, kind: TieKind, at: datetime, now: LocalTime
) -> SharingCard:
    """Return the card that says who typed the code. Nothing opens before the answer Yes."""
    say, word = script.wording.say, "hand" if kind is TieKind.ASKED_HAND else "look"
    title = say("share.claimed.title", label=who.label, role=who.what, time=clock(at, now))
    rows = (
        (Key(Share(ShareDeed.YES, who.who), f"share-yes-{word}"),),
        (Key(Share(ShareDeed.NO, who.who), "share-no"),),
        (URGENT,),
    )
    return card_about(
        case.line(script, now), title, texts=(say("share.claimed.text"),), rows=rows, reference=case.reference
    )


def waiting_card(case: SharedCase, script: Script, *, now: LocalTime) -> SharingCard:
    """Return the card of somebody who typed a code: they say the reference, and wait for the Yes."""
    say, rows = script.wording.say, ((LATER, URGENT),)
    texts = (say("share.waiting.text"),)
    title = say("share.waiting.title", reference=case.reference)
    return card_about("", title, texts=texts, rows=rows, reference=case.reference)


def enter_card(script: Script) -> SharingCard:
    """Return the card at which a code can be typed that a colleague said."""
    say = script.wording.say
    card = card_about("", say("share.enter.title"), texts=(say("share.enter.text"),), rows=((LEAVE, URGENT),))
    return SharingCard(card.paragraphs, card.rows, asks_for="look")


def requests_card(cases: Sequence[tuple[SharedCase, str]], script: Script, *, now: LocalTime) -> SharingCard:
    """Return the list of the cases that colleagues asked somebody about, or let them read, each with whose it is."""
    say = script.wording.say
    is_few = len(cases) <= FEW
    lines = [
        say("share.requests.line", number=at, case=case.line(script, now) if is_few else case.reference, holder=holder)
        for at, (case, holder) in enumerate(cases, 1)
    ]
    keys = [
        Key(Share(ShareDeed.REQUEST, case.reference), text=case.reference if is_few else str(at))
        for at, (case, _) in enumerate(cases, 1)
    ]
    rows = (*in_rows(keys, 2 if is_few else 4), (LEAVE, CALL, URGENT))
    card = card_about("", say("share.requests.title"), texts=("\n".join(lines), say("share.requests.text")), rows=rows)
    return SharingCard(card.paragraphs, card.rows, asks_for="look")


def request_card(
    case: SharedCase, holder: str, *, script: Script, kind: TieKind, now: LocalTime, calls: Sequence[str] = ()
) -> SharingCard:
    """Return what somebody who is asked sees before they open anything: who asks, for which case, and by when.

    For a handover `calls` say which calls are open, and what came of them.
    """
    say, is_hand, about = script.wording.say, kind is TieKind.ASKED_HAND, case.reference
    title = say("share.request.title-hand" if is_hand else "share.request.title", holder=holder)
    line = "\n".join((case.line(script, now), *calls))
    if is_hand:
        texts = (line, say("share.request.text-hand", holder=holder))
        rows: Rows = (
            (Key(Share(ShareDeed.OPEN, about), "share-read"), Key(Share(ShareDeed.TAKE, about), "share-take")),
            (Key(Share(ShareDeed.DECLINE, about), "share-cannot"),),
            (LATER, CALL, URGENT),
        )
    else:
        texts = (line, say("share.request.text", holder=holder))
        rows = (
            (Key(Share(ShareDeed.OPEN, about), "share-open"),),
            (Key(Share(ShareDeed.KNOWS, about), "share-knows"), Key(Share(ShareDeed.DECLINE, about), "share-decline")),
            (LATER, CALL, URGENT),
        )
    return card_about("", title, texts=texts, rows=rows, reference=about)


def unread_card(case: SharedCase, holder: str, *, script: Script, now: LocalTime) -> SharingCard:
    """Return what somebody sees who may read a case and has not read it for an hour: nothing of it, and that the holder sees it."""
    say, about = script.wording.say, case.reference
    texts = (say("share.unread.text", holder=holder),)
    rows: Rows = ((Key(Share(ShareDeed.CARD), "share-open"),), (LATER, CALL, URGENT))
    title = say("share.unread.title", holder=holder)
    return card_about(case.line(script, now), title, texts=texts, rows=rows, reference=about)


def unopened_card(
    case: SharedCase, asked: Offered, *, next_one: Offered | None, script: Script, at: datetime, now: LocalTime
) -> SharingCard:
    """Return the card that tells the holder that nobody opened their request. It is still theirs, and nothing was passed on."""
    say = script.wording.say
    other = say("share.unopened.next", label=next_one.label, what=next_one.what) if next_one else ""
    due = say("share.unopened.due", time=clock(case.by, now)) if case.by else say("share.unopened.undated")
    numbers = front_numbers(script, now, answers=NOTHING, is_short=True)
    texts = (
        " ".join(filter(None, (due, say("share.unopened.ring", label=asked.label), other))),
        say("share.unopened.doubt", numbers=numbers),
    )
    ask = (
        (Key(Share(ShareDeed.ONE, next_one.who), text=say("share.ask", label=_short(next_one.label))),)
        if next_one
        else ()
    )
    rows = (ask, (Key(Share(ShareDeed.WHOM), "share-whom"),), (CONTACTS, LEAVE, URGENT))
    title = say("share.unopened.title", label=asked.label, time=clock(at, now))
    return card_about(case.line(script, now), title, texts=texts, rows=rows, reference=case.reference)


def ended_card(reference: str, holder: str, *, script: Script) -> SharingCard:
    """Return the card that says that a case is no longer here for somebody who looked at it."""
    say = script.wording.say
    texts = (say("share.ended.why", holder=holder), say("share.ended.act"))
    rows = ((CALL, Key(Share(ShareDeed.CLOSE), "share-home"), URGENT),)
    return card_about("", say("share.ended.title", reference=reference), texts=texts, rows=rows)


def readers_card(case: SharedCase, readers: Sequence[Reader], *, script: Script, now: LocalTime) -> SharingCard:
    """Return the card that says who has read a case, and when. Readings after the answer stand out; a tap ends a look."""
    say, is_short = script.wording.say, len(readers) > MOST_IN_FULL
    said = [
        _of_reader(number, each, script=script, is_short=is_short, now=now) for number, each in enumerate(readers, 1)
    ]
    texts = ["\n".join(said)] if is_short else said or [say("share.readers.nobody")]
    keys = [
        Key(Share(ShareDeed.END, each.who), text=say("share.end", number=number))
        for number, each in enumerate(readers, 1)
        if each.until
    ]
    place = say("share.readers.place", reference=case.reference)
    rows = (*in_rows(keys, 3), (LEAVE, URGENT))
    return card_about(
        place,
        say("share.readers.title"),
        texts=(*texts, say("share.readers.mind")),
        rows=rows,
        reference=case.reference,
    )


def _of_reader(number: int, reader: Reader, *, script: Script, is_short: bool, now: LocalTime) -> str:
    """Return what is said of somebody who reads a case; of many, how often and when last, and when they answered."""
    say, answered = script.wording.say, reader.answered
    early = reader.read if is_short or answered is None else [at for at in reader.read if at <= answered]
    before = _times(early, script, now=now)
    after = _times([at for at in reader.read if answered is not None and at > answered], script, now=now)
    until = say("share.readers.until", date=in_words(reader.until)) if reader.until else ""
    done = [say("share.readers.former" if reader.is_former else "share.readers.asked", time=clock(reader.asked, now))]
    done += [say("share.readers.read", times=before)] if before else []
    done += [] if before or reader.is_former else [say("share.readers.unread")]
    done += [say("share.readers.answered", time=clock(answered, now))] if answered else []
    who = say(
        "share.readers.who" if reader.role else "share.readers.who-alone",
        number=number,
        label=reader.label,
        role=reader.role,
    )
    if is_short:
        return f"{number} {reader.label}: {'; '.join(done[1:] or done)}"
    again = [say("share.readers.again", times=after)] if after else []
    return "\n".join((who + until, "; ".join(done), *again))


def _times(times: Sequence[datetime], script: Script, *, now: LocalTime) -> str:
    """Return the latest of these times in words, and how many there are if those are not all."""
    latest = ", ".join([clock(at, now) for at in times[-MOST_TIMES:]])
    is_all = len(times) <= MOST_TIMES
    return latest if is_all else script.wording.say("share.readers.many", count=len(times), times=latest)


def refused(refusal: Refusal) -> Toast:
    """Return the toast that says why something about sharing a case was refused."""
    return Toast(f"share-{refusal}")


def _line(number: int, each: Offered, *, script: Script, is_short: bool) -> str:
    """Return the line of somebody who may be asked. Where many are offered, what they are is left out of a long line."""
    if is_short and each.is_there and len(each.label + each.what) > ONE_LINE:
        return f"{number} {each.label}"
    key = "share.whom.line" if each.is_there else "share.whom.away"
    return script.wording.say(key, number=number, label=each.label, what=each.what)


def _numbered(number: int, label: str) -> str:
    text = f"{number} {label}"
    return text if len(text) <= IN_A_PAIR else f"{number} {_short(label)}"


def _short(label: str) -> str:
    """Return the first word of a label, which fits on a button with a word before it."""
    return label.split()[0][:12].rstrip(",.:;")
