"""How a review begins, the card with the review code, and the reminder of the next review. It fills in no answers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations_with_replacement

from dialogs.core.acts import Copy, Kind, Open, Overlay, Remind
from dialogs.core.codes import carry_over_code
from dialogs.core.events import Occasion
from dialogs.core.keys import CLOSE, GO_ON, URGENT, Key, OverlayCard, Paragraphs, Rows, View, titled
from dialogs.core.replies import Paragraph, Reminded, Reply, Toast
from dialogs.core.script import Codes, Script
from dialogs.core.session import Session
from dialogs.form.path import move
from dialogs.phrases.earlier import age_words, month_of
from dialogs.phrases.number import finished_on, in_words, review_on
from seraf.review.carry_over import Carried, NewerCode, in_format
from state_machines.assessment import Phase, Trigger


def _words(view: View) -> Paragraphs:
    say, code = view.script.wording.say, carry_over_code(view.session, view.script)
    head = Paragraph(say("code.title", reference=view.session.reference))
    if not code:
        return (head, Paragraph(say("code.none")))
    return (head, Paragraph(code, is_strong=True), Paragraph(say("code.write")), Paragraph(say("code.holds")))


def _rows(view: View) -> Rows:
    code = carry_over_code(view.session, view.script)
    copy = ((Key(Copy(code), "copy"),),) if code and view.script.channel.copies else ()
    return (*copy, (CLOSE, URGENT))


CODE_CARD = OverlayCard(_words, _rows)
BEFORE = timedelta(weeks=1)  # how long before the review's due day a reminder for it is sent
CHOICES = ("0", "4", "8")  # weeks until the reminder; 0 means `BEFORE` the review is due
STEPS = (-7, -1, 1, 7)  # the days by which buttons move the day shown
LATEST = timedelta(days=366)  # the longest time between the judgement and a reminder


def _reminder_words(view: View) -> Paragraphs:
    say, about = view.script.wording.say, view.about
    title = say("remind.day", date=in_words(date.fromisoformat(about))) if about else say("remind.title")
    text = Paragraph(say("remind.text", reference=view.session.reference))
    return (Paragraph(title, is_strong=True), text, *(() if about else (Paragraph(say("remind.again")),)))


def _reminder_rows(view: View) -> Rows:
    about, session = view.about, view.session
    if not about:
        choices = tuple(Key(Remind(when), f"remind.{when}") for when in CHOICES)
        return (choices, (*_another(session, view.script), CLOSE, URGENT))
    looked_at = date.fromisoformat(about)
    moved = [(step, looked_at + timedelta(days=step)) for step in STEPS]
    steps = [Key(Open(Overlay(Kind.REMIND, day.isoformat())), f"remind.{step}") for step, day in moved]
    earlier = tuple(key for key, (_, day) in zip(steps[:2], moved[:2], strict=True) if day > _judged(session))
    later = tuple(key for key, (_, day) in zip(steps[2:], moved[2:], strict=True) if day <= _judged(session) + LATEST)
    moving = tuple(row for row in (earlier, later) if row)
    return (*moving, (Key(Remind(about), "this-day"), CLOSE, URGENT))


def remind(session: Session, when: str, *, occasion: Occasion, script: Script) -> Reply:
    """Return the reply to a request for a reminder, with the effect that sets it, or a toast that its day has passed."""
    if when not in CHOICES:
        day = date.fromisoformat(when)
    elif when == CHOICES[0]:
        day = review_on(finished_on(session, occasion.now), script) - BEFORE
    else:
        day = occasion.now.today + timedelta(weeks=int(when))
    if day <= occasion.now.today:
        return Reply(session, (Toast("reminder-past"),))
    return Reply(session, (Reminded(day), Toast("reminder", (("date", in_words(day)),))))


def _another(session: Session, script: Script) -> tuple[Key, ...]:
    if not session.result.finished:
        return ()
    day = review_on(_judged(session), script) - BEFORE
    return (Key(Open(Overlay(Kind.REMIND, day.isoformat())), "another-day"),)


def _judged(session: Session) -> date:
    return date.fromisoformat(session.result.finished)


REMIND_CARD = OverlayCard(_reminder_words, _reminder_rows)


def _how(view: View) -> Paragraphs:
    say = view.script.wording.say
    return titled("review", view.script, *(say(f"review.{each}") for each in ("begin", "asked-again", "no-code")))


def _earlier(view: View) -> Paragraphs:
    say, session = view.script.wording.say, view.session
    return (
        Paragraph(say("earlier.title", reference=session.reference), is_strong=True),
        Paragraph("\n".join(earlier_lines(view))),
        Paragraph(say("earlier.text")),
    )


def earlier_lines(view: View) -> Iterator[str]:
    """Yield a sentence for each earlier assessment, oldest first."""
    for each in view.session.earlier:
        age = age_words(each, view.script).lower()
        yield view.script.wording.say("earlier.seraf", month=month_of(each), age=age, answered=len(each.responses))


REVIEW_CARD = OverlayCard(_how, lambda _: ((CLOSE, URGENT),))
EARLIER_CARD = OverlayCard(_earlier, lambda _: ((GO_ON, URGENT),))
MOST = 6  # maximum number of earlier assessments in one comparison

# The number of characters of the shortest code of each format, and the step by which codes for more items are longer.
LENGTHS, FIFTH = (20, 24, 26), 5
LONGEST = 400  # maximum number of characters of the argument that are read, which is more than six codes have

REFUSALS = frozenset({"rehearsal-code", "code-signs", "code-length", "code-unknown", "code-newer"})


def review(session: Session, words: str, *, occasion: Occasion, script: Script) -> Reply:
    """Return the reply to `/review` and the words after it. If they are not a readable code, the case stays unchanged."""
    if script.codes is None:
        return Reply(session, (Toast("no-codes"),))
    if not words.strip():
        return Reply(session.opened(Overlay(Kind.REVIEW)))
    # Once an item has been answered, the code could be another child's.
    is_before = session.phase in (Phase.WELCOME, Phase.OPENING) and not session.detour.is_changing
    if not is_before or session.answers.items:
        return Reply(session.beneath(Overlay(Kind.AGAIN)))
    try:
        found = _read(words[:LONGEST], script.codes)
        fault = None if found else _fault(words[:LONGEST], script.rehearsal_codes)
    except NewerCode:
        found, fault = (), Toast("code-newer")
    if fault:
        return Reply(session.opened(Overlay(Kind.REVIEW)), (fault,))
    # Each once, oldest first. If two codes are of one SERAF, the newer format is kept, since it holds more.
    carried = (*session.earlier, *found)
    known = {in_format(each, older) for each in carried for older in range(1, each.code_format)}
    kept = dict.fromkeys(each for each in carried if each not in known)
    earlier = tuple(sorted(kept, key=lambda each: (each.year, each.month)))
    if len(earlier) > MOST:
        return Reply(session.opened(Overlay(Kind.REVIEW)), (Toast("too-many-codes", (("most", str(MOST)),)),))
    if session.phase is Phase.WELCOME:
        session = move(session, Trigger.START, occasion=occasion, pack=script.pack).session
    begun = replace(session, earlier=earlier, answers=session.answers.give("stage", "review"))
    return Reply(replace(begun, overlay=Overlay(Kind.EARLIER)))


def refuses_code(effects: Iterable[object]) -> bool:
    """Return True if these effects of a turn say that the words after `/review` were refused as a code."""
    return any(isinstance(each, Toast) and each.key in REFUSALS for each in effects)


def _read(words: str, codes: Codes) -> tuple[Carried, ...]:
    """Return all assessments whose codes are in the words, or none if any part is no code. Spaces may split a code anywhere."""
    found: list[Carried] = []
    rest = ""
    for word in words.split():
        rest += word
        carried = codes.read(rest)
        if carried:
            found.append(carried)
            rest = ""
    return () if rest else tuple(found)


def _fault(words: str, rehearsal_codes: Codes | None) -> Toast:
    """Return the toast that says why the words are not a readable code. It does not repeat them."""
    if rehearsal_codes is not None and _read(words, rehearsal_codes):
        return Toast("rehearsal-code")
    signs = [sign for sign in words if sign.isalnum()]
    if any(not sign.isascii() or sign in "uU" for sign in signs):
        return Toast("code-signs")
    # The signs may be those of several codes, of any format.
    least = (sum(each) for count in range(1, MOST + 1) for each in combinations_with_replacement(LENGTHS, count))
    if not any(total <= len(signs) and (len(signs) - total) % FIFTH == 0 for total in least):
        return Toast("code-length", (("count", str(len(signs))),))
    return Toast("code-unknown")
